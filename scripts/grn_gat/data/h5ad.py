"""Read AnnData files (.h5ad), or whatever single files a user has, into the workflow's datasets."""

import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.data.dataset import Dataset, read_text_files
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.expression import EXPECTED_VALUES, check_size, check_values
from grn_gat.data.names import check_names
from grn_gat.data.pseudotime import check_trajectories
from grn_gat.data.regulators import read_regulators
from grn_gat.data.text_rows import check_file

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
_BARCODE = re.compile(r"(.*[-_.:#])?[ACGT]{12,}([-_.:].*)?")  # of a cell, e.g. AAACCTGAGAAACCAT-1
HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
MAXIMUM_BYTES = 32 << 30  # of all arrays of a file, decompressed


def read_user_data(
    expression: PathLike,
    pseudotime: str | Sequence[str] | None = None,
    regulators: PathLike | None = None,
    reference: PathLike | None = None,
    layer: str | None = None,
) -> Dataset:
    """Read one dataset of a user, of which only the expression has to be there.

    Args:
        expression: text with genes in rows (.csv, .tsv or .txt, also with .gz; commas or tabs are
            told apart by the first line) or AnnData (.h5ad).
        pseudotime: for text the path of a table as for `read_pseudotime`; for .h5ad the names of
            obs columns, as a list or separated by commas.
        regulators: list of candidate regulators; without it every gene is one.
        reference: known edges as for `read_edges`; without it the dataset has no edges.
        layer: for .h5ad the layer to use in place of X.

    Raises InputError for another kind of file, a layer of a text file, a matrix that has cells
    where genes should be, and where one of the readers refuses its file.
    """
    name = Path(expression).name.lower()
    if name.endswith(".h5ad"):
        listed = pseudotime.split(",") if isinstance(pseudotime, str) else pseudotime or []
        columns = [column.strip() for column in listed]
        data = read_h5ad(expression, reference, regulators, layer=layer, pseudotime=columns)
        axes = "obs are cells and var are genes"
    elif name.endswith(TEXT_SUFFIXES):
        if layer is not None:
            raise InputError(f"{expression}: has no layer {layer!r}; only .h5ad files have layers")
        file = None if pseudotime is None else str(pseudotime)
        data = read_text_files(expression, file, regulators, reference)
        axes = "genes in rows, cells in columns"
    else:
        raise InputError(
            f"{expression}: is of unknown kind; expected a name that ends in .h5ad, "
            + ", ".join(TEXT_SUFFIXES)
        )
    if all(map(_BARCODE.fullmatch, data.genes)):
        raise InputError(
            f"{expression}: the genes are named like barcodes of cells ({data.genes[0]}), so the "
            f"matrix looks transposed: expected {axes}"
        )
    return data


def read_h5ad(
    path: PathLike,
    edges: PathLike | None = None,
    regulators: PathLike | None = None,
    layer: str | None = None,
    pseudotime: str | Sequence[str] | None = None,
) -> Dataset:
    """Read an AnnData file (cells x genes, dense or sparse) into a Dataset (genes x cells).

    `edges` and `regulators` are files as for `read_edges` and `read_regulators`; without `edges`
    the dataset has no reference network. Values come from X, or from the layer named; `pseudotime`
    names the obs columns that are trajectories (NaN where a cell is not on one).

    Raises InputError where the file is missing, truncated or not AnnData, lacks the layer, X or an
    obs column, holds values that `read_expression` would refuse, or where another file is refused.
    """
    path = Path(path)
    return read_anndata(_open_h5ad(path), str(path), edges, regulators, layer, pseudotime)


def read_anndata(
    content: Any,
    name: str,
    edges: PathLike | None = None,
    regulators: PathLike | None = None,
    layer: str | None = None,
    pseudotime: str | Sequence[str] | None = None,
) -> Dataset:
    """Read an AnnData object as `read_h5ad` reads a file; `name` is what messages call it."""
    genes = [str(gene).strip() for gene in content.var_names]
    cells = [str(cell).strip() for cell in content.obs_names]
    if layer is None:
        where, values = f"{name}: X", content.X
        if values is None:
            raise InputError(f"{name}: has no X; name one of its layers{_offer(content.layers)}")
    else:
        if layer not in content.layers:
            raise InputError(f"{name}: no layer {layer!r}{_offer(content.layers)}")
        where, values = f"{name}: layer {layer}", content.layers[layer]
    for names, kind in ((cells, "cell"), (genes, "gene")):
        check_names(names, kind, name)
    check_size(genes, cells, name)
    # A sparse matrix is turned round first: so the dense one is there once.
    dense = values.T.toarray() if hasattr(values, "toarray") else np.asarray(values).T
    try:
        expression = np.ascontiguousarray(dense, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: holds no numbers; {EXPECTED_VALUES}") from error
    check_values(expression, genes, cells, where)
    candidates = None if regulators is None else read_regulators(regulators, genes, cells)
    return Dataset(
        genes=genes,
        cells=cells,
        expression=expression,
        pseudotime=_obs_pseudotime(name, content.obs, cells, pseudotime),
        edges=no_edges() if edges is None else read_edges(edges, genes, cells, candidates),
        regulators=candidates,
    )


def _offer(names: Iterable[str]) -> str:
    names = [str(name) for name in names if name is not None]
    return f" (it has: {', '.join(names)})" if names else " (it has none)"


def other_content(path: PathLike, layer: str | None = None) -> list[str]:
    """What an AnnData file has beside the matrix that is read, one line each; layers and raw."""
    import h5py

    lines = []
    with h5py.File(path) as file:
        layers = [name for name in file.get("layers", ()) if name != layer]
        if layers:
            lines.append(f"other layers (--layer takes one): {', '.join(layers)}")
        if layer is not None and "X" in file:
            lines.append("X, as a layer is taken")
        if "raw" in file:
            genes = len(file["raw/var"][file["raw/var"].attrs.get("_index", "_index")])
            lines.append(f"raw, with {genes} genes")
    return lines


def _check_content(path: Path) -> None:
    """Raise InputError where a file would be too large in memory, or reads from other files.

    HDF5 can say that the values of an array are in another file, of whatever kind: reading a file
    from elsewhere must not copy one of this computer into the results.
    """
    import h5py

    total = 0

    def look(name: str, item: Any) -> None:
        nonlocal total
        if isinstance(item, h5py.Group):
            links = [item.get(key, getlink=True) for key in item]
            outside = any(isinstance(link, h5py.ExternalLink) for link in links)
        else:
            outside = bool(item.external) or item.is_virtual
            total += (item.size or 0) * item.dtype.itemsize
        if outside:
            raise InputError(f"{path}: {name} refers to another file; save it as a single file")

    with h5py.File(path) as file:
        look("/", file)
        file.visititems(look)
    if total > MAXIMUM_BYTES:
        raise InputError(
            f"{path}: holds {total} bytes of arrays, more than the {MAXIMUM_BYTES} that are read; "
            "save it with fewer cells, genes or layers"
        )


def _open_h5ad(path: Path) -> Any:
    import anndata

    check_file(path)
    try:
        _check_content(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # names that occur twice are refused by the caller
            return anndata.read_h5ad(path)
    except InputError:
        raise
    except Exception as error:
        try:
            with open(path, "rb") as stream:
                is_hdf5 = stream.read(len(HDF5_SIGNATURE)) == HDF5_SIGNATURE
        except OSError as unreadable:
            raise InputError(f"{path}: cannot be read ({unreadable.strerror})") from unreadable
        if not is_hdf5:
            reason = "is not an HDF5 file; expected AnnData saved as .h5ad"
        elif isinstance(error, OSError):
            reason = "is truncated or damaged; fetch or save it anew"
        else:
            reason = f"is HDF5 but not AnnData ({type(error).__name__}); expected AnnData's .h5ad"
        raise InputError(f"{path}: {reason}") from error


def _obs_pseudotime(
    name: str, obs: pd.DataFrame, cells: list[str], columns: str | Sequence[str] | None
) -> pd.DataFrame | None:
    columns = [columns] if isinstance(columns, str) else list(columns or [])
    if not columns:
        return None
    table = {}
    for column in columns:
        if column not in obs.columns:
            raise InputError(f"{name}: no obs column {column!r}{_offer(obs.columns)}")
        try:
            numbers = obs[column].astype(np.float64).to_numpy()
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{name}: obs column {column} is not numeric; expected a pseudotime"
            ) from error
        if np.isinf(numbers).any():
            cell = cells[int(np.argmax(np.isinf(numbers)))]
            raise InputError(
                f"{name}: obs column {column}, cell {cell}: the pseudotime is infinite; expected "
                "NaN where the cell is not on the trajectory"
            )
        table[column] = numbers
    result = pd.DataFrame(table, index=cells)
    check_trajectories(result, f"{name}: obs")
    return result
