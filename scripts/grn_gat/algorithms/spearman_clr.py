"""Spearman-CLR: rank correlation relative to that of the two genes with all others."""

import numpy as np

from grn_gat.algorithms._rank_correlation import in_context, of_varying
from grn_gat.algorithms._registry import Method


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the CLR of the magnitude of Spearman's correlation, with the correlation's sign.

    As CLR of mutual information: the root of z_i^2 + z_j^2, with z_i the magnitude in standard
    deviations (of the sample) above the mean of gene i with all others, and 0 where that is
    negative. Genes with the same value in all cells have the score 0 and are no context of others;
    of two genes that vary the score is their correlation.

    Parameters: `expression` (genes, cells). Returns (genes, genes), symmetric.
    """
    return of_varying(expression, in_context)


METHOD = Method(
    title="Spearman-CLR",
    citation="CLR of Faith et al., PLoS Biology 2007",
    infer=infer,
    signed=True,
    directed=False,
    needs_variation=False,
)
