"""Methods that read the cells in the order of pseudotime, one trajectory after the other."""

from collections.abc import Callable

import numpy as np

from grn_gat.core.errors import InputError


def best_over_trajectories(
    title: str,
    score: Callable[[np.ndarray, np.ndarray], np.ndarray],
    expression: np.ndarray,
    pseudotime: np.ndarray,
    least_cells: int,
) -> np.ndarray:
    """Apply a method to the cells of each trajectory and keep the largest |score| of each pair.

    That is how BEELINE (Pratapa et al., Nature Methods 2020) runs methods made for one trajectory.
    A cell on several trajectories counts in each. Linear algebra runs in one thread, so that the
    result has the same bytes on any number of cores.

    Args:
        title: name of the method, for messages.
        score: takes expression (genes, cells) in the order of time, cells at the same time in the
            order given, and their time (cells,) scaled to [0, 1]; returns (genes, genes).
        expression: (genes, cells).
        pseudotime: (cells, trajectories) in any unit, NaN where a cell is not on a trajectory.
        least_cells: number of cells that a trajectory needs.

    Returns:
        (genes, genes), with the sign that the best trajectory gives.

    Raises:
        InputError: no trajectory, or one with too few cells or without any spread in time.
    """
    from threadpoolctl import threadpool_limits

    pseudotime = np.asarray(pseudotime, dtype=float)
    on = ~np.isnan(pseudotime)
    if pseudotime.shape[1] == 0:
        raise InputError(f"{title} needs a pseudotime, and the data set has no trajectory")
    for number, cells in enumerate(on.sum(axis=0), start=1):
        if cells < least_cells:
            raise InputError(
                f"{title} needs at least {least_cells} cells on each trajectory, and trajectory "
                f"{number} has {cells}"
            )
        if np.ptp(pseudotime[on[:, number - 1], number - 1]) == 0:
            raise InputError(
                f"{title} needs cells at different times, and the {cells} cells of trajectory "
                f"{number} have the same pseudotime"
            )
    best = np.zeros((len(expression),) * 2)
    with threadpool_limits(limits=1):
        for time, cells in zip(pseudotime.T, on.T, strict=True):
            time = time[cells]
            order = np.argsort(time, kind="stable")
            scaled = (time[order] - time.min()) / np.ptp(time)
            scores = score(np.asarray(expression, dtype=float)[:, cells][:, order], scaled)
            best = np.where(np.abs(scores) > np.abs(best), scores, best)
    return best
