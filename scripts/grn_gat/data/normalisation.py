"""Counts as the user wants them: as they are, as logarithms, or as scanpy normalises."""

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.data.cell_preparation import AUTO, LOGARITHMS, SHARES, USUAL_NORMALISATION
from grn_gat.data.doubts import COUNTS, NORMALISED, kind_of_values

_TOTAL = 10_000


def normalised(values: np.ndarray, totals: np.ndarray, how: str, where: str) -> np.ndarray:
    """Return values (genes, cells), normalised.

    Args:
        values: array (genes, cells), >= 0.
        totals: of each cell, over all genes that the file has.
        how: none, log1p, cp10k, or auto (`preparation.USUAL_NORMALISATION`).
        where: what messages call the file.

    Raises:
        InputError: the values are logarithms, or not counts, already.
    """
    how = USUAL_NORMALISATION if how == AUTO else how
    if how not in (LOGARITHMS, SHARES):
        return values
    kind = kind_of_values(values)
    right = (COUNTS,) if how == SHARES else (COUNTS, NORMALISED)
    if kind not in right:
        raise InputError(
            f"{where}: normalise: {how} is for {' or '.join(right)}, and the values look like "
            f"{kind}; name the layer that has counts (option layer), or leave normalise out"
        )
    if how == SHARES:
        values = values * (_TOTAL / np.where(totals > 0, totals, 1))
    return np.log1p(values)
