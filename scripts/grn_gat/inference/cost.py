"""What the inference of a network would cost, from measurements of smaller and larger ones.

`workflow/resources/costs.tsv` has what `bench/costs.py` measured on one core. Time is taken to grow
as a power of genes and of cells, memory with pairs of genes and with values; what a machine with
other cores or data of another kind take differs, by a factor of two or three.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grn_gat.core.files import PathLike, read_table

_LEAST_SECONDS = 0.01  # measurements below are of the clock
_BYTES_PER_PAIR = 30  # of rankedEdges.csv


@dataclass(frozen=True)
class Cost:
    """CPU seconds on one core, peak memory in MB, and MB on the disk."""

    cpu_seconds: float
    memory_mb: float
    disk_mb: float


def read_costs(path: PathLike) -> Mapping[str, pd.DataFrame]:
    """Return the measurements of each method: genes, cells, cpu_seconds, peak_memory_mb."""
    table = read_table(str(path))
    return {str(method): rows for method, rows in table.groupby("method")}


def expected_cost(measured: pd.DataFrame, genes: int, cells: int, regulators: int) -> Cost:
    """Return what a method costs on a data set, from its measurements."""
    sizes = np.log(measured[["genes", "cells"]].to_numpy(dtype=float))
    design = np.column_stack([np.ones(len(sizes)), sizes])
    seconds = np.log(np.maximum(measured["cpu_seconds"].to_numpy(dtype=float), _LEAST_SECONDS))
    # Large measurements count for more: they are nearer to what one asks for.
    weight = np.exp(seconds / 2)[:, None]
    found = np.linalg.lstsq(design * weight, seconds * weight[:, 0], rcond=None)[0]
    size = np.array([1, np.log(genes), np.log(cells)])
    expected = float(np.exp(size @ np.clip(found, [-np.inf, 0, 0], [np.inf, 4, 3])))
    pairs = regulators * (genes - 1)
    memory = expected_memory(measured, genes, cells)
    return Cost(expected, memory, pairs * _BYTES_PER_PAIR / 1e6)


def expected_memory(measured: pd.DataFrame, genes: int, cells: int) -> float:
    """Return the MB that a method takes at its peak, from its measurements."""
    return float(_memory(measured) @ np.array([1.0, genes**2, genes * cells]))


def most_genes(measured: pd.DataFrame, cells: int, memory_mb: float) -> int:
    """Return how many genes a method would take this much memory for; 0 where it has too little."""
    fixed, pair, value = _memory(measured)
    if fixed >= memory_mb:
        return 0
    # The larger root of pair genes^2 + value cells genes + fixed - memory; stable where pair is 0.
    linear = value * cells
    root = np.sqrt(linear**2 + 4 * pair * (memory_mb - fixed))
    return int(2 * (memory_mb - fixed) / (linear + root)) if linear + root > 0 else sys.maxsize


def _memory(measured: pd.DataFrame) -> np.ndarray:
    """MB that a method always takes, per squared gene, and per value."""
    from scipy.optimize import nnls

    own = measured[["genes", "cells"]].to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(own)), own[:, 0] ** 2, own[:, 0] * own[:, 1]])
    found, _ = nnls(design, measured["peak_memory_mb"].to_numpy(dtype=float))
    return found
