"""Interventions on linear networks: what targets see of a gene, and that nothing else changes."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from causes import check_causes
from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.linear_experiment import descending, linear_rates
from grn_gat.simulate.linear_networks import draw_signs, draw_states
from grn_gat.simulate.perturbation_experiment import Experiment, draw_experiment
from grn_gat.simulate.transcriptional import LIMIT


def settings(**values) -> dict:
    return pretraining_settings("networks_linear") | values


def all_cells(gene: int, fold: float, cells: int = 3000) -> Experiment:
    return Experiment(
        np.full(cells, gene, np.int32), np.full(cells, fold, np.float32), np.zeros(cells, bool)
    )


def logs(signs: np.ndarray, experiment: Experiment | None, spread: float = 0.5, **values):
    """Logarithms (genes, cells) in standard deviations of the cells that nothing is done to."""
    with np.errstate(divide="ignore"):
        return (
            np.log(
                linear_rates(
                    settings(**values),
                    generator(1),
                    signs,
                    np.full(len(signs), spread),
                    3000,
                    experiment,
                ).astype(float)
            )
            / spread
        )


def test_without_an_experiment_they_are_the_states_of_the_kind():
    signs = draw_signs(settings(), generator(2), 12)
    spread = generator(3).uniform(0.3, 1, 12)
    found = linear_rates(settings(), generator(1), signs, spread, 50)
    states = draw_states(settings(), generator(1), signs, 50)
    np.testing.assert_array_equal(found, np.exp(states * spread).T.astype(np.float32))


def test_targets_see_the_gene_times_the_fold():
    signs = np.array([[0, 1, 0], [0, 0, -1], [0, 0, 0]], np.int8)
    fixed = {"saturation_share": 0, "strength": [1, 1], "noise": [0.7, 0.7]}
    plain = logs(signs, None, **fixed)
    found = logs(signs, all_cells(0, 1.5), **fixed)
    shift = np.log(1.5) / 0.5
    assert found[0] - plain[0] == pytest.approx(np.full(3000, shift), abs=1e-5)
    # The child is x_0 / sd(x_0) + e over its own standard deviation, and x_0 has variance 1 then.
    sd = np.sqrt(1 + 0.7**2)
    few = abs(plain[0] + shift) < LIMIT
    assert few.mean() > 0.9
    child = np.where(few, shift / sd, found[1] - plain[1])
    assert found[1] - plain[1] == pytest.approx(child, abs=0.05)
    assert (found[1] - plain[1]).mean() > 0.5 and (found[2] - plain[2]).mean() < -0.4


@pytest.mark.parametrize("saturates", [0, 1])
def test_a_knock_out_is_the_least_that_a_gene_does(saturates):
    signs = np.zeros((2, 2), np.int8)
    signs[0, 1] = 1
    fixed = {"saturation_share": saturates, "noise": [0.01, 0.01], "strength": [1, 1]}
    plain, found = logs(signs, None, **fixed), logs(signs, all_cells(0, 0.0), **fixed)
    assert np.isinf(found[0]).all() and np.ptp(found[1][found[1] > -4]) < 1.5
    effects = [logs(signs, all_cells(0, f), **fixed)[1] - plain[1] for f in (0, 0.2, 0.7, 2, 9)]
    assert (np.diff(effects, axis=0) >= -1e-6).all()
    assert (np.diff(effects, axis=0).mean(axis=1) > 0.02).all()


def test_with_feedback_cells_rest_where_targets_see_the_shifted_gene():
    """x = x' W + e holds again, with x' what is seen: solved here by iteration."""
    signs = np.array([[0, 1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 1], [0, 0, 0, 0]], np.int8)
    fixed = {"cyclic_share": 1, "strength": [1, 1], "noise": [1, 1]}
    plain = logs(signs, None, **fixed)
    weights = 0.8 * signs
    e = _own(signs, plain, weights)
    for fold in (0.6, 1.5):
        found = logs(signs, all_cells(1, fold), **fixed)
        within = abs(plain[1] + np.log(fold) / 0.5) < LIMIT
        sd = _scale(weights)
        shift = np.log(fold) / 0.5 * sd[1]
        states = np.zeros_like(e)
        for _ in range(400):
            seen = states.copy()
            seen[1] += shift
            states = weights.T @ seen + e
        expected = (states - _rest(weights, e)) / sd[:, None]
        expected[1] += np.log(fold) / 0.5
        difference = (found - plain)[:, within]
        np.testing.assert_allclose(difference, expected[:, within], atol=0.02)


def test_of_a_knock_out_loops_leave_nothing():
    signs = np.array([[0, 1, 0], [-1, 0, 1], [0, 0, 0]], np.int8)
    fixed = {"strength": [1, 1], "noise": [1, 1]}
    plain, found = logs(signs, None, **fixed), logs(signs, all_cells(0, 0.0), **fixed)
    # Gene 2 follows gene 1 and its own noise; gene 1 sees gene 0 at the limit in all cells.
    weights = 0.8 * signs
    sd = _scale(weights)
    e = _own(signs, plain, weights)
    expected = (-LIMIT * sd[0] * 0.8 + e[1]) / sd[1]
    low = plain[0] < -LIMIT
    assert low.mean() < 0.01
    np.testing.assert_allclose(found[1, ~low], expected[~low], atol=0.1)


def _scale(weights: np.ndarray) -> np.ndarray:
    """Standard deviation of each state where all e have variance 1."""
    mixing = np.linalg.inv(np.eye(len(weights)) - weights)
    return np.sqrt(np.diag(mixing.T @ mixing))


def _own(signs: np.ndarray, plain: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """e of the cells, from their standardised states, up to the standardisation's error."""
    states = plain * _scale(weights)[:, None]
    return states - weights.T @ states


def _rest(weights: np.ndarray, e: np.ndarray) -> np.ndarray:
    return np.linalg.solve(np.eye(len(weights)) - weights.T, e)


def test_paths_lead_to_descendants():
    for seed in range(5):
        signs = draw_signs(settings(), generator(seed), 15)
        graph = nx.from_numpy_array(signs, create_using=nx.DiGraph)
        closed = nx.to_numpy_array(nx.transitive_closure(graph, reflexive=False)) != 0
        np.testing.assert_array_equal(descending(signs != 0), closed)


@pytest.mark.parametrize("cyclic", [0, 1])
def test_without_its_protein_a_gene_has_its_mrna_and_targets_follow(cyclic):
    signs = np.array([[0, 1, 0], [-1 * cyclic, 0, 1], [0, 0, 0]], np.int8)
    plain, whole = logs(signs, None), logs(signs, all_cells(0, 0.0))
    protein = logs(signs, replace(all_cells(0, 0.0), protein_only=True))
    np.testing.assert_array_equal(protein[1:], whole[1:])
    assert np.isinf(whole[0]).all() and np.isfinite(protein[0]).all()
    assert (protein[1] - plain[1]).mean() < -0.5
    # Without feedback its own mRNA is as it would be; with feedback its repressor is less.
    shift = (protein[0] - plain[0]).mean()
    assert shift > 0.1 if cyclic else (protein[0] == plain[0]).all()
    down = [logs(signs, replace(all_cells(0, 0.4), protein_only=only)) for only in (False, True)]
    np.testing.assert_array_equal(*down)  # a knock-down is one of mRNA


@pytest.mark.parametrize("cyclic", [0, 1])
@pytest.mark.parametrize("kind", ["knock-out", "knock-down", "over-expression"])
def test_only_descendants_change(cyclic, kind):
    of_cells = settings(cyclic_share=cyclic, in_degree_mean=[1, 1.5])
    block = pretraining_settings("evidence")["perturbations"]
    acted = 0
    for seed in range(6):
        signs = draw_signs(of_cells, generator(seed, "signs"), 20)
        spread = np.full(20, 0.6)
        planned = draw_experiment(
            block | {"kinds": {kind: 1}, "genes": [0.3, 0.3]},
            signs.any(axis=1),
            100,
            generator(seed),
        )
        plain, found = (
            linear_rates(of_cells, generator(seed), signs, spread, len(planned), experiment)
            for experiment in (planned.without_effect(), planned)
        )
        assert np.isfinite(found).all() and found.dtype == np.float32
        acted += check_causes(signs, planned, plain, found)
        np.testing.assert_array_equal(
            plain, linear_rates(of_cells, generator(seed), signs, spread, len(planned))
        )
    assert acted >= 6
