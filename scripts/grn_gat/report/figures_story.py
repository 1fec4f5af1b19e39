"""Figures of the first chapters of the report: the data, what the published scoring measures."""

from collections.abc import Mapping, Sequence

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

# Importing it also sets the style of all figures.
from grn_gat.report.figures import METHOD_STYLE, MOST_GENES
from grn_gat.report.method_titles import method_title

MOST_CELLS = 600  # of more, evenly spaced ones are drawn: there are no more pixels
_LABEL_FREE = {
    "label_free_accuracy": "accuracy",
    "label_free_precision": "precision",
    "label_free_recall": "recall",
    "label_free_f1": "F1",
}
_TRUE_LABELS = {
    "accuracy": "accuracy",
    "f1": "F1",
    "auroc": "AUROC",
    "average_precision": "average\nprecision",
}


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


def plot_expression(
    genes: Sequence[str],
    levels: Mapping[str, np.ndarray],
    pseudotime: pd.DataFrame | None,
) -> Figure:
    """Heat map of genes by cells, one panel per dropout level, on one scale of colours.

    Args:
        genes: names of the rows.
        levels: expression (genes, cells) by dropout level in percent.
        pseudotime: of the cells (`expression_io.Dataset`), None where there is none.
    """
    expression = next(iter(levels.values()))
    order, counts = order_of_cells(pseudotime, expression.shape[1])
    step = -(-len(order) // MOST_CELLS)
    # The genes that vary most, in the order of the file.
    shown = np.sort(np.argsort(-expression.var(axis=1), kind="stable")[:MOST_GENES])
    highest = max(float(np.quantile(expression[shown], 0.99)), 1e-9)
    figure, axes = plt.subplots(
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
        axis.set_yticks(range(len(shown)), [genes[i] for i in shown], fontsize=7)
        zeros = 100 * (values == 0).mean()
        axis.set_title(f"dropout level {level} %: {zeros:.0f} % of all values are 0", fontsize=9)
    words = "cells, in the order of the file"
    if pseudotime is not None:
        words = "cells, by trajectory (between white lines) and time from left to right"
    axes[-1, 0].set_xlabel(words)
    figure.colorbar(image, ax=axes[:, 0], shrink=0.6, pad=0.01, label="expression", extend="max")
    return figure


def plot_paper_protocol(summary: pd.DataFrame) -> Figure:
    """Bars of the published scoring beside those of the same models against the true labels.

    Args:
        summary: rows of one network, one dropout level and protocol `paper`: columns method,
            metric, mean, low, high.
    """
    values = summary.set_index(["metric", "method"])
    share = float(values["mean"].get(("prevalence", "gat"), np.nan))
    panels = (
        ("Scored as published: no label is read", _LABEL_FREE, ("gat", "constant-logit")),
        ("Scored against the true labels", _TRUE_LABELS, ("gat", "constant", "degree-product")),
    )
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.9), sharey=True, layout="constrained")
    titles = {"gat": "paper's model"}
    for axis, (title, metrics, methods) in zip(axes, panels, strict=True):
        width = 0.8 / len(methods)
        for number, method in enumerate(methods):
            style = METHOD_STYLE.get(method, METHOD_STYLE["constant"])
            found = [(m, method) for m in metrics if (m, method) in values.index]
            at = [list(metrics).index(m) for m, _ in found]
            rows = values.loc[found]
            mean = rows["mean"].to_numpy()
            x = np.array(at) + (number - (len(methods) - 1) / 2) * width
            ends = [mean - rows["low"].to_numpy(), rows["high"].to_numpy() - mean]
            axis.bar(
                x, mean, 0.9 * width, yerr=np.nan_to_num(ends).clip(0), color=style[0],
                label=titles.get(method, method_title(method)), error_kw={"lw": 1, "capsize": 2},
            )  # fmt: skip
            for place, height in zip(x, mean, strict=True):
                if np.isfinite(height):
                    axis.text(
                        place, 0.02, f"{height:.2f}", ha="center", va="bottom", rotation=90,
                        fontsize=8, color="white" if height > 0.15 else "black",
                    )  # fmt: skip
        axis.set_xticks(range(len(metrics)), list(metrics.values()))
        axis.set_title(title, fontsize=10)
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, fontsize=8)
    axes[0].set(ylim=(0, 1.05), ylabel="mean, 95 % interval")
    x = list(_TRUE_LABELS)
    for metric, level in (("auroc", 0.5), ("average_precision", share)):
        at = x.index(metric)
        axes[1].plot([at - 0.45, at + 0.45], [level, level], color="#555555", ls=":", lw=1.5)
    return figure
