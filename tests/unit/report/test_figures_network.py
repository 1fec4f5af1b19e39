"""Figures of networks: what is drawn, what stays visible, and that large ones show their hubs."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_expression import plot_expression
from grn_gat.report.figures_network import plot_inferred, plot_network, plot_score_histogram
from grn_gat.simulate.boolean_model import read_model, reference_edges


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


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


def test_names_of_genes_are_no_formulas(tmp_path):
    names = ["$x$", r"$\frac{", "a_b^c", "$"]
    pairs = [("$x$", r"$\frac{", "+"), (r"$\frac{", "a_b^c", "-"), ("a_b^c", "$", "+")]
    edges = pd.DataFrame(pairs, columns=["Gene1", "Gene2", "Type"])
    for figure in (
        plot_inferred(inferred(*((a, b, 0.5, kind) for a, b, kind in pairs)), True, "", ""),
        plot_network(edges, edges.assign(trained=0.1), protocol="pair"),
        plot_expression(names, {"0": np.arange(12.0).reshape(4, 3)}, None),
    ):
        figure.savefig(tmp_path / "x.png")  # which reads what is between two $ as a formula
        axis = figure.axes[0]
        drawn = [text.get_text() for text in [*axis.texts, *axis.get_yticklabels()]]
        assert {name.replace("$", r"\$") for name in names} <= set(drawn)
