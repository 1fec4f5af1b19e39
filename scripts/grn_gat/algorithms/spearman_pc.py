"""Spearman-PC: rank correlation of two genes given the first principal component of all."""

import numpy as np

from grn_gat.algorithms._rank_correlation import without_first_component
from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.spearman import infer as rank_correlation


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the rank correlation of all pairs after removing the first principal component.

    Each gene's ranks over the cells (equal values share their mean rank) are standardised; the
    first principal component of these is projected out of every gene; the score is the correlation
    of what is left. What acts on most genes at once (depth, cell cycle, cell type) is mostly in
    that component. A gene of which nothing is left has the score 0; of two genes alone, of which
    one direction would be left, no component is removed.

    Parameters: `expression` (genes, cells). Returns (genes, genes), symmetric, from -1 to 1.
    """
    correlation = rank_correlation(expression)
    return without_first_component(correlation) if len(correlation) > 2 else correlation


METHOD = Method(
    title="Spearman-PC",
    citation="after Parsana et al., Genome Biology 2019",
    infer=infer,
    signed=True,
    directed=False,
    component=True,
)
