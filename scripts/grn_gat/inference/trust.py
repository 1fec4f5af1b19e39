"""What is said of scores that should not be trusted on a data set: `judge` asks, this tells."""

from collections.abc import Mapping

import pandas as pd

from grn_gat.algorithms._registry import load_method

COLUMNS = ["condition", "value", "limit", "holds"]
IN_DEGREE, ONE_SIGN, CORRELATION = "expected_in_degree", "one_sign", "rank_correlation"
TOTALS, VALUES = "cell_totals", "values"
REGULATORS, RARITY = "regulators_of_a_gene", "rarity"  # of weights of any data
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
    REGULATORS: "it expects {value} regulators of each gene (not {limit})",
    RARITY: (
        "they are unlike the simulated data that it was trained on, of which {value} are as far "
        "from the others (less than {limit})"
    ),
}


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
    if row["condition"] in (ONE_SIGN, TOTALS, RARITY):
        value, limit = (f"{100 * float(share):.3g} %" for share in (value, limit))
    return _SENTENCES[row["condition"]].format(value=value, limit=limit)
