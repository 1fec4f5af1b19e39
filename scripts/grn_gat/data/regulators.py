"""Read the list of candidate regulators."""

from collections.abc import Sequence
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.data.names import mismatch_hint, some
from grn_gat.data.text_rows import read_rows

REGULATOR_HEADERS = frozenset(
    {"tf", "tfs", "gene", "genes", "gene1", "name", "regulator", "regulators", "symbol"}
)


def read_regulators(
    path: PathLike, genes: Sequence[str], cells: Sequence[str] | None = None
) -> list[str]:
    """Read the candidate regulators: one name per line, or a csv with one column.

    A first line such as TF, Gene or Regulator (any case) is a header, even where a gene has that
    name. `cells`, if given, only serve to recognise a transposed matrix. Returns the names in the
    order of the file, each once.

    Raises InputError where the file is missing, empty or damaged, has more than one column or no
    name, or names a gene that is not in the matrix.
    """
    path = Path(path)
    names: list[str] = []
    for row, (line, fields) in enumerate(read_rows(path)):
        if len(fields) > 1:
            raise InputError(
                f"{path}: line {line} has {len(fields)} fields; expected one name per line"
            )
        if fields[0] and not (row == 0 and fields[0].lower() in REGULATOR_HEADERS):
            names.append(fields[0])
    names = list(dict.fromkeys(names))
    if not names:
        raise InputError(f"{path}: no regulator; expected one gene name per line")
    check_regulators(names, genes, str(path), cells)
    return names


def check_regulators(
    names: Sequence[str], genes: Sequence[str], where: str, cells: Sequence[str] | None = None
) -> None:
    """Raise InputError where a regulator is not in the matrix."""
    known = set(genes)
    unknown = [name for name in names if name not in known]
    if unknown:
        hint = mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
        raise InputError(
            f"{where}: {len(unknown)} of {len(names)} regulators are not in the expression matrix "
            f"({some(unknown)}){hint or '; list only genes of the matrix'}"
        )
