"""Whether the scores of a zero-shot method should be trusted on a data set: computed conditions.

Each is a sign that a data set is of no kind that the weights were trained on; none needs a known
edge. Weights of any data carry what their training looked like: the conditions are how rare a data
set is among those (`zeroshot.likeness`), and how many regulators of a gene the scores expect. Those
of levels were trained on networks of up to 50 genes with one to four regulators each, and on cells
that no one divided by their totals: what data sets of other kinds give away is asked for one by
one. The limits are the block `trust` of a config; `make trust` makes the table that they are judged
by.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms import spearman
from grn_gat.data.doubts import LOG_NORMALISED, NORMALISED, kind_of_values, variation_of_totals
from grn_gat.data.edges import no_edges
from grn_gat.data.network_export import choose_edges
from grn_gat.evaluate.inferred import number_of_edges
from grn_gat.inference.trust import (
    COLUMNS,
    CORRELATION,
    IN_DEGREE,
    ONE_SIGN,
    RARITY,
    REGULATORS,
    TOTALS,
    VALUES,
)
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.weights import load_weights
from grn_gat.zeroshot.zeroshot_model import ZeroShotModel


def expected_in_degree(ranked: pd.DataFrame, genes: int) -> float:
    """Return how many regulators a gene would have, were all genes candidates: mean p (genes - 1).

    Args:
        ranked: ranked edges (Gene1, Gene2, EdgeWeight) of all candidate pairs.
        genes: their number.
    """
    return float(ranked["EdgeWeight"].abs().mean() * (genes - 1))


def share_of_one_sign(ranked: pd.DataFrame, number: int) -> float:
    """Return the share of the more frequent sign among the `number` strongest edges."""
    positive = choose_edges(ranked, number)["score"] > 0
    return float(max(positive.mean(), 1 - positive.mean()))


def correlation_with_spearman(
    ranked: pd.DataFrame, genes: Sequence[str], expression: np.ndarray
) -> float:
    """Return the rank correlation of |score| with |Spearman|; NaN where one is the same for all.

    Args:
        ranked: ranked edges of all candidate pairs.
        genes: names of the rows of the matrix.
        expression: array (genes, cells).
    """
    from scipy.stats import rankdata

    varying = np.flatnonzero(np.ptp(expression, axis=1) > 0)
    correlation = np.zeros((len(genes), len(genes)))
    if len(varying) > 1:
        correlation[np.ix_(varying, varying)] = np.abs(spearman.infer(expression[varying]))
    first, second = (pd.Index(genes).get_indexer(ranked[column]) for column in ("Gene1", "Gene2"))
    ranks = [rankdata(v) for v in (ranked["EdgeWeight"].abs(), correlation[first, second])]
    if any(np.ptp(values) == 0 for values in ranks):
        return float("nan")
    return float(np.corrcoef(ranks)[0, 1])


def judged(
    ranked: pd.DataFrame,
    genes: Sequence[str],
    expression: np.ndarray,
    limits: Mapping[str, Any],
    edges_per_gene: float,
    weights: str | Path,
) -> pd.DataFrame:
    """Return the conditions under which scores should not be trusted; no row without scores.

    Args:
        ranked: ranked edges of a zero-shot method; none where it failed.
        genes: names of the genes of the data.
        expression: array (genes, cells), >= 0.
        limits: block `trust` of a config.
        edges_per_gene: of the drawn network, without a reference.
        weights: file of the weights that gave the scores.

    Returns:
        Columns condition, value and limit (text), and holds (yes or no).
    """
    if not len(ranked):
        return pd.DataFrame(columns=COLUMNS)
    model = load_weights(weights)
    if isinstance(model, Ensemble):
        rows = _of_levels(ranked, list(genes), expression, limits, edges_per_gene)
    else:
        rows = _of_any_data(model, ranked, expression, limits)
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_any_data(
    model: ZeroShotModel, ranked: pd.DataFrame, expression: np.ndarray, limits: Mapping[str, Any]
) -> list[tuple[str, str, str, str]]:
    """Conditions of weights that know what their training looked like: rows of COLUMNS."""
    scores = ranked["EdgeWeight"].to_numpy()
    degree = float(np.abs(scores).sum() / len(expression))  # of those that are named
    rarity = model.rarity(expression, np.abs(scores), scores > 0)
    least, most = limits[REGULATORS]
    return [
        (REGULATORS, f"{degree:.3g}", f"{least:g} to {most:g}", _yes(not least <= degree <= most)),
        (RARITY, f"{rarity:.3g}", f"{limits[RARITY]:g}", _yes(rarity < limits[RARITY])),
    ]


def _of_levels(
    ranked: pd.DataFrame,
    names: list[str],
    expression: np.ndarray,
    limits: Mapping[str, Any],
    edges_per_gene: float,
) -> list[tuple[str, str, str, str]]:
    """Conditions of weights that know levels only: rows of COLUMNS."""
    number = number_of_edges(names, no_edges(), [], edges_per_gene)
    degree = expected_in_degree(ranked, len(names))
    sign = share_of_one_sign(ranked, number)
    correlation = correlation_with_spearman(ranked, names, expression)
    totals, kind = variation_of_totals(expression), kind_of_values(expression)
    # With few genes, scores of one sign or against the correlation are what the training had too.
    large = len(names) > limits["genes"]
    rows = [
        (IN_DEGREE, degree, degree > limits[IN_DEGREE]),
        (ONE_SIGN, sign, large and sign > limits[ONE_SIGN]),
        (CORRELATION, correlation, large and correlation < limits[CORRELATION]),
        (TOTALS, totals, totals < limits[TOTALS]),
        (VALUES, kind, kind in (NORMALISED, LOG_NORMALISED)),
    ]
    return [
        (
            name,
            value if isinstance(value, str) else f"{value:.3g}",
            str(limits.get(name, "")),
            _yes(holds),
        )
        for name, value, holds in rows
    ]


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
