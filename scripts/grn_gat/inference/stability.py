"""How stable the edges of a method are: it runs again on parts of the cells.

An edge that is among the strongest of all cells, and of few random parts of them, is one of the
cells that happen to be there; one that no donor's own cells have is one of their differences. After
stability selection (Meinshausen and Bühlmann, Journal of the Royal Statistical Society B 72 (2010)
417), with the runs of one method in place of those of the lasso.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.memory import NotEnoughMemoryError
from grn_gat.core.seeds import generator
from grn_gat.data.network_export import choose_edges
from grn_gat.inference.attempt import Cells, attempt, method_seed, ranked_edges

SHARE = 0.8  # of the cells, in each part
FEWEST = 50  # cells of a donor whose network is asked for
COLUMNS = ["regulator", "target", "runs", "stability", "donors", "donor_share"]


@dataclass(frozen=True)
class Parts:
    """Parts of the cells that a method is run on.

    Attributes:
        runs: number of random parts, each of `SHARE` of the cells, drawn without replacement.
        donors: label of each cell, '' where none is known; None where nobody named donors.
    """

    runs: int
    donors: np.ndarray | None = None

    def of_donors(self) -> list[np.ndarray]:
        """Return the cells (indices, ascending) of each donor that has at least `FEWEST`."""
        labels = self.donors if self.donors is not None else np.zeros(0, dtype=object)
        found = [np.flatnonzero(labels == name) for name in sorted(set(labels) - {""})]
        return [cells for cells in found if len(cells) >= FEWEST]


def stability_table(
    method: str,
    ranked: pd.DataFrame,
    number: int,
    cells: Cells,
    name: str,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
    parts: Parts,
) -> pd.DataFrame:
    """Run a method on parts of the cells, and count how often it has the same edges.

    Args:
        method: name of the method.
        ranked: its ranked edges (Gene1, Gene2, EdgeWeight) of all cells; none where it failed.
        number: edges of the network, as `evaluate.inferred.number_of_edges` has it.
        cells: what the method saw of the data.
        name: of the data set.
        seed: integer of the config.
        threads: processes for the methods that use more than one.
        settings: of the method.
        parts: random ones, and those of donors.

    Returns:
        A row for each of the strongest edges, in their order: regulator, target, runs (on random
        parts, those that did not fail), stability (share of them that have the edge among as many;
        NaN without), donors (those whose cells gave a network) and donor_share (share of them that
        have it; NaN without). No row where the method failed.

    Raises:
        NotEnoughMemoryError: with more memory, or fewer genes, it may work.
    """
    record = load_method(method)
    edges = choose_edges(ranked, number if len(ranked) else 0, record.directed)
    pairs = list(zip(edges["regulator"], edges["target"], strict=True))

    def again(indices: np.ndarray, part: str) -> set[tuple[str, str]] | None:
        """Edges of a part of the cells; None where the method fails on it."""
        some_cells, own_seed = cells.of(indices), method_seed(seed, method, name, part)
        try:
            found = attempt(method, some_cells, own_seed, threads, settings)
        except NotEnoughMemoryError as error:
            text = f"{error}, or go without runs on parts of the cells (--stability 0)"
            raise NotEnoughMemoryError(text) from None
        if found.scores is None:
            return None
        chosen = choose_edges(ranked_edges(found, some_cells), number, record.directed)
        return set(zip(chosen["regulator"], chosen["target"], strict=True))

    drawn = [_some(cells.expression.shape[1], seed, name, run) for run in range(parts.runs)]
    of_donors = parts.of_donors()
    if not pairs:
        drawn, of_donors = [], []
    runs, stability = _shares(pairs, [again(part, f"part {k}") for k, part in enumerate(drawn)])
    found = [again(part, f"donor {k}") for k, part in enumerate(of_donors)]
    donors, donor_share = _shares(pairs, found)
    table = edges[["regulator", "target"]].assign(runs=runs, stability=stability)
    table = table.assign(donors=donors, donor_share=donor_share)
    return table.reset_index(drop=True)[COLUMNS]


def _shares(
    pairs: Sequence[tuple[str, str]], found: Sequence[set[tuple[str, str]] | None]
) -> tuple[int, np.ndarray]:
    """Number of networks, and the share of them that has each pair; NaN without any."""
    there = [edges for edges in found if edges is not None]
    if not there:
        return 0, np.full(len(pairs), np.nan)
    counts = np.array([sum(pair in edges for edges in there) for pair in pairs], dtype=float)
    return len(there), counts / len(there)


def _some(cells: int, seed: int, name: str, run: int) -> np.ndarray:
    """Indices of a random part of the cells, ascending; the same for all methods."""
    rng = generator(seed, "infer", "stability", name, run)
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
    return (
        f"{load_method(method).title}: {left_out} of the {len(edges)} strongest edges are not "
        "drawn, as too few runs on parts of the cells have them"
    )
