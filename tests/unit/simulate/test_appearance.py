"""Statistics of expression: against their definitions on matrices whose values are known."""

import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.appearance import MOST_CELLS, MOST_GENES, appearance, correlations, some


def of(values: np.ndarray) -> dict[str, float]:
    return appearance(values, generator(9))


@pytest.fixture(scope="module")
def independent() -> np.ndarray:
    return generator(1).lognormal(0, 0.3, (40, 1000))


def test_closed_totals_are_a_zero_eigenvalue_and_have_no_variance(independent):
    closed = independent / independent.sum(axis=0)
    plain, found = of(independent), of(closed)
    assert found["least_eigenvalue"] == found["total_variance"] == -4
    assert found["total_cv"] == pytest.approx(0, abs=1e-9) and found["total_skew"] == 0
    assert plain["least_eigenvalue"] > -0.5
    assert plain["total_variance"] == pytest.approx(0, abs=0.1)  # variances add up


def test_a_strong_factor_is_in_the_first_component(independent):
    factor = np.exp(generator(2).normal(0, 1, 1000))
    plain, found = of(independent), of(independent * factor)
    assert plain["first_1"] < 0.06 and found["first_1"] > 0.7
    assert plain["participation"] > 0.9 and found["participation"] < 0.06
    assert plain["pearson_strong"] == 0 and found["spearman_strong"] == 1
    assert found["pearson_mean"] > 0.7 and abs(plain["pearson_mean"]) < 0.01
    assert found["total_cv"] > 1 and found["total_variance"] > 1


def test_two_factors_are_in_the_first_two():
    rng = generator(3)
    blocks = np.repeat(rng.normal(size=(2, 1000)), 10, axis=0)
    found = of(np.exp(0.2 * blocks))
    assert found["first_1"] == pytest.approx(0.5, abs=0.03)
    assert found["first_2"] == pytest.approx(1, abs=1e-6) == found["first_10"]
    assert found["participation"] == pytest.approx(2 / 20, rel=0.02)
    assert found["least_tenth"] == pytest.approx(0, abs=1e-6)
    # Of 190 pairs 90 are within a block.
    assert found["pearson_strong"] == pytest.approx(90 / 190)


def test_rank_correlations_see_monotone_and_others_linear():
    x = generator(4).normal(size=500)
    values = np.stack([np.exp(x), np.exp(4 * x)])
    found = of(values)
    assert found["spearman_mean"] == pytest.approx(1)
    assert found["pearson_mean"] == pytest.approx(np.corrcoef(values)[0, 1])
    assert found["pearson_mean"] < 0.8


def test_correlations_are_numpys_and_those_of_a_constant_gene_zero(independent):
    np.testing.assert_allclose(correlations(independent), np.corrcoef(independent), atol=1e-12)
    found = correlations(np.vstack([independent[:3], np.full(1000, 0.1)]))
    assert (found[3] == [0, 0, 0, 1]).all()


def test_zeros_and_constant_genes():
    values = np.zeros((4, 100))
    values[0, :20], values[1, :60], values[2] = 1, 2, 3
    found = of(values)
    assert found["zeros"] == pytest.approx(1 - 1.8 / 4)
    assert found["constant_genes"] == 0.5
    gene = np.quantile([0.8, 0.4, 0, 1], [0.1, 0.9])
    assert [found["gene_zeros_low"], found["gene_zeros_high"]] == pytest.approx(gene)
    assert (found["cell_zeros_low"], found["cell_zeros_high"]) == (0.25, 0.75)
    assert found["integers"] == 1 and of(np.sqrt(values))["integers"] < 1


def test_dispersion_of_poisson_counts_falls_as_the_mean():
    means = np.logspace(0, 2, 100)[:, None]
    counts = generator(5).poisson(means, (100, 1000)).astype(float)
    found = of(counts)
    assert found["dispersion_slope"] == pytest.approx(-1, abs=0.03)  # variance / mean^2 = 1 / mean
    assert found["dispersion_level"] == pytest.approx(-1, abs=0.03)  # mean of -log10 of the means
    assert found["gene_mean_sd"] == pytest.approx(np.log10(means).std(), rel=0.02)
    gamma = generator(6).gamma(4, means / 4, (100, 1000))
    found = of(gamma)
    assert found["dispersion_slope"] == pytest.approx(0, abs=0.03)
    assert 10 ** found["dispersion_level"] == pytest.approx(1 / 4, rel=0.03)


def test_range_and_skew():
    values = np.ones((2, 1000))
    values[0] = 10.0 ** np.linspace(-1, 1, 1000)
    values[1, ::2] = 0.0
    found = of(values)
    assert found["ceiling"] == pytest.approx(1, abs=0.01) and found["floor"] < -0.9
    assert found["total_skew"] > 0.5


@pytest.mark.parametrize("unit", [1e-3, 64.0])
def test_the_unit_does_not_matter(independent, unit):
    plain, scaled = of(independent), of(independent * unit)
    assert plain == pytest.approx(scaled, rel=1e-6, abs=1e-6)


def test_order_does_not_matter(independent):
    turned = of(independent[::-1, ::-1])
    assert of(independent) == pytest.approx(turned, rel=1e-9, abs=1e-9)


def test_large_matrices_are_cut():
    large = generator(7).random((450, 3000))
    assert some(large, generator(1)).shape == (MOST_GENES, MOST_CELLS)
    assert some(large[:, :100], generator(1)).shape == (50, 100)
    assert some(large[:5, :60], generator(1)).shape == (5, 60)
    part = some(large, generator(1))
    rows = [np.flatnonzero((large == row[0]).any(axis=1)).item() for row in part]
    assert rows == sorted(rows) and len(set(rows)) == MOST_GENES
    assert of(large)["size"] == pytest.approx(np.log10(MOST_GENES))
    assert appearance(large, generator(1)) == appearance(large, generator(1))


def test_cells_that_are_all_alike_are_refused():
    values = np.ones((5, 50))
    values[0, 0] = 2
    with pytest.raises(InputError, match="1 of 5 genes vary between cells; at least 2 must"):
        of(values)
