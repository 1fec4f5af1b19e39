"""SCODE: a linear differential equation through a few exponentials of pseudotime.

Matsumoto et al., Bioinformatics 33 (2017) 2314.
"""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms._trajectories import best_over_trajectories
from grn_gat.core.errors import InputError

_EXPONENTS = (-10.0, 2.0)  # range of the search for B, as published
_NOISE = 1e-3  # half width of the noise on Z, as published


def infer(
    expression: np.ndarray,
    pseudotime: np.ndarray,
    *,
    seed: int = 0,
    dimensions: int = 10,
    iterations: int = 1000,
    repeats: int = 6,
) -> np.ndarray:
    """Return the coefficients of dx/dt = A x, transposed: (genes, genes), signed.

    The model is x = W z with dz/dt = B z for a diagonal B, so z_d = exp(b_d t), and A = W B W^+
    with the pseudoinverse of W. B is found by a random search: each step draws one b_d anew and
    keeps it if the regression of the expression on Z leaves a smaller sum of squares. Z carries
    uniform noise, which keeps the regression defined where two exponents are alike. A is the mean
    over independent searches. The number of dimensions may exceed that of the genes: W W^+ is then
    the identity. The defaults are BEELINE's, which tunes the dimensions to each network of its
    curated data. A[v, u] is the effect of u on v; BEELINE lists it as the edge v -> u, so its
    published scores are those of the transpose.

    Args:
        expression: (genes, cells).
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory; scaled to
            [0, 1] on each. Over several trajectories the coefficient of largest absolute value is
            kept.
        seed: of the random search.
        dimensions: number of exponentials, at least 1.
        iterations: steps of a search, at least 1.
        repeats: number of searches, at least 1.

    Raises:
        InputError: a setting below 1, or a trajectory with fewer cells than exponentials + 1.
    """
    for name, value in (
        ("dimensions", dimensions),
        ("iterations", iterations),
        ("repeats", repeats),
    ):
        if value < 1:
            raise InputError(f"SCODE: {name} must be at least 1, got {value}")
    rng = np.random.default_rng(seed)
    return best_over_trajectories(
        "SCODE",
        lambda ordered, time: _mean_a(ordered, time, rng, dimensions, iterations, repeats).T,
        expression,
        pseudotime,
        dimensions + 1,
    )


def _mean_a(
    expression: np.ndarray,
    time: np.ndarray,
    rng: np.random.Generator,
    dimensions: int,
    iterations: int,
    repeats: int,
) -> np.ndarray:
    """Return A (targets, regulators), the mean over searches; these run side by side."""
    exponents = rng.uniform(*_EXPONENTS, (repeats, dimensions))
    rss = np.full(repeats, np.inf)
    each = np.arange(repeats)
    for _ in range(iterations):
        trial = exponents.copy()
        trial[each, rng.integers(dimensions, size=repeats)] = rng.uniform(*_EXPONENTS, repeats)
        left = _fit(expression, time, trial, rng)[1]
        better = left < rss
        exponents[better], rss[better] = trial[better], left[better]
    weights = _fit(expression, time, exponents, rng)[0]
    return ((weights * exponents[:, None, :]) @ np.linalg.pinv(weights)).mean(axis=0)


def _fit(
    expression: np.ndarray, time: np.ndarray, exponents: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Regress expression on noisy exponentials, without intercept.

    `exponents` are (repeats, dimensions). Returns W (repeats, genes, dimensions) and the residual
    sum of squares (repeats,) but for the constant sum of squares of the expression.
    """
    noise = rng.uniform(-_NOISE, _NOISE, (*exponents.shape, len(time)))
    z = np.exp(exponents[:, :, None] * time) + noise
    products = z @ expression.T
    weights = np.linalg.solve(z @ z.transpose(0, 2, 1), products)
    return weights.transpose(0, 2, 1), -np.sum(weights * products, axis=(1, 2))


METHOD = Method(
    title="SCODE",
    citation="Matsumoto et al., Bioinformatics 2017",
    infer=infer,
    needs_pseudotime=True,
    signed=True,
    relative=True,
)
