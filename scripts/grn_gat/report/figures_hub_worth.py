"""The figure of what hub measures are worth: rank correlation with what knock-outs do."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from grn_gat.evaluate.consequence import MEASURES
from grn_gat.report.hub_tables import source_title
from grn_gat.report.style import MEASURE_TITLES, figure_style, subplots

_BEGINS = dict(zip(MEASURES.values(), ("from the start", "in differentiated cells"), strict=True))
_KINDS = {"models": ("#D55E00", "published models"), "random": ("#0072B2", "random networks")}
# Measures that differ from one another; the others are in the table.
SHOWN = ("degree", "out_degree", "betweenness", "pagerank", "attention_given")
_SHIFT = 0.16  # rows, of a kind from the middle of its row


@figure_style()
def plot_hub_worth(table: pd.DataFrame) -> Figure:
    """Mean correlation and its interval, a row for each source and measure, a panel for each begin.

    Sources are those of the table, the one with the highest correlation in any kind first; a line
    with its name stands above its measures.

    Args:
        table: what `evaluate.hub_worth.summary` returns.
    """
    table = table[table["measure"].isin(SHOWN)]
    rows = _rows(table)
    kinds = [kind for kind in _KINDS if (table["kind"] == kind).any()]
    begins = [name for name in _BEGINS if (table["consequence"] == name).any()]
    figure, axes = subplots(
        1,
        len(begins),
        figsize=(3.1 * len(begins) + 2.2, 0.19 * len(rows) + 1.3),
        squeeze=False,
        sharey=True,
        sharex=True,
        layout="constrained",
    )
    for axis, begin in zip(axes[0], begins, strict=True):
        for kind in kinds:
            part = table[(table["kind"] == kind) & (table["consequence"] == begin)]
            part = part.set_index(["source", "measure"]).reindex(rows)
            colour, label = _KINDS[kind]
            place = np.arange(len(rows)) + _SHIFT * (2 * kinds.index(kind) - len(kinds) + 1)
            axis.hlines(place, part["low"], part["high"], color=colour, lw=1.2)
            most = int(part["networks"].max())
            axis.plot(part["rho"], place, "o", ms=3.5, color=colour, label=f"{label} ({most})")
        axis.axvline(0, color="#999999", lw=0.6, zorder=0)
        for number, (_, measure) in enumerate(rows):
            if not measure and number:
                axis.axhline(number - 0.5, color="#E6E6E6", lw=0.6, zorder=0)
        axis.set_xlabel("Spearman's rho with the consequence")
        axis.set_title(f"knock-outs {_BEGINS[begin]}", loc="left", fontsize=9)
    names = [MEASURE_TITLES[measure] if measure else source_title(of) for of, measure in rows]
    axes[0, 0].set_yticks(range(len(rows)), names, fontsize=7)
    for label, (_, measure) in zip(axes[0, 0].get_yticklabels(), rows, strict=True):
        label.set_fontweight("normal" if measure else "bold")
    axes[0, 0].set_ylim(len(rows) - 0.5, -0.5)
    for axis in axes[0]:
        axis.tick_params(axis="y", length=0)
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=8
    )
    return figure


def _rows(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Source and measure of each row; before those of a source one of its name, without measure."""
    best = table.groupby("source")["rho"].max()
    rows = []
    for source in sorted(best.index, key=lambda name: (-best[name], name)):
        there = set(table.loc[table["source"] == source, "measure"])
        rows += [(source, ""), *((source, measure) for measure in SHOWN if measure in there)]
    return rows
