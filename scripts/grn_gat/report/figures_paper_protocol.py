"""The figure of the paper's protocol: what its scoring measures, and what the labels say."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from grn_gat.report.method_titles import method_title
from grn_gat.report.style import METHOD_STYLE, figure_style, subplots

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


@figure_style()
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
    figure, axes = subplots(1, 2, figsize=(9, 3.9), sharey=True, layout="constrained")
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
    names = list(_TRUE_LABELS)
    for metric, level in (("auroc", 0.5), ("average_precision", share)):
        bar = names.index(metric)
        axes[1].plot([bar - 0.45, bar + 0.45], [level, level], color="#555555", ls=":", lw=1.5)
    return figure
