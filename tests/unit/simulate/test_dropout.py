"""Dropouts against a plain loop over genes and cells, and the values that are refused."""

import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.dropout import apply_dropout


@pytest.fixture
def expression() -> np.ndarray:
    return generator(1, "expression").lognormal(0, 1, (7, 400))


def linear_quantile(values: np.ndarray, quantile: float) -> float:
    ordered = sorted(values.tolist())
    position = quantile * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.7, 0.99, 1.0])
@pytest.mark.parametrize("probability", [0.3, 0.5, 1.0])
def test_agrees_with_a_loop(expression, quantile, probability):
    result = apply_dropout(expression, quantile, probability, generator(1, "dropout"))
    draws = generator(1, "dropout").random(expression.shape)
    expected = expression.copy()
    for gene, row in enumerate(expression):
        cutoff = linear_quantile(row, quantile)
        for cell, value in enumerate(row):
            if value < cutoff and draws[gene, cell] < probability:
                expected[gene, cell] = 0
    np.testing.assert_array_equal(result, expected)
    assert (result == 0).any()


@pytest.mark.parametrize(("quantile", "probability"), [(0.5, 0.5), (0.7, 0.7)])
def test_zero_fraction_is_quantile_times_probability(quantile, probability):
    values = generator(2, "values").random((20, 5000)) + 1
    zeros = (apply_dropout(values, quantile, probability, generator(2)) == 0).mean(axis=1)
    # standard deviation of one gene's fraction: sqrt(quantile p (1 - p) / 5000) < 0.006
    np.testing.assert_allclose(zeros, quantile * probability, atol=0.03)
    assert abs(zeros.mean() - quantile * probability) < 0.006


def test_quantile_is_per_gene_and_strict():
    values = np.array([[1.0, 2, 3, 4, 5], [10, 20, 30, 40, 50], [7, 7, 7, 7, 7]])
    result = apply_dropout(values, 0.5, 1, generator(0))
    np.testing.assert_array_equal(result, [[0, 0, 3, 4, 5], [0, 0, 30, 40, 50], [7] * 5])


def test_quantile_lies_between_order_statistics():
    """Four values, quantile 0.5: the cutoff is 2.5, so that 2 drops and 3 stays."""
    result = apply_dropout(np.array([[4.0, 2, 3, 1]]), 0.5, 1, generator(0))
    np.testing.assert_array_equal(result, [[4, 0, 3, 0]])


@pytest.mark.parametrize(("quantile", "probability"), [(0, 1), (0.7, 0)])
def test_zero_gives_a_copy(expression, quantile, probability):
    result = apply_dropout(expression, quantile, probability, generator(0))
    np.testing.assert_array_equal(result, expression)
    assert not np.shares_memory(result, expression)


def test_input_stays_and_type_stays(expression):
    for dtype in (np.float32, np.int64):
        values = (expression * 10).astype(dtype)
        before = values.copy()
        result = apply_dropout(values, 0.7, 1, generator(0))
        assert result.dtype == dtype
        np.testing.assert_array_equal(values, before)
        assert (result == 0).sum() > (before == 0).sum()


def test_float32_is_compared_with_the_exact_quantile():
    """The quantile of two neighbouring float32 lies between them; rounded, it is one of them."""
    low = np.float32(1)
    high = np.nextafter(low, np.float32(2))
    for quantile in (0.1, 0.5, 0.9):
        result = apply_dropout(np.array([[low, high]]), quantile, 1, generator(0))
        np.testing.assert_array_equal(result, np.array([[0, high]]))


def test_same_seed_same_dropouts(expression):
    first, again, other = (
        apply_dropout(expression, 0.5, 0.5, generator(seed, "dropout")) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("value", [-0.01, 1.01, np.nan, np.inf])
def test_out_of_range_is_refused(expression, value):
    with pytest.raises(InputError, match=f"dropout quantile {value} is out of range; .* 0 to 1"):
        apply_dropout(expression, value, 0.5, generator(0))
    with pytest.raises(InputError, match=f"dropout probability {value} is out of range; .* 0 to 1"):
        apply_dropout(expression, 0.5, value, generator(0))


@pytest.mark.parametrize("shape", [(5,), (0, 3), (3, 0), (2, 2, 2)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(InputError, match=r"array \(genes, cells\) with values"):
        apply_dropout(np.ones(shape), 0.5, 0.5, generator(0))
