"""Whether what comes beside the expression is of the same cells."""

from collections.abc import Sequence

from grn_gat.core.errors import InputError
from grn_gat.data.names import mismatch_hint, some


def check_cells(
    found: Sequence[str],
    cells: Sequence[str],
    genes: Sequence[str],
    where: str,
    others: bool = False,
    absent: str = "",
) -> None:
    """Raise InputError unless names are those of the cells of the expression, in any order.

    Args:
        found: the names, each once.
        cells, genes: of the expression.
        where: what messages call the file.
        others: whether there may be further cells: those of other replicates.
        absent: what would be right for a cell that is missing.
    """
    known, there = set(cells), set(found)
    unknown = [cell for cell in found if cell not in known]
    missing = [cell for cell in cells if cell not in there]
    if unknown and (not others or len(unknown) == len(found)):
        hint = mismatch_hint(unknown, cells, genes, "expected genes in rows, cells in columns")
        raise InputError(
            f"{where}: {len(unknown)} of {len(found)} cells are not in the expression matrix "
            f"({some(unknown)}){hint or '; expected exactly the cells of the matrix'}"
        )
    if missing:
        raise InputError(
            f"{where}: {len(missing)} of {len(cells)} cells of the expression matrix are missing "
            f"({some(missing)}){'; ' + absent if absent else ''}"
        )
