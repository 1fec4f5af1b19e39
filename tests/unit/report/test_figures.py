"""Figures: what is drawn lies inside of the axes, also where a protocol has no values."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures import (
    ANY_DROPOUT,
    DROPOUT_COLOURS,
    METHOD_STYLE,
    METRIC_TITLES,
    plot_curves,
    plot_inferred,
    plot_metrics,
    plot_network,
    plot_score_histogram,
    plot_training,
)
from grn_gat.simulate.boolean_model import read_model, reference_edges

PROTOCOLS = ["paper", "pair"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def summary(published: float) -> pd.DataFrame:
    rows = []
    for protocol, mean in (("paper", published), ("pair", 0.9)):
        for metric in METRIC_TITLES:
            value = 3 * mean if metric == "early_precision_ratio" else mean
            for method in ("gat", "random"):
                for dropout in (0, 50):
                    rows.append((dropout, protocol, method, metric, value, value, value))
    columns = ["dropout", "protocol", "method", "metric", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("paper", [np.nan, 0.1, 0.8])
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
            assert len(values) == 0 or line.get_marker() == "None" or not line.get_clip_on()
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


def test_methods_of_one_dropout_level_stand_together():
    rows = [
        (dropout, "pair", method, "auroc", 0.5, 0.4, 0.6)
        for method in METHOD_STYLE
        for dropout in (0, 50, 70)
    ]
    columns = ["dropout", "protocol", "method", "metric", "mean", "low", "high"]
    figure = plot_metrics(pd.DataFrame(rows, columns=columns))
    axis = next(axis for axis in figure.axes if axis.get_ylabel() == "AUROC")
    places = np.array([line.get_xdata() for line in axis.lines if len(line.get_xdata()) == 3])
    assert len(places) >= len(METHOD_STYLE)
    assert np.ptp(places, axis=0).max() < 0.5  # the levels are 1 apart


def test_published_is_one_line_in_a_colour_of_its_own():
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
        published, pair = ([line.get_color() for line in axis.lines] for axis in figure.axes[:2])
        assert published.count(ANY_DROPOUT) == 1 and not set(published) & set(DROPOUT_COLOURS)
        assert ANY_DROPOUT not in pair and {*DROPOUT_COLOURS[:2]} <= set(pair)
        labels = [text.get_text() for text in figure.legends[0].get_texts()]
        assert sum("dropout" in label for label in labels) == 3
        assert sum("any dropout level (published)" in label for label in labels) == 1


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


def test_no_edge_of_the_default_network_passes_behind_a_gene(repository):
    model = read_model(repository / "workflow/resources/models/HSC.tsv")
    edges = pd.DataFrame(reference_edges(model), columns=["Gene1", "Gene2", "Type"])
    attention = edges.assign(trained=0.1)
    figure = plot_network(edges, attention, protocol="pair")
    figure.canvas.draw()  # lengths in points become lengths on the page
    axis = figure.axes[0]
    nodes = axis.transData.transform(axis.collections[0].get_offsets())
    radius = np.sqrt(axis.collections[0].get_sizes()[0]) / 2 * figure.dpi / 72
    lines = [axis.transData.transform_path(patch.get_path()) for patch in axis.patches]
    assert len(lines) == (edges["Gene1"] != edges["Gene2"]).sum()
    for line in lines:
        points = np.concatenate(line.to_polygons(closed_only=False))
        distances = np.linalg.norm(points[:, None] - nodes, axis=2).min(axis=0)
        # An edge ends at the rims of its own two genes.
        assert (distances > 0.9 * radius).all()


def test_network_figure_of_a_disconnected_network_with_a_self_loop():
    edges = pd.DataFrame(
        [("a", "b", "+"), ("c", "d", "-"), ("a", "a", "+")], columns=["Gene1", "Gene2", "Type"]
    )
    attention = pd.DataFrame({"Gene1": ["a"], "Gene2": ["b"], "trained": [0.4]})
    figure = plot_network(edges, attention, protocol="pair")
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert {"a", "b", "c", "d"} <= texts


# -------------------------------------------------------------------------------- inferred networks


def inferred(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["regulator", "target", "weight", "sign"])


def drawn_styles(figure) -> list[str]:
    return [type(patch.get_arrowstyle()).__name__ for patch in figure.axes[0].patches]


def test_inferred_network_shows_signs_and_scores():
    edges = inferred(("a", "b", 0.9, "+"), ("b", "a", 0.5, "-"), ("b", "c", 0.1, "unknown"))
    figure = plot_inferred(edges, True, "mine", "probability")
    assert sorted(drawn_styles(figure)) == ["BracketB", "CurveFilledB", "CurveFilledB"]
    widths = [patch.get_linewidth() for patch in figure.axes[0].patches]
    assert widths == sorted(widths, reverse=True) and len(set(widths)) == 3
    assert figure.axes[0].get_title() == "mine"
    assert figure.axes[1].get_ylabel() == "probability"


def test_undirected_pairs_are_one_line_without_an_arrow():
    edges = inferred(("b", "a", 0.9, "-"), ("a", "b", 0.9, "-"), ("c", "a", 0.5, "+"))
    figure = plot_inferred(edges, False, "", "")
    assert drawn_styles(figure) == ["Curve", "Curve"]
    assert [patch.get_linestyle() for patch in figure.axes[0].patches] == ["--", "-"]


def test_large_networks_show_their_hubs_in_a_fixed_order():
    edges = inferred(*((f"g{i}", f"g{j}", 1.0, "+") for i in range(5) for j in range(5, 40)))
    figure = plot_inferred(edges, True, "mine", "score")
    assert figure.axes[0].get_title() == "mine\nThe 16 of 40 genes with the highest degree"
    names = [text.get_text() for text in figure.axes[0].texts]
    # The five regulators, then, of equal degree, the first by name; in the order of the edges.
    assert names == [f"g{i}" for i in [0, *range(10, 21), *range(1, 5)]]


def test_hubs_without_an_edge_between_them_are_drawn():
    edges = inferred(*((f"g{i}", f"t{i}-{j}", 1.0, "+") for i in range(16) for j in range(3)))
    assert drawn_styles(plot_inferred(edges, True, "", "")) == []


def test_a_network_without_edges_says_so():
    axis = plot_inferred(inferred(), False, "mine", "score").axes[0]
    assert [text.get_text() for text in axis.texts] == ["no edge"]
    assert axis.get_title() == "mine"


def test_histogram_counts_every_pair():
    axis = plot_score_histogram([0.0, 0.01, 0.5, 1.0], "probability").axes[0]
    assert sum(patch.get_height() for patch in axis.patches) == 4
