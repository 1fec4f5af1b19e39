"""The first hubs along pseudotime."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_hub_times import first_hubs, means_along, plot_hub_times
from grn_gat.report.style import save_figure
from svg_labels import labels, outside, overlapping

HUBS = pd.DataFrame(
    {"gene": ["B", "A", "C"], "out_degree": [2, 5, 0], "out_degree_rank": [2, 1, 3]}
)


def test_hubs_are_those_with_targets_the_most_first():
    assert first_hubs(HUBS) == ["A", "B"]


def test_means_are_those_of_cells_that_follow_each_other():
    times = np.array([np.nan, *np.linspace(1, 0, 400)])
    values = np.stack([np.nan_to_num(times), np.ones(401)])
    at, means, errors = means_along(values, times)
    assert len(at) == 50 and (np.diff(at) > 0).all() and (at[0], at[-1]) == (0, 1)
    inner = (at > 0.2) & (at < 0.8)
    assert means[0, inner] == pytest.approx(at[inner], abs=1e-3)
    assert means[1] == pytest.approx(1) and errors[1] == pytest.approx(0, abs=1e-6)
    assert means_along(values[:, :16], times[:16]) is None  # 15 cells


def test_standard_errors_are_those_of_the_mean_of_independent_cells():
    rng = np.random.default_rng(3)
    times = rng.random(500)
    values = rng.normal(2, 1, (300, 500))
    _, means, errors = means_along(values, times)
    middle = means.shape[1] // 2
    assert means[:, middle].std() == pytest.approx(errors[:, middle].mean(), rel=0.15)


def test_sparse_counts_give_a_line_that_can_be_read():
    rng = np.random.default_rng(4)
    times = rng.random(900)
    values = rng.poisson(0.1 + 0.3 * times, (20, 900)).astype(float)
    _, means, _ = means_along(values, times)
    turns = (np.diff(np.sign(np.diff(means, axis=1)), axis=1) != 0).sum(axis=1)
    assert turns.mean() < 8 and (means[:, -1] > 1.5 * means[:, 0]).mean() > 0.9


def test_a_panel_for_each_hub_with_names_that_can_be_read(tmp_path):
    rng = np.random.default_rng(1)
    times = pd.DataFrame({"to blood": rng.random(90), "to bone": np.nan})
    times.loc[:40, "to bone"] = rng.random(41)
    expression = rng.poisson(3, (3, 90)).astype(float)
    figure = plot_hub_times(HUBS, ["A", "B", "C"], expression, times, "PIDC")
    assert [axis.get_title() for axis in figure.axes] == ["A", "B"]
    assert [len(axis.lines) for axis in figure.axes] == [2, 2]
    assert figure.get_supylabel() == "log(1 + counts in 10,000)"
    assert [text.get_text() for text in figure.legends[0].texts] == ["to blood", "to bone"]
    save_figure(figure, str(tmp_path / "x.png"), [str(tmp_path / "x.svg")])
    drawn = tmp_path / "x.svg"
    assert labels(drawn)[0] and outside(drawn) == [] and overlapping(drawn) == []
    few = times.assign(**{"to bone": np.nan})
    figure = plot_hub_times(HUBS, ["A", "B", "C"], expression, few, "PIDC")
    assert [len(axis.lines) for axis in figure.axes] == [1, 1]
    none = plot_hub_times(HUBS.assign(out_degree=0), ["A", "B", "C"], expression, times, "PIDC")
    assert none.axes[0].texts[0].get_text().startswith("no hub")
