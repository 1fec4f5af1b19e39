"""Read an expression matrix in BEELINE's layout (`ExpressionData.csv`), or its names only.

Genes in rows, cells in columns, values >= 0; names are text (a gene called `NA` stays one) without
surrounding blanks.
"""

from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.data.names import check_names
from grn_gat.data.text_rows import (
    MISSING,
    SEPARATED,
    number,
    read_first_column,
    read_table_rows,
)

MINIMUM_GENES = 2
MINIMUM_CELLS = 3
# Beyond this a file is refused: a few kilobytes of gzip or HDF5 can hold more than any memory.
MAXIMUM_VALUES = 1_000_000_000  # genes x cells; 8 GB in memory
EXPECTED_VALUES = "expected counts or log values >= 0"
_LAYOUT = (
    f"{SEPARATED} text with genes in rows and cells in columns (first field: empty or any name)"
)


def check_size(genes: Sequence[str], cells: Sequence[str], where: str) -> None:
    """Raise InputError for too few genes or cells, or too many values."""
    for names, kind, minimum in ((genes, "gene", MINIMUM_GENES), (cells, "cell", MINIMUM_CELLS)):
        if len(names) < minimum:
            plural = "" if len(names) == 1 else "s"
            raise InputError(
                f"{where}: {len(names)} {kind}{plural}, at least {minimum} are needed; expected "
                "genes in rows and cells in columns"
            )
    check_number(genes, cells, where)


def check_number(genes: Sequence[str], cells: Sequence[str], where: str) -> None:
    """Raise InputError for more values than can be handled."""
    if len(genes) * len(cells) > MAXIMUM_VALUES:
        raise InputError(
            f"{where}: {len(genes)} genes x {len(cells)} cells are more than {MAXIMUM_VALUES} "
            "values; choose some of the genes or cells"
        )


def check_values(
    values: np.ndarray, genes: Sequence[str], cells: Sequence[str], where: str
) -> None:
    """Raise InputError at the first value of an array (genes, cells) that is not >= 0."""
    wrong = ~((values >= 0) & (values < np.inf))
    if not wrong.any():
        return
    gene, cell = (int(i) for i in np.argwhere(wrong)[0])
    value = float(values[gene, cell])
    if np.isnan(value):
        reason = "the value is missing (NaN)"
    elif np.isinf(value):
        reason = f"{value} is not finite"
    else:
        reason = f"{value!r} is negative"
    raise InputError(
        f"{where}: gene {genes[gene]}, cell {cells[cell]}: {reason}; {EXPECTED_VALUES}"
    )


def _is_fraction(name: str) -> bool:
    """A number that is no identifier, as those of Entrez are: 0.743, 1e-3."""
    try:
        return not float(name).is_integer() or not name.isdigit()
    except ValueError:
        return False


def read_numbers(
    path: PathLike,
    annotation: Callable[[list[str]], int] = lambda header: 0,
    signed: bool = False,
) -> tuple[list[str], list[str], np.ndarray]:
    """Read a table of numbers with a header and a name in front of each row.

    Args:
        path: the file, gzip-compressed if its name ends in `.gz`.
        annotation: says of a header how many columns after the names are left out.
        signed: whether any number may be a value, also one below 0, and nan.

    Returns:
        The header without what is left out, the names of the rows, and values as float64 array.

    Raises:
        InputError: the file is missing, empty, damaged, no such table or too large, or a value is
            not a finite number >= 0 (with `signed`: no number).
    """
    path = Path(path)
    header, rows = read_table_rows(path, _LAYOUT)
    skipped = 1 + annotation(header)
    header = [header[0], *header[skipped:]]
    cells = header[1:]
    genes: list[str] = []
    values = array("d")  # grows in place: the matrix is in memory once
    for _, fields in rows:
        gene, texts = fields[0], fields[skipped:]
        try:
            if "_" in "".join(texts):
                raise ValueError
            row = np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))
        except ValueError:
            expected = "expected numbers" if signed else EXPECTED_VALUES
            _raise_not_a_number(path, gene, cells, texts, expected)
        if not signed:
            check_values(row[None], [gene], cells, str(path))
        genes.append(gene)
        values.frombytes(row.tobytes())
        check_number(genes, cells, str(path))
    return header, genes, np.frombuffer(values).reshape(len(genes), len(cells))


def read_expression(path: PathLike) -> tuple[list[str], list[str], np.ndarray]:
    """Read an expression matrix in BEELINE's layout, gzip-compressed if its name ends in `.gz`.

    Returns (genes, cells, values), names in the order of the file and values as float64 array
    (genes, cells) in the unit of the file. Constant genes are allowed.

    Raises InputError where the file is missing, empty, damaged or no such table, has fewer than 2
    genes or 3 cells, a name twice, only fractions as names of genes, or a value that is not a
    finite number >= 0.
    """
    path = Path(path)
    header, genes, values = read_numbers(path)
    cells = header[1:]
    check_names(cells, "cell", str(path))
    _check_genes(genes, cells, path)
    return genes, cells, values


def read_names(path: PathLike) -> tuple[list[str], list[str]]:
    """Read the names of an expression matrix: (genes, cells), as `read_expression` returns them.

    Values are not looked at, which takes a small part of the time. Raises InputError where
    `read_expression` refuses the file for anything else than a value.
    """
    path = Path(path)
    header, genes = read_first_column(path, _LAYOUT)
    cells = header[1:]
    check_names(cells, "cell", str(path))
    _check_genes(genes, cells, path)
    return genes, cells


def _check_genes(genes: list[str], cells: list[str], path: Path) -> None:
    check_names(genes, "gene", str(path))
    check_size(genes, cells, str(path))
    if all(map(_is_fraction, genes)):
        raise InputError(
            f"{path}: the gene names are numbers ({genes[0]}, {genes[1]}, ...): the first column "
            "must hold the names of the genes"
        )


def _raise_not_a_number(
    path: Path, gene: str, cells: list[str], texts: list[str], expected: str
) -> None:
    for cell, text in zip(cells, texts, strict=True):
        where = f"{path}: gene {gene}, cell {cell}"
        if text in MISSING:
            raise InputError(f"{where}: the value is missing ({text or 'empty field'}); {expected}")
        try:
            number(text)
        except ValueError as error:
            raise InputError(f"{where}: {text!r} is not a number; {expected}") from error
