"""The figure of predicted knock-outs: what networks add to the best baseline, kind by kind."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from grn_gat.algorithms._registry import ZERO_SHOT
from grn_gat.evaluate.knock_out_plan import BASELINES, NOTHING, ORACLES, TOGETHER, WAYS
from grn_gat.report.figures_held_out import KIND_TITLES
from grn_gat.report.knock_out_table import ALL
from grn_gat.report.method_titles import method_title
from grn_gat.report.style import figure_style, subplots

TITLES = {
    "nothing": "nothing changes",
    "correlation": "correlation with the gene",
    "mean-of-others": "mean of the other knock-outs",
    "true-edges": "true network, edges",
    "true-paths": "true network, paths",
}
_MEASURES = {
    "spearman": "Spearman of predicted and measured change",
    "sign_accuracy": "directions right, of the genes that change",
    "ratio": "average precision of who changes / share",
}
_OURS, _BASELINE, _ORACLE, _UNSURE = "#D55E00", "#8C8C8C", "#0072B2", "#F2C9A6"
_ROW = 0.19  # inches


def title_of(prediction: str) -> str:
    """Words for a prediction: baselines and oracles by their own, `<method>-<way>` by both."""
    if prediction in TITLES:
        return TITLES[prediction]
    way = next(way for way in WAYS if prediction.endswith(f"-{way}"))
    return f"{method_title(prediction.removesuffix(f'-{way}'))}, {way.replace('-', ' ')}"


@figure_style()
def plot_gains(table: pd.DataFrame) -> Figure:
    """Draw the difference of predictions to the best baseline, of all kinds together.

    A row of panels for each measurement, a panel for each measure. Of the zero-shot model all ways
    of reading its network are shown, of other methods one.

    Args:
        table: as of `knock_out_table.knock_out_table`.
    """
    shown = table[(table["kind"] == ALL) & table["prediction"].map(_is_shown)]
    measurements = list(dict.fromkeys(shown["measurement"]))
    names = _order(list(dict.fromkeys(shown["prediction"])))
    size = (11.0, 0.9 + len(measurements) * (0.75 + _ROW * len(names)))
    figure, axes = subplots(
        len(measurements), len(_MEASURES), figsize=size, layout="constrained", sharey=True,
        squeeze=False,
    )  # fmt: skip
    for row, measurement in zip(axes, measurements, strict=True):
        part = shown[shown["measurement"] == measurement].set_index("prediction").loc[names]
        for axis, (measure, words) in zip(row, _MEASURES.items(), strict=True):
            values = part[f"{measure}_gain"].to_numpy()
            low, high = (part[f"{measure}_gain_{end}"].to_numpy() for end in ("low", "high"))
            for place, name in enumerate(names):
                colour = _colour(name, low[place])
                axis.hlines(place, low[place], high[place], color=colour, lw=1.5)
                axis.plot(values[place], place, "o", color=colour, ms=4.5)
            axis.axvline(0, color="#B0B0B0", lw=0.8, zorder=0)
            axis.set_yticks(np.arange(len(names)), [title_of(name) for name in names], fontsize=7.5)
            if measurement == measurements[-1]:
                axis.set_xlabel(f"{words}\nminus that of the best baseline", fontsize=8)
        row[0].set_title(f"measured as {measurement}", fontsize=9, loc="left")
    axes[0][0].invert_yaxis()  # which all share
    handles = [
        Line2D([], [], color=_OURS, marker="o", label="above the best baseline for sure"),
        Line2D([], [], color=_UNSURE, marker="o", label="not for sure"),
        Line2D([], [], color=_BASELINE, marker="o", label="baseline"),
        Line2D([], [], color=_ORACLE, marker="o", label="the true network is known"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8)
    kinds = [KIND_TITLES.get(k, k) for k in dict.fromkeys(table["kind"]) if k != ALL]
    figure.suptitle(
        f"Predicted knock-outs of simulated networks ({', '.join(kinds)}), 95 % intervals",
        fontsize=9.5, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _is_shown(prediction: str) -> bool:
    if prediction in (*BASELINES, *ORACLES):
        return prediction != NOTHING
    return prediction.startswith(f"{ZERO_SHOT}-") or prediction.endswith(f"-{TOGETHER}")


def _order(names: Sequence[str]) -> list[str]:
    """Oracles, methods, baselines."""
    methods = [name for name in names if name not in (*ORACLES, *BASELINES)]
    return [
        *(name for name in ORACLES[::-1] if name in names),
        *methods,
        *(name for name in BASELINES if name in names),
    ]


def _colour(name: str, low: float) -> str:
    if name in ORACLES:
        return _ORACLE
    if name in BASELINES:
        return _BASELINE
    return _OURS if low > 0 else _UNSURE
