"""Data sets that a program has in memory: AnnData or pandas, cells in rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.data.dataset import Dataset
from grn_gat.data.edges import no_edges
from grn_gat.data.expression import EXPECTED_VALUES, check_size, check_values
from grn_gat.data.h5ad import read_anndata, read_user_data
from grn_gat.data.names import check_names
from grn_gat.data.pseudotime import check_trajectories
from grn_gat.data.regulators import check_regulators, read_regulators

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
) -> Dataset:
    """Return a data set whose genes are in the order of their names, as files are imported.

    Args:
        data: AnnData (cells, genes), a table (cells, genes) as `adata.to_df()` gives, or the path
            of a file that `read_user_data` reads (text files have genes in rows).
        regulators: names of the candidate regulators, or the path of a list; None: every gene.
        pseudotime: of AnnData or an .h5ad file the names of obs columns; of a text file the path of
            a table; or a table (cells, trajectories) or series with the cells as index.
        layer: of AnnData or an .h5ad file the layer to use in place of X.

    Raises:
        InputError: the data are of another kind, or a value or name is wrong.
    """
    times = pseudotime if isinstance(pseudotime, pd.DataFrame | pd.Series) else None
    named: Any = None if times is not None else pseudotime
    if isinstance(data, pd.DataFrame):
        if layer is not None or named is not None:
            raise InputError(
                "data: a table has no layers and no obs columns: give pseudotime as a table with "
                "the cells as index"
            )
        found = _from_frame(data)
    elif isinstance(data, str) or hasattr(data, "__fspath__"):
        found = read_user_data(data, pseudotime=named, layer=layer)
    elif hasattr(data, "obs_names") and hasattr(data, "var_names"):
        found = read_anndata(data, "data", layer=layer, pseudotime=named)
    else:
        raise InputError(
            f"data: is a {type(data).__name__}; expected AnnData, a DataFrame with cells in rows "
            "and genes in columns, or the path of a file"
        )
    if times is not None:
        found = replace(found, pseudotime=_trajectories(times, found.cells))
    if regulators is not None:
        found = replace(found, regulators=_candidates(regulators, found.genes))
    return by_gene(found)


def by_gene(dataset: Dataset) -> Dataset:
    """Return the data set as it is read back from files: genes sorted, regulators listed."""
    order = sorted(range(len(dataset.genes)), key=dataset.genes.__getitem__)
    genes = [dataset.genes[i] for i in order]
    return replace(
        dataset,
        genes=genes,
        expression=dataset.expression[order],
        regulators=sorted(genes if dataset.regulators is None else dataset.regulators),
    )


def _from_frame(frame: pd.DataFrame) -> Dataset:
    genes = [str(name).strip() for name in frame.columns]
    cells = [str(name).strip() for name in frame.index]
    for names, kind in ((cells, "cell"), (genes, "gene")):
        check_names(names, kind, "data")
    check_size(genes, cells, "data")
    try:
        expression = np.ascontiguousarray(frame.to_numpy().T, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"data: holds something that is no number; {EXPECTED_VALUES}") from error
    check_values(expression, genes, cells, "data")
    return Dataset(genes, cells, expression, None, no_edges())


def _trajectories(times: pd.DataFrame | pd.Series, cells: Sequence[str]) -> pd.DataFrame:
    table = times.to_frame("pseudotime") if isinstance(times, pd.Series) else times
    table = table.rename(index=str, columns=str)
    missing = [cell for cell in cells if cell not in table.index]
    if missing or len(table) != len(cells):
        example = f" ({missing[0]} is not)" if missing else ""
        raise InputError(f"pseudotime: its index should be the cells of the data{example}")
    try:
        table = table.loc[list(cells)].astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError("pseudotime: holds something that is no number") from error
    if np.isinf(table.to_numpy()).any():
        raise InputError("pseudotime: is infinite; expected NaN where a cell is on no trajectory")
    check_trajectories(table, "pseudotime")
    return table


def _candidates(regulators: Regulators, genes: Sequence[str]) -> list[str]:
    if isinstance(regulators, str) or hasattr(regulators, "__fspath__"):
        return read_regulators(regulators, genes)
    names = list(dict.fromkeys(map(str, regulators)))
    if not names:
        raise InputError("regulators: the list is empty; without one every gene is a candidate")
    check_regulators(names, genes, "regulators")
    return names
