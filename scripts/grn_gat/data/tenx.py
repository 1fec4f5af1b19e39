"""Expression of a user as 10x Genomics writes it: a folder with matrix.mtx, or an .h5 file."""

import csv
import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.file_kinds import find_tenx_files
from grn_gat.data.hdf5 import check_area, open_hdf5, part, sparse_matrix, texts
from grn_gat.data.matrix import Matrix
from grn_gat.data.text_rows import read_rows

if TYPE_CHECKING:
    from scipy import sparse

_HEAD = ["%%matrixmarket", "matrix", "coordinate"]
_FIELDS = ("integer", "unsigned-integer", "real", "pattern")
_LINE = 1 << 16  # characters of a line of the head, at most
_EXPRESSION = "Gene Expression"  # the kind of feature that is taken; others are antibodies and such


def read_tenx_folder(folder: PathLike, remarks: Remarks) -> Matrix:
    """Read the genes of a folder (matrix.mtx has genes in rows); names are their symbols.

    Raises InputError where a file is missing, damaged, or does not fit the others.
    """
    files = find_tenx_files(folder)
    rows = [fields for _, fields in read_rows(files.features, separator="\t")]
    cells = [fields[0] for _, fields in read_rows(files.barcodes, separator="\t")]
    values = _read(files.matrix)
    shape = values.shape
    if shape != (len(rows), len(cells)):
        raise InputError(
            f"{files.matrix}: is {shape[0]} x {shape[1]}, but there are {len(rows)} features and "
            f"{len(cells)} barcodes; expected features in rows and barcodes in columns"
        )
    genes = [fields[min(1, len(fields) - 1)] for fields in rows]
    kinds = [fields[2] if len(fields) > 2 else _EXPRESSION for fields in rows]
    return _genes_only(Matrix(genes, cells, values), kinds, str(folder), remarks)


def _read(path: Path) -> "sparse.csr_array":
    """Return a sparse matrix in Matrix Market's format.

    Not by scipy, whose reader goes on beyond the end of a file with a damaged last line.
    """
    try:
        with (
            gzip.open(path, "rt", encoding="latin-1")
            if path.suffix.lower() == ".gz"
            else open(path, encoding="latin-1") as file
        ):
            field = _field(file.readline(_LINE))
            line = "%"
            while line.startswith("%") or line.isspace():
                line = file.readline(_LINE)
            rows, columns, entries = map(int, line.split())
            check_area((rows, columns), str(path))
            return _entries(file, field, (rows, columns), entries)
    except InputError:
        raise
    except (ValueError, OSError, EOFError, OverflowError, TypeError, zlib.error) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200].rstrip(". ")
        raise InputError(
            f"{path}: is no intact matrix in Matrix Market's format ({reason})"
        ) from error


def _field(head: str) -> str:
    """Return what kind of numbers the first line of a file announces."""
    words = head.lower().split()
    if len(words) != 5 or words[:3] != _HEAD or words[3] not in _FIELDS or words[4] != "general":
        raise ValueError(
            f"its first line is {head.strip()[:60]!r}; expected '%%MatrixMarket matrix coordinate "
            "integer general', or real or pattern in place of integer"
        )
    return words[3]


def _entries(file: TextIO, field: str, shape: tuple[int, int], number: int) -> "sparse.csr_array":
    """Return the matrix whose entries, this many, are the rest of a file: row, column, value."""
    from scipy import sparse

    if min(shape) < 0 or not 0 <= number <= shape[0] * shape[1]:
        raise ValueError(f"{number} entries in {shape[0]} x {shape[1]} places")
    if number == 0:
        return sparse.csr_array(shape)
    types: dict[int, type] = {0: np.int64, 1: np.int64}
    if field != "pattern":
        types[2] = np.int64 if field == "integer" else np.float64
    found = pd.read_csv(
        file,
        sep=r"\s+",
        header=None,
        index_col=False,
        dtype=types,
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        float_precision="round_trip",
    )
    if found.shape != (number, len(types)):
        wanted = "row, column" if field == "pattern" else "row, column, value"
        raise ValueError(
            f"{len(found)} lines of {found.shape[1]} numbers; expected {number} lines of {wanted}"
        )
    places = found[[0, 1]].to_numpy() - 1
    if (places < 0).any() or (places >= shape).any():
        raise ValueError("entries outside of the matrix")
    values = np.ones(number) if field == "pattern" else found[2].to_numpy()
    matrix = sparse.coo_array((values, (places[:, 0], places[:, 1])), shape=shape).tocsr()
    if matrix.nnz < number:  # as values in one place are added up
        raise ValueError("two entries in one place")
    return matrix


def read_tenx_h5(path: PathLike, remarks: Remarks) -> Matrix:
    """Read the genes of an .h5 file of Cell Ranger 2 or later; names are their symbols.

    Raises InputError where the file is missing, damaged or another kind of HDF5.
    """
    path = Path(path)
    with open_hdf5(path, "an .h5 file of 10x Genomics") as file:
        if "matrix" in file:
            group = part(file, "matrix", path)
            genes = texts(group, "features/name", path)
            kinds = texts(group, "features/feature_type", path)
        else:  # of Cell Ranger 2: a group for each genome
            genomes = [name for name in file if "gene_names" in file[name]]
            if len(genomes) != 1:
                raise InputError(
                    f"{path}: is HDF5 but no .h5 file of 10x Genomics with one genome (it has: "
                    f"{', '.join(file) or 'nothing'})"
                )
            group = part(file, genomes[0], path)
            genes = texts(group, "gene_names", path)
            kinds = [_EXPRESSION] * len(genes)
        cells = texts(group, "barcodes", path)
        shape = part(group, "shape", path)[()]
        if tuple(shape) != (len(genes), len(cells)):
            raise InputError(f"{path}: matrix and names differ in size; fetch it anew")
        values = sparse_matrix(group, "csc_matrix", shape, path, str(path))
    return _genes_only(Matrix(genes, cells, values), kinds, str(path), remarks)


def _genes_only(found: Matrix, kinds: list[str], where: str, remarks: Remarks) -> Matrix:
    """Leave out what is no gene: antibodies, guides, peaks."""
    kept = [i for i, kind in enumerate(kinds) if kind == _EXPRESSION]
    if len(kept) < len(kinds):
        others = sorted(set(kinds) - {_EXPRESSION})
        remarks.left_out(
            where, f"{len(kinds) - len(kept)} features that are no genes ({', '.join(others)})"
        )
    return Matrix([found.genes[i] for i in kept], found.cells, found.values.tocsr()[kept])
