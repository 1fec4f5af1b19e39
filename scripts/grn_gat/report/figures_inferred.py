"""An inferred network as a figure that one shows to others, light or dark.

Colour and arrowhead tell activation from repression, width the score, the size of a gene the number
of its targets in the whole network, its fill whether it regulates at all. Of a large network the
strongest edges are drawn, as many as have few enough genes that each name can be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.textpath import TextPath

from grn_gat.data.network_export import ACTIVATION, REPRESSION, UNKNOWN, pairs_once
from grn_gat.report.edge_paths import bend, both_sides, curve
from grn_gat.report.style import MOST_GENES, as_text, figure_style, subplots

MOST_DRAWN = 24  # genes of the figure of a network with more than MOST_GENES
RADII = (5.0, 17.0)  # points, of a gene without a target and of that with the most
WIDTHS = (0.7, 3.6)  # points, of the weakest edge and of the strongest
_LABEL = 8.5  # points, of names
_GAP = 2.0  # points between a node and its name, and between names
_NEAR = 4.0  # points that another gene is further away from a name than its own
_APART = 2  # steps that genes without a path between them are drawn apart as
_MARGIN = 34  # points around the network, for names
_DIRECTIONS = [np.array([np.cos(a), np.sin(a)]) for a in np.linspace(0, 2 * np.pi, 16, False)]


@dataclass(frozen=True)
class Theme:
    """Colours of the figure on a light or a dark page, which the colour-blind can tell."""

    page: str
    text: str
    regulator: str
    target: str
    rim: str
    signs: Mapping[str, str]


THEMES = {
    "light": Theme(
        "#FFFFFF", "#1A1A1A", "#CFCFCF", "#FFFFFF", "#4D4D4D",
        {ACTIVATION: "#0072B2", REPRESSION: "#D55E00", UNKNOWN: "#777777"},
    ),
    "dark": Theme(
        "#16181C", "#F2F2F2", "#5A6068", "#16181C", "#B8BDC4",
        {ACTIVATION: "#56B4E9", REPRESSION: "#F0A15E", UNKNOWN: "#A0A0A0"},
    ),
}  # fmt: skip
_DIRECTED = {ACTIVATION: "activates", REPRESSION: "represses", UNKNOWN: "sign unknown"}
_UNDIRECTED = {
    ACTIVATION: "rise together",
    REPRESSION: "one falls where the other rises",
    UNKNOWN: "sign unknown",
}


@figure_style()
def plot_inferred(
    edges: pd.DataFrame, directed: bool, title: str, label: str, theme: str = "light"
) -> Figure:
    """Draw an inferred network.

    Args:
        edges: columns regulator, target, weight (magnitude, > 0) and sign (+, - or unknown), the
            strongest first; each pair once, no self-loop; none where the method gave no edge.
        directed: whether the method tells regulator from target; where it does not, the two
            directions of a pair are one line without an arrow.
        title: title of the figure.
        label: what the magnitudes are.
        theme: one of THEMES.
    """
    colours = THEMES[theme]
    if not directed:
        edges = pairs_once(edges)
    figure, axis = subplots(figsize=(7.2, 6.4))
    figure.set_facecolor(colours.page)
    axis.axis("off")
    if edges.empty:
        axis.set_title(title, fontsize=9, color=colours.text)
        axis.text(0.5, 0.5, "no edge", ha="center", va="center", color=colours.text)
        return figure
    genes = pd.unique(edges[["regulator", "target"]].to_numpy().ravel())
    shown = strongest(edges)
    drawn = sorted(set(shown["regulator"]) | set(shown["target"]))
    if len(drawn) < len(genes):
        words = "edges" if directed else "pairs"
        title += f"\nThe strongest {len(shown)} of {len(edges)} {words}, among {len(drawn)} of "
        title += f"{len(genes)} genes"
    axis.set_title(title, fontsize=9, color=colours.text)
    degrees = _degrees(edges, directed)
    radii = {gene: _radius(degrees.get(gene, 0), max(degrees.values())) for gene in drawn}
    figure.subplots_adjust(left=0.02, right=0.98, top=0.92, bottom=0.15)
    places = _places(axis, _layout(shown, drawn))
    lines = _draw_edges(axis, shown, places, radii, directed, colours)
    regulates = set(edges["regulator"]) if directed else set(genes)
    _draw_genes(axis, places, radii, regulates, colours)
    _draw_names(axis, places, radii, lines, colours)
    _legend(figure, shown, directed, label, colours)
    return figure


def strongest(edges: pd.DataFrame) -> pd.DataFrame:
    """Edges that are drawn: of a network of more than MOST_GENES genes the strongest.

    From the strongest on, up to the first with which there would be more than MOST_DRAWN genes: no
    edge is drawn that is weaker than one that is not.
    """
    pairs = list(zip(edges["regulator"], edges["target"], strict=True))
    if len({gene for pair in pairs for gene in pair}) <= MOST_GENES:
        return edges
    taken: set[str] = set()
    for number, pair in enumerate(pairs):
        taken |= set(pair)
        if len(taken) > MOST_DRAWN:
            return edges[:number]
    return edges


def _degrees(edges: pd.DataFrame, directed: bool) -> dict[str, int]:
    """Targets of each gene; of an undirected network its edges."""
    columns = ["regulator"] if directed else ["regulator", "target"]
    return dict(pd.Series(edges[columns].to_numpy().ravel()).value_counts())


def _radius(degree: int, most: int) -> float:
    """Radius in points: the area grows with the degree."""
    low, high = RADII
    return float(np.sqrt(low**2 + (high**2 - low**2) * degree / most))


def _layout(edges: pd.DataFrame, genes: Sequence[str]) -> dict[str, np.ndarray]:
    """Places of genes by Kamada and Kawai (1989), whatever the order of the edges."""
    graph = nx.Graph()
    graph.add_nodes_from(genes)
    pairs = zip(edges["regulator"], edges["target"], strict=True)
    graph.add_edges_from(sorted(tuple(sorted(pair)) for pair in pairs))
    distances = {gene: dict.fromkeys(graph, _APART) for gene in graph}
    for gene, found in nx.all_pairs_shortest_path_length(graph):
        distances[gene] |= found
    places: dict[str, np.ndarray] = nx.kamada_kawai_layout(graph, dist=distances)
    return places


def _places(axis: Axes, layout: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Stretch a layout over the axis, which from now on counts in points."""
    extent, dots = axis.get_window_extent(), axis.figure.dpi / 72
    width, height = extent.width / dots, extent.height / dots
    axis.set(xlim=(0, width), ylim=(0, height))
    points = np.array(list(layout.values()))
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    room = np.array([width, height]) - 2 * _MARGIN
    scaled = np.where(span > 1e-9, (points - low) / np.maximum(span, 1e-9), 0.5)
    return dict(zip(layout, _MARGIN + scaled * room, strict=True))


def _draw_edges(
    axis: Axes,
    edges: pd.DataFrame,
    places: Mapping[str, np.ndarray],
    radii: Mapping[str, float],
    directed: bool,
    colours: Theme,
) -> np.ndarray:
    """Draw them, and return points of each, (edges, points, 2)."""
    lines = []
    pairs = set(zip(edges["regulator"], edges["target"], strict=True))
    widths = _widths(edges["weight"])
    # The strongest last, above the others.
    for k in reversed(range(len(edges))):
        source, target, sign = edges.iloc[k][["regulator", "target", "sign"]]
        away = [gene for gene in places if gene not in (source, target)]
        bent = bend(
            places[source],
            places[target],
            np.array([places[gene] for gene in away]).reshape(-1, 2),
            np.array([radii[gene] + 3 for gene in away]),
            both_sides((target, source) in pairs),
        )
        lines.append(curve(places[source], places[target], bent))
        bar = directed and sign == REPRESSION
        arrow = "-[,widthB=0.45,lengthB=0.1" if bar else ("-|>" if directed else "-")
        axis.add_patch(
            FancyArrowPatch(
                tuple(places[source]),
                tuple(places[target]),
                connectionstyle=f"arc3,rad={bent}",
                arrowstyle=arrow,
                mutation_scale=10,
                shrinkA=radii[source],
                shrinkB=radii[target] + (3 if bar else 1),
                linewidth=widths[k],
                linestyle="--" if sign == REPRESSION and not directed else "-",
                color=colours.signs[sign],
                joinstyle="miter",
                capstyle="butt",
            )
        )
    return np.array(lines)


def _widths(weights: pd.Series) -> np.ndarray:
    """Widths over the range of the weights that are drawn."""
    values = weights.to_numpy(dtype=float)
    span = np.ptp(values)
    share = (values - values.min()) / span if span > 0 else np.full(len(values), 0.5)
    return WIDTHS[0] + share * (WIDTHS[1] - WIDTHS[0])


def _draw_genes(
    axis: Axes,
    places: Mapping[str, np.ndarray],
    radii: Mapping[str, float],
    regulates: set[str],
    colours: Theme,
) -> None:
    points = np.array(list(places.values()))
    axis.scatter(
        points[:, 0],
        points[:, 1],
        s=[(2 * radii[gene]) ** 2 for gene in places],
        c=[colours.regulator if gene in regulates else colours.target for gene in places],
        edgecolors=colours.rim,
        linewidths=0.9,
        zorder=3,
    )


def _draw_names(
    axis: Axes,
    places: Mapping[str, np.ndarray],
    radii: Mapping[str, float],
    lines: np.ndarray,
    colours: Theme,
) -> None:
    """Write each name within its gene, or beside it where no other name, gene or edge is."""
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    page = np.array([[left, low], [right, high]])
    centres = np.array(list(places.values()))
    reach = np.array([radii[gene] for gene in places])
    taken: list[np.ndarray] = []
    # Those of large genes first, which have the least choice.
    for gene in sorted(places, key=lambda g: (-radii[g], g)):
        size = _size(gene)
        inside = (size / 2 < radii[gene] * 0.72).all()
        others = [k for k, other in enumerate(places) if other != gene]
        found = places[gene]
        if not inside:
            found = _free_place(
                places[gene], radii[gene], size, taken, centres[others], reach[others], lines, page
            )
        taken.append(np.array([found - size / 2 - _GAP / 2, found + size / 2 + _GAP / 2]))
        axis.text(
            found[0], found[1], as_text(gene), ha="center", va="center", fontsize=_LABEL,
            color=colours.text, zorder=4,
        )  # fmt: skip


def _size(name: str) -> np.ndarray:
    """Width and height of a name, in points."""
    ink = TextPath((0, 0), as_text(name) or " ", size=_LABEL, prop=FontProperties())
    width, _ = ink.get_extents().size if len(ink.vertices) else (0.0, 0.0)
    return np.array([width, _LABEL])


def _free_place(
    centre: np.ndarray,
    radius: float,
    size: np.ndarray,
    taken: Sequence[np.ndarray],
    centres: np.ndarray,
    radii: np.ndarray,
    lines: np.ndarray,
    page: np.ndarray,
) -> np.ndarray:
    """Centre of a name beside its gene: the nearest place that covers nothing, else the least.

    Args:
        centre, radius: of the gene.
        size: (2,), of the name.
        taken: boxes (low, high) of names.
        centres, radii: of the other genes.
        lines: (edges, points, 2), points of the edges, which a name covers rather than the others.
        page: (low, high).
    """
    best, cost = centre, np.inf
    for ring in range(8):
        for direction in _DIRECTIONS:
            # As far out as the box of the name touches the ring around the gene.
            apart = radius + _GAP + ring * _LABEL / 2
            found = centre + direction * apart + direction * size / 2
            low, high = found - size / 2, found + size / 2
            covered = sum(_overlap(low, high, box) for box in taken)
            nearest = np.clip(centres, low, high)
            covered += float((np.linalg.norm(centres - nearest, axis=1) < radii + 1).sum())
            covered += 10.0 * ((low < page[0]) | (high > page[1])).any()
            within = ((lines > low - 1) & (lines < high + 1)).all(axis=2)
            price = covered + 0.3 * within.any(axis=1).sum() + 0.1 * ring
            # A name that is as near to another gene would be taken for that one's.
            nearer = np.linalg.norm(centres - nearest, axis=1) - radii < apart - radius + _NEAR
            price += 0.4 * nearer.sum()
            if price < cost:
                best, cost = found, price
        if cost < 0.1 * (ring + 1):  # further out nothing is better
            break
    return best


def _overlap(low: np.ndarray, high: np.ndarray, box: np.ndarray) -> float:
    """1 and more where two boxes overlap."""
    both = np.minimum(high, box[1]) - np.maximum(low, box[0])
    return float(1 + both.min()) if (both > 0).all() else 0.0


def _legend(
    figure: Figure, edges: pd.DataFrame, directed: bool, label: str, colours: Theme
) -> None:
    """What colours, heads, widths and sizes mean, below the network."""
    words = _DIRECTED if directed else _UNDIRECTED
    handles = []
    for sign in (ACTIVATION, REPRESSION, UNKNOWN):
        if (edges["sign"] == sign).any():
            bar = sign == REPRESSION
            marker = ("|" if bar else ">") if directed else ""
            style = "--" if bar and not directed else "-"
            handles.append(
                Line2D([], [], color=colours.signs[sign], marker=marker, ms=7, mew=2, ls=style,
                       label=words[sign])
            )  # fmt: skip
    weights = edges["weight"]
    for value, width in zip((weights.min(), weights.max()), WIDTHS, strict=True):
        if weights.min() < weights.max():
            handles.append(
                Line2D([], [], color=colours.rim, lw=width, label=f"{label} {value:.2g}")
            )
    sizes = "targets" if directed else "edges"
    node: dict[str, Any] = {"ls": "", "mec": colours.rim, "marker": "o"}
    if directed:
        handles.append(
            Line2D([], [], mfc=colours.regulator, ms=11, label=f"regulator (size: {sizes})", **node)
        )
        if set(edges["target"]) - set(edges["regulator"]):
            handles.append(Line2D([], [], mfc=colours.target, ms=7, label="target only", **node))
    else:
        handles.append(
            Line2D([], [], mfc=colours.regulator, ms=9, label=f"gene (size: {sizes})", **node)
        )
    figure.legend(
        handles=handles, loc="lower center", ncols=3, fontsize=8, labelcolor=colours.text,
        bbox_to_anchor=(0.5, 0.0),
    )  # fmt: skip
