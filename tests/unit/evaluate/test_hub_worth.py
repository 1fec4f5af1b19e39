"""Rank correlations of hub measures with what knock-outs do, by hand."""

import pandas as pd
import pytest

from grn_gat.evaluate.hub_worth import agreements, summary, with_ties


def hubs(**measures) -> pd.DataFrame:
    rows = [
        {"source": "reference", "measure": name, "gene": gene, "value": value}
        for name, values in measures.items()
        for gene, value in zip("abcd", values, strict=True)
    ]
    return pd.DataFrame(rows)


def test_agreements_by_hand():
    table = agreements(
        hubs(
            degree=[4, 3, 2, 1],
            out_degree=[1, 2, 3, 4],
            in_degree=[2, 2, 1, 1],
            clustering=[1, 1, 1, 1],
            consequence=[0.9, 0.4, 0.2, 0.1],
        )
    ).set_index("measure")
    assert set(table["consequence"]) == {"consequence"}
    assert table["rho"].to_dict() == pytest.approx(
        {
            "degree": 1,
            "out_degree": -1,
            "in_degree": 0.8944271909999159,
            "clustering": float("nan"),
        },
        nan_ok=True,
    )
    assert table["first"].to_dict() == {
        "degree": 1, "out_degree": 0, "in_degree": 0.5, "clustering": 0.25,
    }  # fmt: skip


def test_late_knock_outs_are_a_truth_of_their_own():
    table = agreements(
        hubs(degree=[4, 3, 2, 1], consequence=[4, 3, 2, 1], consequence_late=[1, 2, 3, 4])
    )
    assert dict(zip(table["consequence"], table["rho"], strict=True)) == pytest.approx(
        {"consequence": 1, "consequence_late": -1}
    )


def test_knock_outs_that_do_nothing_tie():
    table = hubs(degree=[4, 3, 2, 1], consequence=[0.9, 0.8, 0.2, 0.3])
    consequences = pd.DataFrame(
        [
            {"begin": "start", "kind": "knock-out", "perturbed": gene, "replicate": replicate,
             "consequence": value, "null": 0.4 if replicate == 0 else 9.0}
            for gene, value in zip("abcd", [0.9, 0.8, 0.2, 0.3], strict=True)
            for replicate in (0, 1)
        ]
    )  # fmt: skip
    tied = with_ties(table, consequences)
    of_consequence = tied[tied["measure"] == "consequence"]
    assert of_consequence["value"].tolist() == [0.9, 0.8, 0.0, 0.0]
    assert tied[tied["measure"] == "degree"]["value"].tolist() == [4, 3, 2, 1]
    (row,) = agreements(tied).to_dict("records")
    assert row["rho"] == pytest.approx(0.9486833)  # ranks 1, 2, 3.5, 3.5 beside 1, 2, 3, 4


def test_ends_are_those_that_a_correlation_can_have():
    """Of ten networks, most of them at -.3: the end is moved by their skewness."""
    rows = [
        {"kind": "models", "source": "s", "measure": "m", "consequence": "c", "first": 0.0}
        | {"network": k, "rho": rho}
        for k, rho in enumerate([-0.3, -0.31, -0.32, -0.3, -0.29, -0.3, -0.3, -0.31, 0.9, 1.0])
    ]
    (row,) = summary(pd.DataFrame(rows)).to_dict("records")
    assert row["low"] >= -1 and row["high"] == 1


def test_means_are_over_networks():
    one = {
        "kind": "random",
        "source": "reference",
        "measure": "degree",
        "consequence": "consequence",
    }
    rows = [one | {"network": k, "rho": rho, "first": 1.0} for k, rho in enumerate([0.2, 0.4, 0.6])]
    rows.append(one | {"network": 3, "rho": float("nan"), "first": 0.25})
    (row,) = summary(pd.DataFrame(rows)).to_dict("records")
    assert row["rho"] == pytest.approx(0.4) and row["networks"] == 3 and row["first"] == 1
    # t interval with two degrees of freedom
    assert (row["low"], row["high"]) == pytest.approx((0.4 - 0.4968, 0.4 + 0.4968), abs=1e-3)
