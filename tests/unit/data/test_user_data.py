"""The door of users' data: each kind of file, and what is said of what they hold."""

import gzip
import re

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.io
import scipy.sparse as sp

from data_texts import put, refuses
from grn_gat.core.remarks import Remarks
from grn_gat.data.user_data import read_user_data

# Genes in rows: C is first in the file, A in the data.
VALUES = np.array([[1.0, 0, 2, 0], [0, 3, 0, 4], [5, 6, 0, 0]])
GENES, CELLS = ["C", "A", "B"], ["w", "x", "y", "z"]
BY_NAME = VALUES[[1, 2, 0]]


def table(genes=GENES, cells=CELLS, values=VALUES) -> str:
    return pd.DataFrame(values, genes, cells).to_csv()


def read(*arguments, **more):
    """The data set, and the remarks as texts with their kind."""
    remarks = Remarks()
    data = read_user_data(*arguments, remarks=remarks, **more)
    return data, [f"{remark.kind}: {remark.text}" for remark in remarks]


# ------------------------------------------------------------------------------------ kinds


def as_text(folder):
    return put(folder, "x.csv", table())


def as_gzip(folder):
    return put(folder, "X.CSV.GZ", gzip.compress(table().encode()))


def as_h5ad(folder):
    data = anndata.AnnData(sp.csr_matrix(VALUES.T))
    data.obs_names, data.var_names = CELLS, GENES
    data.write_h5ad(folder / "x.H5AD")
    return folder / "x.H5AD"


def as_tenx_folder(folder, kinds=("Gene Expression",) * 3):
    scipy.io.mmwrite(folder / "matrix.mtx", sp.coo_matrix(VALUES.astype(int)))
    names = zip(["ENSG3", "ENSG1", "ENSG2"], GENES, kinds, strict=True)
    rows = "".join("\t".join(row) + "\n" for row in names)
    put(folder, "features.tsv.gz", gzip.compress(rows.encode()))
    put(folder, "barcodes.tsv", "\n".join(CELLS) + "\n")
    return folder


def as_tenx_h5(folder, kinds=("Gene Expression",) * 3):
    matrix = sp.csc_matrix(VALUES)
    with h5py.File(folder / "x.h5", "w") as file:
        for name in ("data", "indices", "indptr"):
            file[f"matrix/{name}"] = getattr(matrix, name)
        file["matrix/shape"] = [3, 4]
        file["matrix/barcodes"] = np.array(CELLS, dtype="S")
        file["matrix/features/name"] = np.array(GENES, dtype="S")
        file["matrix/features/feature_type"] = np.array(kinds, dtype="S")
    return folder / "x.h5"


def as_old_tenx_h5(folder):
    matrix = sp.csc_matrix(VALUES)
    with h5py.File(folder / "old.h5", "w") as file:
        for name in ("data", "indices", "indptr"):
            file[f"GRCh38/{name}"] = getattr(matrix, name)
        file["GRCh38/shape"] = [3, 4]
        file["GRCh38/barcodes"] = np.array(CELLS, dtype="S")
        file["GRCh38/gene_names"] = np.array(GENES, dtype="S")
    return folder / "old.h5"


def as_loom(folder):
    with h5py.File(folder / "x.loom", "w") as file:
        file["matrix"] = VALUES.astype("f4")
        file["layers/spliced"] = 2 * VALUES
        file["row_attrs/Gene"] = np.array(GENES, dtype="S")
        file["col_attrs/CellID"] = np.array(CELLS, dtype="S")
    return folder / "x.loom"


ALL = [as_text, as_gzip, as_h5ad, as_tenx_folder, as_tenx_h5, as_old_tenx_h5, as_loom]


@pytest.mark.parametrize("made", ALL)
def test_every_kind_of_file_is_the_same_data(tmp_path, made):
    data, _ = read(made(tmp_path))
    assert (data.genes, data.cells) == (["A", "B", "C"], CELLS)
    assert data.expression.dtype == np.float64 and (data.expression == BY_NAME).all()


def test_layers(tmp_path):
    data, _ = read(as_loom(tmp_path), layer="spliced")
    assert (data.expression == 2 * BY_NAME).all()
    assert (
        "guessed: the main matrix was taken; it has layers, too: spliced"
        in read(as_loom(tmp_path))[1]
    )
    with refuses("x.loom", "no layer 'counts'", "it has: spliced"):
        read(as_loom(tmp_path), layer="counts")
    with refuses("x.csv", "no layer 'counts'", "only .h5ad and .loom"):
        read(as_text(tmp_path), layer="counts")


def test_raw_of_scanpy_and_the_way_to_it(tmp_path):
    data = anndata.read_h5ad(as_h5ad(tmp_path))
    data.raw = data.copy()
    data = data[:, ["C", "A"]].copy()
    data.X = np.array([[-1.0, 1]] * 4)
    data.write_h5ad(tmp_path / "s.h5ad")
    with refuses("s.h5ad: X: gene C", "is negative", "the option layer"):
        read(tmp_path / "s.h5ad")
    found, _ = read(tmp_path / "s.h5ad", layer="raw")
    assert found.genes == ["A", "B", "C"] and (found.expression == BY_NAME).all()


def test_symbols_are_in_a_column_of_var(tmp_path):
    data = anndata.read_h5ad(as_h5ad(tmp_path))
    data.var["gene_name"] = pd.Categorical(GENES)
    data.var_names = [f"ENSG0000000000{i}.2" for i in range(3)]
    data.write_h5ad(tmp_path / "e.h5ad")
    _, remarks = read(tmp_path / "e.h5ad")
    assert any("symbols: gene_name takes the names in that column of var" in r for r in remarks)
    found, remarks = read(tmp_path / "e.h5ad", symbols="gene_name")
    assert found.genes == ["A", "B", "C"] and (found.expression == BY_NAME).all() and not remarks
    with refuses("2 of 2 regulators", "identifiers of Ensembl", "the option symbols"):
        read(tmp_path / "e.h5ad", regulators=put(tmp_path, "TFs.txt", "A\nB\n"))
    with refuses("var has no column 'name'", "it has", "gene_name"):
        read(tmp_path / "e.h5ad", symbols="name")
    with refuses("symbols is for .h5ad files"):
        read(as_text(tmp_path), symbols="name")


@pytest.mark.parametrize("made", [as_tenx_folder, as_tenx_h5])
def test_features_that_are_no_genes_are_left_out(tmp_path, made):
    kinds = ("Gene Expression", "Antibody Capture", "Gene Expression")
    data, remarks = read(made(tmp_path, kinds))
    assert data.genes == ["B", "C"]
    assert "left out: 1 features that are no genes (Antibody Capture)" in remarks


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: (f / "matrix.mtx").unlink(), "a folder without matrix.mtx"),
        (lambda f: (f / "barcodes.tsv").unlink(), "a folder without barcodes.tsv"),
        (lambda f: put(f, "matrix.mtx", "x"), "no intact matrix"),
        (lambda f: put(f, "matrix.mtx", ""), "no intact matrix"),
        (lambda f: put(f, "matrix.mtx", "%%MatrixMarket matrix array real general\n3 4\n1\n"),
         "expected '%%MatrixMarket matrix coordinate integer general', or real"),
        (lambda f: put(f, "barcodes.tsv", "w\n"), "is 3 x 4, but there are 3 features and 1 barc"),
        (
            lambda f: put(f, "matrix.mtx", "%%MatrixMarket matrix coordinate integer general\n"
                          "99999999 99999999 1\n1 1 1\n"),
            "are more than",
        ),
        (
            lambda f: put(f, "matrix.mtx", "%%MatrixMarket matrix coordinate integer general\n"
                          "3 4 99999999999\n1 1 1\n"),
            "no intact matrix",
        ),
        # A byte at which scipy's reader ends the process.
        (lambda f: (f / "matrix.mtx").write_bytes((f / "matrix.mtx").read_bytes() + b"1 1 2\xff"),
         "no intact matrix"),
        (lambda f: (f / "matrix.mtx").rename(f / "matrix.mtx.gz"), "no intact matrix"),
    ],
)  # fmt: skip
def test_damaged_folder(tmp_path, change, words):
    change(as_tenx_folder(tmp_path))
    with refuses(words):
        read(tmp_path)


def test_comments_and_blank_lines_before_the_sizes_of_a_matrix(tmp_path):
    matrix = as_tenx_folder(tmp_path) / "matrix.mtx"
    expected = read(tmp_path)[0].expression
    head, *rest = matrix.read_bytes().split(b"\n")
    told = "% Zellen von März".encode()
    matrix.write_bytes(b"\n".join([head, told, b"", *rest]))
    np.testing.assert_array_equal(read(tmp_path)[0].expression, expected)


@pytest.mark.parametrize("place", [12, 30, -5])
def test_damaged_gzip_in_a_folder(tmp_path, place):
    as_tenx_folder(tmp_path)
    matrix = tmp_path / "matrix.mtx"
    content = bytearray(gzip.compress(matrix.read_bytes()))
    matrix.unlink()
    content[place] ^= 0xFF
    put(tmp_path, "matrix.mtx.gz", bytes(content))
    with refuses("matrix.mtx.gz", "no intact matrix"):
        read(tmp_path)


@pytest.mark.parametrize("made", [as_tenx_h5, as_old_tenx_h5, as_loom])
def test_hdf5_of_another_kind(tmp_path, made):
    path = made(tmp_path)
    with h5py.File(path, "a") as file:
        for name in list(file):
            del file[name]
    with refuses(path.name, "HDF5 but no"):
        read(path)
    path.write_bytes(path.read_bytes()[:50])
    with refuses(path.name, "truncated or damaged"):
        read(path)


def test_loom_without_names(tmp_path):
    path = as_loom(tmp_path)
    with h5py.File(path, "a") as file:
        file.move("row_attrs/Gene", "row_attrs/other")
    with refuses("x.loom", "row_attrs has none of Gene", "it has: other"):
        read(path)


# ----------------------------------------------------------------------------- sparse that lies


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("indices", lambda v: v.fill(10**6)),
        ("indices", lambda v: v.fill(-(10**6))),
        ("indptr", lambda v: v.__setitem__(slice(1, None), 10**9)),
        ("indptr", lambda v: v.__setitem__(1, 10**9)),
        ("indptr", lambda v: v.__setitem__(0, 1)),
        ("indices", lambda v: v.__setitem__(0, -1)),
    ],
)
@pytest.mark.parametrize("made", [as_h5ad, as_tenx_h5])
def test_sparse_indices_that_lie(tmp_path, made, part, change):
    path = made(tmp_path)
    with h5py.File(path, "a") as file:
        place = file["X" if made is as_h5ad else "matrix"][part]
        values = place[...]
        change(values)
        place[...] = values
    with refuses(path.name, "sparse indices are wrong"):
        read(path)


# ---------------------------------------------------------------------------- text as it comes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A,0.71,1.63,1.1\nB,2.8,1.3,0.9\n", "line 1 holds values (0.71, 1.63, 1.1)"),
        ("A,1,2,2,0\nB,1,2,3,4\n", "line 1 holds values (1, 2, 2, ...)"),
        ("c1,c2,c3,c4\n1,2,3,0\n5,1,5,2\n", "gene names are numbers (1, 5)"),
        (",x,y,z\n1.5,2,3,0\n5,1,5,2\n", "gene names are numbers (1.5, 5)"),
        ("p,q,r\n1,2,3\n1,1,5\n2,1,5\n", "gene names are numbers (1, 1, 2)"),
        (",GeneA,GeneB,GeneC\ncell_1,1,2,3\ncell_2,1,3,3\n", "looks transposed"),
        (",GeneA,GeneB,GeneC\n0,1,2,3\n1,1,3,3\n", "looks transposed"),
        ("g;c1,a;c2;c3\nA;1,5;2;3\n", "separated by semicolons"),
        (";c1;c2;c3\nA;1,5;2;3\n", "separated by semicolons"),
        ("gene c1 c2 c3\nA 1 2 3\nB 1 2 4\n", "looks separated by spaces"),
        ("#1.2\n2\t3\nName\tDescription\ta\tb\tc\n", "begins with '#1.2', a comment or the head"),
        ("# made today\n,a,b,c\nA,1,2,3\nB,1,2,3\n", "begins with '# made today'"),
    ],
)
def test_text_that_is_refused(tmp_path, text, words):
    with refuses("x.csv", words):
        read(put(tmp_path, "x.csv", text))


def test_columns_of_annotation_are_left_out(tmp_path):
    text = (
        "Geneid\tChr\tStrand\tLength\ts1\ts2\ts3\nA\t1\t+\t1000\t1\t2\t3\nB\tX\t-\t2000\t2\t1\t3\n"
    )
    data, remarks = read(put(tmp_path, "counts.tsv", text))
    assert data.cells == ["s1", "s2", "s3"] and data.expression.tolist() == [[1, 2, 3], [2, 1, 3]]
    assert remarks == ["left out: columns of annotation, which are no cells: Chr, Strand, Length"]


def test_columns_of_annotation_among_the_cells_are_doubtful(tmp_path):
    text = "Geneid\ts1\ts2\ts3\tLength\nA\t1\t2\t3\t1000\nB\t2\t1\t3\t2000\n"
    data, remarks = read(put(tmp_path, "counts.tsv", text))
    assert data.cells == ["s1", "s2", "s3", "Length"]
    assert remarks == [
        "doubtful: columns among the cells are named like annotation: Length; remove them if they "
        "are no cells"
    ]


def test_numbers_may_name_genes_and_cells(tmp_path):
    text = table(["7157", "1956", "672"], ["0", "1", "2", "3"])
    data, remarks = read(put(tmp_path, "x.csv", text))
    assert data.genes == ["1956", "672", "7157"]
    assert remarks == ["guessed: the names of the genes are numbers: 7157, 1956, 672"]


@pytest.mark.parametrize("sparse", [True, False])
def test_cells_that_are_named_like_genes_are_transposed(tmp_path, sparse):
    """Whatever the names on the other axis are."""
    values, ours = np.arange(30).reshape(5, 6), [f"plate-{letter}" for letter in "KXQZW"]
    for names in (
        ["Rpl3", "Rps27a", "Rplp0", "Actb", "mt-Nd1", "Zeb2"],
        [f"ENSG0000000000{i}.2" for i in range(6)],
    ):
        path = put(tmp_path, "x.csv", table(ours, names, values))
        if sparse:
            data = anndata.AnnData(sp.csr_matrix(values.T.astype(float)))
            data.obs_names, data.var_names = names, ours
            path = tmp_path / "x.h5ad"
            data.write_h5ad(path)
        with refuses(path.name, "looks transposed: the cells are named like genes", names[0]):
            read(path)
    read(put(tmp_path, "y.csv", table(names[:5], ["Rpl3", *"abcde"], values)))


def test_names_like_cells_on_both_axes_are_doubtful(tmp_path):
    _, remarks = read(put(tmp_path, "x.csv", table(["c1", "c2", "c3"], ["s1", "s2", "s3", "s4"])))
    assert "doubtful: the genes are named like cells: c1, c2, c3" in remarks


@pytest.mark.parametrize(
    ("duplicates", "expected", "remark"),
    [
        ("sum", [[5, 9, 0, 4], [1, 0, 2, 0]], "guessed: 1 gene names .* \\(A\\): added up"),
        ("first", [[0, 3, 0, 4], [1, 0, 2, 0]], "left out: 1 gene names .*: of each the first"),
    ],
)
@pytest.mark.parametrize("sparse", [True, False])
def test_duplicated_genes(tmp_path, duplicates, expected, remark, sparse):
    if sparse:
        data = anndata.AnnData(sp.csr_matrix(VALUES.T))
        data.obs_names, data.var_names = CELLS, ["C", "A", "A"]
        data.write_h5ad(tmp_path / "x.h5ad")
        path = tmp_path / "x.h5ad"
    else:
        path = put(tmp_path, "x.csv", table(["C", "A", "A"]))
    with refuses(path.name, "gene A occurs more than once", "duplicates: sum"):
        read(path)
    data, remarks = read(path, duplicates=duplicates)
    assert data.genes == ["A", "C"] and data.expression.tolist() == expected
    assert any(re.match(remark, text) for text in remarks)


# --------------------------------------------------------- regulators, reference, pseudotime


def test_regulators_that_the_data_lack_are_left_out(tmp_path):
    data, remarks = read(as_text(tmp_path), regulators=put(tmp_path, "TFs.txt", "TF\nA\nX\nY\nB\n"))
    assert data.regulators == ["A", "B"]
    assert remarks == ["left out: 2 of 4 regulators, which the expression matrix lacks: X, Y"]
    with refuses("2 of 2 regulators", "upper and lower case differ: a there, A here"):
        read(as_text(tmp_path), regulators=put(tmp_path, "TFs.txt", "a\nb\n"))


def test_a_gene_called_like_a_header_is_a_gene(tmp_path):
    path = put(tmp_path, "x.csv", table(["TF", "A", "B"]))
    data, remarks = read(path, regulators=put(tmp_path, "TFs.txt", "TF\nA\n"))
    assert data.regulators == ["TF", "A"]
    assert remarks == ["guessed: the first line, TF, is a gene and no header"]


def test_edges_that_the_data_lack_are_left_out(tmp_path):
    known = put(tmp_path, "k.csv", "Gene1,Gene2\nA,B\nA,X\nY,Z\n")
    data, remarks = read(as_text(tmp_path), reference=known)
    assert data.edges[["Gene1", "Gene2"]].to_numpy().tolist() == [["A", "B"]]
    assert remarks == [
        "left out: 2 of 3 edges, as the expression matrix lacks 3 of their genes: X, Y, Z"
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "hint"),
    [
        ("ENSG01.5", "ENSG01", "version (after the dot) differs: ENSG01 there, ENSG01.5 here"),
        ("ENSG01", "ENSG01.12", "version (after the dot) differs"),
        ("Gata1", "GATA1", "upper and lower case differ: GATA1 there, Gata1 here"),
        ("A\u030a", "\u00c5", "characters that cannot be seen"),
        ("Sox2", "Sox2\u200b", "cannot be seen: 'Sox2\\u200b' there, 'Sox2' here"),
    ],
)
def test_hints_of_names_that_differ_a_little(tmp_path, ours, theirs, hint):
    path = put(tmp_path, "x.csv", table([ours, "Q", "R"]))
    with refuses("2 of 2 edges", hint):
        read(path, reference=put(tmp_path, "k.csv", f"Gene1,Gene2\n{theirs},X\nX,{theirs}\n"))


def test_columns_of_pseudotime_are_named_and_doubted(tmp_path):
    cells = [f"x{i}" for i in range(20)]
    path = put(tmp_path, "x.csv", table(cells=cells, values=np.arange(60).reshape(3, 20)))
    rows = "".join(f"{cell},{i / 7},{i % 2}\n" for i, cell in enumerate(cells))
    data, remarks = read(path, put(tmp_path, "p.csv", f",pt,cluster\n{rows}"))
    assert data.pseudotime.shape == (20, 2)
    assert remarks == [
        "guessed: each of the columns is one trajectory (with so many values): pt (20), "
        "cluster (2)",
        "doubtful: column cluster has only 2 different values: is it a pseudotime?",
    ]


def test_columns_of_few_cells_are_doubted_as_well(tmp_path):
    times = put(tmp_path, "p.csv", ",pt,cluster\nw,0,1\nx,1,1\ny,2,2\nz,3,2\n")
    _, remarks = read(as_text(tmp_path), times)
    assert [remark for remark in remarks if remark.startswith("doubtful")] == [
        "doubtful: column cluster has only 2 different values: is it a pseudotime?"
    ]


def test_cells_with_infinite_pseudotime_are_on_no_trajectory(tmp_path):
    times = put(tmp_path, "p.csv", ",pt\nw,0\nx,inf\ny,2\nz,1\n")
    data, remarks = read(as_text(tmp_path), times)
    assert data.pseudotime["pt"].tolist()[::2] == [0, 2] and data.pseudotime["pt"].isna()["x"]
    assert remarks == ["left out: 1 cells whose pt is infinite: they are on no trajectory"]
    with refuses("column pt has the same value in all cells"):
        read(as_text(tmp_path), put(tmp_path, "p.csv", ",pt\nw,1\nx,1\ny,1\nz,1\n"))
