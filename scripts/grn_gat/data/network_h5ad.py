"""Cells and all their networks as one AnnData file, for scanpy and what stands on it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from grn_gat.core.files import PathLike, atomic_path
from grn_gat.core.version import VERSION
from grn_gat.data.file_kinds import is_h5ad

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MEASURES = ("degree", "in_degree", "out_degree", "pagerank")


def write_network_h5ad(
    path: PathLike,
    genes: Sequence[str],
    cells: Sequence[str],
    values: np.ndarray,
    scores: Mapping[str, pd.DataFrame],
    hubs: Mapping[str, pd.DataFrame],
    expression: PathLike,
) -> None:
    """Write AnnData (cells, genes) as the methods saw it, with the scores of all pairs.

    `varp[<method>]` holds the scores (regulator, target), sparse, as the method gave them; columns
    of var begin with the method's name and have hub measures of its drawn network; `uns["grn_gat"]`
    says which methods there are. Of an .h5ad file, obs and obsm of these cells come along.

    Args:
        path: file to write; it appears complete or not at all.
        genes, cells: names, as the methods saw them.
        values: (genes, cells) expression.
        scores: of each method its ranked edges; none where it failed.
        hubs: of each method its hubs.tsv.
        expression: the file that the cells are from.
    """
    from anndata import AnnData
    from scipy.sparse import csr_array

    names = pd.Index(genes, name="gene")
    obs, obsm = _of_cells(expression, cells)
    var = pd.DataFrame(index=names)
    for method, table in hubs.items():
        if not len(scores[method]):
            continue
        measured = table.set_index("gene").reindex(names)
        for measure in _MEASURES:
            var[f"{method}_{measure}"] = measured[measure].to_numpy()
    adata = AnnData(
        csr_array(values.T.astype(np.float32)),
        obs=obs,
        var=var,
        obsm=obsm,
        varp={method: _matrix(names, ranked) for method, ranked in scores.items() if len(ranked)},
        uns={"grn_gat": {"methods": list(scores), "version": VERSION}},
    )
    with atomic_path(path) as temporary:
        adata.write_h5ad(temporary, compression="gzip")


def _matrix(genes: pd.Index, ranked: pd.DataFrame) -> "csr_array":
    """Scores of pairs, (genes, genes), regulators in rows."""
    from scipy.sparse import coo_array

    first, second = (genes.get_indexer(ranked[column]) for column in ("Gene1", "Gene2"))
    values = ranked["EdgeWeight"].to_numpy(dtype=float)
    return coo_array((values, (first, second)), shape=(len(genes), len(genes))).tocsr()


def _of_cells(
    expression: PathLike, cells: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return obs and the arrays of obsm of some cells; of other files than .h5ad names alone."""
    names = pd.Index(cells, name="cell")
    if not is_h5ad(expression):
        return pd.DataFrame(index=names), {}
    import h5py
    from anndata.io import read_elem

    with h5py.File(Path(expression)) as file:
        obs = read_elem(file["obs"])
        held = {key: read_elem(file["obsm"][key]) for key in file.get("obsm", {})}
    places = pd.Index(obs.index.astype(str).str.strip()).get_indexer(names)
    chosen = obs.iloc[places].set_axis(names)
    return chosen, {k: v[places] for k, v in held.items() if isinstance(v, np.ndarray)}
