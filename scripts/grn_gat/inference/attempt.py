"""One method on one data set: scores of all pairs, or the reason why there are none."""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method, run_method
from grn_gat.core.errors import InputError
from grn_gat.core.job import cpu_seconds
from grn_gat.core.memory import NotEnoughMemoryError, lacks_memory, memory_limit
from grn_gat.core.repository import repository
from grn_gat.core.seeds import integer_seed
from grn_gat.data.evidence import Evidence
from grn_gat.data.ranked_edges import write_ranked_edges
from grn_gat.inference.cost import expected_memory, measured_as, most_genes, read_costs

_SAFE_SHARE = 0.8  # of the memory that there is, as what a method takes is a rough estimate


@dataclass(frozen=True)
class Cells:
    """What a method sees of a data set: never a known edge.

    Attributes:
        genes: names, in the order of the rows.
        expression: array (genes, cells), >= 0.
        pseudotime: array (cells, trajectories), NaN where a cell is not on one; None without.
        regulators: indices of the candidate regulators, ascending.
        evidence: what else is known of the cells.
        data_set: its name, for methods that ask for it.
    """

    genes: Sequence[str]
    expression: np.ndarray
    pseudotime: np.ndarray | None
    regulators: np.ndarray
    evidence: Evidence = field(default_factory=Evidence)
    data_set: str = ""

    @classmethod
    def named(
        cls,
        genes: Sequence[str],
        expression: np.ndarray,
        pseudotime: pd.DataFrame | None,
        regulators: Sequence[str],
        evidence: Evidence | None = None,
        data_set: str = "",
    ) -> "Cells":
        """Return them with pseudotime as a table, and regulators by their names."""
        position = {gene: i for i, gene in enumerate(genes)}
        times = None if pseudotime is None else pseudotime.to_numpy(dtype=float)
        candidates = np.sort([position[gene] for gene in regulators])
        return cls(genes, expression, times, candidates, evidence or Evidence(), data_set)

    def of(self, indices: np.ndarray) -> "Cells":
        """Return some of the cells."""
        times = None if self.pseudotime is None else self.pseudotime[indices]
        evidence = self.evidence.of_cells(indices)
        expression = self.expression[:, indices]
        return replace(self, expression=expression, pseudotime=times, evidence=evidence)


@dataclass(frozen=True)
class Attempt:
    """What came of it.

    Attributes:
        scores: array (genes, genes), [u, v] of regulator u and target v; None where it failed.
        reason: why it failed, or empty.
        cpu_seconds: of the inference; NaN where it failed.
    """

    scores: np.ndarray | None
    reason: str = ""
    cpu_seconds: float = float("nan")

    @property
    def status(self) -> str:
        """ok or failed."""
        return "failed" if self.scores is None else "ok"


def method_seed(seed: int, method: str, *place: str) -> int:
    """Return the seed of a method, from that of the config.

    Args:
        seed: integer of the config.
        method: name of the method.
        place: of a data set of a study its network, replicate and dropout level; of the user's
            cells nothing, so that what they are called changes no draw; of a part of these cells
            what it is.
    """
    return integer_seed(seed, "infer", method, *place)


def attempt(
    method: str, cells: Cells, seed: int, threads: int, settings: Mapping[str, Any]
) -> Attempt:
    """Run a method; where it is not defined on the data, or breaks, the result says why.

    Raises:
        NotEnoughMemoryError: with more memory, or fewer genes, it may work.
    """
    start = cpu_seconds()
    try:
        scores = run_method(
            method,
            cells.genes,
            cells.expression,
            cells.pseudotime,
            cells.regulators,
            seed,
            threads,
            settings,
            cells.evidence,
            cells.data_set,
        )
    except Exception as error:
        if not isinstance(error, InputError) or lacks_memory(error):
            traceback.print_exc()
        if not lacks_memory(error):
            named = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
            return Attempt(None, f"{named}{error}")
    else:
        return Attempt(scores, cpu_seconds=cpu_seconds() - start)
    # Only here, where what the error holds is free again, is there memory to say so.
    raise NotEnoughMemoryError(_memory_wanted(method, cells, settings))


def _memory_wanted(method: str, cells: Cells, settings: Mapping[str, Any]) -> str:
    """What a method needs, what there is, and what would fit; as far as it was measured."""
    genes, number = cells.expression.shape
    text = f"{load_method(method).title}: not enough memory for {genes} genes x {number} cells"
    table = read_costs(repository() / "workflow/resources/costs.tsv")
    measured = table.get(measured_as(method, settings))
    limit = memory_limit()
    if measured is None or limit is None:
        return f"{text}: take fewer genes, or give it more memory"
    needed = expected_memory(measured, genes, number)
    text += f", which take about {needed / 1e3:.1f} GB of the {limit / 1e9:.1f} GB that there are"
    fitting = most_genes(measured, number, _SAFE_SHARE * limit / 1e6)
    if fitting >= genes:
        return f"{text}: end other programs, or take fewer genes"
    fewer = f"take at most {fitting} genes, or " if fitting > 1 else ""
    return f"{text}: {fewer}give it more memory"


def copies_that_fit(method: str, cells: Cells, settings: Mapping[str, Any]) -> int:
    """Return how many runs of a method there is memory for side by side, at least 1."""
    table = read_costs(repository() / "workflow/resources/costs.tsv")
    measured, limit = table.get(measured_as(method, settings)), memory_limit()
    if measured is None or limit is None:
        return 1
    genes, number = cells.expression.shape
    needed = expected_memory(measured, genes, number, len(cells.regulators))
    return max(1, int(_SAFE_SHARE * limit / 1e6 / needed))


def ranked_edges(found: Attempt, cells: Cells) -> pd.DataFrame:
    """Return scores as columns Gene1, Gene2, EdgeWeight, of a candidate regulator and another gene.

    No row where the method failed.
    """
    names = np.array(cells.genes, dtype=object)
    every = np.arange(len(names))
    first, second = (a.ravel() for a in np.meshgrid(cells.regulators, every, indexing="ij"))
    kept = first != second if found.scores is not None else np.zeros(len(first), dtype=bool)
    scores = np.zeros(0) if found.scores is None else found.scores[first[kept], second[kept]]
    return pd.DataFrame(
        {"Gene1": names[first[kept]], "Gene2": names[second[kept]], "EdgeWeight": scores}
    )


def write_attempt(path: str | Path, found: Attempt, cells: Cells) -> None:
    """Write the ranked edges of all pairs; no row where the method failed."""
    table = ranked_edges(found, cells)
    write_ranked_edges(path, table["Gene1"], table["Gene2"], table["EdgeWeight"])
