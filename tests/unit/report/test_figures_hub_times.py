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
    times = np.array([np.nan, *np.linspace(1, 0, 40)])
    values = np.stack([np.nan_to_num(times), np.ones(41)])
    middle, means, errors = means_along(values, times)
    assert len(middle) == 5 and (np.diff(middle) > 0).all()
    assert means[0] == pytest.approx(middle) and (means[1] == 1).all() and (errors[1] == 0).all()
    assert means_along(values[:, :15], times[:15]) is None  # 14 cells are no two bins


def test_a_panel_for_each_trajectory_with_names_that_can_be_read(tmp_path):
    rng = np.random.default_rng(1)
    times = pd.DataFrame({"to blood": rng.random(90), "to bone": np.nan})
    times.loc[:40, "to bone"] = rng.random(41)
    expression = rng.poisson(3, (3, 90)).astype(float)
    figure = plot_hub_times(HUBS, ["A", "B", "C"], expression, times, "PIDC")
    assert [axis.get_title() for axis in figure.axes] == ["to blood", "to bone"]
    assert [len(axis.lines) for axis in figure.axes] == [2, 2]
    assert figure.axes[0].get_ylabel() == "log(1 + counts in 10,000)"
    save_figure(figure, str(tmp_path / "x.png"), [str(tmp_path / "x.svg")])
    drawn = tmp_path / "x.svg"
    assert labels(drawn)[0] and outside(drawn) == [] and overlapping(drawn) == []
    few = times.assign(**{"to bone": np.nan})
    figure = plot_hub_times(HUBS, ["A", "B", "C"], expression, few, "PIDC")
    assert figure.axes[1].texts[0].get_text() == "too few cells"
    none = plot_hub_times(HUBS.assign(out_degree=0), ["A", "B", "C"], expression, times, "PIDC")
    assert none.axes[0].texts[0].get_text().startswith("no hub")
