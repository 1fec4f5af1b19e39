"""Lines of csv as results have them: the same content gives the same bytes."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from grn_gat.core.files import PathLike, atomic_path


def numbers(values: np.ndarray, missing: str = "nan") -> list[str]:
    """Return each number of a one-dimensional array as the shortest text that reads back."""
    if values.dtype in (np.float32, np.float16):
        texts = values.astype(str).tolist()
    else:
        texts = [repr(value) for value in values.tolist()]
    return [missing if text == "nan" else text for text in texts]


def quoted(fields: Iterable[str]) -> str:
    """Return one line of csv without its end; fields are quoted where they have to be."""
    fields = list(fields)
    if fields == [""]:
        return '""'
    return ",".join(
        '"' + field.replace('"', '""') + '"' if set(field) & set(',"\r\n') else field
        for field in fields
    )


def write_lines(path: PathLike, header: list[str], lines: Iterable[str]) -> None:
    """Write lines after a header; the file appears whole, compressed if its name ends in .gz."""
    with atomic_path(path) as temporary, open(temporary, "wb") as file:
        if Path(path).suffix == ".gz":
            # no name and no time in the header: identical content gives identical bytes
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as stream:
                stream.writelines(_encoded(header, lines))
        else:
            file.writelines(_encoded(header, lines))


def _encoded(header: list[str], lines: Iterable[str]) -> Iterator[bytes]:
    for part in (header, lines):
        for line in part:
            yield f"{line}\n".encode()
