"""The method that a study is about: its rows in the comparison, sentences, table and figure."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.evaluate.intervals import mean_interval
from grn_gat.report.figures_focus import plot_focus
from grn_gat.report.focus import focus_sentences, focus_table
from grn_gat.report.tables import compare_with_others
from svg_labels import misplaced

KEYS = {"network": "HSC", "dropout": "0"}


def scores(method: str, values, protocol="unsupervised", metric="average_precision"):
    """Long table of values (seeds, replicates)."""
    values = np.atleast_2d(values)
    rows = [
        (method, seed, replicate + 1, metric, values[seed, replicate])
        for seed in range(values.shape[0])
        for replicate in range(values.shape[1])
    ]
    columns = ["method", "seed", "replicate", "metric", "value"]
    return pd.DataFrame(rows, columns=columns).assign(**KEYS, protocol=protocol)


def scored(method: str, values, protocol="unsupervised"):
    metrics = ("auroc", "average_precision", "early_precision_ratio")
    return pd.concat([scores(method, values, protocol, metric) for metric in metrics])


MINE = np.array([0.9, 0.8, 0.7, 0.9, 0.8, 0.7])
OTHERS = {
    "clr": MINE - np.array([0.4, 0.3, 0.1, 0.4, 0.3, 0.1]),
    "pidc": MINE + np.array([0.1, -0.1, 0.0, 0.1, -0.1, 0.0]),
    "gat-zeroshot": MINE + 0.05,
    "random": np.array([0.4, 0.5, 0.6, 0.5, 0.4, 0.6]),
}


@pytest.fixture
def unsupervised():
    parts = [scored("mine", MINE), *(scored(name, values) for name, values in OTHERS.items())]
    return pd.concat(parts)


def test_all_are_compared_with_the_focus_by_paired_differences(unsupervised):
    got = compare_with_others(unsupervised, focus="mine")
    assert set(got["model"]) == {"mine"} and set(got["method"]) == set(OTHERS)
    rows = got[got["metric"] == "average_precision"].set_index("method")
    for name, values in OTHERS.items():
        row, paired = rows.loc[name], MINE - values
        assert row["difference"] == pytest.approx(paired.mean())
        low, high = mean_interval(paired[None])
        assert (row["low"], row["high"]) == pytest.approx((float(low), float(high)))
    found = rows["verdict"].to_dict()
    wanted = {"clr": "better", "pidc": "no difference", "gat-zeroshot": "worse"}
    assert found == wanted | {"random": "better"}


def test_without_a_focus_or_its_result_the_comparison_is_as_ever(unsupervised):
    usual = compare_with_others(unsupervised)
    assert set(usual["model"]) == {"gat-zeroshot"}
    pd.testing.assert_frame_equal(compare_with_others(unsupervised, focus="failed"), usual)
    # Also where no GATv2 runs there is a comparison.
    alone = unsupervised[unsupervised["method"] != "gat-zeroshot"]
    assert compare_with_others(alone).empty
    assert set(compare_with_others(alone, focus="mine")["model"]) == {"mine"}


def test_with_a_trained_model_it_is_compared_over_its_seeds():
    gat = MINE + np.array([[-0.1], [-0.2], [-0.1], [-0.2], [-0.1]])
    table = pd.concat([scored("gat", gat, "pair"), scored("mine", MINE, "pair")])
    got = compare_with_others(table, focus="mine")
    assert set(got["method"]) == {"gat"} and set(got["kind"]) == {"GATv2"}
    for row in got.to_dict("records"):
        assert row["n"] == 30 and row["difference"] == pytest.approx(0.14)
        low, high = mean_interval(MINE - gat)
        assert (row["low"], row["high"]) == pytest.approx((float(low), float(high)))
        assert row["verdict"] == "better"
    # As of the GATv2 itself, fewer seeds are no verdict.
    few = pd.concat([scored("gat", gat[:4], "pair"), scored("mine", MINE, "pair")])
    assert set(compare_with_others(few, focus="mine")["verdict"]) == {"not determined"}


def test_sentences(unsupervised):
    compared = compare_with_others(unsupervised, focus="mine")
    ratios = unsupervised.assign(metric="average_precision_ratio")
    summary = ratios.groupby(["method", "metric"])["value"].mean().rename("mean").reset_index()
    place, methods, controls = focus_sentences(summary, compared, "mine")
    assert place == "mine has place 2 of 4 methods by average precision (ratio 0.80)."
    assert methods == (
        "Of the methods mine is, by average precision, for sure above CLR; neither for sure above "
        "nor for sure below PIDC; for sure below GATv2 zero-shot (95 % intervals over replicates)."
    )
    assert controls.startswith(
        "Of the controls mine is, by average precision, for sure above random"
    )
    (failed,) = focus_sentences(summary, compared.iloc[:0], "other")
    assert failed == "other, which this study is about, has no result here."


def test_table(unsupervised):
    compared = compare_with_others(unsupervised, focus="mine")
    table = focus_table(compared, "average_precision")
    assert table["dropouts"] == ["0"]
    order = [row["method"] for row in table["rows"]]
    assert order == sorted(OTHERS, key=lambda name: -(MINE - OTHERS[name]).mean())
    (clr,) = (row for row in table["rows"] if row["method"] == "clr")
    low, high = (float(end) for end in mean_interval((MINE - OTHERS["clr"])[None]))
    assert clr["cells"] == [f"+0.267 [{low:+.3f}, {high:+.3f}] better"]


def test_labels_of_the_figure_lie_inside_and_apart(unsupervised, tmp_path):
    networks = [unsupervised.assign(network=name) for name in ("HSC", "mDC.NonSpecific", "GSD")]
    compared = compare_with_others(pd.concat(networks), focus="mine")
    assert misplaced(plot_focus(compared, "mine", "0"), tmp_path) == []


def test_figure(unsupervised):
    second = unsupervised.assign(network="GSD")
    compared = compare_with_others(pd.concat([unsupervised, second]), focus="mine")
    figure = plot_focus(compared, "mine", "0")
    panels = [axis for axis in figure.axes if axis.get_visible()]
    assert [axis.get_title() for axis in panels] == ["HSC", "GSD"]
    names = [label.get_text() for label in panels[0].get_yticklabels()]
    assert names == ["GATv2 zero-shot", "PIDC", "CLR", "random score"]
    # The marks are the differences, from the lowest row upwards.
    marks = {line.get_ydata()[0]: line.get_xdata()[0] for line in panels[0].lines
             if line.get_marker() == "o"}  # fmt: skip
    wanted = [(MINE - OTHERS[m]).mean() for m in ("gat-zeroshot", "pidc", "clr", "random")]
    assert [marks[place] for place in range(4)] == pytest.approx(wanted)
    assert "no result" in plot_focus(compared, "other", "0").axes[0].texts[0].get_text()
