"""Some of the cells of a large data set: as many of each group as it has a share of them."""

from collections.abc import Sequence

import numpy as np

from grn_gat.core.seeds import generator

# Columns of obs that hold clusters or types of cells, as scanpy, Seurat and CELLxGENE call them.
GROUPS = (
    *("leiden", "louvain", "cluster", "clusters", "seurat_clusters"),
    *("cell_type", "celltype", "cell_types", "cell_ontology_class", "annotation"),
)
_MOST_GROUPS = 200
# Which cells are drawn belongs to the data, as which genes: no seed of a config changes it.
_SEED = 0
_EVEN = 10  # every group gets at least a tenth of an even share, as far as it has cells


def groups_column(columns: Sequence[str]) -> str | None:
    """Return the first of the columns of obs that looks like groups of cells."""
    known = {column.lower(): column for column in reversed(columns)}
    return next((known[name] for name in GROUPS if name in known), None)


def are_groups(labels: Sequence[str]) -> bool:
    """Return whether a column tells cells apart, and not each from each."""
    return 1 < len(set(labels)) <= min(_MOST_GROUPS, len(labels) // 2)


def choose_cells(number: int, most: int, groups: Sequence[str] | None = None) -> np.ndarray:
    """Draw cells, the same ones each time.

    Args:
        number: of cells that there are.
        most: cells to draw, fewer than there are.
        groups: of each cell; None: all are one group.

    Returns:
        Indices, ascending.
    """
    labels = np.array(["all"] * number if groups is None else list(groups), dtype=object)
    names = sorted(set(labels))
    members = [np.flatnonzero(labels == name) for name in names]
    shares = quotas([len(group) for group in members], most)
    drawn = [
        generator(_SEED, "cells", str(name)).permutation(group)[:share]
        for name, group, share in zip(names, members, shares, strict=True)
    ]
    return np.sort(np.concatenate(drawn))


def quotas(sizes: Sequence[int], most: int) -> list[int]:
    """Return how many of each group are drawn, `most` in all.

    Each group has its share, rounded (largest remainders first); a small one at least a tenth of
    what it would have if all were equal, or all that it has.
    """
    there = np.array(sizes)
    least = np.minimum(there, most // (_EVEN * len(there)))
    rest, left = there - least, most - int(least.sum())
    wanted = rest * (left / max(1, int(rest.sum())))
    found = np.floor(wanted).astype(int)
    order = np.argsort(-(wanted - found), kind="stable")
    found[order[: left - int(found.sum())]] += 1
    return [int(n) for n in least + found]
