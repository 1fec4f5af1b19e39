"""Figures: what is drawn lies inside of the axes, also where a protocol has no values."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_study import plot_curves, plot_metrics, plot_training
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import ANY_DROPOUT, DROPOUT_COLOURS, METHOD_STYLE, METRIC_TITLES

PROTOCOLS = ["paper", "pair"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


COLUMNS = ["dropout", "protocol", "method", "metric", "mean", "low", "high"]


def summary(paper: float) -> pd.DataFrame:
    rows = []
    for protocol, mean in (("paper", paper), ("pair", 0.9)):
        for metric in METRIC_TITLES:
            for method in ("gat", "random"):
                for dropout in (0, 50):
                    rows.append((dropout, protocol, method, metric, mean, mean, mean))
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.mark.parametrize("paper", [np.nan, 0.1, 0.8])
def test_every_metric_is_inside_of_its_panel(paper):
    figure = plot_metrics(summary(paper))
    drawn = 0
    for axis in figure.axes:
        low, high = axis.get_xlim()
        assert low == 0
        for line in axis.lines:
            values = np.asarray(line.get_xdata(), dtype=float)
            values = values[np.isfinite(values)]
            drawn += len(values)
            assert len(values) == 0 or line.get_marker() == "None" or not line.get_clip_on()
            assert ((values >= low) & (values <= high)).all()
    # Of each metric and method a point of each level; of the paper's protocol one for all.
    assert drawn == 2 * 2 * (2 + (not np.isnan(paper)))


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


def test_methods_are_sorted_and_their_points_lie_on_their_line():
    precision = dict(zip(METHOD_STYLE, np.linspace(0.2, 0.9, len(METHOD_STYLE)), strict=True))
    rows = [
        # Under a protocol with copies of test pairs the order is another one.
        (dropout, protocol, method, metric, 1 - value if protocol == "pooled" else value, 0, 1)
        for method, value in precision.items()
        for dropout in (0, 50, 70)
        for protocol in ("pair", "pooled")
        for metric in METRIC_TITLES
    ]
    figure = plot_metrics(pd.DataFrame(rows, columns=COLUMNS))
    axis = figure.axes[0]
    titles = [label.get_text() for label in axis.get_yticklabels()]
    assert titles == [method_title(m) for m in sorted(precision, key=precision.get, reverse=True)]
    bold = [label.get_text() for label in axis.get_yticklabels() if label.get_weight() == "bold"]
    assert bold == ["GATv2"]
    assert axis.get_ylim()[0] > axis.get_ylim()[1]  # the best on top
    points = [line for line in axis.lines if line.get_marker() not in ("None", "", None)]
    assert len(points) == 3 and len({line.get_marker() for line in points}) == 3
    for line in points:
        order = np.argsort(-np.asarray(line.get_xdata()))
        lines = np.asarray(line.get_ydata())[order]
        assert np.abs(lines - np.arange(len(precision))).max() < 0.5


def test_chance_is_the_share_of_edges():
    rows = [
        (0, "pair", method, "average_precision", value, value, value)
        for method, value in (("gat", 0.6), ("constant", 0.25))
    ]
    axis = plot_metrics(pd.DataFrame(rows, columns=COLUMNS)).axes[0]
    assert [line.get_xdata()[0] for line in axis.lines if line.get_linestyle() == ":"] == [0.25]


def test_paper_protocol_is_one_line_in_a_colour_of_its_own():
    x = np.linspace(0, 1, 5)
    axes = [(c, d, p) for c in ("pr", "roc") for d in (0, 50) for p in PROTOCOLS]
    curves = pd.concat(
        pd.DataFrame({"curve": c, "x": x, "y": x, "seed": 1}).assign(
            dropout=d, protocol=p, method="gat"
        )
        for c, d, p in axes
    )
    loss = curves[curves["curve"] == "pr"].assign(fold=1, validation_loss=np.nan)
    loss = loss.rename(columns={"x": "epoch", "y": "train_loss"})
    by_protocol = pd.Series({"paper": 0.3, "pair": 0.2})
    for figure in (plot_curves(curves, by_protocol), plot_training(loss)):
        paper, pair = ([line.get_color() for line in axis.lines] for axis in figure.axes[:2])
        assert paper.count(ANY_DROPOUT) == 1 and not set(paper) & set(DROPOUT_COLOURS)
        assert ANY_DROPOUT not in pair and {*DROPOUT_COLOURS[:2]} <= set(pair)
        labels = [text.get_text() for text in figure.legends[0].get_texts()]
        assert sum("dropout" in label for label in labels) == 3
        assert sum("any dropout level (paper)" in label for label in labels) == 1


def test_training_curve_without_validation():
    curve = pd.DataFrame(
        {
            "dropout": ["000"] * 3,
            "protocol": ["paper"] * 3,
            "seed": [1] * 3,
            "fold": [1] * 3,
            "epoch": [1, 2, 3],
            "train_loss": [1.0, 0.5, 0.2],
            "validation_loss": [np.nan] * 3,
        }
    )
    axis = plot_training(curve).axes[0]
    assert [list(line.get_ydata()) for line in axis.lines] == [[1.0, 0.5, 0.2]]


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("plot", [plot_metrics, plot_curves, plot_training])
def test_no_legend_leaves_the_figure(plot, number):
    protocols = ["pair", "gene", "pooled", "paper"][:number]
    axes = [(d, p) for d in (0, 50, 70) for p in protocols]
    if plot is plot_metrics:
        rows = [
            (d, p, m, k, 0.5, 0.4, 0.6)
            for d, p in axes
            for m in METHOD_STYLE
            for k in METRIC_TITLES
        ]
        figure = plot(pd.DataFrame(rows, columns=COLUMNS))
    else:
        line = pd.DataFrame({"curve": ["pr", "roc"] * 2, "x": [0, 0, 1, 1], "y": 0.5, "seed": 1})
        line = line.assign(method="gat", fold=1, epoch=1, train_loss=0.5, validation_loss=0.5)
        table = pd.concat(line.assign(dropout=d, protocol=p) for d, p in axes)
        values = pd.Series(dict.fromkeys(protocols, 0.2))
        figure = plot(table, values) if plot is plot_curves else plot(table)
    figure.dpi = 180  # as it is saved
    (legend,) = figure.legends
    box, whole = legend.get_window_extent(), figure.bbox
    assert box.x0 >= 0 and box.x1 <= whole.width and box.y0 >= 0
    panels = [axis.get_tightbbox() for axis in figure.axes]
    assert box.y1 <= min(panel.y0 for panel in panels) + 2  # of pixels: no panel is covered
    assert len(legend.get_texts()) >= 4
