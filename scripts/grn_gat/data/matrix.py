"""The expression matrix of a user, whatever kind of file it is in: read rightly, or refused.

Each kind of file has one reader, which returns a `Matrix` as the file has it. `checked` then asks
of all of them the same: names that are there once, genes where genes should be, numbers >= 0.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.expression import EXPECTED_VALUES, check_size, check_values
from grn_gat.data.names import (
    are_barcodes,
    check_names,
    is_number,
    look_like_cells,
    look_like_genes,
    some,
)

DUPLICATES = ("error", "first", "sum")
_ROWS = 256  # checked at once, so that no mask of the whole matrix is made


class Matrix(NamedTuple):
    """Names, values (genes, cells) as an array or a sparse array of whatever type, and their place.

    The place is that in the file (`layer counts`), empty where there is one matrix only.
    """

    genes: list[str]
    cells: list[str]
    values: Any
    place: str = ""


def checked(found: Matrix, where: str, duplicates: str, remarks: Remarks) -> Matrix:
    """Return a matrix with genes in the order of their names and values as float64 array.

    Args:
        found: as a reader returns it.
        where: what messages call it.
        duplicates: what becomes of genes with one name: `error`, `first` (of them) or `sum`.
        remarks: takes what its owner should know.

    Raises:
        InputError: a name is missing or there twice, genes and cells are exchanged, there are too
            few of either or too many values, or a value is not a finite number >= 0.
    """
    return dense(well_named(found, where, duplicates, remarks), where)


def well_named(found: Matrix, where: str, duplicates: str, remarks: Remarks) -> Matrix:
    """Return a matrix with genes in the order of their names, float64, as sparse as it is.

    Values are looked at by `dense` or `check_present`; the rest is as of `checked`.
    """
    genes = [str(name).strip() for name in found.genes]
    cells = [str(name).strip() for name in found.cells]
    check_names(cells, "cell", where)
    check_size(genes, cells, where)
    _check_axes(genes, cells, where, remarks)
    values = _numbers(found.values, where)
    if len(set(genes)) < len(genes) and duplicates != "error":
        genes, values = once(genes, values, where, duplicates, remarks)
    try:
        check_names(genes, "gene", where)
    except InputError as error:
        raise InputError(
            f"{error} (option duplicates: sum adds them up, first takes the first)"
        ) from None
    order = sorted(range(len(genes)), key=genes.__getitem__)
    if order != list(range(len(genes))):
        genes, values = [genes[i] for i in order], values[order]
    return Matrix(genes, cells, values)


def dense(found: Matrix, where: str) -> Matrix:
    """Return a matrix whose values are an array; InputError where one is not finite and >= 0."""
    values = found.values.toarray() if sparse.issparse(found.values) else found.values
    for start in range(0, len(found.genes), _ROWS):
        rows = slice(start, start + _ROWS)
        check_values(values[rows], found.genes[rows], found.cells, where)
    return Matrix(found.genes, found.cells, values)


def check_present(found: Matrix, where: str) -> None:
    """Raise InputError where a value is not finite and >= 0; a sparse matrix stays one."""
    if not sparse.issparse(found.values):
        dense(found, where)
        return
    data = found.values.data
    wrong = np.flatnonzero(~((data >= 0) & (data < np.inf)))
    if len(wrong):
        row = int(np.searchsorted(found.values.indptr, wrong[0], side="right")) - 1
        check_values(found.values[[row]].toarray(), [found.genes[row]], found.cells, where)


def _check_axes(genes: Sequence[str], cells: Sequence[str], where: str, remarks: Remarks) -> None:
    """Refuse a matrix that is transposed, by the names on its axes; doubt what looks like one."""
    expected = (
        "expected genes in rows and cells in columns (of AnnData: obs are cells and var are genes)"
    )
    if look_like_genes(cells) and not look_like_genes(genes):
        raise InputError(
            f"{where}: looks transposed: the cells are named like genes ({some(cells)}), the genes "
            f"are named {some(genes)}; {expected}"
        )
    if look_like_cells(genes):
        if are_barcodes(genes) or not look_like_cells(cells):
            raise InputError(
                f"{where}: looks transposed: the genes are named like cells ({some(genes)}), the "
                f"cells are named {some(cells)}; {expected}"
            )
        remarks.doubtful(where, [f"the genes are named like cells: {some(genes)}"])
    elif all(map(is_number, genes)):
        remarks.guessed(where, f"the names of the genes are numbers: {some(genes)}")


def check_numeric(kind: np.dtype[Any], where: str) -> None:
    """Raise InputError for values that are no real numbers."""
    if kind.kind not in "biuf":
        what = "complex numbers" if kind.kind == "c" else "no numbers"
        raise InputError(f"{where}: holds {what}; {EXPECTED_VALUES}")


def _numbers(values: Any, where: str) -> Any:
    """Return values as float64, an array or in compressed rows."""
    check_numeric(values.dtype, where)
    if sparse.issparse(values):
        return sparse.csr_array(values, dtype=np.float64)
    return np.ascontiguousarray(values, dtype=np.float64)


def once(
    genes: list[str], values: Any, where: str, duplicates: str, remarks: Remarks
) -> tuple[list[str], Any]:
    """Return every gene once: the first of its rows, or their sum.

    Args:
        genes: names of the rows, some of them several times.
        values: array or sparse array of compressed rows (genes, cells).
        where: what messages call it.
        duplicates: `first` or `sum`.
        remarks: takes how many genes that are.
    """
    names = list(dict.fromkeys(genes))
    place = {name: i for i, name in enumerate(names)}
    rows = np.array([place[gene] for gene in genes])
    repeated = [name for name, number in zip(names, np.bincount(rows), strict=True) if number > 1]
    what = "added up" if duplicates == "sum" else "of each the first was taken"
    remarks.add(
        "left out" if duplicates == "first" else "guessed",
        where,
        f"{len(repeated)} gene names occur more than once ({some(repeated)}): {what}",
    )
    if duplicates == "first":
        return names, values[np.unique(rows, return_index=True)[1]]
    shape = (len(names), len(genes))
    adding = sparse.csr_array((np.ones(len(genes)), (rows, np.arange(len(genes)))), shape=shape)
    return names, adding @ values
