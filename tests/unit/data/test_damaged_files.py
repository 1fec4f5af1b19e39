"""Files that are not as they should be: right values, a remark, or one sentence; nothing else.

First a list of damages with what has to come of each, then damage at random. Another exception than
InputError, or other values without a word, is a defect of a reader.
"""

import gzip
import io
import re

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.edges import read_edges
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.data.user_data import read_user_data

GENES, CELLS = ["Gata1", "Pu1", "Fli1"], ["x", "y", "z", "w"]
VALUES = np.array([[0.5, 1, 2, 0], [3, 3.25, 3, 3], [1e-05, 0.25, 7, 8]])
BY_NAME = pd.DataFrame(VALUES, GENES, CELLS).sort_index()
TEXT = pd.DataFrame(VALUES, GENES, CELLS).to_csv()


def outcome(path, **more) -> str:
    """same, the first remark, the error, or other values (a digit may become another one)."""
    remarks = Remarks()
    try:
        data = read_user_data(path, remarks=remarks, **more)
    except InputError as error:
        assert "\n" not in str(error) and len(str(error)) < 600
        return f"error: {error}"
    if remarks.made:
        return f"{remarks.made[0].kind}: {remarks.made[0].text}"
    assert np.isfinite(data.expression).all() and (data.expression >= 0).all()
    assert data.expression.shape == (len(set(data.genes)), len(set(data.cells)))
    found = pd.DataFrame(data.expression, data.genes, data.cells)
    return "same" if found.equals(BY_NAME) else f"other values: {found}"


def lines(change):
    """A change of the lines of the text."""
    return lambda text: "".join(f"{line}\n" for line in change(text.splitlines()))


def annotated(rows: list[str]) -> list[str]:
    """A column Chr of 7 in front of the cells."""
    return [rows[0].replace(",x", ",Chr,x"), *(row.replace(",", ",7,", 1) for row in rows[1:])]


def cut(column: int):
    return lines(lambda rows: [",".join(r.split(",")[:column]) for r in rows])


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda t: t, "same"),
        (lambda t: "\ufeff" + t, "same"),
        (lambda t: t.replace("\n", "\r\n"), "same"),
        (lambda t: t.replace(",", "\t"), "same"),
        (lambda t: t.replace(",", " , "), "same"),
        (lambda t: t + "\n\n", "same"),
        (lambda t: t.rstrip("\n"), "same"),
        (lambda t: t.replace("Pu1", '"Pu1"'), "same"),
        (lines(lambda r: [r[0], *r[:0:-1]]), "same"),
        (lambda t: t.replace("3.25", "325e-2"), "same"),
        (lines(annotated
         ),
         "left out: columns of"),
        (lambda t: "", "error: .* empty"),
        (lambda t: "\n\n", "error: .* empty"),
        (lines(lambda r: r[1:]), "error: .* line 1 holds values"),
        (lines(lambda r: r[:1]), "error: .* 0 genes, at least 2"),
        (lines(lambda r: r[:2]), "error: .* 1 gene, at least 2"),
        (cut(3), "error: .* 2 cells, at least 3"),
        (lines(lambda r: [*r[:2], r[2].rpartition(",")[0], *r[3:]]), "error: .* line 3 has 4 "),
        (lines(lambda r: [r[0][1:], *r[1:]]), "error: .* line 2 has 5 fields .* the header must"),
        (lambda t: t[: t.rindex("0.25")], "error: .* line 4 has 3 fields|error: .* missing"),
        (lambda t: t.replace("3.25", "3,25"), "error: .* fields"),
        (lambda t: t.replace("3.25", "-3.25"), "error: .* gene Pu1, cell y: -3.25 is negative"),
        (lambda t: t.replace("3.25", "inf"), "error: .* gene Pu1, cell y: .*not finite"),
        (lambda t: t.replace("3.25", "1e999"), "error: .* gene Pu1, cell y"),
        (lambda t: t.replace("3.25", ""), "error: .* gene Pu1, cell y: the value is missing"),
        (lambda t: t.replace("3.25", "NA"), "error: .* gene Pu1, cell y: the value is missing"),
        (lambda t: t.replace("3.25", "1_0"), "error: .* gene Pu1, cell y: '1_0' is not a number"),
        (lambda t: t.replace("3.25", "0x1p3"), "error: .* gene Pu1, cell y: .* not a number"),
        (lambda t: t.replace("Pu1", "Gata1"), "error: .* gene Gata1 occurs more than once"),
        (lambda t: t.replace("Pu1", ""), "error: .* gene number 2 has no name"),
        (lambda t: t.replace(",y,", ",x,"), "error: .* cell x occurs more than once"),
        (lambda t: t.replace(",y,", ",,"), "error: .* cell number 2 has no name"),
        (lambda t: t.replace(",", ";"), "error: .* separated by semicolons"),
        (lambda t: t.replace(",", " "), "error: .* separated by spaces"),
        (lambda t: t.replace(",", "|"), "error: .*"),
        (lambda t: "# comment\n" + t, "error: .* begins with '# comment'"),
        (lambda t: t.replace("Pu1", '"Pu1'), "error: .* damaged"),
        (lambda t: t.replace("Pu1", "P\x00u1"), "error: .*|other values"),
        # Names that nobody would tell from those of genes.
        (lambda t: pd.read_csv(io.StringIO(t), index_col=0).T.to_csv(), "doubtful: there are more"),
    ],
)  # fmt: skip
def test_damages_of_text(tmp_path, damage, expected):
    path = tmp_path / "x.csv"
    path.write_bytes(damage(TEXT).encode())
    found = outcome(path)
    assert re.match(f"(?s){expected}", found), found


def test_damages_of_gzip(tmp_path):
    content = gzip.compress(TEXT.encode())
    for name, data, expected in (
        ("x.csv.gz", content, "same"),
        ("x.csv.gz", content[:-9], "error: .*truncated or damaged"),
        ("x.csv.gz", TEXT.encode(), "error: .*no(t an)? intact gzip"),
        ("x.csv", content, "error: .*not UTF-8 text"),
        ("x.csv", TEXT.encode("utf-16"), "error: .*not UTF-8 text"),
    ):
        (tmp_path / name).write_bytes(data)
        found = outcome(tmp_path / name)
        assert re.match(expected, found), found


# ------------------------------------------------------------------------------------- .h5ad


def h5ad(path, kind: str):
    make = {"csr": sp.csr_matrix, "csc": sp.csc_matrix, "dense": np.array}[kind]
    data = anndata.AnnData(make(VALUES.T))
    data.obs_names, data.var_names = CELLS, GENES
    data.obs["time"] = np.linspace(0, 1, 4)
    data.write_h5ad(path)
    return path


def drop(name):
    return lambda file: file.__delitem__(name)


def put(name, value):
    def change(file):
        attributes = dict(file[name].attrs)
        del file[name]
        file[name] = value
        file[name].attrs.update(attributes)

    return change


@pytest.mark.parametrize(
    ("kind", "damage", "expected"),
    [
        (kind, damage, expected)
        for kind in ("csr", "csc")
        for damage, expected in [
            (drop("X/data"), "error: .*has no data"),
            (drop("X/indptr"), "error: .*has no indptr"),
            (put("X/data", np.array(["a"] * 10, dtype="S")), "error: .*"),
            (put("X/data", np.ones(3)), "error: .*sparse indices are wrong"),
            (put("X/data", np.ones((2, 2))), "error: .*data is no list"),
            (put("X/indices", np.ones(10)), "error: .*"),
            (lambda f: f["X"].attrs.__setitem__("shape", [4, 2]), "error: .*"),
            (lambda f: f["X"].attrs.__setitem__("shape", [2**40, 2**40]), "error: .*"),
            (lambda f: f["X"].attrs.__setitem__("shape", [-4, 3]), "error: .*"),
            (lambda f: f["X"].attrs.__delitem__("shape"), "error: .*"),
            (lambda f: f["X"].attrs.__setitem__("encoding-type", "picture"), "error: .*no matrix"),
        ]
    ]
    + [
        ("dense", drop("X"), "error: .*has no X"),
        ("dense", drop("obs"), "error: .*no obs"),
        ("dense", drop("var"), "error: .*no var"),
        ("dense", drop("var/_index"), "error: .*"),
        ("dense", put("X", np.ones(12)), "error: .*1 axes"),
        ("dense", put("X", np.ones((3, 4))), "error: .*is 3 x 4"),
        ("dense", put("X", VALUES.T.astype(complex)), "error: .*complex"),
        ("dense", put("X", VALUES.T.astype("S5")), "error: .*no numbers"),
        ("dense", put("X", VALUES.T.astype("f8")), "same"),
        ("dense", put("var/_index", np.array(["a", "b"], dtype="S")), "error: .*"),
        ("dense", put("var/_index", np.arange(3)), "error: .*|guessed|doubtful"),
        ("dense", lambda f: f["var"].attrs.__setitem__("_index", "nothing"), "error: .*nothing"),
        ("dense", drop("obs/time"), "same"),
    ],
)
def test_damages_of_h5ad(tmp_path, kind, damage, expected):
    path = h5ad(tmp_path / "x.h5ad", kind)
    with h5py.File(path, "a") as file:
        damage(file)
    found = outcome(path)
    assert re.match(expected, found), found


# ------------------------------------------------------------------------------------- at random


@st.composite
def changes(draw, size: int):
    """A few changes of a content of this size: place, number of bytes taken, bytes put there."""
    return [
        (draw(st.integers(0, size)), draw(st.integers(0, 3)), draw(st.binary(max_size=3)))
        for _ in range(draw(st.integers(1, 4)))
    ]


def changed(content: bytes, made) -> bytes:
    for place, taken, put_there in made:
        content = content[:place] + put_there + content[place + taken :]
    return content


FILES = {
    "regulators": (b"TF\nGata1\nPu1\n", lambda p, r: read_regulators(p, GENES, CELLS, r)),
    "edges": (b"Gene1,Gene2,Type\nGata1,Pu1,+\nPu1,Fli1,-\n",
              lambda p, r: read_edges(p, GENES, CELLS, remarks=r)),
    "pseudotime": (b",t\nx,0\ny,1\nz,2\nw,3\n", lambda p, r: read_pseudotime(p, CELLS, GENES, r)),
    "ranked": (b"Gene1\tGene2\tEdgeWeight\nGata1\tPu1\t0.5\n", lambda p, r: read_ranked_edges(p)),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_random_damage_of_lists(tmp_path_factory, name, data):
    content, read = FILES[name]
    path = tmp_path_factory.getbasetemp() / f"random-{name}.csv"
    path.write_bytes(changed(content, data.draw(changes(len(content)))))
    try:
        read(path, Remarks())
    except InputError as error:
        assert "\n" not in str(error)


@given(made=changes(len(TEXT)))
def test_random_damage_of_text(tmp_path_factory, made):
    path = tmp_path_factory.getbasetemp() / "random.csv"
    path.write_bytes(changed(TEXT.encode(), made))
    outcome(path)


def loom(path):
    with h5py.File(path, "w") as file:
        file["matrix"] = VALUES
        file["row_attrs/Gene"] = np.array(GENES, dtype="S")
        file["col_attrs/CellID"] = np.array(CELLS, dtype="S")


def tenx(path):
    matrix = sp.csc_matrix(VALUES)
    with h5py.File(path, "w") as file:
        for name in ("data", "indices", "indptr"):
            file[f"matrix/{name}"] = getattr(matrix, name)
        file["matrix/shape"] = [3, 4]
        file["matrix/barcodes"] = np.array(CELLS, dtype="S")
        file["matrix/features/name"] = np.array(GENES, dtype="S")
        file["matrix/features/feature_type"] = np.array(["Gene Expression"] * 3, dtype="S")


HDF5 = {"h5ad": lambda path: h5ad(path, "csr"), "loom": loom, "h5": tenx}


@pytest.mark.parametrize("kind", HDF5)
@given(data=st.data())
def test_random_damage_of_hdf5(tmp_path_factory, kind, data):
    """Values, as they stand in the file; what says where they are; a file that was cut."""
    folder = tmp_path_factory.getbasetemp()
    whole = folder / f"whole.{kind}"
    if not whole.exists():
        HDF5[kind](whole)
        assert outcome(whole) == "same"
    content = bytearray(whole.read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(1, len(content))) :]
    for _ in range(data.draw(st.integers(0, 3))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = folder / f"random.{kind}"
    path.write_bytes(bytes(content))
    outcome(path)


TENX = {
    "matrix.mtx": "%%MatrixMarket matrix coordinate real general\n3 4 11\n"
    + "".join(f"{i + 1} {j + 1} {VALUES[i, j]}\n" for i, j in zip(*VALUES.nonzero(), strict=True)),
    "features.tsv": "".join(f"id{i}\t{gene}\tGene Expression\n" for i, gene in enumerate(GENES)),
    "barcodes.tsv": "".join(f"{cell}\n" for cell in CELLS),
}


@pytest.mark.parametrize("name", TENX)
@given(data=st.data())
def test_random_damage_of_a_folder_of_10x(tmp_path_factory, name, data):
    folder = tmp_path_factory.getbasetemp() / f"random-10x-{name}"
    folder.mkdir(exist_ok=True)
    for file, text in TENX.items():
        (folder / file).write_text(text)
    assert outcome(folder) == "same"
    content = TENX[name].encode()
    (folder / name).write_bytes(changed(content, data.draw(changes(len(content)))))
    outcome(folder)


@given(
    values=st.lists(
        st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=4, max_size=4),
        min_size=2, max_size=5,
    ),
    separator=st.sampled_from(",\t"),
    order=st.randoms(use_true_random=False),
)  # fmt: skip
def test_any_values_come_back(tmp_path_factory, values, separator, order):
    genes = [f"Gene{i}" for i in range(len(values))]
    order.shuffle(genes)
    table = pd.DataFrame(values, genes, CELLS)
    path = tmp_path_factory.getbasetemp() / "any.tsv"
    table.to_csv(path, sep=separator)
    data = read_user_data(path)
    assert (data.expression == table.sort_index().to_numpy()).all()
