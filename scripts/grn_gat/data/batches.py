"""Cells of one file as replicates: donors, runs, embryos."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.dataset import Dataset
from grn_gat.data.dataset_files import CELLS_NAME
from grn_gat.data.h5ad import read_h5ad_column
from grn_gat.data.names import some
from grn_gat.data.pseudotime import of_cells
from grn_gat.data.text_rows import read_table_rows


def read_batches(source: PathLike, cells: Sequence[str], column: str) -> list[str]:
    """Return the batch of each cell, '' where none is known.

    Args:
        source: an .h5ad file, of which a column of obs is read, or a folder with CellMeta.csv
            (cells in the first column).
        cells: names of the cells, in the order of the data.
        column: name of the column.

    Raises:
        InputError: there is no such column.
    """
    if not Path(source).is_dir():
        return read_h5ad_column(source, column)
    path = Path(source) / CELLS_NAME
    header, rows = read_table_rows(path, "a table of cells, their names in the first column")
    if column not in header[1:]:
        raise InputError(f"{path}: no column {column!r} (found: {', '.join(header[1:])})")
    place = header.index(column)
    known = {fields[0]: fields[place] for _, fields in rows}
    return [known.get(cell, "") for cell in cells]


def cells_of_batch(
    data: Dataset, source: PathLike, batch: tuple[str, str, list[str]], remarks: Remarks
) -> Dataset:
    """Return the data set with the cells of one batch only.

    Args:
        data: all cells.
        source: as for `read_batches`.
        batch: column, value, and the values of all replicates.
        remarks: takes how many cells belong to no replicate.

    Raises:
        InputError: there is no such column, or no cell of the batch.
    """
    column, value, values = batch
    found = np.array(read_batches(source, data.cells, column), dtype=object)
    kept = np.flatnonzero(found == value)
    if not len(kept):
        there = sorted(set(found) - {""})
        raise InputError(f"{source}: no cell has {column} {value!r} (found: {some(there, 10)})")
    others = int((~np.isin(found.astype(str), values)).sum())
    if others:
        remarks.left_out(
            source, f"{others} of {len(found)} cells, whose {column} is none of {', '.join(values)}"
        )
    cells = [data.cells[k] for k in kept]
    return replace(
        data,
        cells=cells,
        expression=data.expression[:, kept],
        pseudotime=None if data.pseudotime is None else of_cells(data.pseudotime, cells),
    )
