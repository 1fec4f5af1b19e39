"""Figures of held-out networks: what methods are worth, and whether probabilities are true."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from grn_gat.evaluate.held_out_plan import SPEARMAN, method_of, on_shuffled
from grn_gat.report.figures_kinds import draw_cells
from grn_gat.report.figures_methods import RATIO_COLOURS, plain_number
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import as_text, figure_style, nothing_to_show, subplots

KIND_TITLES = {
    "boolean": "Boolean",
    "linear": "linear",
    "other": "Boolean, larger, other topologies",
    "transcriptional": "transcriptional",
    "bursty": "bursty promoters",
    "sergio": "SERGIO",
}
_MARKERS = "osD^vPX*hp"
_COLOURS = ("#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7")
_COLUMNS = 3  # kinds side by side


def _title(name: str, table: pd.DataFrame) -> str:
    """Title of a method; where it scored fewer networks than others, with their largest number."""
    title = method_title(method_of(name) or name)
    if on_shuffled(name):
        title += ", shuffled"
    number = table.loc[table["method"] == name, "networks"].max()
    return title if number == table["networks"].max() else f"{title} ({number})"


def _values(part: pd.DataFrame, methods: list[str], measurements: list[str]) -> tuple:
    """Values of the cells of one kind, and whether their intervals leave 1 out."""
    own = part["method"] == SPEARMAN
    found = {}
    for end in ("", "_low", "_high"):
        value = part[f"factor{end}"].where(~own, part[f"ratio{end}"])
        wide = part.assign(value=value).pivot(index="method", columns="measurement", values="value")
        found[end] = wide.reindex(index=methods, columns=measurements)
    return found[""], (found["_low"] > 1) | (found["_high"] < 1)


@figure_style()
def plot_held_out(table: pd.DataFrame) -> Figure:
    """Heat maps by kind, methods by measurements: Spearman over chance, the others over Spearman.

    Args:
        table: as `held_out_table.held_out_table` returns it, kinds from home to abroad.
    """
    kinds = list(dict.fromkeys(table["kind"]))
    measurements = list(dict.fromkeys(table["measurement"]))
    names = list(dict.fromkeys(table["method"]))
    methods = [SPEARMAN, *(name for name in names if name != SPEARMAN)]
    columns = min(_COLUMNS, len(kinds))
    rows = -(-len(kinds) // columns)
    size = (2.4 + columns * (0.5 + 0.4 * len(measurements)), 0.9 + rows * (1 + 0.2 * len(methods)))
    figure, axes = subplots(
        rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False, layout="constrained"
    )
    shown = table[["factor", "ratio"]].to_numpy(float)
    shown = shown[np.isfinite(shown)]
    high = max(2.0, np.quantile(np.maximum(shown, 1 / shown), 0.95)) if len(shown) else 2.0
    norm = LogNorm(1 / high, high, clip=True)
    for axis, kind in zip(axes.flat, kinds, strict=False):
        part = table[table["kind"] == kind]
        values, clear = _values(part, methods, measurements)
        draw_cells(axis, values, RATIO_COLOURS, norm, clear)
        axis.axhline(1, color="black", lw=1)
        axis.set_title(KIND_TITLES.get(kind, as_text(kind)), fontsize=9)
        axis.set_xticks(
            np.arange(len(measurements)) + 0.5, [as_text(m) for m in measurements],
            rotation=45, ha="right",
        )  # fmt: skip
        axis.set_yticks(np.arange(len(methods)) + 0.5, [_title(m, table) for m in methods])
    for axis in list(axes.flat)[len(kinds) :]:
        axis.set_visible(False)
    bar = figure.colorbar(ScalarMappable(norm, RATIO_COLOURS), ax=axes, shrink=0.5, aspect=25)
    bar.set_ticks([1 / high, 1, high], labels=[plain_number(v) for v in (1 / high, 1, high)])
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label(
        "average precision:\nSpearman's over chance (first row),\nothers over Spearman's",
        fontsize=8,
    )
    figure.supxlabel(
        "Geometric means over networks; bold: their 95 % interval leaves 1 out. In brackets: "
        "networks, where they are fewer.",
        fontsize=8,
    )  # fmt: skip
    return figure


@figure_style()
def plot_probabilities(table: pd.DataFrame) -> Figure:
    """Mean probability of a pair against the share of pairs that are edges, by method.

    Args:
        table: as `held_out_table.held_out_table` returns it.
    """
    known = table[table["mean_probability"].notna()]
    methods = list(dict.fromkeys(known["method"]))
    if not methods:
        return nothing_to_show("No method whose scores are probabilities.")
    figure, axes = subplots(
        1, len(methods), figsize=(1.6 + 3 * len(methods), 3.4), sharex=True, sharey=True,
        squeeze=False, layout="constrained",
    )  # fmt: skip
    kinds, measurements = (list(dict.fromkeys(known[key])) for key in ("kind", "measurement"))
    for axis, method in zip(axes.flat, methods, strict=True):
        _truth(axis, known[known["method"] == method], kinds, measurements)
        axis.set_title(_title(method, table), fontsize=9)
    axes[0, 0].set_ylabel("mean probability")
    figure.supxlabel("share of pairs that are edges", fontsize=9)
    handles = [
        axes[0, 0].plot([], [], "s", color=_COLOURS[k % 6], label=KIND_TITLES.get(kind, kind))[0]
        for k, kind in enumerate(kinds)
    ]
    handles += [
        axes[0, 0].plot([], [], _MARKERS[k % 10], color="#777777", label=as_text(name))[0]
        for k, name in enumerate(measurements)
    ]
    figure.legend(handles=handles, loc="outside right upper", fontsize=7)
    return figure


def _truth(axis: Axes, part: pd.DataFrame, kinds: list[str], measurements: list[str]) -> None:
    """One point per kind and measurement; on the line, probabilities are true on average."""
    lowest = float(min(part["share_of_edges"].min(), part["mean_probability"].min()))
    ends = [max(lowest, 1e-4) / 1.5, 1]
    axis.plot(ends, ends, color="#999999", lw=0.8, zorder=0)
    for row in part.itertuples():
        axis.plot(
            row.share_of_edges, row.mean_probability,
            _MARKERS[measurements.index(row.measurement) % 10],
            color=_COLOURS[kinds.index(row.kind) % 6], ms=5, alpha=0.85,
        )  # fmt: skip
    axis.set(xscale="log", yscale="log")
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_formatter("{x:g}")  # 0.1: shorter than a power, and text in an SVG
