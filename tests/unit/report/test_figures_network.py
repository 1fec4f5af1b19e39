"""Figures of networks: what is drawn, what stays visible, and that large ones show their hubs."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_expression import plot_expression
from grn_gat.report.figures_network import plot_network, plot_score_histogram
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


def test_histogram_counts_every_pair():
    axis = plot_score_histogram([0.0, 0.01, 0.5, 1.0], "probability").axes[0]
    assert sum(patch.get_height() for patch in axis.patches) == 4


def test_names_of_genes_are_no_formulas(tmp_path):
    names = ["$x$", r"$\frac{", "a_b^c", "$"]
    pairs = [("$x$", r"$\frac{", "+"), (r"$\frac{", "a_b^c", "-"), ("a_b^c", "$", "+")]
    edges = pd.DataFrame(pairs, columns=["Gene1", "Gene2", "Type"])
    for figure in (
        plot_network(edges, edges.assign(trained=0.1), protocol="pair"),
        plot_expression(names, {"0": np.arange(12.0).reshape(4, 3)}, None),
    ):
        figure.savefig(tmp_path / "x.png")  # which reads what is between two $ as a formula
        axis = figure.axes[0]
        drawn = [text.get_text() for text in [*axis.texts, *axis.get_yticklabels()]]
        assert {name.replace("$", r"\$") for name in names} <= set(drawn)
