"""Many data sets of target infer as a table: a row each, as cores and sequencing centres list them.

Standard library only: used when the workflow is read.
"""

from collections.abc import Sequence
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.spelling import did_you_mean
from grn_gat.data.text_rows import SEPARATED, read_table_rows

NAME = "name"
_BETWEEN = ";"  # several files in one cell


def read_sample_sheet(
    path: PathLike, keys: Sequence[str], lists: Sequence[str] = ()
) -> dict[str, dict[str, str | list[str]]]:
    """Read a sample sheet as entries of the block `infer`, by name.

    Args:
        path: text with a column `name`, a column `expression` and others that are named as keys of
            an entry; an empty cell says nothing.
        keys: of an entry.
        lists: those of them that may hold several files, separated by semicolons.

    Raises:
        InputError: the file is missing or damaged, a column is unknown or missing, a name is
            missing or there twice, or no row is there.
    """
    path, layout = Path(path), f"{SEPARATED} text with columns {NAME}, expression and other keys"
    header, rows = read_table_rows(path, layout)
    lacking = [column for column in (NAME, "expression") if column not in header]
    if lacking:
        raise InputError(
            f"samples: {path}: no column {' nor '.join(lacking)} among {', '.join(header)}; "
            f"expected {layout}"
        )
    for column in header:
        if column not in (NAME, *keys):
            question = did_you_mean(column, [NAME, *keys])
            raise InputError(
                f"samples: {path}: unknown column {column!r}{question}; expected {layout}"
            )
        if header.count(column) > 1:
            raise InputError(f"samples: {path}: column {column} is there twice")
    found: dict[str, dict[str, str | list[str]]] = {}
    for line, fields in rows:
        given = {key: text for key, text in zip(header, fields, strict=True) if text}
        name = given.pop(NAME, "")
        if not name or "expression" not in given:
            raise InputError(
                f"samples: {path}: line {line} has no {'expression' if name else NAME}"
            )
        if name in found:
            raise InputError(f"samples: {path}: {name} occurs more than once (line {line})")
        found[name] = {
            key: [part.strip() for part in text.split(_BETWEEN)]
            if key in lists and _BETWEEN in text
            else text
            for key, text in given.items()
        }
    if not found:
        raise InputError(f"samples: {path}: has no row; expected {layout}")
    return found
