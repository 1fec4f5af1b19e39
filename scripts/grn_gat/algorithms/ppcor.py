"""PPCOR: partial rank correlation of two genes given all others.

The areas under the precision-recall curve that BEELINE published for PPCOR follow if pairs are
ranked by the signed correlation, a strongly negative one last. Its evaluation as released, and ours
here, ranks by the absolute value.
"""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.spearman import infer as rank_correlation
from grn_gat.core.errors import InputError


def infer(expression: np.ndarray, *, p_value: float) -> np.ndarray:
    """Return the partial Spearman correlation of all pairs, 0 where it is not significant.

    As `pcor(method = "spearman")` of the R package ppcor, with BEELINE's cut: a pair whose p-value
    exceeds `p_value` gets 0. The p-value is two-sided, of r sqrt(f / (1 - r^2)) under Student's t
    with f = cells - genes degrees of freedom; with `p_value` = 1 no pair is cut.

    Parameters: `expression` (genes, cells), `p_value` from 0 to 1.
    Returns (genes, genes), symmetric, from -1 to 1; 0 on the diagonal.
    Raises `InputError` if there are not more cells than genes, or if the ranks of a gene are a
    linear combination of those of others.
    """
    from scipy.special import stdtr

    genes, cells = expression.shape
    if not 0 <= p_value <= 1:
        raise InputError(f"PPCOR: p_value must be from 0 to 1, got {p_value}")
    if cells <= genes:
        raise InputError(
            f"PPCOR needs more cells than genes, but there are {cells} cells and {genes} genes: "
            "partial correlations given all other genes are not defined"
        )
    correlation = rank_correlation(expression)
    if np.linalg.matrix_rank(correlation, hermitian=True) < genes:
        raise InputError(
            "PPCOR is not defined where the rank correlation matrix is singular: the ranks of "
            "some gene follow from those of others (two genes may be identical)"
        )
    precision = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(precision))
    partial = -precision / np.outer(scale, scale)
    partial = np.clip((partial + partial.T) / 2, -1, 1)
    np.fill_diagonal(partial, 0)
    freedom = cells - genes
    with np.errstate(divide="ignore"):
        statistic = np.abs(partial) * np.sqrt(freedom / (1 - partial**2))
    return np.where(2 * stdtr(freedom, -statistic) <= p_value, partial, 0)


METHOD = Method(
    title="PPCOR",
    citation="Kim, Communications for Statistical Applications and Methods 2015",
    infer=infer,
    signed=True,
    directed=False,
)
