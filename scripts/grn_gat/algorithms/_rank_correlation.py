"""Two scores that are made of the rank correlation of genes: Spearman-CLR, Spearman-PC."""

import numpy as np

from grn_gat.algorithms._information import clr_context

_NOTHING = 1e-9  # share of a gene's variance: less is what rounding leaves of it


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

    Parameters: `correlation` (genes, genes). Returns (genes, genes), symmetric, from -1 to 1.
    """
    from scipy.linalg import eigh

    last = len(correlation) - 1
    (value,), vector = eigh(correlation, subset_by_index=(last, last))
    left = correlation - value * (vector @ vector.T)
    variance = np.diag(left).copy()
    some = variance > _NOTHING
    scale = np.where(some, 1 / np.sqrt(np.where(some, variance, 1)), 0)
    return np.clip(left * np.outer(scale, scale), -1, 1)
