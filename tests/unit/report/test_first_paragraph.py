"""The first paragraph on a network: chance, degrees, and who leads."""

import pandas as pd
import pytest

from grn_gat.report.first_paragraph import first_paragraph, listed

VALUES = {  # average precision ratio, relabelling z
    "pidc": (1.6, 15.9),
    "clr": (1.4, 18.2),
    "spearman": (1.2, 3.0),
    "pearson": (1.1, 2.9),
    "consensus": (1.5, 7.1),
    "random": (1.0, 9.9),
    "degree-product-of-other": (1.55, 40.0),
    "in-degree-of-other": (1.1, 0.0),
    "out-degree-oracle": (9.0, 99.0),
}


def summary(values: dict = VALUES) -> pd.DataFrame:
    rows = [
        (method, metric, value)
        for method, pair in values.items()
        for metric, value in zip(("average_precision_ratio", "relabelling_z"), pair, strict=True)
    ]
    return pd.DataFrame(rows, columns=["method", "metric", "mean"])


METHODS = ("pidc", "clr", "spearman", "pearson", "consensus")


def leaders(verdicts: dict, model: str = "pidc") -> pd.DataFrame:
    rows = [
        (
            model,
            method,
            "method" if method in METHODS else "control",
            k / 10,
            verdict,
            "regulators",
        )
        for k, (method, verdict) in enumerate(verdicts.items())
    ]
    columns = ["leader", "method", "kind", "difference", "verdict", "over"]
    return pd.DataFrame(rows, columns=columns)


def test_a_network_where_something_is_found():
    rows = {"clr": "no difference", "spearman": "better", "pearson": "better"}
    rows |= {"consensus": "no difference", "random": "better"}
    rows |= {"degree-product-of-other": "no difference"}
    chance, degrees, leader, consensus = first_paragraph(summary(), leaders(rows))
    assert chance == (
        "Above chance, with a relabelling z of 3 or more: 4 of 5 methods, CLR (18.2), PIDC (15.9), "
        "Consensus (7.1) and Spearman (3.0)."
    )
    assert degrees == (
        "Above degrees, but not for sure: the average precision ratio of PIDC is 1.60, that of "
        "degree product of other (1.55), which looks at no cell; 1 method of 5 is above it."
    )
    assert leader == (
        "PIDC leads by average precision (ratio 1.60), for sure over Spearman and Pearson (95 % "
        "intervals over regulators). Not for sure over CLR and Consensus."
    )
    assert consensus == (
        "It is not for sure above the consensus, the agreement of simple methods that costs "
        "next to nothing."
    )
    rows |= {"degree-product-of-other": "better"}
    _, degrees, *_ = first_paragraph(summary(), leaders(rows), {"other": 0.523, "more": 0.9})
    assert degrees.startswith("Above degrees, for sure: ")
    assert "which looks at no cell but knows 52 % of the edges from there;" in degrees


def test_a_network_where_nothing_is_found():
    values = {"pidc": (1.05, 1.2), "clr": (1.0, -0.3), "in-degree-of-other": (1.1, 0.5)}
    rows = {"clr": "no difference"}
    chance, degrees, leader = first_paragraph(summary(values), leaders(rows), {"other": 0.01})
    assert chance == (
        "Nothing is above chance: of 2 methods none has a relabelling z of 3 or more, the nearest "
        "is PIDC with z 1.2."
    )
    assert degrees == (
        "Nothing is above degrees: the best average precision ratio, 1.05 of PIDC, is below that "
        "of in-degree of other (1.10), which looks at no cell."
    )
    assert leader.startswith("Where nothing is above chance a lead means little: PIDC leads")
    assert leader.endswith("over no other method for sure (95 % intervals over regulators).")


def test_what_cannot_be_said():
    values = {"pidc": (1.05, float("nan")), "clr": (1.0, float("nan"))}
    rows = leaders({"clr": "not determined"})
    chance, degrees, leader = first_paragraph(summary(values), rows)
    assert chance.startswith("Whether anything is above chance cannot be said")
    assert degrees == "There is no other reference of these genes to count degrees in."
    assert "over whom for sure cannot be said" in leader
    assert first_paragraph(summary({"random": (1.0, 0.0)}), rows) == []
    alone = first_paragraph(summary({"pidc": (1.0, 0.0)}), rows.iloc[:0])
    assert len(alone) == 2 and "of 1 method none" in alone[0]


def test_the_consensus_may_lead():
    *_, last = first_paragraph(summary(), leaders({"pidc": "better"}, model="consensus"))
    assert last == "So what simple methods agree on, the consensus, is not surpassed here."


@pytest.mark.parametrize(
    ("names", "phrase"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(names, phrase):
    assert listed(names) == phrase
