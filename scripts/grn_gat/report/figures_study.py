"""The figures of one network of a study: curves, metrics and training."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from grn_gat.core.protocols import COPY_PROTOCOLS, PAPER
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import (
    ANY_DROPOUT,
    DROPOUT_COLOURS,
    METHOD_STYLE,
    METRIC_TITLES,
    NO_PROTOCOL,
    PROTOCOL_TITLES,
    figure_style,
    legend_below,
    nothing_to_show,
    subplots,
)

_MARKERS = "osD^vP"  # of dropout levels
_LINE = 0.75  # share of the line of a method that its points take


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
    legend_below(figure, handles)
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
    legend_below(figure, _level_handles(protocols, dropouts))
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
    legend_below(figure, handles)
    return figure
