"""Consensus: the mean of two scores that are made of Spearman's correlation."""

import numpy as np

from grn_gat.algorithms._information import NOTHING
from grn_gat.algorithms._rank_correlation import in_context, without_first_component
from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.spearman import infer as rank_correlation


def infer(expression: np.ndarray, regulators: np.ndarray) -> np.ndarray:
    """Return the mean of the standardised magnitudes of Spearman-CLR and Spearman-PC.

    Each is standardised over all pairs of a candidate regulator and another gene; the mean is
    counted from its smallest value, so that the weakest pair has 0. The sign is that of Spearman's
    correlation: what is left of two genes without their first component often falls in one where
    it rises in the other, whatever the regulation. Of two genes alone the score is their
    correlation.

    Parameters: `expression` (genes, cells); `regulators`, indices of the candidate regulators.
    Returns (genes, genes), symmetric; of no meaning where neither gene is a candidate.
    """
    correlation = rank_correlation(expression)
    genes = len(correlation)
    if genes < 3:
        return correlation
    pairs = np.isin(np.arange(genes), regulators)[:, None] & ~np.eye(genes, dtype=bool)
    one, other = in_context(correlation), without_first_component(correlation)
    mean = (_standardised(np.abs(one), pairs) + _standardised(np.abs(other), pairs)) / 2
    return (mean - mean[pairs].min()) * np.where(correlation < 0, -1, 1)


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
    relative=True,
)
