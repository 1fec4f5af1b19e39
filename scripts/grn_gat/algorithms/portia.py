"""PORTIA: precision matrix of power-transformed expression, with a direction of each pair.

Passemiers, Moreau and Raimondi, Bioinformatics 38 (2022) 2802, written from the paper and what its
package portia-grn 0.0.21 documents, without knock-outs ("fast" variant). Departure: signs are those
of the partial correlation; the package returns those of the precision matrix, which are opposite.
"""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.core.errors import InputError

_SHRINK = 0.8  # lambda_1: share of the identity in the covariance whose inverse is the score
_RIDGE = 0.05  # lambda_2: the same in the regressions that tell directions
_ALIKE = 0.8  # cells whose correlation is above this share their weight
_ABOVE_ZERO = 1e-50  # Box-Cox takes values above 0 only
_BLOCK = 1000  # cells that are compared with all others at once


def infer(expression: np.ndarray, regulators: np.ndarray) -> np.ndarray:
    """Return the scores of all pairs of a candidate regulator and another gene, from -1 to 1.

    Each gene is divided by its median, made nearly Gaussian by a Box-Cox transform, and
    standardised. With S the covariance of the genes, in which cells that are like many others weigh
    less, the score is the magnitude of (0.8 I + 0.2 S)^-1, divided by the means of its row and
    column; times a factor below 1 where the regression of the regulator on all other genes has the
    larger coefficient than that of the target; times the standard deviation of the regulator's
    scores, so that hubs come first.

    Parameters: `expression` (genes, cells); `regulators`, indices of the candidate regulators.
    Returns (genes, genes), 0 in the rows of genes that are no candidate regulator.
    Raises `InputError` if there are fewer than two cells.
    """
    genes, cells = expression.shape
    if cells < 2:
        raise InputError(f"PORTIA needs two cells at least, and there is {cells}")
    medians = np.median(expression, axis=1, keepdims=True)
    scaled = expression / np.where(medians == 0, 1, medians)
    weights = cell_weights(scaled) if cells >= genes else np.ones(cells)
    values = gaussian(scaled)
    identity = np.eye(genes)
    covariance = np.atleast_2d(np.cov(values, aweights=weights))
    precision = np.linalg.inv(_SHRINK * identity + (1 - _SHRINK) * covariance)
    strength = np.zeros((genes, genes))
    strength[regulators] = np.abs(precision[regulators])
    np.fill_diagonal(strength, 0)
    strength = over_means(strength) * directions(np.atleast_2d(np.cov(values)))
    strength *= strength.std(axis=1)[:, None]
    return strength / max(strength.max(), _ABOVE_ZERO) * np.where(precision > 0, -1, 1)


def gaussian(expression: np.ndarray) -> np.ndarray:
    """Return every gene after the Box-Cox transform of largest likelihood, standardised.

    Parameters: `expression` (genes, cells), >= 0, of genes that are not constant.
    """
    from scipy.stats import boxcox

    values = np.asarray(expression, dtype=float)
    found = np.empty_like(values)
    for row, gene in zip(found, values, strict=True):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            row[:] = boxcox(gene + _ABOVE_ZERO)[0]
        if not np.isfinite(row).all() or np.ptp(row) == 0:  # no power makes it Gaussian
            row[:] = gene
    found -= found.mean(axis=1, keepdims=True)
    return found / found.std(axis=1, keepdims=True)


def cell_weights(expression: np.ndarray) -> np.ndarray:
    """Return the weight (cells,) of each cell: 1 / (1 + 2 k), with k cells like it, itself as well.

    Two cells are alike where their correlation over the genes is above 0.8.
    """
    profiles = expression.T - expression.mean(axis=0)[:, None]
    length = np.linalg.norm(profiles, axis=1, keepdims=True)
    profiles = profiles / np.where(length == 0, 1, length)
    alike = [
        (profiles[start : start + _BLOCK] @ profiles.T > _ALIKE).sum(axis=1)
        for start in range(0, len(profiles), _BLOCK)
    ]
    return 1 / (1 + 2 * np.concatenate(alike))


def over_means(strength: np.ndarray) -> np.ndarray:
    """Return scores (genes, genes) over the means of their row and column, twice their product.

    Means are over the scores that are not 0.
    """
    some = strength != 0
    row, column = (strength.sum(axis=k) / np.maximum(some.sum(axis=k), 1) for k in (1, 0))
    product = row[:, None] * column
    return np.divide(strength, 2 * product, out=np.zeros_like(strength), where=product > 0)


def directions(covariance: np.ndarray) -> np.ndarray:
    """Return a factor of each pair u -> v: 1, or less where v -> u explains more.

    In the ridge regression of gene v on all others the coefficient of u is proportional to
    T[u, v] / T[v, v], T the inverse of (0.95 covariance + 0.05 I), which follows from the inverse
    of a block matrix; the factor is its magnitude over the larger one of u -> v and v -> u.
    """
    shrunk = _RIDGE * np.eye(len(covariance)) + (1 - _RIDGE) * covariance
    own = np.diag(np.linalg.inv(shrunk))
    return np.minimum(1, own[:, None] / own)


METHOD = Method(
    title="PORTIA",
    citation="Passemiers, Moreau and Raimondi, Bioinformatics 2022",
    infer=infer,
    signed=True,
    relative=True,
)
