"""Reading and writing datasets: round trips, real files, and every message for bad input."""

import gzip
import io
import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import import_expression
from grn_gat.core.errors import InputError
from grn_gat.data import dataset, expression, text_rows
from grn_gat.data.dataset import Dataset, read_beeline_folder, read_dataset, write_dataset
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression, read_names
from grn_gat.data.h5ad import read_h5ad, read_user_data
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.regulators import read_regulators

EXPRESSION = ",c1,c2,c3,c4\nB,0.5,1,2,0\na,3,3,3,3\nA,1e-05,0.25,7,8\n"
PSEUDOTIME = ",PseudoTime1,PseudoTime2\nc2,0.5,NA\nc1,0,\nc4,1.0,0.75\nc3,,0.1\n"
EDGES = "Gene2,Gene1,Type\nA,B,+\na,A,-\nB,B,+\n"
GENES, CELLS = ["B", "a", "A"], ["c1", "c2", "c3", "c4"]


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def beeline_folder(folder: Path, **replace: str | None) -> Path:
    """Write a dataset folder; `None` leaves a file out."""
    files = {"ExpressionData": EXPRESSION, "PseudoTime": PSEUDOTIME, "refNetwork": EDGES}
    folder.mkdir(exist_ok=True)
    for name, text in {**files, **replace}.items():
        if text is not None:
            put(folder, f"{name}.csv", text)
    return folder


def refuses(*parts: str):
    """Expect one InputError sentence that has all these parts, in this order."""
    return pytest.raises(
        InputError, match="(?s)" + ".*".join(map(re.escape, parts)) + r".*(?<!\.)\Z"
    )


def edge_table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["Gene1", "Gene2", "Type"], dtype=object)


def random_dataset(genes: int, cells: int, dtype=np.float64) -> Dataset:
    rng = np.random.default_rng(5)
    names = [f"g{i}" for i in rng.permutation(genes)]
    labels = [f"E{i}_{i * 7 % 50}" for i in range(cells)]
    times = pd.DataFrame({"PseudoTime1": rng.random(cells), "PseudoTime2": np.nan}, index=labels)
    times.iloc[3:, 1] = 0.1 + 0.2
    times.iloc[1, 0] = np.nan
    values = (rng.lognormal(0, 6, (genes, cells)) * (rng.random((genes, cells)) < 0.7)).astype(
        dtype
    )
    edges = edge_table((names[0], names[1], "+"), (names[2], names[1], "-"), (names[3], "g0", ""))
    return Dataset(names, labels, values, times, edges)


def paths(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "ExpressionData.csv", folder / "PseudoTime.csv", folder / "refNetwork.csv"


# --------------------------------------------------------------------------------------- good input


def test_folder_gives_what_the_files_say(tmp_path):
    data = read_beeline_folder(beeline_folder(tmp_path / "d"))
    assert data.genes == GENES
    assert data.cells == CELLS
    assert data.expression.dtype == np.float64
    np.testing.assert_array_equal(
        data.expression, [[0.5, 1, 2, 0], [3, 3, 3, 3], [1e-5, 0.25, 7, 8]]
    )
    assert list(data.pseudotime.index) == CELLS
    assert list(data.pseudotime.columns) == ["PseudoTime1", "PseudoTime2"]
    np.testing.assert_array_equal(
        data.pseudotime, [[0, np.nan], [0.5, np.nan], [np.nan, 0.1], [1, 0.75]]
    )
    assert data.edges.values.tolist() == [["B", "A", "+"], ["A", "a", "-"], ["B", "B", "+"]]
    assert data.regulators is None


def test_gzip_is_read_like_plain_text(tmp_path):
    plain = read_expression(put(tmp_path, "E.csv", EXPRESSION))
    packed = read_expression(put(tmp_path, "E.csv.gz", gzip.compress(EXPRESSION.encode())))
    assert packed[:2] == plain[:2]
    np.testing.assert_array_equal(packed[2], plain[2])


def test_a_folder_may_lack_pseudotime_and_have_gzip(tmp_path):
    folder = beeline_folder(tmp_path / "d", ExpressionData=None, PseudoTime=None)
    put(folder, "ExpressionData.csv.gz", gzip.compress(EXPRESSION.encode()))
    data = read_beeline_folder(folder)
    assert data.pseudotime is None
    assert data.genes == GENES


def test_quotes_blanks_windows_lines_and_byte_order_mark_are_read(tmp_path):
    text = '\ufeff"","c1"," c2","c3"\r\n"A,1",1,2,3\r\n\r\n B ,4,5,6'
    genes, cells, values = read_expression(put(tmp_path, "E.csv", text))
    assert (genes, cells) == (["A,1", "B"], ["c1", "c2", "c3"])
    np.testing.assert_array_equal(values, [[1, 2, 3], [4, 5, 6]])


def test_genes_named_like_missing_values_or_numbers_stay_text(tmp_path):
    genes, cells, _ = read_expression(
        put(tmp_path, "E.csv", ",1,2,NA\nNA,1,2,3\nnan,1,2,3\n1,1,2,3")
    )
    assert (genes, cells) == (["NA", "nan", "1"], ["1", "2", "NA"])
    edges = read_edges(put(tmp_path, "r.csv", "Gene1,Gene2\nNA,nan\n"), genes)
    assert edges.values.tolist() == [["NA", "nan", ""]]


@pytest.mark.parametrize("place", ["folder", "parent"])
def test_ground_truth_network_is_found(tmp_path, place):
    folder = beeline_folder(tmp_path / "d", refNetwork=None)
    put(folder if place == "folder" else tmp_path, "GroundTruthNetwork.csv", EDGES)
    assert len(read_beeline_folder(folder).edges) == 3


def test_ref_network_wins_over_ground_truth_and_named_edges_over_both(tmp_path):
    folder = beeline_folder(tmp_path / "d")
    put(folder, "GroundTruthNetwork.csv", "Gene1,Gene2\nB,A\n")
    put(folder, "mine.csv", "Gene1,Gene2\nA,B\na,A\n")
    assert len(read_beeline_folder(folder).edges) == 3
    assert len(read_beeline_folder(folder, edges="mine.csv").edges) == 2
    outside = put(tmp_path, "outside.csv", "Gene1,Gene2\nA,B\n")
    assert len(read_beeline_folder(folder, edges=outside).edges) == 1


def test_edges_are_unique_and_keep_what_is_known_of_the_sign(tmp_path):
    text = (
        "Score,Gene2,Gene1,Type\n1,A,B,+\n2,A,B,+\n3,a,B,+\n4,a,B,-\n5,B,A,\n6,B,A,-\n"
        "7,a,A,NA\n8,A,A,+\n"
    )
    edges = read_edges(put(tmp_path, "r.csv", text), GENES)
    assert list(edges.columns) == ["Gene1", "Gene2", "Type"]
    assert edges.values.tolist() == [
        ["B", "A", "+"],
        ["B", "a", ""],
        ["A", "B", "-"],
        ["A", "a", ""],
        ["A", "A", "+"],
    ]


@pytest.mark.parametrize(
    "text", ["B\nA\n", "TF\nB\nA\n", "\n\nRegulator\r\nB\r\nA\r\nB", '"tf"\n"B"\n"A"\n']
)
def test_regulators_with_and_without_header(tmp_path, text):
    assert read_regulators(put(tmp_path, "r.csv", text), GENES) == ["B", "A"]


def test_header_tf_is_a_header_even_where_a_gene_has_that_name(tmp_path):
    assert read_regulators(put(tmp_path, "r.csv", "TF\nA\n"), ["TF", "A"]) == ["A"]
    assert read_regulators(put(tmp_path, "r.csv", "TF\nA\nTF\n"), ["TF", "A"]) == ["A", "TF"]


def test_regulators_of_a_folder(tmp_path):
    folder = beeline_folder(tmp_path / "d")
    put(folder, "TFs.csv", "TF\nA\nB\n")
    assert read_beeline_folder(folder, regulators="TFs.csv").regulators == ["A", "B"]


def test_self_loops_enlarge_the_universe(tmp_path):
    """A<->B alone is complete; a self-loop of a third gene makes four more pairs possible."""
    text = "Gene1,Gene2\nA,B\nB,A\n"
    with refuses("all 2 possible edges"):
        read_edges(put(tmp_path, "r.csv", text), GENES)
    assert len(read_edges(put(tmp_path, "r.csv", text + "a,a\n"), GENES)) == 3


def test_tabs_are_recognised_by_the_first_line(tmp_path):
    matrix = put(tmp_path, "E.csv", EXPRESSION.replace(",", "\t"))
    genes, cells, values = read_expression(matrix)
    assert (genes, cells) == (GENES, CELLS)
    np.testing.assert_array_equal(values, read_expression(put(tmp_path, "c", EXPRESSION))[2])
    times = read_pseudotime(put(tmp_path, "P.txt", PSEUDOTIME.replace(",", "\t")), CELLS)
    assert times.loc["c4", "PseudoTime2"] == 0.75
    edges = read_edges(put(tmp_path, "r.tsv", EDGES.replace(",", "\t")), GENES)
    assert edges.values.tolist()[0] == ["B", "A", "+"]
    text = '\n\t"c,1"\tc2\tc3\n"B,b"\t1\t2\t3\nA\t4\t5\t6\n'
    packed = put(tmp_path, "E.tsv.gz", gzip.compress(b"\xef\xbb\xbf" + text.encode()))
    genes, cells, _ = read_expression(packed)
    assert (genes, cells) == (["B,b", "A"], ["c,1", "c2", "c3"])


# ----------------------------------------------------------------------------- what a user may have


def test_user_data_of_expression_only(tmp_path):
    data = read_user_data(put(tmp_path, "E.csv", EXPRESSION))
    assert (data.genes, data.cells) == (GENES, CELLS)
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
    assert data.genes == GENES
    assert data.pseudotime.shape == (4, 2)
    assert data.regulators == ["A", "B"]
    assert len(data.edges) == 3


def test_user_data_that_is_refused(tmp_path):
    matrix = put(tmp_path, "E.csv", EXPRESSION)
    with refuses("E.xlsx", "unknown kind", ".h5ad, .csv"):
        read_user_data(put(tmp_path, "E.xlsx", EXPRESSION))
    with refuses("E.csv", "no layer 'logs'", "only .h5ad"):
        read_user_data(matrix, layer="logs")
    with refuses("r.csv", "has no edge"):
        read_user_data(matrix, reference=put(tmp_path, "r.csv", "Gene1,Gene2,Type\n"))
    with refuses("r.csv", "1 of 2 edges", "1 genes: x"):
        read_user_data(matrix, reference=put(tmp_path, "r.csv", "Gene1,Gene2\nA,x\nA,B\n"))
    with refuses("t.txt", "1 of 1 regulators", "looks transposed"):
        read_user_data(matrix, regulators=put(tmp_path, "t.txt", "c1\n"))


def test_barcodes_in_rows_look_transposed(tmp_path):
    barcodes = ["AAACCTGAGAAACCAT-1", "s1_AAACCTGAGAAACCGC", "TTTGTCATCTTTAGTC"]
    rows = "".join(f"{barcode},1,2,3\n" for barcode in barcodes)
    with refuses("E.csv", "barcodes", "AAACCTGAGAAACCAT-1", "transposed", "genes in rows"):
        read_user_data(put(tmp_path, "E.csv", ",A,B,C\n" + rows))
    assert len(read_user_data(put(tmp_path, "E.csv", ",A,B,C\n" + rows + "CAT,1,2,3")).genes) == 4


def test_round_trip_without_a_reference(tmp_path):
    data = read_user_data(put(tmp_path, "E.csv", EXPRESSION))
    write_dataset(data, *paths(tmp_path))
    assert paths(tmp_path)[2].read_text() == "Gene1,Gene2,Type\n"
    assert len(read_dataset(*paths(tmp_path)).edges) == 0
    assert len(read_edges(paths(tmp_path)[2], GENES, may_be_empty=True)) == 0
    with refuses("refNetwork.csv", "has no edge"):
        read_edges(paths(tmp_path)[2], GENES)
    with refuses("refNetwork.csv", "has no edge"):
        read_beeline_folder(tmp_path)
    put(tmp_path, "refNetwork.csv", "Gene1,Gene2,Type\nA,A,\n")
    with refuses("refNetwork.csv", "has no edge"):
        read_dataset(*paths(tmp_path))


def test_import_of_single_files(tmp_path):
    out = dict(zip(("expression", "pseudotime", "edges"), paths(tmp_path), strict=True))
    out["regulators"] = tmp_path / "regulators.csv"
    entry = {
        "expression": put(tmp_path, "E.tsv", EXPRESSION.replace(",", "\t")),
        "pseudotime": put(tmp_path, "P.csv", PSEUDOTIME),
        "regulators": put(tmp_path, "t.txt", "B\n"),
    }
    job = SimpleNamespace(params=SimpleNamespace(entry=entry), output=SimpleNamespace(**out))
    import_expression.main(job)
    data = read_dataset(*out.values())
    assert data.genes == ["A", "B", "a"]
    assert data.regulators == ["B"]
    assert data.pseudotime.shape == (4, 2)
    assert len(data.edges) == 0


def test_more_genes_than_cells_are_a_warning(tmp_path, capfd):
    out = dict(zip(("expression", "pseudotime", "edges"), paths(tmp_path), strict=True))
    out["regulators"] = tmp_path / "regulators.csv"
    for genes, number in (("ABC", 0), ("ABCD", 1)):
        rows = "".join(f"{gene},1,2,3\n" for gene in genes)
        entry = {"expression": put(tmp_path, "E.csv", f",c1,c2,c3\n{rows}")}
        job = SimpleNamespace(params=SimpleNamespace(entry=entry), output=SimpleNamespace(**out))
        import_expression.main(job)
        for text in capfd.readouterr():  # the log, the terminal
            assert text.count("warning: ") == number
            if number:
                assert "E.csv: more genes (4) than cells (3): rows are read as genes" in text


# --------------------------------------------------------------------------------------- round trip


@pytest.mark.parametrize("shape", [(11, 200), (60, 40)])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_round_trip_is_exact(tmp_path, shape, suffix):
    data = random_dataset(*shape)
    expression, pseudotime, edges = (Path(f"{p}{suffix}") for p in paths(tmp_path / "new"))
    write_dataset(data, expression, pseudotime, edges)
    back = read_dataset(expression, pseudotime, edges)
    order = np.argsort(np.array(data.genes, dtype=object))
    assert back.genes == sorted(data.genes)
    assert back.cells == data.cells
    np.testing.assert_array_equal(back.expression, data.expression[order])
    pd.testing.assert_frame_equal(back.pseudotime, data.pseudotime)
    key = ["Gene2", "Gene1"]
    pd.testing.assert_frame_equal(back.edges, data.edges.sort_values(key, ignore_index=True))
    assert sorted(p.name for p in expression.parent.iterdir()) == sorted(
        [expression.name, pseudotime.name, edges.name]
    )


def test_exact_text_of_the_files(tmp_path):
    times = pd.DataFrame({"PseudoTime": [0.1 + 0.2, np.nan, 1.0]}, index=["c1", "c2", "c,3"])
    values = np.array([[0.1, 1 / 3, 0.0], [1e-7, 1e22, 2.0]])
    edges = edge_table(("b", "A", ""), ("A", "b", "-"), ("A", "A", "+"))
    write_dataset(Dataset(["b", "A"], list(times.index), values, times, edges), *paths(tmp_path))
    expression, pseudotime, network = (p.read_text() for p in paths(tmp_path))
    assert expression == ',c1,c2,"c,3"\nA,1e-07,1e+22,2.0\nb,0.1,0.3333333333333333,0.0\n'
    assert pseudotime == ',PseudoTime\nc1,0.30000000000000004\nc2,\n"c,3",1.0\n'
    assert network == "Gene1,Gene2,Type\nA,A,+\nb,A,\nA,b,-\n"


def test_float32_prints_as_float32(tmp_path):
    data = random_dataset(5, 30, np.float32)
    write_dataset(data, *paths(tmp_path))
    frame = pd.read_csv(paths(tmp_path)[0], index_col=0, dtype=str, keep_default_na=False)
    row = data.genes.index(frame.index[0])
    assert frame.iloc[0].tolist() == [str(value) for value in data.expression[row]]
    back = read_dataset(*paths(tmp_path))
    order = np.argsort(np.array(data.genes, dtype=object))
    np.testing.assert_array_equal(back.expression.astype(np.float32), data.expression[order])


def test_no_pseudotime_leaves_the_cell_names(tmp_path):
    data = random_dataset(4, 5)
    data = Dataset(data.genes, data.cells, data.expression, None, data.edges)
    write_dataset(data, *paths(tmp_path))
    assert paths(tmp_path)[1].read_text().splitlines() == ['""', *data.cells]
    assert read_dataset(*paths(tmp_path)).pseudotime is None


def test_regulators_round_trip(tmp_path):
    data = random_dataset(6, 5)
    listed = Dataset(
        data.genes, data.cells, data.expression, None, data.edges, [data.genes[2], data.genes[0]]
    )
    path = tmp_path / "TFs.csv"
    write_dataset(listed, *paths(tmp_path), path)
    assert read_dataset(*paths(tmp_path), path).regulators == sorted(listed.regulators)
    write_dataset(data, *paths(tmp_path), path)
    assert read_dataset(*paths(tmp_path), path).regulators == sorted(data.genes)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_identical_content_gives_identical_bytes(tmp_path, suffix, monkeypatch):
    data = random_dataset(8, 30)
    order = np.argsort(np.array(data.genes, dtype=object))[::-1]
    shuffled = Dataset(
        [data.genes[i] for i in order],
        data.cells,
        data.expression[order],
        data.pseudotime,
        data.edges.iloc[::-1],
    )
    first = [Path(f"{p}{suffix}") for p in paths(tmp_path / "first")]
    second = [Path(f"{p}{suffix}") for p in paths(tmp_path / "second")]
    write_dataset(data, *first)
    monkeypatch.setattr("time.time", lambda: 2e9)
    write_dataset(shuffled, *second)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    old = put(tmp_path, "ExpressionData.csv", "old")

    def broken(values, missing="nan"):
        raise RuntimeError("disk")

    monkeypatch.setattr(dataset, "_numbers", broken)
    with pytest.raises(RuntimeError, match="disk"):
        write_dataset(random_dataset(4, 5), *paths(tmp_path))
    assert old.read_text() == "old"
    assert os.listdir(tmp_path) == ["ExpressionData.csv"]


def test_dataset_refuses_contradicting_parts():
    data = random_dataset(4, 5)
    with pytest.raises(ValueError, match="genes x cells"):
        Dataset(data.genes, data.cells, data.expression.T, None, data.edges)
    with pytest.raises(ValueError, match="index of pseudotime"):
        Dataset(data.genes, data.cells, data.expression, data.pseudotime.iloc[::-1], data.edges)
    with pytest.raises(ValueError, match="lacks Type"):
        Dataset(data.genes, data.cells, data.expression, None, data.edges[["Gene1", "Gene2"]])


# --------------------------------------------------------------------------------------- real files


@pytest.mark.reference
def test_published_mcad(shared, tmp_path):
    data = read_beeline_folder(shared / "data/mCAD-2000-1")
    assert data.expression.shape == (5, 2000)
    assert data.expression[data.genes.index("Coup"), 0] == 0.07436867133783162
    assert list(data.pseudotime.columns) == ["PseudoTime1", "PseudoTime2"]
    assert (data.pseudotime.notna().sum(axis=1) == 1).all()
    assert len(data.edges) == 14
    assert data.edges["Type"].value_counts().to_dict() == {"-": 9, "+": 5}
    write_dataset(data, *paths(tmp_path))
    original = gzip.decompress((shared / "data/mCAD-2000-1/ExpressionData.csv.gz").read_bytes())
    assert paths(tmp_path)[0].read_bytes() == original


@pytest.mark.reference
def test_real_dendritic_cells(shared, tmp_path):
    folder = shared / "data/mDC_TFs500"
    with refuses("mDC_TFs500", "no refNetwork.csv", "refNetwork_STRING.csv"):
        read_beeline_folder(folder)
    data = read_beeline_folder(folder, "refNetwork_STRING.csv", "TFs.csv")
    assert data.expression.shape == (821, 383)
    assert len(data.edges) == 4815
    assert set(data.edges["Type"]) == {""}
    assert len(data.regulators) == 323
    assert data.pseudotime.shape == (383, 1)
    write_dataset(data, *paths(tmp_path), tmp_path / "TFs.csv")
    back = read_dataset(*paths(tmp_path), tmp_path / "TFs.csv")
    order = np.argsort(np.array(data.genes, dtype=object))
    np.testing.assert_array_equal(back.expression, data.expression[order])
    pd.testing.assert_frame_equal(back.pseudotime, data.pseudotime)


# ----------------------------------------------------------------------------- bad expression files


def test_missing_file_folder_and_empty_file(tmp_path):
    with refuses("nowhere.csv", "no such file"):
        read_expression(tmp_path / "nowhere.csv")
    with refuses(tmp_path.name, "is a folder"):
        read_expression(tmp_path)
    with refuses("E.csv", "empty"):
        read_expression(put(tmp_path, "E.csv", ""))
    with refuses("E.csv", "empty", "genes in rows"):
        read_expression(put(tmp_path, "E.csv", "\n\n"))


def test_unreadable_file(tmp_path, monkeypatch):
    path = put(tmp_path, "E.csv", EXPRESSION)

    def denied(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with refuses("E.csv", "cannot be read", "Permission denied"):
        read_expression(path)


def test_damaged_gzip(tmp_path):
    packed = gzip.compress(EXPRESSION.encode() * 50)
    with refuses("E.csv.gz", "truncated or damaged"):
        read_expression(put(tmp_path, "E.csv.gz", packed[:-20]))
    with refuses("E.csv.gz", "truncated or damaged"):
        read_expression(put(tmp_path, "E.csv.gz", packed[:20] + b"\xff" * 20 + packed[40:]))
    with refuses("E.csv.gz", "not an intact gzip file", "drop .gz"):
        read_expression(put(tmp_path, "E.csv.gz", EXPRESSION))


def test_gzip_that_holds_too_much(tmp_path, monkeypatch):
    """One endless line, and endlessly many."""
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a" * 3000))
    monkeypatch.setattr(text_rows, "MAXIMUM_LINE", 2000)
    with refuses("bomb.csv.gz", "larger than can be read", "2000 characters"):
        read_expression(path)
    path.write_bytes(gzip.compress(b"cell,t\n" + b"\n" * 4000))
    monkeypatch.setattr(text_rows, "MAXIMUM_TEXT", 3000)
    with refuses("bomb.csv.gz", "larger than can be read", "3000 in all"):
        read_pseudotime(path, ["g"])


def test_no_line_is_read_without_a_limit(tmp_path, monkeypatch):
    class Guarded(io.StringIO):
        def __next__(self):
            pytest.fail("a whole line was read")

    path = put(tmp_path, "x.csv.gz", "-")
    monkeypatch.setattr(gzip, "open", lambda *_, **__: Guarded(EXPRESSION))
    assert read_expression(path)[0] == GENES


def test_more_values_than_can_be_handled(tmp_path, monkeypatch):
    path = put(tmp_path, "big.csv", ",c1,c2,c3\na,1,2,3\nb,1,2,3\nc,1,2,x\n")
    monkeypatch.setattr(expression, "MAXIMUM_VALUES", 5)
    # At the second gene: what follows is not read any more.
    with refuses("big.csv", "2 genes x 3 cells are more than 5 values"):
        read_expression(path)


def test_not_text_and_not_csv(tmp_path):
    with refuses("E.csv", "not UTF-8", "ends in .gz"):
        read_expression(put(tmp_path, "E.csv", gzip.compress(EXPRESSION.encode())))
    with refuses("E.csv", "line 3", "not comma-separated"):
        read_expression(put(tmp_path, "E.csv", ',c1,c2,c3\nA,1,2,3\n"B,1,2,3\n'))
    with refuses("E.tsv", "line 3", "tab-separated"):
        read_expression(put(tmp_path, "E.tsv", '\tc1\tc2\tc3\nA\t1\t2\t3\n"B\t1\t2\t3\n'))
    with refuses("E.csv", "separated by semicolons", "comma-separated", "empty or any name"):
        read_expression(put(tmp_path, "E.csv", EXPRESSION.replace(",", ";")))


def test_rows_of_another_length(tmp_path):
    with refuses("E.csv", "line 4 has 2 fields", "5"):
        read_expression(put(tmp_path, "E.csv", EXPRESSION[: EXPRESSION.index("0.25") - 1]))
    with refuses("E.csv", "line 2 has 5 fields", "4", "header must name the first column"):
        read_expression(put(tmp_path, "E.csv", EXPRESSION[1:]))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("abc", "'abc' is not a number"),
        ("1_000", "'1_000' is not a number"),
        ("", "missing (empty field)"),
        ("NA", "missing (NA)"),
        ("nan", "missing (NaN)"),
        ("inf", "inf is not finite"),
        ("-inf", "-inf is not finite"),
        ("-0.5", "-0.5 is negative"),
    ],
)
def test_bad_values_name_the_first_gene_and_cell(tmp_path, value, reason):
    text = f",c1,c2,c3\nA,1,2,3\nB,4,{value},x\nC,-1,-1,-1\n"
    if value in {"nan", "inf", "-inf", "-0.5"}:
        text = text.replace("x", "-7")
    with refuses("E.csv", "gene B, cell c2", reason, "expected counts or log values >= 0"):
        read_expression(put(tmp_path, "E.csv", text))


def test_names_that_are_not_unique_or_empty(tmp_path):
    with refuses("E.csv", "gene A occurs more than once"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\nA,4,5,6\n"))
    with refuses("E.csv", "cell c2 occurs more than once"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c2\nA,1,2,3\nB,4,5,6\n"))
    with refuses("E.csv", "gene number 2 has no name"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\n,4,5,6\n"))
    with refuses("E.csv", "cell number 3 has no name"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,\nA,1,2,3\n"))


def test_too_small(tmp_path):
    with refuses("E.csv", "1 gene, at least 2"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\n"))
    with refuses("E.csv", "0 genes, at least 2"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\n"))
    with refuses("E.csv", "2 cells, at least 3"):
        read_expression(put(tmp_path, "E.csv", ",c1,c2\nA,1,2\nB,1,2\n"))
    assert read_expression(put(tmp_path, "E.csv", ",c1,c2,c3\nA,1,2,3\nB,0,0,0\n"))[2].shape == (
        2,
        3,
    )


# ----------------------------------------------------------------------------- bad pseudotime files


def test_pseudotime_of_other_cells(tmp_path):
    with refuses(
        "P.csv", "1 of 4 cells", "not in the expression matrix", "x9", "exactly the cells"
    ):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("c3", "x9")), CELLS)
    with refuses("P.csv", "1 of 4 cells", "missing", "c3", "empty fields"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("c3,,0.1\n", "")), CELLS)
    with refuses("P.csv", "upper and lower case differ", "C3", "c3"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("c3", "C3")), CELLS)
    with refuses("P.csv", "4 of 4", "c2, c1, c4, ...", "looks transposed"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME), GENES, CELLS)
    with refuses("P.csv", "cell c2 occurs more than once (line 6)"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME + "c2,1,1\n"), CELLS)


@pytest.mark.parametrize("value", ["early", "inf", "1_0"])
def test_pseudotime_that_is_no_number(tmp_path, value):
    text = PSEUDOTIME.replace("0.75", value)
    with refuses("P.csv", "cell c4, column PseudoTime2", f"'{value}'", "not a finite number"):
        read_pseudotime(put(tmp_path, "P.csv", text), CELLS)


def test_pseudotime_columns(tmp_path):
    with refuses("P.csv", "column PseudoTime1 occurs more than once"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("Time2", "Time1")), CELLS)
    with refuses("P.csv", "column number 2 has no name"):
        read_pseudotime(put(tmp_path, "P.csv", PSEUDOTIME.replace("PseudoTime2", "")), CELLS)
    with refuses("P.csv", "column T has no value"):
        read_pseudotime(put(tmp_path, "P.csv", ",T\nc1,\nc2,\nc3,NA\nc4,\n"), CELLS)
    with refuses("P.csv", "Time and Experiment", "BoolODE"):
        read_pseudotime(
            put(tmp_path, "P.csv", "Cell ID,PseudoTime,Time,Experiment\nc1,0,0,1\n"), CELLS
        )


# ------------------------------------------------------------------------------------- bad networks


@pytest.mark.parametrize("column", ["Gene1", "Gene2"])
def test_network_without_a_column(tmp_path, column):
    text = EDGES.replace(column, "TF")
    with refuses("r.csv", f"no column {column}", "found: ", "TF", "Gene1 (regulator)"):
        read_edges(put(tmp_path, "r.csv", text), GENES)


def test_network_of_other_genes(tmp_path):
    text = "Gene1,Gene2\nB,A\nx1,A\nB,x2\nx3,x4\n"
    with refuses("r.csv", "3 of 4 edges", "4 genes: x1, x2, x3, ...", "drop these edges"):
        read_edges(put(tmp_path, "r.csv", text), GENES)
    with refuses("r.csv", "1 of 2 edges", "upper and lower case differ: b there, B here"):
        read_edges(put(tmp_path, "r.csv", "Gene1,Gene2\nb,A\nB,A\n"), GENES)
    with refuses("r.csv", "3 of 3 edges", "looks transposed", "genes in rows"):
        read_edges(put(tmp_path, "r.csv", EDGES), CELLS, GENES)


def test_transposed_folder_says_so(tmp_path):
    table = [line.split(",") for line in EXPRESSION.splitlines()]
    turned = "\n".join(",".join(column) for column in zip(*table, strict=True))
    with refuses("PseudoTime.csv", "looks transposed"):
        read_beeline_folder(beeline_folder(tmp_path / "d", ExpressionData=turned))
    folder = beeline_folder(tmp_path / "e", ExpressionData=turned, PseudoTime=None)
    with refuses("refNetwork.csv", "looks transposed"):
        read_beeline_folder(folder)


def test_network_without_edges_or_complete(tmp_path):
    for text in ("Gene1,Gene2\n", "Gene1,Gene2\nA,A\nB,B\n"):
        with refuses("r.csv", "has no edge (self-loops do not count)"):
            read_edges(put(tmp_path, "r.csv", text), GENES)
    full = "Gene1,Gene2\n" + "".join(f"{a},{b}\n" for a in "ABa" for b in "ABa")
    with refuses("r.csv", "has all 6 possible edges", "3 genes"):
        read_edges(put(tmp_path, "r.csv", full), GENES)
    assert len(read_edges(put(tmp_path, "r.csv", full.replace("A,B\n", "")), GENES)) == 8


def test_network_seen_from_the_regulators(tmp_path):
    path = put(tmp_path, "r.csv", "Gene1,Gene2\nA,B\nA,a\nB,a\n")
    assert len(read_edges(path, GENES, regulators=["B"])) == 3
    with refuses("r.csv", "no edge from a listed regulator"):
        read_edges(path, GENES, regulators=["a"])
    with refuses("r.csv", "all 2 possible edges from a listed regulator"):
        read_edges(path, GENES, regulators=["A"])


def test_bad_rows_of_a_network(tmp_path):
    with refuses("r.csv", "B -> A (line 2)", "Type 'activates'", "expected +, - or nothing"):
        read_edges(put(tmp_path, "r.csv", EDGES.replace("+", "activates", 1)), GENES)
    with refuses("r.csv", "line 3 lacks a gene"):
        read_edges(put(tmp_path, "r.csv", "Gene1,Gene2\nA,B\nA,\n"), GENES)
    with refuses("r.csv", "column Gene1 occurs more than once"):
        read_edges(put(tmp_path, "r.csv", "Gene1,Gene2,Gene1\nA,B,A\n"), GENES)
    with refuses("r.csv", "line 2 has 1 fields", "2"):
        read_edges(put(tmp_path, "r.csv", "Gene1,Gene2\nA\n"), GENES)


# ----------------------------------------------------------------------- bad regulators and folders


def test_bad_regulators(tmp_path):
    with refuses("r.txt", "1 of 2 regulators", "Zzz", "only genes of the matrix"):
        read_regulators(put(tmp_path, "r.txt", "A\nZzz\n"), GENES)
    with refuses("r.txt", "1 of 2", "upper and lower case differ: b there, B here"):
        read_regulators(put(tmp_path, "r.txt", "A\nb\n"), GENES)
    with refuses("r.txt", "2 of 2", "looks transposed", "genes in rows"):
        read_regulators(put(tmp_path, "r.txt", "A\nB\n"), CELLS, GENES)
    with refuses("r.txt", "line 1 has 2 fields", "one name per line"):
        read_regulators(put(tmp_path, "r.txt", "A\tB\n"), GENES)
    with refuses("r.txt", "no regulator", "one gene name per line"):
        read_regulators(put(tmp_path, "r.txt", "TF\n"), GENES)
    with refuses("r.txt", "line 2 has 2 fields", "one name per line"):
        read_regulators(put(tmp_path, "r.txt", "TF\nA,B\n"), GENES)
    with refuses("r.txt", "no such file"):
        read_regulators(tmp_path / "none" / "r.txt", GENES)


def test_bad_folders(tmp_path):
    with refuses("nowhere", "no such folder", "ExpressionData.csv"):
        read_beeline_folder(tmp_path / "nowhere")
    with refuses("a", "neither ExpressionData.csv nor ExpressionData.csv.gz"):
        read_beeline_folder(beeline_folder(tmp_path / "a", ExpressionData=None))
    with refuses("b", "no refNetwork.csv", "GroundTruthNetwork.csv", "name the file"):
        read_beeline_folder(beeline_folder(tmp_path / "b", refNetwork=None))
    with refuses("c", "mine.csv", "no such file"):
        read_beeline_folder(beeline_folder(tmp_path / "c"), edges="mine.csv")


# --------------------------------------------------------------------------------------------- h5ad


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
        expected = (np.arange(12, dtype=np.float32).reshape(4, 3) / 3).T
        data = read_h5ad(path, network, put(tmp_path, "tf.txt", "A\nB\n"), pseudotime=["dpt"])
        assert (data.genes, data.cells, data.regulators) == (GENES, CELLS, ["A", "B"])
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
        with refuses("obs column far, cell c2"):  # so both columns are read
            read_user_data(path, columns)
        regulators = put(tmp_path, "t.txt", "B\n")
        data = read_user_data(path, "dpt", regulators, network, layer="logs")
        assert (data.genes, data.cells, data.regulators) == (GENES, CELLS, ["B"])
        assert list(data.pseudotime.columns) == ["dpt"]
        assert data.expression.max() == np.float32(np.log1p(np.float32(11 / 3)))
        assert len(data.edges) == 3
        alone = read_user_data(path)
        assert (alone.pseudotime, alone.regulators, len(alone.edges)) == (None, None, 0)
        with refuses("no obs column 'P.csv'", "dpt"):
            read_user_data(path, "P.csv")

    def test_barcodes_in_var_look_transposed(self, make_h5ad):
        genes = ["AAACCTGAGAAACCAT-1", "AAACCTGAGAAACCAT-2", "TTTGTCATCTTTAGTC-1"]
        with refuses("data.h5ad", "looks transposed", "var are genes"):
            read_user_data(make_h5ad(genes=genes))

    def test_round_trip_through_beeline_files(self, make_h5ad, network, tmp_path):
        data = read_h5ad(make_h5ad(), network, pseudotime="dpt")
        write_dataset(data, *paths(tmp_path))
        back = read_dataset(*paths(tmp_path))
        np.testing.assert_array_equal(back.expression, data.expression[[2, 0, 1]])
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

    def test_more_in_memory_than_on_disk(self, make_h5ad, monkeypatch):
        """Arrays that were never written take no place in the file: here 8 TB in a few kB."""
        import h5py

        path = make_h5ad()
        with h5py.File(path, "a") as file:
            file["obsm"].create_dataset("bomb", (1_000_000, 1_000_000), "f8", chunks=(1000, 1000))
        assert path.stat().st_size < 100_000
        monkeypatch.setattr("anndata.read_h5ad", lambda path: pytest.fail("was read"))
        with refuses("data.h5ad", "holds 8000000000", "bytes of arrays"):
            read_h5ad(path)

    def test_more_genes_times_cells_than_can_be_handled(self, make_h5ad, monkeypatch):
        path = make_h5ad(x="csr")
        monkeypatch.setattr(expression, "MAXIMUM_VALUES", 11)
        monkeypatch.setattr(
            "scipy.sparse.csr_matrix.toarray", lambda matrix: pytest.fail("was made dense")
        )
        with refuses("data.h5ad", "3 genes x 4 cells are more than 11 values"):
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
        with refuses("data.h5ad", "obs column far, cell c2", "infinite", "NaN"):
            read_h5ad(path, network, pseudotime="far")
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

    def test_text_instead_of_numbers(self, make_h5ad, network, monkeypatch):
        """AnnData itself refuses to write such a matrix, so the reader is given one."""
        anndata = pytest.importorskip("anndata")
        path = make_h5ad()
        content = anndata.read_h5ad(path)
        content.layers["logs"] = np.full((4, 3), "x", dtype=object)
        monkeypatch.setattr(anndata, "read_h5ad", lambda path: content)
        with refuses("data.h5ad", "layer logs", "holds no numbers"):
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


def test_a_matrix_without_names_of_genes_is_refused(tmp_path):
    path = tmp_path / "ExpressionData.csv"
    path.write_text("c0,c1,c2,c3\n0.5,1,2,3\n0.25,3,2,1\n0.1,3,2,1\n")
    with pytest.raises(InputError, match=r"gene names are numbers \(0\.5, 0\.25, \.\.\.\)"):
        read_expression(path)
    path.write_text("gene,c1,c2,c3\n7157,1,2,3\n672,3,2,1\n")  # Entrez
    assert read_expression(path)[0] == ["7157", "672"]
    path.write_text("gene,c1,c2,c3\n0.5,1,2,3\nnan,3,2,1\nGata1,3,2,1\n")
    assert read_expression(path)[0] == ["0.5", "nan", "Gata1"]


# -------------------------------------------------------------------------------------- names alone


@pytest.mark.parametrize(
    "text",
    [
        EXPRESSION,
        EXPRESSION.replace(",", "\t"),
        EXPRESSION.replace("\n", "\r\n") + "\r\n",
        '\ufeff"","c1"," c2","c3"\r\n"A,1",1,2,3\r\n\r\n B ,4,"5",6',
        '\n,c1,c2,c3\n"a\nb",1,2,3\nNA,"4",5,6\n"say ""x""",7,8,9',
        "g,1,2,3\n17,1,2,3\n18,4,5,6\n",  # numbers of genes, as those of Entrez
    ],
)
def test_names_alone_are_those_of_the_matrix(tmp_path, text):
    plain, packed = put(tmp_path, "E.csv", text), tmp_path / "E.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    genes, cells, values = read_expression(plain)
    assert read_names(plain) == read_names(packed) == (genes, cells)
    assert values.shape == (len(genes), len(cells))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "c1;c2;c3\n",
        ",c1,c2,c1\na,1,2,3\nb,1,2,3\n",
        ",c1,,c3\na,1,2,3\nb,1,2,3\n",
        ",c1,c2,c3\na,1,2,3\n",
        ",c1,c2\na,1,2\nb,1,2\n",
        ",c1,c2,c3\na,1,2,3\na,1,2,3\n",
        ",c1,c2,c3\na,1,2,3\n,1,2,3\n",
        ",c1,c2,c3\n0.5,1,2,3\n1e-3,1,2,3\n",
        ",c1,c2,c3\na,1,2,3\nb,1,2\n",  # cut
        "c1,c2,c3\na,1,2,3\nb,1,2,3\n",
        ',c1,c2,c3\na,1,2,3\n"b",1,2\n',
        ',c1,c2,c3\na,1,2,3\n"b,1,2,3\n',
    ],
)
def test_names_alone_are_refused_as_with_the_values(tmp_path, text):
    path = put(tmp_path, "E.csv", text)
    with pytest.raises(InputError) as whole:
        read_expression(path)
    with pytest.raises(InputError) as names:
        read_names(path)
    assert str(names.value) == str(whole.value)


def test_names_alone_do_not_need_the_values(tmp_path):
    path = put(tmp_path, "E.csv", ",c1,c2,c3\na,1,2,x\nb,,-2,3\n")
    assert read_names(path) == (["a", "b"], ["c1", "c2", "c3"])
    with refuses("E.csv.gz", "truncated or damaged"):
        read_names(put(tmp_path, "E.csv.gz", gzip.compress(EXPRESSION.encode() * 50)[:-20]))
    with refuses("E.csv", "not UTF-8"):
        read_names(put(tmp_path, "E.csv", b",c1,c2,c3\n\xff,1,2,3\n"))
