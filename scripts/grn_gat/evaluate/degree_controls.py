"""Degrees in whole reference networks: others of the same cells, and the one that is scored.

What a gene's degree in *another* reference is worth needs no cell, so it is a control: a score of
expression that is below it could as well be looked up. The pair that is scored does not count: what
the other reference says of it is an answer and no degree. Where the two references share many edges
(`overlap`) the degrees of one are those of the other all the same.

The out-degree in the reference *itself* is the answer in part: an oracle, which shows how much of a
score may come from knowing which regulators have many edges. It is no control, and no model is
compared with it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.core.row_names import IN_DEGREE, ORACLE, PRODUCT


def degrees(edges: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Out-degree and in-degree of the genes of a network, whose edges count once, self-loops never.

    Args:
        edges: columns Gene1, Gene2.
    """
    once = edges.loc[edges["Gene1"] != edges["Gene2"], ["Gene1", "Gene2"]].drop_duplicates()
    return once["Gene1"].value_counts(), once["Gene2"].value_counts()


def degree_predictions(
    pairs: pd.DataFrame, edges: pd.DataFrame, others: Sequence[tuple[str, pd.DataFrame]]
) -> dict[str, pd.DataFrame]:
    """Score pairs by degrees in whole networks.

    Args:
        pairs: columns replicate, Gene1, Gene2, edge.
        edges: the reference network that labels the pairs, columns Gene1, Gene2.
        others: name and edges of other reference networks of the same cells.

    Returns:
        Predictions by method: ORACLE; per other network `degree-product-of-<name>` (out-degree of
        the regulator x in-degree of the target in it, both without the pair itself) and
        `in-degree-of-<name>` (likewise). A gene without edges has degree 0.
    """
    found = {ORACLE: _looked_up(degrees(edges)[0], pairs["Gene1"])}
    for name, other in others:
        out, into = degrees(other)
        itself = _are_edges(pairs, other)
        targets = _looked_up(into, pairs["Gene2"]) - itself
        found[PRODUCT + name] = (_looked_up(out, pairs["Gene1"]) - itself) * targets
        found[IN_DEGREE + name] = targets
    return {method: pairs.assign(score=score) for method, score in found.items()}


def overlap(edges: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return the share of the edges of a network, without self-loops, that another one has too."""
    own = edges.loc[edges["Gene1"] != edges["Gene2"], ["Gene1", "Gene2"]].drop_duplicates()
    return float(_are_edges(own, other).mean()) if len(own) else float("nan")


def _are_edges(pairs: pd.DataFrame, edges: pd.DataFrame) -> np.ndarray:
    """Whether each pair is an edge of a network, as (n,) float."""
    known = pd.MultiIndex.from_frame(edges[["Gene1", "Gene2"]])
    return pd.MultiIndex.from_frame(pairs[["Gene1", "Gene2"]]).isin(known).astype(float)


def _looked_up(degree: pd.Series, genes: pd.Series) -> np.ndarray:
    """Degree of each gene as (n,) float, 0 where it has none."""
    return genes.map(degree).fillna(0).to_numpy(dtype=float)
