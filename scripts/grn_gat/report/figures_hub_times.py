"""Expression of the first hubs of an inferred network along pseudotime."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from grn_gat.data.doubts import COUNTS, kind_of_values
from grn_gat.report.style import as_text, figure_style, legend_below, nothing_to_show, subplots

SHOWN = 6  # hubs
MOST_TRAJECTORIES = 6
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_LINES = ("-", "--", "-.", ":", "-", "--")
_BINS = 25  # of a trajectory, of as many cells each
_FEWEST = 8  # cells of a bin
_TOTAL = 10_000  # counts of a cell, before their logarithm


def first_hubs(hubs: pd.DataFrame) -> list[str]:
    """Return the genes with most targets that have one: the first `SHOWN`, ties by name."""
    found = hubs[hubs["out_degree"] > 0].sort_values(["out_degree_rank", "gene"])
    return list(found["gene"][:SHOWN])


def means_along(
    values: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return means of genes in bins of as many cells each, along one trajectory.

    Args:
        values: array (genes, cells).
        times: array (cells,), NaN off the trajectory.

    Returns:
        Median time of each bin (bins,), means and their standard errors (genes, bins); None of
        fewer cells than two bins take.
    """
    own = np.flatnonzero(~np.isnan(times))
    bins = min(_BINS, len(own) // _FEWEST)
    if bins < 2:
        return None
    parts = np.array_split(own[np.argsort(times[own], kind="stable")], bins)
    middle = np.array([np.median(times[part]) for part in parts])
    means = np.stack([values[:, part].mean(axis=1) for part in parts], axis=1)
    errors = [values[:, part].std(axis=1, ddof=1) / np.sqrt(len(part)) for part in parts]
    return middle, means, np.stack(errors, axis=1)


@figure_style()
def plot_hub_times(
    hubs: pd.DataFrame,
    genes: Sequence[str],
    expression: np.ndarray,
    pseudotime: pd.DataFrame,
    title: str,
) -> Figure:
    """Draw the first hubs along each trajectory: mean and standard error in bins of cells.

    Args:
        hubs: hubs.tsv, with columns gene, out_degree and its rank.
        genes: names of the rows of the matrix.
        expression: array (genes, cells), >= 0; counts are drawn as logarithms of shares.
        pseudotime: columns are trajectories, NaN where a cell is not on one.
        title: of the method.
    """
    names = first_hubs(hubs)
    shown = pseudotime.columns[:MOST_TRAJECTORIES]
    values = expression[pd.Index(genes).get_indexer(names)]
    label = "expression"
    if kind_of_values(expression) == COUNTS:
        totals = expression.sum(axis=0)
        values = np.log1p(values * (_TOTAL / np.where(totals > 0, totals, 1)))
        label = "log(1 + counts in 10,000)"
    found = [means_along(values, pseudotime[column].to_numpy(dtype=float)) for column in shown]
    if not names or not any(one is not None for one in found):
        return nothing_to_show("no hub, or too few cells on a trajectory")
    figure, axes = subplots(
        1, len(shown), figsize=(1.2 + 3.2 * len(shown), 2.9), squeeze=False, sharey=True
    )
    for axis, column, one in zip(axes[0], shown, found, strict=True):
        axis.set_title(as_text(str(column)), fontsize=9)
        axis.set_xlabel("pseudotime")
        if one is None:
            axis.text(0.5, 0.5, "too few cells", ha="center", transform=axis.transAxes)
            continue
        middle, means, errors = one
        for k, mean in enumerate(means):
            axis.fill_between(
                middle, mean - errors[k], mean + errors[k], color=_COLOURS[k], alpha=0.18, lw=0
            )
            axis.plot(middle, mean, color=_COLOURS[k], ls=_LINES[k], lw=1.6)
    axes[0, 0].set_ylabel(label)
    axes[0, 0].set_ylim(bottom=0)
    figure.suptitle(f"{title}: its first hubs along pseudotime", fontsize=9, x=0.01, ha="left")
    handles = [
        Line2D([], [], color=_COLOURS[k], ls=_LINES[k], label=as_text(name))
        for k, name in enumerate(names)
    ]
    legend_below(figure, handles)
    return figure
