"""One sentence on what the method does. (This one: a power of Pearson's correlation.)"""

import numpy as np

from grn_gat.algorithms._registry import Method


def infer(expression: np.ndarray, power: float = 1.0) -> np.ndarray:
    """Return a score of each gene as regulator (row) of each other gene (column).

    It may have these parameters too, and gets what it has: `genes` (list of the names of the rows),
    `data_set` (its name), `regulators` (indices of the candidates), `seed` (an integer, for
    `np.random.default_rng(seed)`), `threads` (how many it may use), `pseudotime` (array (cells,
    trajectories), NaN where a cell is not on one; None where METHOD does not say
    `needs_pseudotime=True` and there is none) and `evidence` (`grn_gat.data.evidence.Evidence`,
    where METHOD says which kind: `needs_evidence="prior"`).

    Args:
        expression: array (genes, cells), >= 0; not to be changed in place.
        power: a setting, because it has a default:
            `method_settings: {my-method: {power: 2}}` in the config.

    Returns:
        Array (genes, genes): a larger |score| is a likelier edge. The diagonal is ignored.

    Raises:
        InputError: of `grn_gat.core.errors`: the method is not defined on these data, and why.
    """
    correlation = np.corrcoef(expression)
    return np.sign(correlation) * np.abs(correlation) ** power


METHOD = Method(
    title="My method",
    citation="who, where 2026",
    infer=infer,
    signed=True,  # whether the sign of a score is that of the regulation
    directed=False,  # whether the scores of u -> v and v -> u may differ
    needs_variation=True,  # whether genes with one value in all cells are kept from it (score 0)
    relative=False,  # whether scores are ranked, standardised or divided by the largest
)
