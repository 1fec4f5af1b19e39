"""Expression of a user as AnnData, a file (.h5ad) or an object: only what is asked for is read.

That is the matrix or one layer, the names, and the columns of obs that are named: whatever else a
file holds, however much, is not looked at.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.expression import MAXIMUM_VALUES
from grn_gat.data.matrix import Matrix, check_numeric
from grn_gat.data.names import are_ensembl
from grn_gat.data.pseudotime import checked_trajectories
from grn_gat.data.text_rows import check_file

if TYPE_CHECKING:
    import h5py
    from anndata import AnnData

RAW = "raw"  # in place of a layer: the matrix that scanpy sets aside
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# Columns of var that hold symbols, as scanpy, CELLxGENE and Seurat's converters call them.
_SYMBOLS = frozenset({"gene_symbols", "gene_symbol", "feature_name", "gene_name", "symbol"})
_BLOCK = 1000  # cells that are read at once
_SPARSE = {"csr_matrix": sparse.csr_array, "csc_matrix": sparse.csc_array}


@contextmanager
def open_hdf5(path: Path, kind: str) -> Iterator["h5py.File"]:
    """Open a file for reading; what goes wrong while it is read becomes one sentence.

    Args:
        path: the file.
        kind: what it should be, for messages.
    """
    import h5py

    check_file(path)
    try:
        with h5py.File(path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield file
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise InputError(f"{path}: {_reason(path, error, kind)}") from error


def _reason(path: Path, error: Exception, kind: str) -> str:
    try:
        with open(path, "rb") as stream:
            is_hdf5 = stream.read(len(_SIGNATURE)) == _SIGNATURE
    except OSError as unreadable:
        return f"cannot be read ({unreadable.strerror})"
    if not is_hdf5:
        return f"is not an HDF5 file; expected {kind}"
    if isinstance(error, OSError):
        return "is truncated or damaged; fetch or save it anew"
    return f"is HDF5 but not {kind} ({type(error).__name__}: {str(error)[:80]})"


def part(group: "h5py.Group", name: str, path: Path) -> Any:
    """Return a member of a file; InputError where it is missing or lies in another file.

    HDF5 can say that the values of an array are in another file, of whatever kind: reading a file
    from elsewhere must not copy one of this computer into the results.
    """
    import h5py

    where = group
    for key in name.split("/"):
        link = where.get(key, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            raise InputError(f"{path}: {name} refers to another file; save it as a single file")
        found = None if link is None else where.get(key)
        if found is None:
            raise InputError(f"{path}: has no {name}; fetch or save it anew")
        where = found
    if isinstance(where, h5py.Dataset) and (where.external or where.is_virtual):
        raise InputError(f"{path}: {name} refers to another file; save it as a single file")
    return where


def array(group: "h5py.Group", name: str, path: Path, most: int = MAXIMUM_VALUES) -> np.ndarray:
    """Return all of a one-dimensional data set of numbers that is no longer than it may be."""
    found = part(group, name, path)
    if not hasattr(found, "shape") or len(found.shape) != 1:
        raise InputError(f"{path}: {name} is no list; fetch or save it anew")
    if found.shape[0] > most:
        raise InputError(f"{path}: {name} has {found.shape[0]} values, more than can be read")
    return np.asarray(found[()])


def texts(group: "h5py.Group", name: str, path: Path) -> list[str]:
    """Return a list of texts."""
    return [_text(value) for value in array(group, name, path)]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def dense_matrix(found: "h5py.Dataset", where: str, turned: bool) -> np.ndarray:
    """Read a matrix block by block into one array of float64.

    Args:
        found: data set of two axes.
        where: what messages call it.
        turned: whether the axes are exchanged on the way.
    """
    if len(found.shape) != 2:
        raise InputError(f"{where}: has {len(found.shape)} axes; expected a matrix")
    check_area(found.shape, where)
    check_numeric(found.dtype, where)
    values = np.empty(found.shape[::-1] if turned else found.shape)
    for start in range(0, found.shape[0], _BLOCK):
        block = slice(start, start + _BLOCK)
        if turned:
            values[:, block] = found[block].T
        else:
            values[block] = found[block]
    return values


def check_area(shape: Sequence[int], where: str) -> None:
    """Raise InputError for a matrix with more values than can be handled."""
    if int(shape[0]) * int(shape[1]) > MAXIMUM_VALUES:
        raise InputError(
            f"{where}: {shape[0]} x {shape[1]} are more than {MAXIMUM_VALUES} values; choose some "
            "of the genes or cells"
        )


def sparse_matrix(
    group: "h5py.Group", kind: str, shape: Sequence[int], path: Path, where: str
) -> Any:
    """Read a sparse matrix whose indices are checked before anything is done with them."""
    check_area(shape, where)
    parts = tuple(array(group, name, path) for name in ("data", "indices", "indptr"))
    return checked_sparse(_SPARSE[kind], parts, shape, where)


def checked_sparse(make: Any, parts: Any, shape: Sequence[int], where: str) -> Any:
    """Return a sparse array of these parts; InputError where they are none."""
    try:
        found = make(parts, shape=tuple(int(n) for n in shape))
        found.check_format(full_check=True)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise InputError(
            f"{where}: its sparse indices are wrong ({error}); fetch or save it anew"
        ) from error
    return found


# ------------------------------------------------------------------------------------- files


def read_h5ad_matrix(
    path: PathLike, layer: str | None, symbols: str | None, remarks: Remarks
) -> Matrix:
    """Read the matrix of a file (cells, genes), or a layer of it, or the one in `raw`.

    Genes are named by the index of var, or by its column `symbols`.

    Raises InputError where the file is missing, truncated or not AnnData, or lacks the matrix.
    """
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        layers = sorted(file["layers"]) if "layers" in file else []
        place, axis = _place(path, file, layer, layers)
        genes, cells = _names(file, axis, path, symbols), _names(file, "obs", path)
        if symbols is None and are_ensembl(genes):
            listed = [name for name in file[axis] if name.lower() in _SYMBOLS]
            if listed:
                remarks.guessed(
                    path,
                    f"genes are named by identifiers of Ensembl; option symbols: {listed[0]} takes "
                    f"the names in that column of {axis}",
                )
        where = f"{path}: {place.replace('layers/', 'layer ')}"
        found = part(file, place, path)
        kind = _text(found.attrs.get("encoding-type", found.attrs.get("h5sparse_format", b"array")))
        kind = {"csr": "csr_matrix", "csc": "csc_matrix"}.get(kind, kind)
        if kind in _SPARSE:
            shape = found.attrs["shape" if "shape" in found.attrs else "h5sparse_shape"]
            values = sparse_matrix(found, kind, shape, path, where).T
        elif hasattr(found, "shape"):
            values = dense_matrix(found, where, turned=True)
        else:
            raise InputError(f"{where}: is stored as {kind!r}, which is no matrix of numbers")
    _check_shape(values.shape, genes, cells, where)
    if place == "X" and layers:
        remarks.guessed(path, f"X was taken; it has layers, too: {', '.join(layers)}")
    return Matrix(genes, cells, values, place.replace("layers/", "layer "))


def _place(path: Path, file: "h5py.File", layer: str | None, layers: list[str]) -> tuple[str, str]:
    """Where the matrix is, and where the names of its genes are."""
    if "obs" not in file or "var" not in file:
        raise InputError(
            f"{path}: is HDF5 but not AnnData saved as .h5ad: it has no "
            f"{'var' if 'obs' in file else 'obs'}"
        )
    raw = "raw" in file and "X" in file["raw"]
    others = [*layers, *([RAW] if raw else [])]
    if layer is None:
        if "X" not in file:
            raise InputError(f"{path}: has no X; name one of its layers{offered(others)}")
        return "X", "var"
    if layer in layers:
        return f"layers/{layer}", "var"
    if layer == RAW and raw:
        return "raw/X", "raw/var"
    raise InputError(f"{path}: no layer {layer!r}{offered(others)}")


def _names(file: "h5py.File", axis: str, path: Path, column: str | None = None) -> list[str]:
    """Names along an axis: its index, in the ways that AnnData has written it, or a column."""
    found = part(file, axis, path)
    if hasattr(found, "dtype"):  # before version 0.7 a table in one
        fields = found.dtype.names or ()
        index = column or ("index" if "index" in fields else "_index")
        if index not in fields:
            raise InputError(f"{path}: {axis} has no names; fetch or save it anew")
        return [_text(value) for value in found[index]]
    index = column or _text(found.attrs.get("_index", "_index"))
    if index not in found:
        raise InputError(f"{path}: {axis} has no column {index!r}{offered(found)}")
    return [str(name) for name in _column(found, index, path)]


def _column(table: "h5py.Group", name: str, path: Path) -> Any:
    """One column of obs or var, by anndata's own reader."""
    from anndata.io import read_elem

    found = part(table, name, path)
    for inner in ("codes", "categories", "values", "mask"):
        if not hasattr(found, "dtype") and inner in found:
            part(found, inner, path)
    values = read_elem(found)
    if values.dtype == object:
        return [_text(value) for value in values]
    return values


def _check_shape(shape: Any, genes: Sequence[str], cells: Sequence[str], where: str) -> None:
    if shape[0] != len(genes) or (len(shape) > 1 and shape[1] != len(cells)):
        raise InputError(
            f"{where}: is {shape[1]} x {shape[0]}, but there are {len(cells)} names of cells and "
            f"{len(genes)} of genes; fetch or save it anew"
        )


def read_h5ad_pseudotime(
    path: PathLike, cells: Sequence[str], columns: Sequence[str], remarks: Remarks
) -> pd.DataFrame | None:
    """Read columns of obs as pseudotime.

    Raises InputError where there is no such column, or it is no pseudotime.
    """
    if not columns:
        return None
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        obs = part(file, "obs", path)
        there = list(obs.dtype.names) if hasattr(obs, "dtype") else list(obs)
        table = {}
        for column in columns:
            if column not in there:
                raise InputError(f"{path}: no obs column {column!r}{offered(there)}")
            values = obs[column] if hasattr(obs, "dtype") else _column(obs, column, path)
            table[column] = _times(values, f"{path}: obs column {column}")
    return checked_trajectories(pd.DataFrame(table, index=list(cells)), f"{path}: obs", remarks)


def read_h5ad_column(path: PathLike, column: str) -> list[str]:
    """Return a column of obs as text, one value per cell.

    Raises InputError where there is no such column.
    """
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        obs = part(file, "obs", path)
        there = list(obs.dtype.names) if hasattr(obs, "dtype") else list(obs)
        if column not in there:
            raise InputError(f"{path}: no obs column {column!r}{offered(there)}")
        values = obs[column] if hasattr(obs, "dtype") else _column(obs, column, path)
        return [v.decode() if isinstance(v, bytes) else str(v) for v in np.asarray(values)]


def read_h5ad_cells(path: PathLike) -> list[str]:
    """Return the names of the cells of a file."""
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        return [name.strip() for name in _names(file, "obs", path)]


def read_h5ad_table(path: PathLike, name: str) -> Matrix:
    """Read a table of obsm, whose columns have names, as a matrix with the columns as genes.

    Raises InputError where there is no such table, or it has no names.
    """
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        there = list(file["obsm"]) if "obsm" in file else []
        if name not in there:
            raise InputError(f"{path}: no obsm {name!r}{offered(there)}")
        table = part(file, f"obsm/{name}", path)
        columns = table.attrs.get("column-order")
        if hasattr(table, "dtype") or columns is None:
            raise InputError(
                f"{path}: obsm {name} has no names of its columns; save it as a DataFrame with the "
                "names of genes as columns"
            )
        names = [_text(column) for column in columns]
        check_area((len(names), len(_names(file, "obs", path))), f"{path}: obsm {name}")
        values = [np.asarray(_column(table, column, path)) for column in names]
        cells = _names(file, "obs", path)
    for column, found in zip(names, values, strict=True):
        check_numeric(found.dtype, f"{path}: obsm {name}, column {column}")
    stacked = np.array(values, dtype=np.float64).reshape(len(names), len(cells))
    return Matrix(names, cells, stacked, f"obsm {name}")


def other_content(path: PathLike, layer: str | None) -> list[str]:
    """What a file has beside the matrix that is read, one line each."""
    lines = []
    with open_hdf5(Path(path), "AnnData saved as .h5ad") as file:
        layers = [name for name in file.get("layers", ()) if name != layer]
        if layers:
            lines.append(f"other layers (--layer takes one): {', '.join(layers)}")
        if layer is not None and "X" in file:
            lines.append("X is not read, as a layer is taken")
        if "raw" in file and layer != RAW:
            lines.append(f"raw, with {len(_names(file, 'raw/var', Path(path)))} genes")
    return lines


# ------------------------------------------------------------------------------------ objects


def anndata_matrix(data: "AnnData", layer: str | None, symbols: str | None) -> Matrix:
    """Return the matrix of an object (cells, genes), or a layer of it, or the one in `raw`.

    Genes are named by the index of var, or by its column `symbols`. Raises InputError where it
    lacks the matrix or the column.
    """
    source: Any = data
    if layer is None:
        where, values = "data: X", data.X
        if values is None:
            raise InputError(f"data: has no X; name one of its layers{offered(data.layers)}")
    elif layer in data.layers:
        where, values = f"data: layer {layer}", data.layers[layer]
    elif layer == RAW and data.raw is not None:
        where, values, source = "data: raw", data.raw.X, data.raw
    else:
        raise InputError(f"data: no layer {layer!r}{offered(data.layers)}")
    if hasattr(values, "toarray"):
        make = sparse.csc_array if values.format == "csc" else sparse.csr_array
        values = make(values)
        parts = (values.data, values.indices, values.indptr)
        values = checked_sparse(make, parts, values.shape, where)
    else:
        values = np.asarray(values)
    if symbols is not None and symbols not in source.var.columns:
        raise InputError(f"data: var has no column {symbols!r}{offered(source.var.columns)}")
    genes = source.var_names if symbols is None else source.var[symbols]
    return Matrix(list(map(str, genes)), list(map(str, data.obs_names)), values.T)


def anndata_pseudotime(
    data: "AnnData", cells: Sequence[str], columns: Sequence[str], remarks: Remarks
) -> pd.DataFrame | None:
    """Return columns of obs of an object as pseudotime; InputError where they are none."""
    if not columns:
        return None
    for column in columns:
        if column not in data.obs.columns:
            raise InputError(f"data: no obs column {column!r}{offered(data.obs.columns)}")
    table = {c: _times(data.obs[c].array, f"data: obs column {c}") for c in columns}
    return checked_trajectories(pd.DataFrame(table, index=list(cells)), "data: obs", remarks)


def _times(values: Any, where: str) -> np.ndarray:
    """Return a column as numbers; one of classes, truth values or texts is no pseudotime."""
    kind = getattr(values, "dtype", np.dtype(object))
    if isinstance(kind, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(kind):
        raise InputError(f"{where} holds classes ({kind.name}), not a pseudotime")
    try:
        if hasattr(values, "to_numpy"):
            return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{where} is not numeric; expected a pseudotime") from error


def offered(names: Iterable[str]) -> str:
    """What there is instead, for a message."""
    listed = [str(name) for name in names if name is not None]
    shown = listed[:20] + (["..."] if len(listed) > 20 else [])
    return f" (it has: {', '.join(shown)})" if listed else " (it has none)"
