"""Reading reference networks: what is known of the sign, the universe, and what is refused."""

import pytest

from data_texts import (
    CELLS,
    EDGES,
    GENES,
    put,
    refuses,
)
from grn_gat.core.remarks import Remarks
from grn_gat.data.edges import read_edges


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


def test_self_loops_enlarge_the_universe(tmp_path):
    """A<->B alone is complete; a self-loop of a third gene makes four more pairs possible."""
    text = "Gene1,Gene2\nA,B\nB,A\n"
    with refuses("all 2 possible edges"):
        read_edges(put(tmp_path, "r.csv", text), GENES)
    assert len(read_edges(put(tmp_path, "r.csv", text + "a,a\n"), GENES)) == 3


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


def test_edges_that_are_not_scored_are_told(tmp_path):
    path = tmp_path / "net.csv"
    path.write_text("Gene1,Gene2\nA,B\nB,C\nC,A\nC,C\nB,A\n")
    remarks = Remarks()
    edges = read_edges(path, ["A", "B", "C", "D"], regulators=["A", "D"], remarks=remarks)
    assert len(edges) == 5  # they stay in the reference, whose genes they name
    (remark,) = remarks
    assert remark.text == (
        "3 of 4 edges from what is scored, as they start at 2 genes that are no candidate "
        "regulators: B, C"
    )
    told = Remarks()
    read_edges(path, ["A", "B", "C"], regulators=["A", "B", "C"], remarks=told)
    read_edges(path, ["A", "B", "C"], remarks=told)
    assert not len(told)
