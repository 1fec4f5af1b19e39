"""Pseudotime as a trajectory inference would tell it: several lineages, noise, wrong branches.

Cell types form a tree; a lineage is the path from its root to a leaf, and a cell is on each lineage
that its type is on (so Slingshot: Street et al., BMC Genomics 2018). What is told of a cell's
progress has the order of the truth, not its scale, and noise.
"""

from collections.abc import Mapping

import numpy as np

from grn_gat.simulate.transcriptional_topology import log_uniform


def lineages(parents: np.ndarray) -> np.ndarray:
    """Which types are on which lineage, (lineages, types) bool, by leaf in ascending order.

    Args:
        parents: (types,): the type that each came from, -1 of the first.
    """
    leaves = np.setdiff1d(np.arange(len(parents)), parents)
    found = np.zeros((len(leaves), len(parents)), bool)
    for row, leaf in zip(found, leaves, strict=True):
        while leaf >= 0:
            row[leaf] = True
            leaf = parents[leaf]
    return found


def draw_pseudotime(
    settings: Mapping,
    parents: np.ndarray,
    types: np.ndarray,
    progress: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw what is told of the progress of cells.

    Args:
        settings: block `evidence.pseudotime` of the pretraining config.
        parents: (types,): the type that each came from, -1 of the first.
        types: (cells,): the type a cell is in, or on the way to.
        progress: (cells,): true one, in [0, 1].
        rng: source of every draw.

    Returns:
        (lineages, cells) float32, NaN where a cell is not on the lineage. A lineage without cells
        is left out. The zero-shot model takes the transpose.
    """
    on = lineages(parents)[:, types]
    on = _misplaced(on, rng.uniform(*settings["wrong_lineage"]), rng)
    on = on[on.any(axis=1)]
    # Distribution function of Kumaraswamy: bends [0, 1] to itself, anywhere, and keeps the order.
    first, second = log_uniform(rng, settings["warp"], 2)
    told = 1 - (1 - np.clip(progress, 0, 1) ** first) ** second
    told = told + rng.normal(0, rng.uniform(*settings["noise"]), len(progress))
    return np.where(on, told, np.nan).astype(np.float32)


def _misplaced(on: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Put a share of the cells on one lineage that they are not on; there may be none for some."""
    chance = rng.random(on.shape[1])
    other = np.where(on, -1.0, rng.random(on.shape)).argmax(axis=0)
    cells = np.flatnonzero((chance < share) & ~on.all(axis=0))
    on = on.copy()
    on[:, cells] = False
    on[other[cells], cells] = True
    return on
