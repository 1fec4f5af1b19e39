"""The figure of the zero-shot model's card: training, calibration, size against accuracy."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grn_gat.report.style import DROPOUT_COLOURS, figure_style, subplots
from grn_gat.zeroshot.model_card import pooled_bins

_BINS = 8  # classes of network size


@figure_style()
def plot_validation(
    curves: pd.DataFrame, metrics: pd.DataFrame, calibration: pd.DataFrame
) -> Figure:
    """Draw three panels.

    Args:
        curves: member, epoch, train_loss, validation_loss.
        metrics, calibration: tables of `validate_zeroshot`.
    """
    figure, (training, reliability, sizes) = subplots(1, 3, figsize=(11, 3.6))
    for member, part in curves.groupby("member"):
        colour = DROPOUT_COLOURS[(member - 1) % len(DROPOUT_COLOURS)]
        training.plot(part["epoch"], part["train_loss"], "--", color=colour)
        training.plot(part["epoch"], part["validation_loss"], color=colour, label=f"model {member}")
    training.set(xlabel="epoch", ylabel="cross-entropy of edges (nats)")
    training.xaxis.set_major_locator(MaxNLocator(integer=True))
    training.set_title("Training (dashed: augmented)\nand held-out networks (solid: as simulated)")
    training.legend()

    for colour, (kind, part) in zip(DROPOUT_COLOURS, calibration.groupby("kind"), strict=False):
        bins = pooled_bins(part)
        bins = bins[bins["pairs"] >= 50]
        reliability.plot(
            bins["predicted"], bins["observed"], "o-", color=colour, markersize=4, label=kind
        )
    reliability.plot([0, 1], [0, 1], ":", color="#999999", label="perfect")
    reliability.set(xlabel="predicted probability of an edge", ylabel="share that are edges")
    reliability.set_title("Calibration on held-out networks\n(all conditions)")
    reliability.legend()

    like = metrics[metrics["kind"] == "like training"]
    edges = np.unique(np.round(np.geomspace(3, like["genes"].max() + 1, _BINS + 1)))
    place = pd.cut(like["genes"], edges, right=False)
    shown = (
        ("gat-zeroshot", "average_precision", "GATv2 zero-shot", "o-"),
        ("pearson", "average_precision", "abs. Pearson", "s--"),
        ("gat-zeroshot", "prevalence", "share of edges (random)", "d:"),
    )
    for colour, (method, column, label, style) in zip(DROPOUT_COLOURS, shown, strict=False):
        part = like[like["method"] == method]
        means = part.groupby(place, observed=True)[[column, "genes"]].mean()
        sizes.plot(means["genes"], means[column], style, color=colour, label=label, markersize=4)
    sizes.set_xscale("log")
    sizes.set_xticks([4, 6, 10, 20, 40], ["4", "6", "10", "20", "40"])
    sizes.minorticks_off()
    sizes.set(xlabel="genes of the network", ylabel="average precision (mean)", ylim=(0, 1))
    sizes.set_title("Size of the network against accuracy\n(networks like training)")
    sizes.legend()
    figure.tight_layout()
    return figure
