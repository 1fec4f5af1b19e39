"""Perturbed cells: what is planned, what is simulated, and what a user may have got wrong."""

import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.simulate.attractors import Fates
from grn_gat.simulate.boolean_model import BooleanModel, read_model
from grn_gat.simulate.perturbed_cells import (
    Condition,
    conditions,
    on,
    perturbed_model,
    read_cells,
    simulate_condition,
    simulate_perturbations,
    write_cells,
)
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import default_parameters, sample_parameters
from workflows import REPOSITORY

KINDS = ["knock-out", "knock-down", "over-expression"]
SETTINGS = {"cells": 20, "kinds": KINDS, "begin": ["start", "differentiated"], "knock_down": 0.5}
SIMULATION = {"activation": "hill", "max_tries": 20}


def toy(rules, **options):
    return BooleanModel(
        "toy", tuple(rules), {gene: parse_rule(text) for gene, text in rules.items()}, **options
    )


MODEL = toy({"a": "1", "b": "a", "c": "not a", "d": "1"}, duration=4)


def cells_of(kind: str, begin: str, **others) -> np.ndarray:
    condition = Condition(begin, kind, ("a",) if kind != "wild type" else ())
    settings = SETTINGS | others
    seed = np.random.SeedSequence(5)
    return simulate_condition(
        MODEL, condition, settings, seed, default_parameters(MODEL.genes), SIMULATION
    )


def test_everything_is_planned_once():
    planned = conditions(MODEL, SETTINGS, [["a", "b"]])
    assert len(planned) == len(set(planned)) == 2 * (1 + 3 * 5)
    assert planned[0] == Condition("start", "wild type")
    assert Condition("differentiated", "knock-down", ("a", "b")) in planned
    assert all(Condition.of(condition.key) == condition for condition in planned)
    assert {condition.wild_type for condition in planned} == {
        Condition("start", "wild type"),
        Condition("differentiated", "wild type"),
    }


@pytest.mark.parametrize("begin", ["start", "differentiated"])
def test_what_is_done_to_a_gene_is_seen_in_it_and_its_targets(begin):
    means = {k: cells_of(k, begin).mean(axis=0) for k in ("wild type", *KINDS)}
    np.testing.assert_allclose(means["wild type"], [2, 2, 0, 2], atol=0.25)
    np.testing.assert_allclose(means["knock-out"], [0, 0, 2, 2], atol=0.25)
    np.testing.assert_allclose(means["over-expression"], [2, 2, 0, 2], atol=0.25)
    assert (cells_of("knock-out", begin)[:, 0] == 0).all()
    np.testing.assert_allclose(cells_of("over-expression", begin)[:, 0], 2, rtol=1e-6)
    little = cells_of("knock-down", begin, knock_down=0.2).mean(axis=0)
    np.testing.assert_allclose(little, [0.4, 0, 2, 2], atol=0.25)
    assert cells_of("knock-down", begin).mean(axis=0)[0] == pytest.approx(1, abs=0.25)


def test_a_gene_of_which_half_is_left_is_on_above_half_of_that():
    condition = Condition("start", "knock-down", ("a",))
    cells = np.array([[0.6, 0.6], [0.4, 1.2]])
    assert on(cells, condition, ["a", "b"], 0.5).tolist() == [[True, False], [False, True]]
    assert on(cells, condition, ["a", "b"], 0.2).tolist() == [[False, False], [False, True]]
    assert on(cells).tolist() == [[False, False], [False, True]]


def test_fates_of_a_perturbed_model():
    def fate(kind: str, left: float = 0.5) -> set[str]:
        condition = Condition("start", kind, ("a",))
        fates = Fates(perturbed_model(MODEL, condition, left))
        return {fates.name(state) for state in range(16)}

    assert fate("knock-out") == fate("knock-down", 0.4) == {"c+d"}
    assert fate("over-expression") == fate("knock-down", 0.5) == {"a+b+d"}


def test_the_same_arguments_give_the_same_bytes_and_files_keep_them(tmp_path):
    model = read_model(REPOSITORY / "workflow/resources/models/mCAD.tsv")
    planned = conditions(model, SETTINGS | {"kinds": ["knock-out"], "begin": ["start"]})
    parameters = sample_parameters(model.genes, np.random.default_rng(1))

    def simulated(seed, order):
        found = simulate_perturbations(
            model, order, SETTINGS | {"cells": 4}, seed, ("m", 2), parameters, SIMULATION
        )
        return dict(found)

    one, reverse, other = simulated(1, planned), simulated(1, planned[::-1]), simulated(2, planned)
    for condition in planned:
        np.testing.assert_array_equal(one[condition], reverse[condition])
        assert not np.array_equal(one[condition], other[condition])
    files = [tmp_path / name for name in "ab"]
    for path in files:
        write_cells(one, path)
    assert files[0].read_bytes() == files[1].read_bytes()
    read = read_cells(files[0])
    assert set(read) == set(planned)
    for condition in planned:
        np.testing.assert_array_equal(read[condition], one[condition])


@pytest.mark.parametrize(
    ("together", "message"),
    [
        ([["a", "Z"]], "perturb.together.toy: there is no gene Z; the genes are a, b, c, d"),
        ([["b", "A"]], r"there is no gene A"),
        ([["b", "c"], ["a", "a"]], "a, a names a gene twice; name it once"),
        ([["a", "b", "c", "d"]], "a, b, c, d are all genes of the model; leave one"),
    ],
)
def test_genes_that_cannot_be_perturbed_together(together, message):
    with pytest.raises(InputError, match=message):
        conditions(MODEL, SETTINGS, together)


def test_a_model_of_one_gene_has_nothing_to_compare():
    with pytest.raises(InputError, match="model toy: a are all genes of the model; leave one"):
        conditions(toy({"a": "a"}), SETTINGS)


def test_a_model_that_dies_is_told_of():
    model = toy({"a": "a and not a", "b": "a"}, duration=4)
    planned = conditions(model, SETTINGS)
    parameters = default_parameters("ab")
    with pytest.raises(InputError, match="all genes fall silent in every cell that nothing is"):
        next(simulate_perturbations(model, planned, SETTINGS, 1, ("m", 1), parameters, SIMULATION))
