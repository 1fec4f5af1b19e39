"""The figure of the data: order of the cells, one scale, large data."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_expression import MOST_CELLS, order_of_cells, plot_expression
from grn_gat.report.style import MOST_GENES


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
