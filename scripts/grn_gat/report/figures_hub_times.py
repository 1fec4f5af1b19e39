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
FEWEST = 16  # cells of a trajectory
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_LINES = ("-", "--", "-.", ":", "-", "--")
_POINTS = 50  # of a line
_WIDTH = 0.06  # sd of the weights of cells, as a share of the cells of the trajectory
_ACROSS = 3  # panels
_TOTAL = 10_000  # counts of a cell, before their logarithm


def first_hubs(hubs: pd.DataFrame) -> list[str]:
    """Return the genes with most targets that have one: the first `SHOWN`, ties by name."""
    found = hubs[hubs["out_degree"] > 0].sort_values(["out_degree_rank", "gene"])
    return list(found["gene"][:SHOWN])


def means_along(
    values: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return running means of genes along one trajectory (Nadaraya-Watson).

    Cells weigh by a normal density of how many cells lie between, so that a mean is of as many of
    them where they are dense as where they are sparse.

    Args:
        values: array (genes, cells).
        times: array (cells,), NaN off the trajectory.

    Returns:
        Times (points,), means and their standard errors (genes, points), of cells that are
        independent; None of fewer than `FEWEST` cells.
    """
    own = np.flatnonzero(~np.isnan(times))
    if len(own) < FEWEST:
        return None
    ordered = own[np.argsort(times[own], kind="stable")]
    ranks = np.arange(len(own))
    centres = np.linspace(0, len(own) - 1, min(_POINTS, len(own)))
    weights = np.exp(-0.5 * ((ranks - centres[:, None]) / max(1.0, _WIDTH * len(own))) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    cells = values[:, ordered]
    means = cells @ weights.T
    spread = np.maximum(0, cells**2 @ weights.T - means**2)
    errors = np.sqrt(spread * (weights**2).sum(axis=1))
    return np.interp(centres, ranks, times[ordered]), means, errors


@figure_style()
def plot_hub_times(
    hubs: pd.DataFrame,
    genes: Sequence[str],
    expression: np.ndarray,
    pseudotime: pd.DataFrame,
    title: str,
) -> Figure:
    """Draw each of the first hubs along the trajectories: running mean and standard error.

    Args:
        hubs: hubs.tsv, with columns gene, out_degree and its rank.
        genes: names of the rows of the matrix.
        expression: array (genes, cells), >= 0; counts are drawn as logarithms of shares.
        pseudotime: columns are trajectories, NaN where a cell is not on one.
        title: of the method.
    """
    names = first_hubs(hubs)
    values = expression[pd.Index(genes).get_indexer(names)]
    label = "expression"
    if kind_of_values(expression) == COUNTS:
        totals = expression.sum(axis=0)
        values = np.log1p(values * (_TOTAL / np.where(totals > 0, totals, 1)))
        label = "log(1 + counts in 10,000)"
    found = {
        str(column): along
        for column in pseudotime.columns[:MOST_TRAJECTORIES]
        if (along := means_along(values, pseudotime[column].to_numpy(dtype=float))) is not None
    }
    if not names or not found:
        return nothing_to_show("no hub, or too few cells on a trajectory")
    rows = -(-len(names) // _ACROSS)
    across = min(_ACROSS, len(names))
    size = (max(3.6, 0.5 + 2.3 * across), 0.5 + 1.8 * rows)
    figure, axes = subplots(rows, across, figsize=size, squeeze=False)
    for place, axis in enumerate(axes.flat):
        if place >= len(names):
            axis.axis("off")
            continue
        axis.set_title(as_text(names[place]), fontsize=9)
        for k, (times, means, errors) in enumerate(found.values()):
            mean, error = means[place], errors[place]
            axis.fill_between(times, mean - error, mean + error, color=_COLOURS[k], alpha=0.2, lw=0)
            axis.plot(times, mean, color=_COLOURS[k], ls=_LINES[k], lw=1.6)
        axis.set_ylim(bottom=0)
        axis.tick_params(labelsize=7.5)
        if place + across >= len(names):
            axis.set_xlabel("pseudotime")
    figure.supylabel(label, fontsize=9, x=0.01)
    figure.suptitle(f"{title}: its first hubs along pseudotime", fontsize=9, x=0.01, ha="left")
    handles = [
        Line2D([], [], color=_COLOURS[k], ls=_LINES[k], label=as_text(name))
        for k, name in enumerate(found)
    ]
    legend_below(figure, handles)
    return figure
