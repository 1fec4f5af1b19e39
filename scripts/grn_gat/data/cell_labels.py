"""A label of each cell, as users give them: a donor, a batch, a cluster, a condition."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.file_kinds import is_obs_column
from grn_gat.data.h5ad import read_h5ad_cells, read_h5ad_column
from grn_gat.data.names import some
from grn_gat.data.text_rows import MISSING, SEPARATED, read_table_rows

LAYOUT = f"{SEPARATED} text with a column cell and one of labels"
MOST = 200  # labels: a column with more is one of names


def read_cell_labels(
    key: str,
    value: str,
    expression: PathLike,
    cells: Sequence[str],
    remarks: Remarks,
    most: int = MOST,
) -> np.ndarray:
    """Read the label of each cell.

    Args:
        key: of the config, for messages.
        value: a column of obs of an .h5ad file, or the path of a table with a column `cell` and one
            other; further cells in it are ignored.
        expression: the file of the expression.
        cells: those that are wanted, in their order.
        remarks: takes how many have no label.
        most: labels that there may be.

    Returns:
        Array (cells,) of text; '' where a cell has none.

    Raises:
        InputError: there is no such column or file, a cell is there twice, no cell has a label, all
            have the same, or there are more than `most`.
    """
    if is_obs_column(value, expression):
        where = f"{expression}: obs column {value}"
        column = read_h5ad_column(expression, value)
        known = dict(zip(read_h5ad_cells(expression), column, strict=True))
    else:
        where, known = value, labels_of_table(Path(value))
    found = [known.get(cell, "").strip() for cell in cells]
    labels = np.array(["" if text in MISSING else text for text in found], dtype=object)
    names = sorted(set(labels) - {""})
    if known and not set(cells) & known.keys():
        raise InputError(
            f"{key}: {where}: none of its {len(known)} cells ({some(list(known))}) is one of the "
            f"data's ({some(cells)}); expected the same names"
        )
    if len(names) < 2:
        all_same = f"all have {names[0]!r}" if names else "no cell of the data has one"
        raise InputError(f"{key}: {where}: {all_same}; expected two labels or more")
    if len(names) > most:
        raise InputError(
            f"{key}: {where}: {len(names)} labels ({some(names)}); expected at most {most}"
        )
    if missing := int((labels == "").sum()):
        text = f"{missing} of {len(cells)} cells have no label ({key}): they count for none"
        remarks.left_out(where, text)
    return labels


def labels_of_table(path: Path) -> dict[str, str]:
    """Read a table with a column `cell` and one of labels: label by cell, as it is written."""
    header, rows = read_table_rows(path, LAYOUT)
    others = [k for k, name in enumerate(header) if name != "cell"]
    if header.count("cell") != 1 or len(others) != 1:
        raise InputError(f"{path}: has the columns {', '.join(header)}; expected {LAYOUT}")
    place, known = header.index("cell"), {}
    for line, fields in rows:
        if fields[place] in known:
            raise InputError(f"{path}: cell {fields[place]} occurs more than once (line {line})")
        known[fields[place]] = fields[others[0]]
    return known
