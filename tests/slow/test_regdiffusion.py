"""RegDiffusion on real cells: the values that were measured of it, where data and package are."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from grn_gat.algorithms._registry import run_method
from grn_gat.study.study import settings_of
from workflows import REPOSITORY

MDC = REPOSITORY.parent / "shared/data/mDC_TFs500"
# Average precision over the share of edges, one run of version 0.2.3 apart from this workflow; and
# of Spearman, which tells whether pairs are scored as they were there.
MEASURED = {"STRING": 1.65, "NonSpecific": 1.80, "ChIP": 1.09}
OF_SPEARMAN = {"STRING": 1.20, "NonSpecific": 1.05, "ChIP": 1.06}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MDC.is_dir(), reason="the data are not here"),
]


@pytest.fixture(scope="module")
def expression() -> pd.DataFrame:
    return pd.read_csv(MDC / "ExpressionData.csv.gz", index_col=0)


def ratios(name: str, expression: pd.DataFrame, seed: int) -> dict[str, float]:
    """Ratio by reference: its regulators with all other genes that have an edge in it."""
    genes = list(expression.index)
    tfs = pd.read_csv(MDC / "TFs.csv", header=None)[0]
    regulators = np.flatnonzero(expression.index.isin(tfs))
    settings, _ = settings_of(name, {})
    values = expression.to_numpy(float)
    scores = np.abs(run_method(name, genes, values, None, regulators, seed, 1, settings))
    found = {}
    for reference in MEASURED:
        edges = pd.read_csv(MDC / f"refNetwork_{reference}.csv")
        first, second = (expression.index.get_indexer(edges[key]) for key in ("Gene1", "Gene2"))
        both = (first >= 0) & (second >= 0) & (first != second)
        labels = np.zeros(scores.shape, dtype=bool)
        labels[first[both], second[both]] = True
        rows, columns = np.unique(first[both]), np.union1d(first[both], second[both])
        pairs = np.zeros_like(labels)
        pairs[np.ix_(rows, columns)] = True
        np.fill_diagonal(pairs, False)
        precision = average_precision_score(labels[pairs], scores[pairs])
        found[reference] = precision / labels[pairs].mean()
    return found


def test_pairs_are_scored_as_where_the_values_were_measured(expression):
    assert ratios("spearman", expression, 1) == pytest.approx(OF_SPEARMAN, abs=0.04)


@pytest.mark.skipif(not find_spec("regdiffusion"), reason="the package is not here")
def test_measured_values_are_within_the_spread_of_three_seeds(expression):
    found = pd.DataFrame([ratios("regdiffusion", expression, seed) for seed in (1, 2, 3)])
    spread = np.maximum(3 * found.std(), 0.05)
    assert ((found.mean() - pd.Series(MEASURED)).abs() <= spread).all(), found
