"""The drawn edges of a network as a table and as a workbook that no spreadsheet misreads."""

import datetime
import io
import math
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.data.network_export import SIGN_WORDS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

COLUMNS = (
    *("regulator", "target", "sign", "sign_source", "score", "rank"),
    *("stability", "donors", "expected_false", "evidence", "drawn"),
)
# What each column is, on the second sheet.
MEANINGS = {
    "regulator": "gene that regulates; of a method without directions one of the two",
    "target": "gene that is regulated",
    "sign": "activation, repression or unknown",
    "sign_source": "method: the score has a sign; correlation: that of Spearman's correlation",
    "score": "as the method gave it; the larger its magnitude, the surer the edge",
    "rank": "1 is the strongest edge; edges with the same score share the best of their ranks",
    "stability": "share of the runs on random parts of the cells that have it; empty: not run",
    "donors": "share of the donors whose own cells give it; empty: no donors were named",
    "expected_false": "pairs of gene-shuffled cells that are as strong: so many of the edges up to "
    "this one are expected by chance; empty: not run, or it says nothing of this method",
    "evidence": "what speaks of it beside expression: prior, perturbations or protein (of its "
    "regulator), activity or velocity (of its target)",
    "drawn": "yes, or no: too few of these runs or donors have it, and so figure and GraphML leave "
    "it out",
}
_MOST_ROWS = 1_048_575  # of a sheet, below its header
_MOST_LETTERS = 32_767  # of a cell
_TEXT = "@"
_WIDTHS = (18, 18, 12, 12, 12, 8, 10, 8, 14, 18, 8)  # of the columns, in characters
_NEVER = datetime.datetime(1980, 1, 1)  # the first date that a zip file can hold


def edge_table(edges: pd.DataFrame) -> pd.DataFrame:
    """Return the strongest edges with the columns `COLUMNS`, the strongest first.

    Args:
        edges: as of `inference.description.Description`.
    """
    drawn = edges["drawn"].map({True: "yes", False: "no"})
    return edges.assign(sign=edges["sign"].map(SIGN_WORDS), drawn=drawn)[list(COLUMNS)]


def write_workbook(path: PathLike, table: pd.DataFrame, about: Sequence[str]) -> None:
    """Write a table of edges as a workbook (.xlsx); the same table gives the same bytes.

    Names are text cells, so that no program makes a date of SEPT2 or a formula of =A1. The first
    row stays in view and filters; a second sheet says what the columns are.

    Args:
        path: file to write; it appears complete or not at all.
        table: columns `COLUMNS`.
        about: lines of the second sheet, above the columns.

    Raises:
        InputError: a name is longer than a cell may be, or has a control character.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    sheet = book.active
    sheet.title = "edges"
    sheet.append(list(table.columns))
    try:
        for row in table[:_MOST_ROWS].itertuples(index=False):
            _append(sheet, row)
    except IllegalCharacterError as error:
        raise InputError(f"{path}: a gene name has a control character: {error}") from None
    for column, width in zip("ABCDEFGHIJK", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    words = book.create_sheet("about")
    for line in about:
        _append(words, [line])
    if len(table) > _MOST_ROWS:
        _append(words, [f"A sheet holds {_MOST_ROWS:,} of the {len(table):,} edges."])
    for column, meaning in MEANINGS.items():
        _append(words, [column, meaning])
    words.column_dimensions["A"].width = 18
    content = io.BytesIO()
    book.save(content)
    with atomic_path(path) as temporary:
        temporary.write_bytes(_timeless(content.getvalue()))


def _append(sheet: "Worksheet", values: Sequence[Any]) -> None:
    """Add a row; texts are text, whatever they look like."""
    from openpyxl.cell import WriteOnlyCell

    cells = []
    for value in values:
        empty = value == "" or (isinstance(value, float) and math.isnan(value))
        cell = WriteOnlyCell(sheet, None if empty or isinstance(value, str) else value)
        if isinstance(value, str) and not empty:
            if len(value) > _MOST_LETTERS:
                raise InputError(
                    f"{value[:20]!r}...: a name of {len(value):,} letters; a cell of a workbook "
                    f"holds {_MOST_LETTERS:,}"
                )
            cell.value = value
            cell.data_type, cell.number_format, cell.quotePrefix = "s", _TEXT, True
        cells.append(cell)
    sheet.append(cells)


def _timeless(content: bytes) -> bytes:
    """The same workbook, without the time at which it was written."""
    found = io.BytesIO()
    stamp = _NEVER.strftime("%Y-%m-%dT%H:%M:%SZ")
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp.encode(), part)
            entry = zipfile.ZipInfo(name, _NEVER.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return found.getvalue()
