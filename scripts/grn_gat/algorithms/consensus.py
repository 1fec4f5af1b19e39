"""Consensus: the mean of two scores that are made of Spearman's correlation."""

import numpy as np

from grn_gat.algorithms._information import NOTHING
from grn_gat.algorithms._rank_correlation import (
    in_context,
    of_varying,
    varying,
    without_first_component,
)
from grn_gat.algorithms._registry import Method


def infer(expression: np.ndarray, regulators: np.ndarray) -> np.ndarray:
    """Return the mean of the standardised magnitudes of Spearman-CLR and Spearman-PC.

    Each is standardised over all pairs of a candidate regulator and another gene; the mean is
    counted from its smallest value, so that the weakest pair has 0. The sign is that of Spearman's
    correlation: what is left of two genes without their first component often falls in one where
    it rises in the other, whatever the regulation.

    Parameters: `expression` (genes, cells); `regulators`, indices of the candidate regulators.
    Returns (genes, genes), of candidate regulators. Genes with the same value in all cells have the
    score 0; of two genes that vary the score is their correlation.
    """
    named = np.isin(np.arange(len(expression)), regulators)[varying(expression)]

    def joined(correlation: np.ndarray) -> np.ndarray:
        pairs = named[:, None] & ~np.eye(len(correlation), dtype=bool)
        if not pairs.any():
            return np.zeros_like(correlation)
        one, other = in_context(correlation), without_first_component(correlation)
        mean = (_standardised(np.abs(one), pairs) + _standardised(np.abs(other), pairs)) / 2
        return (mean - mean[pairs].min()) * np.where(correlation < 0, -1, 1)

    return of_varying(expression, joined)


def _standardised(values: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Return the values, of those pairs with mean 0 and standard deviation 1 (0 if all equal)."""
    chosen = values[pairs]
    deviation = chosen.std()
    return (values - chosen.mean()) / (deviation if deviation > NOTHING else 1)


METHOD = Method(
    title="Consensus",
    citation="after Marbach et al., Nature Methods 2012",
    infer=infer,
    signed=True,
    directed=False,
    needs_variation=False,
)
