"""Expression of a user as 10x Genomics writes it: a folder with matrix.mtx, or an .h5 file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.file_kinds import find_tenx_files
from grn_gat.data.h5ad import check_area, open_hdf5, part, sparse_matrix, texts
from grn_gat.data.matrix import Matrix
from grn_gat.data.text_rows import read_rows

_EXPRESSION = "Gene Expression"  # the kind of feature that is taken; others are antibodies and such


def read_tenx_folder(folder: PathLike, remarks: Remarks) -> Matrix:
    """Read the genes of a folder (matrix.mtx has genes in rows); names are their symbols.

    Raises InputError where a file is missing, damaged, or does not fit the others.
    """
    from scipy import sparse
    from scipy.io import mminfo, mmread

    files = find_tenx_files(folder)
    rows = [fields for _, fields in read_rows(files.features, separator="\t")]
    cells = [fields[0] for _, fields in read_rows(files.barcodes, separator="\t")]
    shape = _read(files.matrix, mminfo)[:2]
    check_area(shape, str(files.matrix))
    values = sparse.csr_array(_read(files.matrix, mmread))
    if shape != (len(rows), len(cells)):
        raise InputError(
            f"{files.matrix}: is {shape[0]} x {shape[1]}, but there are {len(rows)} features and "
            f"{len(cells)} barcodes; expected features in rows and barcodes in columns"
        )
    genes = [fields[min(1, len(fields) - 1)] for fields in rows]
    kinds = [fields[2] if len(fields) > 2 else _EXPRESSION for fields in rows]
    return _genes_only(Matrix(genes, cells, values), kinds, str(folder), remarks)


def _read(path: Path, reader: Callable[[str], Any]) -> Any:
    """Apply one of scipy's readers of Matrix Market's format."""
    try:
        return reader(str(path))
    except (ValueError, OSError, EOFError, OverflowError, TypeError) as error:
        raise InputError(
            f"{path}: is no intact matrix in Matrix Market's format ({type(error).__name__})"
        ) from error


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
