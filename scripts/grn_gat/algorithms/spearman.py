"""Spearman correlation of two genes over the cells."""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.pearson import infer as correlation


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the rank correlation of all pairs; cells with equal values share their mean rank.

    Parameters: `expression` (genes, cells). Returns (genes, genes), symmetric, from -1 to 1.
    """
    from scipy.stats import rankdata

    return correlation(rankdata(expression, axis=1))


METHOD = Method(
    title="Spearman",
    citation="Spearman, American Journal of Psychology 1904",
    infer=infer,
    signed=True,
    directed=False,
)
