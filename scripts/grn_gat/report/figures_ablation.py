"""The figure of the zero-shot model's ablation: sizes, features, learning curve, network size."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from grn_gat.report.style import DROPOUT_COLOURS, Drawing, figure_style
from grn_gat.zeroshot.ablation_plan import REFERENCE
from grn_gat.zeroshot.ablation_tables import ALL_SIZES, SIZES

_CONTROL: dict[str, Any] = {"linestyle": ":", "color": "#777777", "marker": "d", "markersize": 4}
_AP = "average precision"


def _style(colour: str, pseudotime: bool) -> dict[str, Any]:
    """Filled and solid with pseudotime, hollow and dashed without."""
    return {
        "color": colour,
        "marker": "o",
        "markersize": 5,
        "markerfacecolor": colour if pseudotime else "white",
        "linestyle": "-" if pseudotime else "--",
    }


def _colours(table: pd.DataFrame) -> dict[int, str]:
    return dict(zip(sorted(table["dropout"].unique()), DROPOUT_COLOURS, strict=False))


def _by_condition(
    table: pd.DataFrame, colours: dict[int, str]
) -> Iterator[tuple[pd.DataFrame, dict[str, Any]]]:
    for (dropout, pseudotime), part in table.groupby(["dropout", "pseudotime"]):
        yield part, _style(colours[dropout], pseudotime)


def _legend(figure: Figure, table: pd.DataFrame, colours: dict[int, str]) -> None:
    handles = []
    for dropout, pseudotime in table.groupby(["dropout", "pseudotime"]).groups:
        label = f"{dropout} % dropout, {'with' if pseudotime else 'without'} pseudotime"
        handles.append(Line2D([], [], label=label, **_style(colours[dropout], pseudotime)))
    handles.append(Line2D([], [], label="share of edges (random score)", **_CONTROL))
    figure.legend(handles=handles, loc="outside lower center", ncols=3)


def _draw_grid(place: SubFigure, table: pd.DataFrame) -> None:
    """One heat map per width: mean over conditions and seeds, and half the range over seeds."""
    cell = ["width", "layers", "heads"]
    of_seeds = table.groupby([*cell, "seed"])["average_precision"].mean()
    cells = of_seeds.groupby(cell).agg(["mean", "min", "max"])
    several = table["seed"].nunique() > 1
    scale = Normalize(cells["mean"].min(), cells["mean"].max())
    widths = sorted(table["width"].unique())
    axes = place.subplots(1, len(widths), squeeze=False)[0]
    for axis, width in zip(axes, widths, strict=True):
        values = cells.loc[width]
        means = values["mean"].unstack("heads")
        image = axis.imshow(means, cmap="cividis", norm=scale, origin="lower", aspect="auto")
        for row, layers in enumerate(means.index):
            for column, heads in enumerate(means.columns):
                mean, low, high = values.loc[(layers, heads)]
                text = f"{mean:.3f}" + (f"\n±{(high - low) / 2:.3f}" if several else "")
                colour = "black" if scale(mean) > 0.45 else "white"
                axis.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
        axis.set_xticks(range(means.shape[1]), means.columns)
        axis.set_yticks(range(means.shape[0]), means.index)
        axis.tick_params(length=0)
        axis.set(xlabel="attention heads", ylabel="layers", title=f"width {width}")
    place.colorbar(image, ax=axes, label=f"{_AP} (mean)")
    spread = "; ±: half the range over seeds" if several else ""
    place.suptitle(f"Size of the model: mean over dropout and pseudotime{spread}")


def _draw_features(place: SubFigure, table: pd.DataFrame, colours: dict[int, str]) -> None:
    """One panel per dropout level, a row per variant, a dot per seed; the default as lines."""
    names = list(dict.fromkeys(table["variant"]))
    axes = place.subplots(1, len(colours), sharey=True, squeeze=False)[0]
    for axis, (dropout, level) in zip(axes, table.groupby("dropout"), strict=True):
        for part, style in _by_condition(level, colours):
            offset = 0.14 if part["pseudotime"].iloc[0] else -0.14
            rows = part["variant"].map(names.index) + offset
            axis.plot(part["average_precision"], rows, **(style | {"linestyle": "none"}))
            reference = part.loc[part["variant"] == REFERENCE, "average_precision"].mean()
            axis.axvline(
                reference, color=style["color"], linestyle=style["linestyle"], lw=0.8, zorder=0
            )
        axis.set_yticks(range(len(names)), [name.replace("-", " ") for name in names])
        axis.set_ylim(len(names) - 0.5, -0.5)
        random = level["share_of_edges"].mean()
        axis.set(xlabel=f"{_AP} (random score: {random:.3f})", title=f"{dropout} % dropout")
    several = table["seed"].nunique() > 1
    what = f"a dot per seed; lines: mean of {REFERENCE}" if several else f"lines: {REFERENCE}"
    place.suptitle(f"What the model is given ({what})")


def _range_over_seeds(table: pd.DataFrame) -> str:
    return " (bars: range over seeds)" if table["seed"].nunique() > 1 else ""


def _draw_means(axis: Axes, x: pd.Series, table: pd.DataFrame, style: dict[str, Any]) -> None:
    """A line through the means over seeds, with their range."""
    values = table.groupby(x)["average_precision"].agg(["mean", "min", "max"])
    axis.plot(values.index, values["mean"], **style)
    axis.vlines(values.index, values["min"], values["max"], color=style["color"], lw=1)


def _draw_learning(axis: Axes, table: pd.DataFrame, colours: dict[int, str]) -> None:
    for part, style in _by_condition(table, colours):
        _draw_means(axis, part["networks"], part, style)
    control = table.groupby("networks")["share_of_edges"].mean()
    axis.plot(control.index, control, **_CONTROL)
    axis.set_xscale("log")
    axis.set_xticks(control.index, [f"{number:,}" for number in control.index], rotation=45)
    axis.xaxis.set_minor_locator(NullLocator())
    axis.set(xlabel="networks to train on (log scale)", ylabel=_AP + _range_over_seeds(table))
    axis.set(ylim=(0, 1), title="Learning curve")


def _draw_sizes(axis: Axes, table: pd.DataFrame, colours: dict[int, str]) -> None:
    place = table["genes"].map(list(SIZES).index)
    for part, style in _by_condition(table, colours):
        _draw_means(axis, place[part.index], part, style)
    control = table.groupby(place)["share_of_edges"].mean()
    axis.plot(control.index, control, **_CONTROL)
    axis.set_xticks(range(len(SIZES) - 1), [name for name in SIZES if name != ALL_SIZES])
    axis.set(xlabel="genes of the network", ylabel=_AP + _range_over_seeds(table))
    axis.set_xlim(-0.3, len(SIZES) - 1.7)
    axis.set(ylim=(0, 1), title=f"Size of the network against accuracy ({REFERENCE})")


@figure_style()
def plot_ablation(table: pd.DataFrame) -> Figure:
    """Draw heat maps of the grid, the features, the learning curve and accuracy by size.

    Args:
        table: the rows of all trainings, as `ablation_tables.over_seeds` takes them. Of several
            numbers of cells the largest is shown.
    """
    shown = table[table["cells"] == table["cells"].max()]
    every_size = shown[shown["genes"] == ALL_SIZES]
    colours = _colours(shown)
    features = every_size[every_size["kind"].isin(["reference", "features"])]
    heights = [3.6, 1.1 + 0.4 * features["variant"].nunique(), 3.6]
    figure = Drawing(figsize=(11, sum(heights) + 0.6), layout="constrained")
    rows: Any = figure.subfigures(3, 1, height_ratios=heights, hspace=0.03)
    grid, middle, bottom = rows
    _draw_grid(grid, every_size[every_size["kind"] == "grid"])
    _draw_features(middle, features, colours)
    left, right = bottom.subplots(1, 2)
    _draw_learning(left, every_size[every_size["kind"] == "learning curve"], colours)
    of_classes = shown[(shown["kind"] == "reference") & (shown["genes"] != ALL_SIZES)]
    _draw_sizes(right, of_classes, colours)
    _legend(figure, shown, colours)
    return figure
