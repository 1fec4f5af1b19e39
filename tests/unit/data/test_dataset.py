"""Reading and writing datasets: whole folders, round trips, real files."""

import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_texts import (
    CELLS,
    EDGES,
    EXPRESSION,
    GENES,
    PSEUDOTIME,
    beeline_folder,
    edge_table,
    paths,
    put,
    refuses,
)
from grn_gat.data import dataset
from grn_gat.data.dataset import (
    Dataset,
    read_dataset,
    write_dataset,
)
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.user_data import read_user_data, read_user_folder


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


# --------------------------------------------------------------------------------------- good input


def test_folder_gives_what_the_files_say(tmp_path):
    data = read_user_folder(beeline_folder(tmp_path / "d"))
    assert data.genes == ["A", "B", "a"]
    assert data.cells == CELLS
    assert data.expression.dtype == np.float64
    np.testing.assert_array_equal(
        data.expression, [[1e-5, 0.25, 7, 8], [0.5, 1, 2, 0], [3, 3, 3, 3]]
    )
    assert list(data.pseudotime.index) == CELLS
    assert list(data.pseudotime.columns) == ["PseudoTime1", "PseudoTime2"]
    np.testing.assert_array_equal(
        data.pseudotime, [[0, np.nan], [0.5, np.nan], [np.nan, 0.1], [1, 0.75]]
    )
    assert data.edges.values.tolist() == [["B", "A", "+"], ["A", "a", "-"], ["B", "B", "+"]]
    assert data.regulators is None


def test_a_folder_may_lack_pseudotime_and_have_gzip(tmp_path):
    folder = beeline_folder(tmp_path / "d", ExpressionData=None, PseudoTime=None)
    put(folder, "ExpressionData.csv.gz", gzip.compress(EXPRESSION.encode()))
    data = read_user_folder(folder)
    assert data.pseudotime is None
    assert data.genes == sorted(GENES)


@pytest.mark.parametrize("place", ["folder", "parent"])
def test_ground_truth_network_is_found(tmp_path, place):
    folder = beeline_folder(tmp_path / "d", refNetwork=None)
    put(folder if place == "folder" else tmp_path, "GroundTruthNetwork.csv", EDGES)
    assert len(read_user_folder(folder).edges) == 3


def test_ref_network_wins_over_ground_truth_and_named_edges_over_both(tmp_path):
    folder = beeline_folder(tmp_path / "d")
    put(folder, "GroundTruthNetwork.csv", "Gene1,Gene2\nB,A\n")
    put(folder, "mine.csv", "Gene1,Gene2\nA,B\na,A\n")
    assert len(read_user_folder(folder).edges) == 3
    assert len(read_user_folder(folder, edges="mine.csv").edges) == 2
    outside = put(tmp_path, "outside.csv", "Gene1,Gene2\nA,B\n")
    assert len(read_user_folder(folder, edges=outside).edges) == 1


def test_regulators_of_a_folder(tmp_path):
    folder = beeline_folder(tmp_path / "d")
    put(folder, "TFs.csv", "TF\nA\nB\n")
    assert read_user_folder(folder, regulators="TFs.csv").regulators == ["A", "B"]


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


def test_round_trip_without_a_reference(tmp_path):
    data = read_user_data(put(tmp_path, "E.csv", EXPRESSION))
    write_dataset(data, *paths(tmp_path))
    assert paths(tmp_path)[2].read_text() == "Gene1,Gene2,Type\n"
    assert len(read_dataset(*paths(tmp_path)).edges) == 0
    assert len(read_edges(paths(tmp_path)[2], GENES, may_be_empty=True)) == 0
    with refuses("refNetwork.csv", "has no edge"):
        read_edges(paths(tmp_path)[2], GENES)
    with refuses("refNetwork.csv", "has no edge"):
        read_user_folder(tmp_path)
    put(tmp_path, "refNetwork.csv", "Gene1,Gene2,Type\nA,A,\n")
    with refuses("refNetwork.csv", "has no edge"):
        read_dataset(*paths(tmp_path))


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

    monkeypatch.setattr(dataset, "numbers", broken)
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
    data = read_user_folder(shared / "data/mCAD-2000-1")
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
        read_user_folder(folder)
    data = read_user_folder(folder, "refNetwork_STRING.csv", "TFs.csv")
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


# --------------------------------------------------------------------------------- what is refused


def test_transposed_folder_says_so(tmp_path):
    table = [line.split(",") for line in EXPRESSION.splitlines()]
    turned = "\n".join(",".join(column) for column in zip(*table, strict=True))
    with refuses("ExpressionData.csv", "looks transposed", "(c1, c2, c3, ...)", "named B, a, A"):
        read_user_folder(beeline_folder(tmp_path / "d", ExpressionData=turned))


def test_bad_folders(tmp_path):
    with refuses("nowhere", "no such folder", "ExpressionData.csv"):
        read_user_folder(tmp_path / "nowhere")
    with refuses("a", "neither ExpressionData.csv nor ExpressionData.csv.gz"):
        read_user_folder(beeline_folder(tmp_path / "a", ExpressionData=None))
    with refuses("b", "no refNetwork.csv", "GroundTruthNetwork.csv", "name the file"):
        read_user_folder(beeline_folder(tmp_path / "b", refNetwork=None))
    with refuses("c", "mine.csv", "no such file"):
        read_user_folder(beeline_folder(tmp_path / "c"), edges="mine.csv")
