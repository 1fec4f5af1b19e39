"""Fates of cells against enumerated state spaces, and against cells of the simulator."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from grn_gat.core.seeds import generator
from grn_gat.simulate import attractors
from grn_gat.simulate.attractors import NONE_ON, UNDECIDED, Fates, held
from grn_gat.simulate.boolean_model import BooleanModel, fixed_points, read_model
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import simulate
from workflows import REPOSITORY


def toy(rules, **options):
    return BooleanModel(
        "toy", tuple(rules), {gene: parse_rule(text) for gene, text in rules.items()}, **options
    )


def enumerated(model) -> tuple[nx.DiGraph, list[frozenset[int]]]:
    """The graph of all updates of one gene, by the rules as they are called, and its attractors."""
    graph = nx.DiGraph()
    for state in range(2 ** len(model.genes)):
        on = {gene: bool(state >> k & 1) for k, gene in enumerate(model.genes)}
        graph.add_node(state)
        for k, gene in enumerate(model.genes):
            if model.rules[gene](on) != on[gene]:
                graph.add_edge(state, state ^ (1 << k))
    condensed = nx.condensation(graph)
    ends = [n for n in condensed if condensed.out_degree(n) == 0]
    return graph, [frozenset(condensed.nodes[n]["members"]) for n in ends]


def random_rules(rng, genes: int) -> dict[str, str]:
    """A rule of each gene: any of two literals, and not a third."""
    names = [f"g{k}" for k in range(genes)]
    rules = {}
    for name in names:
        a, b, c = rng.choice(names, 3)
        rules[name] = f"({'not ' if rng.random() < 0.3 else ''}{a} or {b}) and not {c}"
    return rules


@pytest.mark.parametrize("number", range(12))
def test_every_state_leads_to_the_attractors_that_can_be_reached(number):
    model = toy(random_rules(generator(1, "toy", number), 6))
    graph, ends = enumerated(model)
    fates = Fates(model)
    for state in graph:
        reached = nx.descendants(graph, state) | {state}
        expected = {end for end in ends if end <= reached}
        assert {found.states for found in fates.attractors(state)} == expected
        assert (fates.name(state) == UNDECIDED) == (len(expected) > 1)


@pytest.mark.parametrize("name", ["HSC", "mCAD", "VSC"])
def test_steady_states_are_those_of_synchronous_updates(name):
    model = read_model(REPOSITORY / f"workflow/resources/models/{name}.tsv")
    fates = Fates(model)
    for on in fixed_points(model):
        row = [[gene in on for gene in model.genes]]
        assert fates.of_cells(row) == ["+".join(g for g in model.genes if g in on) or NONE_ON]


def test_what_goes_on_for_ever_is_a_fate():
    """Three genes in a ring, one of them repressed: six states, one after the other."""
    model = toy({"a": "not c", "b": "a", "c": "b", "d": "1"})
    (found,) = Fates(model).attractors(0)
    assert len(found.states) == 6 and found.name == "(a)+(b)+(c)+d"


def test_a_switch_that_synchronous_updates_never_decide_is_undecided():
    """Both off and both on follow one another where both are updated at once; here neither does."""
    fates = Fates(toy({"a": "not b", "b": "not a"}))
    assert [fates.name(state) for state in range(4)] == [UNDECIDED, "a", "b", UNDECIDED]


def test_too_many_states_are_undecided(monkeypatch):
    monkeypatch.setattr(attractors, "MOST_STATES", 3)
    fates = Fates(toy({gene: "1" for gene in "abc"}))
    assert fates.attractors(0) is None and fates.name(0) == UNDECIDED
    assert fates.name(7) == "a+b+c"


def test_held_genes_stay_whatever_their_rules_say():
    model = read_model(REPOSITORY / "workflow/resources/models/HSC.tsv")
    fates = Fates(held(model, {"Gata1": False, "Cebpa": True}))
    for state in (0, 5, 2**11 - 1):
        for found in fates.attractors(state):
            assert "Gata1" not in found.name and "Cebpa" in found.name


@pytest.mark.parametrize("first", ["a", "b"])
def test_cells_fall_into_basins_as_often_as_the_walk_of_a_fair_model_does(first):
    """Two genes that repress each other, and what each switches on: by symmetry half and half."""
    rules = {"a": "not b", "b": "not a", "c": "a", "d": "b"}
    if first == "b":
        rules = dict(reversed(rules.items()))
    model = toy(rules, duration=8)
    cells = 400
    run = simulate(model, cells, np.random.SeedSequence(3), observation_times=[8], keep_dying=True)
    names = Fates(model).of_cells(run.expression[:, 0] > 1)
    fixed = {"+".join(g for g in model.genes if g in point) for point in fixed_points(model)}
    assert set(names) <= fixed | {UNDECIDED}
    assert names.count(UNDECIDED) <= 0.02 * cells
    for name in fixed:
        error = (0.25 / cells) ** 0.5
        assert names.count(name) / cells == pytest.approx(0.5, abs=4 * error)


def test_a_basin_without_a_way_out_holds_all_its_cells():
    """b holds itself and keeps a off: where cells start says in which basin they are."""
    rules = {"a": "a and not b", "b": "b", "c": "a"}
    for start, fate in (({"b": 2.0}, "b"), ({"a": 2.0}, "a+c")):
        model = replace(toy(rules, duration=8), initial_state=start)
        run = simulate(model, 50, np.random.SeedSequence(4), observation_times=[8])
        assert set(Fates(model).of_cells(run.expression[:, 0] > 1)) == {fate}
