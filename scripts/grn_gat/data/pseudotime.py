"""Read the pseudotime of the cells in BEELINE's layout (`PseudoTime.csv`)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.names import check_names, mismatch_hint, some
from grn_gat.data.text_rows import MISSING, SEPARATED, number, read_table_rows

_FEW_LEVELS = 10  # a pseudotime has more different values; of fewer cells, one in each


def read_pseudotime(
    path: PathLike,
    cells: Sequence[str],
    genes: Sequence[str] | None = None,
    remarks: Remarks | None = None,
) -> pd.DataFrame | None:
    """Read the pseudotime of each cell in BEELINE's layout.

    `cells` are the cells of the matrix; `genes`, if given, only serve to recognise a transposed
    matrix. Returns a float64 table (cells, trajectories) in the order of `cells`, NaN (in the
    file: empty or NA) where a cell is not on the trajectory; None if the file has no trajectory
    column. A cell may be on no trajectory. With `remarks` the file is one of a user, of which there
    is more to say (`checked_trajectories`).

    Raises InputError where the file is missing, empty or damaged, its cells are not those of the
    matrix, a value is not a finite number, or a trajectory has no cell.
    """
    path = Path(path)
    layout = f"{SEPARATED} text with the cell name first, then one column per trajectory"
    header, rows = read_table_rows(path, layout)
    columns = header[1:]
    check_names(columns, "column", str(path))
    if {"Time", "Experiment"} <= set(columns):
        raise InputError(
            f"{path}: columns Time and Experiment belong to BoolODE's table of all time points; "
            f"expected {layout}"
        )
    found: dict[str, list[float]] = {}
    for line, (cell, *texts) in rows:
        if cell in found:
            raise InputError(f"{path}: cell {cell} occurs more than once (line {line})")
        found[cell] = [
            _pseudotime_value(path, cell, column, text, endless=remarks is not None)
            for column, text in zip(columns, texts, strict=True)
        ]
    known = set(cells)
    unknown = [cell for cell in found if cell not in known]
    absent = [cell for cell in cells if cell not in found]
    if unknown:
        hint = mismatch_hint(unknown, cells, genes, "expected genes in rows, cells in columns")
        raise InputError(
            f"{path}: {len(unknown)} of {len(found)} cells are not in the expression matrix "
            f"({some(unknown)}){hint or '; expected exactly the cells of the matrix'}"
        )
    if absent:
        raise InputError(
            f"{path}: {len(absent)} of {len(cells)} cells of the expression matrix are missing "
            f"({some(absent)}); a cell on no trajectory needs a row with empty fields"
        )
    if not columns:
        return None
    table = pd.DataFrame([found[cell] for cell in cells], index=list(cells), columns=columns)
    if remarks is not None:
        return checked_trajectories(table, str(path), remarks)
    check_trajectories(table, str(path))
    return table


def _pseudotime_value(path: Path, cell: str, column: str, text: str, endless: bool) -> float:
    if text in MISSING:
        return np.nan
    try:
        value = number(text)
        wrong = not np.isfinite(value) and not (endless and np.isinf(value))
    except ValueError:
        wrong = True
    if wrong:
        raise InputError(
            f"{path}: cell {cell}, column {column}: {text!r} is not a finite number; expected a "
            "pseudotime, or nothing where the cell is not on the trajectory"
        )
    return value


def check_trajectories(table: pd.DataFrame, where: str) -> None:
    """Raise InputError for a trajectory without cells."""
    for column in table.columns:
        if table[column].isna().all():
            raise InputError(f"{where}: column {column} has no value; a trajectory needs cells")


def checked_trajectories(table: pd.DataFrame, where: str, remarks: Remarks) -> pd.DataFrame:
    """Return a user's pseudotime with NaN where it is infinite (scanpy's of unreachable cells).

    Args:
        table: columns are trajectories, rows are cells.
        where: what messages call it.
        remarks: takes what its owner should know: which columns are used, what looks like classes.

    Raises:
        InputError: a column has no value, or the same one in all cells.
    """
    endless = np.isinf(table)
    for column in table.columns[endless.any()]:
        remarks.left_out(
            where,
            f"{int(endless[column].sum())} cells whose {column} is infinite: they are on no "
            "trajectory",
        )
    table = table.mask(endless)
    check_trajectories(table, where)
    different = table.nunique()
    if table.shape[1] > 1:
        columns = ", ".join(f"{column} ({levels})" for column, levels in different.items())
        remarks.guessed(
            where, f"each of the columns is one trajectory (with so many values): {columns}"
        )
    for column, levels in different.items():
        if levels == 1:
            raise InputError(
                f"{where}: column {column} has the same value in all cells: it is no pseudotime"
            )
        if levels < min(_FEW_LEVELS, table[column].notna().sum()):
            remarks.doubtful(
                where, [f"column {column} has only {levels} different values: is it a pseudotime?"]
            )
    return table


def of_cells(table: pd.DataFrame, cells: Sequence[str]) -> pd.DataFrame | None:
    """Return the pseudotime of some of the cells, without trajectories that none of them is on."""
    times = table.loc[list(cells)]
    times = times.loc[:, times.notna().any()]
    return None if times.empty else times
