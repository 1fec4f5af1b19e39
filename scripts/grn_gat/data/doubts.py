"""What may be wrong with a data set that can be read: said once, before hours of work."""

from collections.abc import Sequence

import numpy as np

from grn_gat.data.names import look_like_cells, look_like_genes, some

_CELLS_LOOKED_AT = 60
_TOLERANCE = 1e-3  # of a ratio that should be a whole number, and of totals that should be equal
_TELLING = 50
_BASES = (np.e, 2.0, 10.0)  # of logarithms of 1 + x
_ENOUGH = 0.9  # share of the cells that have to agree

COUNTS = "counts"
NORMALISED = "counts, divided by the total of each cell"
LOGARITHMS = "logarithms of counts"
LOG_NORMALISED = "logarithms of counts that were divided by the total of each cell"
CONTINUOUS = "continuous"


def kind_of_values(expression: np.ndarray) -> str:
    """Return what the values of a matrix (genes, cells) look like; `CONTINUOUS` where unsure.

    Counts are whole numbers. After a division by a cell's total all values of a cell are whole
    multiples of one number, which differs from cell to cell. After log(1 + x) the same holds for
    exp(x) - 1. Some of the cells are looked at.
    """
    step = max(1, expression.shape[1] // _CELLS_LOOKED_AT)
    cells = np.asarray(expression[:, ::step], dtype=float)
    powers = [(LOGARITHMS, LOG_NORMALISED, base ** np.minimum(cells, 50) - 1) for base in _BASES]
    for alone, divided, values in [(COUNTS, NORMALISED, cells), *powers]:
        if values.any() and np.allclose(values, np.round(values), rtol=1e-5, atol=_TOLERANCE):
            return alone
        units = _units(values)
        if len(units) and np.isfinite(units).mean() >= _ENOUGH:
            known = units[np.isfinite(units)]
            return alone if np.allclose(known, 1, rtol=_TOLERANCE) else divided
    return CONTINUOUS


def _units(values: np.ndarray) -> np.ndarray:
    """Of each cell the number that all its values are whole multiples of; NaN without one.

    The smallest value of a cell is taken to be one to three counts. Up to 50 counts are looked at:
    above, every number is close to a multiple. Cells with fewer than three different values there
    say nothing and are left out.
    """
    found = []
    for cell in values.T:
        levels = np.unique(cell[cell > 0])
        if len(levels) < 3:
            continue
        fitting = [unit for unit in levels[0] / np.arange(1, 4) if _whole(levels / unit)]
        found.append(fitting[0] if fitting else np.nan)
    return np.array(found)


def _whole(ratios: np.ndarray) -> bool:
    """Are these whole numbers, as far as they are small enough to tell?"""
    small = ratios[ratios < _TELLING]
    apart = np.abs(small - np.round(small)) > _TOLERANCE * np.maximum(1, small)
    return len(small) >= 3 and not apart.any()


def variation_of_totals(expression: np.ndarray) -> float:
    """Return by what share of their mean the totals of the cells vary (standard deviation / mean).

    Next to nothing says that each cell was divided by its total, and no gene was left out since.
    The totals are those of the values or, as they may be logarithms of 1 + x, of x: what varies
    least. 0 where no cell has any value.

    Parameters: `expression` (genes, cells), >= 0.
    """
    cells = np.asarray(expression[:, expression.any(axis=0)], dtype=float)
    if not cells.size:
        return 0.0
    views = [cells, *(base ** np.minimum(cells, 50) - 1 for base in _BASES)]
    totals = [values.sum(axis=0) for values in views]
    return float(min(total.std() / total.mean() for total in totals))


def constant_genes(names: Sequence[str], expression: np.ndarray) -> list[str]:
    """Genes with the same value in all cells."""
    same = np.ptp(expression, axis=1) == 0
    return [gene for gene, found in zip(names, same, strict=True) if found]


def doubts(
    genes: Sequence[str], cells: Sequence[str], expression: np.ndarray, axes: str = ""
) -> list[str]:
    """Return one sentence for each thing that may not be as it should be.

    Args:
        genes: their names.
        cells: their names.
        expression: array (genes, cells).
        axes: what is in rows and columns of the source; empty where the source itself says it.
    """
    found = []
    told_by_names = look_like_genes(genes) or look_like_cells(cells)
    if len(genes) > len(cells) and axes and not told_by_names:
        found.append(
            f"there are more genes ({len(genes)}) than cells ({len(cells)}): {axes}; transpose it "
            "if it is the other way round"
        )
    if constant := constant_genes(genes, expression):
        found.append(
            f"{len(constant)} of {len(genes)} genes have the same value in all cells "
            f"({some(constant)}): nothing can be inferred for them"
        )
    empty = int((expression.max(axis=0) == 0).sum())
    if empty:
        found.append(f"{empty} of {len(cells)} cells have no value other than 0")
    return found
