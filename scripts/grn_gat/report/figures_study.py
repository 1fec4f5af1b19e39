"""The figures of one network of a study: curves, metrics, hubs and training."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from grn_gat.core.protocols import COPY_PROTOCOLS, PAPER
from grn_gat.report.hub_tables import METHOD, REFERENCE
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import (
    ANY_DROPOUT,
    DROPOUT_COLOURS,
    MEASURE_TITLES,
    METHOD_STYLE,
    METRIC_TITLES,
    MOST_GENES,
    NO_PROTOCOL,
    PROTOCOL_TITLES,
    as_text,
    figure_style,
    nothing_to_show,
    subplots,
)

_MARKERS = "osD^vP"  # of dropout levels
_LINE = 0.75  # share of the line of a method that its points take
_WIDEST = 0.98  # of a legend, share of the figure: text is a little wider at other resolutions


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


def _legend_below(figure: Figure, handles: Sequence[Line2D]) -> None:
    """Draw a legend below the panels, in as few rows as fit, and make the figure higher by it."""
    for rows in range(1, len(handles) + 1):
        columns = -(-len(handles) // rows)
        legend = figure.legend(handles=handles, loc="lower center", ncols=columns)
        box = legend.get_window_extent()
        if columns == 1 or box.width <= _WIDEST * figure.bbox.width:
            break
        legend.remove()
    height, below = figure.get_figheight(), box.height / figure.dpi
    figure.set_figheight(height + below)
    figure.tight_layout(rect=(0, below / (height + below), 1, 1))


@figure_style()
def plot_curves(curves: pd.DataFrame, prevalence: pd.Series) -> Figure:
    """PR and ROC curves: one column per protocol, mean and range over training seeds.

    Args:
        curves: columns dropout, protocol, method, seed, curve, x, y.
        prevalence: share of edges among the scored pairs, by protocol.
    """
    if curves.empty:
        return nothing_to_show(NO_PROTOCOL)
    protocols = list(curves["protocol"].unique())
    dropouts = sorted(curves["dropout"].unique(), key=int)
    figure, axes = subplots(
        2, len(protocols), figsize=(2.9 * len(protocols) + 0.6, 6), squeeze=False, sharey="row"
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
    _legend_below(figure, handles)
    return figure


@figure_style()
def plot_metrics(summary: pd.DataFrame) -> Figure:
    """Metrics: rows of panels are metrics, columns protocols; a line of a panel is a method.

    Methods are sorted by their average precision, the best on top; of one method the dropout levels
    lie a little apart. A dotted line is what a random score has in the mean: the share of edges, or
    an AUROC of one half.

    Args:
        summary: columns dropout, protocol, method, metric, mean, low, high.
    """
    if summary.empty:
        return nothing_to_show(NO_PROTOCOL)
    protocols = list(summary["protocol"].unique())
    dropouts = sorted(summary["dropout"].unique(), key=int)
    methods = _by_precision(summary)
    figure, axes = subplots(
        len(METRIC_TITLES),
        len(protocols),
        figsize=(2.5 * len(protocols) + 1.9, (0.34 * len(methods) + 0.8) * len(METRIC_TITLES)),
        squeeze=False,
        sharex="row",
        sharey=True,
    )
    for row, (metric, title) in enumerate(METRIC_TITLES.items()):
        for axis, protocol in zip(axes[row], protocols, strict=True):
            shown = summary[(summary["protocol"] == protocol) & (summary["metric"] == metric)]
            levels = _dropout_colours(protocol, dropouts)
            for k, (dropout, colour) in enumerate(levels):
                part = shown[shown["dropout"] == dropout].set_index("method")
                part = part.loc[[m for m in methods if m in part.index]]
                apart = _LINE * (k - (len(levels) - 1) / 2) / max(len(levels), 3)
                mean = part["mean"].to_numpy()
                low = np.nan_to_num(mean - part["low"].to_numpy()).clip(0)
                high = np.nan_to_num(part["high"].to_numpy() - mean).clip(0)
                axis.errorbar(
                    mean, [methods.index(m) + apart for m in part.index], xerr=[low, high],
                    color=colour, marker=_MARKERS[k % len(_MARKERS)], ms=4, ls="", lw=1,
                    clip_on=False,  # whole markers at 0, too
                )  # fmt: skip
            chance = shown.loc[shown["method"] == "constant", "mean"]
            if len(chance):
                axis.axvline(chance.iloc[0], color=ANY_DROPOUT, ls=":", lw=1, zorder=0)
            axis.set_xlabel(title)
            for k in range(len(methods)):
                axis.axhspan(k - _LINE / 2, k + _LINE / 2, color="#F3F3F3", lw=0, zorder=-1)
            axis.tick_params(axis="y", length=0)
            axis.spines["left"].set_visible(False)
            if row == 0:
                axis.set_title(PROTOCOL_TITLES[protocol], fontsize=9)
    # Only now: setting a limit ends autoscaling for the whole row.
    for row in axes:
        row[0].set_xlim(0, 1.02)
    axes[0, 0].set_yticks(range(len(methods)), [method_title(method) for method in methods])
    axes[0, 0].set_ylim(len(methods) - 0.5, -0.5)
    for axis in axes[:, 0]:
        for label, method in zip(axis.get_yticklabels(), methods, strict=True):
            label.set_fontweight("bold" if method == "gat" else "normal")
    _legend_below(figure, _level_handles(protocols, dropouts))
    return figure


def _by_precision(summary: pd.DataFrame) -> list[str]:
    """Methods that are drawn, the one with the highest average precision first.

    It is the mean over the protocols that hold something out, where there is one.
    """
    precision = summary[summary["metric"] == "average_precision"]
    held_out = precision[~precision["protocol"].isin(COPY_PROTOCOLS)]
    precision = (held_out if len(held_out) else precision).groupby("method")["mean"].mean()
    drawn = [method for method in METHOD_STYLE if (summary["method"] == method).any()]
    return sorted(drawn, key=lambda method: -np.nan_to_num(precision.get(method, 0.0)))


def _level_handles(protocols: Sequence[str], dropouts: Sequence) -> list[Line2D]:
    """Legend entries of the points of `plot_metrics`."""
    handles = _dropout_handles(protocols, dropouts)
    for k, handle in enumerate(handles):
        level = k if PAPER not in protocols or k + 1 < len(handles) else 0
        handle.set(marker=_MARKERS[level % len(_MARKERS)], ms=4, ls="")
    return [*handles, Line2D([], [], color=ANY_DROPOUT, ls=":", lw=1, label="random score, mean")]


@figure_style()
def plot_hubs(hubs: pd.DataFrame) -> Figure:
    """Heat map of hub ranks: genes by measure, one panel per source, over all dropout levels.

    Args:
        hubs: columns dropout, source, measure, gene, rank, rank_low, rank_high, n; rows with
            dropout `all`. Those of inference methods are left to the tables.
    """
    hubs = hubs[(hubs["dropout"] == "all") & ~hubs["source"].str.startswith(METHOD)]
    reference = hubs[hubs["source"] == "reference"].pivot(
        index="gene", columns="measure", values="rank"
    )
    order = reference.sort_values(["degree", "closeness"], kind="stable").index[:MOST_GENES]
    sources = [s for s in hubs["source"].unique() if not s.startswith("untrained")]
    sources = ["reference", *sorted(s for s in sources if s != "reference")]
    predicted = [s for s in sources if not s.startswith("attention")]
    attention = [s for s in sources if s.startswith("attention")]
    panels = [(s, _measures(hubs[hubs["source"] == s]), [s]) for s in predicted]
    if attention:  # there is none where no protocol can be carried out
        panels.append(("attention given", ["attention_given"], attention))
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    most = max(len(measures) * len(names) for _, measures, names in panels)
    figure, axes = subplots(
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
        ends = _rank_intervals(table) if title == REFERENCE else {}
        for i, j in np.ndindex(wide.shape):
            rank = wide.iat[i, j]
            dark = norm(rank) < (128 if few else 0.5)
            interval = ends.get((wide.index[i], wide.columns[j]), "")
            axis.text(
                j, i, f"{rank:.0f}{interval}", ha="center", va="center",
                fontsize=5 if interval else 6.5, color="white" if dark else "black",
            )  # fmt: skip
        labels = [MEASURE_TITLES.get(c, c.removeprefix("attention-")) for c in wide]
        axis.set_xticks(range(len(labels)), labels, rotation=90)
        axis.set_xlim(-0.5, most - 0.5)  # cells of one size in all panels
        shown = [as_text(gene) for gene in order] if number % columns == 0 else []
        axis.set_yticks(range(len(order)), shown)
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.set_title(title.replace("predicted-", "predicted, protocol "), loc="left", fontsize=9)
    bar = figure.colorbar(
        ScalarMappable(norm, "cividis"), ax=axes, ticks=[1, last], shrink=0.4, pad=0.01
    )
    bar.ax.set_yticklabels(["1 (hub)", f"{last}"])
    bar.ax.minorticks_off()
    bar.ax.set_title("rank", loc="left", fontsize="medium")  # a label would stand far off
    return figure


def _rank_intervals(hubs: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Second line of a cell by gene and measure: the middle 95 % of the ranks in replicates."""
    several = hubs[hubs["n"] > 1]
    return {
        (row.gene, row.measure): f"\n{row.rank_low:.0f}–{row.rank_high:.0f}"
        for row in several.itertuples()
    }


def _measures(hubs: pd.DataFrame) -> list[str]:
    """Measures of the rows in the order of figures: of the reference also what knock-outs do."""
    return [measure for measure in MEASURE_TITLES if (hubs["measure"] == measure).any()]


@figure_style()
def plot_training(curve: pd.DataFrame) -> Figure:
    """Training and validation loss by epoch: median and middle 90 % over folds and seeds.

    Args:
        curve: columns dropout, protocol, seed, fold, epoch, train_loss, validation_loss.
    """
    if curve.empty:
        return nothing_to_show(NO_PROTOCOL)
    protocols: Sequence[str] = list(curve["protocol"].unique())
    dropouts = sorted(curve["dropout"].unique(), key=int)
    figure, axes = subplots(
        1, len(protocols), figsize=(3 * len(protocols) + 0.6, 3.1), squeeze=False
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
    _legend_below(figure, handles)
    return figure
