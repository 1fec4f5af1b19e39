"""What is made of measured values before anyone infers from them; never NaN.

A cell without any count, or a gene that is the same in all cells, stays at 0 where others are
divided by their total or spread.
"""

import numpy as np

from grn_gat.simulate.measurement_settings import MEDIAN


def scaled_to_total(values: np.ndarray, totals: np.ndarray, target: float | str) -> np.ndarray:
    """Return cells (genes, cells) divided by their `totals` (cells,) and multiplied by `target`.

    `median`: the median of the totals of the cells that have any count. Of Scanpy's
    `normalize_total` and Seurat's LogNormalize.
    """
    filled = totals > 0
    if isinstance(target, str):
        assert target == MEDIAN
        target = float(np.median(totals[filled])) if filled.any() else 1.0
    factor = np.zeros(len(totals))
    np.divide(target, totals, out=factor, where=filled)
    return values * factor


def divided_by_sd(values: np.ndarray) -> np.ndarray:
    """Return genes (genes, cells) divided by their standard deviation over the cells."""
    return values / _spread(values)


def shifted_z_scores(values: np.ndarray) -> np.ndarray:
    """Return z-scores of each gene (genes, cells), minus the gene's least: all are >= 0.

    The shift is the gene's own, so that nothing that is invariant to one changes by it. A gene that
    is the same in all cells is 0.
    """
    return (values - values.min(axis=1, keepdims=True)) / _spread(values)


def _spread(values: np.ndarray) -> np.ndarray:
    """Standard deviation of each gene (genes, 1), 1 where there is none."""
    varies = np.ptp(values, axis=1, keepdims=True) > 0
    spread: np.ndarray = np.where(varies, values.std(axis=1, keepdims=True), 1)
    spread[spread == 0] = 1  # of values so small that their squares are 0
    return spread
