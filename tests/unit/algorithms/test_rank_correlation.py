"""Spearman-CLR, Spearman-PC and their consensus, against what their papers say step by step."""

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from grn_gat.algorithms import consensus, spearman_clr, spearman_pc
from grn_gat.algorithms._registry import run_method

GENES = np.arange(7)


@pytest.fixture
def expression() -> np.ndarray:
    """Seven genes in 60 cells, with ties, a pair that falls together and a common factor."""
    rng = np.random.default_rng(4)
    values = rng.poisson(3, size=(7, 60)).astype(float) + rng.gamma(2, size=60)
    values[2] += values[0]
    values[5] = np.maximum(12 - values[1] - values[5], 0)
    return values


def off_diagonal(scores: np.ndarray) -> np.ndarray:
    return scores[~np.eye(len(scores), dtype=bool)]


def clr_by_hand(correlation: np.ndarray) -> np.ndarray:
    scores = np.zeros_like(correlation)
    strength = np.abs(correlation)
    for i in range(len(scores)):
        for j in set(range(len(scores))) - {i}:
            total = 0
            for gene in (i, j):
                others = np.delete(strength[gene], gene)
                total += max(0, (strength[i, j] - others.mean()) / others.std(ddof=1)) ** 2
            scores[i, j] = np.sqrt(total) * np.sign(correlation[i, j])
    return scores


def residuals_by_hand(expression: np.ndarray) -> np.ndarray:
    """Correlation of ranks less their projection on the first right singular vector."""
    ranks = rankdata(expression, axis=1)
    ranks = (ranks - ranks.mean(1, keepdims=True)) / ranks.std(1, keepdims=True)
    first = np.linalg.svd(ranks)[2][0]
    scores = np.corrcoef(ranks - np.outer(ranks @ first, first))
    np.fill_diagonal(scores, 0)
    return scores


def test_clr_of_the_rank_correlation(expression):
    expected = clr_by_hand(spearmanr(expression, axis=1).statistic)
    got = spearman_clr.infer(expression)
    assert got == pytest.approx(expected) and (got < 0).any() and (got == 0).sum() > 7


def test_the_first_component_is_removed(expression):
    got = spearman_pc.infer(expression)
    assert off_diagonal(got) == pytest.approx(off_diagonal(residuals_by_hand(expression)))
    # As the partial correlation given the component.
    ranks = rankdata(expression, axis=1)
    ranks = (ranks - ranks.mean(1, keepdims=True)) / ranks.std(1, keepdims=True)
    first = np.linalg.svd(ranks)[2][0]
    three = np.corrcoef([ranks[0], ranks[2], first])
    r, a, b = three[0, 1], three[0, 2], three[1, 2]
    assert got[0, 2] == pytest.approx((r - a * b) / np.sqrt((1 - a**2) * (1 - b**2)))


def test_a_pair_is_found_behind_a_factor_that_moves_all_genes():
    rng = np.random.default_rng(7)
    factor = rng.normal(size=400)
    values = rng.normal(size=(30, 400)) + np.linspace(2, 4, 30)[:, None] * factor
    values[4] += 1.5 * (values[3] - 2.2 * factor)
    strength = np.abs(spearman_pc.infer(values)) * (1 - np.eye(30))
    assert {*np.unravel_index(strength.argmax(), strength.shape)} == {3, 4}
    plain = np.abs(spearmanr(values, axis=1).statistic - np.eye(30))
    assert {*np.unravel_index(plain.argmax(), plain.shape)} != {3, 4}


@pytest.mark.parametrize("regulators", [GENES, np.array([1, 4])])
def test_consensus_is_the_mean_of_the_standardised_scores(expression, regulators):
    got = consensus.infer(expression, regulators)[regulators]
    pairs = regulators[:, None] != GENES
    mean = np.zeros(pairs.sum())
    for scores in (spearman_clr.infer(expression), spearman_pc.infer(expression)):
        strength = np.abs(scores[regulators])[pairs]
        mean += (strength - strength.mean()) / strength.std() / 2
    assert np.abs(got[pairs]) == pytest.approx(mean - mean.min())
    correlation = spearmanr(expression, axis=1).statistic[regulators][pairs]
    some = mean > mean.min() + 1e-9
    assert (np.sign(got[pairs]) == np.sign(correlation))[some].all()
    assert np.abs(got[pairs]).min() == pytest.approx(0, abs=1e-12)


METHODS = {
    "spearman-clr": spearman_clr.infer,
    "spearman-pc": spearman_pc.infer,
    "consensus": lambda values: consensus.infer(values, np.arange(len(values))),
}


@pytest.mark.parametrize("name", METHODS)
def test_constant_genes_have_no_score_and_change_none(name, expression):
    """As the registry sees to."""
    wider = np.insert(expression, [2, 7], 0.1, axis=0)
    got = run_method(name, [f"G{i}" for i in range(9)], wider, None, np.arange(9), 1, 1, {})
    assert not got[[2, 8]].any() and not got[:, [2, 8]].any()
    kept = np.delete(np.arange(9), [2, 8])
    assert off_diagonal(got[np.ix_(kept, kept)]) == pytest.approx(
        off_diagonal(METHODS[name](expression))
    )


@pytest.mark.parametrize("name", METHODS)
def test_two_genes_have_their_correlation(name, expression):
    correlation = spearmanr(*expression[[1, 5]]).statistic
    assert off_diagonal(METHODS[name](expression[[1, 5]])) == pytest.approx(correlation)


def test_a_gene_that_is_the_component_has_no_score():
    """Three copies of one gene: what rounding leaves of them is not taken for a signal."""
    values = np.vstack([np.arange(20.0)] * 3)
    assert not spearman_pc.infer(values).any()
    assert not off_diagonal(METHODS["consensus"](values)).any()
