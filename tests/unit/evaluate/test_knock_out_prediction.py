"""Predicted knock-outs: what follows from edges and paths, and how agreement is counted."""

import numpy as np
import pytest

from grn_gat.evaluate.knock_out_prediction import (
    Changes,
    agreement,
    along_edges,
    along_paths,
    by_correlation,
    mean_of_others,
    measured_changes,
)


@pytest.fixture
def cascade() -> np.ndarray:
    """Gene 0 activates 1, which represses 2, which represses 3; 4 is alone."""
    scores = np.zeros((5, 5))
    scores[0, 1], scores[1, 2], scores[2, 3] = 0.8, -0.6, -0.4
    np.fill_diagonal(scores, 9.0)  # which nobody reads
    return scores


def test_edges_reach_targets_only_and_paths_their_targets_too(cascade):
    np.testing.assert_allclose(along_edges(cascade, 0), [0, -0.8, 0, 0, 0])
    damping = 0.5
    first = damping * 0.8
    second, third = first * damping * 0.6, first * damping * 0.6 * damping * 0.4
    np.testing.assert_allclose(
        along_paths(cascade, 0, damping), [0, -first, second, -third, 0], atol=1e-12
    )
    np.testing.assert_allclose(along_paths(cascade, 2, damping), [0, 0, 0, damping * 0.4, 0])
    assert along_paths(cascade, 4, damping).tolist() == [0] * 5


def test_little_damping_leaves_the_order_of_the_edges():
    scores = np.random.default_rng(1).uniform(-1, 1, (12, 12))
    strengths = np.abs(scores).sum(axis=0) - np.abs(np.diag(scores))
    expected = 1e-6 * along_edges(scores, 3) / np.maximum(1, strengths)
    np.testing.assert_allclose(along_paths(scores, 3, 1e-6), expected, rtol=1e-4, atol=1e-12)


def test_a_lost_gene_stays_lost_and_loops_are_finite():
    scores = np.array([[0, 1.0, 0], [1.0, 0, 1.0], [0, 1.0, 0]])  # 0 and 1, 1 and 2 hold each other
    found = along_paths(scores, 0, 0.9)
    # 1 loses half of what holds it (0.45), and of the other half what it loses itself.
    expected = -0.45 / (1 - 0.45 * 0.9)
    np.testing.assert_allclose(found, [0, expected, 0.9 * expected])


def test_correlation_tells_direction():
    rng = np.random.default_rng(2)
    base = rng.normal(size=500)
    noise = 0.1 * rng.normal(size=500)
    expression = np.array([base, base + noise, -base + noise, rng.normal(size=500), np.ones(500)])
    found = by_correlation(expression, 0)
    assert found[0] == 0 and found[1] < -0.9 and found[2] > 0.9 and abs(found[3]) < 0.15
    assert found[4] == 0  # of a gene that does not vary nothing is known


def cells(seed: int, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Thirty genes; without gene 0 gene 1 falls and gene 2 rises, without gene 3 nothing does."""
    rng = np.random.default_rng(seed)
    values = rng.normal(5, 1, (30, 400))
    target = np.repeat([-1, 0, 3], [200, 100, 100])
    values[0, target == 0] = values[3, target == 3] = 0
    values[1, target == 0] -= shift
    values[2, target == 0] += shift
    return values, target


def test_what_changes_is_measured_in_sd_and_told_from_chance():
    found = measured_changes(*cells(1, 1.0))
    assert found.genes.tolist() == [0, 3]
    assert found.change[0, 1] == pytest.approx(-1, abs=0.3) and found.change[0, 2] > 0.7
    assert found.changed[0, 1] and found.changed[0, 2] and not found.changed[0, 0]
    assert found.changed.sum() <= 4


def test_of_nothing_few_change():
    said = sum(measured_changes(*cells(seed, 0.0)).changed.any() for seed in range(40))
    assert said <= 6  # of two that are expected


def changes(change: list[float], changed: list[int]) -> Changes:
    which = np.zeros((1, len(change)), dtype=bool)
    which[0, changed] = True
    return Changes(np.array([0]), np.array([change]), which)


def test_agreement_by_hand():
    truth = changes([9, -2, 1, 0.1, -0.2], [1, 2])
    right = agreement(np.array([0, -1, 0.5, 0.01, -0.02]), truth, 0)
    assert right["spearman"] == pytest.approx(1) and right["sign_accuracy"] == 1
    assert right["average_precision"] == 1 and right["ratio"] == 2
    turned = agreement(np.array([0, 1, 0.5, 0.01, 0.02]), truth, 0)
    assert turned["sign_accuracy"] == 0.5 and turned["average_precision"] == 1
    # Who changes is another question than in which direction: genes 3 and 4 first.
    last = agreement(np.array([0, 0.1, 0.2, 2, 3]), truth, 0)
    assert last["average_precision"] == pytest.approx((1 / 3 + 2 / 4) / 2)


def test_no_change_is_chance():
    truth = changes([9, -2, 1, 0.1, -0.2], [1, 2])
    none = agreement(np.zeros(5), truth, 0)
    assert none == {"spearman": 0, "sign_accuracy": 0.5, "average_precision": 0.5, "ratio": 1}
    silent = agreement(np.ones(5), changes([9, 0.1, 0.2, 0, 0], []), 0)
    assert silent["spearman"] == 0 and np.isnan(silent["ratio"])


def test_the_mean_of_others_leaves_out_the_knock_out_itself():
    change = np.array([[-9.0, 1, 2, 3], [5, -9, 4, 6], [7, 8, -9, 0]])
    found = Changes(np.array([0, 1, 2]), change, np.zeros((3, 4), dtype=bool))
    # Of gene 1 only the knock-out of 2 tells, of gene 2 that of 1.
    np.testing.assert_allclose(mean_of_others(found, 0), [0, 8, 4, 3])
    alone = Changes(np.array([1]), change[1:2], np.zeros((1, 4), dtype=bool))
    assert mean_of_others(alone, 0).tolist() == [0] * 4
