"""Reading AnnData, and whatever single files a user has."""

import gzip
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import import_expression
from data_texts import (
    CELLS,
    EDGES,
    EXPRESSION,
    GENES,
    PSEUDOTIME,
    paths,
    put,
    refuses,
)
from grn_gat.core.remarks import Remarks
from grn_gat.data import dataset, hdf5
from grn_gat.data.dataset import (
    read_dataset,
    write_dataset,
)
from grn_gat.data.user_data import read_user_data

SORTED = sorted(GENES)


def read_h5ad(path, edges=None, regulators=None, layer=None, pseudotime=None):
    return read_user_data(path, pseudotime, regulators, edges, layer)


def test_user_data_of_expression_only(tmp_path):
    data = read_user_data(put(tmp_path, "E.csv", EXPRESSION))
    assert (data.genes, data.cells) == (SORTED, CELLS)
    assert data.pseudotime is None
    assert data.regulators is None
    assert list(data.edges.columns) == ["Gene1", "Gene2", "Type"]
    assert len(data.edges) == 0


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt", ".CSV", ".csv.gz", ".tsv.gz"])
def test_user_data_of_all_files(tmp_path, suffix):
    text = EXPRESSION if "csv" in suffix else EXPRESSION.replace(",", "\t")
    content = gzip.compress(text.encode()) if suffix.endswith("gz") else text
    data = read_user_data(
        put(tmp_path, f"E{suffix}", content),
        put(tmp_path, "P.csv", PSEUDOTIME),
        put(tmp_path, "t.txt", "A\nB\n"),
        put(tmp_path, "r.csv", EDGES),
    )
    assert data.genes == SORTED
    assert data.pseudotime.shape == (4, 2)
    assert data.regulators == ["A", "B"]
    assert len(data.edges) == 3


def test_user_data_that_is_refused(tmp_path):
    matrix = put(tmp_path, "E.csv", EXPRESSION)
    with refuses("E.xlsx", "unknown kind", ".h5ad, .loom, .h5, .csv"):
        read_user_data(put(tmp_path, "E.xlsx", EXPRESSION))
    with refuses("E.csv", "no layer 'logs'", "only .h5ad"):
        read_user_data(matrix, layer="logs")
    with refuses("r.csv", "has no edge"):
        read_user_data(matrix, reference=put(tmp_path, "r.csv", "Gene1,Gene2,Type\n"))
    with refuses("r.csv", "2 of 2 edges", "2 genes: x, y"):
        read_user_data(matrix, reference=put(tmp_path, "r.csv", "Gene1,Gene2\nA,x\nA,y\n"))
    with refuses("t.txt", "1 of 1 regulators", "looks transposed"):
        read_user_data(matrix, regulators=put(tmp_path, "t.txt", "c1\n"))


def test_barcodes_in_rows_look_transposed(tmp_path):
    barcodes = ["AAACCTGAGAAACCAT-1", "s1_AAACCTGAGAAACCGC", "TTTGTCATCTTTAGTC"]
    rows = "".join(f"{barcode},1,2,3\n" for barcode in barcodes)
    with refuses("E.csv", "transposed", "AAACCTGAGAAACCAT-1", "genes in rows"):
        read_user_data(put(tmp_path, "E.csv", ",A,B,C\n" + rows))
    assert len(read_user_data(put(tmp_path, "E.csv", ",A,B,C\n" + rows + "CAT,1,2,3")).genes) == 4


def test_import_of_single_files(tmp_path):
    out = dict(zip(("expression", "pseudotime", "edges"), paths(tmp_path), strict=True))
    out["regulators"] = tmp_path / "regulators.csv"
    remarks = tmp_path / "remarks.tsv"
    entry = {
        "expression": put(tmp_path, "E.tsv", EXPRESSION.replace(",", "\t")),
        "pseudotime": put(tmp_path, "P.csv", PSEUDOTIME),
        "regulators": put(tmp_path, "t.txt", "B\n"),
    }
    job = SimpleNamespace(
        params=SimpleNamespace(entry=entry), output=SimpleNamespace(**out, remarks=remarks)
    )
    import_expression.main(job)
    data = read_dataset(*out.values())
    assert data.genes == ["A", "B", "a"]
    assert data.regulators == ["B"]
    assert data.pseudotime.shape == (4, 2)
    assert len(data.edges) == 0


def test_more_genes_than_cells_are_a_warning(tmp_path, capfd):
    out = dict(zip(("expression", "pseudotime", "edges"), paths(tmp_path), strict=True))
    out["regulators"] = tmp_path / "regulators.csv"
    remarks = tmp_path / "remarks.tsv"
    for genes, number in (("ABC", 0), ("ABCD", 1)):
        rows = "".join(f"{gene},1,2,3\n" for gene in genes)
        entry = {"expression": put(tmp_path, "E.csv", f",x,y,z\n{rows}")}
        job = SimpleNamespace(
            params=SimpleNamespace(entry=entry), output=SimpleNamespace(**out, remarks=remarks)
        )
        import_expression.main(job)
        for text in capfd.readouterr():  # the log, the terminal
            assert text.count("warning: ") == number
            if number:
                assert (
                    "E.csv: there are more genes (4) than cells (3): rows are read as genes" in text
                )


@pytest.fixture
def make_h5ad(tmp_path):
    anndata = pytest.importorskip("anndata")
    sparse = pytest.importorskip("scipy.sparse")

    def make(genes=GENES, cells=CELLS, x="dense", **change) -> Path:
        values = np.arange(12, dtype=np.float32).reshape(4, 3) / 3
        values[tuple(change.pop("at", (0, 0)))] = change.pop("value", 0)
        content = {
            "dense": values,
            "csr": sparse.csr_matrix(values),
            "csc": sparse.csc_matrix(values),
        }
        obs = pd.DataFrame(
            {
                "dpt": [0.0, 0.5, np.nan, 1.0],
                "far": [0.0, np.inf, 1, 2],
                "none": np.nan,
                "kind": list("wxyz"),
                "same": 1.5,
                "yes": [True, False, True, True],
                "leiden": pd.Categorical([0, 1, 0, 2]),
            },
            index=cells,
        )
        data = anndata.AnnData(content.get(x), obs=obs, var=pd.DataFrame(index=genes))
        with np.errstate(invalid="ignore"):
            data.layers["logs"] = np.log1p(values)
        path = tmp_path / "data.h5ad"
        data.write_h5ad(path)
        return path

    return make


@pytest.fixture
def network(tmp_path) -> Path:
    return put(tmp_path, "net.csv", EDGES)


@pytest.mark.filterwarnings("ignore:Observation names:UserWarning")
@pytest.mark.filterwarnings("ignore:Variable names:UserWarning")
class TestH5ad:
    @pytest.mark.parametrize("x", ["dense", "csr", "csc"])
    def test_values_layer_and_pseudotime(self, make_h5ad, network, tmp_path, x):
        path = make_h5ad(x=x)
        expected = (np.arange(12, dtype=np.float32).reshape(4, 3) / 3).T[[2, 0, 1]]
        data = read_h5ad(path, network, put(tmp_path, "tf.txt", "A\nB\n"), pseudotime=["dpt"])
        assert (data.genes, data.cells, data.regulators) == (SORTED, CELLS, ["A", "B"])
        assert data.expression.dtype == np.float64
        np.testing.assert_array_equal(data.expression, expected.astype(np.float64))
        assert list(data.pseudotime.index) == CELLS
        np.testing.assert_array_equal(data.pseudotime["dpt"], [0, 0.5, np.nan, 1])
        assert len(data.edges) == 3
        logs = read_h5ad(path, network, layer="logs", pseudotime="dpt")
        np.testing.assert_array_equal(logs.expression, np.log1p(expected).astype(np.float64))
        assert read_h5ad(path, network).pseudotime is None

    @pytest.mark.parametrize("columns", ["dpt, far", ["dpt", "far"]])
    def test_user_data(self, make_h5ad, network, tmp_path, columns):
        path = make_h5ad()
        remarks = Remarks()
        both = read_user_data(path, columns, remarks=remarks)
        assert list(both.pseudotime.columns) == ["dpt", "far"]
        assert any("1 cells whose far is infinite" in remark.text for remark in remarks)
        regulators = put(tmp_path, "t.txt", "B\n")
        data = read_user_data(path, "dpt", regulators, network, layer="logs")
        assert (data.genes, data.cells, data.regulators) == (SORTED, CELLS, ["B"])
        assert list(data.pseudotime.columns) == ["dpt"]
        assert data.expression.max() == np.float32(np.log1p(np.float32(11 / 3)))
        assert len(data.edges) == 3
        alone = read_user_data(path)
        assert (alone.pseudotime, alone.regulators, len(alone.edges)) == (None, None, 0)
        with refuses("no obs column 'P.csv'", "dpt"):
            read_user_data(path, "P.csv")

    def test_barcodes_in_var_look_transposed(self, make_h5ad):
        genes = ["AAACCTGAGAAACCAT-1", "AAACCTGAGAAACCAT-2", "TTTGTCATCTTTAGTC-1"]
        with refuses("data.h5ad", "looks transposed", "AAACCTGAGAAACCAT-1", "var are genes"):
            read_user_data(make_h5ad(genes=genes))

    def test_round_trip_through_beeline_files(self, make_h5ad, network, tmp_path):
        data = read_h5ad(make_h5ad(), network, pseudotime="dpt")
        write_dataset(data, *paths(tmp_path))
        back = read_dataset(*paths(tmp_path))
        np.testing.assert_array_equal(back.expression, data.expression)
        pd.testing.assert_frame_equal(back.pseudotime, data.pseudotime)

    def test_damaged_files(self, make_h5ad, network, tmp_path):
        content = make_h5ad().read_bytes()
        with refuses("cut.h5ad", "truncated or damaged"):
            read_h5ad(put(tmp_path, "cut.h5ad", content[: len(content) // 2]), network)
        with refuses("text.h5ad", "not an HDF5 file"):
            read_h5ad(put(tmp_path, "text.h5ad", EXPRESSION), network)
        with refuses("empty.h5ad", "empty"):
            read_h5ad(put(tmp_path, "empty.h5ad", ""), network)
        with refuses("none.h5ad", "no such file"):
            read_h5ad(tmp_path / "none.h5ad", network)

    def test_hdf5_of_another_kind(self, make_h5ad, network, tmp_path):
        import h5py

        with h5py.File(tmp_path / "other.h5ad", "w") as file:
            file["matrix"] = np.ones(3)
        with refuses("other.h5ad", "HDF5 but not AnnData"):
            read_h5ad(tmp_path / "other.h5ad", network)

    def test_what_is_not_asked_for_is_not_read(self, make_h5ad):
        """Here 8 TB in a few kB, and 200 links to it."""
        import h5py

        path = make_h5ad()
        with h5py.File(path, "a") as file:
            bomb = file["obsm"].create_dataset("a", (10**6, 10**6), "f8", chunks=(1000, 1000))
            for number in range(200):
                file[f"uns/{number}"] = bomb
        assert path.stat().st_size < 200_000
        assert read_h5ad(path).genes == SORTED

    @pytest.mark.parametrize("x", ["dense", "csr"])
    def test_more_genes_times_cells_than_can_be_handled(self, make_h5ad, monkeypatch, x):
        path = make_h5ad(x=x)
        monkeypatch.setattr(hdf5, "MAXIMUM_VALUES", 11)
        with refuses("data.h5ad", "4 x 3 are more than 11 values"):
            read_h5ad(path)

    @pytest.mark.parametrize("kind", ["link", "storage", "virtual"])
    def test_values_from_another_file(self, make_h5ad, tmp_path, kind):
        import h5py

        secret = tmp_path / "secret"
        secret.write_bytes(b"\0\0\x80\x3f" * 12)  # twelve times 1.0
        with h5py.File(tmp_path / "other.h5", "w") as other:
            other["X"] = np.ones((4, 3), np.float32)
        path = make_h5ad()
        with h5py.File(path, "a") as file:
            attributes = dict(file["X"].attrs)
            del file["X"]
            if kind == "link":
                file["X"] = h5py.ExternalLink(tmp_path / "other.h5", "X")
            elif kind == "storage":
                file.create_dataset("X", (4, 3), "f4", external=[(secret, 0, 48)])
            else:
                layout = h5py.VirtualLayout((4, 3), "f4")
                layout[:] = h5py.VirtualSource(tmp_path / "other.h5", "X", (4, 3))
                file.create_virtual_dataset("X", layout)
            if kind != "link":
                file["X"].attrs.update(attributes)
        with refuses("data.h5ad", "refers to another file"):
            read_h5ad(path)

    def test_missing_parts(self, make_h5ad, network):
        path = make_h5ad()
        with refuses("data.h5ad", "no layer 'counts'", "it has: logs"):
            read_h5ad(path, network, layer="counts")
        with refuses("data.h5ad", "no obs column 'time'", "dpt, far"):
            read_h5ad(path, network, pseudotime=["dpt", "time"])
        with refuses("data.h5ad", "has no X", "logs"):
            read_h5ad(make_h5ad(x=None), network)

    def test_bad_obs_columns(self, make_h5ad, network):
        path = make_h5ad()
        with refuses("data.h5ad", "obs column kind is not numeric"):
            read_h5ad(path, network, pseudotime="kind")
        with refuses("data.h5ad", "column same has the same value in all cells"):
            read_h5ad(path, network, pseudotime="same")
        for column in ("yes", "leiden"):
            with refuses("data.h5ad", f"obs column {column} holds classes"):
                read_h5ad(path, network, pseudotime=column)
        with refuses("data.h5ad", "column none has no value"):
            read_h5ad(path, network, pseudotime="none")

    @pytest.mark.parametrize("x", ["dense", "csr"])
    @pytest.mark.parametrize(
        ("value", "reason"),
        [(-2, "-2.0 is negative"), (np.nan, "missing (NaN)"), (np.inf, "inf is not finite")],
    )
    def test_bad_values(self, make_h5ad, network, x, value, reason):
        path = make_h5ad(x=x, at=(3, 1), value=value)
        with refuses("data.h5ad", "X", "gene a, cell c4", reason, "expected counts or log"):
            read_h5ad(path, network)

    def test_bad_values_of_a_layer(self, make_h5ad, network):
        path = make_h5ad(at=(3, 1), value=-0.5)
        with refuses("data.h5ad", "layer logs", "gene a, cell c4", "is negative"):
            read_h5ad(path, network, layer="logs")

    def test_names_and_size(self, make_h5ad, network, tmp_path):
        anndata = pytest.importorskip("anndata")
        with refuses("data.h5ad", "gene B occurs more than once"):
            read_h5ad(make_h5ad(genes=["B", "a", "B"]), network)
        with refuses("data.h5ad", "cell c1 occurs more than once"):
            read_h5ad(make_h5ad(cells=["c1", "c2", "c1", "c4"]), network)
        small = tmp_path / "small.h5ad"
        for shape, message in (((2, 3), "2 cells, at least 3"), ((3, 1), "1 gene, at least 2")):
            anndata.AnnData(np.ones(shape, np.float32)).write_h5ad(small)
            with refuses("small.h5ad", message):
                read_h5ad(small, network)

    @pytest.mark.parametrize(("kind", "words"), [("S1", "no numbers"), ("c16", "complex numbers")])
    def test_what_is_no_real_number(self, make_h5ad, network, kind, words):
        import h5py

        path = make_h5ad()
        with h5py.File(path, "a") as file:
            attributes = dict(file["layers/logs"].attrs)
            del file["layers/logs"]
            file["layers/logs"] = np.ones((4, 3)).astype(kind)
            file["layers/logs"].attrs.update(attributes)
        with refuses("data.h5ad", "layer logs", f"holds {words}"):
            read_h5ad(path, network, layer="logs")

    def test_transposed(self, make_h5ad, tmp_path):
        path = put(tmp_path, "turned.csv", "Gene1,Gene2\nc1,c2\n")
        with refuses("turned.csv", "looks transposed"):
            read_h5ad(make_h5ad(), path)


def test_anndata_is_imported_only_where_needed():
    import subprocess
    import sys

    code = "import sys, grn_gat.data.dataset; sys.exit('anndata' in sys.modules)"
    scripts = Path(dataset.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(scripts)}
    )
    assert done.returncode == 0
