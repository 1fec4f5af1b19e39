"""Expression of a user as AnnData, a file (.h5ad) or an object: only what is asked for is read.

That is the matrix or one layer, the names, and the columns of obs that are named: whatever else a
file holds, however much, is not looked at.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_preparation import AUTO
from grn_gat.data.hdf5 import (
    SPARSE,
    as_text,
    check_area,
    checked_sparse,
    dense_matrix,
    offered,
    open_hdf5,
    part,
    some_dense_cells,
    some_sparse_cells,
    sparse_matrix,
)
from grn_gat.data.matrix import Matrix, check_numeric
from grn_gat.data.names import are_ensembl, some
from grn_gat.data.pseudotime import checked_trajectories
from grn_gat.data.text_rows import MISSING

if TYPE_CHECKING:
    import h5py
    from anndata import AnnData

RAW = "raw"  # in place of a layer: the matrix that scanpy sets aside
# Columns of var that hold symbols, as scanpy, CELLxGENE and Seurat's converters call them.
_SYMBOLS = frozenset({"gene_symbols", "gene_symbol", "feature_name", "gene_name", "symbol"})
# Layers with counts or logarithms of them, where X is scaled.
_UNSCALED = ("counts", "raw_counts", "lognorm", "logcounts", "log1p", "normalized")


# ------------------------------------------------------------------------------------- files


def read_h5ad_matrix(
    path: PathLike,
    layer: str | None,
    symbols: str | None,
    remarks: Remarks,
    cells: np.ndarray | None = None,
) -> Matrix:
    """Read the matrix of a file (cells, genes), or a layer of it, or the one in `raw`.

    Genes are named by the index of var, or by its column `symbols`; of `symbols` auto by the column
    that has symbols, where the index has identifiers of Ensembl and there is one. `cells` are
    indices, ascending, of those that are read; without them all are.

    Raises InputError where the file is missing, truncated or not AnnData, or lacks the matrix.
    """
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        layers = sorted(file["layers"]) if "layers" in file else []
        place, axis = _place(path, file, layer, layers)
        genes = _gene_names(file, axis, path, symbols, remarks)
        names = _names(file, "obs", path)
        where = f"{path}: {place.replace('layers/', 'layer ')}"
        found = part(file, place, path)
        written = found.attrs.get("encoding-type", found.attrs.get("h5sparse_format", b"array"))
        kind = as_text(written)
        kind = {"csr": "csr_matrix", "csc": "csc_matrix"}.get(kind, kind)
        if kind in SPARSE:
            shape = found.attrs["shape" if "shape" in found.attrs else "h5sparse_shape"]
        elif hasattr(found, "shape"):
            shape = found.shape
        else:
            raise InputError(f"{where}: is stored as {kind!r}, which is no matrix of numbers")
        if cells is not None:
            _check_shape(tuple(shape)[::-1], genes, names, where)
            names = [names[i] for i in cells]
        if kind in SPARSE and cells is not None:
            values = some_sparse_cells(found, kind, shape, cells, path, where).T
        elif kind in SPARSE:
            values = sparse_matrix(found, kind, shape, path, where).T
        elif cells is not None:
            values = some_dense_cells(found, cells, where).T
        else:
            values = dense_matrix(found, where, turned=True)
    _check_shape(values.shape, genes, names, where)
    if place == "X" and layers:
        remarks.guessed(path, f"X was taken; it has layers, too: {', '.join(layers)}")
    return Matrix(genes, names, values, place.replace("layers/", "layer "))


def _gene_names(
    file: "h5py.File", axis: str, path: Path, symbols: str | None, remarks: Remarks
) -> list[str]:
    """Names of the genes, by the index or by a column of symbols."""
    if symbols not in (None, AUTO):
        return _names(file, axis, path, symbols)
    genes = _names(file, axis, path)
    listed = [name for name in file[axis] if name.lower() in _SYMBOLS]
    if not listed or not are_ensembl(genes):
        return genes
    if symbols is None:
        remarks.guessed(
            path,
            f"genes are named by identifiers of Ensembl; option symbols: {listed[0]} takes "
            f"the names in that column of {axis}",
        )
        return genes
    return symbols_or_identifiers(
        _names(file, axis, path, listed[0]), genes, f"column {listed[0]} of {axis}", path, remarks
    )


def symbols_or_identifiers(
    symbols: Sequence[str], genes: Sequence[str], column: str, where: PathLike, remarks: Remarks
) -> list[str]:
    """Return symbols in place of identifiers; genes without one of their own keep theirs."""
    often = Counter(name.strip() for name in symbols)
    own = [often[name.strip()] == 1 and name.strip() not in MISSING for name in symbols]
    kept = len(own) - sum(own)
    more = f"; {kept} of them without a symbol of their own keep their identifiers" if kept else ""
    remarks.guessed(
        where,
        f"genes are named by identifiers of Ensembl, and by the symbols in {column} here{more} "
        "(option symbols)",
    )
    return [a.strip() if one else b for a, b, one in zip(symbols, genes, own, strict=True)]


def h5ad_overview(path: PathLike, layer: str | None) -> tuple[int, list[str]]:
    """Return the number of genes of a file (of `raw`: those it has), and the columns of obs."""
    path = Path(path)
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        for axis in ("obs", "var"):
            if axis not in file:
                raise InputError(
                    f"{path}: is HDF5 but not AnnData saved as .h5ad: it has no {axis}"
                )
        raw = layer == RAW and "raw/var" in file
        names = _names(file, "raw/var" if raw else "var", path)
        return len(names), _columns(part(file, "obs", path))


def unscaled_place(path: PathLike) -> str | None:
    """Return the layer to take where X is scaled: raw, or counts; None where a file has neither."""
    with open_hdf5(Path(path), "AnnData saved as .h5ad") as file:
        if "raw" in file and "X" in file["raw"]:
            return RAW
        layers = list(file["layers"]) if "layers" in file else []
    return next((name for name in _UNSCALED if name in layers), None)


def read_h5ad_flag(path: PathLike, column: str, raw: bool) -> list[bool]:
    """Return a column of truth values of var.

    Raises InputError where there is no such column, or it holds something else.
    """
    path = Path(path)
    axis = "raw/var" if raw else "var"
    with open_hdf5(path, "AnnData saved as .h5ad") as file:
        table = part(file, axis, path)
        if column not in _columns(table):
            raise InputError(f"{path}: {axis} has no column {column!r}{offered(_columns(table))}")
        values = table[column] if hasattr(table, "dtype") else _column(table, column, path)
    return flags(values, f"{path}: {axis} column {column}")


def flags(values: Any, where: str) -> list[bool]:
    """Return a column as truth values; InputError where it holds something else."""
    found = {"True": True, "False": False, "1": True, "0": False}
    texts = [as_text(value) for value in np.asarray(values)]
    if not set(texts) <= set(found):
        raise InputError(f"{where} holds {some(sorted(set(texts)))}; expected True and False")
    return [found[text] for text in texts]


def _columns(table: Any) -> list[str]:
    """Names of the columns of obs or var."""
    if hasattr(table, "dtype"):
        return list(table.dtype.names or ())
    order = table.attrs.get("column-order")
    return [name for name in (table if order is None else map(as_text, order)) if name in table]


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
        return [as_text(value) for value in found[index]]
    index = column or as_text(found.attrs.get("_index", "_index"))
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
        return [as_text(value) for value in values]
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
            index = as_text(obs.attrs.get("_index", "_index"))
            others = [name for name in there if name != index]
            raise InputError(f"{path}: no obs column {column!r}{offered(others)}")
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
        names = [as_text(column) for column in columns]
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


def anndata_matrix(
    data: "AnnData", layer: str | None, symbols: str | None, remarks: Remarks | None = None
) -> Matrix:
    """Return the matrix of an object (cells, genes), or a layer of it, or the one in `raw`.

    Genes are named by the index of var, or by its column `symbols`; auto as of
    `read_h5ad_matrix`. Raises InputError where it lacks the matrix or the column.
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
    if symbols not in (None, AUTO) and symbols not in source.var.columns:
        raise InputError(f"data: var has no column {symbols!r}{offered(source.var.columns)}")
    genes = list(map(str, source.var_names if symbols in (None, AUTO) else source.var[symbols]))
    if symbols == AUTO and are_ensembl(genes):
        listed = [name for name in source.var.columns if str(name).lower() in _SYMBOLS]
        if listed:
            found = list(map(str, source.var[listed[0]]))
            told = Remarks() if remarks is None else remarks
            column = f"column {listed[0]} of var"
            genes = symbols_or_identifiers(found, genes, column, "data", told)
    return Matrix(genes, list(map(str, data.obs_names)), values.T)


def anndata_column(data: "AnnData", column: str) -> list[str]:
    """Return a column of obs of an object as text; InputError where there is none."""
    if column not in data.obs.columns:
        raise InputError(f"data: no obs column {column!r}{offered(data.obs.columns)}")
    return list(map(str, data.obs[column]))


def anndata_flag(data: "AnnData", column: str, raw: bool) -> list[bool]:
    """Return a column of truth values of var of an object; InputError where there is none."""
    table = data.raw.var if raw else data.var
    if column not in table.columns:
        raise InputError(f"data: var has no column {column!r}{offered(table.columns)}")
    return flags(table[column], f"data: var column {column}")


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
