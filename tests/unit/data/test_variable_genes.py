import numpy as np
import pytest
from scipy import sparse

from grn_gat.data.variable_genes import dispersions, gene_statistics


def by_hand(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of counts whose cells have the same total, the median."""
    totals = counts.sum(axis=0)
    scaled = counts / totals * np.median(totals)
    return scaled.mean(axis=1), scaled.var(axis=1, ddof=1)


@pytest.fixture
def counts():
    rng = np.random.default_rng(0)
    return rng.poisson(rng.gamma(1, 2, (200, 1)) * rng.gamma(2, 0.5, (200, 50)))


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array, sparse.csc_array])
def test_counts_are_compared_as_shares_of_a_cell(counts, kind):
    found = gene_statistics(kind(counts.astype(float)))
    assert (found.detected == (counts > 0).sum(axis=1)).all()
    assert np.allclose(found.dispersion, dispersions(*by_hand(counts)))


def test_logarithms_are_undone(counts):
    values = np.log1p(counts / counts.sum(axis=0) * 1e4)
    scaled = np.expm1(values)
    expected = dispersions(scaled.mean(axis=1), scaled.var(axis=1, ddof=1))
    assert np.allclose(gene_statistics(values).dispersion, expected)


def test_the_matrix_stays_as_it_was(counts):
    values = sparse.csr_array(counts.astype(float))
    before = values.copy()
    gene_statistics(values)
    assert (values != before).nnz == 0


def test_dispersions_by_hand():
    """Two bins: three genes of a low mean, one alone with a high one; one that does not vary."""
    mean = np.array([1.0, 1.0, 1.0, 100.0, 1.0])
    variance = np.array([1.0, np.e, np.e**2, 50.0, 0.0])
    found = dispersions(mean, variance)
    # log(variance / mean) is 0, 1, 2: mean 1, standard deviation 1.
    assert found[:3] == pytest.approx([-1, 0, 1])
    assert found[3] == 1 and found[4] == -np.inf


def test_nothing_varies():
    assert (gene_statistics(np.ones((3, 4))).dispersion == -np.inf).all()
    assert (gene_statistics(np.zeros((3, 4))).detected == 0).all()
