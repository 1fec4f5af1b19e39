"""Whether the scores of a zero-shot method should be trusted on a data set: computed conditions.

The model was trained on simulated networks of up to 50 genes with one to four regulators each, and
on cells that no one divided by their totals. Each condition here is a sign that a data set is not
of that kind. None needs a known edge. Their limits are the block `trust` of a config; `make trust`
makes the table that they are judged by.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from grn_gat.algorithms import spearman
from grn_gat.algorithms._registry import load_method
from grn_gat.data.doubts import LOG_NORMALISED, NORMALISED, kind_of_values, variation_of_totals
from grn_gat.data.edges import no_edges
from grn_gat.data.network_export import choose_edges
from grn_gat.evaluate.inferred import number_of_edges

COLUMNS = ["condition", "value", "limit", "holds"]
IN_DEGREE, ONE_SIGN, CORRELATION = "expected_in_degree", "one_sign", "rank_correlation"
TOTALS, VALUES = "cell_totals", "values"
DOUBTED = "the scores of {} should not be trusted on these data"
# What a condition says where it holds, with its value and its limit.
_SENTENCES = {
    IN_DEGREE: "it expects {value} regulators of each gene (more than {limit})",
    ONE_SIGN: "{value} of its strongest edges have the same sign (more than {limit})",
    CORRELATION: (
        "its scores fall where two genes go together: rank correlation {value} with the magnitude "
        "of Spearman's (below {limit})"
    ),
    TOTALS: (
        "all cells have the same total, in the values or before their logarithm: they vary by "
        "{value} (less than {limit}), so that the expression of one gene depends on all others"
    ),
    VALUES: "the values look like {value}",
}


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
    limits: Mapping[str, float],
    edges_per_gene: float,
) -> pd.DataFrame:
    """Return the conditions under which scores should not be trusted; no row without scores.

    Args:
        ranked: ranked edges of a zero-shot method; none where it failed.
        genes: names of the genes of the data.
        expression: array (genes, cells), >= 0.
        limits: block `trust` of a config.
        edges_per_gene: of the drawn network, without a reference.

    Returns:
        Columns condition, value and limit (text), and holds (yes or no).
    """
    if not len(ranked):
        return pd.DataFrame(columns=COLUMNS)
    names = list(genes)
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
    found = [
        {
            "condition": name,
            "value": value if isinstance(value, str) else f"{value:.3g}",
            "limit": str(limits.get(name, "")),
            "holds": "yes" if holds else "no",
        }
        for name, value, holds in rows
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def trusted(conditions: pd.DataFrame) -> str:
    """Return yes or no; empty where there is nothing to trust."""
    if not len(conditions):
        return ""
    return "no" if (conditions["holds"] == "yes").any() else "yes"


def of_methods(conditions: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the conditions of several methods as one table, with the column method before them."""
    named = [table.assign(method=method) for method, table in conditions.items() if len(table)]
    columns = ["method", *COLUMNS]
    return pd.concat(named)[columns] if named else pd.DataFrame(columns=columns)


def warnings(conditions: pd.DataFrame) -> list[str]:
    """Return a line for each method of a table of several that should not be trusted."""
    return [
        f"{DOUBTED.format(load_method(str(method)).title)}: {'; '.join(reasons(table))}"
        for method, table in conditions.groupby("method")
        if trusted(table) == "no"
    ]


def reasons(conditions: pd.DataFrame) -> list[str]:
    """Return a sentence, without its dot, for each condition that holds."""
    held = conditions[conditions["holds"] == "yes"]
    return [_sentence(row) for row in held.to_dict("records")]


def _sentence(row: Mapping[str, str]) -> str:
    value, limit = row["value"], row["limit"]
    if row["condition"] in (ONE_SIGN, TOTALS):
        value, limit = (f"{100 * float(share):.3g} %" for share in (value, limit))
    return _SENTENCES[row["condition"]].format(value=value, limit=limit)
