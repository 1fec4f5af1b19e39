"""The figure of the hubs of one network of a study: ranks of the genes by each measure."""

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from grn_gat.report.hub_tables import ALL, REFERENCE
from grn_gat.report.style import (
    LATER_RANK,
    MEASURE_TITLES,
    MOST_GENES,
    RANK_STYLES,
    as_text,
    figure_style,
    fitting_legend,
    subplots,
)

# HITS orders genes as the eigenvector does, clustering puts others first: the table has both.
CENTRALITIES = (
    "degree", "out_degree", "in_degree", "closeness", "betweenness", "eigenvector", "pagerank",
)  # fmt: skip
KNOCK_OUTS = ("consequence", "consequence_late")
HUBS = max(RANK_STYLES)  # last rank that stands out
_PREDICTED = "predicted-"
_ATTENTION = ("attention", "untrained")  # sources: after and before training
_BAND = "#FCF1E4"  # behind the ranks that stand out
_LINE = "#EBEBEB"  # of a gene
_LATER_NAME = "#555555"
# Inches. Of a row of panels: above it are its title and those of the panels, below it the ranks.
_ABOVE, _GENE, _BELOW = 0.62, 0.18, 0.45
_PANEL, _APART, _EDGE = 0.8, 0.1, 0.12
_LEAST_WIDTH = 6.6  # of the figure, so that titles and legend have room with one panel, too
_TITLE_LINE, _TITLE_CHARACTER = 0.17, 0.076  # on average, with some to spare
_SIDE = 0.08  # at the ends of the ranks, share of the panel's log scale: whole points


@figure_style()
def plot_hubs(hubs: pd.DataFrame) -> Figure:
    """Ranks of genes as points with intervals, over all dropout levels: hubs on the left, coloured.

    A row of panels is the reference, or a protocol: the networks predicted under it, and the
    attention of its models after and before training. A panel is a measure, a line a gene; genes
    are in the order of their mean rank by the centralities of the reference.

    Args:
        hubs: columns dropout, source, measure, gene, rank, rank_low, rank_high, n; rows with
            dropout `all`. Those of inference methods are left to the tables.
    """
    hubs = hubs[hubs["dropout"] == ALL]
    rows, order = _rows(hubs), _in_order(hubs)
    genes = order[:MOST_GENES]
    figure, axes = subplots(
        len(rows), max(map(len, rows.values())), figsize=(_LEAST_WIDTH, 4), squeeze=False
    )
    for axis in axes.flat:
        axis.set_visible(False)
    for line, (title, panels) in zip(axes, rows.items(), strict=True):
        drawn = [(axis, panel) for axis, panel in zip(line, panels, strict=False) if panel]
        for axis, (words, ranks) in drawn:
            _draw_panel(axis, ranks, genes, len(order))
            axis.set_title(words, fontsize=8)
        _begin_row(drawn[0][0], title, genes)
    _lay_out(figure, axes, _title(len(genes), len(order)), _handles(hubs))
    return figure


def _rows(hubs: pd.DataFrame) -> dict[str, list[tuple[str, pd.DataFrame] | None]]:
    """By title of a row its panels, words and ranks of each; None where a measure is missing.

    A measure has the same place in all rows.
    """
    parts = dict(list(hubs.groupby(["source", "measure"])))
    shared = [measure for measure in CENTRALITIES if (hubs["measure"] == measure).any()]
    knock_outs = [measure for measure in KNOCK_OUTS if (REFERENCE, measure) in parts]
    keys = [(REFERENCE, measure) for measure in (*shared, *knock_outs)]
    rows = {f"Reference network{_number(parts, keys, 'knock-outs: ')}": keys}
    predicted = [source for source in hubs["source"].unique() if source.startswith(_PREDICTED)]
    for protocol in [source.removeprefix(_PREDICTED) for source in predicted]:
        keys = [(f"{_PREDICTED}{protocol}", measure) for measure in shared]
        attention = [(f"{kind}-{protocol}", "attention_given") for kind in _ATTENTION]
        keys += [key for key in attention if key in parts]
        title = f"Predicted networks and attention, protocol {protocol}"
        rows[title + _number(parts, keys)] = keys
    return {
        title: [(_words(*key), parts[key]) if key in parts else None for key in keys]
        for title, keys in rows.items()
    }


def _number(parts: dict, keys: list[tuple[str, str]], of: str = "") -> str:
    """In brackets, the number of single ranks that the intervals of a row are over."""
    number = max(parts[key]["n"].max() for key in keys if key in parts)
    return f" ({of}n = {number})" if number > 1 else ""


def _words(source: str, measure: str) -> str:
    """Title of a panel."""
    if measure == "attention_given":
        return f"attention,\n{'trained' if source.startswith('attention') else 'untrained'}"
    return MEASURE_TITLES[measure].replace(", ", ",\n")


def _in_order(hubs: pd.DataFrame) -> list[str]:
    """All genes, the one with the best mean rank by the centralities of the reference first."""
    known = hubs[(hubs["source"] == REFERENCE) & hubs["measure"].isin(CENTRALITIES)]
    return list(known.groupby("gene")["rank"].mean().sort_values(kind="stable").index)


def _draw_panel(axis: Axes, ranks: pd.DataFrame, genes: list[str], last: int) -> None:
    """Draw the ranks of some genes by one measure, with their intervals where there are any.

    Args:
        axis: of the panel.
        ranks: of all genes, columns gene, rank, rank_low, rank_high, n.
        genes: those that are drawn, from top to bottom.
        last: number of all genes.
    """
    _set_axes(axis, len(genes), last)
    share = ranks["rank"].map(ranks["rank"].value_counts()) / last
    styles = [_style(*each) for each in zip(ranks["rank"], share, strict=True)]
    places = ranks["gene"].map({gene: place for place, gene in enumerate(genes)})
    ranks = ranks.assign(place=places, style=styles).dropna(subset="place")
    for (colour, area), part in ranks.groupby("style"):
        axis.plot(part["rank"], part["place"], "o", ms=area**0.5, mew=0, color=colour, zorder=3)
        several = part[part["n"] > 1]
        axis.hlines(several["place"], several["rank_low"], several["rank_high"], colour, lw=1.5)


def _set_axes(axis: Axes, genes: int, last: int) -> None:
    """Set the axes of a panel: a line for each gene, ranks up to the last on a log scale."""
    axis.set_visible(True)
    ticks = sorted({1, min(HUBS, last), last})
    axis.set_xscale("log")  # first ranks lie apart, however many genes there are
    axis.set_xticks(ticks, [str(tick) for tick in ticks], fontsize=7)
    axis.minorticks_off()
    ends = max(last, 2) ** -_SIDE, max(last, 2) ** (1 + _SIDE)
    axis.set_xlim(ends)
    axis.axvspan(ends[0], min(HUBS + 0.5, ends[1]), color=_BAND, lw=0, zorder=-1)
    axis.set_yticks([])
    axis.set_ylim(genes - 0.5, -0.5)
    axis.hlines(range(genes), *ends, _LINE, lw=0.8, zorder=0)
    axis.spines["left"].set_visible(False)


def _style(rank: int, share: float) -> tuple[str, float]:
    """Colour and area of a point; a rank that most genes share, as where all have 0, is no hub's.

    Args:
        rank: of the gene.
        share: of the genes that have this rank.
    """
    styles = (style for until, style in RANK_STYLES.items() if rank <= until and share <= 0.5)
    return next(styles, LATER_RANK)


def _begin_row(axis: Axes, title: str, genes: list[str]) -> None:
    """Name the genes at the first panel of a row, the first ones in bold, and the row above it."""
    names = [as_text(gene) for gene in genes]
    axis.set_yticks(range(len(genes)), names, fontsize=8, color=_LATER_NAME)
    axis.tick_params(axis="y", length=0)
    for label in axis.get_yticklabels()[:HUBS]:
        label.set(fontweight="bold", color="black")
    axis.set_xlabel("rank, log scale", fontsize=7, labelpad=1)
    axis.annotate(
        title, (0, 1), (0, 31), xycoords="axes fraction", textcoords="offset points",
        fontweight="bold",
    )  # fmt: skip


def _lay_out(figure: Figure, axes: np.ndarray, title: str, handles: list[Line2D]) -> None:
    """Give the figure its title, legend and size; panels and genes have one size in all figures.

    The panels have to be drawn: names of genes are as wide as they are.
    """
    rows, columns = axes.shape
    drawn = [axis for axis in axes.flat if axis.get_visible()]
    names = [label.get_window_extent().width for axis in drawn for label in axis.get_yticklabels()]
    left = max(names) / figure.dpi + 2 * _EDGE
    width = max(left + (_PANEL + _APART) * columns - _APART + _EDGE, _LEAST_WIDTH)
    figure.set_figwidth(width)
    title = fill(title, int((width - 2 * _EDGE) / _TITLE_CHARACTER))
    top, bottom = _TITLE_LINE * (title.count("\n") + 1) + _EDGE, fitting_legend(figure, handles)
    high, between = _GENE * len(drawn[0].get_yticks()), _ABOVE + _BELOW
    height = top + (high + between) * rows + bottom
    figure.set_figheight(height)
    figure.text(_EDGE / width, 1 - _EDGE / height, title, va="top")
    panel = (width - left - _EDGE + _APART) / columns - _APART
    figure.subplots_adjust(
        left=left / width, right=1 - _EDGE / width, wspace=_APART / panel,
        top=1 - (top + _ABOVE) / height, bottom=(bottom + _BELOW) / height, hspace=between / high,
    )  # fmt: skip


def _title(shown: int, genes: int) -> str:
    left_out = f"; the first {shown} of {genes}, {genes - shown} are left out"
    return (
        "Ranks of the genes as hubs by each measure, 1 (left) for the strongest. Genes are in the "
        "order of their mean rank by centrality in the reference network, the first three in bold"
        f"{left_out if shown < genes else ''}."
    )


def _handles(hubs: pd.DataFrame) -> list[Line2D]:
    """Legend entries of points and intervals."""
    styles = [*RANK_STYLES.values(), LATER_RANK]
    words = ("rank 1", f"ranks 2–{HUBS}", "later, or shared by most genes")
    handles = [
        Line2D([], [], color=colour, marker="o", ms=area**0.5, ls="", mew=0, label=label)
        for (colour, area), label in zip(styles, words, strict=True)
    ]
    if (hubs["n"] > 1).any():
        text = "middle 95 % of the ranks in the n single networks"
        handles.append(Line2D([], [], color=LATER_RANK[0], lw=1.5, label=text))
    return handles
