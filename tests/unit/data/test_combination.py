"""Mean ranks of rankings."""

import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.data.combination import mean_ranks


def ranking(**weights: float) -> pd.DataFrame:
    pairs = [(name[0], name[1]) for name in weights]
    table = pd.DataFrame(pairs, columns=["Gene1", "Gene2"])
    return table.assign(EdgeWeight=list(weights.values()))


def weights(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table["Gene1"] + table["Gene2"], table["EdgeWeight"], strict=True))


def test_scales_do_not_matter_but_ranks_do():
    one, other = ranking(ab=0.9, ac=0.5, bc=0.1), ranking(ab=100, ac=1, bc=99)
    assert weights(mean_ranks([one, other])) == pytest.approx({"ab": 1, "ac": 0.5, "bc": 0.5})


def test_ties_share_the_mean_of_their_ranks_and_unlisted_pairs_are_last():
    found = weights(mean_ranks([ranking(ab=1, ac=1, bc=0), ranking(ab=2)]))
    assert found == pytest.approx({"ab": (2.5 + 3) / 6, "ac": (2.5 + 1.5) / 6, "bc": 2.5 / 6})


def test_the_sign_is_that_of_the_surer_ones():
    found = weights(mean_ranks([ranking(ab=-3, ac=2, bc=0), ranking(ab=1, ac=2, bc=-3)]))
    assert found["ab"] < 0 < found["ac"] and found["bc"] < 0
    assert all(value > 0 for value in weights(mean_ranks([ranking(ab=1, ac=0)] * 2)).values())


def test_the_mean_of_one_is_its_order():
    found = mean_ranks([ranking(ab=0.2, ac=-0.7, bc=0.5)])
    assert weights(found) == pytest.approx({"ab": 1 / 3, "ac": -1, "bc": 2 / 3})


def test_nothing_to_combine():
    with pytest.raises(InputError, match="no ranking"):
        mean_ranks([])
