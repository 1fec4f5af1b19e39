"""The figure of what hub measures are worth: rank correlation with what knock-outs do."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from grn_gat.evaluate.consequence import MEASURES
from grn_gat.report.hub_tables import METHOD
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import MEASURE_TITLES, figure_style, subplots

_BEGINS = dict(zip(MEASURES.values(), ("from the start", "in differentiated cells"), strict=True))
_COLOURS = {"models": "#D55E00", "random": "#0072B2"}
# Measures that differ from one another; the others are in the table.
SHOWN = ("degree", "out_degree", "in_degree", "betweenness", "pagerank", "attention_given")


def _row(source: str, measure: str) -> str:
    name = method_title(source.removeprefix(METHOD)) if source.startswith(METHOD) else source
    return f"{name}: {MEASURE_TITLES[measure]}"


@figure_style()
def plot_hub_worth(table: pd.DataFrame) -> Figure:
    """Mean correlation and its interval, a row for each source and measure, a panel for each begin.

    Args:
        table: what `evaluate.hub_worth.summary` returns.
    """
    table = table[table["measure"].isin(SHOWN)]
    sources = sorted(table["source"].unique(), key=lambda name: (name != "reference", name))
    rows = [
        (source, measure)
        for source in sources
        for measure in SHOWN
        if ((table["source"] == source) & (table["measure"] == measure)).any()
    ]
    kinds = [kind for kind in _COLOURS if (table["kind"] == kind).any()]
    begins = [name for name in _BEGINS if (table["consequence"] == name).any()]
    figure, axes = subplots(
        1,
        len(begins),
        figsize=(3.2 * len(begins) + 2.4, 0.19 * len(rows) + 1.2),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for axis, begin in zip(axes[0], begins, strict=True):
        for kind in kinds:
            part = table[(table["kind"] == kind) & (table["consequence"] == begin)]
            part = part.set_index(["source", "measure"]).reindex(rows)
            mean = part["rho"].to_numpy()
            ends = [mean - part["low"].to_numpy(), part["high"].to_numpy() - mean]
            place = np.arange(len(rows)) + 0.3 * (kinds.index(kind) - (len(kinds) - 1) / 2)
            axis.errorbar(
                mean, place, xerr=np.nan_to_num(np.clip(ends, 0, None)), fmt="o", ms=3, lw=1,
                color=_COLOURS[kind], label=kind,
            )  # fmt: skip
        axis.axvline(0, color="#999999", lw=0.6)
        axis.set_xlabel("Spearman's rho with the consequence")
        axis.set_title(f"knock-outs {_BEGINS[begin]}", loc="left", fontsize=9)
    axes[0, 0].set_yticks(range(len(rows)), [_row(*row) for row in rows], fontsize=7)
    axes[0, 0].invert_yaxis()
    axes[0, -1].legend(loc="lower right", fontsize=7)
    return figure
