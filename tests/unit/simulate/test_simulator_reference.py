"""The simulator against stored results of BoolODE for its four curated models."""

import csv
import json
from collections import Counter

import numpy as np
import pytest

from grn_gat.simulate.boolean_model import read_model, reference_edges
from grn_gat.simulate.simulator import grid, simulate

MODELS = ("HSC", "mCAD", "VSC", "GSD")
CELLS = 2000
pytestmark = pytest.mark.reference


@pytest.fixture(scope="module", params=MODELS)
def case(request, shared, repository):
    """Model, reference folder, summary, genes in its order and a run at its 14 times."""
    model = read_model(repository / "workflow/resources/models" / f"{request.param}.tsv")
    folder = shared / "reference" / request.param
    summary = json.loads((folder / "summary.json").read_text())
    points, h = grid(model)
    assert points == summary["N"] and h == pytest.approx(summary["h"], rel=1e-12)
    index = np.array(summary["time_course"]["index"])
    run = simulate(model, CELLS, np.random.SeedSequence(20240), observation_times=index * h)
    assert (run.time_index == index).all()
    order = [model.genes.index(gene) for gene in summary["genes"]]
    return model, folder, summary, order, run


def table(section, statistic, genes):
    return np.array([section[statistic][gene] for gene in genes])


def assert_means(found, mean, deviation, count):
    """Within 4 standard errors of a difference of two samples (and 4-digit rounding)."""
    error = np.sqrt(deviation**2 / count + found.var(axis=0, ddof=1).T / CELLS)
    assert (np.abs(found.mean(axis=0).T - mean) <= 4 * error + 1e-4).all()


def assert_fractions(found, reference, count):
    """Within 4 binomial standard errors of a difference of two samples."""
    pooled = (found * CELLS + reference * count) / (CELLS + count)
    error = np.sqrt(pooled * (1 - pooled) * (1 / CELLS + 1 / count))
    assert (np.abs(found - reference) <= 4 * error + 1e-4).all()


def test_reference_network(case):
    model, folder, *_ = case
    with open(folder / "refNetwork.csv", newline="") as lines:
        rows = [(r["Gene1"], r["Gene2"], r["Type"]) for r in csv.DictReader(lines)]
    assert reference_edges(model) == sorted(rows, key=lambda r: (r[1], r[0]))


def test_time_course(case):
    _, _, summary, order, run = case
    section, genes = summary["time_course"], summary["genes"]
    count = section["n_trajectories"]
    x = run.expression[:, :, order]
    assert_means(x, table(section, "mean", genes), table(section, "std", genes), count)
    assert_fractions((x > 1).mean(axis=0).T, table(section, "fraction_on", genes), count)


def test_final_time(case):
    model, _, summary, order, run = case
    section, genes = summary["final_time"], summary["genes"]
    count = section["n_cells"]
    x = run.expression[:, -1, order]
    assert_means(x, table(section, "mean", genes), table(section, "std_ddof1", genes), count)
    assert_fractions((x > 1).mean(axis=0), table(section, "fraction_on_x_gt_1", genes), count)
    states = Counter(frozenset(g for g, on in zip(genes, row, strict=True) if on) for row in x > 1)
    stated = section["steady_state_fraction"]
    sets = [frozenset() if s == "(none)" else frozenset(s.split("+")) for s in stated]
    found = np.array([states[s] / CELLS for s in sets])
    assert_fractions(found, np.array(list(stated.values())), count)
    assert set().union(*sets) <= set(model.genes)


def test_low_levels(case):
    """Quantiles of all cells: the treatment of values below zero shows in the low ones."""
    _, _, summary, order, run = case
    section, genes = summary["final_time"], summary["genes"]
    low = np.quantile(run.expression[:, -1, order], 0.05, axis=0)
    reference = table(section, "p5", genes)
    off = reference < 0.01
    assert off.any()
    assert abs(np.log(low[off] / reference[off]).mean()) < 0.35


def test_correlation(case):
    model, _, summary, order, _ = case
    pooled = simulate(model, CELLS, np.random.SeedSequence(20241)).expression[:, 0, order]
    reference = summary["pooled_one_time_point_per_trajectory"]
    assert reference["pearson"]["genes"] == summary["genes"]
    limit = 0.10 * np.sqrt(max(1, CELLS / reference["n_cells"]))  # 0.10 is meant for 2000 cells
    found = np.corrcoef(pooled, rowvar=False)
    assert np.abs(found - np.array(reference["pearson"]["matrix"])).max() < limit

    points, h = grid(model)
    run = simulate(
        model, 500, np.random.SeedSequence(20242), observation_times=np.arange(1, points) * h
    )
    everything = run.expression.reshape(-1, len(order))[:, order]
    matrix = np.array(summary["all_time_points_all_trajectories"]["pearson"]["matrix"])
    assert np.abs(np.corrcoef(everything, rowvar=False) - matrix).max() < 0.10


def test_share_of_discarded_runs(case):
    model, _, _, _, run = case
    if model.name != "HSC":
        assert (run.tries == 1).all()
        return
    runs = run.tries.sum()
    share = (runs - CELLS) / runs
    error = np.sqrt(650 / 2650 * (1 - 650 / 2650) * (1 / 2650 + 1 / runs))
    assert abs(share - 650 / 2650) < 4 * error
    # Runs are independent: the number of tries is geometric.
    for count in (1, 2, 3):
        expected = (1 - share) * share ** (count - 1)
        spread = np.sqrt(expected * (1 - expected) / CELLS)
        assert abs((run.tries == count).mean() - expected) < 4 * spread
