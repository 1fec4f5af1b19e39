"""Data sets that a program has in memory: AnnData or pandas, cells in rows."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_choice import groups_column
from grn_gat.data.cell_preparation import AUTO, DIFFUSION, Preparation
from grn_gat.data.dataset import Dataset
from grn_gat.data.diffusion import diffusion_pseudotime, root_of
from grn_gat.data.doubts import doubts
from grn_gat.data.edges import no_edges
from grn_gat.data.expression import EXPECTED_VALUES
from grn_gat.data.h5ad import (
    RAW,
    anndata_column,
    anndata_flag,
    anndata_matrix,
    anndata_pseudotime,
)
from grn_gat.data.matrix import Matrix
from grn_gat.data.prepared_cells import drawn, prepared, wants_symbols
from grn_gat.data.pseudotime import checked_trajectories, of_cells
from grn_gat.data.user_data import read_user_data

if TYPE_CHECKING:
    from anndata import AnnData

Data: TypeAlias = Union["AnnData", pd.DataFrame, PathLike]
Pseudotime: TypeAlias = Sequence[str] | PathLike | pd.DataFrame | pd.Series
Regulators: TypeAlias = Sequence[str] | PathLike


def as_dataset(
    data: Data,
    regulators: Regulators | None = None,
    pseudotime: Pseudotime | None = None,
    layer: str | None = None,
    symbols: str | None = None,
    duplicates: str = "error",
    remarks: Remarks | None = None,
    preparation: Preparation | None = None,
) -> Dataset:
    """Return a data set whose genes are in the order of their names, as target infer has it.

    Args:
        data: AnnData (cells, genes), a table (cells, genes) as `adata.to_df()` gives, or the path
            of a file that `read_user_data` reads (text files have genes in rows).
        regulators: names of the candidate regulators, the path of a list, or one of the words of
            `preparation`; None: transcription factors, and every gene where there are 100 genes at
            most or no factors among them.
        pseudotime: of AnnData or an .h5ad file the names of obs columns; of a text file the path of
            a table; `diffusion`, from the root of `preparation`; or a table (cells, trajectories)
            or series with the cells as index.
        layer: of AnnData or an .h5ad file the layer to use in place of X.
        symbols: of AnnData or an .h5ad file the column of var that names the genes.
        duplicates: what becomes of genes with one name: error, first or sum.
        remarks: takes what was left out, guessed, or is doubtful.
        preparation: which genes and cells are taken, and how they are normalised.

    Raises:
        InputError: the data are of another kind, or a value or name is wrong.
    """
    told = Remarks() if remarks is None else remarks
    preparation = preparation or Preparation()
    times = pseudotime if isinstance(pseudotime, pd.DataFrame | pd.Series) else None
    named: Any = None if times is not None else pseudotime
    if isinstance(data, str) or hasattr(data, "__fspath__"):
        found = read_user_data(
            data, named, regulators, None, layer, duplicates, symbols, told, preparation
        )
    else:
        found = _from_object(data, named, regulators, layer, symbols, duplicates, told, preparation)
    if times is not None:
        found = replace(found, pseudotime=_trajectories(times, found.cells, told))
    return replace(found, regulators=sorted(found.regulators or found.genes))


def _from_object(
    data: Any,
    pseudotime: Any,
    regulators: Regulators | None,
    layer: str | None,
    symbols: str | None,
    duplicates: str,
    remarks: Remarks,
    preparation: Preparation,
) -> Dataset:
    by_diffusion = isinstance(pseudotime, str) and pseudotime == DIFFUSION
    pseudotime = None if by_diffusion else pseudotime
    columns = [pseudotime] if isinstance(pseudotime, str) else list(pseudotime or [])
    if isinstance(data, pd.DataFrame):
        if layer is not None or symbols is not None or pseudotime is not None:
            raise InputError(
                "data: a table has no layers and no columns of obs or var: give pseudotime as a "
                "table with the cells as index"
            )
        every = _frame_matrix(data)
        found = drawn(every, None, "", preparation, "data", remarks)
        flag = table = None
    elif hasattr(data, "obs_names") and hasattr(data, "var_names"):
        named = symbols or (AUTO if wants_symbols(regulators, preparation, data.n_vars) else None)
        every = anndata_matrix(data, layer, named, remarks)
        column = preparation.groups or groups_column(list(map(str, data.obs.columns)))
        labels = None if column is None else anndata_column(data, column)
        found = drawn(every, labels, column or "", preparation, "data", remarks)
        flag = partial(anndata_flag, data, raw=layer == RAW)
        table = anndata_pseudotime(data, every.cells, columns, remarks) if columns else None
    else:
        raise InputError(
            f"data: is a {type(data).__name__}; expected AnnData, a DataFrame with cells in rows "
            "and genes in columns, or the path of a file"
        )
    genes, cells, values, names = prepared(
        found, "data", regulators, duplicates, preparation, remarks, flag
    )
    if table is not None:
        table = of_cells(table, cells)
    if by_diffusion:
        column, is_label, _ = preparation.root.partition("=")
        kinds: np.ndarray | None = None
        if is_label and not isinstance(data, pd.DataFrame):
            known = dict(zip(map(str, data.obs_names), anndata_column(data, column), strict=True))
            kinds = np.array([known[cell] for cell in cells], dtype=object)
        root = root_of(preparation.root, cells, kinds, values, "data", remarks)
        table = diffusion_pseudotime(values, cells, root, "data", remarks)
    axes = "rows are read as cells, columns as genes" if isinstance(data, pd.DataFrame) else ""
    remarks.doubtful("data", doubts(genes, cells, values, axes))
    return Dataset(genes, cells, values, table, no_edges(), names)


def _frame_matrix(frame: pd.DataFrame) -> Matrix:
    try:
        values = frame.to_numpy(dtype=None if frame.size == 0 else np.float64).T
    except (TypeError, ValueError) as error:
        raise InputError(f"data: holds something that is no number; {EXPECTED_VALUES}") from error
    return Matrix(list(map(str, frame.columns)), list(map(str, frame.index)), values)


def _trajectories(
    times: pd.DataFrame | pd.Series, cells: Sequence[str], remarks: Remarks
) -> pd.DataFrame:
    table = times.to_frame("pseudotime") if isinstance(times, pd.Series) else times
    table = table.rename(index=str, columns=str)
    missing = [cell for cell in cells if cell not in table.index]
    if missing or not table.index.is_unique:
        example = f" ({missing[0]} is not)" if missing else ""
        raise InputError(f"pseudotime: its index should be the cells of the data{example}")
    try:
        table = table.loc[list(cells)].astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError("pseudotime: holds something that is no number") from error
    return checked_trajectories(table, "pseudotime", remarks)
