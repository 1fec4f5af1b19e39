"""Networks of hubs and leaves and their cells, against what the docstrings say of them."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from factories import pretraining_settings
from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded, load_chunk, save_chunk
from grn_gat.simulate.transcriptional import (
    Factors,
    Perturbation,
    TranscriptionalNetwork,
    rates,
)
from grn_gat.simulate.transcriptional_networks import draw_network, draw_transcriptional_chunk
from grn_gat.simulate.transcriptional_topology import (
    Topology,
    TranscriptionalSettings,
    draw_topology,
)


@pytest.fixture(scope="module")
def settings() -> TranscriptionalSettings:
    return TranscriptionalSettings.from_config(pretraining_settings("transcriptional"))


def fixed(settings: TranscriptionalSettings, **values) -> TranscriptionalSettings:
    """Settings with some values in place of ranges."""
    ranges = {
        k: (v, v) if isinstance(getattr(settings, k), tuple) else v for k, v in values.items()
    }
    return replace(settings, **ranges)


def descendants(signs: np.ndarray, gene: int) -> set[int]:
    return nx.descendants(nx.from_numpy_array(signs, create_using=nx.DiGraph), gene)


def chain(linear: bool, weight: float = 0.8, **values) -> TranscriptionalNetwork:
    """Gene 0 regulates gene 1, gene 2 has no edge; only gene 0 has noise, no activity has any."""
    weights = np.zeros((3, 3), np.float32)
    weights[0, 1] = weight
    first = np.array([True, False, False])
    topology = Topology(
        np.sign(weights).astype(np.int8), first, first, np.zeros(3, int), np.array([0, 1, 0])
    )
    network = TranscriptionalNetwork(
        topology=topology,
        weights=weights,
        linear=linear,
        steepness=np.float32([3]),
        threshold=np.float32([0.4]),
        centre=np.float32([0.2]),
        spread=np.float32([0.5]),
        activity_noise=np.float32([0]),
        basal=np.float32([0.2, 1.0, -1.0]),
        noise=np.float32([0.5, 0, 0]),
        lifetime=None,
        programmes=np.zeros((1, 3), np.float32),
        parents=np.array([-1]),
        trajectory=False,
        proportions=np.ones(1),
        factors=Factors((), np.zeros((3, 0), np.float32), np.zeros(0), np.zeros((0, 1))),
    )
    return replace(network, **values)


def test_the_order_of_kinds_in_a_config_does_not_matter(settings):
    turned = replace(settings, factor_kinds=dict(reversed(settings.factor_kinds.items())))
    first, second = (draw_network(s, generator(1)).factors for s in (settings, turned))
    assert first.kinds == second.kinds and len(set(first.kinds)) > 1
    np.testing.assert_array_equal(first.loads, second.loads)


# ---------------------------------------------------------------------------- topology


@pytest.mark.parametrize("cyclic", [0.0, 1.0])
def test_topology_is_what_the_settings_say(settings, cyclic):
    chosen = fixed(settings, regulators=0.3, masters=0.4, unregulated=0.5, in_degree_mean=2.5)
    chosen = fixed(chosen, cyclic_share=cyclic, activation_share=0.8)
    drawn = draw_topology(chosen, np.random.default_rng(1), 1000)
    edge = drawn.signs != 0
    assert drawn.regulators.sum() == 300 and drawn.masters.sum() == 120
    assert not edge[~drawn.regulators].any() and not edge.diagonal().any()
    assert (drawn.regulators | ~drawn.masters).all() and not edge[:, drawn.masters].any()
    degree = edge.sum(axis=0)
    leaves = degree[~drawn.regulators]
    assert abs((leaves == 0).mean() - 0.5) < 0.05
    assert abs(leaves[leaves > 0].mean() - 2.5) < 0.25 and degree.max() <= settings.in_degree_max
    assert abs((drawn.signs[edge] > 0).mean() - 0.8) < 0.03
    graph = nx.from_numpy_array(drawn.signs, create_using=nx.DiGraph)
    assert nx.is_directed_acyclic_graph(graph) == (not cyclic)
    if cyclic:
        assert drawn.levels is None
    else:
        longest = {v: k for k, layer in enumerate(nx.topological_generations(graph)) for v in layer}
        assert [longest[v] for v in range(1000)] == drawn.levels.tolist()


@pytest.mark.parametrize("exponent", [0.6, 1.2])
def test_out_degrees_fall_as_the_power_of_the_rank(settings, exponent):
    chosen = fixed(settings, regulators=0.02, unregulated=0, modules=1, in_degree_mean=1)
    drawn = draw_topology(fixed(chosen, hub_exponent=exponent), np.random.default_rng(2), 5000)
    degrees = np.sort((drawn.signs != 0).sum(axis=1))[::-1][:40]
    slope = np.polyfit(np.log(np.arange(1, 41)), np.log(degrees), 1)[0]
    assert abs(slope + exponent) < 0.1


def test_genes_of_a_module_share_regulators(settings):
    def within(preference: float) -> float:
        chosen = fixed(settings, regulators=0.2, modules=5, hub_exponent=0.5)
        chosen = fixed(chosen, module_preference=preference, in_degree_mean=2)
        drawn = draw_topology(chosen, np.random.default_rng(3), 800)
        first, second = np.nonzero(drawn.signs)
        return float((drawn.modules[first] == drawn.modules[second]).mean())

    assert abs(within(1) - 1 / 5) < 0.05
    assert within(20) > 0.6  # 20 / 24 of the first choice


def test_the_place_of_a_gene_tells_nothing(settings):
    drawn = [draw_topology(settings, generator(1, k), 40) for k in range(300)]
    regulates = np.mean([t.regulators for t in drawn], axis=0)
    assert np.ptp(regulates) < 0.2
    assert abs(np.corrcoef(regulates, np.arange(40))[0, 1]) < 0.4


# ---------------------------------------------------------------------------- regulation


def test_a_hill_regulator_at_half_response_adds_nothing(settings):
    network = chain(linear=False)
    cells = rates(network, settings, 500, generator(1))
    level, log_k, n = cells.rates[0].astype(float), 0.2 + 0.4 * 0.5, 3 / 0.5
    share = level**n / (np.exp(log_k) ** n + level**n)
    np.testing.assert_allclose(np.log(cells.rates[1]), 1 + 0.8 * (2 * share - 1), atol=1e-4)
    half = np.argmin(abs(np.log(level) - log_k))
    assert abs(share[half] - 0.5) < 0.05 and abs(np.log(cells.rates[1, half]) - 1) < 0.1
    np.testing.assert_array_equal(cells.rates[2], np.exp(np.float32(-1)))


def test_a_linear_regulator_multiplies(settings):
    network = chain(linear=True, weight=-0.8)
    cells = rates(network, settings, 500, generator(1))
    activity = (np.log(cells.rates[0]) - 0.2) / 0.5
    expected = 1 - 0.8 * np.clip(activity, -3, 3)
    np.testing.assert_allclose(np.log(cells.rates[1]), expected, atol=1e-4)
    assert abs(np.log(cells.rates[0]).std() - 0.5) < 0.05


@pytest.mark.parametrize("noise", [0.0, 1.0, 2.0])
def test_mrna_is_not_protein(settings, noise):
    network = chain(linear=True, activity_noise=np.float32([noise]))
    cells = rates(network, settings, 20_000, generator(1))
    found = np.corrcoef(np.log(cells.rates[0]), np.log(cells.protein[0]))[0, 1]
    assert abs(found - 1 / np.sqrt(1 + noise**2)) < 0.02


def test_regulators_are_centred_where_their_cells_are(settings):
    chosen = fixed(settings, genes=100, trajectory_share=0, cyclic_share=0)
    network = draw_network(chosen, generator(4))
    levels = np.log(rates(network, chosen, 4000, generator(5)).rates[network.topology.regulators])
    content = [k for k, kind in enumerate(network.factors.kinds) if kind == "content"]
    own = network.factors.loads[network.topology.regulators][:, content]
    spread = np.sqrt(np.maximum(levels.var(axis=1) - (own**2).sum(axis=1), 0))
    assert np.quantile(abs(levels.mean(axis=1) - network.centre) / network.spread, 0.9) < 0.2
    assert np.quantile(abs(np.log(spread / network.spread)), 0.9) < 0.15


# ---------------------------------------------------------------------------- perturbations


KINDS = {
    "types": {"trajectory_share": 0, "cyclic_share": 0, "linear_share": 0},
    "linear": {"trajectory_share": 0, "cyclic_share": 0, "linear_share": 1},
    "feedback": {"trajectory_share": 0, "cyclic_share": 1, "linear_share": 0},
    "linear feedback": {"trajectory_share": 0, "cyclic_share": 1, "linear_share": 1},
    "moving": {"trajectory_share": 1, "moving_share": 1, "cyclic_share": 0},
    "moving feedback": {"trajectory_share": 1, "moving_share": 1, "cyclic_share": 1},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_knock_out_changes_descendants_only(settings, kind):
    chosen = fixed(settings, genes=60, regulators=0.4, unregulated=0.3, **KINDS[kind])
    for seed in range(4):
        network = draw_network(chosen, generator(seed, "network"))
        plain = rates(network, chosen, 200, generator(seed, "cells"))
        gene = int(np.argmax((network.signs != 0).sum(axis=1)))
        knock_out = Perturbation(np.array([gene]), np.zeros(1))
        without = rates(network, chosen, 200, generator(seed, "cells"), knock_out)
        assert np.isfinite(without.rates).all() and np.isfinite(without.protein).all()
        changed = np.flatnonzero((plain.rates != without.rates).any(axis=1))
        below = descendants(network.signs, gene) | {gene}
        assert set(changed.tolist()) <= below
        # Of the direct targets all but those that the last float of a sum hides.
        targets = np.flatnonzero(network.signs[gene])
        assert len(targets) > 5 and np.isin(targets, changed).mean() > 0.9
        assert (without.rates[gene] == 0).all()
        np.testing.assert_array_equal(plain.type, without.type)


@pytest.mark.parametrize("linear", [False, True])
def test_perturbations_act_in_the_direction_of_the_edge(settings, linear):
    network = chain(linear)
    found = []
    for fold in (0.0, 0.3, 1.0, 3.0):
        perturbation = Perturbation(np.array([0]), np.array([fold]))
        cells = rates(network, settings, 100, generator(1), perturbation)
        found.append(np.log(cells.rates[1]))
        np.testing.assert_allclose(cells.rates[0], fold * found_plain(network, settings), rtol=1e-6)
    assert (np.diff(found, axis=0) >= 0).all() and (
        np.diff(found, axis=0).mean(axis=1) > 0.005
    ).all()
    # Without the regulator: H = 0, or the least that a linear one does.
    np.testing.assert_allclose(found[0], 1 - 0.8 * (3 if linear else 1), rtol=1e-5)


def found_plain(network, settings) -> np.ndarray:
    return rates(network, settings, 100, generator(1)).rates[0]


def test_less_than_nothing_is_refused(settings):
    with pytest.raises(InputError, match="by -1; expected 0"):
        rates(chain(True), settings, 5, generator(1), Perturbation(np.array([0]), np.array([-1])))


def test_cells_are_perturbed_one_by_one(settings):
    """Many knock-outs, each in cells of its own, and cells between them that nothing is done to."""
    chosen = fixed(settings, genes=50, cyclic_share=0)
    network = draw_network(chosen, generator(1))
    genes = np.flatnonzero(network.topology.regulators)[:3]
    folds = np.ones((3, 80))
    for k in range(3):
        folds[k, 20 * k : 20 * (k + 1)] = 0
    plain = rates(network, chosen, 80, generator(2)).rates
    found = rates(network, chosen, 80, generator(2), Perturbation(genes, folds)).rates
    np.testing.assert_array_equal(found[:, 60:], plain[:, 60:])
    for k in range(3):
        alone = rates(network, chosen, 80, generator(2), Perturbation(genes[[k]], np.zeros(1)))
        own = slice(20 * k, 20 * (k + 1))
        np.testing.assert_allclose(found[:, own], alone.rates[:, own], rtol=1e-6)


# ---------------------------------------------------------------------------- hidden factors


def unconnected(settings, factors: int, **kinds) -> np.ndarray:
    """Mean square of the correlation between genes of a network without an edge, and its cells."""
    chosen = fixed(settings, genes=60, masters=1, unregulated=1, types=1, trajectory_share=0)
    chosen = fixed(chosen, factors=factors, factor_genes=1, factor_sd=0.5, noise=0.3)
    chosen = replace(chosen, factor_kinds=kinds or settings.factor_kinds)
    network = draw_network(chosen, generator(7))
    assert not network.signs.any() and len(network.parents) == 1
    correlation = np.corrcoef(np.log(rates(network, chosen, 2000, generator(8)).rates))
    return (correlation[np.triu_indices(60, 1)] ** 2).mean()


def test_without_factors_unconnected_genes_are_independent(settings):
    assert abs(unconnected(settings, 0) * 2000 - 1) < 0.1  # 1 / cells, what chance gives


@pytest.mark.parametrize("kind", ["cycle", "stress", "content", "plain"])
def test_hidden_factors_confound(settings, kind):
    few, many = (unconnected(settings, number, **{kind: 1}) for number in (1, 4))
    assert few > 0.1 and many > 0.1


def test_content_reaches_no_activity(settings):
    """More RNA of all genes is no more regulation; another factor of the same strength is."""
    found = {}
    for kind in ("content", "plain"):
        loads = np.float32([[0.5], [0.0], [0.0]])
        factors = Factors((kind,), loads, np.zeros(1), np.zeros((1, 1)))
        cells = rates(chain(True, factors=factors), settings, 3000, generator(1))
        found[kind] = np.log(cells.rates[0]).std(), np.log(cells.rates[1]).std()
    assert abs(found["content"][0] - found["plain"][0]) < 0.03
    assert found["content"][1] < 0.85 * found["plain"][1]


def test_some_networks_have_weak_factors_only(settings):
    chosen = fixed(settings, genes=50, factors=6, factor_genes=1)
    chosen = replace(chosen, factor_sd=(0.01, 1), factor_kinds={"plain": 1})
    loads = [draw_network(chosen, generator(k)).factors.loads.std(axis=0) for k in range(200)]
    strongest = np.max(loads, axis=1)
    # Of 6 factors that were drawn alone, log-uniform, 1 of 70 networks would have all below 0.1.
    assert 0.08 < (strongest < 0.1).mean() < 0.3
    assert (strongest > 0.4).mean() > 0.25
    assert strongest.max() > 0.5 and np.min(loads) < 0.02


def test_scores_of_factors_are_standardised(settings):
    for kind in ("cycle", "stress", "plain", "content"):
        factors = Factors((kind,), np.float32([[0], [0], [1]]), np.ones(1), np.zeros((1, 1)))
        score = np.log(rates(chain(True, factors=factors), settings, 40_000, generator(3)).rates[2])
        assert abs(score.mean() + 1) < 0.02 and abs(score.std() - 1) < 0.03, kind


# ---------------------------------------------------------------------------- types and paths


def test_types_differ_in_masters_and_what_they_regulate(settings):
    chosen = fixed(settings, genes=80, types=4, trajectory_share=0, factors=0, cyclic_share=0)
    chosen = fixed(chosen, type_masters=1, type_sd=1.5, noise=0.1, activity_noise=0)
    chosen = fixed(chosen, unregulated=0.4)
    network = draw_network(chosen, generator(3))
    cells = rates(network, chosen, 2000, generator(4))
    assert set(cells.type.tolist()) == {0, 1, 2, 3} and cells.pseudotime is None
    means = np.stack([np.log(cells.rates[:, cells.type == k]).mean(axis=1) for k in range(4)])
    between = means.std(axis=0)
    lone = ~network.signs.any(axis=0) & ~network.topology.masters
    assert lone.sum() > 3 and between[lone].max() < 0.05
    assert not network.programmes[:, ~network.topology.masters].any()
    assert network.programmes[:, network.topology.masters].all()
    assert between[network.topology.masters].min() > 0.1
    assert np.median(between[network.signs.any(axis=0)]) > 0.05


def test_on_a_path_a_programme_goes_over_into_the_next(settings):
    steps = np.zeros((3, 3), np.float32)
    steps[:, 0] = [0, 2, -1]
    network = chain(True, noise=np.zeros(3, np.float32), programmes=steps, trajectory=True)
    network = replace(network, parents=np.array([-1, 0, 1]), proportions=np.array([0, 0.5, 0.5]))
    cells = rates(network, settings, 300, generator(1))
    at = cells.pseudotime * 2
    assert cells.pseudotime.min() >= 0 and cells.pseudotime.max() <= 1
    expected = 0.2 + np.interp(at, [0, 1, 2], [0, 2, -1])
    np.testing.assert_allclose(np.log(cells.rates[0]), expected, atol=1e-4)
    assert not cells.velocity.any()
    np.testing.assert_array_equal(cells.rates, cells.nascent)


def test_moving_cells_follow_the_equation_of_their_mrna(settings):
    """Cells without noise lie on one path: its slope is the velocity (r - m) / lifetime."""
    steps = np.zeros((2, 3), np.float32)
    steps[:, 0] = [0, 1.5]
    life = np.float32([0.1, 0.3, 0.2])
    network = chain(True, noise=np.zeros(3, np.float32), programmes=steps, trajectory=True)
    network = replace(
        network, parents=np.array([-1, 0]), proportions=np.array([0.0, 1.0]), lifetime=life
    )
    chosen = replace(settings, lag_steps=100)
    cells = rates(network, chosen, 3000, generator(1))
    order = np.argsort(cells.pseudotime)
    time, level = cells.pseudotime[order], cells.rates[:, order]
    late = time > 0.2
    assert (cells.velocity[:2, order][:, late] > 0).all()
    np.testing.assert_allclose(cells.velocity[2], 0, atol=1e-5)
    assert (level[0] <= cells.nascent[0, order] * (1 + 1e-6)).all()
    grid = np.linspace(0.25, 0.95, 15)
    for gene in (0, 1):
        along = [np.interp(grid + d, time, level[gene]) for d in (-0.02, 0.02)]
        slope = (along[1] - along[0]) / 0.04
        velocity = np.interp(grid, time, cells.velocity[gene, order])
        np.testing.assert_allclose(velocity, slope, rtol=0.02)
    # The default number of steps is near enough to many.
    few = rates(network, settings, 3000, generator(1))
    np.testing.assert_allclose(few.rates, cells.rates, rtol=0.03)


def test_moving_cells_go_from_one_type_through_the_next(settings):
    """Past a turning point mRNA is still what it was before it, and goes on from there."""
    steps = np.zeros((3, 3), np.float32)
    steps[:, 0] = [0, 1.5, -0.5]
    network = chain(True, noise=np.zeros(3, np.float32), programmes=steps, trajectory=True)
    network = replace(
        network,
        parents=np.array([-1, 0, 1]),
        proportions=np.array([0, 0.5, 0.5]),
        lifetime=np.float32([0.1, 0.12, 0.1]),
    )
    cells = rates(network, replace(settings, lag_steps=50), 6000, generator(1))
    order = np.argsort(cells.pseudotime)
    time, level = 2 * cells.pseudotime[order], cells.rates[:2, order]
    assert abs(np.diff(np.log(level), axis=1)).max() < 0.05  # no jump where a type is reached
    grid = np.linspace(1.05, 1.95, 19)
    for gene in (0, 1):
        along = [np.interp(grid + d, time, level[gene]) for d in (-0.02, 0.02)]
        velocity = np.interp(grid, time, cells.velocity[gene, order])
        slope = (along[1] - along[0]) / 0.04
        np.testing.assert_allclose(velocity, slope, rtol=0.03, atol=0.02 * abs(slope).max())
    late = time > 1.5
    assert (cells.velocity[0, order][late] < 0).all()


def test_linear_feedback_comes_to_rest(settings):
    chosen = fixed(settings, genes=80, cyclic_share=1, linear_share=1, strength=3)
    chosen = fixed(chosen, trajectory_share=0)
    network = draw_network(chosen, generator(1))
    own = network.topology.regulators
    gains = (abs(network.weights[np.ix_(own, own)]) / network.spread[:, None]).sum(axis=0)
    assert gains.max() == pytest.approx(chosen.largest_gain, rel=1e-5)
    assert (abs(network.weights[:, ~own]).max(axis=0) > chosen.largest_gain).any()  # left alone
    found, later = (
        rates(network, replace(chosen, feedback_rounds=n), 100, generator(2)).rates
        for n in (60, 120)
    )
    np.testing.assert_allclose(found, later, rtol=0.01)


# ---------------------------------------------------------------------------- chunks


def test_a_chunk_is_the_same_whenever_it_is_drawn(settings, tmp_path):
    chosen = replace(fixed(settings, cells=150), genes=(30, 60))
    arguments = (chosen, Excluded([]), 3, ("test", 1))
    samples, counts = draw_transcriptional_chunk(*arguments, 4)
    again, _ = draw_transcriptional_chunk(*arguments, 2)
    assert counts == {"drawn": 4, "isomorphic": 0} and len(samples) == 4
    for first, second in zip(samples, again, strict=False):
        np.testing.assert_array_equal(first.expression, second.expression)
        np.testing.assert_array_equal(first.signs, second.signs)
    save_chunk(tmp_path / "a.safetensors", samples, {"split": "test"})
    for sample, read in zip(samples, load_chunk(tmp_path / "a.safetensors"), strict=True):
        assert 30 <= len(sample.signs) <= 60 and sample.expression.shape == (150, len(sample.signs))
        assert read.family == sample.family == "transcriptional"
        assert np.isfinite(read.expression).all() and (read.expression >= 0).all()
        assert read.time.min() >= 0 and read.time.max() <= 1
        np.testing.assert_array_equal(read.signs, sample.signs)


def test_a_chunk_is_the_same_on_any_number_of_cores(settings):
    chosen = fixed(settings, cells=400, genes=150, trajectory_share=0)
    found = []
    for cores in (1, 2):
        with threadpool_limits(limits=cores):
            found.append(draw_transcriptional_chunk(chosen, Excluded([]), 5, ("test",), 2)[0])
    for first, second in zip(*found, strict=True):
        assert first.expression.tobytes() == second.expression.tobytes()
        assert first.time.tobytes() == second.time.tobytes()


def test_a_chunk_of_nothing_but_networks_of_a_study_is_refused(settings, monkeypatch):
    excluded = Excluded([])
    monkeypatch.setattr(excluded, "name", lambda signs: "HSC")
    with pytest.raises(InputError, match=r"pretraining\.transcriptional"):
        draw_transcriptional_chunk(fixed(settings, genes=5), excluded, 1, ("test",), 1)


def test_every_kind_of_network_has_finite_cells(settings):
    chosen = replace(settings, genes=(3, 80))
    kinds = set()
    for seed in range(40):
        network = draw_network(chosen, generator(seed, "network"))
        cells = rates(network, chosen, 30, generator(seed, "cells"))
        for values in (cells.rates, cells.nascent, cells.protein, cells.velocity):
            assert np.isfinite(values).all() and values.dtype == np.float32
        assert cells.rates.min() >= 0 and cells.rates.shape == (len(network.basal), 30)
        kinds.add((network.linear, network.trajectory, network.topology.levels is None))
    assert len(kinds) >= 6
