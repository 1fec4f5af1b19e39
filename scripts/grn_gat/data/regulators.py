"""Read the list of candidate regulators."""

from collections.abc import Sequence
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.names import mismatch_hint, some
from grn_gat.data.text_rows import read_rows

REGULATOR_HEADERS = frozenset(
    {"tf", "tfs", "gene", "genes", "gene1", "name", "regulator", "regulators", "symbol"}
)


def read_regulators(
    path: PathLike,
    genes: Sequence[str],
    cells: Sequence[str] | None = None,
    remarks: Remarks | None = None,
) -> list[str]:
    """Read the candidate regulators: one name per line, or a csv with one column.

    A first line such as TF, Gene or Regulator (any case) is a header. `cells`, if given, only serve
    to recognise a transposed matrix. With `remarks` the file is one of a user: names that the
    matrix lacks are left out, and a first line that is a gene of the matrix is no header. Returns
    the names in the order of the file, each once.

    Raises InputError where the file is missing, empty or damaged, has more than one column or no
    name, or names genes that are not in the matrix (with `remarks`: only such genes).
    """
    path = Path(path)
    known = set(genes)
    names: list[str] = []
    for row, (line, fields) in enumerate(read_rows(path)):
        if len(fields) > 1:
            raise InputError(
                f"{path}: line {line} has {len(fields)} fields; expected one name per line"
            )
        if fields[0] and not (row == 0 and fields[0].lower() in REGULATOR_HEADERS):
            names.append(fields[0])
        elif fields[0] in known and remarks is not None:  # of a user: no header of ours
            remarks.guessed(path, f"the first line, {fields[0]}, is a gene and no header")
            names.append(fields[0])
    names = list(dict.fromkeys(names))
    if not names:
        raise InputError(f"{path}: no regulator; expected one gene name per line")
    return check_regulators(names, genes, str(path), cells, remarks)


def check_regulators(
    names: Sequence[str],
    genes: Sequence[str],
    where: str,
    cells: Sequence[str] | None = None,
    remarks: Remarks | None = None,
) -> list[str]:
    """Return the regulators that the matrix has.

    Raises InputError where some are not in the matrix (with `remarks`: where none is).
    """
    known = set(genes)
    unknown = [name for name in names if name not in known]
    if unknown and remarks is not None and len(unknown) < len(names):
        remarks.left_out(
            where,
            f"{len(unknown)} of {len(names)} regulators, which the expression matrix lacks: "
            f"{some(unknown)}",
        )
    elif unknown:
        hint = mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
        raise InputError(
            f"{where}: {len(unknown)} of {len(names)} regulators are not in the expression matrix "
            f"({some(unknown)}){hint or '; list only genes of the matrix'}"
        )
    return [name for name in names if name in known]
