"""What perturbations do: shifts against scipy, the null against its definition, tables by hand."""

import numpy as np
import pytest
from scipy.stats import binom, wasserstein_distance

from grn_gat.core.seeds import generator
from grn_gat.evaluate.consequence import (
    WITHIN,
    Consequences,
    knock_out_consequences,
    null_shifts,
    shifts,
)
from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.perturbed_cells import Condition, conditions, simulate_perturbations
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import default_parameters

RULES = {"a": "a", "b": "a", "c": "not a"}
MODEL = BooleanModel("toy", tuple(RULES), {g: parse_rule(r) for g, r in RULES.items()}, duration=3)
OFF, ON = 0.0, 2.0


def test_a_shift_is_the_distance_over_the_spread_of_both():
    rng = np.random.default_rng(1)
    one, other = rng.gamma(2, size=(50, 4)), rng.gamma(3, size=(50, 4))
    expected = [
        wasserstein_distance(one[:, k], other[:, k]) / np.r_[one[:, k], other[:, k]].std()
        for k in range(4)
    ]
    np.testing.assert_allclose(shifts(one, other), expected)
    np.testing.assert_array_equal(shifts(one, one), 0)
    switched = shifts(np.full((9, 1), ON), np.full((9, 1), OFF))
    assert switched == pytest.approx([2]) and shifts(np.ones((9, 1)), np.ones((9, 1))) == [0]


def rare(successes: int, trials: int, share: float) -> bool:
    """Whether so many, or so few, come about in one of a thousand cases."""
    least, most = binom.ppf([0.0005, 0.9995], trials, share)
    return not least <= successes <= most


def test_cells_that_nothing_was_done_to_are_within_the_null_as_often_as_it_says():
    rng = np.random.default_rng(2)
    within = 0
    for _ in range(200):
        wild, others = (np.where(rng.random((80, 3)) < 0.4, ON, OFF) for _ in range(2))
        wild, others = (x + rng.normal(0, 0.2, x.shape) for x in (wild, others))
        null = np.quantile(null_shifts(wild, rng, 100).mean(axis=1), WITHIN)
        within += shifts(others, wild).mean() <= null
    assert not rare(within, 200, WITHIN)


def test_a_knock_out_of_a_gene_without_targets_is_within_the_null():
    """In cells of the simulator; b acts on nothing."""
    settings = {"cells": 40, "kinds": ["knock-out"], "begin": ["start"], "knock_down": 0.5}
    simulation = {"activation": "hill", "max_tries": 1}
    planned = [Condition("start", "wild type"), Condition("start", "knock-out", ("b",))]
    within = 0
    for number in range(60):
        found = dict(
            simulate_perturbations(
                MODEL, planned, settings, number, ("toy", 1), default_parameters("abc"), simulation
            )
        )
        table = Consequences("toy", MODEL, planned, [found], 0.5, number).consequences()
        within += bool((table["consequence"] <= table["null"]).all())
    assert not rare(within, 60, WITHIN)


@pytest.fixture(scope="module")
def by_hand() -> Consequences:
    """Two replicates of 10 cells: a and b on in some of them, c in the others; a and c out."""
    wild, no_a, no_c = (
        Condition("start", "wild type"),
        Condition("start", "knock-out", ("a",)),
        Condition("start", "knock-out", ("c",)),
    )

    def cells(with_a: int, a=ON, b=ON, c=ON) -> np.ndarray:
        return np.array([[a, b, OFF]] * with_a + [[OFF, OFF, c]] * (10 - with_a), np.float32)

    replicates = [
        {wild: cells(5), no_a: cells(0), no_c: cells(5, c=OFF)},
        {wild: cells(7), no_a: cells(0), no_c: cells(7, c=OFF)},
    ]
    return Consequences("toy", MODEL, [wild, no_a, no_c], replicates, 0.5, 1)


def test_perturbations_by_hand(by_hand):
    table = by_hand.perturbations().set_index(["perturbed", "gene"])
    assert len(table) == 4 and (table["n"] == 2).all()
    b, c = table.loc[("a", "b")], table.loc[("a", "c")]
    assert (b["on_wild"], b["on"], b["difference"]) == pytest.approx((0.6, 0, -0.6))
    assert (c["on_wild"], c["on"], c["difference"]) == pytest.approx((0.4, 1, 0.6))
    assert (b["sign"], c["sign"]) == ("-", "+") and b["beyond"] == c["beyond"] == 1
    # of 10 and 10 cells, 5 and 7 of them on: distance 1 and 1.4, standard deviation 2 sqrt(p q)
    expected = [1 / (2 * (0.25 * 0.75) ** 0.5), 1.4 / (2 * (0.35 * 0.65) ** 0.5)]
    assert b["shift"] == pytest.approx(np.mean(expected), rel=1e-6)
    assert b["shift_low"] < b["shift"] < b["shift_high"]
    # Nothing depends on c: the others stay.
    rest = table.loc["c"]
    assert (rest["shift"] == 0).all() and (rest["sign"] == "").all() and not rest["beyond"].any()


def test_fates_are_named_without_the_gene_that_is_gone(by_hand):
    table = by_hand.fates().set_index(["kind", "perturbed", "fate"]).sort_index()
    wild = table.loc[("wild type", "")]
    assert wild["share"].to_dict() == pytest.approx({"a+b": 0.6, "c": 0.4})
    assert (wild["share"] == wild["wild"]).all()
    no_a = table.loc[("knock-out", "a")]
    assert no_a["share"].to_dict() == pytest.approx({"c": 1, "b": 0})
    assert no_a["wild"].to_dict() == pytest.approx({"c": 0.4, "b": 0.6})
    no_c = table.loc[("knock-out", "c")]
    assert no_c["share"].to_dict() == pytest.approx({"a+b": 0.6, "none on": 0.4})
    assert (no_c["share"] == no_c["wild"]).all()


def test_consequences_by_hand(by_hand):
    table = by_hand.consequences()
    single = by_hand.perturbations().groupby("perturbed")["shift"].mean()
    over_all = table[table["replicate"] == 0].set_index("perturbed")
    assert over_all["consequence"].to_dict() == pytest.approx(single.to_dict())
    assert over_all["redirected"].to_dict() == pytest.approx({"a": 0.6, "c": 0})
    assert over_all.loc["c", "null"] > 0
    assert table[table["replicate"] > 0]["low"].isna().all()
    hubs = knock_out_consequences(table)
    assert list(hubs) == ["consequence"]
    assert hubs["consequence"].shape == (2, 2)
    assert hubs["consequence"].loc["c"].tolist() == [0, 0]
    assert hubs["consequence"].loc["a"].mean() == pytest.approx(single["a"])


def test_genes_together_are_no_hub():
    settings = {"kinds": ["knock-out"], "begin": ["start"], "cells": 5, "knock_down": 0.5}
    planned = conditions(MODEL, settings, [["a", "b"]])
    rng = generator(3, "cells")
    cells = {condition: rng.random((5, 3), np.float32) for condition in planned}
    table = Consequences("toy", MODEL, planned, [cells], 0.5, 1).consequences()
    assert "a+b" in set(table["perturbed"])
    assert list(knock_out_consequences(table)["consequence"].index) == ["a", "b", "c"]
