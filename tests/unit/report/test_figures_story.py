"""Figures of the data and of the paper's protocol; versions of the software."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.core.software import software_versions
from grn_gat.core.version import VERSION
from grn_gat.report.figures import MOST_GENES
from grn_gat.report.figures_story import (
    MOST_CELLS,
    order_of_cells,
    plot_expression,
    plot_paper_protocol,
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_cells_are_ordered_by_trajectory_and_time():
    nan = np.nan
    times = pd.DataFrame({"a": [0.9, nan, 0.1, nan, nan], "b": [0.2, 0.5, nan, 0.3, nan]})
    order, counts = order_of_cells(times, 5)
    assert list(order) == [2, 0, 3, 1, 4]  # the first is on both; the last on none
    assert counts == [2, 2, 1]
    order, counts = order_of_cells(None, 3)
    assert list(order) == [0, 1, 2] and counts == [3]


def test_expression_has_one_scale_and_a_panel_per_level():
    clean = np.arange(12.0).reshape(3, 4)
    dropped = np.where(clean < 6, 0, clean)
    figure = plot_expression(["x", "y", "z"], {"0": clean, "50": dropped}, None)
    first, second, *_ = figure.axes
    assert np.array_equal(first.images[0].get_array(), clean)
    assert np.array_equal(second.images[0].get_array(), dropped)
    assert first.images[0].get_clim() == second.images[0].get_clim()
    assert "8 % of all values" in first.get_title()
    assert "50 % of all values" in second.get_title()


def test_of_large_data_the_genes_that_vary_and_evenly_spaced_cells_are_drawn():
    values = np.random.default_rng(1).random((MOST_GENES + 5, 2 * MOST_CELLS + 1))
    values[:5] = 0.5  # do not vary
    figure = plot_expression([f"g{i}" for i in range(len(values))], {"0": values}, None)
    axis = figure.axes[0]
    assert axis.images[0].get_array().shape == (MOST_GENES, -(-values.shape[1] // 3))
    assert axis.get_yticklabels()[0].get_text() == "g5"


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


def test_versions_of_what_is_installed():
    versions = software_versions()
    assert versions["grn-gat"] == VERSION and versions["numpy"] == np.__version__
    assert all(versions.values())
