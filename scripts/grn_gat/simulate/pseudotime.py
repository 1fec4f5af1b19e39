"""Pseudotime of simulated cells, one column per lineage, as evaluation tools expect it."""

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError


def cluster_trajectories(trajectories: np.ndarray, n_trajectories: int, seed: int) -> np.ndarray:
    """Return the k-means cluster (0 to k - 1) of whole runs, numbered by their first member.

    `trajectories` has the shape (runs, times, genes). The result depends on `seed` modulo 2^32.
    """
    runs = len(trajectories)
    if not 1 <= n_trajectories <= runs:
        raise InputError(
            f"pseudotime: the number of trajectories must be between 1 and the {runs} simulated "
            f"cells, got {n_trajectories}."
        )
    if n_trajectories == 1:
        return np.zeros(runs, dtype=np.int64)
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    points = np.asarray(trajectories, np.float64).reshape(runs, -1)
    with threadpool_limits(limits=1):
        found = KMeans(n_trajectories, n_init=10, random_state=seed % 2**32).fit_predict(points)
    _, first = np.unique(found, return_index=True)
    rank = np.empty(found.max() + 1, dtype=np.int64)
    rank[found[np.sort(first)]] = np.arange(len(first))
    return rank[found]


def pseudotime_table(
    time_index: np.ndarray,
    trajectories: np.ndarray,
    n_trajectories: int,
    cell_names: list[str],
    seed: int,
) -> pd.DataFrame:
    """Return the pseudotime (i - i_min) / (i_max - i_min) of every cell, indexed by cell name.

    The only column is `PseudoTime` for one trajectory; else there are `PseudoTime1` to
    `PseudoTime<k>`, rounded to five digits, and a cell has a value only in that of its cluster.
    """
    index = np.asarray(time_index)
    if index.ndim == 2 and index.shape[1] == 1:
        index = index[:, 0]
    if index.ndim != 1:
        raise InputError("pseudotime: every cell must be observed at exactly one time.")
    if not len(index) == len(trajectories) == len(cell_names) > 0:
        raise InputError(
            f"pseudotime: got {len(index)} time points, {len(trajectories)} trajectories and "
            f"{len(cell_names)} cell names; give one of each per cell."
        )
    span = index.max() - index.min()
    value = (index - index.min()) / span if span else np.zeros(len(index))
    if n_trajectories == 1:
        return pd.DataFrame({"PseudoTime": value}, index=list(cell_names))
    cluster = cluster_trajectories(trajectories, n_trajectories, seed)
    value = np.round(value, 5)
    columns = {
        f"PseudoTime{k + 1}": np.where(cluster == k, value, np.nan) for k in range(n_trajectories)
    }
    return pd.DataFrame(columns, index=list(cell_names))
