"""Kinds of expression files, told apart by their names (standard library only).

Used when the workflow is read, to check and declare inputs, and when the data are read.
"""

from pathlib import Path
from typing import NamedTuple

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
LAYERED = (".h5ad", ".loom")
KINDS = (".h5ad", ".loom", ".h5", *TEXT_SUFFIXES)
FOLDER = "folder"
_TENX = (("matrix.mtx",), ("features.tsv", "genes.tsv"), ("barcodes.tsv",))


class TenxFiles(NamedTuple):
    """Files of a folder of 10x Genomics."""

    matrix: Path
    features: Path
    barcodes: Path


def kind_of_file(path: PathLike) -> str:
    """Return the ending of a file that says what it is, in lower case; `FOLDER` of a folder.

    Raises InputError where it is of no kind that can be read.
    """
    if Path(path).is_dir():
        return FOLDER
    name = Path(path).name.lower()
    for kind in KINDS:
        if name.endswith(kind):
            return kind
    raise InputError(
        f"{path}: is of unknown kind; expected a name that ends in {', '.join(KINDS)}, or a folder "
        "of 10x Genomics"
    )


def is_h5ad(path: PathLike) -> bool:
    """Whether a file is AnnData's, by its name: then pseudotime is in columns of its obs."""
    return Path(path).name.lower().endswith(".h5ad")


def is_obs_column(value: str, expression: PathLike) -> bool:
    """Whether a value names a column of obs of the AnnData of the expression, and no table."""
    return is_h5ad(expression) and not value.lower().endswith(TEXT_SUFFIXES)


def find_tenx_files(folder: PathLike) -> TenxFiles:
    """Find the three files of a folder, compressed or not; InputError where one is missing."""
    folder = Path(folder)
    found = []
    for names in _TENX:
        paths = [folder / f"{name}{end}" for name in names for end in ("", ".gz")]
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            raise InputError(
                f"{folder}: is a folder without {' or '.join(names)}[.gz]; expected a file, or a "
                "folder of 10x Genomics with matrix.mtx, features.tsv and barcodes.tsv"
            )
        found.append(path)
    return TenxFiles(*found)


def expression_files(path: PathLike) -> list[str]:
    """Return the files of an expression matrix: those of a folder of 10x Genomics, or the file.

    Raises InputError where the folder lacks one.
    """
    return list(map(str, find_tenx_files(path))) if Path(path).is_dir() else [str(path)]
