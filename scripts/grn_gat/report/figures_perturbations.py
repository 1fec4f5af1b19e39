"""The figures of perturbations of one network: shifts of all genes, fates of cells."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from grn_gat.report.style import MOST_GENES, as_text, figure_style, subplots
from grn_gat.simulate.attractors import JOINT, NONE_ON
from grn_gat.simulate.perturbation_experiment import KNOCK_OUT
from grn_gat.simulate.perturbed_cells import WILD_TYPE

BEGIN_TITLES = {"start": "from the start", "differentiated": "in differentiated cells"}
MOST_FATES = 9  # with a colour of their own
_OTHERS, _RARE = "others", "#BBBBBB"
_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#999933",
    "#44AA99",
)  # fmt: skip


def _single(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["perturbed"].str.contains(JOINT, regex=False)]


@figure_style()
def plot_shifts(perturbations: pd.DataFrame, consequences: pd.DataFrame) -> Figure:
    """Heat maps of signed shifts, perturbed gene by other gene, a panel for each kind and begin.

    Args:
        perturbations: columns begin, kind, perturbed, gene, shift, sign.
        consequences: columns begin, kind, perturbed, replicate, consequence; rows are in the order
            of the first kind and begin, of the largest first.
    """
    table = _single(perturbations)
    begins, kinds = (list(table[column].unique()) for column in ("begin", "kind"))
    first = consequences[(consequences["kind"] == kinds[0]) & (consequences["begin"] == begins[0])]
    first = _single(first[first["replicate"] == 0]).sort_values("consequence", ascending=False)
    genes = list(first["perturbed"][:MOST_GENES])
    figure, axes = subplots(
        len(begins),
        len(kinds),
        figsize=(0.24 * len(genes) * len(kinds) + 2, (0.22 * len(genes) + 1.2) * len(begins)),
        squeeze=False,
        layout="constrained",
    )
    norm = Normalize(-2, 2)
    for i, j in np.ndindex(axes.shape):
        axis = axes[i, j]
        part = table[(table["begin"] == begins[i]) & (table["kind"] == kinds[j])]
        signed = part.assign(value=part["shift"] * part["sign"].map({"+": 1, "-": -1}).fillna(0))
        wide = signed.pivot(index="perturbed", columns="gene", values="value")
        image = axis.imshow(wide.reindex(index=genes, columns=genes), cmap="RdBu_r", norm=norm)
        names = [as_text(gene) for gene in genes]
        axis.set_xticks(range(len(genes)), names if i == len(begins) - 1 else [], rotation=90)
        axis.set_yticks(range(len(genes)), names if j == 0 else [])
        axis.tick_params(length=0)
        axis.set_title(f"{kinds[j]}, {BEGIN_TITLES[begins[i]]}", loc="left", fontsize=8)
    axes[0, 0].set_ylabel("perturbed gene")
    axes[-1, 0].set_xlabel("gene that is looked at")
    bar = figure.colorbar(image, ax=axes, shrink=0.5, pad=0.01)
    bar.ax.set_title("shift", loc="left", fontsize="medium")
    return figure


@figure_style()
def plot_fates(fates: pd.DataFrame, kind: str = KNOCK_OUT) -> Figure:
    """Stacked bars of the fates of cells, one for each perturbed gene, a panel for each begin.

    Args:
        fates: columns begin, kind, perturbed, fate, share, wild.
        kind: which perturbation is drawn; the first that there is where it was not done.
    """
    table = _single(fates.assign(perturbed=fates["perturbed"].fillna("")))
    kinds = [name for name in table["kind"].unique() if name != WILD_TYPE]
    kind = kind if kind in kinds else kinds[0]
    table = table[table["kind"].isin([WILD_TYPE, kind])]
    begins = list(table["begin"].unique())
    rows = list(dict.fromkeys(table["perturbed"]))[: MOST_GENES + 1]
    shares, colours = _grouped(table)
    figure, axes = subplots(
        1,
        len(begins),
        figsize=(3.4 * len(begins) + 2.6, 0.24 * len(rows) + 1),
        squeeze=False,
        sharey=True,
        layout="constrained",
    )
    for axis, begin in zip(axes[0], begins, strict=True):
        left = np.zeros(len(rows))
        for group, colour in colours.items():
            width = shares.xs((begin, group), level=("begin", "group")).reindex(rows).fillna(0)
            axis.barh(range(len(rows)), width, left=left, color=colour, height=0.8, label=group)
            left += width.to_numpy()
        axis.set_xlim(0, 1)
        axis.set_xlabel("share of the cells")
        axis.set_title(f"{kind}, {BEGIN_TITLES[begin]}", loc="left", fontsize=9)
    axes[0, 0].set_yticks(range(len(rows)), [as_text(gene) or WILD_TYPE for gene in rows])
    axes[0, 0].invert_yaxis()
    handles, _ = axes[0, 0].get_legend_handles_labels()
    names = [as_text(group) for group in colours]
    figure.legend(handles, names, loc="outside right center", fontsize=7, title="genes that are on")
    return figure


def _grouped(fates: pd.DataFrame) -> tuple[pd.Series, dict[str, str]]:
    """Shares by begin, perturbed gene and group of fates, and the colour of each group.

    A fate that lacks nothing but the perturbed gene is of the group of the whole one. Groups with a
    colour of their own are those that most cells of all bars come to.
    """
    whole = fates.loc[fates["kind"] == WILD_TYPE, "fate"].unique()
    group = [
        _whole_fate(fate, gene, whole)
        for fate, gene in zip(fates["fate"], fates["perturbed"], strict=True)
    ]
    table = fates.assign(group=group)
    common = table.groupby("group")["share"].sum().sort_values(ascending=False, kind="stable")
    shown = list(common.index[:MOST_FATES])
    table["group"] = table["group"].where(table["group"].isin(shown), _OTHERS)
    colours = dict(zip(shown, _COLOURS, strict=False))
    if (table["group"] == _OTHERS).any():
        colours[_OTHERS] = _RARE
    return table.groupby(["begin", "perturbed", "group"])["share"].sum(), colours


def _whole_fate(fate: str, gene: str, whole: Sequence[str]) -> str:
    """The fate of the wild type that is this one but for a gene, or the fate itself."""
    for other in whole:
        kept = [part for part in other.split(JOINT) if part.strip("()") != gene]
        if gene and (JOINT.join(kept) or NONE_ON) == fate:
            return other
    return fate
