"""The figure of the data: expression of genes and cells at every dropout level."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from grn_gat.report.style import MOST_GENES, as_text, figure_style, subplots

MOST_CELLS = 600  # of more, evenly spaced ones are drawn: there are no more pixels


def order_of_cells(pseudotime: pd.DataFrame | None, cells: int) -> tuple[np.ndarray, list[int]]:
    """Order of the cells, and the number of cells on each trajectory in this order.

    By trajectory (of a cell on several the first) and time; cells on none come last. Without a
    pseudotime the order is that of the file.
    """
    if pseudotime is None:
        return np.arange(cells), [cells]
    times = pseudotime.to_numpy()
    on = ~np.isnan(times)
    none = times.shape[1]
    trajectory = np.where(on.any(axis=1), on.argmax(axis=1), none)
    first = np.take_along_axis(times, np.minimum(trajectory, none - 1)[:, None], axis=1)[:, 0]
    counts = np.bincount(trajectory, minlength=none + 1)
    return np.lexsort((first, trajectory)), [int(n) for n in counts if n]


@figure_style()
def plot_expression(
    genes: Sequence[str],
    levels: Mapping[str, np.ndarray],
    pseudotime: pd.DataFrame | None,
) -> Figure:
    """Heat map of genes by cells, one panel per dropout level, on one scale of colours.

    Args:
        genes: names of the rows.
        levels: expression (genes, cells) by dropout level in percent.
        pseudotime: of the cells (`dataset.Dataset`), None where there is none.
    """
    expression = next(iter(levels.values()))
    order, counts = order_of_cells(pseudotime, expression.shape[1])
    step = -(-len(order) // MOST_CELLS)
    # The genes that vary most, in the order of the file.
    shown = np.sort(np.argsort(-expression.var(axis=1), kind="stable")[:MOST_GENES])
    highest = max(float(np.quantile(expression[shown], 0.99)), 1e-9)
    figure, axes = subplots(
        len(levels),
        1,
        figsize=(8.4, (0.16 * len(shown) + 0.55) * len(levels) + 0.5),
        squeeze=False,
        sharex=True,
        layout="constrained",
    )
    for axis, (level, values) in zip(axes[:, 0], levels.items(), strict=True):
        image = axis.imshow(
            values[shown][:, order[::step]],
            cmap="cividis",
            vmin=0,
            vmax=highest,
            aspect="auto",
            interpolation="nearest",
            extent=(0, len(order), len(shown) - 0.5, -0.5),
        )
        for edge in np.cumsum(counts)[:-1]:
            axis.axvline(edge, color="white", lw=1.2)
        axis.set_yticks(range(len(shown)), [as_text(genes[i]) for i in shown], fontsize=7)
        zeros = 100 * (values == 0).mean()
        axis.set_title(f"dropout level {level} %: {zeros:.0f} % of all values are 0", fontsize=9)
    words = "cells, in the order of the file"
    if pseudotime is not None:
        words = "cells, by trajectory (between white lines) and time from left to right"
    axes[-1, 0].set_xlabel(words)
    figure.colorbar(image, ax=axes[:, 0], shrink=0.6, pad=0.01, label="expression", extend="max")
    return figure
