"""What perturbing a gene does to the mean of each other gene: the simplest reading of a screen."""

import numpy as np

from grn_gat.data.evidence import NO_TARGET, Evidence


def mean_effects(expression: np.ndarray, evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Return how means differ between cells in which a gene is perturbed and unperturbed ones.

    Args:
        expression: (genes, cells).
        evidence: which gene is perturbed in each cell. More of a gene (fold above 1) counts as it
            is, less of it with the other sign: positive is what an activator does.

    Returns:
        Differences (genes, genes), row perturbed, and their standard errors (Welch 1947); both 0 in
        rows of genes that are perturbed in no cell, the error infinite of one cell.
    """
    assert evidence.target is not None and evidence.fold is not None
    genes = len(expression)
    difference, error = np.zeros((genes, genes)), np.zeros((genes, genes))
    none = expression[:, evidence.target == NO_TARGET]
    for gene in np.unique(evidence.target[evidence.target >= 0]):
        cells = evidence.target == gene
        some = expression[:, cells]
        side = 1 if evidence.fold[cells].mean() > 1 else -1
        difference[gene] = side * (some.mean(axis=1) - none.mean(axis=1))
        error[gene] = np.sqrt(_of_mean(some) + _of_mean(none))
    return difference, error


def _of_mean(values: np.ndarray) -> np.ndarray:
    """Variance of the mean of each gene (genes, cells)."""
    cells = values.shape[1]
    if cells < 2:
        return np.full(len(values), np.inf)
    variance: np.ndarray = values.var(axis=1, ddof=1) / cells
    return variance
