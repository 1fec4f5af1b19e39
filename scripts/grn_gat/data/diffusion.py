"""Pseudotime of cells that come without one: how far each is from a named root by diffusion.

Diffusion pseudotime (Haghverdi et al., Nature Methods 13 (2016) 845) by scanpy (Wolf, Angerer and
Theis, Genome Biology 19 (2018) 15), with its usual settings: counts divided by the total of their
cell and log-transformed, 50 principal components, 15 neighbours, found exactly.
"""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.core.spelling import did_you_mean
from grn_gat.data.cell_preparation import DIFFUSION
from grn_gat.data.doubts import COUNTS, kind_of_values

TRAJECTORY = "diffusion pseudotime"
FEWEST = 30  # cells
_TOTAL = 10_000
_COMPONENTS, _NEIGHBOURS, _MAPS = 50, 15, 10
_DIGITS = 6  # of a pseudotime from 0 to 1: further ones depend on the number of cores


def root_of(
    root: str,
    cells: Sequence[str],
    labels: np.ndarray | None,
    values: np.ndarray,
    where: str,
    remarks: Remarks,
) -> int:
    """Return the place of the cell that the pseudotime begins at.

    Args:
        root: name of a cell, or `COLUMN=LABEL`: of the cells with that label the one nearest to
            their mean.
        cells: names.
        labels: of each cell, where `root` names a label; else None.
        values: array (genes, cells).
        where: what messages call the file.
        remarks: takes which cell is meant by a label.

    Raises:
        InputError: there is no such cell or label.
    """
    if labels is None:
        if root not in cells:
            raise InputError(
                f"root: {where}: no cell is called {root!r}{did_you_mean(root, cells)}; "
                "expected the name of a cell that is taken, or COLUMN=LABEL of obs"
            )
        return list(cells).index(root)
    column, _, label = root.partition("=")
    own = np.flatnonzero(labels == label)
    if not len(own):
        there = ", ".join(sorted(set(labels) - {""})[:10])
        raise InputError(f"root: {where}: no cell has {label!r} in {column}; there are {there}")
    part = np.log1p(values[:, own])
    apart = ((part - part.mean(axis=1, keepdims=True)) ** 2).sum(axis=0)
    found = int(own[np.argmin(apart)])
    remarks.guessed(
        where, f"pseudotime by diffusion begins at {cells[found]}, nearest to the mean of {root}"
    )
    return found


def diffusion_pseudotime(
    values: np.ndarray, cells: Sequence[str], root: int, where: str, remarks: Remarks
) -> pd.DataFrame:
    """Return the pseudotime of cells, from 0 at the root to 1.

    Args:
        values: array (genes, cells), >= 0.
        cells: names.
        root: place of the cell to begin at.
        where: what messages call the file.
        remarks: takes how many cells are not connected with the root.

    Returns:
        Table (cells, 1), NaN where a cell is not connected.

    Raises:
        InputError: there are fewer than `FEWEST` cells.
    """
    if len(cells) < FEWEST:
        raise InputError(
            f"pseudotime: {where}: {len(cells)} cells; {DIFFUSION} needs {FEWEST} or more"
        )
    with warnings.catch_warnings():  # in a notebook, of progress bars that nobody asked for
        warnings.filterwarnings("ignore", "IProgress")
        found = _by_scanpy(values, root)
    times = np.round(found, _DIGITS)
    apart = ~np.isfinite(times)
    times[apart] = np.nan
    if apart.any():
        remarks.left_out(
            where, f"{int(apart.sum())} of {len(cells)} cells of the pseudotime: not connected"
        )
    return pd.DataFrame({TRAJECTORY: times}, index=list(cells))


def _by_scanpy(values: np.ndarray, root: int) -> np.ndarray:
    """Pseudotime (cells,), infinite where a cell is not connected with the root."""
    import anndata
    import scanpy

    data = anndata.AnnData(values.T.copy())
    if kind_of_values(values) == COUNTS:
        scanpy.pp.normalize_total(data, target_sum=_TOTAL)
        scanpy.pp.log1p(data)
    components = min(_COMPONENTS, min(data.shape) - 1)
    scanpy.pp.pca(data, n_comps=components, random_state=0)
    neighbours = min(_NEIGHBOURS, data.n_obs - 1)
    scanpy.pp.neighbors(data, n_neighbors=neighbours, transformer="sklearn", random_state=0)
    scanpy.tl.diffmap(data, n_comps=_MAPS + 1, random_state=0)
    data.uns["iroot"] = root
    scanpy.tl.dpt(data, n_dcs=_MAPS)
    found: np.ndarray = data.obs["dpt_pseudotime"].to_numpy(dtype=float)
    return found
