"""A method on groups of cells: what their networks share, and what is of one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method, uses_threads
from grn_gat.core.own_methods import own_folder, own_methods
from grn_gat.core.progress import duration, steps
from grn_gat.core.repository import repository
from grn_gat.core.seeds import generator
from grn_gat.data.doubts import COUNTS, kind_of_values
from grn_gat.data.expression import MINIMUM_GENES
from grn_gat.evaluate.group_differences import (
    EDGES,
    FEWEST_CELLS,
    HUBS,
    OVERLAP,
    Strongest,
    comparable,
    edge_differences,
    hub_shifts,
    matched,
    mean_of_others,
    once,
    overlaps,
    strongest,
    thinned,
)
from grn_gat.inference.attempt import Cells, attempt, copies_that_fit, method_seed
from grn_gat.inference.cost import expected_cost, measured_as, read_costs

# Permutations that are made unless somebody says how many: the fewest with which a p of 5 % can be.
PERMUTATIONS = 19
PARTS = 10  # of the cells of each group, for the interval of a difference
SHARE = 0.8  # of the cells, in each part
# Spread of a part's difference -> that of the difference: the delete-d jackknife (Shao and Wu,
# Annals of Statistics 17 (1989) 1176).
_FACTOR = float(np.sqrt(SHARE / (1 - SHARE)))
_MOST_SECONDS = 300  # of CPU that a comparison takes unless somebody asks for it


@dataclass(frozen=True)
class Comparison:
    """What a method says of groups.

    Attributes:
        edges: `group_differences.edge_differences`.
        hubs: `group_differences.hub_shifts`.
        overlap: `group_differences.overlaps`.
        genes: how many are compared.
        permutations: how many were made.
        untold: why they tell nothing; else empty.
        left_out: which genes are not compared; else empty.
    """

    edges: pd.DataFrame
    hubs: pd.DataFrame
    overlap: pd.DataFrame
    genes: int
    permutations: int
    untold: str = ""
    left_out: str = ""


def number_of_permutations(
    asked: int | None,
    method: str,
    sizes: Sequence[tuple[int, int, int]],
    settings: Mapping[str, Any],
) -> tuple[int, str]:
    """Return how often labels are permuted, and why they tell nothing, where they do not.

    Args:
        asked: by the user; None where nobody said.
        method: its name.
        sizes: of each group the numbers of genes, cells and candidate regulators.
        settings: of the method.
    """
    if asked == 0:
        return 0, "no permutation was asked for"
    if asked is not None and asked < PERMUTATIONS:
        made = "1 permutation is" if asked == 1 else f"{asked} permutations are"
        return asked, f"{made} too few to tell anything at 5 %, which needs {PERMUTATIONS} or more"
    if asked is not None:
        return asked, ""
    rows = read_costs(repository() / "workflow/resources/costs.tsv").get(
        measured_as(method, settings)
    )
    if rows is None:
        return 0, "what it costs was not measured: permutations only where they are asked for"
    seconds = sum(expected_cost(rows, *size).cpu_seconds for size in sizes)
    if seconds * (PERMUTATIONS + PARTS) > _MOST_SECONDS:
        time = duration(seconds * PERMUTATIONS)
        return 0, f"{PERMUTATIONS} permutations would take about {time} of one core"
    return PERMUTATIONS, ""


def compare_groups(
    method: str,
    names: Sequence[str],
    groups: Sequence[Cells],
    observed: np.ndarray,
    number: int,
    asked: int | None,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
) -> Comparison:
    """Compare the networks that a method infers from groups of cells.

    Args:
        method: its name.
        names: of the groups, two or more.
        groups: cells of each, of the same genes and regulators in the same order.
        observed: array (groups, regulators, genes), their scores (`scores_of`). Where labels are
            permuted, those of counts are found anew, of counts that are as high in all groups.
        number: edges of the network of each, of all genes.
        asked: permutations; None: as many as are usual where that costs little.
        seed: integer of the config.
        threads: processes.
        settings: of the method.

    Raises:
        NotEnoughMemoryError: with more memory, or fewer genes, it may work.
    """
    sizes = [(*one.expression.shape, len(one.regulators)) for one in groups]
    permutations, untold = number_of_permutations(asked, method, sizes, settings)
    pooled = _pooled(groups)
    labels = np.repeat(np.arange(len(groups)), [one.expression.shape[1] for one in groups])
    counts = bool(permutations) and kind_of_values(pooled.expression) == COUNTS
    if counts:
        rng = generator(seed, "infer", "groups", "thinned")
        pooled = replace(pooled, expression=thinned(pooled.expression, labels, rng))
    known = comparable([pooled.expression[:, labels == k] for k in range(len(groups))])
    columns = np.flatnonzero(known)
    rows = np.flatnonzero(known[groups[0].regulators])
    genes = [groups[0].genes[int(k)] for k in columns]
    regulators = [groups[0].genes[int(k)] for k in groups[0].regulators[rows]]
    if len(genes) < MINIMUM_GENES or not regulators:
        return nothing_compared(f"{len(genes)} genes are in {FEWEST_CELLS} cells of every group")
    number = min(number, round(number * len(genes) / len(known)) or 1)
    observed = observed[:, rows][:, :, columns]
    left_out = (
        f"{len(known) - len(genes)} of {len(known)} genes, which fewer than {FEWEST_CELLS} "
        "cells of some group have, are not compared"
        if len(genes) < len(known)
        else ""
    )
    job = _Job(method, pooled, rows, columns, number, counts, seed, settings)
    own = uses_threads(method)
    if counts:
        again = job.scores(labels, "thinned", threads if own else 1)
        if again is None:
            return nothing_compared("no network of some group, of counts thinned to the same level")
        observed = again
    found = strongest(observed, number)
    directed = load_method(method).directed
    kept = np.ones(len(rows) * len(columns), dtype=bool) if directed else once(regulators, genes)
    listed = found.only(kept)
    tasks = [("permuted", k) for k in range(permutations)]
    if permutations:
        tasks += [("part", k) for k in range(PARTS)]
    done = list(_each(job, labels, listed, tasks, 1 if own else threads, threads if own else 1))
    permuted = [one for one, (kind, _) in zip(done, tasks, strict=True) if kind == "permuted"]
    parts = [one for one, (kind, _) in zip(done, tasks, strict=True) if kind == "part"]
    if any(one is None for one in done):
        permuted, parts = [], []
        untold = "the method gives no network of some permuted group"
    table = edge_differences(
        listed,
        [one.only(kept) for one in permuted],
        np.array(parts) if parts else None,
        names,
        regulators,
        genes,
    )
    hubs = hub_shifts(found, permuted, names, regulators)
    overlap = overlaps(found, permuted, names)
    return Comparison(table, hubs, overlap, len(genes), len(permuted), untold, left_out)


def nothing_compared(untold: str) -> Comparison:
    """Return a comparison that says nothing, and why."""
    edges, hubs, overlap = (pd.DataFrame(columns=columns) for columns in (EDGES, HUBS, OVERLAP))
    return Comparison(edges, hubs, overlap, 0, 0, untold)


def scores_of(ranked: pd.DataFrame, regulators: Sequence[str], genes: Sequence[str]) -> np.ndarray:
    """Return ranked edges (Gene1, Gene2, EdgeWeight) as an array (regulators, genes), NaN without.

    Edges of other genes are left out.
    """
    rows = pd.Index(regulators).get_indexer(ranked["Gene1"])
    columns = pd.Index(genes).get_indexer(ranked["Gene2"])
    known = (rows >= 0) & (columns >= 0)
    scores = np.full((len(regulators), len(genes)), np.nan)
    scores[rows[known], columns[known]] = ranked["EdgeWeight"].to_numpy()[known]
    return scores


def _pooled(groups: Sequence[Cells]) -> Cells:
    """All cells, group after group; evidence is not part of a comparison."""
    first = groups[0]
    expression = np.concatenate([one.expression for one in groups], axis=1)
    times = [one.pseudotime for one in groups if one.pseudotime is not None]
    pseudotime = np.concatenate(times) if len(times) == len(groups) else None
    return Cells(first.genes, expression, pseudotime, first.regulators)


@dataclass(frozen=True)
class _Job:
    """A method on labelled cells."""

    method: str
    cells: Cells
    rows: np.ndarray  # of the regulators that are compared
    columns: np.ndarray  # of the genes
    number: int
    thinned: bool  # whether each gene has the same mean in all groups
    seed: int
    settings: Mapping[str, Any]

    def scores(self, labels: np.ndarray, what: str, threads: int = 1) -> np.ndarray | None:
        """Array (groups, regulators, genes) of scores; None where the method fails on a group."""
        found = []
        for group in range(labels.max() + 1):
            part = self.cells.of(np.flatnonzero(labels == group))
            seed = method_seed(self.seed, self.method, what, str(group))
            one = attempt(self.method, part, seed, threads, self.settings)
            if one.scores is None:
                return None
            values = one.scores[part.regulators]
            values[np.arange(len(values)), part.regulators] = np.nan
            found.append(values[self.rows][:, self.columns])
        return np.array(found)

    def permuted(self, labels: np.ndarray, number: int, threads: int) -> Strongest | None:
        """The strongest pairs where the labels of the cells are permuted."""
        rng = generator(self.seed, "infer", "groups", "permuted", number)
        job = self
        if not self.thinned:
            cells = replace(self.cells, expression=matched(self.cells.expression, labels))
            job = replace(self, cells=cells)
        scores = job.scores(rng.permutation(labels), f"permuted {number}", threads)
        return None if scores is None else strongest(scores, self.number)

    def part(
        self, labels: np.ndarray, number: int, found: Strongest, threads: int
    ) -> np.ndarray | None:
        """Differences of the same pairs in a part of the cells of each group, scaled."""
        rng = generator(self.seed, "infer", "groups", "part", number)
        kept = labels.copy()
        for group in range(labels.max() + 1):
            own = np.flatnonzero(labels == group)
            left_out = rng.permutation(own)[round(SHARE * len(own)) :]
            kept[left_out] = -1
        scores = self.scores(kept, f"part {number}", threads)
        if scores is None:
            return None
        flat = np.nan_to_num(scores).reshape(len(scores), -1)
        others = mean_of_others(flat)
        signs = [np.sign(own) for own in found.scores]
        return _FACTOR * np.concatenate(
            [
                sign * (own[where] - rest[where])
                for sign, own, rest, where in zip(signs, flat, others, found.pairs, strict=True)
            ]
        )

    def run(
        self, kind: str, number: int, labels: np.ndarray, found: Strongest, threads: int
    ) -> Strongest | np.ndarray | None:
        """One of the tasks of a comparison."""
        if kind == "permuted":
            return self.permuted(labels, number, threads)
        return self.part(labels, number, found, threads)


def _each(
    job: _Job,
    labels: np.ndarray,
    found: Strongest,
    tasks: Sequence[tuple[str, int]],
    processes: int,
    threads: int,
) -> Iterator[Any]:
    """What comes of the tasks, in their order, by as many processes as there is memory for."""
    copies = min(processes, len(tasks), copies_that_fit(job.method, job.cells, job.settings))
    if copies < 2:
        for kind, number in steps(tasks):
            yield job.run(kind, number, labels, found, threads)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    pool = Parallel(n_jobs=copies, backend="loky", return_as="generator")
    jobs = (delayed(_in_worker)(own_folder(), job, task, labels, found) for task in tasks)
    try:
        yield from steps(pool(jobs), len(tasks))
    finally:  # ended children count in the CPU time; after an interruption none may go on
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _in_worker(
    folder: str, job: _Job, task: tuple[str, int], labels: np.ndarray, found: Strongest
) -> Any:
    """A task, in a process that knows the user's own methods."""
    with own_methods(folder):
        return job.run(*task, labels, found, 1)
