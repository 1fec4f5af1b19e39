"""Dropouts as BEELINE simulates them: low values of each gene are set to zero at random."""

import numpy as np

from grn_gat.core.errors import InputError


def apply_dropout(
    expression: np.ndarray, quantile: float, probability: float, rng: np.random.Generator
) -> np.ndarray:
    """Return a copy of an expression array (genes, cells) with dropouts.

    Each value strictly below its gene's `quantile` over all cells (linear interpolation between
    order statistics) becomes 0 with `probability`, independently of the others; the dtype and all
    other values stay. Quantile 0 gives a plain copy. About quantile * probability of the values
    become zero. Except at quantile 0, one uniform number per value is drawn from `rng`, row by row.

    Raises InputError where quantile or probability is not in [0, 1] or the array is not
    two-dimensional with at least one value.
    """
    for name, value in (("quantile", quantile), ("probability", probability)):
        if not 0 <= value <= 1:
            raise InputError(f"dropout {name} {value} is out of range; expected 0 to 1")
    expression = np.asarray(expression)
    if expression.ndim != 2 or expression.size == 0:
        raise InputError(
            f"dropouts need an array (genes, cells) with values, not one of shape "
            f"{expression.shape}"
        )
    result = expression.copy()
    if quantile == 0:
        return result
    # float64, so that a rounded float32 quantile does not move across an order statistic
    cutoff = np.quantile(expression.astype(np.float64), quantile, axis=1, keepdims=True)
    drop = rng.random(expression.shape) < probability
    result[drop & (expression < cutoff)] = 0
    return result
