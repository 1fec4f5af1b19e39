"""The figures of one network. Colours are Okabe and Ito's, which colour-blind readers can tell."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from grn_gat.core.files import atomic_path
from grn_gat.core.protocols import PAPER
from grn_gat.data.network_export import pairs_once
from grn_gat.report.method_titles import method_title

DROPOUT_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
ANY_DROPOUT = "#555555"  # of what reads no expression, and is the same at all dropout levels
METHOD_STYLE = {  # of the methods that are drawn: colour, marker, line
    "gat": ("#0072B2", "o", "-"),
    "gat-shuffled": ("#56B4E9", "X", "--"),
    "naive-bayes": ("#CC79A7", "h", "--"),
    "degree-product": ("#D55E00", "s", "--"),
    "degree-sum": ("#E69F00", "P", "--"),
    "pair-lookup": ("#009E73", "^", "--"),
    "random": ("#999999", "D", ":"),
    "constant": ("#000000", "v", ":"),
}
PROTOCOL_TITLES = {
    PAPER: "paper\n(no label used in training)",
    "pooled": "pooled\n(copies of test pairs in training)",
    "pair": "pair\n(gene pair held out)",
    "gene": "gene\n(gene held out)",
}
METRIC_TITLES = {
    "average_precision": "average precision",
    "auroc": "AUROC",
    "early_precision_ratio": "early precision ratio",
    "f1": "F1",
}
MEASURE_TITLES = {
    "degree": "degree",
    "in_degree": "in-degree",
    "out_degree": "out-degree",
    "closeness": "closeness",
    "betweenness": "betweenness",
    "eigenvector": "eigenvector",
    "clustering": "clustering",
    "hits": "HITS",
    "pagerank": "PageRank",
    "attention_given": "attention given",
    "attention_received": "attention received",
}
MOST_GENES = 30  # larger networks: figures show their hubs only
MOST_LINEAR = 500  # pairs of a histogram with a linear axis
MOST_DRAWN = 16  # of which the network figure draws these
NODE_SIZE = 900  # area of a node of the network figure in square points, of its square: radius 15
CLEARANCE = 19  # points between a node's centre and an edge that passes it
_APART = 2  # steps that genes without a path between them are drawn apart as
BENDS = (0.12, 0.24, 0.36, 0.48, 0.6)  # curvatures of an edge, as of matplotlib's `arc3`

plt.rcParams |= {
    "figure.dpi": 100,
    "savefig.dpi": 180,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def save_figure(figure: Figure, path: str) -> None:
    """Write a figure as PNG, complete or not at all, and free its memory."""
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png")
    plt.close(figure)


def _dropout_colours(protocol: str, dropouts: Sequence) -> list[tuple]:
    """Dropout levels that a panel shows, and their colours: `paper` reads no expression."""
    if protocol == PAPER:
        return [(dropouts[0], ANY_DROPOUT)]
    return list(zip(dropouts, cycle(DROPOUT_COLOURS), strict=False))


def _dropout_handles(protocols: Sequence[str], dropouts: Sequence, text: str = "") -> list[Line2D]:
    """Legend entries of the lines of `_dropout_colours` over all panels."""
    labels = {}
    for protocol in sorted(protocols, key=PAPER.__eq__):  # the paper's last
        for dropout, colour in _dropout_colours(protocol, dropouts):
            words = f"dropout {int(dropout)} %"
            words = "any dropout level (paper)" if protocol == PAPER else words
            labels[words] = colour
    return [Line2D([], [], color=colour, label=text + words) for words, colour in labels.items()]


def plot_curves(curves: pd.DataFrame, prevalence: pd.Series) -> Figure:
    """PR and ROC curves: one column per protocol, mean and range over training seeds.

    Args:
        curves: columns dropout, protocol, method, seed, curve, x, y.
        prevalence: share of edges among the scored pairs, by protocol.
    """
    protocols = list(curves["protocol"].unique())
    dropouts = sorted(curves["dropout"].unique(), key=int)
    figure, axes = plt.subplots(
        2, len(protocols), figsize=(2.9 * len(protocols) + 0.6, 6.4), squeeze=False, sharey="row"
    )
    for column, protocol in enumerate(protocols):
        for row, curve in enumerate(("pr", "roc")):
            axis = axes[row, column]
            shown = curves[(curves["protocol"] == protocol) & (curves["curve"] == curve)]
            for dropout, colour in _dropout_colours(protocol, dropouts):
                part = shown[(shown["method"] == "gat") & (shown["dropout"] == dropout)]
                by_seed = part.pivot(index="x", columns="seed", values="y")
                axis.plot(by_seed.index, by_seed.mean(axis=1), color=colour, lw=1.6)
                axis.fill_between(
                    by_seed.index, by_seed.min(axis=1), by_seed.max(axis=1), color=colour, alpha=0.2
                )
            control = shown[shown["method"] == "degree-product"].groupby("x")["y"].mean()
            axis.plot(control.index, control, color="black", lw=1.2, ls="--")
            if curve == "pr":
                axis.axhline(prevalence[protocol], color="#999999", ls=":", lw=1.2)
                axis.set_title(PROTOCOL_TITLES[protocol], fontsize=9)
                axis.set_xlabel("recall")
            else:
                axis.plot([0, 1], [0, 1], color="#999999", ls=":", lw=1.2)
                axis.set_xlabel("false positive rate")
            axis.set(xlim=(0, 1), ylim=(0, 1.02))
    axes[0, 0].set_ylabel("precision")
    axes[1, 0].set_ylabel("true positive rate")
    handles = _dropout_handles(protocols, dropouts, "GATv2, ")
    handles += [
        Line2D([], [], color="black", ls="--", label="degree product (no expression)"),
        Line2D([], [], color="#999999", ls=":", label="random score"),
    ]
    figure.legend(handles=handles, loc="lower center", ncols=min(4, len(handles)))
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    return figure


def plot_metrics(summary: pd.DataFrame) -> Figure:
    """Metrics by dropout level: rows of metrics, columns of protocols, methods as lines.

    Args:
        summary: columns dropout, protocol, method, metric, mean, low, high.
    """
    protocols = list(summary["protocol"].unique())
    figure, axes = plt.subplots(
        len(METRIC_TITLES),
        len(protocols),
        figsize=(2.6 * len(protocols) + 0.8, 9),
        squeeze=False,
        sharex=True,
        sharey="row",
    )
    for column, protocol in enumerate(protocols):
        for row, (metric, title) in enumerate(METRIC_TITLES.items()):
            axis = axes[row, column]
            shown = summary[(summary["protocol"] == protocol) & (summary["metric"] == metric)]
            present = [m for m in METHOD_STYLE if (shown["method"] == m).any()]
            for position, method in enumerate(present):
                colour, marker, line = METHOD_STYLE[method]
                part = shown[shown["method"] == method].assign(d=lambda t: t["dropout"].astype(int))
                part = part.sort_values("d")
                x = np.arange(len(part)) + (position - (len(present) - 1) / 2) * 0.05
                mean = part["mean"].to_numpy()
                low = np.nan_to_num(mean - part["low"].to_numpy()).clip(0)
                high = np.nan_to_num(part["high"].to_numpy() - mean).clip(0)
                axis.errorbar(
                    x, mean, yerr=[low, high], color=colour, marker=marker, ms=4, ls=line, lw=1,
                    capsize=2, clip_on=False,  # whole markers at 0, too
                )  # fmt: skip
                axis.set_xticks(np.arange(len(part)), [f"{d}" for d in part["d"]])
            if row == 0:
                axis.set_title(PROTOCOL_TITLES[protocol], fontsize=9)
            if column == 0:
                axis.set_ylabel(title)
            if metric == "auroc":
                axis.axhline(0.5, color="#999999", lw=0.6)
            axis.margins(x=0.08)
    # Only now: setting a limit ends autoscaling for the whole row.
    for row, metric in enumerate(METRIC_TITLES):
        axes[row, 0].set_ylim(0, None if metric == "early_precision_ratio" else 1.05)
    for axis in axes[-1]:
        axis.set_xlabel("dropout level (%)")
    handles = [
        Line2D([], [], color=c, marker=m, ls=ls, ms=4, label=method_title(method))
        for method, (c, m, ls) in METHOD_STYLE.items()
        if (summary["method"] == method).any()
    ]
    figure.legend(handles=handles, loc="lower center", ncols=4)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    return figure


def plot_hubs(hubs: pd.DataFrame) -> Figure:
    """Heat map of hub ranks: genes by measure, one panel per source, over all dropout levels.

    Args:
        hubs: columns dropout, source, measure, gene, rank; rows with dropout `all`.
    """
    hubs = hubs[hubs["dropout"] == "all"]
    reference = hubs[hubs["source"] == "reference"].pivot(
        index="gene", columns="measure", values="rank"
    )
    order = reference.sort_values(["degree", "closeness"], kind="stable").index[:MOST_GENES]
    sources = [s for s in hubs["source"].unique() if not s.startswith("untrained")]
    sources = ["reference", *sorted(s for s in sources if s != "reference")]
    predicted = [s for s in sources if not s.startswith("attention")]
    attention = [s for s in sources if s.startswith("attention")]
    panels = [(s, [m for m in MEASURE_TITLES if "attention" not in m], [s]) for s in predicted]
    panels.append(("attention given", ["attention_given"], attention))
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    most = max(len(measures) * len(names) for _, measures, names in panels)
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(0.27 * most * columns + 2.2, (0.26 * len(order) + 1.3) * rows),
        squeeze=False,
        layout="constrained",
    )
    for axis in axes.flat:
        axis.set_visible(False)
    last = len(reference)
    # A few genes: one shade per rank. Many: equal shades per factor, so that the hubs stand out.
    few = last <= MOST_GENES
    norm = BoundaryNorm(np.arange(0.5, last + 1.5), 256) if few else LogNorm(1, last)
    for number, (axis, (title, measures, names)) in enumerate(
        zip(axes.flat, panels, strict=False)  # there may be places left
    ):
        axis.set_visible(True)
        table = hubs[hubs["source"].isin(names) & hubs["measure"].isin(measures)]
        key = "source" if names is attention else "measure"
        wide = table.pivot(index="gene", columns=key, values="rank").reindex(order)
        wide = wide[measures if key == "measure" else names]
        axis.imshow(wide, cmap="cividis", norm=norm, aspect="auto")
        for i, j in np.ndindex(wide.shape):
            rank = wide.iat[i, j]
            dark = norm(rank) < (128 if few else 0.5)
            axis.text(
                j, i, f"{rank:.0f}", ha="center", va="center", fontsize=6.5,
                color="white" if dark else "black",
            )  # fmt: skip
        labels = [MEASURE_TITLES.get(c, c.removeprefix("attention-")) for c in wide]
        axis.set_xticks(range(len(labels)), labels, rotation=90)
        axis.set_xlim(-0.5, most - 0.5)  # cells of one size in all panels
        axis.set_yticks(range(len(order)), order if number % columns == 0 else [])
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.set_title(title.replace("predicted-", "predicted, "), loc="left", fontsize=9)
    bar = figure.colorbar(
        ScalarMappable(norm, "cividis"), ax=axes, ticks=[1, last], shrink=0.4, pad=0.01
    )
    bar.ax.set_yticklabels(["1 (hub)", f"{last}"])
    bar.ax.minorticks_off()
    bar.ax.set_title("rank", loc="left", fontsize="medium")  # a label would stand far off
    return figure


def _bend(start: np.ndarray, end: np.ndarray, others: np.ndarray, bends: Sequence[float]) -> float:
    """The first of the bends with which an edge passes behind the fewest of the other nodes.

    Points are places on the page; `arc3` draws a quadratic Bezier curve.
    """
    across = (end - start)[::-1] * (1, -1)
    t = np.linspace(0, 1, 51)[:, None]

    def crossed(bend: float) -> int:
        middle = (start + end) / 2 + bend * across
        curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
        distances = np.linalg.norm(curve[:, None] - others, axis=2)
        return int((distances.min(axis=0) < CLEARANCE).sum())

    return min(bends, key=crossed)


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
        *_sign_handles(True),
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


def plot_inferred(edges: pd.DataFrame, directed: bool, title: str, label: str) -> Figure:
    """An inferred network; edge width and colour show the magnitude of the scores.

    Args:
        edges: columns regulator, target, weight (magnitude, > 0) and sign (+, - or unknown); each
            pair once, no self-loop; none where the method gave no edge.
        directed: whether the method tells regulator from target; where it does not, the two
            directions of a pair are one line without an arrow.
        title: title of the figure.
        label: what the magnitudes are.
    """
    if not directed:
        edges = pairs_once(edges)
    if edges.empty:
        figure, axis = plt.subplots(figsize=(7.2, 6))
        axis.set_title(title, fontsize=9)
        axis.text(0.5, 0.5, "no edge", ha="center", va="center")
        axis.axis("off")
        return figure
    pairs = list(zip(edges["regulator"], edges["target"], strict=True))
    figure = _draw_network(
        dict(zip(pairs, edges["sign"], strict=True)),
        dict(zip(pairs, edges["weight"], strict=True)),
        title,
        label,
        directed,
    )
    figure.axes[0].legend(
        handles=_sign_handles(directed), loc="lower left", fontsize=8, ncols=2, borderaxespad=0
    )
    return figure


def plot_score_histogram(scores: Sequence[float], label: str) -> Figure:
    """How many pairs have which probability.

    Of many pairs most probabilities are small: counts are then on a logarithmic axis.
    """
    figure, axis = plt.subplots(figsize=(4.8, 2.6))
    many = len(scores) > MOST_LINEAR
    axis.hist(scores, bins=np.linspace(0, 1, 21), color="#0072B2", edgecolor="white", log=many)
    axis.set(xlim=(0, 1), xlabel=label, ylabel="ordered pairs of genes")
    if many:
        axis.set_ylim(0.7, None)
    else:
        axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    figure.tight_layout()
    return figure


def _sign_handles(directed: bool) -> list[Line2D]:
    """Legend entries of the signs, as `_draw_network` draws them."""
    if directed:
        return [
            Line2D([], [], color="#555555", marker=">", ms=6, label="activation (or sign unknown)"),
            Line2D([], [], color="#555555", marker="|", ms=9, mew=2, label="repression"),
        ]
    return [
        Line2D([], [], color="#555555", label="rise together (or sign unknown)"),
        Line2D([], [], color="#555555", ls="--", label="one falls where the other rises"),
    ]


def _draw_network(
    signs: Mapping[tuple, str],
    values: Mapping[tuple, float],
    title: str,
    label: str,
    directed: bool = True,
) -> Figure:
    """Draw a network; of a large one the genes with the highest degree.

    Args:
        signs: `-` for repression, by pair (regulator, target); genes and edges in this order.
        values: what width and colour show, at least 0, by pair.
        title: title; a note is added where genes are left out.
        label: label of the colours.
        directed: whether edges end in arrows (bars for repression), or are lines (dashed).
    """
    graph = nx.DiGraph()
    graph.add_edges_from(signs)
    if len(graph) > MOST_GENES:
        title += f"\nThe {MOST_DRAWN} of {len(graph)} genes with the highest degree"
        # Not as a subgraph: the order of its genes, and so of what is drawn first, is not fixed.
        others = sorted(graph, key=lambda g: (-graph.degree(g), g))[MOST_DRAWN:]
        graph.remove_nodes_from(others)
    # Sorted, so that the layout does not depend on the order of the rows.
    ordered = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_edges_from(sorted(tuple(sorted(e)) for e in graph.edges if e[0] != e[1]))
    distances = {gene: dict.fromkeys(ordered, _APART) for gene in ordered}
    for gene, found in nx.all_pairs_shortest_path_length(ordered):
        distances[gene] |= found
    places = nx.kamada_kawai_layout(ordered, dist=distances)
    figure, axis = plt.subplots(figsize=(7.2, 6))
    drawn = [edge for edge in graph.edges if edge[0] != edge[1]]
    norm = Normalize(0, max([*(values[edge] for edge in drawn), 1e-9]))
    colours = plt.get_cmap("cividis_r")
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
    nx.draw_networkx_labels(graph, places, ax=axis, font_size=8)
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
        # To the other side only where the reverse edge is not there already.
        bends = BENDS if edge[::-1] in signs else (b * side for b in BENDS for side in (1, -1))
        others = np.array([page[gene] for gene in graph if gene not in edge]).reshape(-1, 2)
        bend = _bend(page[edge[0]], page[edge[1]], others, list(bends))
        repression = signs[edge] == "-"
        arrow = "-[,widthB=0.5,lengthB=0.12" if repression else "-|>"
        nx.draw_networkx_edges(
            graph,
            places,
            edgelist=[edge],
            ax=axis,
            node_size=NODE_SIZE,
            arrowsize=11,
            arrowstyle=arrow if directed else "-",
            style="--" if repression and not directed else "-",
            width=0.8 + 3 * level,
            edge_color=[colours(0.1 + 0.9 * level)],
            connectionstyle=f"arc3,rad={bend}",
            min_target_margin=20 if repression and directed else 16,
        )
    return figure


def plot_training(curve: pd.DataFrame) -> Figure:
    """Training and validation loss by epoch: median and middle 90 % over folds and seeds.

    Args:
        curve: columns dropout, protocol, seed, fold, epoch, train_loss, validation_loss.
    """
    protocols: Sequence[str] = list(curve["protocol"].unique())
    dropouts = sorted(curve["dropout"].unique(), key=int)
    figure, axes = plt.subplots(
        1, len(protocols), figsize=(3 * len(protocols) + 0.6, 3.4), squeeze=False
    )
    for axis, protocol in zip(axes[0], protocols, strict=True):
        for dropout, colour in _dropout_colours(protocol, dropouts):
            part = curve[(curve["protocol"] == protocol) & (curve["dropout"] == dropout)]
            runs = part.groupby(["seed", "fold"]).ngroups
            for column, line in (("train_loss", "--"), ("validation_loss", "-")):
                if part[column].isna().all():
                    continue
                # Epochs that at least half of the models reached: later means mix fewer models.
                reached = part.groupby("epoch")[column].agg(["size", "median"])
                reached = reached[reached["size"] >= runs / 2]
                axis.plot(reached.index, reached["median"], color=colour, ls=line, lw=1.3)
                bands = part[part["epoch"].isin(reached.index)].groupby("epoch")[column]
                if column == "validation_loss":
                    low, high = bands.quantile(0.05), bands.quantile(0.95)
                    axis.fill_between(low.index, low, high, color=colour, alpha=0.15)
        axis.set_title(PROTOCOL_TITLES[protocol], fontsize=9)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_xlabel("epoch")
        axis.set_ylim(bottom=0)
    axes[0, 0].set_ylabel("cross-entropy loss (nats)")
    handles = _dropout_handles(protocols, dropouts)
    handles += [
        Line2D([], [], color="black", ls="--", label="training"),
        Line2D([], [], color="black", label="validation (band: middle 90 %)"),
    ]
    figure.legend(handles=handles, loc="lower center", ncols=len(handles))
    figure.tight_layout(rect=(0, 0.09, 1, 1))
    return figure
