"""Rows of separated text, as all tables of users and of the workflow are read.

A file has commas or tabs between its fields and is gzip-compressed if its name ends in `.gz`. What
is wrong with it (missing, empty, damaged, no such text, too large) is one sentence of InputError.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TextIO

from grn_gat.core.errors import InputError

# Beyond these a file is refused: a few kilobytes of gzip can hold more than any memory.
MAXIMUM_LINE = 1 << 28  # characters
MAXIMUM_TEXT = 1 << 34  # characters of a file, decompressed
MISSING = frozenset({"", "NA", "N/A", "NaN", "nan"})
SEPARATED = "comma-separated or tab-separated"

Rows = Iterator[tuple[int, list[str]]]  # number of the line, fields without surrounding blanks


def check_file(path: Path) -> None:
    """Raise InputError if `path` is no file, or an empty one."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder, expected a file")
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty")


def number(text: str) -> float:
    """A number as other programs read it too; ValueError where the text is none."""
    if "_" in text:  # Python reads 1_000 as a number, other programs do not
        raise ValueError(text)
    return float(text)


def _lines(stream: TextIO, path: Path) -> Iterator[str]:
    """Yield the lines of a file; one that is too long, or too many of them, raise InputError."""
    total = 0
    while line := stream.readline(MAXIMUM_LINE):
        total += len(line)
        if len(line) == MAXIMUM_LINE or total > MAXIMUM_TEXT:
            raise InputError(
                f"{path}: is larger than can be read (a line of {MAXIMUM_LINE} characters, or "
                f"{MAXIMUM_TEXT} in all); is it {SEPARATED} text?"
            )
        yield line


@contextmanager
def _opened(path: Path, layout: str, separator: str | None) -> Iterator[tuple[Iterator[str], str]]:
    """Open a file; gives its lines and what separates their fields.

    That is `separator` or, by default, the tab if the first line has more tabs than commas, else
    the comma. What goes wrong while the lines are read becomes one sentence.
    """
    check_file(path)
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            if separator is None:
                first = next((line for line in _lines(stream, path) if line.strip()), "")
                separator = "\t" if first.count("\t") > first.count(",") else ","
                stream.seek(0)
            yield _lines(stream, path), separator
    except gzip.BadGzipFile as error:
        reason = f"is not an intact gzip file ({error})"
        raise InputError(f"{path}: {reason}; compress it anew or drop .gz from its name") from error
    except (EOFError, zlib.error) as error:
        raise InputError(f"{path}: the gzip file is truncated or damaged; fetch it anew") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is not UTF-8 text; expected {layout}, with a name that ends in "
            ".gz if it is gzip-compressed"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def read_rows(path: Path, layout: str = f"{SEPARATED} text", separator: str | None = None) -> Rows:
    """Yield (line number, fields) of a file, without blank lines.

    Args:
        path: the file.
        layout: what the file should be, for messages.
        separator: of the fields; by default a tab if the first line has more tabs than commas,
            else a comma.

    Raises:
        InputError: the file is missing, empty, damaged or too large, or not such text.
    """
    with _opened(path, layout, separator) as (lines, delimiter):
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for fields in reader:
                if fields:
                    yield reader.line_num, [field.strip() for field in fields]
        except csv.Error as error:
            raise InputError(
                f"{path}: line {reader.line_num} is damaged, not {layout} ({error})"
            ) from error


def _checked_header(path: Path, header: list[str], layout: str) -> list[str]:
    if not header:
        raise InputError(f"{path}: the file is empty; expected {layout}")
    if header[0].startswith("#"):
        raise InputError(
            f"{path}: begins with {header[0][:20]!r}, a comment or the head of a GCT file; remove "
            f"the lines before the header; expected {layout}"
        )
    if 2 * sum(";" in field for field in header) > len(header):
        raise InputError(f"{path}: is separated by semicolons; expected {layout}")
    if len(header) == 1 and len(header[0].split()) > 1:
        raise InputError(f"{path}: looks separated by spaces; expected {layout}")
    return header


def _check_width(path: Path, line: int, found: int, header: list[str]) -> None:
    if found == len(header):
        return
    hint = ""
    if found == len(header) + 1:
        hint = "; the header must name the first column too, or leave it empty"
    raise InputError(
        f"{path}: line {line} has {found} fields where the header has {len(header)}{hint}"
    )


def read_table_rows(path: Path, layout: str) -> tuple[list[str], Rows]:
    """Return the header and the rows of a table, one by one.

    Raises InputError as `read_rows` does, and for a table that is separated by semicolons; the
    rows raise it for another number of fields than the header has.
    """
    rows = read_rows(path)
    header = _checked_header(path, next(rows, (0, []))[1], layout)

    def checked() -> Rows:
        for line, fields in rows:
            _check_width(path, line, len(fields), header)
            yield line, fields

    return header, checked()


def read_first_column(path: Path, layout: str) -> tuple[list[str], list[str]]:
    """Return the header of a table and the first field of its rows; the others are only counted.

    Of a wide table that takes a small part of the time of `read_table_rows`, with the same errors
    but for the contents of the other fields.
    """
    header: list[str] = []
    names: list[str] = []
    place = 0
    with _opened(path, f"{SEPARATED} text", None) as (lines, separator):

        def record(line: str) -> list[str]:  # takes more lines where a quoted field goes on there
            reader = csv.reader(chain([line], lines), delimiter=separator, strict=True)
            return [field.strip() for field in next(reader)]

        try:
            for place, line in enumerate(lines, start=1):
                if not line.strip("\r\n"):
                    continue
                if not header:
                    header = _checked_header(path, record(line), layout)
                    continue
                if '"' in line:
                    first, *others = record(line)
                    width = 1 + len(others)
                else:
                    first = line.split(separator, 1)[0].strip()
                    width = 1 + line.count(separator)
                _check_width(path, place, width, header)
                names.append(first)
        except csv.Error as error:
            raise InputError(
                f"{path}: line {place} is damaged, not {SEPARATED} text ({error})"
            ) from error
    return _checked_header(path, header, layout), names
