"""How stable the edges of a method are: it runs again on parts of the cells.

An edge that is among the strongest of all cells, and of few random parts of them, is one of the
cells that happen to be there; one that no donor's own cells have is one of their differences. After
stability selection (Meinshausen and Bühlmann, Journal of the Royal Statistical Society B 72 (2010)
417), with the runs of one method in place of those of the lasso.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method, uses_threads
from grn_gat.core.memory import NotEnoughMemoryError, lacks_memory
from grn_gat.core.own_methods import own_folder, own_methods
from grn_gat.core.progress import steps
from grn_gat.core.seeds import generator
from grn_gat.data.network_export import choose_edges
from grn_gat.inference.attempt import Cells, attempt, copies_that_fit, method_seed, ranked_edges
from grn_gat.inference.cell_parts import of_donors

Found = set[tuple[str, str]] | None
SHARE = 0.8  # of the cells, in each part
# Parts that are made unless somebody says how many; fewer of many pairs.
RUNS, RUNS_OF_MANY, MANY_PAIRS = 10, 5, 10**6
_WORTH = 20  # seconds that runs would take one after the other: less is not worth other processes
_WITHOUT = {
    "part": "go without runs on parts of the cells (--stability 0)",
    "donor": "go without runs on the cells of each donor (--donors)",
}
RANDOM = ["regulator", "target", "runs", "stability"]
DONORS = ["regulator", "target", "networks", "donors"]


def number_of_runs(asked: int | None, regulators: int, genes: int, groups: int = 1) -> int:
    """Return on how many random parts a method is run; `asked` is None where nobody said.

    Of a data set that is one of several groups the pairs of all of them count.
    """
    usual = RUNS_OF_MANY if regulators * (genes - 1) * groups > MANY_PAIRS else RUNS
    return usual if asked is None else asked


def stability_table(
    method: str,
    ranked: pd.DataFrame,
    number: int,
    cells: Cells,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
    runs: int,
) -> pd.DataFrame:
    """Run a method on random parts of the cells, and count how often it has the same edges.

    Args:
        method: name of the method.
        ranked: its ranked edges (Gene1, Gene2, EdgeWeight) of all cells; none where it failed.
        number: edges of the network, as `evaluate.inferred.number_of_edges` has it.
        cells: what the method saw of the data.
        seed: integer of the config.
        threads: processes: of the method where it uses several, else of its runs.
        settings: of the method.
        runs: number of parts, of `SHARE` of the cells each, drawn without replacement.

    Returns:
        A row for each of the strongest edges, in their order: regulator, target, runs (those that
        did not fail) and stability (share of them that have the edge among as many; NaN without).
        No row where the method failed.

    Raises:
        NotEnoughMemoryError: with more memory, or fewer genes, it may work.
    """
    parts = [_some(cells.expression.shape[1], seed, run) for run in range(runs)]
    found = _counted(method, ranked, number, cells, seed, threads, settings, parts, "part")
    return found.set_axis(RANDOM, axis=1)


def donor_table(
    method: str,
    ranked: pd.DataFrame,
    number: int,
    cells: Cells,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
    donors: np.ndarray,
) -> pd.DataFrame:
    """Run a method on the cells of each donor that has enough, and count who shows which edges.

    Args and errors as of `stability_table`, but

        donors: label of each cell, '' where none is known.

    Returns:
        A row for each of the strongest edges, in their order: regulator, target, networks (of
        donors: those on whose cells the method did not fail) and donors (share of them that have
        the edge among as many; NaN without).
    """
    parts = of_donors(donors)
    found = _counted(method, ranked, number, cells, seed, threads, settings, parts, "donor")
    return found.set_axis(DONORS, axis=1)


def _counted(
    method: str,
    ranked: pd.DataFrame,
    number: int,
    cells: Cells,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
    parts: Sequence[np.ndarray],
    kind: str,
) -> pd.DataFrame:
    """Of each of the strongest edges regulator, target, number of networks, share that has it."""
    edges = choose_edges(ranked, number if len(ranked) else 0, load_method(method).directed)
    pairs = list(zip(edges["regulator"], edges["target"], strict=True))
    asked = [(indices, f"{kind} {k}") for k, indices in enumerate(parts)]
    again = partial(_network, method, number, cells, seed, settings=settings)
    found = list(_each(again, asked if pairs else [], method, cells, threads, settings))
    networks, share = _shares(pairs, found)
    table = edges[["regulator", "target"]].assign(networks=networks, share=share)
    return table.reset_index(drop=True)


def _network(
    method: str,
    number: int,
    cells: Cells,
    seed: int,
    indices: np.ndarray,
    part: str,
    threads: int,
    settings: Mapping[str, Any],
) -> set[tuple[str, str]] | None:
    """The strongest edges of a part of the cells; None where the method fails on it."""
    some_cells, own_seed = cells.of(indices), method_seed(seed, method, part)
    try:
        found = attempt(method, some_cells, own_seed, threads, settings)
    except NotEnoughMemoryError as error:
        raise NotEnoughMemoryError(f"{error}, or {_WITHOUT[part.split()[0]]}") from None
    if found.scores is None:
        return None
    directed = load_method(method).directed
    chosen = choose_edges(ranked_edges(found, some_cells), number, directed)
    return set(zip(chosen["regulator"], chosen["target"], strict=True))


def _each(
    again: Callable[..., Found],
    asked: Sequence[tuple[np.ndarray, str]],
    method: str,
    cells: Cells,
    threads: int,
    settings: Mapping[str, Any],
) -> Iterator[Found]:
    """The networks of all parts, in their order.

    The first one is made alone, which says how long they take. Where the others are worth other
    processes, and the method does not use several itself, they are made side by side, as many as
    there is memory for.
    """
    pool: Iterator[Found] | None = None
    for number, (indices, part) in enumerate(steps(asked)):
        start = perf_counter()
        yield again(indices, part, threads) if pool is None else next(pool)
        rest = asked[1:]
        if number == 0 and len(rest) > 1 and threads > 1 and not uses_threads(method):
            copies = min(threads, len(rest), copies_that_fit(method, cells, settings))
            if copies > 1 and (perf_counter() - start) * len(rest) > _WORTH:
                pool = _side_by_side(again, rest, copies, load_method(method).title)


def _side_by_side(
    again: Callable[..., Found], asked: Sequence[tuple[np.ndarray, str]], copies: int, title: str
) -> Iterator[Found]:
    """The networks of parts, in their order, made by several processes."""
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    pool = Parallel(n_jobs=copies, backend="loky", return_as="generator")
    jobs = (delayed(_in_worker)(own_folder(), again, indices, part) for indices, part in asked)
    try:
        yield from pool(jobs)
    except NotEnoughMemoryError:
        raise
    except Exception as error:
        if not lacks_memory(error):
            raise
        text = f"{title}: not enough memory to run it {copies} times side by side: take fewer genes"
        without = _WITHOUT[asked[0][1].split()[0]]
        raise NotEnoughMemoryError(f"{text}, fewer threads, or {without}") from None
    finally:  # ended children count in the CPU time; after an interruption none may go on
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _in_worker(folder: str, again: Callable[..., Found], indices: np.ndarray, part: str) -> Found:
    """A network, in a process that knows the user's own methods."""
    with own_methods(folder):
        return again(indices, part, 1)


def _shares(
    pairs: Sequence[tuple[str, str]], found: Sequence[set[tuple[str, str]] | None]
) -> tuple[int, np.ndarray]:
    """Number of networks, and the share of them that has each pair; NaN without any."""
    there = [edges for edges in found if edges is not None]
    if not there:
        return 0, np.full(len(pairs), np.nan)
    counts = np.array([sum(pair in edges for edges in there) for pair in pairs], dtype=float)
    return len(there), counts / len(there)


def _some(cells: int, seed: int, run: int) -> np.ndarray:
    """Indices of a random part of the cells, ascending; the same for all methods."""
    rng = generator(seed, "infer", "stability", run)
    return np.sort(rng.choice(cells, max(1, round(SHARE * cells)), replace=False))


def sentence(method: str, edges: pd.DataFrame) -> str:
    """Say how many of the strongest edges are not drawn; empty where all are.

    Args:
        method: name of the method.
        edges: its edges.tsv.
    """
    left_out = int((edges["drawn"] == "no").sum())
    if not left_out:
        return ""
    runs = {"stability": "runs on parts of the cells", "donors": "donors"}
    are = "is" if left_out == 1 else "are"
    few = [f"too few {words}" for column, words in runs.items() if edges[column].notna().any()]
    return (
        f"{load_method(method).title}: {left_out} of the {len(edges)} strongest edges {are} not "
        f"drawn, as {' or '.join(few)} have them"
    )
