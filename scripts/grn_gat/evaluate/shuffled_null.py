"""The gene-shuffled null: how many pairs would be as strong where nothing regulates.

Each gene's values are permuted over the cells, every gene on its own: it keeps its distribution,
and no gene tells anything of another. What the same method makes of such data is what its scores
are worth by chance. That scores are above it says that genes go together, not that one regulates
the other: a cause that many genes share (cell type, cycle, depth) is not in the null either.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator

COLUMNS = [
    "pairs",
    "edges",
    "strength",
    "as_strong",
    "expected",
    "expected_share",
    "above_one_percent",
    "above_all",
    "remark",
]
RELATIVE = "says little: its scores have no scale that data sets share, those of noise are as large"
# Of the noise of a correlation: below it the shuffled scores are at most an eighth larger.
_STRICT = 0.5
# Scores of the data come from files with 9 significant digits; what is equal there is equal here.
_ROUNDING = 1e-8


def shuffled(expression: np.ndarray, seed: int, *place: str) -> np.ndarray:
    """Return a copy (genes, cells) with each gene's values permuted over the cells, on its own.

    Args:
        expression: array (genes, cells); stays as it is.
        seed: integer of the config; all methods see the same permutation.
        place: of a data set of many its name; of the user's cells nothing.
    """
    return generator(seed, "infer", "null", *place).permuted(expression, axis=1)


def null_row(scores: np.ndarray, drawn: np.ndarray, null: np.ndarray) -> dict[str, float]:
    """Compare the scores of the data with those of the shuffled data.

    Args:
        scores: |score| of all candidate pairs, in any order.
        drawn: |score| of the edges of the drawn network.
        null: |score| of the same pairs in the shuffled data, in any order; none where the method
            failed on them.

    Returns:
        pairs, edges, strength (|score| of the weakest drawn edge), as_strong (pairs of the data
        that reach it: more than `edges` where scores are tied), expected (pairs of the shuffled
        data that reach it), expected_share (expected / as_strong: of the pairs as strong, the
        share that chance would give; above 1 where the shuffled data have more), above_one_percent
        and above_all (pairs of the data above 99 % of the shuffled scores, and above all). NaN
        where it cannot be said.
    """
    row: dict[str, float] = {"pairs": len(scores), "edges": len(drawn)}
    strength = float(drawn.min()) if len(drawn) else np.nan
    row |= {"strength": strength, "as_strong": int(_reach(scores, strength))}
    row |= dict.fromkeys(COLUMNS[4:8], np.nan)
    if len(null) and len(drawn):
        expected = int(_reach(null, strength))
        row |= {"expected": expected, "expected_share": expected / row["as_strong"]}
    if len(null):
        row["above_one_percent"] = int(_above(scores, float(np.quantile(null, 0.99))))
        row["above_all"] = int(_above(scores, float(null.max())))
    return row


def of_drawn(table: pd.DataFrame, edges: pd.DataFrame, null_edges: pd.DataFrame) -> pd.DataFrame:
    """Return the row of a null for the edges that are drawn: those that are stable enough.

    Args:
        table: columns `COLUMNS`, of all of the strongest edges; one row, or none.
        edges: these edges: columns regulator, target, score, drawn (yes or no).
        null_edges: of each of them expected_false, as `expected_at` counts; no row where the method
            failed on the shuffled cells.
    """
    drawn = edges[edges["drawn"] == "yes"]
    if not len(table) or len(drawn) == len(edges):
        return table
    strengths, strength = edges["score"].abs(), drawn["score"].abs().min()
    row: dict[str, Any] = {"edges": len(drawn), "strength": strength}
    if len(drawn) and strength > table["strength"].item() * (1 + _ROUNDING):
        row["as_strong"] = int(_reach(strengths.to_numpy(), strength))
        if len(null_edges):
            pair = ["regulator", "target"]
            expected = drawn[pair].merge(null_edges, on=pair)["expected_false"].max()
            row |= {"expected": expected, "expected_share": expected / row["as_strong"]}
    if not len(drawn):
        row |= {"as_strong": 0, "expected": np.nan, "expected_share": np.nan}
    return table.assign(**row)


def expected_at(drawn: np.ndarray, null: np.ndarray) -> np.ndarray:
    """Return how many pairs of the shuffled data are as strong as each edge, or stronger.

    Args:
        drawn: |score| of edges, in any order.
        null: |score| of the candidate pairs in the shuffled data, in any order.
    """
    limits = drawn * (1 - _ROUNDING)
    return len(null) - np.searchsorted(np.sort(null), limits, side="left")


def few_genes(genes: int, cells: int) -> str:
    """Say why the null of a method that takes a component away is too strict, if it is.

    Without it genes that have nothing else in common correlate by about 1 / (genes - 1), beside
    the noise of 1 / sqrt(cells). Of shuffled genes the component is a direction of chance, so that
    some pairs have several times that: more than in cells with a component of all genes.

    Args:
        genes: those that vary.
        cells: their number.

    Returns:
        A remark; empty where the first is less than half of the second (of 1,000 cells: from 65
        genes on).
    """
    if genes < 2 or 1 / (genes - 1) <= _STRICT / np.sqrt(cells):
        return ""
    return (
        "no more than that: taking the first component away makes few shuffled genes correlate "
        f"({genes} in {cells} cells)"
    )


def _reach(values: np.ndarray, limit: float) -> int:
    return int((values >= limit * (1 - _ROUNDING)).sum())


def _above(values: np.ndarray, limit: float) -> int:
    return int((values > limit * (1 + _ROUNDING)).sum())


def expected_edges(row: Mapping[str, Any]) -> str:
    """Say how many of the drawn edges chance would give: `3 of 200`; empty where nobody knows."""
    if not row["edges"] or np.isnan(row["expected_share"]):
        return ""
    return f"{round(min(row['expected_share'], 1) * row['edges'])} of {row['edges']:.0f}"


def of_methods(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the nulls of several methods as one table, with the column method before them."""
    named = [table.assign(method=method) for method, table in tables.items() if len(table)]
    columns = ["method", *COLUMNS]
    if not named:
        return pd.DataFrame(columns=columns)
    return pd.concat(named, ignore_index=True)[columns]
