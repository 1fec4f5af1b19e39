"""The interval of a mean over training seeds and replicates.

All values of a seed share a split, and all values of a replicate share a data set: single values
are not independent, and an interval that takes them for so is too short. A value is taken as

    mean + effect of the seed + effect of the replicate + rest

and the variance of the mean as what the three contribute (Searle, Casella and McCulloch, Variance
Components, 1992). An effect counts where its levels (the seeds, or the replicates) differ by more
than the rest explains; else its squares are more of the rest. Degrees of freedom are those of
Satterthwaite (Biometrics Bulletin 2, 1946, 110). With one seed this is the t interval of the
replicates.

Of skewed levels a t interval misses the mean too often, on one side. Its ends are moved by Hall's
transformation (J. R. Stat. Soc. B 54, 1992, 221), from the skewness of the mean.

How often it misses all the same is measured by `bench/coverage.py`.
"""

from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
# Of fewer, skewed seeds or replicates cannot be told from others, and their intervals exclude 0 by
# chance more often than is said.
MIN_SEEDS, MIN_REPLICATES = 5, 5
# Of fewer levels the skewness is noise: intervals would move to the wrong side as often as not.
_LEVELS_FOR_SKEWNESS = 5
_LEAST_SKEWNESS = 1e-6  # below it the ends stay, as Hall's transformation divides by it
_SWEEPS = 1000  # at most; one is enough unless single values are missing
_CONVERGED = 1e-12  # change by a sweep, relative to the largest value


@dataclass(frozen=True)
class _Effects:
    """What factors contribute to the mean, alone; arrays of one shape.

    Attributes:
        variance: of the mean.
        freedom: degrees of freedom of this variance.
        cumulant: third cumulant of the mean.
    """

    variance: np.ndarray
    freedom: np.ndarray
    cumulant: np.ndarray


def mean_interval(values: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of the mean of all known values.

    Args:
        values: (..., seeds, replicates), NaN where undefined. A seed or replicate of which no value
            is known is none.
        level: share of such intervals that should hold the true mean.

    Returns:
        Lower and upper ends (...), NaN where fewer than two values are known. They may lie outside
        of what a metric can be.
    """
    from scipy.stats import t

    known = ~np.isnan(values)
    number = known.sum(axis=(-2, -1))
    mean = _divide(np.where(known, values, 0).sum(axis=(-2, -1)), number)
    deviations = np.where(known, values - mean[..., None, None], 0)
    # The mean deviates from its expectation by the sum of these.
    shares = _divide(deviations, number[..., None, None])
    effects = [_effect(shares, known, axis) for axis in (-1, -2)]
    found = _together(effects, _rest(shares, known))

    error = np.sqrt(found.variance)
    skewness = _divide(found.cumulant, error**3)
    quantile = t.ppf(0.5 + level / 2, np.maximum(found.freedom, 1))
    ends = (mean - _hall(skewness, sign * quantile) * error for sign in (1, -1))
    low, high = (np.where(number > 1, end, np.nan) for end in ends)
    return low, high


def _divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return the quotient, 0 where the denominator is."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    return np.divide(numerator, denominator, out=np.zeros(shape), where=denominator != 0)


def _effect(shares: np.ndarray, known: np.ndarray, axis: int) -> _Effects:
    """The factor whose levels are left when `axis` is summed over."""
    levels = known.any(axis=axis).sum(axis=-1)
    sums = shares.sum(axis=axis)
    squares, cubes = ((sums**power).sum(axis=-1) for power in (2, 3))
    cumulant = _divide(levels**2 * cubes, (levels - 1) * (levels - 2))
    return _Effects(
        variance=_divide(levels * squares, levels - 1),
        freedom=levels - 1,
        cumulant=np.where(levels < _LEVELS_FOR_SKEWNESS, 0, cumulant),
    )


def _rest(shares: np.ndarray, known: np.ndarray) -> _Effects:
    """What neither factor explains: residuals of the additive fit, by sweeping out its means."""
    number = known.sum(axis=(-2, -1))
    rows, columns = (known.any(axis=axis).sum(axis=-1) for axis in (-1, -2))
    freedom = np.maximum(number - rows - columns + 1, 0)
    residuals = shares
    for _ in range(_SWEEPS):
        before = residuals
        for axis in (-1, -2):
            sums = residuals.sum(axis=axis, keepdims=True)
            residuals = residuals - known * _divide(sums, known.sum(axis=axis, keepdims=True))
        change = np.abs(residuals - before).max(initial=0)
        if change <= _CONVERGED * np.abs(shares).max(initial=0):
            break
    variance = _divide(number * (residuals**2).sum(axis=(-2, -1)), freedom)
    return _Effects(variance, freedom, np.zeros(variance.shape))


def _together(effects: list[_Effects], rest: _Effects) -> _Effects:
    """What both factors and the rest contribute together."""
    variance, freedom, cumulant = (
        np.stack([getattr(effect, name) for effect in effects])
        for name in ("variance", "freedom", "cumulant")
    )
    counts = variance > rest.variance  # false where a factor has one level: its variance is 0
    pooled_freedom = rest.freedom + np.where(counts, 0, freedom).sum(axis=0)
    pooled_squares = np.where(counts, 0, freedom * variance).sum(axis=0)
    pooled = _divide(rest.freedom * rest.variance + pooled_squares, pooled_freedom)
    # Each effect that counts has the rest in it, which belongs to the mean once.
    parts = np.where(counts, variance, 0)
    remainder = (1 - counts.sum(axis=0)) * pooled
    total = parts.sum(axis=0) + remainder
    spread = _divide(parts**2, freedom).sum(axis=0) + _divide(remainder**2, pooled_freedom)
    # A difference of variances may seem to have fewer degrees of freedom than each of them. Where
    # so few values are known that there is no rest, the factors may be one and the same.
    least = np.where(counts, freedom, np.inf).min(axis=0)
    joint = np.where(rest.freedom > 0, _divide(total**2, spread), 0)
    return _Effects(
        variance=total,
        freedom=np.where(np.isfinite(least), np.maximum(joint, least), joint),
        cumulant=np.where(counts, cumulant, 0).sum(axis=0),
    )


def _hall(skewness: np.ndarray, quantile: np.ndarray) -> np.ndarray:
    """Return where a studentised mean of this skewness has the quantile of a symmetric one."""
    skewed = np.abs(skewness) > _LEAST_SKEWNESS
    k = np.where(skewed, skewness, 1)
    return np.where(skewed, 3 / k * (np.cbrt(1 + k * (quantile - k / 6)) - 1), quantile)
