"""Baselines of methods that see perturbations or a prior."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from grn_gat.algorithms import mean_difference, mean_difference_t, prior_edges
from grn_gat.data.evidence import NO_TARGET, UNSEEN, Evidence

RNG = np.random.default_rng(3)
EXPRESSION = RNG.gamma(2, size=(4, 30))
TARGET = np.array([NO_TARGET] * 10 + [0] * 8 + [2] * 8 + [UNSEEN] * 3 + [3])
FOLD = np.array([1.0] * 10 + [0.0] * 8 + [2.0] * 8 + [0.0] * 4)
EVIDENCE = Evidence(target=TARGET, fold=FOLD)


@pytest.mark.parametrize(("gene", "side"), [(0, -1), (2, 1)])
def test_means_of_perturbed_cells_are_compared_with_unperturbed_ones(gene, side):
    found = mean_difference.infer(EXPRESSION, EVIDENCE)
    some, none = EXPRESSION[:, gene == TARGET], EXPRESSION[:, :10]
    np.testing.assert_allclose(found[gene], side * (some.mean(1) - none.mean(1)))
    expected = ttest_ind(some, none, axis=1, equal_var=False).statistic
    np.testing.assert_allclose(mean_difference_t.infer(EXPRESSION, EVIDENCE)[gene], side * expected)


def test_genes_of_no_cell_and_of_one():
    found, by_error = (m.infer(EXPRESSION, EVIDENCE) for m in (mean_difference, mean_difference_t))
    assert not found[1].any() and not by_error[1].any()
    assert found[3].all() and not by_error[3].any()


def test_a_target_that_does_not_vary_says_nothing():
    constant = EXPRESSION.copy()
    constant[1] = 2
    assert (mean_difference_t.infer(constant, EVIDENCE)[:, 1] == 0).all()


def test_edges_of_several_priors():
    first, second = RNG.random((2, 4, 4)) < 0.5
    found = prior_edges.infer(EXPRESSION, Evidence(priors=(first, second)))
    np.testing.assert_array_equal(found, (first.astype(float) + second) / 2)
