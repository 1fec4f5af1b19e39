"""The figure of realism: where real files lie in the clouds of training data sets."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from grn_gat.report.style import as_text, figure_style, subplots
from grn_gat.simulate.realism import DESCRIPTION, HIGH, LOW, SELDOM, spread
from grn_gat.simulate.realism_names import AFTER, BEFORE, CLOUDS, OTHER, OTHER_KINDS, REAL

# Of kinds: colour, marker.
_KINDS: Mapping[str, tuple[str, str]] = {
    "boolean": ("#0072B2", "o"),
    "linear": ("#009E73", "^"),
    "transcriptional": ("#E69F00", "s"),
    "bursty": ("#CC79A7", "x"),
    "sergio": ("#56B4E9", "+"),
}
_TITLES = {BEFORE: "before: what the weights of levels saw", AFTER: "after: measured as cells are"}
_INSIDE, _OUTSIDE = "#000000", "#D55E00"
# Below all but 2.5 % of the cloud, inside, above: told apart by any eye, and in grey.
_QUANTILES = ("#0072B2", "#F0F0F0", "#E69F00")
_SHOWN = 8.0  # statistics divided by their spread, beyond which one is drawn at the margin


def components(clouds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, loadings (statistics, 2) and shares of the variance of two principal components.

    Signs are such that the largest loading is positive.
    """
    mean = clouds.mean(axis=0)
    _, scale, rows = np.linalg.svd(clouds - mean, full_matrices=False)
    loadings = rows[:2].T
    loadings = loadings * np.sign(loadings[np.abs(loadings).argmax(axis=0), [0, 1]])
    return mean, loadings, (scale**2 / (scale**2).sum())[:2]


def _axis_name(number: int, share: float, loadings: np.ndarray, names: list[str]) -> str:
    """Words for a component: the statistics that rise and fall with it the most."""
    order = np.argsort(loadings)
    rising = [names[k] for k in order[::-1][:2]]
    falling = [names[k] for k in order[:2] if loadings[k] < 0]
    text = f"component {number + 1} ({share:.0%})\nmore {', '.join(rising)}"
    return f"{text}\nless {', '.join(falling)}" if falling else text


@figure_style()
def plot_realism(
    described: pd.DataFrame, by_statistic: pd.DataFrame, by_file: pd.DataFrame
) -> Figure:
    """Clouds before and after with the files in them; how odd each file is; each statistic.

    Args:
        described: a row per data set, as `realism.tables` takes it.
        by_statistic, by_file: as it returns them.
    """
    names = [name for name in described.columns if name not in DESCRIPTION]
    files = list(dict.fromkeys(by_file["file"]))
    figure, axes = subplots(
        2, 3, figsize=(12, 5.6 + 0.24 * len(files)), layout="constrained",
        gridspec_kw={"height_ratios": [4, 0.6 + 0.24 * len(files)]},
    )  # fmt: skip
    inside = {
        cloud: set(part.loc[part["verdict"] == "inside", "file"])
        for cloud, part in by_file.groupby("cloud")
    }
    trained = described[described["cloud"].isin(CLOUDS)]
    scale = spread(trained[names].to_numpy(float))
    mean, loadings, shares = components(trained[names].to_numpy(float) / scale)
    for axis, cloud in zip(axes[0], CLOUDS, strict=False):
        shown = described[described["cloud"].isin([cloud, OTHER] if cloud == AFTER else [cloud])]
        for kind, (colour, marker) in _KINDS.items():
            own = shown[shown["kind"] == kind]
            at = _placed(own[names].to_numpy(float) / scale - mean, loadings)
            axis.scatter(*at.T, c=colour, marker=marker, s=14, alpha=0.55, linewidths=0.8)
        real = described[described["cloud"] == REAL].set_index("data_set").loc[files]
        at = _placed(real[names].to_numpy(float) / scale - mean, loadings)
        for number, (file, place) in enumerate(zip(files, at, strict=True), start=1):
            colour = _INSIDE if file in inside[cloud] else _OUTSIDE
            axis.scatter(*place, marker="o", s=110, c="white", edgecolors=colour, linewidths=1.6)
            axis.text(*place, str(number), ha="center", va="center", fontsize=7, color=colour)
        axis.set_title(_TITLES[cloud], fontsize=10)
        for side, k in (("x", 0), ("y", 1)):
            name = _axis_name(k, shares[k], loadings[:, k], names)
            axis.set(**{f"{side}lim": (-_SHOWN - 0.5, _SHOWN + 0.5)})
            getattr(axis, f"set_{side}label")(name, fontsize=8)
    _draw_verdicts(axes[0, 2], by_file, files)
    for axis, cloud in zip(axes[1], CLOUDS, strict=False):
        _draw_statistics(axis, by_statistic[by_statistic["cloud"] == cloud], files, names)
    _draw_legend(axes[1, 2], set(described["kind"]))
    return figure


def _placed(standardised: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """Points (data sets, 2); what lies far out is drawn at the margin."""
    return np.clip(standardised @ loadings, -_SHOWN, _SHOWN)


def _draw_verdicts(axis: Axes, by_file: pd.DataFrame, files: list[str]) -> None:
    """A line per file from before (open) to after (full): the share of the cloud like it."""
    least = by_file.assign(like=by_file[["lonelier", "odder"]].min(axis=1))
    wide = least.pivot(index="file", columns="cloud", values="like").loc[files]
    for row, (before, after) in enumerate(wide[[BEFORE, AFTER]].to_numpy()):
        axis.plot([before, after], [row, row], color="#999999", linewidth=1.2, zorder=1)
        for value, full in ((before, False), (after, True)):
            colour = _INSIDE if value >= SELDOM else _OUTSIDE
            face = colour if full else "white"
            axis.scatter(value, row, s=36, c=face, edgecolors=colour, linewidths=1.4, zorder=2)
    axis.axvline(SELDOM, color="#555555", linewidth=0.8, linestyle="--")
    numbered = [f"{as_text(file)}  {k}" for k, file in enumerate(files, start=1)]
    axis.set_yticks(range(len(files)), numbered)
    axis.set(xlim=(-0.03, 1.03), ylim=(len(files) - 0.5, -0.5))
    axis.set_xlabel(f"share of the cloud as lonely or as odd\n(inside from {SELDOM:g} on)")
    axis.set_title("all together: before (open), after (full)", fontsize=10)


def _draw_statistics(
    axis: Axes, by_statistic: pd.DataFrame, files: list[str], names: list[str]
) -> None:
    """Files by statistics: below, inside or above the cloud."""
    place = np.zeros(len(by_statistic))
    place[(by_statistic["value"] < by_statistic["low"]).to_numpy()] = -1
    place[(by_statistic["value"] > by_statistic["high"]).to_numpy()] = 1
    wide = by_statistic.assign(place=place).pivot(index="file", columns="statistic", values="place")
    axis.pcolormesh(
        wide.loc[files, names].to_numpy(), cmap=ListedColormap(_QUANTILES),
        norm=BoundaryNorm([-1.5, -0.5, 0.5, 1.5], 3), edgecolors="white", linewidth=0.6,
    )  # fmt: skip
    axis.set_yticks(np.arange(len(files)) + 0.5, list(map(str, range(1, len(files) + 1))))
    axis.set_xticks(np.arange(len(names)) + 0.5, names, rotation=90, fontsize=6)
    axis.set(ylim=(len(files), 0))
    axis.tick_params(length=0)
    axis.spines[:].set(visible=False)


def _draw_legend(axis: Axes, kinds: set[str]) -> None:
    """Kinds of data sets, files, and colours of the statistics."""
    axis.axis("off")
    handles = [
        Line2D([], [], color=colour, marker=marker, linestyle="", label=_kind_title(kind))
        for kind, (colour, marker) in _KINDS.items()
        if kind in kinds
    ]
    for colour, verdict in ((_INSIDE, "inside"), (_OUTSIDE, "outside")):
        handles.append(
            Line2D([], [], marker="o", markerfacecolor="white", markeredgecolor=colour,
                   markersize=9, linestyle="", label=f"real file, {verdict}")
        )  # fmt: skip
    words = (f"below all but {LOW:.1%} of the cloud", "inside", f"above all but {1 - HIGH:.1%}")
    for colour, text in zip(_QUANTILES, words, strict=True):
        handles.append(
            Line2D([], [], marker="s", color=colour, markersize=9, linestyle="",
                   label=f"statistic: {text}")
        )  # fmt: skip
    axis.legend(handles=handles, loc="center left", fontsize=8)


def _kind_title(kind: str) -> str:
    return f"{kind} (never trained on)" if kind in OTHER_KINDS else kind
