"""Spearman's correlation of genes of which some may be constant, and two scores made of it.

`spearman-clr` and `spearman-pc` are these scores; `consensus` joins them.
"""

from collections.abc import Callable

import numpy as np

from grn_gat.algorithms._information import clr_context
from grn_gat.algorithms.spearman import infer as rank_correlation

_NOTHING = 1e-9  # share of a gene's variance: less is what rounding leaves of it


def varying(expression: np.ndarray) -> np.ndarray:
    """Return which genes do not have the same value in all cells, as booleans (genes,)."""
    return np.ptp(expression, axis=1) > 0


def of_varying(expression: np.ndarray, score: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return a score of the genes that vary; 0 of the others and on the diagonal.

    Two genes alone have no context, and one component explains half of them: their score is their
    correlation.

    Parameters: `expression` (genes, cells); `score`, a function of the rank correlation of the
    genes that vary, 1 on the diagonal, of at least three. Returns (genes, genes).
    """
    found = np.zeros((len(expression),) * 2)
    place = np.flatnonzero(varying(expression))
    if len(place) > 1:
        correlation = rank_correlation(expression[place])
        np.fill_diagonal(correlation, 1)
        found[np.ix_(place, place)] = score(correlation) if len(place) > 2 else correlation
    np.fill_diagonal(found, 0)
    return found


def in_context(correlation: np.ndarray) -> np.ndarray:
    """Return the CLR of the magnitudes, with the signs of the correlation.

    Parameters: `correlation` (genes, genes), at least 3 genes. Returns (genes, genes), symmetric.
    """
    return clr_context(np.abs(correlation)) * np.sign(correlation)


def without_first_component(correlation: np.ndarray) -> np.ndarray:
    """Return the correlation of what the first principal component does not explain.

    With w the unit eigenvector of the largest eigenvalue l of the correlation matrix C, the
    covariance of what is left of the standardised genes is C - l w w'; scaled to a diagonal of 1,
    it is the partial correlation of two genes given the component. 0 of a gene of which nothing is
    left.

    Parameters: `correlation` (genes, genes), 1 on the diagonal. Returns (genes, genes), symmetric,
    from -1 to 1.
    """
    from scipy.linalg import eigh

    last = len(correlation) - 1
    (value,), vector = eigh(correlation, subset_by_index=(last, last))
    left = correlation - value * (vector @ vector.T)
    variance = np.diag(left).copy()
    some = variance > _NOTHING
    scale = np.where(some, 1 / np.sqrt(np.where(some, variance, 1)), 0)
    return np.clip(left * np.outer(scale, scale), -1, 1)
