"""Ranked edges of a user: what of them is scored, and what is said of the rest."""

import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.predictions import read_predictions

GENES = ["A", "B", "C", "D"]
TFS = ["A", "B"]
PAIRS = [(a, b) for a in TFS for b in GENES if a != b]
FULL = [("A", "B", 3), ("A", "C", -2), ("A", "D", 1), ("B", "A", 5), ("B", "C", 0), ("B", "D", 4)]


@pytest.fixture
def predictions(tmp_path):
    """Scores by pair, and texts of the remarks, of rows of a file."""

    def read(rows):
        path = tmp_path / "rankedEdges.csv"
        lines = ["\t".join(map(str, row)) for row in [("Gene1", "Gene2", "EdgeWeight"), *rows]]
        path.write_text("\n".join(lines) + "\n")
        remarks = Remarks()
        table = read_predictions(path, "cells", GENES, TFS, remarks)
        scores = {(a, b): weight for a, b, weight in table.itertuples(index=False)}
        assert len(scores) == len(table)
        return scores, [remark.text for remark in remarks]

    return read


def test_a_full_file_is_taken_as_it_is(predictions):
    assert predictions(FULL) == ({(a, b): weight for a, b, weight in FULL}, [])


def test_missing_pairs_have_the_score_0(predictions):
    scores, (remark,) = predictions(FULL[:4])
    assert list(scores) == PAIRS
    assert scores == {pair: 0 for pair in PAIRS} | {(a, b): w for a, b, w in FULL[:4]}
    assert remark.startswith("2 of the 6 pairs") and remark.endswith("their score is 0")


def test_what_is_not_scored_is_said(predictions):
    extra = [("A", "X", 9), ("Y", "A", 9), ("C", "A", 7), ("D", "B", 7), ("A", "A", 8)]
    scores, remarks = predictions([*FULL, *extra])
    assert scores == {(a, b): weight for a, b, weight in FULL}
    assert [text.split(" rows")[0] for text in remarks] == ["2 of 11", "1", "2 of 8"]
    assert "lacks: X, Y" in remarks[0] and "no candidate regulator: C, D" in remarks[2]


def test_of_duplicates_the_largest_weight_counts(predictions):
    scores, (remark,) = predictions([("A", "B", 2), *FULL, ("A", "B", -7)])
    assert scores["A", "B"] == -7 and remark.startswith("2 rows of pairs")


def test_one_weight_for_all_is_doubtful(predictions):
    _, (remark,) = predictions([(a, b, 1) for a, b in PAIRS])
    assert "this is no ranking" in remark


def test_a_list_without_edges_is_empty(predictions):
    assert predictions([]) == ({}, [])
    scores, _ = predictions([("C", "A", 1)])  # no candidate regulator
    assert scores == {}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("A", "B", "nan")], "line 2: EdgeWeight is nan; expected a finite number"),
        ([("A", "B", "inf")], "line 2: EdgeWeight is inf"),
        ([("A", "B", "high")], "line 2: EdgeWeight 'high' is not a number"),
        ([("A", "B")], "line 2 has 2 fields, the header has 3"),
        ([("A", "X", 1), ("Y", "Z", 1)], r"3 of its 4 genes \(X, Y, Z\) are none of cells"),
        ([("X", "Y", 1)], "is it of another data set"),
        ([("a", "b", 1)], "upper and lower case differ: a there, A here"),
    ],
)
def test_what_cannot_be_scored_is_one_sentence(predictions, rows, message):
    with pytest.raises(InputError, match=message):
        predictions(rows)
