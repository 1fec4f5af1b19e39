"""RegDiffusion on real cells: the values that were measured of it, where data and package are."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

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
def ratios(bench):
    """A function: average precision over the share of edges by reference, of a method and seed."""
    module = bench("regdiffusion")
    expression = module.read_expression(MDC)

    def of(name: str, seed: int) -> dict[str, float]:
        return module.ratios(module.scores_of(name, expression, MDC, seed), expression, MDC)

    return of


def test_pairs_are_scored_as_where_the_values_were_measured(ratios):
    assert ratios("spearman", 1) == pytest.approx(OF_SPEARMAN, abs=0.04)


@pytest.mark.skipif(not find_spec("regdiffusion"), reason="the package is not here")
def test_measured_values_are_within_the_spread_of_three_seeds(ratios):
    found = pd.DataFrame([ratios("regdiffusion", seed) for seed in (1, 2, 3)])
    spread = np.maximum(3 * found.std(), 0.05)
    assert ((found.mean() - pd.Series(MEASURED)).abs() <= spread).all(), found
