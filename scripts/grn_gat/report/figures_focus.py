"""The figure of the method that a study is about: how far above every other one, how surely."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from grn_gat.core.protocols import UNSUPERVISED
from grn_gat.report.figures_methods import BEELINE_COLOUR, OURS
from grn_gat.report.method_titles import method_title
from grn_gat.report.selection import ALL, Selection
from grn_gat.report.style import (
    as_text,
    figure_style,
    in_fixed_order,
    is_control,
    nothing_to_show,
    subplots,
)

METRIC = "average_precision"
_MOST_PANELS = 4  # side by side
_UNSURE = "#777777"
# Of a verdict: colour, and whether the marker is filled.
_MARKS = {
    "better": (OURS, True),
    "worse": (BEELINE_COLOUR, True),
    "no difference": (_UNSURE, True),
    "not determined": (_UNSURE, False),
}


@figure_style()
def plot_focus(
    comparison: pd.DataFrame, focus: str, dropout: str, selection: Selection = ALL
) -> Figure:
    """Paired differences of average precision on all candidate pairs, one panel per network.

    Args:
        comparison: as `tables.compare_with_others` returns it, dropout as text.
        focus: the method that all others are compared with; right of 0 it is better.
        dropout: the dropout level to show.
        selection: other methods to show and to point out.
    """
    comparison = selection.rows(comparison)
    shown = comparison[
        (comparison["protocol"] == UNSUPERVISED)
        & (comparison["model"] == focus)
        & (comparison["metric"] == METRIC)
        & (comparison["dropout"] == dropout)
    ]
    title = method_title(focus)
    if shown.empty:
        return nothing_to_show(f"{title} has no result at dropout {int(dropout)} %.")
    others = _order(shown)
    networks = list(dict.fromkeys(shown["network"]))
    rows = math.ceil(len(networks) / _MOST_PANELS)
    columns = math.ceil(len(networks) / rows)
    figure, axes = subplots(
        rows,
        columns,
        figsize=(2.3 * columns + 1.9, rows * (0.21 * len(others) + 0.7) + 0.9),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for axis, network in zip(axes.flat, networks, strict=False):
        _draw_panel(axis, shown[shown["network"] == network], others)
        axis.set_title(as_text(network), fontsize=9)
    for axis in axes.flat[len(networks) :]:
        axis.set_visible(False)
    for axis in axes[:, 0]:
        axis.set_yticks(range(len(others)), [as_text(method_title(m)) for m in others])
        selection.mark_rows(axis, others)
    # Fewer than those of a random score, which has one for each seed.
    number = shown["n"].min()
    figure.supxlabel(
        f"average precision of {as_text(title)} minus that of the other\n"
        f"(dropout {int(dropout)} %, 95 % intervals, at least {number:.0f} paired values)",
        fontsize=9,
    )
    handles = [
        Line2D([], [], color=colour, marker="o", ms=4.5, mfc=colour if filled else "white",
               lw=1.2, label=verdict)
        for verdict, (colour, filled) in _MARKS.items()
        if (shown["verdict"] == verdict).any()
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=8)
    return figure


def _order(shown: pd.DataFrame) -> list[str]:
    """Other rows from top to bottom: methods that it is furthest above last, then controls."""
    mean = shown.groupby("method")["difference"].mean()
    methods = sorted(mean.index, key=lambda name: (mean[name], name))
    controls = in_fixed_order([name for name in methods if is_control(name)])
    return [*(name for name in methods if not is_control(name)), *controls]


def _draw_panel(axis: Axes, table: pd.DataFrame, others: Sequence[str]) -> None:
    axis.axvline(0, color="#BBBBBB", lw=1, zorder=0)
    place = {method: number for number, method in enumerate(others)}
    for row in table.itertuples():
        colour, filled = _MARKS[row.verdict]
        y = place[row.method]
        if np.isfinite(row.low):
            axis.plot([row.low, row.high], [y, y], color=colour, lw=1.2)
        face = colour if filled else "white"
        axis.plot(row.difference, y, "o", color=colour, mfc=face, ms=4.5)
    controls = sum(map(is_control, others))
    if 0 < controls < len(others):
        axis.axhline(len(others) - controls - 0.5, color="black", lw=0.8)
    axis.set_ylim(len(others) - 0.5, -0.5)
    axis.margins(x=0.08)
    axis.tick_params(axis="y", length=0)
