"""PORTIA against the numbers of its package, and against what its paper says step by step."""

import numpy as np
import pytest
from scipy.stats import boxcox

from grn_gat.algorithms import portia
from grn_gat.core.errors import InputError

# Four genes in eight cells, one of them with zeros ...
FEW = np.array(
    [
        [1.0, 2.0, 4.0, 3.0, 8.0, 5.0, 6.0, 2.5],
        [1.2, 2.5, 3.0, 3.5, 7.0, 6.0, 5.0, 2.0],
        [0.0, 3.0, 0.0, 1.0, 2.0, 0.5, 0.0, 4.0],
        [9.0, 7.0, 5.0, 6.5, 1.0, 3.0, 2.0, 8.0],
    ]
)
# ... and what the steps of portia-grn 0.0.21 (`run`, fast, as published but for `np.float`) give.
OF_THE_PACKAGE = np.array(
    [
        [0.0, 0.594474408, 0.537909425, 0.614017081],
        [0.866230426, 0.0, 0.993375471, 0.811306084],
        [0.01903713, 0.02412712, 0.0, 0.009410908],
        [1.0, 0.906784335, 0.433070668, 0.0],
    ]
)
OF_TWO_REGULATORS = np.array(
    [
        [0.0, 0.880673465, 0.76647323, 1.0],
        [0.0, 0.0, 0.0, 0.0],
        [0.108768778, 0.060423334, 0.0, 0.025910067],
        [0.0, 0.0, 0.0, 0.0],
    ]
)


@pytest.fixture(scope="module")
def expression() -> np.ndarray:
    """Twelve genes in 300 cells; gene 1 follows gene 0, gene 3 falls where gene 2 rises."""
    rng = np.random.default_rng(2)
    values = rng.gamma(2, size=(12, 300))
    values[1] += 2 * values[0]
    values[3] = np.maximum(values[3] + 6 - 2 * values[2], 0)
    return values


def test_scores_are_those_of_the_package():
    assert np.abs(portia.infer(FEW, np.arange(4))) == pytest.approx(OF_THE_PACKAGE, abs=1e-6)
    assert np.abs(portia.infer(FEW, np.array([0, 2]))) == pytest.approx(OF_TWO_REGULATORS, abs=1e-6)


def test_signs_are_those_of_the_partial_correlation(expression):
    scores = portia.infer(expression, np.arange(12))
    assert scores[0, 1] > 0 and scores[1, 0] > 0 and scores[2, 3] < 0 and scores[3, 2] < 0
    both = np.abs(scores) + np.abs(scores).T
    top = np.argsort(both, axis=None)[::-1][:4]
    assert {tuple(sorted(np.divmod(k, 12))) for k in top} == {(0, 1), (2, 3)}


def test_genes_become_gaussian(expression):
    found = portia.gaussian(expression)
    assert found.mean(axis=1) == pytest.approx(0, abs=1e-12) and found.std(axis=1) == pytest.approx(
        1
    )
    first = boxcox(expression[0])[0]
    assert found[0] == pytest.approx((first - first.mean()) / first.std())


def test_the_factor_of_a_direction_is_that_of_the_regressions(expression):
    """Coefficients of the ridge regression of each gene on all others, by its normal equations."""
    covariance = np.cov(portia.gaussian(expression))
    coefficients = np.zeros((12, 12))
    for target in range(12):
        others = np.delete(np.arange(12), target)
        system = 0.05 * np.eye(11) + 0.95 * covariance[np.ix_(others, others)]
        coefficients[others, target] = np.abs(np.linalg.solve(system, covariance[others, target]))
    larger = np.maximum(coefficients, coefficients.T)
    off = ~np.eye(12, dtype=bool)
    wanted = coefficients[off] / larger[off]
    assert portia.directions(covariance)[off] == pytest.approx(wanted)
    assert (wanted < 1).any()


def test_cells_that_are_alike_share_their_weight():
    rng = np.random.default_rng(0)
    cells = rng.gamma(2, size=(40, 6))
    cells[:, 4] = 3 * cells[:, 0]  # the same profile
    cells[:, 5] = 0  # no profile: like none, not even itself
    weights = portia.cell_weights(cells)
    assert weights == pytest.approx([1 / 5, 1 / 3, 1 / 3, 1 / 3, 1 / 5, 1])


def test_blocks_of_cells_change_nothing(monkeypatch, expression):
    whole = portia.cell_weights(expression)
    monkeypatch.setattr(portia, "_BLOCK", 7)
    assert np.array_equal(portia.cell_weights(expression), whole)


def test_scores_over_the_means_of_row_and_column():
    scores = np.array([[0, 2.0, 4.0], [0, 0, 3.0], [0, 0, 0]])
    got = portia.over_means(scores)
    assert got[0, 1] == pytest.approx(2 / (2 * 3 * 2))
    assert got[1, 2] == pytest.approx(3 / (2 * 3 * 3.5))
    assert not got[2].any()


def test_one_cell_is_too_few():
    with pytest.raises(InputError, match=r"^PORTIA needs two cells at least, and there is 1$"):
        portia.infer(np.ones((3, 1)), np.arange(3))
