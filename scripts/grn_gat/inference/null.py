"""The gene-shuffled null of one method: the method again, on shuffled cells."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.memory import NotEnoughMemoryError
from grn_gat.data.network_export import choose_edges
from grn_gat.evaluate.shuffled_null import (
    COLUMNS,
    RELATIVE,
    expected_at,
    expected_edges,
    few_genes,
    null_row,
    shuffled,
)
from grn_gat.inference.attempt import Cells, attempt, method_seed

EDGE_COLUMNS = ["regulator", "target", "expected_false"]


class Null(NamedTuple):
    """What the method makes of the shuffled cells.

    Attributes:
        table: one row with the columns `shuffled_null.COLUMNS`; none where the method failed.
            `remark` says why the null says little or is too strict, or that the method failed on
            the shuffled cells.
        edges: of each edge of the network, the strongest first, how many pairs of the shuffled
            cells are as strong or stronger: `EDGE_COLUMNS`; no row where the method failed on them.
    """

    table: pd.DataFrame
    edges: pd.DataFrame


def null_of(
    method: str,
    ranked: pd.DataFrame,
    number: int,
    cells: Cells,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
) -> Null:
    """Run a method on cells whose genes were shuffled, and compare its scores with the data's.

    Args:
        method: name of the method.
        ranked: its ranked edges (Gene1, Gene2, EdgeWeight) of the data; none where it failed.
        number: edges of the network, as `evaluate.inferred.number_of_edges` has it.
        cells: what the method saw of the data; one copy of the matrix is made.
        seed: integer of the config.
        threads: processes for the methods that use more than one.
        settings: of the method.

    Raises:
        NotEnoughMemoryError: with more memory, or fewer genes, it may work.
    """
    if not len(ranked):
        return Null(pd.DataFrame(columns=COLUMNS), pd.DataFrame(columns=EDGE_COLUMNS))
    record = load_method(method)
    edges = choose_edges(ranked, number, record.directed)
    drawn = edges["weight"].to_numpy()
    other = replace(cells, expression=shuffled(cells.expression, seed))
    try:
        found = attempt(method, other, method_seed(seed, method), threads, settings)
    except NotEnoughMemoryError as error:
        raise NotEnoughMemoryError(f"{error}, or go without shuffled genes (--no-null)") from None
    null = np.zeros(0)
    remark = RELATIVE if record.relative else ""
    if record.component:
        varying = int((np.ptp(cells.expression, axis=1) > 0).sum())
        remark = few_genes(varying, cells.expression.shape[1])
    if found.scores is None:
        remark = f"failed on the shuffled cells: {found.reason}"
    else:
        another = cells.regulators[:, None] != np.arange(len(cells.genes))
        null = np.abs(found.scores[cells.regulators][another])
    row = null_row(ranked["EdgeWeight"].abs().to_numpy(), drawn, null)
    known = edges if found.scores is not None else edges[:0]
    counts = expected_at(known["weight"].to_numpy(), null)
    return Null(
        pd.DataFrame([row | {"remark": remark}])[COLUMNS],
        known.assign(expected_false=counts)[EDGE_COLUMNS].reset_index(drop=True),
    )


def sentences(nulls: pd.DataFrame) -> list[str]:
    """Return a line for each method of a table of several whose null says something, and how much.

    Args:
        nulls: as `shuffled_null.of_methods` returns them.
    """
    return [
        f"{load_method(row['method']).title}: {number} edges are expected where nothing regulates"
        + (f" ({row['remark']})" if row["remark"] else "")
        for row in nulls[nulls["remark"] != RELATIVE].to_dict("records")
        if (number := expected_edges(row))
    ]
