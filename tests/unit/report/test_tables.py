"""Summaries over seeds and replicates, their intervals, verdicts, and published values."""

import math

import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import method_names
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.report.tables import (
    MIN_REPLICATES,
    MIN_SEEDS,
    compare_leader,
    compare_with_beeline,
    compare_with_others,
    kind_of,
    mean_over_replicates,
    mean_stability,
    summarise,
)

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
    got = summarise(table)
    columns = [*KEYS, "method", "metric", "mean", "median", "sd", "low", "high", "n", "over"]
    assert list(got.columns) == columns
    first, second = got.to_dict("records")
    assert (first["mean"], first["median"], first["n"]) == (3, 2.5, 4)
    assert first["sd"] == pytest.approx(math.sqrt(14 / 3))  # deviations -2 -1 0 3
    # Seeds 1.5 and 4.5, replicates 2 and 4, residuals 1/2: squares 9, 4 and 1 (1 df each) make the
    # variance (9 + 4 - 1) / 4 = 3; 144 / (81 + 16 + 1) = 1.47 degrees of freedom, t = 5.88.
    # 3 +- 10.2, but no average precision is below 0 or above 1.
    assert (first["low"], first["high"]) == (0, 1)
    assert (second["dropout"], second["metric"], second["n"]) == (50, "auroc", 1)
    assert second["mean"] == second["median"] == 0.5
    assert all(math.isnan(second[key]) for key in ("sd", "low", "high"))


def test_undefined_values_are_left_out():
    got = summarise(long([[0.1, np.nan], [0.3, 0.5]])).iloc[0]
    assert (got["mean"], got["n"]) == (pytest.approx(0.3), 3)
    assert got["median"] == 0.3 and got["sd"] == pytest.approx(0.2)
    assert 0 <= got["low"] < 0.3 < got["high"] <= 1
    # as if the replicate had never been there
    rows = summarise(long([[0.1, 0.3, 0.5, np.nan]])).iloc[0]
    assert rows.to_dict() == summarise(long([[0.1, 0.3, 0.5]])).iloc[0].to_dict()
    got = summarise(long([[np.nan, np.nan]])).iloc[0]
    assert got["n"] == 0 and got[["mean", "median", "sd", "low", "high"]].isna().all()


@pytest.mark.parametrize(
    ("metric", "ends"),
    [
        ("auroc", (0, 1)),
        ("functional_auroc", (0, 1)),
        ("early_precision_ratio", (0, 5)),
        ("early_precision_ratio_activation_beeline", (0, 5)),
        ("feedback_loops", (0, 5)),
    ],
)
def test_intervals_end_where_the_metric_does(metric, ends):
    """Of 0.3 and 0.7, t(0.975, 1 df) = 12.7: 0.5 +- 2.5."""
    got = summarise(long([[0.3, 0.7]], metric=metric)).iloc[0]
    assert got["low"] == ends[0]
    assert got["high"] == 1 if ends[1] == 1 else got["high"] == pytest.approx(3.04, abs=0.01)


def test_intervals_do_not_depend_on_the_rest_of_the_table():
    rng = np.random.default_rng(0)
    one, two = long(0.01 * rng.random((3, 4)) + 0.5), long(rng.random((3, 4)), "random")
    alone = summarise(one).iloc[0]
    with_other = summarise(pd.concat([two, one.assign(dropout=50), one])).iloc[2]
    assert alone.to_dict() == with_other.to_dict()
    low, high = mean_interval(one["value"].to_numpy().reshape(3, 4))
    assert (alone["low"], alone["high"]) == (low, high)


KIND_OF = {
    "gat": "GATv2",
    "gat-finetuned": "fine-tuned",
    "gat-shuffled": "model control",
    "gat-noise": "model control",
    "gat-one-hot": "model control",
    "degree-sum": "control",
    "random": "control",
    "constant": "control",
    "constant-logit": "control",
    "degree-product-of-ChIP": "control",
    "in-degree-of-STRING": "control",
    "out-degree-oracle": "oracle",
}


def test_kinds():
    assert {method: kind_of(method) for method in KIND_OF} == KIND_OF
    assert {kind_of(method) for method in method_names()} == {"method"}


def both_metrics(values, method: str = "gat", **keys) -> pd.DataFrame:
    return pd.concat(
        [long(values, method, metric, **keys) for metric in ("auroc", "average_precision")]
    )


def test_comparison_by_hand():
    gat = [[0.5, 0.6], [0.7, 0.8]]
    often = (3, 3)  # the values by hand, thrice in both directions: 6 seeds, 6 replicates
    table = pd.concat(
        [
            both_metrics(np.tile(gat, often)),
            both_metrics(
                np.tile([[0.4, 0.4], [0.5, 0.5]], often), "random"
            ),  # 0.1 0.2 0.2 0.3 less
            # 0.2 0.1 0.1 0.1 more
            both_metrics(np.tile([[0.7, 0.7], [0.8, 0.9]], often), "gat-noise"),
            # -0.1 0.1 0.1 -0.1
            both_metrics(np.tile([[0.6, 0.5], [0.6, 0.9]], often), "clr"),
            # one score for all pairs: by AUROC only
            long(np.full((6, 6), 0.5), "constant", "auroc"),
            long(np.full((6, 6), 0.2), "constant"),
            long(np.zeros((6, 6)), "random", metric="f1"),  # another metric
        ]
    )
    got = compare_with_others(table)
    assert list(got.columns) == [
        *KEYS,
        "model",
        "metric",
        "method",
        "kind",
        "model_value",
        "value",
        "difference",
        "low",
        "high",
        "n",
        "verdict",
        "over",
    ]
    assert set(got["over"]) == {"replicates"}
    for metric, others in (("auroc", ["constant"]), ("average_precision", [])):
        rows = got[got["metric"] == metric].set_index("method").to_dict("index")
        assert list(rows) == ["random", "gat-noise", "clr", *others]
        better, worse, neither, *_ = values = list(rows.values())
        assert [r["verdict"] for r in values[:3]] == ["better", "worse", "no difference"]
        kinds = ["control", "model control", "method"] + ["control"] * len(others)
        assert [r["kind"] for r in values] == kinds
        assert {round(r["model_value"], 9) for r in values} == {0.65}
        assert [r["value"] for r in values[:3]] == pytest.approx([0.45, 0.775, 0.65])
        assert [r["difference"] for r in values[:3]] == pytest.approx([0.2, -0.125, 0])
        assert {r["n"] for r in values} == {36}
        assert 0 < better["low"] < 0.2 < better["high"]
        assert worse["low"] < -0.125 < worse["high"] < 0
        assert neither["low"] < 0 < neither["high"]
    assert got["metric"].tolist() == ["auroc"] * 4 + ["average_precision"] * 3


def test_without_labels_the_zero_shot_model_is_compared_over_replicates():
    def scores(values, method: str) -> pd.DataFrame:
        keys = {"protocol": "unsupervised"}
        metrics = ("auroc", "average_precision", "early_precision_ratio", "f1")
        parts = [long([values], method, metric, **keys) for metric in metrics]
        return pd.concat(parts).assign(seed=0)

    ours = scores([0.9, 0.8, 0.7, 0.9, 0.8, 0.7], "gat-zeroshot")
    other = scores([0.5, 0.5, 0.6, 0.5, 0.5, 0.6], "genie3")  # 0.4 0.3 0.1 less
    got = compare_with_others(pd.concat([other, ours]))
    assert got["model"].tolist() == ["gat-zeroshot"] * 3
    assert got["metric"].tolist() == ["auroc", "average_precision", "early_precision_ratio"]
    for row in got.to_dict("records"):
        assert row["difference"] == pytest.approx(0.8 / 3) and row["n"] == 6
        ends = mean_interval(np.array([[0.4, 0.3, 0.1, 0.4, 0.3, 0.1]]))
        assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, ends)))
        assert 0 < row["low"] < 0.8 / 3 < row["high"] and row["verdict"] == "better"
    assert compare_with_others(other).empty
    # Its variant is one more method that it is compared with, and nothing without it.
    variant = scores([0.8, 0.8, 0.8, 0.8, 0.8, 0.8], "gat-zeroshot-pseudotime")
    got = compare_with_others(pd.concat([variant, other, ours]))
    assert set(got["model"]) == {"gat-zeroshot"}
    rows = got[got["method"] == "gat-zeroshot-pseudotime"]
    assert len(rows) == 3 and set(rows["kind"]) == {"method"} and len(got) == 6
    assert rows["difference"].abs().max() < 1e-9 and set(rows["verdict"]) == {"no difference"}
    assert compare_with_others(pd.concat([variant, other])).empty


def test_the_leader_is_the_method_with_the_highest_mean():
    keys = {"protocol": "unsupervised", "seed": 0}
    values = {
        "pidc": [0.6, 0.7, 0.8, 0.6, 0.7, 0.8],
        "clr": [0.5, 0.6, 0.6, 0.5, 0.6, 0.6],  # 0.1 0.1 0.2 less
        "ppcor": [0.9, 0.9],  # higher where it did not fail
        "degree-product-of-other": [0.9] * 6,  # no method
        "out-degree-oracle": [1.0] * 6,
    }
    parts = [
        long([row], method, metric).assign(**keys)
        for method, row in values.items()
        for metric in ("average_precision", "auroc")
    ]
    other = long([[0.9] * 6], "clr").assign(seed=0)  # of another protocol
    got = compare_leader(pd.concat([*parts, other]))
    assert set(got["leader"]) == {"pidc"} and set(got["metric"]) == {"average_precision"}
    rows = got.set_index("method").to_dict("index")
    assert list(rows) == ["clr", "ppcor", "degree-product-of-other"]
    assert rows["clr"]["verdict"] == "better" and rows["clr"]["kind"] == "method"
    assert rows["clr"]["difference"] == pytest.approx(0.4 / 3)
    assert rows["degree-product-of-other"]["verdict"] == "worse"
    assert rows["ppcor"]["n"] == 2 and rows["ppcor"]["verdict"] == "not determined"
    assert compare_leader(pd.concat([other])).empty


def test_a_method_without_seed_is_compared_with_every_seed():
    gat = np.tile([[0.5, 0.6, 0.7], [0.7, 0.8, 0.9]], (3, 2))  # 6 seeds, 6 replicates
    rival = both_metrics([[0.4, 0.4, 0.6] * 2], "pidc").assign(seed=0)
    control = both_metrics(np.tile([[0.4, 0.4, 0.6]], (6, 2)), "degree-sum")
    got = compare_with_others(pd.concat([both_metrics(gat), rival, control]))
    first, second = got[got["metric"] == "auroc"].to_dict("records")
    # differences 0.1 0.2 0.1 and 0.3 0.4 0.3, six times
    assert first["difference"] == pytest.approx(1.4 / 6) and first["n"] == 36
    assert first["verdict"] == "better"
    for key in ("model_value", "value", "difference", "n"):
        assert first[key] == pytest.approx(second[key]), key


def test_replicates_on_which_a_peer_failed_are_left_out():
    # 6 seeds, 6 replicates
    gat = np.tile([[0.9, 0.5, 0.7, 0.6, 0.5, 0.6], [0.8, 0.5, 0.9, 0.6, 0.5, 0.6]], (3, 1))
    rival = both_metrics([[0.1, 0.4, 0.6, 0.5, 0.4, 0.5]], "leap").assign(seed=0)
    rival = rival[rival["replicate"] != 1]
    table = pd.concat([both_metrics(gat), rival])
    got = compare_with_others(table).iloc[0]
    # of replicates 2 to 6: 0.1 five times, or 0.3 once; none of the 0.8 of replicate 1
    assert got["n"] == 30 and got["difference"] == pytest.approx(1.2 / 10)
    assert 0 < got["low"] < 0.12 < got["high"] < 0.3 and got["verdict"] == "better"
    # all three means are of these replicates
    assert got["model_value"] == pytest.approx(6 / 10) and got["value"] == pytest.approx(4.8 / 10)
    # the interval is that of a study that never had the replicate
    without = compare_with_others(table[table["replicate"] != 1]).iloc[0]
    assert without.to_dict() == got.to_dict()
    # with one replicate fewer there is no verdict, without any no row
    two = pd.concat([both_metrics(gat), rival[rival["replicate"] != 2]])
    assert compare_with_others(two).iloc[0]["verdict"] == "not determined"
    assert compare_with_others(pd.concat([both_metrics(gat), rival[:0]])).empty
    # not even where the GATv2 has another replicate than the rival
    other = pd.concat([both_metrics(gat), rival.assign(replicate=9)[:1]])
    assert compare_with_others(other).empty


def test_average_precision_of_one_score_for_all_pairs_is_not_compared():
    gat = np.random.default_rng(3).random((4, 4))

    def metrics_of(aurocs) -> list[str]:
        rival = [long([aurocs], "ppcor", "auroc"), long([[0.3] * 4], "ppcor")]
        rival = pd.concat(rival).assign(seed=0).dropna()
        got = compare_with_others(pd.concat([both_metrics(gat), rival]))
        return got["metric"].tolist()

    assert metrics_of([0.5] * 4) == ["auroc"]
    assert metrics_of([0.5, 0.5, 0.5, 0.51]) == ["auroc", "average_precision"]
    # a replicate that it failed on says nothing
    assert metrics_of([0.5, 0.5, 0.5, np.nan]) == ["auroc"]


def test_protocols_without_the_gat_are_left_out():
    rivals = both_metrics(np.full((1, 4), 0.6), "clr", protocol="unsupervised")
    assert compare_with_others(rivals).empty
    assert "verdict" in compare_with_others(rivals)
    pair = pd.concat([both_metrics(np.full((4, 4), 0.7)), both_metrics(np.full((4, 4), 0.6), "x")])
    got = compare_with_others(pd.concat([rivals, pair]))
    assert set(got["protocol"]) == {"pair"} and set(got["method"]) == {"x"}


def test_differences_are_paired():
    # seeds and replicates differ widely, the difference hardly
    rng = np.random.default_rng(6)
    gat = 10 * rng.random((5, 5))
    table = pd.concat(
        [
            both_metrics(gat),
            both_metrics(gat - 0.1 - 0.01 * rng.random((5, 5)), "random"),
        ]
    )
    got = compare_with_others(table).iloc[0]
    assert got["verdict"] == "better" and 0.1 < got["low"] < got["high"] < 0.11
    shuffled = table.sample(frac=1, random_state=0)
    again = compare_with_others(shuffled).iloc[0]
    assert again["difference"] == pytest.approx(got["difference"])


def test_equal_scores_are_no_difference():
    same = np.tile([[0.5, 0.6], [0.7, 0.8]], (3, 3))
    got = compare_with_others(pd.concat([both_metrics(same), both_metrics(same, "random")])).iloc[0]
    assert (got["low"], got["high"], got["verdict"]) == (0, 0, "no difference")


def test_a_single_value_gives_no_verdict_of_better():
    got = compare_with_others(pd.concat([both_metrics([[0.9]]), both_metrics([[0.1]], "random")]))
    row = got.iloc[0]
    assert row["verdict"] == "not determined" and row["n"] == 1 and math.isnan(row["low"])


@pytest.mark.parametrize(("seeds", "replicates"), [(5, 4), (4, 10), (10, 1), (2, 2)])
def test_few_seeds_or_replicates_give_no_verdict(seeds, replicates):
    gat = 0.9 + 0.01 * np.random.default_rng(0).random((seeds, replicates))
    table = pd.concat([both_metrics(gat), both_metrics(gat - 0.5, "random")])
    assert compare_with_others(table).iloc[0]["verdict"] == "not determined"


def test_five_seeds_and_replicates_give_a_verdict():
    assert (MIN_SEEDS, MIN_REPLICATES) == (5, 5)
    gat = 0.9 + 0.01 * np.random.default_rng(0).random((5, 5))
    table = pd.concat([both_metrics(gat), both_metrics(gat - 0.5, "random")])
    assert compare_with_others(table).iloc[0]["verdict"] == "better"


def pseudo(values, method: str = "gat", metric: str = "auroc", **keys) -> pd.DataFrame:
    """(seeds, replicates, groups) pseudo-values as rows; all count from 1."""
    parts = []
    for g in range(np.shape(values)[2]):
        part = long(np.asarray(values)[:, :, g], method, metric, **keys)
        parts.append(part.assign(group=g + 1))
    return pd.concat(parts)


@pytest.mark.parametrize("replicates", [1, 2])
def test_few_replicates_are_judged_over_regulators(replicates):
    rng = np.random.default_rng(0)
    gat = 0.7 + 0.1 * rng.normal(size=(5, replicates, 12))
    other = gat - 0.1 + 0.01 * rng.normal(size=gat.shape)
    rival = gat[:1] + 0.3 * rng.normal(size=(1, replicates, 12))
    named = {"gat": gat, "degree-sum": other, "clr": rival}
    table = pd.concat([both_metrics(v.mean(axis=2), m) for m, v in named.items()])
    groups = pd.concat([pseudo(v, m) for m, v in named.items()])
    got = compare_with_others(table, groups)
    by_metric = got.set_index(["metric", "method"])
    row = by_metric.loc["auroc", "degree-sum"]
    assert (row["verdict"], row["over"], row["n"]) == ("better", "regulators", 5 * replicates)
    ends = mean_interval((gat - other).mean(axis=1))
    assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, ends)))
    assert row["difference"] == pytest.approx((gat - other).mean())
    # a method without seed is compared with every seed
    row = by_metric.loc["auroc", "clr"]
    assert (row["verdict"], row["over"]) == ("no difference", "regulators")
    ends = mean_interval((gat - rival).mean(axis=1))
    assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, ends)))
    # of a metric without pseudo-values there is still no verdict
    rows = got[got["metric"] == "average_precision"]
    assert set(rows["verdict"]) == {"not determined"} and set(rows["over"]) == {"replicates"}
    # nor is there of nine groups, or of four seeds
    few = compare_with_others(table, groups[groups["group"] <= 9])
    pd.testing.assert_frame_equal(few, compare_with_others(table))
    four = [part[part["seed"] <= 4] for part in (table, groups)]
    assert set(compare_with_others(*four)["verdict"]) == {"not determined"}


def test_the_oracle_is_compared_with_nothing():
    gat = np.full((5, 5), 0.6)
    table = pd.concat([both_metrics(gat), both_metrics(gat[:1] + 0.3, "out-degree-oracle")])
    assert compare_with_others(table).empty
    both = pd.concat([table, both_metrics(gat, "in-degree-of-ChIP")])
    assert set(compare_with_others(both)["method"]) == {"in-degree-of-ChIP"}
    assert "out-degree-oracle" in set(summarise(table)["method"])


def test_one_seed_of_the_model_against_several_of_a_control():
    rng = np.random.default_rng(1)
    keys = {"protocol": "unsupervised"}
    ours, other = rng.random((1, 1, 10)), rng.random((3, 1, 10))
    table = pd.concat(
        [
            long(ours.mean(axis=2), "gat-zeroshot", "auroc", **keys).assign(seed=0),
            long(other.mean(axis=2), "random", "auroc", **keys),
        ]
    )
    table = pd.concat([table.assign(metric=m) for m in ("auroc", "average_precision")])
    table = pd.concat([table, table.assign(metric="early_precision_ratio")])
    groups = pd.concat(
        [
            pseudo(ours, "gat-zeroshot", **keys).assign(seed=0),
            pseudo(other, "random", **keys),
        ]
    )
    row = compare_with_others(table.drop_duplicates(), groups).iloc[0]
    ends = mean_interval((ours - other)[:, 0])
    assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, ends)))
    assert row["over"] == "regulators"


def test_a_replicate_that_a_method_failed_on_is_left_out_of_both():
    gat = np.random.default_rng(2).random((5, 2, 11))
    rival = gat[:1] - 0.3
    table = pd.concat(
        [both_metrics(gat.mean(axis=2)), both_metrics(rival[:, 1:].mean(axis=2), "clr")]
    )
    table.loc[table["method"] == "clr", "replicate"] = 2
    failed = pseudo(rival[:, 1:], "clr").assign(replicate=2)
    row = compare_with_others(table, pd.concat([pseudo(gat), failed])).iloc[0]
    ends = mean_interval((gat - rival)[:, 1])
    assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, ends)))


def test_summary_of_few_replicates_is_over_regulators():
    gat = 0.7 + 0.1 * np.random.default_rng(0).normal(size=(3, 1, 12))
    table = pd.concat([both_metrics(gat.mean(axis=2)), both_metrics(gat.mean(axis=2), dropout=50)])
    got = summarise(table, pseudo(gat)).set_index(["dropout", "metric"])
    row = got.loc[0, "auroc"]
    ends = mean_interval(gat[:, 0])
    assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, ends)))
    assert (row["over"], row["n"]) == ("regulators", 3)
    assert row["mean"] == pytest.approx(gat.mean())
    plain = summarise(table).set_index(["dropout", "metric"])
    for key in ((0, "average_precision"), (50, "auroc"), (50, "average_precision")):
        assert got.loc[key].to_dict() == plain.loc[key].to_dict()
        assert got.loc[key, "over"] == "replicates"
    few = summarise(table, pseudo(gat[:, :, :9])).set_index(["dropout", "metric"])
    pd.testing.assert_frame_equal(few, plain)


def test_undefined_differences_are_left_out():
    nan = np.nan
    table = pd.concat(
        [
            both_metrics([[0.5, nan], [0.7, 0.8]]),
            both_metrics([[0.4, 0.5], [nan, 0.5]], "random"),
            both_metrics([[nan, nan], [nan, nan]], "degree-sum"),
        ]
    )
    got = compare_with_others(table)
    assert got["method"].tolist() == ["random"] * 2
    assert got.loc[0, "n"] == 2
    assert got.loc[0, "difference"] == pytest.approx(0.2)  # 0.1 and 0.3
    assert got.loc[0, ["model_value", "value"]].tolist() == pytest.approx([0.65, 0.45])


def test_another_metric_and_several_groups():
    table = pd.concat(
        [
            both_metrics(values, method, dropout=dropout)
            for dropout in (0, 50)
            for method, values in (("gat", [[0.6, 0.7]]), ("random", [[0.4, 0.5]]))
        ]
    )
    got = compare_with_others(pd.concat([table, table.assign(metric="f1")]))
    assert got["dropout"].tolist() == [0, 0, 50, 50]
    assert got["metric"].tolist() == ["auroc", "average_precision"] * 2


def test_mean_stability_by_hand():
    columns = ["network", "dropout", "protocol", "method", "seed"]
    values = ["jaccard", "jaccard_mad", "spearman", "spearman_mad", "runs"]
    rows = [
        ("net", 0, "pair", "gat", 1, 0.2, 0.1, 0.5, 0, 3),
        ("net", 0, "pair", "gat", 2, 0.4, 0.3, -0.1, 0, 3),
        ("net", 50, "pair", "gat", 1, 0.9, 0.9, 0.9, 0.9, 2),
        ("net", 0, "pair", "clr", 0, 1, 0, np.nan, np.nan, 2),
    ]
    got = mean_stability(pd.DataFrame(rows, columns=columns + values))
    assert list(got) == columns[:-1] + values
    assert got["method"].tolist() == ["gat", "gat", "clr"]
    assert got[values].iloc[0].tolist() == pytest.approx([0.3, 0.2, 0.2, 0, 3])
    assert got[values].iloc[1].tolist() == pytest.approx([0.9, 0.9, 0.9, 0.9, 2])
    assert got[values[:2]].iloc[2].tolist() == [1, 0] and math.isnan(got["spearman"].iloc[2])


def test_published_values_by_hand():
    published = pd.DataFrame(
        [
            ("HSC", "clr", "auroc", 0.55, 0.5, 0.6),
            ("HSC", "clr", "early_precision", 0.3, 0.2, 0.4),
            ("HSC", "pidc", "auroc", 0.9, 0.8, 0.95),
            ("GSD", "clr", "auroc", 0.5, 0.5, 0.5),
        ],
        columns=["network", "method", "metric", "median", "low", "high"],
    )
    keys = {"network": "HSC", "protocol": "unsupervised"}
    ours = pd.concat(
        [
            long([[0.5, 0.65, 0.9]], "clr", "auroc", **keys),
            long([[0.46, 0.1, 0.9]], "clr", "early_precision", **keys),
            long([[0.6]], "clr", "auroc", **keys | {"network": "GSD"}),  # not named
            long([[0.1] * 9], "clr", "auroc", **keys, dropout=50),
            long([[0.1] * 9], "clr", "auroc", **keys | {"protocol": "pair"}),
            long([[0.6]], "clr", "prevalence", **keys),  # not published
            long([[0.6]], "random", "auroc", **keys),
        ]
    )
    got = compare_with_beeline(ours, published, ["HSC", "VSC"])
    names = ["beeline_median", "beeline_low", "beeline_high", "within_0.05_of_range"]
    assert list(got) == ["network", "method", "metric", "median", *names]
    assert got.to_numpy().tolist() == [
        ["HSC", "clr", "auroc", 0.65, 0.55, 0.5, 0.6, "yes"],  # 0.05 above the range
        ["HSC", "clr", "early_precision", 0.46, 0.3, 0.2, 0.4, "no"],
    ]
    # levels as tables have them
    text = compare_with_beeline(ours.astype({"dropout": str}), published, ["HSC"])
    pd.testing.assert_frame_equal(text, got)
    assert compare_with_beeline(ours, published, []).empty


@pytest.mark.parametrize(
    ("median", "within"), [(0.44, "no"), (0.45, "yes"), (0.7, "yes"), (0.8, "yes"), (0.81, "no")]
)
def test_margin_of_published_values(median, within):
    published = pd.DataFrame(
        {"network": ["a"], "method": "clr", "metric": "auroc", "median": 0.6}
    ).assign(low=0.5, high=0.75)
    ours = long([[median]], "clr", "auroc", network="a", protocol="unsupervised")
    table = compare_with_beeline(ours, published, ["a"])
    assert table["within_0.05_of_range"].tolist() == [within]
