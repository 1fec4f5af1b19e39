"""From predictions to metrics and curves, worked by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from grn_gat.evaluate.metrics import CALL_METRICS, RANKING_METRICS
from grn_gat.evaluate.regulator_groups import RegulatorGroups
from grn_gat.evaluate.scoring import (
    GRID,
    STABILITY,
    consolidate,
    score_methods,
)

COLUMNS = ["replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]


def predictions(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def metrics_of(methods, signs=None) -> pd.DataFrame:
    return score_methods(methods, signs)["metrics"]


def values(metrics: pd.DataFrame, replicate: int = 1) -> pd.Series:
    """Value by metric of one replicate."""
    return metrics[metrics["replicate"] == replicate].set_index("metric")["value"]


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
    metrics = metrics_of({"gat": SCORED})
    assert list(metrics.columns) == ["method", "replicate", "metric", "value"]
    assert metrics["metric"].tolist() == ["prevalence", *RANKING_METRICS, *CALL_METRICS] * 2
    assert set(metrics["method"]) == {"gat"}
    got = {
        r: dict(zip(m["metric"], m["value"], strict=True)) for r, m in metrics.groupby("replicate")
    }
    # one edge of three; replicate 1 calls it alone (0.6 misses its threshold 0.7)
    assert got[1] == pytest.approx(
        dict.fromkeys(RANKING_METRICS + CALL_METRICS, 1)
        | {"prevalence": 1 / 3}
        | dict.fromkeys([m for m in RANKING_METRICS if m.endswith("_ratio")], 3)
    )
    # replicate 2 calls the other two
    assert got[2]["average_precision"] == pytest.approx(1 / 3)
    assert (got[2]["auroc"], got[2]["accuracy"], got[2]["f1"]) == (0, 0, 0)


def test_a_pair_is_called_where_its_score_reaches_its_threshold():
    table = SCORED[:3].assign(score=[0.5, 0.2, 0.2], threshold=[0.5, 0.2, 0.3])
    metrics = metrics_of({"gat": table})
    value = metrics.set_index("metric")["value"]
    # called: a b (0.5 reaches 0.5), right, and a c (0.2 reaches 0.2), wrong
    assert value[["precision", "recall", "accuracy"]].tolist() == pytest.approx([1 / 2, 1, 2 / 3])


def test_label_free_metrics_where_there_are_calls():
    table = SCORED.assign(called=[1, 0.5, 0, 0.5, 0.5, 0.5], negated_called=0.0)
    metrics = metrics_of({"paper": table, "plain": SCORED})
    value = {
        key: part.set_index("metric")["value"]
        for key, part in metrics.groupby(["method", "replicate"])
    }
    # recall 1/2: accuracy (1 + 1/2) / 2, F1 2 (1/2) / (1 + 1/2)
    for replicate in (1, 2):
        got = value["paper", replicate]
        assert got["label_free_recall"] == 0.5 and got["label_free_precision"] == 1
        assert got["label_free_accuracy"] == 0.75
        assert got["label_free_f1"] == pytest.approx(2 / 3)
    assert not any(metric.startswith("label_free") for metric in value["plain", 1].index)
    # columns of another method, empty for this one, do not count
    metrics = metrics_of({"gat": SCORED.assign(called=np.nan, negated_called=np.nan)})
    assert not metrics["metric"].str.startswith("label_free").any()


def test_curves_by_hand():
    curves = score_methods({"gat": SCORED, "other": SCORED[:3]})["curves"]
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
    both = metrics_of({"one": SCORED, "two": SCORED.assign(score=1 - SCORED["score"])})
    for method, table in (("one", SCORED), ("two", SCORED.assign(score=1 - SCORED["score"]))):
        for replicate in (1, 2):
            alone = metrics_of({method: table[table["replicate"] == replicate]})
            chosen = both[(both["method"] == method) & (both["replicate"] == replicate)]
            pd.testing.assert_frame_equal(chosen.reset_index(drop=True), alone)


def test_tables_with_their_columns():
    got = score_methods({"gat": SCORED})
    assert {name: list(table) for name, table in got.items()} == {
        "metrics": ["method", "replicate", "metric", "value"],
        "regulators": ["method", "replicate", "group", "metric", "value"],
        "curves": ["method", "curve", "x", "y"],
        "stability": ["method", *STABILITY],
    }
    assert STABILITY == ("jaccard", "jaccard_mad", "spearman", "spearman_mad", "runs")
    assert got["stability"].empty  # no signs: not the pairs of a whole network
    assert not metrics_of({"gat": SCORED})["metric"].str.contains("loops|activation").any()


def test_methods_without_predictions_are_left_out():
    nothing = score_methods({"method": SCORED.iloc[:0]}, {})
    assert all(table.empty for table in nothing.values())
    assert list(nothing["curves"]) == ["method", "curve", "x", "y"]
    both = score_methods({"method": SCORED.iloc[:0], "gat": SCORED}, {})
    for name in ("metrics", "curves", "stability"):
        assert set(both[name]["method"]) == {"gat"}


def test_pseudo_values_of_every_method_and_replicate():
    groups = RegulatorGroups(1, "net")
    genes = "abcdefghijkl"
    pairs = [(r, u, v, int(v == "b")) for r in (1, 3) for u in genes for v in genes if u != v]
    table = pd.DataFrame(pairs, columns=["replicate", "Gene1", "Gene2", "edge"])
    table["score"] = -np.random.default_rng(0).random(len(table))
    got = score_methods({"m": table, "n": table[table["replicate"] == 3]}, groups=groups)
    values = got["regulators"].set_index(["method", "replicate"]).sort_index()
    part = table[table["replicate"] == 3]
    code = part["Gene1"].map(genes.index).to_numpy()
    expected = groups.table(code, part["edge"].to_numpy() == 1, -part["score"].to_numpy())
    for key in (("m", 3), ("n", 3)):
        own = values.loc[key].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, expected, check_dtype=False)
    assert len(values) == 3 * len(expected) and len(expected) == 12 * 4
    assert score_methods({"m": table})["regulators"].empty


def test_the_magnitude_of_a_score_counts():
    signed = SCORED.assign(score=SCORED["score"] * [-1, 1, -1, 1, -1, 1])
    plain = SCORED.drop(columns="threshold")
    for name in ("metrics", "curves"):
        pd.testing.assert_frame_equal(
            score_methods({"m": signed.drop(columns="threshold")})[name],
            score_methods({"m": plain})[name],
        )
    # calls too: |-0.9| reaches 0.5
    assert values(metrics_of({"m": signed}))["recall"] == 1


def test_no_calls_without_a_threshold():
    metrics = metrics_of({"clr": SCORED.drop(columns=["threshold", "fold"])})
    assert metrics["metric"].tolist() == ["prevalence", *RANKING_METRICS] * 2


# Reference: a -> b (+), b -> c (-), a -> c (+) and c -> a (sign unknown): a feed-forward loop, a
# feedback loop a -> b -> c -> a and the mutual pair a, c.
SIGNS = {("a", "b"): 1, ("b", "c"): -1, ("a", "c"): 1, ("c", "a"): 0}


def network(scores: dict[tuple[str, str], float], replicate: int = 1) -> pd.DataFrame:
    """All pairs of the genes a to c with their scores, 0 where none is given."""
    pairs = [(u, v) for u in "abc" for v in "abc" if u != v]
    rows = [(replicate, u, v, int((u, v) in SIGNS), scores.get((u, v), 0.0)) for u, v in pairs]
    return pd.DataFrame(rows, columns=["replicate", "Gene1", "Gene2", "edge", "score"])


def test_signed_early_precision_by_hand():
    scored = network(
        {
            ("a", "b"): 0.9,
            ("b", "c"): -0.8,
            ("b", "a"): 0.7,
            ("a", "c"): 0.6,
            ("c", "a"): 0.5,
            ("c", "b"): 0.4,
        }
    )
    got = values(metrics_of({"m": scored}, SIGNS))
    # Activation: 2 edges, left out b -> c (-) and c -> a (?). Of the 4 others the first two are
    # a -> b and the wrong b -> a: 1/2, over 2/4 (or, as BEELINE, over 2/6).
    assert got["early_precision_ratio_activation"] == pytest.approx(1)
    assert got["early_precision_ratio_activation_beeline"] == pytest.approx(1.5)
    # Repression: of b -> c, b -> a, c -> b (3 left) the first is right: 1, over 1/3 (or 1/6).
    assert got["early_precision_ratio_repression"] == pytest.approx(3)
    assert got["early_precision_ratio_repression_beeline"] == pytest.approx(6)
    # No edge of the sign: not defined.
    plain = dict.fromkeys(SIGNS, 1)
    got = values(metrics_of({"m": scored}, plain))
    assert math.isnan(got["early_precision_ratio_repression"])


def test_motifs_by_hand():
    # The first four: a -> b, b -> c, c -> a (a feedback loop) and b -> a (a mutual pair). Two of
    # three paths close: b -> c -> a with b -> a only.
    scored = network(
        {("a", "b"): 4, ("b", "c"): -3, ("c", "a"): 2, ("b", "a"): -1.5, ("a", "c"): 0.1}
    )
    got = values(metrics_of({"m": scored}, SIGNS))
    names = ["feedback_loops", "feed_forward_loops", "mutual_pairs"]
    assert got[names].tolist() == [1, 1, 1]
    assert got[[f"{name}_ratio" for name in names]].tolist() == [1, 1, 1]
    # The first three without c -> a: a -> b, b -> c and a -> c, then c -> b: one feed-forward loop
    # a -> b -> c, another a -> c -> b, no cycle, the mutual pair b, c.
    scored = network({("a", "b"): 4, ("b", "c"): 3, ("a", "c"): 2, ("c", "b"): 1})
    got = values(metrics_of({"m": scored}, SIGNS))
    assert got[names].tolist() == [0, 2, 1]
    assert got[[f"{name}_ratio" for name in names]].tolist() == [0, 2, 1]


MOTIFS = [
    f"{name}{suffix}"
    for name in ("feedback_loops", "feed_forward_loops", "mutual_pairs")
    for suffix in ("", "_ratio")
]


def test_pairs_with_score_zero_are_no_edges_of_motifs():
    # Four edges in the reference, two with a score: a -> b -> a. Filled up with the first zeros
    # (a -> c, b -> c) there would be feed-forward loops.
    got = values(metrics_of({"m": network({("a", "b"): 2, ("b", "a"): -1})}, SIGNS))
    assert got[MOTIFS].tolist() == [0, 0, 0, 0, 1, 1]
    # pairs without an edge do not matter: |score| counts, as everywhere
    got = values(metrics_of({"m": network({("a", "b"): -2, ("b", "a"): -1})}, SIGNS))
    assert got[MOTIFS].tolist() == [0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("score", [0.0, 0.7])
def test_one_score_for_all_pairs_has_no_motifs(score):
    got = values(metrics_of({"m": network({}).assign(score=score)}, SIGNS))
    assert set(MOTIFS) <= set(got.index) and got[MOTIFS].isna().all()
    assert got["auroc"] == 0.5  # the other metrics are defined
    # the magnitude is the same too where signs differ
    signs = [score, -score] * 3
    got = values(metrics_of({"m": network({}).assign(score=signs)}, SIGNS))
    assert got[MOTIFS].isna().all()


FUNCTIONAL = ("average_precision", "auroc", "auprc_beeline", "early_precision_ratio")


def test_metrics_on_functional_edges_by_hand():
    # a -> c is listed, but no rule depends on it: an edge that is no functional one.
    known = frozenset({("a", "b"), ("b", "c"), ("c", "a"), ("x", "y")})
    scored = network({("a", "c"): 9, ("a", "b"): 8, ("b", "c"): -7, ("c", "a"): 6, ("b", "a"): 1})
    got = score_methods({"m": pd.concat([scored, scored.assign(replicate=2)])}, SIGNS, known)
    for replicate in (1, 2):
        value = values(got["metrics"], replicate)
        names = [name for name in value.index if name.startswith("functional_")]
        assert names == [f"functional_{name}" for name in FUNCTIONAL]
        # all four edges first
        assert value["average_precision"] == value["auroc"] == 1
        # functional ones in places 2, 3 and 4: 1/2, 2/3 and 3/4; 6 of 9 pairs in order
        expected = (1 / 2 + 2 / 3 + 3 / 4) / 3
        assert value["functional_average_precision"] == pytest.approx(expected)
        assert value["functional_auroc"] == pytest.approx(6 / 9)
        # two of the first three, over 3 of 6
        assert value["functional_early_precision_ratio"] == pytest.approx(4 / 3)
    # everything else is as without
    plain = score_methods({"m": pd.concat([scored, scored.assign(replicate=2)])}, SIGNS)
    rest = got["metrics"][~got["metrics"]["metric"].str.startswith("functional_")]
    pd.testing.assert_frame_equal(rest.reset_index(drop=True), plain["metrics"])
    for name in ("curves", "stability"):
        pd.testing.assert_frame_equal(got[name], plain[name])


def test_all_edges_functional_gives_the_same_values():
    scored = network({("a", "b"): 3, ("c", "b"): 2, ("b", "c"): 1})
    value = values(score_methods({"m": scored}, None, set(SIGNS))["metrics"])
    for name in FUNCTIONAL:
        assert value[f"functional_{name}"] == value[name]


def test_stability_by_hand():
    first = network({("a", "b"): 6, ("a", "c"): 5, ("b", "a"): 4, ("b", "c"): 3, ("c", "a"): 2})
    # the first four of the second: c -> a in place of b -> c
    second = network(
        {("a", "b"): 6, ("a", "c"): 5, ("b", "a"): 4, ("b", "c"): 2, ("c", "a"): 3}, replicate=2
    )
    got = score_methods({"m": pd.concat([second, first])}, SIGNS)["stability"]
    row = got.iloc[0]
    assert (row["method"], row["runs"]) == ("m", 2)
    assert row["jaccard"] == pytest.approx(3 / 5) and row["jaccard_mad"] == 0
    # rank differences 1 and -1: 1 - 6 * 2 / (6 * 35)
    assert row["spearman"] == pytest.approx(1 - 12 / 210) and row["spearman_mad"] == 0
    # with signs: the negated scores agree in magnitude and disagree in rank
    second = first.assign(replicate=2, score=-first["score"])
    row = score_methods({"m": pd.concat([first, second])}, SIGNS)["stability"].iloc[0]
    assert row["jaccard"] == 1 and row["spearman"] == pytest.approx(-1)


def test_no_stability_where_replicates_have_other_pairs_or_there_is_one():
    first, second = network({("a", "b"): 1}), network({("b", "c"): 1}, replicate=2)
    got = score_methods({"m": pd.concat([first, second.iloc[:-1]])}, SIGNS)["stability"]
    assert got.iloc[0]["method"] == "m" and got[list(STABILITY)].isna().all().all()
    row = score_methods({"m": first}, SIGNS)["stability"].iloc[0]
    assert row["runs"] == 1 and math.isnan(row["jaccard"]) and math.isnan(row["spearman"])
