"""Groups of cells of one file, a network of each: which there are, and which cell is of which."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_labels import labels_of_table, read_cell_labels
from grn_gat.data.file_kinds import is_obs_column
from grn_gat.data.h5ad import read_h5ad_column
from grn_gat.data.names import some
from grn_gat.data.text_rows import MISSING

FEWEST = 50  # cells of a group that a network is inferred of
MOST = 40  # groups
_TAKEN = "comparison"  # folder beside those of the groups


def group_names(groupby: str, expression: PathLike) -> dict[str, str]:
    """Return the groups that networks are inferred of, with a word for each that files may have.

    Args:
        groupby: a column of obs of an .h5ad file, or the path of a table with a column `cell` and
            one of labels.
        expression: the file of the expression.

    Returns:
        Words by label, in the order of numbers in the labels, then of the alphabet.

    Raises:
        InputError: there is no such column or file, fewer than two groups have `FEWEST` cells, or
            more than `MOST` have.
    """
    if is_obs_column(groupby, expression):
        labels: Sequence[str] = read_h5ad_column(expression, groupby)
    else:
        labels = list(labels_of_table(Path(groupby)).values())
    sizes = Counter(label.strip() for label in labels if label.strip() not in MISSING)
    names = sorted((name for name, size in sizes.items() if size >= FEWEST), key=_order)
    if len(names) < 2 and len(sizes) > MOST and all(map(_is_number, sizes)):
        raise InputError(
            f"groupby: {groupby}: holds numbers, of which {len(sizes)} differ; expected a label of "
            f"each cell, and 2 to {MOST} of them"
        )
    if not 2 <= len(names) <= MOST:
        cells = [f"{name}: {sizes[name]}" for name in sorted(sizes, key=_order)]
        of_each = f" (cells of each: {some(cells)})" if cells else ""
        raise InputError(
            f"groupby: {groupby}: {len(names)} of {len(sizes)} labels have {FEWEST} cells or more"
            f"{of_each}; expected 2 to {MOST} such labels"
        )
    words: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        word = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-_") or "group"
        number = 2
        while word in (*words.values(), _TAKEN):  # labels that differ in other letters only
            word = f"{word.removesuffix(f'-{number - 1}')}-{number}"
            number += 1
        words[name] = word
    return words


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True


def _order(label: str) -> list[tuple[int, str]]:
    """Numbers in a label count as such: 2 before 10."""
    parts = re.split(r"(\d+)", label)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def read_groups(
    groupby: str, expression: PathLike, cells: Sequence[str], remarks: Remarks
) -> np.ndarray:
    """Read the group of each cell.

    Args:
        groupby: as of `group_names`.
        expression: the file of the expression.
        cells: their names.
        remarks: takes how many cells are of none.

    Returns:
        Array (cells,) of labels; '' where a cell has none, or one that too few cells have.

    Raises:
        InputError: as of `group_names`.
    """
    kept = set(group_names(groupby, expression))
    labels = read_cell_labels("groupby", groupby, expression, cells, remarks, most=len(cells))
    small = sorted(set(labels) - kept - {""}, key=_order)
    if small:
        groups = "1 group" if len(small) == 1 else f"{len(small)} groups"
        remarks.left_out(groupby, f"{groups} with fewer than {FEWEST} cells: {some(small)}")
    return np.array([label if label in kept else "" for label in labels], dtype=object)
