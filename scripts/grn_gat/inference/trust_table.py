"""The table that the conditions of `trust` are judged by: data sets with known edges."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import CONSENSUS, ZERO_SHOT
from grn_gat.core.errors import InputError
from grn_gat.data.ranked_edges import scores_of_pairs
from grn_gat.evaluate.metrics import average_precision, prevalence
from grn_gat.inference.attempt import Cells, attempt, ranked_edges
from grn_gat.inference.judge import judged
from grn_gat.inference.trust import trusted

METHODS = (ZERO_SHOT, CONSENSUS)


def trust_row(
    cells: Cells,
    pairs: pd.DataFrame,
    seeds: Mapping[str, int],
    settings: Mapping[str, Mapping[str, Any]],
    limits: Mapping[str, Any],
    edges_per_gene: float,
) -> dict[str, Any]:
    """Infer from a data set, judge the scores of the zero-shot model, and score both methods.

    Args:
        cells: the data set.
        pairs: columns Gene1, Gene2 and edge (0 or 1): what is scored.
        seeds: of each of `METHODS`.
        settings: of each of `METHODS`.
        limits: block `trust` of a config.
        edges_per_gene: of the drawn network.

    Returns:
        Numbers of genes and cells, the value of each condition, box (whether it stands, yes or no),
        the average precision of each of `METHODS`, and random: the share of edges, which a random
        score gives.

    Raises:
        InputError: a method is not defined on the data.
    """
    ranked = {}
    for name in METHODS:
        found = attempt(name, cells, seeds[name], 1, settings[name])
        if found.reason:
            raise InputError(f"{name}: {found.reason}")
        ranked[name] = ranked_edges(found, cells)
    labels = pairs["edge"].to_numpy(dtype=bool)
    precision = {
        name: average_precision(labels, np.abs(scores_of_pairs(table, pairs)))
        for name, table in ranked.items()
    }
    conditions = judged(
        ranked[ZERO_SHOT],
        cells.genes,
        cells.expression,
        limits,
        edges_per_gene,
        settings[ZERO_SHOT]["weights"],
    )
    return {
        "genes": len(cells.genes),
        "cells": cells.expression.shape[1],
        **dict(zip(conditions["condition"], conditions["value"], strict=True)),
        "box": "yes" if trusted(conditions) == "no" else "no",
        **precision,
        "random": prevalence(labels),
    }


def pairs_of_signs(genes: list[str], signs: np.ndarray, regulators: np.ndarray) -> pd.DataFrame:
    """Return the pairs of a candidate regulator and another gene as Gene1, Gene2 and edge.

    Parameters: names of the genes, signs (genes, genes), not 0 where row regulates column, and
    indices of the candidate regulators.
    """
    candidate = np.isin(np.arange(len(genes)), regulators)[:, None]
    first, second = np.nonzero(candidate & ~np.eye(len(genes), dtype=bool))
    names = np.array(genes, dtype=object)
    edge = (signs[first, second] != 0).astype(int)
    return pd.DataFrame({"Gene1": names[first], "Gene2": names[second], "edge": edge})
