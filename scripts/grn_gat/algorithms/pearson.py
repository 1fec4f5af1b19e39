"""Pearson correlation of two genes over the cells."""

import numpy as np

from grn_gat.algorithms._registry import Method


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the correlation of all pairs.

    Parameters: `expression` (genes, cells). Returns (genes, genes), from -1 to 1 and exactly
    symmetric, so that rounding does not prefer one direction.
    """
    correlation = np.corrcoef(expression)
    return (correlation + correlation.T) / 2


METHOD = Method(
    title="Pearson",
    citation="Pearson, Proceedings of the Royal Society of London 1895",
    infer=infer,
    signed=True,
    directed=False,
)
