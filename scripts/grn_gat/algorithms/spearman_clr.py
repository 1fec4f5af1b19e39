"""Spearman-CLR: rank correlation relative to that of the two genes with all others."""

import numpy as np

from grn_gat.algorithms._rank_correlation import in_context
from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.spearman import infer as rank_correlation


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the CLR of the magnitude of Spearman's correlation, with the correlation's sign.

    As CLR of mutual information: the root of z_i^2 + z_j^2, with z_i the magnitude in standard
    deviations (of the sample) above the mean of gene i with all others, and 0 where that is
    negative. Two genes alone have no context: their score is their correlation.

    Parameters: `expression` (genes, cells). Returns (genes, genes), symmetric.
    """
    correlation = rank_correlation(expression)
    return in_context(correlation) if len(correlation) > 2 else correlation


METHOD = Method(
    title="Spearman-CLR",
    citation="CLR of Faith et al., PLoS Biology 2007",
    infer=infer,
    signed=True,
    directed=False,
    relative=True,
)
