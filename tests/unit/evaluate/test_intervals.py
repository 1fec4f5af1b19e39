"""Intervals by hand and against scipy; how often they miss is in tests/unit/bench."""

import numpy as np
import pytest
from scipy.stats import skew, t, ttest_1samp

from grn_gat.evaluate.intervals import mean_interval

# Seeds in rows, replicates in columns: grand mean 4, seeds 2 and 6, replicates 3 4 5, no rest.
ADDITIVE = np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]])


def half_width(values, level: float = 0.95) -> float:
    """Half of the length of an interval, which is symmetric about the mean."""
    low, high = mean_interval(np.asarray(values, dtype=float), level)
    assert (low + high) / 2 == pytest.approx(np.nanmean(values))
    return float(high - low) / 2


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_one_seed_gives_the_t_interval_of_the_replicates(number, turned):
    values = np.random.default_rng(number).random((1, number))
    interval = ttest_1samp(values[0], 0).confidence_interval(0.9)
    got = mean_interval(values.T if turned else values, level=0.9)
    assert tuple(map(float, got)) == pytest.approx(tuple(interval))


def test_from_five_values_on_the_ends_follow_the_skewness():
    """Hall's transformation by hand: k = skewness / sqrt(n), T = (3 / k)(cbrt(1 + ...) - 1)."""
    values = np.array([0.0, 0.0, 0.0, 1.0, 4.0])
    k = skew(values, bias=False) / 5**0.5
    assert k == pytest.approx(4.8 / 2.4**1.5 * 20**0.5 / 3 / 5**0.5)  # central moments 4.8, 2.4
    quantile = t.ppf(0.975, 4)
    moved = [3 / k * (np.cbrt(1 + k * (q - k / 6)) - 1) for q in (quantile, -quantile)]
    assert moved == pytest.approx([1.6860, -7.4873], abs=1e-3)  # in place of +- 2.776
    error = values.std(ddof=1) / 5**0.5
    got = mean_interval(values[None])
    assert tuple(map(float, got)) == pytest.approx([1 - m * error for m in moved])
    # turned round: the interval of the negative values
    low, high = mean_interval(-values[None])
    assert (float(low), float(high)) == pytest.approx((-float(got[1]), -float(got[0])))
    # four are too few to tell
    assert half_width([[0.0, 0.0, 1.0, 4.0]]) == pytest.approx(t.ppf(0.975, 3) * 1.8930 / 2, 1e-4)


def test_effects_of_both_factors_by_hand():
    """Mean squares: seeds 24 (1 df), replicates 2 (2 df), rest 0 (2 df), of 6 values.

    Variance (24 + 2) / 6; degrees of freedom 26^2 / (24^2 / 1 + 2^2 / 2) = 1.1695.
    """
    expected = t.ppf(0.975, 26**2 / (24**2 + 2)) * (26 / 6) ** 0.5
    assert half_width(ADDITIVE) == pytest.approx(expected)
    assert half_width(ADDITIVE.T) == pytest.approx(expected)


def test_the_rest_counts_once_in_the_variance():
    """Mean squares: seeds 9, replicates 4, rest 1, 1 df each: see test_tables.py."""
    values = [[1, 2], [3, 6]]
    expected = t.ppf(0.975, 144 / (81 + 16 + 1)) * 3**0.5
    assert half_width(values) == pytest.approx(expected)


def test_a_factor_that_explains_nothing_is_pooled_with_the_rest():
    """Seeds 7/3 each, replicates 0 to 4; the rest 1.

    Mean squares: replicates 14 (2 df), seeds 0 (1 df), rest 1 (2 df), of 6 values: the variance is
    that of the replicates, with their degrees of freedom.
    """
    values = np.array([[0.0, 3.0, 4.0], [1.0, 1.0, 5.0]])
    assert half_width(values) == pytest.approx(t.ppf(0.975, 2) * _mean_square(values) ** 0.5)


def test_a_factor_that_explains_nothing_adds_no_skewness():
    """The interval is that of the replicates' means, however skewed the seeds are."""
    rest = np.random.default_rng(7).normal(size=(5, 6))
    rest = rest - rest.mean(axis=0) - rest.mean(axis=1, keepdims=True) + rest.mean()
    skewed = np.array([0.0, 0.0, 0.0, 0.1, 0.4])[:, None]
    values = rest + skewed + np.arange(6) ** 2
    got = mean_interval(values)
    assert np.array(got) == pytest.approx(np.array(mean_interval(values.mean(axis=0)[None])))


def _mean_square(values: np.ndarray) -> float:
    """Variance of the mean of the columns' means."""
    return float(values.mean(axis=0).var(ddof=1)) / values.shape[1]


def test_without_any_effect_all_squares_are_pooled():
    """Rows and columns have the mean 1: 4 squares of 1, of 3 degrees of freedom, over 4 values."""
    assert half_width([[0, 2], [2, 0]]) == pytest.approx(t.ppf(0.975, 3) * (4 / 3 / 4) ** 0.5)


def test_a_difference_of_variances_has_no_fewer_degrees_of_freedom_than_its_parts():
    """Mean squares of 1.44, 1.21 and 1 (1 df each) would make 2.7 / 4.54 = 0.6 of them."""
    values = np.array([[0.6 + 0.55, 0.6 - 0.55], [-0.6 + 0.55, -0.6 - 0.55]])
    values += 0.5 * np.array([[1, -1], [-1, 1]])
    expected = t.ppf(0.975, 1) * ((1.44 + 1.21 - 1) / 4) ** 0.5
    assert half_width(values) == pytest.approx(expected)


def test_seeds_and_replicates_without_values_are_none():
    rng = np.random.default_rng(3)
    for shape in ((1, 5), (4, 6)):
        values = rng.exponential(size=shape)
        wide = np.full((shape[0] + 2, 2 * shape[1]), np.nan)
        wide[1 : 1 + shape[0], 1::2] = values
        got, alone = (np.array(mean_interval(v)) for v in (wide, values))
        assert got == pytest.approx(alone)


def test_single_missing_values_leave_the_additive_fit():
    """The rest of additive values is 0 whichever of them are known."""
    values = ADDITIVE.copy()
    values[1, 2] = np.nan  # sums of deviations from 17 / 5: seeds -4.2 4.2, replicates -.8 1.2 -.4
    seeds, replicates = 2 / 1 * (2 * 4.2**2) / 25, 3 / 2 * (0.8**2 + 1.2**2 + 0.4**2) / 25
    freedom = (seeds + replicates) ** 2 / (seeds**2 + replicates**2 / 2)
    expected = t.ppf(0.975, freedom) * (seeds + replicates) ** 0.5
    assert half_width(values) == pytest.approx(expected)


def test_seeds_that_cannot_be_told_from_replicates_are_not_taken_for_more_values():
    """Each seed has a replicate of its own: no more is known than of two values."""
    values = [[0.25, np.nan], [np.nan, 0.75]]
    assert half_width(values) == pytest.approx(half_width([[0.25, 0.75]]) * 2**0.5)


def test_without_two_values_there_is_none():
    for values in ([[0.5]], [[0.5, np.nan]], [[np.nan, np.nan], [np.nan, np.nan]]):
        assert np.isnan(mean_interval(np.array(values))).all()


def test_equal_values_have_an_interval_of_one_point():
    low, high = mean_interval(np.full((3, 6), 0.5))
    assert (float(low), float(high)) == (0.5, 0.5)


@pytest.mark.parametrize("axis", [0, 1])
def test_values_that_share_an_effect_are_not_independent(axis):
    effect = np.expand_dims(np.linspace(0, 1, 8), axis)
    values = effect + 0.05 * np.random.default_rng(4).random((8, 8))
    naive = np.subtract(*mean_interval(values.reshape(1, -1))[::-1])
    # a mean of 8 effects, not of 64: wider by sqrt(8), 2.8, and by the t quantile of so few, 1.2
    assert 3 < np.subtract(*mean_interval(values)[::-1]) / naive < 4.5


def test_level():
    values = np.random.default_rng(5).random((5, 5))
    narrow, wide = mean_interval(values, level=0.5), mean_interval(values, level=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_units_and_order_do_not_matter():
    rng = np.random.default_rng(6)
    values = rng.random((4, 7))
    values[rng.random((4, 7)) < 0.2] = np.nan
    low, high = mean_interval(values)
    shuffled = values[rng.permutation(4)][:, rng.permutation(7)]
    assert np.array(mean_interval(shuffled)) == pytest.approx(np.array([low, high]))
    turned = np.array(mean_interval(3 - 2e-6 * values))
    assert turned == pytest.approx(np.array([3 - 2e-6 * high, 3 - 2e-6 * low]), rel=1e-12)


def test_several_tables_at_once_are_those_alone():
    tables = np.random.default_rng(5).random((2, 3, 4, 5))
    tables[0, 1, :, 2] = np.nan
    tables[1, 0, 1, 1] = np.nan
    tables[1, 1] = np.nan
    low, high = mean_interval(tables)
    assert low.shape == high.shape == (2, 3)
    for place in np.ndindex(2, 3):
        alone = mean_interval(tables[place])
        assert [a.shape for a in alone] == [(), ()]
        assert np.array(alone) == pytest.approx(
            np.array([low[place], high[place]]), rel=1e-9, nan_ok=True
        )
