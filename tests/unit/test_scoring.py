"""From predictions to metrics and curves, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.metrics import CALL_METRICS, RANKING_METRICS
from grn_gat.scoring import GRID, consolidate, score_methods

COLUMNS = ["replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]


def predictions(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


# Replicate 1 has a right order, replicate 2 a wrong one.
SCORED = predictions(
    (1, 1, "a", "b", 1, 0.9, 0.5),
    (1, 2, "a", "c", 0, 0.6, 0.7),
    (1, 1, "b", "a", 0, 0.1, 0.5),
    (2, 1, "a", "b", 1, 0.1, 0.5),
    (2, 2, "a", "c", 0, 0.6, 0.5),
    (2, 1, "b", "a", 0, 0.9, 0.5),
)


def test_pairs_tested_twice_are_averaged():
    got = consolidate(
        predictions(
            (1, 2, "b", "a", 1, 0.8, 0.1),
            (1, 1, "a", "b", 0, 0.3, 0.4),
            (2, 3, "a", "b", 0, 0.5, 0.5),
            (1, 3, "b", "a", 1, 0.4, 0.5),
        )
    )
    # b -> a of replicate 1: score (0.8 + 0.4) / 2, threshold (0.1 + 0.5) / 2; sorted
    assert list(got.columns) == ["replicate", "Gene1", "Gene2", "edge", "score", "threshold"]
    assert got[["replicate", "Gene1", "Gene2", "edge"]].to_numpy().tolist() == [
        [1, "a", "b", 0],
        [1, "b", "a", 1],
        [2, "a", "b", 0],
    ]
    assert got["score"].tolist() == pytest.approx([0.3, 0.6, 0.5])
    assert got["threshold"].tolist() == pytest.approx([0.4, 0.3, 0.5])


def test_order_of_the_rows_does_not_matter():
    for seed in range(3):
        mixed = SCORED.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(consolidate(mixed), consolidate(SCORED))


def test_called_shares_are_kept_where_they_are():
    table = SCORED.assign(called=[1, 0.5, 0, 0, 0, 0], negated_called=0.0)
    got = consolidate(pd.concat([table, table.assign(called=0.5)]))
    assert got["called"].tolist() == [0.75, 0.5, 0.25, 0.25, 0.25, 0.25]
    assert "called" not in consolidate(SCORED)


def test_metrics_by_hand():
    metrics, _ = score_methods({"gat": SCORED})
    assert list(metrics.columns) == ["method", "replicate", "metric", "value"]
    assert metrics["metric"].tolist() == ["prevalence", *RANKING_METRICS, *CALL_METRICS] * 2
    assert set(metrics["method"]) == {"gat"}
    got = {
        r: dict(zip(m["metric"], m["value"], strict=True)) for r, m in metrics.groupby("replicate")
    }
    # one edge of three; replicate 1 calls it alone (0.6 misses its threshold 0.7)
    assert got[1] == pytest.approx(
        dict.fromkeys(RANKING_METRICS + CALL_METRICS, 1)
        | {"prevalence": 1 / 3, "early_precision_ratio": 3}
    )
    # replicate 2 calls the other two
    assert got[2]["average_precision"] == pytest.approx(1 / 3)
    assert (got[2]["auroc"], got[2]["accuracy"], got[2]["f1"]) == (0, 0, 0)


def test_a_pair_is_called_where_its_score_reaches_its_threshold():
    table = SCORED[:3].assign(score=[0.5, 0.2, 0.2], threshold=[0.5, 0.2, 0.3])
    metrics, _ = score_methods({"gat": table})
    value = metrics.set_index("metric")["value"]
    # called: a b (0.5 reaches 0.5), right, and a c (0.2 reaches 0.2), wrong
    assert value[["precision", "recall", "accuracy"]].tolist() == pytest.approx([1 / 2, 1, 2 / 3])


def test_label_free_metrics_where_there_are_calls():
    table = SCORED.assign(called=[1, 0.5, 0, 0.5, 0.5, 0.5], negated_called=0.0)
    metrics, _ = score_methods({"published": table, "plain": SCORED})
    value = {
        key: part.set_index("metric")["value"]
        for key, part in metrics.groupby(["method", "replicate"])
    }
    # recall 1/2: accuracy (1 + 1/2) / 2, F1 2 (1/2) / (1 + 1/2)
    for replicate in (1, 2):
        got = value["published", replicate]
        assert got["label_free_recall"] == 0.5 and got["label_free_precision"] == 1
        assert got["label_free_accuracy"] == 0.75
        assert got["label_free_f1"] == pytest.approx(2 / 3)
    assert not any(metric.startswith("label_free") for metric in value["plain", 1].index)
    # columns of another method, empty for this one, do not count
    metrics, _ = score_methods({"gat": SCORED.assign(called=np.nan, negated_called=np.nan)})
    assert not metrics["metric"].str.startswith("label_free").any()


def test_curves_by_hand():
    _, curves = score_methods({"gat": SCORED, "other": SCORED[:3]})
    assert list(curves.columns) == ["method", "curve", "x", "y"]
    assert curves.groupby(["method", "curve"]).size().to_dict() == {
        ("gat", "pr"): 51,
        ("gat", "roc"): 51,
        ("other", "pr"): 51,
        ("other", "roc"): 51,
    }
    pr, roc = (
        curves.query("method == 'gat' and curve == @name")["y"].to_numpy() for name in ("pr", "roc")
    )
    # PR: 1 at all recalls in replicate 1. In replicate 2 the edge comes third: 0 at recall 0, 1/3
    assert pr[0] == 0.5 and pr[1:] == pytest.approx(np.full(50, (1 + 1 / 3) / 2))
    # ROC: 1 everywhere in replicate 1; 0 up to the corner in replicate 2
    assert roc[:-1] == pytest.approx(np.full(50, 0.5)) and roc[-1] == 1
    other = curves.query("method == 'other' and curve == 'pr'")
    assert other["x"].tolist() == GRID.tolist() and (other["y"] == 1).all()


def test_replicates_and_methods_do_not_mix():
    both, _ = score_methods({"one": SCORED, "two": SCORED.assign(score=1 - SCORED["score"])})
    for method, table in (("one", SCORED), ("two", SCORED.assign(score=1 - SCORED["score"]))):
        for replicate in (1, 2):
            alone, _ = score_methods({method: table[table["replicate"] == replicate]})
            chosen = both[(both["method"] == method) & (both["replicate"] == replicate)]
            pd.testing.assert_frame_equal(chosen.reset_index(drop=True), alone)
