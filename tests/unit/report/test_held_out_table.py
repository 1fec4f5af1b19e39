"""The table of held-out networks and its figures."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.files import read_table
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.report.figures_held_out import plot_held_out, plot_probabilities
from grn_gat.report.held_out_table import held_out_table
from svg_labels import misplaced
from workflows import REPOSITORY

RATIOS = {
    "spearman": [1.0, 2.0, 4.0, 2.0],
    "genie3": [2.0, 4.0],  # the first two networks only
    "gat-zeroshot": [0.5, 2.0, 8.0, np.nan],
    "random": [1.0, 1.0, 1.0, 1.0],
}
BINS = {"pairs": [30.0, 10.0], "predicted": [0.1, 0.9], "observed": [0.1, 0.5]}


def scores(kinds=("boolean",), measurements=("rates",)) -> pd.DataFrame:
    rows = [
        {
            "kind": kind,
            "measurement": measurement,
            "method": method,
            "network": number,
            "prevalence": 0.1,
            "average_precision": 0.1 * ratio,
            "average_precision_ratio": ratio,
            "auroc": 0.5,
            "early_precision_ratio": ratio,
            "mean_probability": 0.3 if method == "gat-zeroshot" else np.nan,
            "reason": "too few genes" if np.isnan(ratio) else "",
        }
        for kind in kinds
        for measurement in measurements
        for method, ratios in RATIOS.items()
        for number, ratio in enumerate(ratios)
    ]
    return pd.DataFrame(rows)


def bins() -> pd.DataFrame:
    named = {"kind": "boolean", "measurement": "rates", "method": "gat-zeroshot"}
    return pd.DataFrame({"bin": [1, 2], **BINS}).assign(**named)


@pytest.fixture
def table() -> pd.DataFrame:
    return held_out_table(scores(), bins()).set_index("method")


def test_means_are_geometric(table):
    assert table.loc["spearman", "ratio"] == pytest.approx(2)
    assert table.loc["spearman", "ratio_median"] == 2
    assert table.loc["spearman", "average_precision"] == pytest.approx(0.225)
    low, high = mean_interval(np.log([RATIOS["spearman"]]))
    assert table.loc["spearman", "ratio_low"] == pytest.approx(np.exp(low))
    assert table.loc["spearman", "ratio_high"] == pytest.approx(np.exp(high))
    assert table.loc["spearman", "factor"] == 1 and table.loc["spearman", "above"] == 0.5


def test_a_slow_method_is_compared_on_its_own_networks(table):
    slow = table.loc["genie3"]
    assert slow["networks"] == 2 and slow["failed"] == 0
    assert slow["ratio"] == pytest.approx(np.sqrt(8)) and slow["factor"] == pytest.approx(2)
    assert slow["above"] == 1


def test_what_failed_is_counted_and_left_out(table):
    ours = table.loc["gat-zeroshot"]
    assert (ours["networks"], ours["failed"]) == (3, 1)
    assert ours["factor"] == pytest.approx(1)  # 1/2, 1 and 2 of Spearman's
    assert ours["above"] == pytest.approx(0.5)
    assert ours["factor_low"] < 1 < ours["factor_high"]


def test_calibration_is_of_probabilities_only(table):
    assert table.loc["gat-zeroshot", "mean_probability"] == pytest.approx(0.3)
    assert table.loc["gat-zeroshot", "calibration_error"] == pytest.approx(0.4 * 10 / 40)
    assert table.drop("gat-zeroshot")["calibration_error"].isna().all()


def test_without_spearman_nothing_is_compared_with_it():
    found = held_out_table(scores().query("method != 'spearman'"), bins())
    assert found["factor"].isna().all() and found["ratio"].notna().all()


def test_figure_shows_spearman_over_chance_and_others_over_spearman():
    kinds, measurements = ("boolean", "sergio"), ("rates", "counts")
    figure = plot_held_out(held_out_table(scores(kinds, measurements), bins()))
    first = figure.axes[0]
    assert [axis.get_title() for axis in figure.axes[:2]] == ["Boolean", "SERGIO"]
    texts = [text.get_text() for text in first.texts]
    assert texts[:4] == ["2.00", "2.00", "2.00", "2.00"]  # Spearman, then GENIE3's factor
    assert texts[4:] == ["1.00", "1.00", "0.50", "0.50"]
    names = [label.get_text() for label in first.get_yticklabels()]
    assert names == ["Spearman", "GENIE3 (2)", "GATv2 zero-shot (3)", "random score"]


@pytest.mark.parametrize("plot", [plot_held_out, plot_probabilities])
def test_labels_of_the_figures_lie_inside_and_apart(plot, tmp_path):
    kinds, measurements = ("boolean", "boolean-large", "sergio"), ("rates", "log1p_cp10k", "qpcr")
    made_up = held_out_table(scores(kinds, measurements), bins())
    published = read_table(REPOSITORY / "docs/results/held_out/held_out.tsv")
    for table in (made_up, published):
        assert misplaced(plot(table), tmp_path) == []


def test_a_measurement_that_a_kind_has_not_is_a_dash():
    both = pd.concat([scores(("boolean",), ("rates", "dropout")), scores(("sergio",), ("rates",))])
    figure = plot_held_out(held_out_table(both, bins()))
    texts = [text.get_text() for text in figure.axes[1].texts]
    assert texts.count("–") == len(RATIOS)


def test_probabilities_are_drawn_against_the_truth():
    figure = plot_probabilities(held_out_table(scores(), bins()))
    points = [line.get_xydata().tolist() for line in figure.axes[0].lines]
    assert [[pytest.approx(0.1), pytest.approx(0.3)]] in points
    none = plot_probabilities(held_out_table(scores().assign(mean_probability=np.nan), bins()))
    assert "No method" in none.axes[0].texts[0].get_text()
