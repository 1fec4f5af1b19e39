"""Summaries over seeds and replicates, their intervals, and verdicts against the controls."""

import math

import numpy as np
import pandas as pd
import pytest

from grn_gat.metrics import two_way_bootstrap
from grn_gat.tables import compare_with_controls, mean_over_replicates, summarise

KEYS = {"network": "net", "dropout": 0, "protocol": "pair"}


def long(values, method: str = "gat", metric: str = "average_precision", **keys) -> pd.DataFrame:
    """(seeds, replicates) values as rows; seeds and replicates count from 1."""
    rows = [
        KEYS
        | {"method": method, "seed": s, "replicate": r, "metric": metric, "value": value}
        | keys
        for s, row in enumerate(values, start=1)
        for r, value in enumerate(row, start=1)
    ]
    return pd.DataFrame(rows)


def test_mean_over_replicates_by_hand():
    table = pd.concat([long([[1, 2], [3, 7]]), long([[0, 1], [1, 1]], "random")])
    got = mean_over_replicates(table)
    assert list(got.columns) == [*KEYS, "method", "seed", "metric", "value"]
    assert got[["method", "seed", "value"]].to_numpy().tolist() == [
        ["gat", 1, 1.5],
        ["gat", 2, 5],
        ["random", 1, 0.5],
        ["random", 2, 1],
    ]


def test_summary_by_hand():
    table = pd.concat([long([[1, 2], [3, 6]]), long([[0.5]], metric="auroc", dropout=50)])
    got = summarise(table, 1, 2000)
    columns = [*KEYS, "method", "metric", "mean", "sd", "low", "high", "n"]
    assert list(got.columns) == columns
    first, second = got.to_dict("records")
    assert (first["mean"], first["n"]) == (3, 4)
    assert first["sd"] == pytest.approx(math.sqrt(14 / 3))  # deviations -2 -1 0 3
    # The extremes: one seed and one replicate twice, each with probability 1/16.
    assert (first["low"], first["high"]) == (1, 6)
    assert (second["dropout"], second["metric"], second["n"]) == (50, "auroc", 1)
    assert second["mean"] == 0.5
    assert all(math.isnan(second[key]) for key in ("sd", "low", "high"))


def test_undefined_values_are_left_out():
    got = summarise(long([[1, np.nan], [3, 5]]), 1, 500).iloc[0]
    assert (got["mean"], got["sd"], got["n"]) == (3, 2, 3)
    assert 1 <= got["low"] < 3 < got["high"] <= 5
    got = summarise(long([[np.nan, np.nan]]), 1, 500).iloc[0]
    assert got["n"] == 0 and got[["mean", "sd", "low", "high"]].isna().all()


def test_intervals_do_not_depend_on_the_rest_of_the_table():
    rng = np.random.default_rng(0)
    one, two = long(rng.random((3, 4))), long(rng.random((3, 4)), "random")
    alone = summarise(one, 7, 300).iloc[0]
    with_other = summarise(pd.concat([two, one]), 7, 300).iloc[1]
    assert alone.to_dict() == with_other.to_dict()
    assert alone["low"] != summarise(one, 8, 300).iloc[0]["low"]


def test_two_way_interval_holds_the_mean():
    for seed in range(5):
        values = np.random.default_rng(seed).random((4, 6))
        low, high = two_way_bootstrap(values, np.random.default_rng(0))
        assert low < values.mean() < high
        assert values.min() <= low and high <= values.max()


def test_two_way_interval_of_one_row_or_column_is_the_t_interval():
    values = np.random.default_rng(1).normal(3, 2, size=200)
    # t interval of a mean; the bootstrap's own spread is smaller by sqrt(199 / 200)
    half = 1.972 * values.std(ddof=1) / 200**0.5
    for shape in ((1, 200), (200, 1)):
        got = two_way_bootstrap(values.reshape(shape), np.random.default_rng(3), n_resamples=9000)
        assert got == pytest.approx((values.mean() - half, values.mean() + half), abs=0.03)
    # means 0, 1/2 and 1 with probability 1/4, 1/2, 1/4
    got = two_way_bootstrap(np.array([[0.0, 1.0]]), np.random.default_rng(3), level=0.1)
    assert got == (0.5, 0.5)


def test_interval_of_five_values_covers_their_mean():
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(300):
        low, high = two_way_bootstrap(rng.normal(size=(5, 1)), rng, n_resamples=2000)
        covered += low <= 0 <= high
    # A plain percentile interval of five values covers 82 % only; 95 % is meant.
    assert covered / 300 > 0.9


@pytest.mark.parametrize("axis", [0, 1])
def test_two_way_interval_is_wider_where_values_share_an_effect(axis):
    rng = np.random.default_rng(4)
    effect = np.expand_dims(np.linspace(0, 1, 8), axis)
    values = effect + 0.05 * rng.random((8, 8))  # eight replicates (or seeds) that differ
    low, high = two_way_bootstrap(values, np.random.default_rng(0))
    naive = two_way_bootstrap(values.reshape(1, -1), np.random.default_rng(0))
    # a mean of 8 effects, not of 64: wider by sqrt(8), 2.8, and by the t quantile of so few, 1.2
    assert 2.5 < (high - low) / (naive[1] - naive[0]) < 4.5


def test_two_way_interval_leaves_out_what_is_undefined():
    values = np.array([[0.25, np.nan], [np.nan, 0.75]])
    low, high = two_way_bootstrap(values, np.random.default_rng(0))
    assert (low, high) == (0.25, 0.75)
    assert not any(map(math.isnan, two_way_bootstrap(values, np.random.default_rng(1))))
    for single in (np.array([[0.5]]), np.array([[0.5, np.nan]]), np.full((2, 2), np.nan)):
        assert all(map(math.isnan, two_way_bootstrap(single, np.random.default_rng(0))))


def test_level_and_resamples():
    values = np.random.default_rng(5).random((5, 5))
    narrow = two_way_bootstrap(values, np.random.default_rng(0), level=0.5)
    wide = two_way_bootstrap(values, np.random.default_rng(0), level=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    again = two_way_bootstrap(values, np.random.default_rng(0), level=0.5)
    assert again == narrow


def test_comparison_by_hand():
    gat = [[0.5, 0.6], [0.7, 0.8]]
    four = (2, 2)  # the values by hand, twice in both directions: 4 seeds, 4 replicates
    table = pd.concat(
        [
            long(np.tile(gat, four)),
            long(np.tile([[0.4, 0.4], [0.5, 0.5]], four), "random"),  # 0.1 0.2 0.2 0.3 less
            long(np.tile([[0.7, 0.7], [0.8, 0.9]], four), "degree-product"),  # 0.2 0.1 0.1 0.1 more
            long(np.tile([[0.6, 0.5], [0.6, 0.9]], four), "degree-sum"),  # -0.1 0.1 0.1 -0.1
            long(
                np.tile([[0.2, 0.2], [0.2, 0.2]], four), "majority"
            ),  # one score for all pairs: by AUROC only
            long(np.tile([[0.0, 0.0], [0.0, 0.0]], four), "random", metric="f1"),  # another metric
        ]
    )
    got = compare_with_controls(table, 1, 1000)
    assert list(got.columns) == [
        *KEYS,
        "metric",
        "control",
        "gat",
        "control_value",
        "difference",
        "low",
        "high",
        "n",
        "verdict",
    ]
    rows = got.set_index("control").to_dict("index")
    assert list(rows) == ["random", "degree-product", "degree-sum"]
    better, worse, neither = rows.values()
    assert [r["verdict"] for r in rows.values()] == ["better", "worse", "no difference"]
    assert [r["gat"] for r in rows.values()] == pytest.approx([0.65] * 3)
    assert [r["control_value"] for r in rows.values()] == pytest.approx([0.45, 0.775, 0.65])
    assert [r["difference"] for r in rows.values()] == pytest.approx([0.2, -0.125, 0])
    assert {r["n"] for r in rows.values()} == {16}
    # no mean of resamples is outside of the single values
    assert 0.1 - 1e-9 <= better["low"] < 0.2 < better["high"] <= 0.3 + 1e-9
    assert -0.2 - 1e-9 <= worse["low"] < -0.125 < worse["high"] <= -0.1 + 1e-9
    assert neither["low"] < 0 < neither["high"]


def test_differences_are_paired():
    # seeds and replicates differ widely, the difference hardly
    rng = np.random.default_rng(6)
    gat = 10 * rng.random((4, 5))
    table = pd.concat([long(gat), long(gat - 0.1 - 0.01 * rng.random((4, 5)), "random")])
    got = compare_with_controls(table, 1, 1000).iloc[0]
    assert got["verdict"] == "better" and 0.1 < got["low"] < got["high"] < 0.11
    shuffled = table.sample(frac=1, random_state=0)
    again = compare_with_controls(shuffled, 1, 1000).iloc[0]
    assert again["difference"] == pytest.approx(got["difference"])


def test_equal_scores_are_no_difference():
    same = np.tile([[0.5, 0.6], [0.7, 0.8]], (2, 2))
    got = compare_with_controls(pd.concat([long(same), long(same, "random")]), 1, 300).iloc[0]
    assert (got["low"], got["high"], got["verdict"]) == (0, 0, "no difference")


def test_a_single_value_gives_no_verdict_of_better():
    got = compare_with_controls(pd.concat([long([[0.9]]), long([[0.1]], "random")]), 1, 300)
    row = got.iloc[0]
    assert row["verdict"] == "not determined" and row["n"] == 1 and math.isnan(row["low"])


@pytest.mark.parametrize(("seeds", "replicates"), [(4, 2), (3, 10), (5, 1), (2, 2)])
def test_few_seeds_or_replicates_give_no_verdict(seeds, replicates):
    gat = 0.9 + 0.01 * np.random.default_rng(0).random((seeds, replicates))
    table = pd.concat([long(gat), long(gat - 0.5, "random")])
    assert compare_with_controls(table, 1, 300).iloc[0]["verdict"] == "not determined"


def test_undefined_differences_are_left_out():
    nan = np.nan
    table = pd.concat(
        [
            long([[0.5, nan], [0.7, 0.8]]),
            long([[0.4, 0.5], [nan, 0.5]], "random"),
            long([[nan, nan], [nan, nan]], "degree-sum"),
        ]
    )
    got = compare_with_controls(table, 1, 300)
    assert got["control"].tolist() == ["random"]
    assert got.loc[0, "n"] == 2
    assert got.loc[0, "difference"] == pytest.approx(0.2)  # 0.1 and 0.3


def test_another_metric_and_several_groups():
    table = pd.concat(
        [
            long(values, method, "auroc", dropout=dropout)
            for dropout in (0, 50)
            for method, values in (("gat", [[0.6, 0.7]]), ("random", [[0.4, 0.5]]))
        ]
    )
    got = compare_with_controls(pd.concat([table, table.assign(metric="f1")]), 1, 300)
    assert got["dropout"].tolist() == [0, 50] and set(got["metric"]) == {"auroc"}
