"""Figures that compare the inference methods, each scored on all candidate pairs of a network."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LinearSegmentedColormap, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from grn_gat.report.method_titles import method_title
from grn_gat.report.selection import ALL, Selection
from grn_gat.report.style import (
    DROPOUT_COLOURS,
    figure_style,
    in_fixed_order,
    is_control,
    styles,
    subplots,
)

PROTOCOL = "unsupervised"
OURS, BEELINE_COLOUR = DROPOUT_COLOURS[0], DROPOUT_COLOURS[5]
MISSING = "#E4E4E4"
RATIO_COLOURS = LinearSegmentedColormap.from_list("ratio", [BEELINE_COLOUR, "#FFFFFF", OURS])

MOST_IN_ONE_ROW = 6  # networks; with more, the blocks of the summary stand two by two
MOST_PANELS = 4  # side by side
RARE = 0.1  # share of edges below which precision is shown up to what is reached beyond FIRST
FIRST = 0.02  # recall


def plain_number(value: float) -> str:
    """A number in at most five characters: <0.01, 0.03, 1.25, 37.0, 4100, 12k."""
    if 0 < value < 0.005:
        return "<0.01"
    if value >= 9999.5:
        return f"{value / 1000:.0f}k"
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{round(value, digits) + 0.0:.{digits}f}"  # + 0.0: no minus before zero


@dataclass
class Block:
    """One block of the summary: a value per method and network with a colour scale of its own."""

    title: str
    values: pd.DataFrame  # methods x networks
    colours: Colormap
    norm: Normalize
    ticks: dict[float, str]
    one_dropout: bool = True  # False: over all dropout levels


def ratio_block(title: str, values: pd.DataFrame) -> Block:
    """A ratio to the random score: white at 1, equal steps of colour for equal factors."""
    high = max(2.0, np.nanmax(values.to_numpy(float), initial=0))
    ticks = {1 / high: plain_number(1 / high), 1: "1\n(random)", high: plain_number(high)}
    return Block(title, values, RATIO_COLOURS, LogNorm(1 / high, high, clip=True), ticks)


def stability_block(title: str, values: pd.DataFrame) -> Block:
    """A similarity of repeated runs: 1 if they agree, about 0 (or less) if they do not."""
    ticks = {0.0: "0", 0.5: "0.5", 1.0: "1"}
    return Block(title, values, colormaps["Greens"], Normalize(0, 1, clip=True), ticks)


def cost_block(title: str, values: pd.DataFrame) -> Block:
    """Time or memory on a logarithmic scale between powers of ten."""
    positive = values.where(values > 0).to_numpy(float)
    positive = positive[np.isfinite(positive)]
    low, high = (positive.min(), positive.max()) if len(positive) else (1, 10)
    first = max(-3, math.floor(math.log10(low)))
    last = max(first + 1, math.ceil(math.log10(high)))
    ticks = {10.0**n: f"{10.0**n:g}" if n < 4 else f"{10 ** (n - 3)}k" for n in (first, last)}
    norm = LogNorm(10.0**first, 10.0**last, clip=True)
    return Block(title, values, colormaps["Purples"], norm, ticks, one_dropout=False)


def summary_order(ratio: pd.DataFrame) -> list[str]:
    """Methods by mean ratio over networks, best first; without a value last, then the controls."""
    controls = [method for method in in_fixed_order(ratio.index) if is_control(method)]
    mean = ratio.drop(index=controls).mean(axis=1)
    order = mean.sort_index().sort_values(ascending=False, kind="stable", na_position="last")
    return [*order.index, *controls]


def draw_block(axis: Axes, block: Block, failed: set, font_size: float) -> None:
    """Draw the cells of a block with their numbers; a dot marks methods that failed in part."""
    values = block.values.to_numpy(float)
    axis.set_facecolor(MISSING)
    axis.pcolormesh(
        np.ma.masked_invalid(values), cmap=block.colours, norm=block.norm, edgecolors="white",
        linewidth=0.8,
    )  # fmt: skip
    axis.set(xlim=(0, values.shape[1]), ylim=(values.shape[0], 0))
    for (i, j), value in np.ndenumerate(values):
        text, ink = "–", "black"
        if np.isfinite(value):
            red, green, blue, _ = block.colours(block.norm(value))
            text = plain_number(value)
            ink = "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else "black"
            if (block.values.index[i], block.values.columns[j]) in failed:
                axis.plot(j + 0.9, i + 0.18, ".", color=ink, ms=font_size / 2)
        axis.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=font_size, color=ink)
    controls = sum(map(is_control, block.values.index))
    if 0 < controls < len(values):
        axis.axhline(len(values) - controls, color="black", lw=0.8)
    axis.spines[:].set(visible=True, color="#BBBBBB", linewidth=0.6)
    axis.tick_params(length=0)


@figure_style()
def plot_method_summary(
    summary: pd.DataFrame,
    stability: pd.DataFrame,
    usage: pd.DataFrame,
    failures: pd.DataFrame,
    dropout: str,
    data_sets: Mapping[str, str] | None = None,
    selection: Selection = ALL,
) -> Figure:
    """Heat map of methods by networks: accuracy, stability and cost at one dropout level.

    What has no value at all is left out, as stability is where networks have one replicate.

    Args:
        summary: columns network, dropout, protocol, method, metric, mean.
        stability: columns network, dropout, protocol, method, jaccard, spearman.
        usage: columns network, method, cpu_seconds (mean per data set), peak_memory_mb;
            over all dropout levels.
        failures: columns network, dropout, method; one row per data set without a result.
        dropout: the dropout level to show.
        data_sets: data set of each network, where that has another name; usage is of data sets.
        selection: methods to show and to point out.
    """
    summary, stability, failures = map(selection.rows, (summary, stability, failures))
    shown = summary[(summary["protocol"] == PROTOCOL) & (summary["dropout"] == dropout)]
    stable = stability[(stability["protocol"] == PROTOCOL) & (stability["dropout"] == dropout)]
    missed = failures[failures["dropout"] == dropout]
    networks = list(dict.fromkeys([*shown["network"], *missed["network"]]))
    if not networks:
        raise ValueError(f"no values under the protocol {PROTOCOL} at dropout {dropout}")
    methods = in_fixed_order({*shown["method"], *missed["method"]})

    def grid(table: pd.DataFrame, column: str) -> pd.DataFrame:
        wide = table.pivot(index="method", columns="network", values=column)
        return wide.reindex(index=methods, columns=networks)

    of_data = pd.DataFrame(
        {"of": networks, "network": [(data_sets or {}).get(n, n) for n in networks]}
    )
    usage = (
        usage.merge(of_data, on="network").drop(columns="network").rename(columns={"of": "network"})
    )

    precision = grid(shown[shown["metric"] == "average_precision_ratio"], "mean")
    methods = summary_order(precision)
    precision = precision.loc[methods]
    early = grid(shown[shown["metric"] == "early_precision_ratio"], "mean")
    blocks = [
        ratio_block("average precision\nratio", precision),
        ratio_block("early precision\nratio", early),
        stability_block("stability\n(Jaccard)", grid(stable, "jaccard")),
        stability_block("stability\n(Spearman)", grid(stable, "spearman")),
        cost_block("CPU time per\ndata set (s)", grid(usage, "cpu_seconds")),
        cost_block("peak memory\n(MB)", grid(usage, "peak_memory_mb")),
    ]
    blocks = [block for block in blocks if block.values.notna().any(axis=None)]
    failed = set(zip(missed["method"], missed["network"], strict=True))
    figure = _draw_blocks(blocks, failed, networks, methods, selection)
    figure.suptitle(f"Methods on all candidate pairs, dropout {int(dropout)} %", fontsize=10)
    return figure


def _draw_blocks(
    blocks: Sequence[Block],
    failed: set,
    networks: Sequence[str],
    methods: Sequence[str],
    selection: Selection,
) -> Figure:
    """Blocks in one row; of many networks two by two, without the rows that have no value.

    Args:
        blocks: values of `methods` by `networks`.
        failed: methods that failed on some data sets, with the network.
    """
    two_by_two = len(networks) > MOST_IN_ONE_ROW
    in_row = 2 if two_by_two else len(blocks)
    rows = [list(blocks[i : i + in_row]) for i in range(0, len(blocks), in_row)]
    shown = [list(methods) for _ in rows]
    if two_by_two:
        shown = [_with_values(row, methods) for row in rows]
    cell = min(max(1.05 / len(networks), 0.38), max(6.6 / len(networks), 0.2))
    font_size = 7 if cell >= 0.35 else max(4.5, 7 * cell / 0.35)
    upright = max(map(len, networks)) * 0.085 > cell
    names = max(map(len, networks)) * 0.012 * min(8, font_size + 1) if upright else 0.15
    heights = [0.22 * len(own) + 1.0 + names for own in shown]
    figure, axes = subplots(
        len(rows),
        in_row,
        figsize=(1.5 + in_row * (cell * len(networks) + 0.12), sum(heights) + 0.55),
        squeeze=False,
        layout="constrained",
        height_ratios=heights,
    )
    bar_length = min(0.8 * cell * len(networks), 1.6)
    for in_this, own, row in zip(axes, shown, rows, strict=True):
        in_this[0].set_yticks(np.arange(len(own)) + 0.5, [method_title(m) for m in own])
        selection.mark_rows(in_this[0], own)
        for axis in in_this[len(row) :]:
            axis.set_visible(False)
        for axis, block in zip(in_this, row, strict=False):
            part = replace(block, values=block.values.loc[own])
            draw_block(axis, part, failed if block.one_dropout else set(), font_size)
            axis.set_xticks(
                np.arange(len(networks)) + 0.5, networks, rotation=90 if upright else 0,
                fontsize=min(8, font_size + 1),
            )  # fmt: skip
            title = block.title.replace("\n", " ") if two_by_two else block.title
            axis.set_title(title, fontsize=8.5)
            if axis is not in_this[0]:
                axis.set_yticks([])
            bar = figure.colorbar(
                ScalarMappable(block.norm, block.colours), ax=axis, location="bottom", pad=0.02,
                shrink=bar_length / (cell * len(networks)), aspect=bar_length / 0.08,
            )  # fmt: skip
            bar.set_ticks(list(block.ticks), labels=list(block.ticks.values()), fontsize=7)
            bar.ax.minorticks_off()
            bar.outline.set_visible(False)
    handles: list[Patch | Line2D] = [Patch(color=MISSING, label="no value (–)")]
    if failed:
        dot = Line2D([], [], color="black", marker=".", ms=4, ls="")
        dot.set_label("failed on some data sets")
        handles.append(dot)
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8)
    return figure


def _with_values(blocks: Sequence[Block], methods: Sequence[str]) -> list[str]:
    """Methods with a value in one of the blocks, in their order."""
    return [m for m in methods if any(block.values.loc[m].notna().any() for block in blocks)]


@figure_style()
def plot_beeline(
    by_replicate: pd.DataFrame, published: pd.DataFrame, selection: Selection = ALL
) -> Figure:
    """AUPRC of every method beside the values that BEELINE published, one panel per network.

    Args:
        by_replicate: columns network, dropout, protocol, method, metric, value; the metric
            `prevalence` is the share of edges.
        published: columns network, method, metric, median, low, high.
        selection: methods to show and to point out.
    """
    ours = by_replicate[
        (by_replicate["protocol"] == PROTOCOL) & (by_replicate["dropout"].astype(int) == 0)
    ]
    prevalence = ours[ours["metric"] == "prevalence"].groupby("network")["value"].median()
    ours = ours[ours["metric"] == "auprc_beeline"]
    theirs = published[published["metric"] == "auprc_beeline"]
    networks = [n for n in theirs["network"].unique() if (ours["network"] == n).any()]
    if not networks:
        raise ValueError("no network has both values of this study and published ones")
    ours, theirs = (
        selection.rows(table[table["network"].isin(networks)]) for table in (ours, theirs)
    )
    here, there = set(ours["method"]), set(theirs["method"])
    controls = set(filter(is_control, here))
    groups = [here & there, here - there - controls, there - here, controls]
    ordered = [in_fixed_order(group) for group in groups if group]
    row = {method: i for i, method in enumerate(chain(*ordered))}

    figure, axes = subplots(
        1,
        len(networks),
        figsize=(2.1 * len(networks) + 1.7, 0.27 * len(row) + 1.5),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for axis, network in zip(axes[0], networks, strict=True):
        if network in prevalence.index:
            axis.axvline(prevalence[network], color="#777777", ls=":", lw=1.2)
        for position in range(0, len(row), 2):
            axis.axhspan(position - 0.5, position + 0.5, color="#F4F4F4", lw=0, zorder=0)
        for method, part in ours[ours["network"] == network].groupby("method"):
            y = row[method] - 0.2
            values = part["value"].dropna()
            axis.plot(values, [y] * len(values), "o", color=OURS, ms=3.2, mew=0, alpha=0.45)
            axis.plot([values.median()] * 2, [y - 0.19, y + 0.19], color=OURS, lw=2)
        for line in theirs[theirs["network"] == network].itertuples():
            y = row[line.method] + 0.2
            axis.plot([line.low, line.high], [y, y], color=BEELINE_COLOUR, lw=1)
            axis.plot(line.median, y, "D", color=BEELINE_COLOUR, ms=4, mew=0)
        last = -0.5
        for group in ordered[:-1]:
            last += len(group)
            axis.axhline(last, color="#777777", lw=0.6)
        axis.set_title(network, fontsize=9)
        axis.set(xlim=(0, 1), ylim=(len(row) - 0.5, -0.5))
        axis.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "", "0.5", "", "1"])
        axis.tick_params(axis="y", length=0)
    axes[0, 0].set_yticks(range(len(row)), [method_title(m) for m in row])
    selection.mark_rows(axes[0, 0], list(row))
    figure.supxlabel("AUPRC (BEELINE v1.1's trapezoid)", fontsize=9)
    handles = [
        Line2D([], [], color=OURS, marker="o", ms=3.2, mew=0, ls="", alpha=0.6,
               label="this study, one run"),
        Line2D([], [], color=OURS, marker="|", ms=8, mew=2, ls="", label="this study, median"),
        Line2D([], [], color=BEELINE_COLOUR, marker="D", ms=4, mew=0, lw=1,
               label="BEELINE, median and range of 10"),
        Line2D([], [], color="#777777", ls=":", label="share of edges"),
    ]  # fmt: skip
    figure.legend(
        handles=handles, loc="outside upper center", ncols=2 if len(networks) < 3 else 4, fontsize=8
    )
    figure.set_layout_engine("constrained", wspace=0.03)
    return figure


def _highest_precision(curves: pd.DataFrame, prevalence: float) -> float:
    """Where the axis of precision ends: at 1, or lower where edges are rare.

    The first edges of a list have any precision by chance, and what knows the degrees of a
    reference is far above what sees cells; all else would lie on the axis.
    """
    if prevalence >= RARE:
        return 1.0
    of_cells = np.array([not is_control(method) for method in curves["method"]])
    later = curves[(curves["x"] >= FIRST) & of_cells]
    mean = later.groupby(["dropout", "method", "x"])["y"].mean()
    return min(1.0, 1.1 * max([2 * prevalence, *mean]))


@figure_style()
def plot_method_curves(
    curves: pd.DataFrame, prevalence: float, selection: Selection = ALL
) -> Figure:
    """Precision-recall curves of one network's methods, one panel per dropout level.

    Args:
        curves: columns dropout, protocol, method, seed, curve, x, y; the mean over seeds is drawn.
        prevalence: share of edges among the candidate pairs.
        selection: methods to show and to point out.
    """
    curves = selection.rows(curves)
    curves = curves[(curves["protocol"] == PROTOCOL) & (curves["curve"] == "pr")]
    dropouts = sorted(curves["dropout"].unique(), key=int)
    methods = in_fixed_order(set(curves["method"]))
    rows = math.ceil(len(dropouts) / MOST_PANELS)
    columns = math.ceil(len(dropouts) / rows)
    figure, axes = subplots(
        rows,
        columns,
        figsize=(
            (4.6 if columns == 1 else 2.9 * columns) + 2.2,
            max(3.0 * rows, 0.19 * len(methods) + 0.8),
        ),
        squeeze=False,
        layout="constrained",
    )
    top, style = _highest_precision(curves, prevalence), styles(methods)
    for axis, dropout in zip(axes.flat, dropouts, strict=False):
        axis.axhline(prevalence, color="#DDDDDD", lw=3, zorder=0)
        part = curves[curves["dropout"] == dropout]
        for method in reversed(methods):  # the first of the legend on top
            mean = part[part["method"] == method].groupby("x")["y"].mean()
            colour, line = style[method]
            axis.plot(
                mean.index,
                mean,
                color=colour,
                clip_on=top < 1,
                **({"ls": line} | selection.line(method, 1.4)),
            )
        axis.set(xlim=(0, 1), ylim=(0, top))
        for side in (axis.xaxis, axis.yaxis) if top == 1 else (axis.xaxis,):
            side.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "", "0.5", "", "1"])
        axis.set_xlabel("recall")
        axis.set_title(f"dropout {int(dropout)} %", fontsize=9)
    for axis in axes[:, 0]:
        axis.set_ylabel(
            "precision" if top == 1 else f"precision\n(up to what recall {FIRST:g} has)"
        )
    for axis in axes.flat[len(dropouts) :]:
        axis.set_visible(False)
    handles = [
        Line2D(
            [],
            [],
            color=style[m][0],
            label=method_title(m),
            **({"ls": style[m][1]} | selection.line(m, 1.6)),
        )
        for m in methods
    ]
    handles.append(Line2D([], [], color="#DDDDDD", lw=3, label="share of edges"))
    legend = figure.legend(
        handles=handles, loc="outside right center", fontsize=8, handlelength=2.8
    )
    selection.mark(legend.get_texts(), methods)
    return figure
