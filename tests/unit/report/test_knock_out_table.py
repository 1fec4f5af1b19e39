"""The table and the figure of predicted knock-outs."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.evaluate.knock_out_plan import BASELINES, ORACLES, predictions
from grn_gat.report.figures_knock_outs import plot_gains, title_of
from grn_gat.report.knock_out_table import ALL, knock_out_table

NAMES = [*predictions("controls"), *predictions("gat-zeroshot"), *predictions("pidc")]


@pytest.fixture
def scores() -> pd.DataFrame:
    """Two kinds, five networks each with two knock-outs; each prediction is .1 above the last."""
    rng = np.random.default_rng(1)
    rows = [
        {
            "kind": kind,
            "measurement": how,
            "network": network,
            "gene": gene,
            "changed": 0.2,
            "prediction": name,
            "spearman": 0.1 * place + luck,
            "sign_accuracy": 0.5 + 0.03 * place,
            "average_precision": 0.2,
            "ratio": np.nan if gene else 1.0 + place,
        }
        for kind in ("linear", "sergio")
        for how in ("rates", "counts")
        for network in range(5)
        for gene in range(2)
        for luck in [rng.normal(0, 0.05)]
        for place, name in enumerate(NAMES)
    ]
    return pd.DataFrame(rows)


def test_gains_are_those_over_the_best_baseline_on_the_same_networks(scores):
    table = knock_out_table(scores)
    assert set(table["kind"]) == {"linear", "sergio", ALL}
    rows = table[(table["kind"] == ALL) & (table["measurement"] == "rates")]
    rows = rows.set_index("prediction")
    assert list(rows.index) == NAMES and (rows["networks"] == 10).all()
    assert (rows["knock_outs"] == 20).all()
    assert set(rows["spearman_best"]) == {BASELINES[-1]}  # the last of them is the best one
    best = NAMES.index(BASELINES[-1])
    for place, name in enumerate(NAMES):
        # Paired: what luck does to all of a network is no part of the difference.
        assert rows.loc[name, "spearman_gain"] == pytest.approx(0.1 * (place - best))
        assert rows.loc[name, "spearman_gain_low"] == pytest.approx(0.1 * (place - best))
        assert rows.loc[name, "ratio"] == pytest.approx(1.0 + place)  # without those that have none
    assert rows["spearman_low"].lt(rows["spearman"]).all()
    assert rows["average_precision_gain"].eq(0).all()


def test_the_figure_has_each_once_and_says_who_is_who(scores):
    figure = plot_gains(knock_out_table(scores))
    axes = np.array(figure.axes).reshape(2, 3)
    labels = [text.get_text() for text in axes[0][0].get_yticklabels()]
    assert labels[0] == title_of(ORACLES[-1]) and labels[-1] == "mean of the other knock-outs"
    assert "PIDC, paths and correlation" in labels and "PIDC, edges" not in labels
    assert len(set(labels)) == len(labels) and "nothing changes" not in labels
    low, high = axes[0][0].get_ylim()
    assert low > high  # the first on top
