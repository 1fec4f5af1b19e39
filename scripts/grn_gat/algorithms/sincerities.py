"""SINCERITIES: how the shift of one gene's distribution predicts the next shift of another's.

Papili Gao et al., Bioinformatics 34 (2018) 258.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms._trajectories import best_over_trajectories
from grn_gat.core.errors import InputError

_LEAST_WINDOWS = 5  # three regressions on two earlier steps; the published program asks the same
_PENALTIES = 100  # values tried
_LARGEST = 1e3  # largest penalty, relative to the largest covariance of the standardised data
_NEWTON_STEPS = 100
_HALVINGS = 30


def infer(expression: np.ndarray, pseudotime: np.ndarray, *, windows: int = 10) -> np.ndarray:
    """Return regression coefficients with the sign of a partial correlation (genes, genes).

    The cells are cut into windows of time with equal numbers of cells. For each gene the
    Kolmogorov-Smirnov distance between successive windows, per unit of time, measures its change.
    The change of a target in a step is regressed on those of all genes in the step before: ridge
    regression with coefficients of at least 0, the penalty by leave-one-out cross-validation.
    A coefficient gets the sign of the partial Spearman correlation of the two genes over all cells,
    and all are divided by the largest of them.

    Args:
        expression: (genes, cells).
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory. Over several
            trajectories the value of largest absolute value is kept.
        windows: number of windows, at least 5. Fewer remain where many cells have the same time.

    Raises:
        InputError: fewer than 5 windows, or fewer than 2 cells for each.
    """
    if windows < _LEAST_WINDOWS:
        raise InputError(f"SINCERITIES: windows must be at least {_LEAST_WINDOWS}, got {windows}")
    return best_over_trajectories(
        "SINCERITIES",
        lambda ordered, time: _signed_coefficients(ordered, time, windows),
        expression,
        pseudotime,
        2 * windows,
    )


def _signed_coefficients(expression: np.ndarray, time: np.ndarray, windows: int) -> np.ndarray:
    """Return the scores (regulators, targets) of one trajectory."""
    changes = _changes(expression, time, windows)
    coefficients = _ridge(changes[:-1], changes[1:])
    largest = coefficients.max()
    scaled = coefficients / largest if largest > 0 else coefficients
    return scaled * np.sign(_partial_spearman(expression))


def _changes(expression: np.ndarray, time: np.ndarray, windows: int) -> np.ndarray:
    """Return the distance between successive windows over the time between their centres.

    `time` (cells,) ascends. Returns (windows - 1, genes).
    """
    edges = np.unique(np.quantile(time, np.linspace(0, 1, windows + 1)))
    window = np.maximum(np.searchsorted(edges, time, side="left") - 1, 0)
    filled = np.unique(window)
    if len(filled) < _LEAST_WINDOWS:
        raise InputError(
            f"SINCERITIES needs at least {_LEAST_WINDOWS} windows of time, and the "
            f"{len(time)} cells of a trajectory fill {len(filled)}: too many have the same "
            "pseudotime"
        )
    centres = ((edges[:-1] + edges[1:]) / 2)[filled]
    samples = [expression[:, window == k] for k in filled]
    distances = [kolmogorov_smirnov(one, two) for one, two in pairwise(samples)]
    return np.array(distances) / np.diff(centres)[:, None]


def kolmogorov_smirnov(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return the largest difference between two empirical distributions, row by row.

    Takes two samples (genes, cells), which may differ in the number of cells; returns (genes,).
    """
    values = np.concatenate([one, two], axis=1)
    sizes = one.shape[1], two.shape[1]
    steps = np.repeat([sizes[1], -sizes[0]], sizes)  # whole numbers: equal samples give exactly 0
    order = np.argsort(values, axis=1, kind="stable")
    difference = np.abs(np.cumsum(steps[order], axis=1))
    ordered = np.take_along_axis(values, order, axis=1)
    last_of_ties = np.append(np.diff(ordered, axis=1) > 0, np.ones((len(values), 1), bool), axis=1)
    return np.max(difference, axis=1, where=last_of_ties, initial=0) / (sizes[0] * sizes[1])


def _ridge(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return non-negative ridge coefficients, the penalty of each target by cross-validation.

    `x` (steps, genes) and `y` (steps, targets); returns (genes, targets). Standardisation and
    penalties follow glmnet's defaults (Friedman et al., J. Stat. Software 33 (2010) 1).
    """
    steps = len(x)
    _, spread, scaled = _standardised(x)
    _, target_spread, target = _standardised(y)
    largest = _LARGEST * np.abs(scaled.T @ target).max(axis=0) / steps
    smallest = 1e-4 if steps >= x.shape[1] else 1e-2
    # in units of the target, as the penalty is the same in every fold
    penalties = target_spread * largest * np.geomspace(1, smallest, _PENALTIES)[:, None]

    errors = np.zeros_like(penalties)
    for out in range(steps):
        keep = np.arange(steps) != out
        mean_x, spread_x, fold_x = _standardised(x[keep])
        mean_y, spread_y, fold_y = _standardised(y[keep])
        at = _ratio(x[out] - mean_x, spread_x)
        for k, fit in enumerate(_path(fold_x, fold_y, _ratio(penalties, spread_y))):
            errors[k] += (y[out] - mean_y - spread_y * (at @ fit)) ** 2
    chosen = errors.argmin(axis=0)  # the first, hence the largest penalty among equals
    best = np.zeros((x.shape[1], y.shape[1]))
    for k, fit in enumerate(_path(scaled, target, _ratio(penalties, target_spread))):
        best[:, chosen == k] = fit[:, chosen == k]
    return _ratio(best * target_spread, spread[:, None])


def _path(x: np.ndarray, y: np.ndarray, penalties: np.ndarray) -> Iterator[np.ndarray]:
    """Yield argmin |y - x b|^2 / (2 n) + penalty |b|^2 / 2 over b >= 0 for each row of penalties.

    `x` (n, genes), `y` (n, targets), penalties (values, targets); yields (genes, targets).

    Solved for the residual r = y - x b, which is short: b = weight * max(0, x' r) with the weight
    1 / (n penalty), so r minimises |r|^2 / 2 + weight |max(0, x' r)|^2 / 2 - y' r. Newton's method
    with halved steps finds it for all targets at once. A penalty of 0 (a constant target) gives 0.
    """
    n, genes = x.shape
    outer = (x[:, None, :] * x[None, :, :]).reshape(n * n, genes)
    y = y.T
    residual = y.copy()  # (targets, n)

    def objective(residual: np.ndarray, weight: np.ndarray) -> np.ndarray:
        pull = np.maximum(residual @ x, 0)
        return np.sum(residual * (residual / 2 - y), axis=1) + weight * np.sum(pull**2, axis=1) / 2

    for penalty in penalties:
        weight = _ratio(np.ones_like(penalty), n * penalty)
        for _ in range(_NEWTON_STEPS):
            pull = residual @ x
            gradient = residual + weight[:, None] * (np.maximum(pull, 0) @ x.T) - y
            if np.abs(gradient).max() < 1e-10:
                break
            curvature = np.eye(n) + weight[:, None, None] * ((pull > 0) @ outer.T).reshape(-1, n, n)
            step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
            before = objective(residual, weight) + 1e-12
            for _ in range(_HALVINGS):
                worse = objective(residual - step, weight) > before
                if not worse.any():
                    break
                step[worse] /= 2
            residual = residual - step
        yield (weight[:, None] * np.maximum(residual @ x, 0)).T


def _standardised(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, standard deviation (0 for a constant) and standardised values, by column."""
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread = np.where(spread > 1e-12 * np.abs(values).max(axis=0), spread, 0)
    return mean, spread, _ratio(values - mean, spread)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return above / below, 0 where below is 0."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below != 0)


def _partial_spearman(expression: np.ndarray) -> np.ndarray:
    """Return the partial rank correlation of all pairs of genes given all others.

    A gene with the same value in all cells has partial correlation 0 with all others; where the
    rank correlations are singular the pseudoinverse takes the place of the inverse.
    """
    from scipy.stats import rankdata

    _, _, ranks = _standardised(rankdata(expression, axis=1).T)
    correlation = ranks.T @ ranks / len(ranks)
    np.fill_diagonal(correlation, 1)
    precision = np.linalg.pinv(correlation, hermitian=True)
    scale = np.sqrt(np.diag(precision))
    return -precision / np.outer(scale, scale)


METHOD = Method(
    title="SINCERITIES",
    citation="Papili Gao et al., Bioinformatics 2018",
    infer=infer,
    needs_pseudotime=True,
    signed=True,
    relative=True,
)
