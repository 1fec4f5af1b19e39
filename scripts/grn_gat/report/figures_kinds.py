"""The figure of kinds of data: every method on every network, ordered from home to abroad."""

import textwrap
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap, LogNorm, Normalize
from matplotlib.figure import Figure

from grn_gat.core.row_names import IN_DEGREE, PRODUCT
from grn_gat.evaluate.relabelling import ABOVE_CHANCE
from grn_gat.report.figures_methods import BEELINE_COLOUR, OURS, RATIO_COLOURS, plain_number
from grn_gat.report.method_titles import method_title
from grn_gat.report.selection import ALL, Selection
from grn_gat.report.style import as_text, figure_style, subplots

MISSING = "#E4E4E4"
_BOUNDS = (-ABOVE_CHANCE, ABOVE_CHANCE, 10, 30)  # of z, between its colours
_CELL, _LETTER, _BAR = 0.34, 0.075, 1.3  # inches: least width of a cell, of a bar; of a letter
_INK = 0.5  # luminance below which numbers are white
# In place of the controls that count degrees in one or several other references, which differ
# between networks: the best of them by average precision, which the overview page judges by.
DEGREES = "degrees of another reference"
_Z_COLOURS = ListedColormap([BEELINE_COLOUR, "#FFFFFF", "#BFDBEB", "#66AAD0", OURS])


def _order(table: pd.DataFrame) -> list[str]:
    """Methods by their mean log ratio over networks, the best first; below DEGREES, controls."""
    ratio = np.log(table["average_precision_ratio"].clip(lower=1e-3))
    mean = ratio.groupby(table["method"]).mean().sort_values(ascending=False, kind="stable")
    kinds = table.drop_duplicates("method").set_index("method")["method_kind"]
    return sorted(mean.index, key=lambda m: (kinds[m] != "method", m != DEGREES))


def _with_degrees(table: pd.DataFrame) -> pd.DataFrame:
    """Put one row of each network, DEGREES, in place of the degrees of its other references."""
    counted = table["method"].str.startswith((PRODUCT, IN_DEGREE))
    best = table[counted].groupby("network")["average_precision_ratio"].idxmax()
    return pd.concat([table[~counted], table.loc[best].assign(method=DEGREES)])


def _headings(kinds: list[str], cell: float) -> list[tuple[float, str]]:
    """Place and text of each kind above its networks, in lines as long as these are wide."""
    borders = [0, *(j for j in range(1, len(kinds)) if kinds[j] != kinds[j - 1]), len(kinds)]
    return [
        ((start + stop) / 2, textwrap.fill(kinds[start], int((stop - start) * cell / _LETTER)))
        for start, stop in pairwise(borders)
    ]


def _cell_width(kinds: list[str]) -> float:
    """Width of a cell (inches) with room for each word of the kinds and for the colour bars."""
    words = {kind: max(map(len, kind.split()), default=1) + 1 for kind in kinds}
    needed = [_LETTER * length / kinds.count(kind) for kind, length in words.items()]
    return max(_CELL, _BAR / len(kinds), *needed)


def draw_cells(
    axis: Axes,
    values: pd.DataFrame,
    colours: Colormap,
    norm: Normalize,
    bold: pd.DataFrame | None = None,
) -> None:
    """Draw numbers on coloured cells, some of them bold; without a value a dash on grey."""
    numbers = values.to_numpy(float)
    axis.set_facecolor(MISSING)
    axis.pcolormesh(
        np.ma.masked_invalid(numbers), cmap=colours, norm=norm, edgecolors="white", linewidth=0.8
    )
    axis.set(xlim=(0, numbers.shape[1]), ylim=(numbers.shape[0], 0))
    for (i, j), value in np.ndenumerate(numbers):
        text, ink = "–", "black"
        if np.isfinite(value):
            red, green, blue, _ = colours(norm(value))
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < _INK
            ink = "white" if dark else "black"
            text = f"−{plain_number(-value)}" if value < -0.005 else plain_number(abs(value))
        weight = "bold" if bold is not None and bold.iloc[i, j] else "normal"
        axis.text(
            j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=5.5, color=ink,
            fontweight=weight,
        )  # fmt: skip
    axis.tick_params(length=0)
    axis.spines[:].set(visible=False)


@figure_style()
def plot_kinds(table: pd.DataFrame, dropout: str, selection: Selection = ALL) -> Figure:
    """Heat maps of the average precision ratio and of the relabelling z, methods by networks.

    Args:
        table: as `kinds.kinds_table` returns it.
        dropout: the dropout level to show.
        selection: methods to show and to point out.

    Raises:
        ValueError: the table has no rows of this level.
    """
    shown = selection.rows(table[table["dropout"].astype(str) == dropout])
    if shown.empty:
        raise ValueError(f"no values at dropout {dropout}")
    # The oracle is no method; a constant score has the ratio 1.
    shown = shown[shown["method_kind"].isin(["method", "control"])]
    shown = _with_degrees(shown[shown["method"] != "constant"])
    methods = _order(shown)
    networks = list(dict.fromkeys(shown["network"]))
    kinds = shown.drop_duplicates("network")["kind"].to_list()

    def grid(column: str) -> pd.DataFrame:
        wide = shown.pivot(index="method", columns="network", values=column)
        return wide.reindex(index=methods, columns=networks)

    ratio, z = grid("average_precision_ratio"), grid("relabelling_z")
    cell = _cell_width(kinds)
    headings = _headings(kinds, cell)
    lines = 1 + max(text.count("\n") for _, text in headings)
    names = 0.075 * max(map(len, networks))
    figure, axes = subplots(
        1,
        2,
        figsize=(2.6 + 2 * cell * len(networks), 1.4 + names + 0.2 * len(methods) + 0.13 * lines),
        sharey=True,
        layout="constrained",
    )
    high = max(2.0, np.nanquantile(ratio.to_numpy(float), 0.95))
    parts = (
        (
            "average precision ratio (1: chance)",
            ratio,
            RATIO_COLOURS,
            LogNorm(1 / high, high, True),
        ),
        ("relabelling z", z, _Z_COLOURS, BoundaryNorm([-1e9, *_BOUNDS, 1e9], _Z_COLOURS.N)),
    )
    borders = [j for j in range(1, len(kinds)) if kinds[j] != kinds[j - 1]]
    controls = (
        shown.drop_duplicates("method").set_index("method")["method_kind"] != "method"
    ).sum()
    for axis, (title, values, colours, norm) in zip(axes, parts, strict=True):
        draw_cells(axis, values, colours, norm)
        axis.set_xticks(np.arange(len(networks)) + 0.5, [as_text(n) for n in networks], rotation=90)
        axis.set_title(title, fontsize=9, pad=7 + 10 * lines)
        for border in borders:
            axis.axvline(border, color="black", lw=1)
        axis.axhline(len(methods) - controls, color="black", lw=0.8)
        for middle, text in headings:
            axis.annotate(
                as_text(text), (middle, 0), (0, 4), textcoords="offset points", ha="center",
                va="bottom", fontsize=7.5, fontweight="bold",
            )  # fmt: skip
        bar = figure.colorbar(
            ScalarMappable(norm, colours), ax=axis, location="bottom", aspect=30,
            shrink=min(1, max(0.5, _BAR / (cell * len(networks)))),
            spacing="uniform", pad=0.02,
        )  # fmt: skip
        bar.outline.set_visible(False)
        if values is ratio:
            bar.set_ticks(
                [1 / high, 1, high], labels=[plain_number(v) for v in (1 / high, 1, high)]
            )
        else:
            bar.set_ticks(_BOUNDS, labels=[f"{bound:g}".replace("-", "−") for bound in _BOUNDS])
        bar.ax.minorticks_off()
    axes[0].set_yticks(np.arange(len(methods)) + 0.5, [method_title(m) for m in methods])
    selection.mark_rows(axes[0], methods)
    return figure
