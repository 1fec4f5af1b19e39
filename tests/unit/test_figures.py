"""Figures: what is drawn lies inside of the axes, also where a protocol has no values."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.figures import METRIC_TITLES, plot_curves, plot_metrics, plot_network, plot_training

PROTOCOLS = ["published", "pair"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def summary(published: float) -> pd.DataFrame:
    rows = []
    for protocol, mean in (("published", published), ("pair", 0.9)):
        for metric in METRIC_TITLES:
            value = 3 * mean if metric == "early_precision_ratio" else mean
            for method in ("gat", "random"):
                for dropout in (0, 50):
                    rows.append((dropout, protocol, method, metric, value, value, value))
    columns = ["dropout", "protocol", "method", "metric", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("published", [np.nan, 0.1, 0.8])
def test_every_metric_is_inside_of_its_panel(published):
    figure = plot_metrics(summary(published))
    drawn = 0
    for axis in figure.axes:
        low, high = axis.get_ylim()
        assert low == 0
        for line in axis.lines:
            values = np.asarray(line.get_ydata(), dtype=float)
            values = values[np.isfinite(values)]
            drawn += len(values)
            assert ((values >= low) & (values <= high)).all()
    assert drawn > 20


def test_more_dropout_levels_than_colours_are_all_drawn():
    x = np.linspace(0, 1, 5)
    curves = pd.concat(
        [
            pd.DataFrame({"curve": curve, "x": x, "y": x}).assign(
                dropout=dropout, protocol="pair", method="gat", seed=seed
            )
            for curve in ("pr", "roc")
            for dropout in range(0, 80, 10)
            for seed in (1, 2)
        ]
    )
    figure = plot_curves(curves, pd.Series({"pair": 0.2}))
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert sum("dropout" in label for label in labels) == 8


def test_training_curve_without_validation():
    curve = pd.DataFrame(
        {
            "dropout": ["000"] * 3,
            "protocol": ["published"] * 3,
            "seed": [1] * 3,
            "fold": [1] * 3,
            "epoch": [1, 2, 3],
            "train_loss": [1.0, 0.5, 0.2],
            "validation_loss": [np.nan] * 3,
        }
    )
    axis = plot_training(curve).axes[0]
    assert [list(line.get_ydata()) for line in axis.lines] == [[1.0, 0.5, 0.2]]


def test_network_figure_of_a_disconnected_network_with_a_self_loop():
    edges = pd.DataFrame(
        [("a", "b", "+"), ("c", "d", "-"), ("a", "a", "+")], columns=["Gene1", "Gene2", "Type"]
    )
    attention = pd.DataFrame({"Gene1": ["a"], "Gene2": ["b"], "trained": [0.4]})
    figure = plot_network(edges, attention, positions_seed=1, protocol="pair")
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"a", "b", "c", "d"} <= texts
