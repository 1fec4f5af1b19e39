"""LEAP: correlation of a gene with the later expression of another, at the best lag.

Specht and Li, Bioinformatics 33 (2017) 764.
"""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms._trajectories import best_over_trajectories
from grn_gat.core.errors import InputError

_LEAST_CELLS = 10
_ROUNDING = 1e-10  # relative to its values: a window that varies by less than this is constant


def infer(expression: np.ndarray, pseudotime: np.ndarray, *, max_lag: float = 0.33) -> np.ndarray:
    """Return the correlation of largest absolute value over all lags (genes, genes), signed.

    The first window holds the n - m cells at the earliest times, n the number of cells and m the
    largest lag in cells. `[u, v]` is the Pearson correlation of u in the first window with v in the
    window of the same length that starts l cells later, for the l of 0 to m with the largest
    absolute value. All correlations are kept, however small; where a gene is constant in a window
    the correlation counts as 0. BEELINE's files hold absolute values.

    Args:
        expression: (genes, cells).
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory. Only the order
            matters. Over several trajectories the largest absolute value is kept.
        max_lag: largest lag as a fraction of the cells of a trajectory, at least 0 and below 1.

    Raises:
        InputError: fraction out of range, or too few cells on a trajectory or in a window.
    """
    if not 0 <= max_lag < 1:
        raise InputError(f"LEAP: max_lag must be at least 0 and below 1, got {max_lag}")
    return best_over_trajectories(
        "LEAP",
        lambda ordered, _: _largest_lagged_correlation(ordered, max_lag),
        expression,
        pseudotime,
        _LEAST_CELLS,
    )


def _largest_lagged_correlation(expression: np.ndarray, max_lag: float) -> np.ndarray:
    cells = expression.shape[1]
    lags = int(max_lag * cells + 1e-9)
    window = cells - lags
    if window < 3:
        raise InputError(
            f"LEAP needs windows of at least 3 cells, and a largest lag of {lags} leaves {window} "
            f"of the {cells} cells of a trajectory"
        )
    first = _standardised(expression[:, :window])
    best = np.zeros((len(expression),) * 2)
    for lag in range(lags + 1):
        found = first @ _standardised(expression[:, lag : lag + window]).T
        best = np.where(np.abs(found) > np.abs(best), found, best)
    return np.clip(best, -1, 1)


def _standardised(values: np.ndarray) -> np.ndarray:
    """Return each row with mean 0 and length 1, or zeros where it is constant."""
    centred = values - values.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    varies = length > _ROUNDING * np.linalg.norm(values, axis=1, keepdims=True)
    return np.divide(centred, length, out=np.zeros_like(centred), where=varies)


METHOD = Method(
    title="LEAP",
    citation="Specht and Li, Bioinformatics 2017",
    infer=infer,
    needs_pseudotime=True,
    signed=True,
)
