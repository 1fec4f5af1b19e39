"""GRISLI: sparse regression of estimated expression velocities on expression.

Aubin-Frankowski and Vert, Bioinformatics 36 (2020) 4774.
"""

import numpy as np

from grn_gat.errors import InputError
from grn_gat.peers import Peer
from grn_gat.trajectories import best_over_trajectories

_LEAST_CELLS = 20
_PERCENTILE = 10  # of the squared distances between cells: the squared width of the kernels


def infer(
    expression: np.ndarray,
    pseudotime: np.ndarray,
    *,
    seed: int = 0,
    steps: int = 10,
    subsamples: int = 100,
    least_weight: float = 0.0,
) -> np.ndarray:
    """Return how early and how often a regulator enters sparse regressions (genes, genes).

    The model is dx/dt = A x. The velocity of a cell is the mean slope towards cells near in time
    and expression, averaged over past and future. Each row of A is fitted by least angle regression
    on random halves of the cells, the genes weighted at random, and a regulator that enters at step
    k of L scores (L + 1 - k) / L; the result is the mean over the fits, from 0 to 1 (the area
    score of TIGRESS, Haury et al., BMC Systems Biology 6 (2012) 145).

    Args:
        expression: (genes, cells). Memory grows with the square of the number of cells.
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory. Over several
            trajectories the largest score is kept.
        seed: of the halves and weights.
        steps: L, the number of regulators that may enter for each target, at least 1.
        subsamples: number of fits, at least 2; fits come in pairs, on either half of the cells.
        least_weight: the genes' weights are uniform between this and 1; at least 0, at most 1.

    Raises:
        InputError: a setting out of range, or fewer than 20 cells on a trajectory.
    """
    if steps < 1 or subsamples < 2 or not 0 <= least_weight <= 1:
        raise InputError(
            "GRISLI: steps must be at least 1, subsamples at least 2 and least_weight between 0 "
            f"and 1, got {steps}, {subsamples} and {least_weight}"
        )
    rng = np.random.default_rng(seed)
    return best_over_trajectories(
        "GRISLI",
        lambda ordered, time: _selection(
            ordered.T, _velocity(ordered.T, time), rng, steps, subsamples // 2, least_weight
        ),
        expression,
        pseudotime,
        _LEAST_CELLS,
    )


def _velocity(x: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the velocity (cells, genes) of cells `x` (cells, genes) at ascending `time` (cells,).

    The weight of cell j for cell i is exp(-dx^2 / 2 sx^2) exp(-dt^2 / 2 st^2) dt^2, normalised over
    the earlier and over the later cells; a cell without earlier (later) ones has velocity 0 there.
    """
    from scipy.spatial.distance import cdist

    apart = time - time[:, None]
    squares, near = cdist(x, x, "sqeuclidean"), apart**2
    kernel = np.exp(-squares / (2 * _width(squares)) - near / (2 * _width(near))) * near
    inverse = np.divide(1.0, apart, out=np.zeros_like(apart), where=apart != 0)
    velocity = np.zeros_like(x)
    for side in (apart > 0, apart < 0):
        weights = np.where(side, kernel, 0)
        total = weights.sum(axis=1, keepdims=True)
        slopes = np.divide(weights, total, out=np.zeros_like(kernel), where=total > 0) * inverse
        velocity += (slopes @ x - slopes.sum(axis=1, keepdims=True) * x) / 2
    return velocity


def _width(squares: np.ndarray) -> float:
    """Return the squared width of a kernel: a low percentile of its squares, or else their mean."""
    return np.percentile(squares, _PERCENTILE) or squares.mean() or 1.0


def _selection(
    x: np.ndarray,
    velocity: np.ndarray,
    rng: np.random.Generator,
    steps: int,
    pairs: int,
    least_weight: float,
) -> np.ndarray:
    """Return the mean score (regulators, targets) over pairs of halves of the cells."""
    from sklearn.linear_model import lars_path_gram

    cells, genes = x.shape
    steps_possible = min(steps, genes)
    entry = 1 - np.arange(steps_possible) / steps
    total = np.zeros((genes, genes))
    for _ in range(pairs):
        for half in np.array_split(rng.permutation(cells), 2):
            weighted = x[half] * rng.uniform(least_weight, 1, genes)
            gram, products = weighted.T @ weighted, weighted.T @ velocity[half]
            for target in range(genes):
                _, active, _ = lars_path_gram(
                    products[:, target],
                    gram,
                    n_samples=len(half),
                    max_iter=steps_possible,
                    method="lar",
                    copy_X=True,
                )
                total[active, target] += entry[: len(active)]
    return total / (2 * pairs)


PEER = Peer(
    title="GRISLI",
    citation="Aubin-Frankowski and Vert, Bioinformatics 2020",
    infer=infer,
    needs_pseudotime=True,
)
