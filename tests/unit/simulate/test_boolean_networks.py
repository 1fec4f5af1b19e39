"""Random networks: every family gives valid rules whose functions have the stated signs."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.simulate.boolean_networks import (
    FAMILIES,
    _rule,
    draw_duration,
    draw_family,
    draw_size,
    random_network,
)
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import DEFAULTS


@pytest.fixture(scope="module")
def settings():
    return pretraining_settings("networks")


def draw(settings, family="random", genes=10, seed=0, duration=4, **changed):
    rng = np.random.default_rng(seed)
    return random_network(settings | changed, rng, genes, family, duration)


def functional_signs(model) -> np.ndarray:
    """Signs from the truth tables alone; fails where a regulator is not monotone."""
    place = {gene: k for k, gene in enumerate(model.genes)}
    signs = np.zeros((len(place), len(place)), int)
    for target in model.genes:
        table = model.truth_table(target).astype(int)
        for axis, regulator in enumerate(model.regulators(target)):
            change = table.take(1, axis) - table.take(0, axis)
            found = set(np.unique(change)) - {0}
            assert len(found) == 1, f"{regulator} -> {target}: {model.rules[target].text}"
            signs[place[regulator], place[target]] = found.pop()
    return signs


@pytest.mark.parametrize("genes", [3, 10, 50])
@pytest.mark.parametrize("family", FAMILIES)
def test_signs_are_those_of_the_truth_tables(settings, family, genes):
    for seed in range(6 if genes < 50 else 2):
        network = draw(settings, family, genes, seed)
        model = network.model
        names = tuple(f"g{k}" for k in range(1, genes + 1))
        assert model.genes == names == tuple(model.rules)
        assert network.family == family and network.signs.dtype == np.int8
        np.testing.assert_array_equal(network.signs, functional_signs(model))
        for gene in names:
            assert set(parse_rule(model.rules[gene].text).regulators) <= set(names)
            assert model.functional_regulators(gene) == model.regulators(gene)
        in_degree = (network.signs != 0).sum(0)
        assert in_degree.min() >= 1 and in_degree.max() <= settings["in_degree_max"]
        assert len(network.parameters.K) == genes


@pytest.mark.parametrize("family", FAMILIES)
def test_in_degree_limit_holds_where_it_binds(settings, family):
    limits = {"in_degree_max": 2, "in_degree_mean": [6, 6], "extra_edges": [3, 3]}
    degrees = [(draw(settings, family, 20, seed, **limits).signs != 0).sum(0) for seed in range(3)]
    assert np.max(degrees) == 2


def test_two_genes_are_enough_for_every_family(settings):
    for family in FAMILIES:
        for seed in range(20):
            network = draw(settings, family, 2, seed)
            np.testing.assert_array_equal(network.signs, functional_signs(network.model))


def test_repression_only_activates_nothing_but_inputs(settings):
    repressed = inputs = 0
    for seed in range(40):
        signs = draw(settings, "repression-only", 6, seed).signs
        repressed += (signs < 0).sum()
        for u, v in np.argwhere(signs > 0):
            assert u == v and (signs[:, v] != 0).sum() == 1
            inputs += 1
    assert repressed > 200
    assert inputs == 0  # every gene has a regulator in this family


@pytest.mark.parametrize(("share", "sign"), [(1, 1), (0, -1)])
def test_activation_share_decides_on_the_signs(settings, share, sign):
    changed = {"activation_share": [share, share], "self_activation": [0, 0]}
    for family in ("random", "scale-free", "cycle", "layered"):
        for seed in range(5):
            signs = draw(settings, family, 12, seed, **changed).signs
            between = signs[~np.eye(12, dtype=bool)]
            assert set(between[between != 0]) == {sign}


def test_same_seed_same_network(settings):
    for family in FAMILIES:
        one, two, other = (draw(settings, family, 12, seed) for seed in (3, 3, 4))
        assert {g: r.text for g, r in one.model.rules.items()} == {
            g: r.text for g, r in two.model.rules.items()
        }
        assert one.model.initial_state == two.model.initial_state
        assert one.model.strengths == two.model.strengths
        np.testing.assert_array_equal(one.signs, two.signs)
        for constant in DEFAULTS:
            np.testing.assert_array_equal(
                getattr(one.parameters, constant), getattr(two.parameters, constant)
            )
        assert not np.array_equal(one.signs, other.signs)


def test_duration_is_the_one_asked_for(settings):
    assert draw(settings, duration=15).model.duration == 15


def test_genes_are_in_random_order(settings):
    """A chain whose genes kept their order would have its edges beside the diagonal."""
    plain = {"extra_edges": [0, 0], "self_activation": [0, 0]}
    firsts = {np.argwhere(draw(settings, "chain", 9, s, **plain).signs)[0][1] for s in range(20)}
    assert len(firsts) > 3


def test_topologies_are_what_their_names_say(settings):
    plain = {"extra_edges": [0, 0], "self_activation": [0, 0]}
    off = ~np.eye(15, dtype=bool)
    for seed in range(8):
        signs = {f: draw(settings, f, 15, seed, **plain).signs * off for f in FAMILIES}
        edges = {f: s != 0 for f, s in signs.items()}
        # At most one regulator, one target: a line (14 edges) or a circle (15).
        assert edges["chain"].sum() in (14, 15)
        assert edges["chain"].sum(0).max() == edges["chain"].sum(1).max() == 1
        assert edges["cycle"].sum() == 15 and edges["cycle"].sum(0).max() == 1
        assert np.linalg.matrix_power(edges["cycle"].astype(int), 60).any()  # it has a circle
        for family in ("toggle", "bifurcation"):
            assert ((signs[family] < 0) & (signs[family] < 0).T).any()
    hubs = {
        family: np.mean(
            [(draw(settings, family, 40, s).signs != 0).sum(1).max() for s in range(10)]
        )
        for family in ("random", "scale-free")
    }
    assert hubs["scale-free"] > 1.5 * hubs["random"]


@pytest.mark.parametrize(
    ("family", "key", "value", "expected"),
    [
        ("chain", "chain_feedback", 0, lambda s, off: ((s != 0) & off).sum() == 14),
        ("chain", "chain_feedback", 1, lambda s, off: (s != 0).sum() == 15),
        ("chain", "chain_activation", 1, lambda s, off: (s > 0).sum() >= 14),
        ("bifurcation", "branch_self_activation", 1, lambda s, off: (np.diag(s) > 0).sum() >= 2),
        ("bifurcation", "branches", [5], lambda s, off: ((s < 0) & (s < 0).T).sum() == 20),
        ("toggle", "toggle_genes", [15], lambda s, off: ((s < 0) & off).sum() == 15 * 14),
        ("repression-only", "mutual_repression", [1, 1], lambda s, off: (s == s.T).all()),
        ("repression-only", "mutual_repression", [0, 0], lambda s, off: (s < 0).sum() > 14),
        ("layered", "layer_genes", [1, 1], lambda s, off: ((s != 0) & off).sum() <= 17),
        ("modular", "module_density", 0, lambda s, off: ((s != 0) & off).sum() <= 15),
        ("modular", "module_activation", 1, lambda s, off: (s[s != 0] > 0).mean() > 0.8),
    ],
)  # fmt: skip
def test_topologies_follow_their_keys(settings, family, key, value, expected):
    plain = {"extra_edges": [0, 0], "self_activation": [0, 0], "in_degree_max": 15}
    changed = plain | {"topologies": settings["topologies"] | {key: value}}
    for seed in range(6):
        assert expected(draw(settings, family, 15, seed, **changed).signs, ~np.eye(15, dtype=bool))


def test_rules_follow_their_keys(settings):
    on, off = {"a": True, "b": True}, {"a": True, "b": False}
    rng = np.random.default_rng(0)
    for share, either in ((0, False), (1, True)):
        chosen = settings | {"any_activator": share, "any_repressor": share}
        chosen |= {"nested_and": 1 - share}
        for form in ("dominant", "nested"):
            rule = parse_rule(_rule(["a", "b"], [], form, chosen, rng))
            assert rule(on) and rule(off) == either
        rule = parse_rule(_rule([], ["a", "b"], "dominant", chosen, rng))
        assert not rule(on) and rule(off) != either


def test_starts_and_strengths_follow_their_keys(settings):
    for seed in range(10):
        changed = {"initial_state": {"few-on": 1}, "few_on": [3, 3], "initial_levels": [7]}
        assert list(draw(settings, seed=seed, **changed).model.initial_state.values()) == [7.0] * 3
        changed = {"strengths_share": 1, "strengths_edges": 1}
        network = draw(settings, seed=seed, **changed)
        assert len(network.model.strengths) == (network.signs != 0).sum()


def test_dominant_repressors_block(settings):
    rng = np.random.default_rng(0)
    for _ in range(30):
        rule = parse_rule(_rule(["a", "b"], ["c", "d"], "dominant", settings, rng))
        for a, b in product([False, True], repeat=2):
            assert not rule({"a": a, "b": b, "c": True, "d": True})
        assert rule({"a": True, "b": True, "c": False, "d": False})
        assert not rule({"a": False, "b": False, "c": False, "d": False})


def test_lenient_rules_are_on_without_repressors(settings):
    rng = np.random.default_rng(0)
    for _ in range(30):
        rule = parse_rule(_rule(["a", "b"], ["c", "d"], "lenient", settings, rng))
        assert rule({"a": False, "b": False, "c": False, "d": False})
        assert rule({"a": True, "b": True, "c": True, "d": True})
        assert not rule({"a": False, "b": False, "c": True, "d": True})


@pytest.mark.parametrize("form", ["dominant", "nested", "lenient"])
def test_rules_of_one_sort_of_regulators(settings, form):
    rng = np.random.default_rng(0)
    for _ in range(20):
        on = parse_rule(_rule(["a", "b"], [], form, settings, rng))
        off = parse_rule(_rule([], ["a", "b"], form, settings, rng))
        assert on({"a": True, "b": True}) and not on({"a": False, "b": False})
        assert not off({"a": True, "b": True}) and off({"a": False, "b": False})


def test_strengths_are_of_edges_and_from_the_list(settings):
    found = Counter()
    for seed in range(20):
        network = draw(settings, seed=seed, genes=8, strengths_share=1)
        genes = network.model.genes
        for (u, v), strength in network.model.strengths.items():
            assert network.signs[genes.index(u), genes.index(v)] != 0
            found[strength] += 1
        assert not draw(settings, seed=seed, genes=8, strengths_share=0).model.strengths
    assert set(found) == set(settings["strengths"])


@pytest.mark.parametrize("mode", ["all-on", "few-on", "half-on"])
def test_initial_states(settings, mode):
    numbers = []
    for seed in range(40):
        state = draw(settings, genes=20, seed=seed, initial_state={mode: 1}).model.initial_state
        if mode == "all-on":
            assert state is None
            continue
        numbers.append(len(state))
        assert len(set(state.values())) == 1 and set(state.values()) <= {1.0, 2.0}
    if mode == "few-on":
        assert set(numbers) == {1, 2, 3, 4}
    if mode == "half-on":
        assert 8 < np.mean(numbers) < 12


def test_kinetics(settings):
    def deviations(mode):
        drawn = [draw(settings, genes=20, seed=s, kinetics={mode: 1}).parameters for s in range(5)]
        return np.array([[getattr(p, c) / v - 1 for c, v in DEFAULTS.items()] for p in drawn])

    default, shared, own, wide = map(deviations, ("default", "shared", "own", "wide"))
    assert (default == 0).all()
    assert (np.ptp(shared, axis=2) == 0).all() and 0.01 < np.abs(shared).max() <= 0.1
    assert (np.ptp(own, axis=2) > 0).all() and 0.05 < np.abs(own).max() <= 0.1
    assert 0.15 < np.abs(wide).max() <= settings["kinetics_wide_bound"]
    assert wide.std() == pytest.approx(settings["kinetics_wide_sd"], rel=0.15)


def test_sizes_lie_in_their_class():
    rng = np.random.default_rng(1)
    settings = {"sizes": [{"genes": [3, 5], "share": 3}, {"genes": [20, 21], "share": 1}]}
    found = Counter(draw_size(settings, rng) for _ in range(2000))
    assert set(found) == {3, 4, 5, 20, 21}
    small = found[3] + found[4] + found[5]
    assert abs(small / 2000 - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 2000)
    # log-uniform over [3, 6): a third of 4/3 against 6/5, ...
    expected = np.log(4 / 3) / np.log(2)
    assert abs(found[3] / small - expected) < 4 * np.sqrt(0.25 / small)


def test_one_size_only():
    rng = np.random.default_rng(1)
    sizes = {draw_size({"sizes": [{"genes": [7, 7], "share": 1}]}, rng) for _ in range(200)}
    assert sizes == {7}


def test_families_and_durations_without_a_share_are_not_drawn():
    rng = np.random.default_rng(1)
    settings = {
        "families": {"random": 0, "chain": 1, "cycle": 3, "toggle": 0},
        "durations": {4: 1, 5: 0, 15: 1},
    }
    families = Counter(draw_family(settings, rng) for _ in range(800))
    durations = Counter(draw_duration(settings, rng) for _ in range(200))
    assert set(families) == {"chain", "cycle"}
    assert abs(families["cycle"] / 800 - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 800)
    assert set(durations) == {4, 15}
