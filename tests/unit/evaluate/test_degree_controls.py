"""Degrees in whole reference networks, counted by hand."""

import pandas as pd
import pytest

from grn_gat.core.row_names import ORACLE
from grn_gat.evaluate.degree_controls import degree_predictions, degrees, overlap


def network(*pairs: str) -> pd.DataFrame:
    """Edges between genes of one letter."""
    return pd.DataFrame([(*pair, "?") for pair in pairs], columns=["Gene1", "Gene2", "Type"])


OWN = network("ab", "ac", "bc", "ca")
PAIRS = pd.DataFrame(
    [
        (r, a, b, int(a + b in ("ab", "ac", "bc", "ca")))
        for r in (1, 2)
        for a, b in ("ab", "ba", "ca")
    ],
    columns=["replicate", "Gene1", "Gene2", "edge"],
)


def test_degrees_count_an_edge_once_and_no_gene_with_itself():
    out, into = degrees(network("ab", "ab", "aa", "cb", "bc"))
    assert out.to_dict() == {"a": 1, "b": 1, "c": 1}
    assert into.to_dict() == {"b": 2, "c": 1}


def test_scores_by_hand():
    other = network("ab", "cb", "ca", "ba", "cc", "xa")
    got = degree_predictions(PAIRS, OWN, [("ChIP", other), ("none", network("xy"))])
    assert list(got) == [
        ORACLE,
        "degree-product-of-ChIP",
        "in-degree-of-ChIP",
        "degree-product-of-none",
        "in-degree-of-none",
    ]
    scores = {method: part["score"].tolist() for method, part in got.items()}
    # of a -> b, b -> a, c -> a, twice
    assert scores[ORACLE] == [2, 1, 1] * 2
    # out-degrees a 1, b 1, c 2; in-degrees a 3, b 2: each one more than without the pair itself
    assert scores["degree-product-of-ChIP"] == [0, 0, 2] * 2
    assert scores["in-degree-of-ChIP"] == [1, 2, 2] * 2
    assert scores["degree-product-of-none"] == scores["in-degree-of-none"] == [0, 0, 0] * 2
    for part in got.values():
        pd.testing.assert_frame_equal(part.drop(columns="score"), PAIRS)


def test_without_another_network_there_is_the_oracle_alone():
    assert list(degree_predictions(PAIRS, OWN, [])) == [ORACLE]


def test_what_another_reference_says_of_a_pair_is_no_degree():
    """Two references that are the same: a pair scores the same with and without its edge."""
    pairs = PAIRS[PAIRS["replicate"] == 1]
    without = OWN[(OWN["Gene1"] != "c") | (OWN["Gene2"] != "a")]
    for other in (OWN, without):
        scores = degree_predictions(pairs, OWN, [("other", other)])["degree-product-of-other"]
        assert scores["score"].tolist()[2] == 0  # c -> a: nothing else starts at c
    assert overlap(OWN, without) == pytest.approx(0.75) and overlap(without, OWN) == 1
    assert overlap(OWN, network("aa")) == 0 and overlap(network("aa"), OWN) != overlap(OWN, OWN)
