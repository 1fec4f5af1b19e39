"""What the inference of a network would cost, from measurements of smaller and larger ones.

`workflow/resources/costs.tsv` has what `bench/costs.py` measured on one core. Time is taken to grow
as a power of genes and of cells, or, of a method that was measured with few candidate regulators
too, with pairs of a regulator and a gene and with values; memory with pairs and with values. What a
machine with other cores or data of another kind take differs, by a factor of two or three.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.files import PathLike, read_table
from grn_gat.zeroshot.weights_metadata import read_metadata

ANY_DATA = "gat-zeroshot:any-data"  # in place of the method, with weights of any data
_FORMAT = "subsets and aggregator"  # of these weights (zeroshot_model.FORMAT, without torch)
_LEAST_SECONDS = 0.01  # measurements below are of the clock
# What the command keeps of a pair, and more where a list of all pairs is asked for.
_BYTES_PER_PAIR = {"none": 8, "csv": 8 + 30, "h5ad": 8 + 12}


@dataclass(frozen=True)
class Cost:
    """CPU seconds on one core, peak memory in MB, and MB on the disk."""

    cpu_seconds: float
    memory_mb: float
    disk_mb: float


def read_costs(path: PathLike) -> Mapping[str, pd.DataFrame]:
    """Return the measurements of each method; weights of any data have a name, `ANY_DATA`.

    Columns genes, cells, regulators, cpu_seconds and peak_memory_mb.
    """
    table = read_table(str(path))
    return {str(method): rows for method, rows in table.groupby("method")}


def measured_as(method: str, settings: Mapping[str, Any]) -> str:
    """Return the name that a method with these settings has in the table of measurements."""
    weights = str(settings.get("weights", ""))
    there = Path(weights).is_file()
    return ANY_DATA if there and read_metadata(weights).get("format") == _FORMAT else method


def expected_cost(
    measured: pd.DataFrame, genes: int, cells: int, regulators: int, pairs: str = "none"
) -> Cost:
    """Return what a method costs on a data set, from its measurements.

    `pairs`: form in which the list of all pairs is written (key `pairs` of the config).
    """
    by_pairs = bool((_regulators(measured) != measured["genes"]).any())
    expected = (_by_pairs if by_pairs else _by_powers)(measured, genes, cells, regulators)
    memory = expected_memory(measured, genes, cells, regulators if by_pairs else genes)
    return Cost(expected, memory, regulators * (genes - 1) * _BYTES_PER_PAIR[pairs] / 1e6)


def _by_powers(measured: pd.DataFrame, genes: int, cells: int, regulators: int) -> float:
    """Seconds, of a method of which every gene is a candidate regulator, or takes as long."""
    sizes = np.log(measured[["genes", "cells"]].to_numpy(dtype=float))
    design = np.column_stack([np.ones(len(sizes)), sizes])
    seconds = np.log(np.maximum(measured["cpu_seconds"].to_numpy(dtype=float), _LEAST_SECONDS))
    # Large measurements count for more: they are nearer to what one asks for.
    weight = np.exp(seconds / 2)[:, None]
    found = np.linalg.lstsq(design * weight, seconds * weight[:, 0], rcond=None)[0]
    size = np.array([1, np.log(genes), np.log(cells)])
    return float(np.exp(size @ np.clip(found, [-np.inf, 0, 0], [np.inf, 4, 3])))


def _by_pairs(measured: pd.DataFrame, genes: int, cells: int, regulators: int) -> float:
    """Seconds, of a method that scores pairs of a candidate regulator and a gene one by one."""
    from scipy.optimize import nnls

    seconds = np.maximum(measured["cpu_seconds"].to_numpy(dtype=float), _LEAST_SECONDS)
    # Every measurement counts for its relative error.
    found, _ = nnls(_design(measured) / seconds[:, None], np.ones(len(seconds)))
    return float(found @ np.array([1.0, genes * regulators, genes * cells]))


def expected_memory(
    measured: pd.DataFrame, genes: int, cells: int, regulators: int | None = None
) -> float:
    """Return the MB that a method takes at its peak, from its measurements.

    Without `regulators` every gene is one.
    """
    pairs = genes * (genes if regulators is None else regulators)
    return float(_memory(measured) @ np.array([1.0, pairs, genes * cells]))


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
    """MB that a method always takes, per pair, and per value."""
    from scipy.optimize import nnls

    found, _ = nnls(_design(measured), measured["peak_memory_mb"].to_numpy(dtype=float))
    return found


def _design(measured: pd.DataFrame) -> np.ndarray:
    genes, cells = measured[["genes", "cells"]].to_numpy(dtype=float).T
    regulators = _regulators(measured).to_numpy(dtype=float)
    return np.column_stack([np.ones(len(genes)), genes * regulators, genes * cells])


def _regulators(measured: pd.DataFrame) -> pd.Series:
    return measured["regulators"] if "regulators" in measured else measured["genes"]
