"""Tables of scores of one network: what is read, what is added, and in which order it stands."""

import pandas as pd
import pytest

from grn_gat.core.files import write_table
from grn_gat.data.ranked_edges import write_ranked_edges
from grn_gat.evaluate import score_tables
from grn_gat.evaluate.score_tables import (
    FAILURE_COLUMNS,
    ScoreTables,
    method_predictions,
    over_seeds,
    pairs_of_replicates,
    protocol_failures,
    read_rankings,
)
from grn_gat.evaluate.scoring import score_methods

PAIRS = pd.DataFrame(
    [(1, a, b, int(a + b in ("ab", "bc"))) for a in "abc" for b in "abc" if a != b],
    columns=["replicate", "Gene1", "Gene2", "edge"],
)
SCORED = PAIRS.assign(score=[0.9, 0.1, 0.3, 0.2, 0.4, 0.5])


@pytest.fixture
def rankings(tmp_path) -> dict[int, str]:
    """Ranked edges of replicates 1 and 3."""
    edges = {1: [("b", "c", -2.5), ("a", "b", 0.5), ("x", "a", 9)], 3: [("c", "a", 1)]}
    for replicate, rows in edges.items():
        write_ranked_edges(tmp_path / f"{replicate}.csv", *zip(*rows, strict=True))
    return {replicate: tmp_path / f"{replicate}.csv" for replicate in edges}


def test_predictions_of_a_method(rankings):
    pairs = pd.concat([PAIRS.assign(replicate=r) for r in (1, 2, 3)])
    before = pairs.copy()
    got = method_predictions(pairs, rankings)
    pd.testing.assert_frame_equal(pairs, before)
    assert list(got) == ["replicate", "Gene1", "Gene2", "edge", "score"]
    assert got.index.tolist() == list(range(12)) and got["replicate"].tolist() == [1] * 6 + [3] * 6
    listed = {
        (row.replicate, row.Gene1, row.Gene2): row.score for row in got.itertuples() if row.score
    }
    assert listed == {(1, "b", "c"): -2.5, (1, "a", "b"): 0.5, (3, "c", "a"): 1}
    assert got["edge"].tolist() == pairs[pairs["replicate"] != 2]["edge"].tolist()


def test_predictions_of_a_method_that_failed_everywhere(rankings):
    got = method_predictions(PAIRS, {})
    assert got.empty and list(got) == ["replicate", "Gene1", "Gene2", "edge", "score"]
    assert score_methods({"m": got}, {})["metrics"].empty


def scores(method: str, value: float) -> dict[str, pd.DataFrame]:
    metric = {"method": [method], "replicate": 1, "metric": "auroc", "value": value}
    return {
        "metrics": pd.DataFrame(metric),
        "curves": pd.DataFrame({"method": [method], "curve": "pr", "x": 0, "y": value}),
        "stability": pd.DataFrame({"method": [method], "jaccard": value}),
    }


def test_tables_of_a_network(monkeypatch):
    monkeypatch.setattr(score_tables, "score_methods", lambda scores, *_: scores)
    tables = ScoreTables("net", "pair", ["000", "050"])
    given = scores("gat", 0.1)
    tables.add(given, 2, "050")
    tables.add(scores("gat", 0.2), 2, "000")
    tables.add(scores("gat", 0.3), 1, "000")
    tables.add(scores("control", 0.4), 7)  # the same at every level
    tables.add(scores("method", 0.5), 0, "050")
    assert list(given["metrics"]) == ["method", "replicate", "metric", "value"]
    got = tables.tables()
    keys = ["network", "dropout", "protocol", "method", "seed"]
    assert {name: list(table) for name, table in got.items()} == {
        "metrics": [*keys, "replicate", "metric", "value"],
        "curves": [*keys, "curve", "x", "y"],
        "stability": [*keys, "jaccard"],
    }
    for name, value in (("metrics", "value"), ("curves", "y"), ("stability", "jaccard")):
        table = got[name]
        assert set(table["network"]) == {"net"} and set(table["protocol"]) == {"pair"}
        # by dropout, then method as added, then seed
        assert table[["dropout", "method", "seed", value]].to_numpy().tolist() == [
            [0, "gat", 1, 0.3],
            [0, "gat", 2, 0.2],
            [0, "control", 7, 0.4],
            [50, "gat", 2, 0.1],
            [50, "control", 7, 0.4],
            [50, "method", 0, 0.5],
        ]
        assert table.index.tolist() == list(range(6))


def test_tables_of_methods_that_failed_everywhere():
    tables = ScoreTables("net", "unsupervised", ["000"], {})
    tables.add({"method": SCORED.iloc[:0]}, 0, "000")
    got = tables.tables()
    assert all(table.empty for table in got.values())
    keys = ["network", "dropout", "protocol", "method", "seed"]
    assert list(got["metrics"]) == [*keys, "replicate", "metric", "value"]
    tables.add({"gat": SCORED}, 0, "000")
    assert set(tables.tables()["metrics"]["method"]) == {"gat"}


def test_pairs_are_those_of_every_replicate():
    edges = pd.DataFrame([("a", "b", "+"), ("b", "c", "-")], columns=["Gene1", "Gene2", "Type"])
    got = pairs_of_replicates(edges, ["a", "b"], [2, 5])
    assert got["replicate"].tolist() == [2] * 4 + [5] * 4 and got.index.tolist() == list(range(8))
    assert set(got["Gene1"]) == {"a", "b"} and got["edge"].sum() == 4


def test_reasons_of_splits_are_said_once_and_name_the_seeds_that_differ():
    rows = [
        ("a", "gene", 1, "failed", "few genes"), ("a", "gene", 2, "failed", "few genes"),
        ("a", "pair", 1, "ok", ""), ("a", "pair", 2, "failed", "few edges"),
        ("b", "regulator", 1, "ok", "3 folds"), ("b", "regulator", 2, "ok", "3 folds"),
    ]  # fmt: skip
    status = pd.DataFrame(rows, columns=["network", "protocol", "seed", "status", "reason"])
    assert over_seeds(status).to_numpy().tolist() == [
        ["a", "gene", "failed", "few genes"],
        ["a", "pair", "failed", "few edges (seeds 2)"],
        ["b", "regulator", "ok", "3 folds"],
    ]
    assert protocol_failures(status).to_numpy().tolist() == [
        ["a", "all", 0, "gat", "protocol gene: few genes"],
        ["a", "all", 0, "gat", "protocol pair: few edges (seeds 2)"],
    ]
    assert list(protocol_failures(status)) == FAILURE_COLUMNS
    fine = status.assign(status="ok", reason="")
    assert over_seeds(fine).empty and protocol_failures(fine).empty


def test_rankings_and_failures_are_told_apart(tmp_path):
    axes = [("clr", 1, "000"), ("clr", 2, "000"), ("leap", 1, "050"), ("clr", 1, "050")]
    reasons = ["", "no variation", "no pseudotime", ""]
    files = [f"ranked-{i}" for i in range(4)]
    status = [tmp_path / f"{i}.tsv" for i in range(4)]
    for path, reason in zip(status, reasons, strict=True):
        row = {"method": "", "status": "failed" if reason else "ok", "reason": reason}
        write_table(pd.DataFrame([row]), path)
    rankings, failures = read_rankings("net", axes, files, status)
    assert rankings == {
        ("clr", "000"): {1: "ranked-0"},
        ("leap", "050"): {},
        ("clr", "050"): {1: "ranked-3"},
    }
    assert failures.to_numpy().tolist() == [
        ["net", 0, 2, "clr", "no variation"],
        ["net", 50, 1, "leap", "no pseudotime"],
    ]
    assert list(read_rankings("net", [], [], [])[1]) == score_tables.FAILURE_COLUMNS
