"""How stable the edges of a method are: it runs again on random parts of the cells.

An edge that is among the strongest of all cells, and of few parts of them, is one of the cells that
happen to be there. After stability selection (Meinshausen and Bühlmann, Journal of the Royal
Statistical Society B 72 (2010) 417), with the runs of one method in place of those of the lasso.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.memory import NotEnoughMemoryError
from grn_gat.core.seeds import generator
from grn_gat.data.network_export import choose_edges
from grn_gat.inference.attempt import Cells, attempt, method_seed, ranked_edges

SHARE = 0.8  # of the cells, in each part
COLUMNS = ["regulator", "target", "runs", "stability"]


def stability_table(
    method: str,
    ranked: pd.DataFrame,
    number: int,
    cells: Cells,
    name: str,
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
        name: of the data set.
        seed: integer of the config.
        threads: processes for the methods that use more than one.
        settings: of the method.
        runs: number of parts, each of `SHARE` of the cells, drawn without replacement.

    Returns:
        A row for each of the strongest edges, in their order: regulator, target, runs (those that
        did not fail) and stability (share of them that have the edge among as many; NaN where all
        failed). No row where the method failed.

    Raises:
        NotEnoughMemoryError: with more memory, or fewer genes, it may work.
    """
    record = load_method(method)
    edges = choose_edges(ranked, number if len(ranked) else 0, record.directed)
    found, succeeded = np.zeros(len(edges)), 0
    pairs = list(zip(edges["regulator"], edges["target"], strict=True))
    for run in range(runs if pairs else 0):
        part = cells.of(_some(cells.expression.shape[1], seed, name, run))
        own_seed = method_seed(seed, method, name, f"part {run}")
        try:
            again = attempt(method, part, own_seed, threads, settings)
        except NotEnoughMemoryError as error:
            text = f"{error}, or go without runs on parts of the cells (--stability 0)"
            raise NotEnoughMemoryError(text) from None
        if again.scores is None:
            continue
        succeeded += 1
        chosen = choose_edges(ranked_edges(again, part), number, record.directed)
        there = set(zip(chosen["regulator"], chosen["target"], strict=True))
        found += [pair in there for pair in pairs]
    share = found / succeeded if succeeded else np.full(len(edges), np.nan)
    table = edges[["regulator", "target"]].assign(runs=succeeded, stability=share)
    return table.reset_index(drop=True)[COLUMNS]


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
