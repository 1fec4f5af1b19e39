"""The figure of the paper's protocol: its scoring beside the true labels."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_paper_protocol import plot_paper_protocol


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("ranked", [0.6, np.nan])
def test_published_scoring_stands_beside_the_true_labels(ranked):
    rows = [("gat", "prevalence", 0.3, 0.3, 0.3)]
    for metric in ("accuracy", "precision", "recall", "f1"):
        rows += [(m, f"label_free_{metric}", 1, 1, 1) for m in ("gat", "constant-logit")]
        rows += [("gat", metric, 0.4, 0.3, 0.5)]
    rows += [(m, "auroc", ranked, ranked, ranked) for m in ("gat", "constant", "degree-product")]
    table = pd.DataFrame(rows, columns=["method", "metric", "mean", "low", "high"])
    figure = plot_paper_protocol(table)
    heights = [[bar.get_height() for bar in axis.patches] for axis in figure.axes]
    assert heights[0] == [1] * 8
    assert np.array_equal(heights[1], [0.4, 0.4, ranked, ranked, ranked], equal_nan=True)
    (shares,) = [line for line in figure.axes[1].lines if list(line.get_ydata()) == [0.3, 0.3]]
    assert 2 < shares.get_xdata()[0] < 3  # below the average precision
