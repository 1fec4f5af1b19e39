"""The reference network with attention, and the scores of all pairs."""

from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from grn_gat.report.edge_paths import bend, both_sides
from grn_gat.report.style import MOST_GENES, as_text, figure_style, subplots

MOST_LINEAR = 500  # pairs of a histogram with a linear axis
MOST_DRAWN = 16  # genes that the figure of a network with more than MOST_GENES shows
NODE_SIZE = 900  # area of a node of the network figure in square points, of its square: radius 15
CLEARANCE = 19  # points between a node's centre and an edge that passes it
_APART = 2  # steps that genes without a path between them are drawn apart as


@figure_style()
def plot_network(edges: pd.DataFrame, attention: pd.DataFrame, protocol: str) -> Figure:
    """The reference network; edge width and colour show the attention that messages are given.

    Args:
        edges: reference network (Gene1, Gene2, Type).
        attention: columns dropout, Gene1, Gene2, trained; mean over dropout levels is drawn.
        protocol: protocol of the models whose attention is drawn.
    """
    weight = attention.groupby(["Gene1", "Gene2"])["trained"].mean()
    pairs = list(zip(edges["Gene1"], edges["Gene2"], strict=True))
    title = (
        f"Attention given along reference edges (regulator → target), protocol {protocol}\n"
        "Mean over dropout levels, seeds, replicates, folds, layers and heads"
    )
    handles = [
        *_sign_handles(),
        Line2D([], [], color="#333333", marker="o", mfc="#F0F0F0", mew=2.6, ms=9, ls="",
               label="regulates itself"),
    ]  # fmt: skip
    figure = _draw_network(
        dict(zip(pairs, edges["Type"], strict=True)),
        {pair: float(weight.get(pair, 0.0)) for pair in pairs},
        title,
        "attention weight (mean)",
    )
    figure.axes[0].legend(handles=handles, loc="lower left", fontsize=8)
    return figure


@figure_style()
def plot_score_histogram(scores: Sequence[float], label: str) -> Figure:
    """How many pairs have which probability.

    Of many pairs most probabilities are small: counts are then on a logarithmic axis.
    """
    figure, axis = subplots(figsize=(4.8, 2.6))
    many = len(scores) > MOST_LINEAR
    axis.hist(
        scores, bins=list(np.linspace(0, 1, 21)), color="#0072B2", edgecolor="white", log=many
    )
    axis.set(xlim=(0, 1), xlabel=label, ylabel="ordered pairs of genes")
    if many:
        axis.set_ylim(0.7, None)
    else:
        axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    figure.tight_layout()
    return figure


def _sign_handles() -> list[Line2D]:
    """Legend entries of the signs, as `_draw_network` draws them."""
    return [
        Line2D([], [], color="#555555", marker=">", ms=6, label="activation (or sign unknown)"),
        Line2D([], [], color="#555555", marker="|", ms=9, mew=2, label="repression"),
    ]


def _draw_network(
    signs: Mapping[tuple, str],
    values: Mapping[tuple, float],
    title: str,
    label: str,
) -> Figure:
    """Draw a network; of a large one the genes with the highest degree.

    Args:
        signs: `-` for repression, by pair (regulator, target); genes and edges in this order.
        values: what width and colour show, at least 0, by pair.
        title: title; a note is added where genes are left out.
        label: label of the colours.
    """
    graph = nx.DiGraph()
    graph.add_edges_from(signs)
    if len(graph) > MOST_GENES:
        title += f"\nThe {MOST_DRAWN} of {len(graph)} genes with the highest degree"
        strongest = dict.fromkeys(graph, 0.0)  # of genes with one degree, those come first
        for edge, value in values.items():
            for gene in edge:
                strongest[gene] = max(strongest[gene], value)
        # Not as a subgraph: the order of its genes, and so of what is drawn first, is not fixed.
        others = sorted(graph, key=lambda g: (-graph.degree(g), -strongest[g], g))[MOST_DRAWN:]
        graph.remove_nodes_from(others)
    # Sorted, so that the layout does not depend on the order of the rows.
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_edges_from(sorted(tuple(sorted(e)) for e in graph.edges if e[0] != e[1]))
    distances = {gene: dict.fromkeys(ordered, _APART) for gene in ordered}
    for gene, found in nx.all_pairs_shortest_path_length(ordered):
        distances[gene] |= found
    places = nx.kamada_kawai_layout(ordered, dist=distances)
    figure, axis = subplots(figsize=(7.2, 6))
    drawn = [edge for edge in graph.edges if edge[0] != edge[1]]
    norm = Normalize(0, max([*(values[edge] for edge in drawn), 1e-9]))
    colours = colormaps["cividis_r"]
    own = set(nx.nodes_with_selfloops(graph))
    nx.draw_networkx_nodes(
        graph,
        places,
        ax=axis,
        node_color="#F0F0F0",
        edgecolors="#333333",
        node_size=NODE_SIZE,
        linewidths=[2.6 if gene in own else 0.8 for gene in graph],
    )
    labels = {gene: as_text(gene) for gene in graph}
    nx.draw_networkx_labels(graph, places, labels, ax=axis, font_size=8)
    figure.colorbar(ScalarMappable(norm, colours), ax=axis, shrink=0.6, label=label)
    axis.set_title(title, fontsize=9)
    axis.axis("off")
    axis.margins(0.12)
    figure.tight_layout()
    # Edges last, in fixed limits: where they pass is decided by the places on the page (in points).
    axis.set(xlim=axis.get_xlim(), ylim=axis.get_ylim())
    page = {g: axis.transData.transform(place) * 72 / figure.dpi for g, place in places.items()}
    for edge in drawn:
        level = norm(values[edge])
        away = np.array([page[gene] for gene in graph if gene not in edge]).reshape(-1, 2)
        bends = both_sides(edge[::-1] in signs)
        bent = bend(page[edge[0]], page[edge[1]], away, CLEARANCE, bends)
        repression = signs[edge] == "-"
        arrow = "-[,widthB=0.5,lengthB=0.12" if repression else "-|>"
        nx.draw_networkx_edges(
            graph,
            places,
            edgelist=[edge],
            ax=axis,
            node_size=NODE_SIZE,
            arrowsize=11,
            arrowstyle=arrow,
            width=0.8 + 3 * level,
            edge_color=[colours(0.1 + 0.9 * level)],
            connectionstyle=f"arc3,rad={bent}",
            min_target_margin=20 if repression else 16,
        )
    return figure
