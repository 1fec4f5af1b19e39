"""Figures of a comparison of groups: what differs, what is shared, hubs, regulons."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from grn_gat.report.style import as_text, figure_style, nothing_to_show, subplots

SHOWN = 20  # edges, or regulators
_SPECIFIC, _OTHER, _NULL = "#D55E00", "#8C8C8C", "#0072B2"
_SHARED = "cividis"
_ACTIVE = "RdBu_r"  # below and above the mean of all cells; the colour-blind can tell its ends
_ROW = 0.2  # inches of a row of a heat map, or of a bar
_MOST_LETTERS = 24  # of a name
_LETTER = 0.035  # inches of half a letter of a name
_LEAST_RANGE = 0.2  # standard deviations; what differs by less has pale colours
_NUMBERS = 12  # groups, up to which cells of the heat map have their number


def short(name: str) -> str:
    """A name of the user that fits beside an axis."""
    text = name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1] + "…"
    return as_text(text)


@figure_style()
def plot_differences(edges: pd.DataFrame, title: str, directed: bool = True) -> Figure:
    """Draw the edges that differ most, with the interval of their difference.

    Args:
        edges: as of `group_differences.edge_differences`.
        title: of the method.
        directed: whether it tells regulator from target.
    """
    shown = edges[:SHOWN]
    if shown.empty:
        return nothing_to_show("no edge")
    size = (6.8, 1.4 + _ROW * len(shown))
    figure, axis = subplots(figsize=size, layout="constrained")
    arrow = "→" if directed else "–"
    places = np.arange(len(shown))
    specific = (shown["specific"] == "yes").to_numpy()
    for chosen, colour in ((specific, _SPECIFIC), (~specific, _OTHER)):
        if chosen.any():
            part = shown[chosen]
            if part["low"].notna().any():
                axis.hlines(places[chosen], part["low"], part["high"], color=colour, lw=1.4)
            axis.plot(part["difference"], places[chosen], "o", color=colour, ms=5)
    axis.axvline(0, color="#B0B0B0", lw=0.8, zorder=0)
    names = zip(shown["regulator"], shown["target"], shown["group"], strict=True)
    axis.set_yticks(places, [f"{short(u)} {arrow} {short(v)}   {short(g)}" for u, v, g in names])
    axis.tick_params(axis="y", labelsize=7.5)
    axis.invert_yaxis()
    axis.set_xlabel("score in the group − mean of the other groups\n(in the direction of its sign)")
    axis.set_title(f"{title}: edges that differ most between groups", fontsize=9, loc="left")
    handles = [
        Line2D([], [], color=_SPECIFIC, marker="o", label="specific (5 % for all edges at once)"),
        Line2D([], [], color=_OTHER, marker="o", label="may be chance"),
    ]
    if (edges["specific"] == "").all():
        handles = [Line2D([], [], color=_OTHER, marker="o", label="not told from chance")]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=8)
    return figure


@figure_style()
def plot_overlap(overlap: pd.DataFrame, title: str) -> Figure:
    """Draw which share of their edges each two groups have in common.

    Of few groups beside what groups of permuted labels share, and what degrees alone give.

    Args:
        overlap: as of `group_differences.overlaps`.
        title: of the method.
    """
    if overlap.empty:
        return nothing_to_show("no network")
    if len(overlap) <= SHOWN:
        return _shares_beside_chance(overlap, title)
    names = list(dict.fromkeys([*overlap["first"], *overlap["second"]]))
    number = len(names)
    shares = np.full((number, number), np.nan)
    places = {name: k for k, name in enumerate(names)}
    for row in overlap.to_dict("records"):
        one, other = places[row["first"]], places[row["second"]]
        shares[one, other] = shares[other, one] = row["jaccard"]
    side = 2.2 + 0.36 * number
    figure, axis = subplots(figsize=(side + 1.1, side), layout="constrained")
    image = axis.imshow(shares, cmap=_SHARED, vmin=0)
    _name_axes(axis, names, names)
    if number <= _NUMBERS:
        _write_numbers(axis, shares, image)
    bar = figure.colorbar(image, ax=axis, shrink=0.7)
    bar.set_label("edges of both / edges of either")
    axis.set_title(f"{title}: edges in common", fontsize=9, loc="left")
    return figure


def _shares_beside_chance(overlap: pd.DataFrame, title: str) -> Figure:
    """A row for each two groups: their share, and what chance gives."""
    rows = np.arange(len(overlap))
    figure, axis = subplots(figsize=(6.8, 1.7 + 1.4 * _ROW * len(rows)), layout="constrained")
    every = overlap["edges_first"] + overlap["edges_second"]
    series = {
        "groups": (overlap["jaccard"], "o", _SPECIFIC),
        "permuted groups (mean)": (overlap["jaccard_permuted"], "D", _NULL),
        "by numbers of targets alone": (
            overlap["by_degree"] / (every - overlap["by_degree"]).clip(lower=1), "|", _OTHER
        ),
    }  # fmt: skip
    for label, (values, marker, colour) in series.items():
        if values.notna().any():
            size = 10 if marker == "|" else 5.5
            axis.plot(values, rows, marker, color=colour, ms=size, mew=1.6, ls="", label=label)
    stars = np.where(overlap["p_value"] <= 0.05, " *", "")
    pairs = zip(overlap["first"], overlap["second"], stars, strict=True)
    axis.set_yticks(rows, [f"{short(one)}, {short(other)}{star}" for one, other, star in pairs])
    axis.tick_params(axis="y", labelsize=8)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.set_xlim(0, None)
    note = " (* less than permuted groups, 5 %)" if overlap["p_value"].notna().any() else ""
    axis.set_xlabel(f"edges of both / edges of either{note}")
    axis.set_title(f"{title}: edges in common", fontsize=9, loc="left")
    figure.legend(loc="outside lower center", ncols=3, fontsize=8)
    return figure


def _name_axes(axis: Axes, rows: list[str], columns: list[str]) -> None:
    axis.set_yticks(range(len(rows)), [short(name) for name in rows], fontsize=8)
    axis.set_xticks(
        range(len(columns)), [short(n) for n in columns], rotation=45, ha="right", fontsize=8
    )
    axis.tick_params(length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)


def _write_numbers(axis: Axes, shares: np.ndarray, image) -> None:
    """Numbers within the cells, dark on light and light on dark."""
    for row, column in zip(*np.nonzero(~np.isnan(shares)), strict=True):
        value = shares[row, column]
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        axis.text(
            column, row, f"{value:.2f}", ha="center", va="center", fontsize=7,
            color="white" if dark else "black",
        )  # fmt: skip


@figure_style()
def plot_hub_shifts(hubs: pd.DataFrame, title: str, groups: Sequence[str]) -> Figure:
    """Draw how many targets the regulators have in each group that differ most.

    Args:
        hubs: as of `group_differences.hub_shifts`, the largest shift first.
        title: of the method.
        groups: in their order.
    """
    if hubs.empty:
        return nothing_to_show("no edge")
    genes = list(dict.fromkeys(hubs["gene"]))[:SHOWN]
    groups = list(groups)
    shown = hubs[hubs["gene"].isin(genes)]
    table = shown.pivot(index="gene", columns="group", values="targets").loc[genes, groups]
    sure = shown.assign(sure=shown["p_value"] <= 0.05).pivot(
        index="gene", columns="group", values="sure"
    )
    size = (2.6 + 0.36 * len(groups), 1.8 + _ROW * len(genes))
    figure, axis = subplots(figsize=(max(size[0], 4.2), size[1]), layout="constrained")
    image = axis.imshow(table.to_numpy(), cmap=_SHARED, aspect="auto", vmin=0)
    _name_axes(axis, genes, groups)
    for row, column in zip(*np.nonzero(sure.loc[genes, groups].to_numpy()), strict=True):
        red, green, blue, _ = image.cmap(image.norm(table.iloc[row, column]))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        axis.text(
            column, row, "*", ha="center", va="center", fontsize=10,
            color="white" if dark else "black",
        )  # fmt: skip
    bar = figure.colorbar(image, ax=axis, shrink=0.7)
    bar.set_label("targets" + (" (* differs, 5 %)" if hubs["p_value"].notna().any() else ""))
    axis.set_title(f"{title}: hubs of each group", fontsize=9, loc="left")
    return figure


@figure_style()
def plot_activity(activity: pd.DataFrame, title: str) -> Figure:
    """Draw how active the regulators with most targets are in each group, and how high they are.

    Args:
        activity: as of `regulon_activity.regulon_activity`.
        title: of the method.
    """
    if activity.empty:
        return nothing_to_show("no regulator has three targets")
    genes, groups = (list(dict.fromkeys(activity[column])) for column in ("regulator", "group"))
    width = max(2.2 * _LETTER * max(map(len, map(short, genes))), 0.9)
    size = (width + 2 * max(1.5, 0.34 * len(groups)) + 1.8, 1.9 + _ROW * len(genes))
    figure, axes = subplots(1, 2, figsize=size, layout="constrained", sharey=True)
    panels = {"activity": "its targets", "expression": "the regulator"}
    for axis, (column, name) in zip(axes, panels.items(), strict=True):
        table = activity.pivot(index="regulator", columns="group", values=column)
        values = table.loc[genes, groups].to_numpy()
        most = max(float(np.abs(values).max()), _LEAST_RANGE)
        norm = TwoSlopeNorm(0, -most, most)
        image = axis.imshow(values, cmap=_ACTIVE, norm=norm, aspect="auto")
        _name_axes(axis, genes, groups)
        axis.set_title(name, fontsize=8.5)
        bar = figure.colorbar(image, ax=axis, location="bottom", shrink=0.8, aspect=12)
        bar.set_label("mean (sd over all cells)", fontsize=8)
        bar.ax.tick_params(labelsize=7)
    axes[1].tick_params(labelleft=False)
    figure.suptitle(
        f"{title}: regulons, and expression of their regulators", fontsize=9, x=0.02, ha="left"
    )
    return figure
