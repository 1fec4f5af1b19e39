"""Random networks with linear regulation: structure, distribution, determinism."""

import networkx as nx
import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.errors import InputError
from grn_gat.simulate import linear_networks
from grn_gat.simulate.boolean_model import read_model, reference_edges
from grn_gat.simulate.chunks import Excluded, load_chunk, save_chunk
from grn_gat.simulate.linear_networks import (
    draw_linear_chunk,
    draw_signs,
    draw_states,
    measured,
    ranks_of_first_component,
)
from workflows import REPOSITORY


@pytest.fixture(scope="module")
def settings() -> dict:
    return pretraining_settings("networks_linear")


@pytest.fixture(scope="module")
def chunk(settings):
    return draw_linear_chunk(settings, Excluded([]), 3, ("test",), 60)


def changed(settings: dict, **values) -> dict:
    return settings | values


def test_chunks_are_what_the_config_says(chunk, settings):
    samples, counts = chunk
    assert len(samples) == counts["drawn"] == 60 and counts["isomorphic"] == 0
    for sample in samples:
        cells, genes = sample.expression.shape
        assert 3 <= genes <= 50 and cells == settings["cells"]
        assert sample.signs.shape == (genes, genes) and not sample.signs.diagonal().any()
        assert set(np.unique(sample.signs)) <= {-1, 0, 1}
        assert (sample.signs != 0).sum(0).max() <= settings["in_degree_max"]
        assert np.isfinite(sample.expression).all() and (sample.expression >= 0).all()
        np.testing.assert_allclose(np.sort(sample.time), np.linspace(0, 1, cells), atol=1e-6)
        assert sample.family == "linear"
    assert len({s.expression.shape[1] for s in samples}) > 10


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_feedback_is_as_often_as_wanted(settings, share):
    rng = np.random.default_rng(1)
    drawn = [draw_signs(changed(settings, cyclic_share=share), rng, 12) for _ in range(40)]
    graphs = [nx.from_numpy_array(s, create_using=nx.DiGraph) for s in drawn]
    acyclic = np.mean([nx.is_directed_acyclic_graph(g) for g in graphs])
    assert acyclic == 1 - share  # every gene has a regulator, so that a cycle closes


def test_a_child_follows_its_regulator_and_nothing_else(settings):
    signs = np.zeros((4, 4), np.int8)
    signs[0, 1], signs[1, 2] = 1, -1  # 0 activates 1, which represses 2; 3 stands alone
    chosen = changed(settings, saturation_share=0, strength=[1, 1], noise=[0.7, 0.7])
    states = draw_states(chosen, np.random.default_rng(2), signs, 20_000)
    assert states.mean(0) == pytest.approx(np.zeros(4), abs=1e-9)
    assert states.std(0) == pytest.approx(np.ones(4))
    found = np.corrcoef(states.T)
    # A regulator of variance 1, weight 1, own noise 0.7 beside it.
    expected = 1 / np.sqrt(1 + 0.7**2)
    assert found[0, 1] == pytest.approx(expected, abs=0.02)
    assert found[1, 2] == pytest.approx(-expected, abs=0.02)
    assert found[0, 2] == pytest.approx(-(expected**2), abs=0.02)  # through 1 only
    assert np.abs(found[3, :3]).max() < 0.03


def test_states_with_feedback_are_at_rest(settings):
    # 0 activates 1 and 1 represses 0; 2 follows 1 and regulates nothing, so that a transposed
    # solution differs.
    signs = np.array([[0, 1, 0], [-1, 0, 1], [0, 0, 0]], np.int8)
    chosen = changed(settings, strength=[5, 5], noise=[1, 1])  # would explode; made stable
    states = draw_states(chosen, np.random.default_rng(3), signs, 40_000)
    assert states.std(0) == pytest.approx(np.ones(3))
    weights = 0.8 * signs  # spectral radius 0.8
    mixing = np.linalg.inv(np.eye(3) - weights)  # x = x W + e in rows
    covariance = mixing.T @ mixing
    scale = np.sqrt(np.diag(covariance))
    assert np.corrcoef(states.T) == pytest.approx(covariance / np.outer(scale, scale), abs=0.02)


def test_regulators_saturate(settings):
    signs = np.zeros((2, 2), np.int8)
    signs[0, 1] = 1
    chosen = changed(settings, saturation_share=1, strength=[1.2, 1.2], noise=[0.01, 0.01])
    states = draw_states(chosen, np.random.default_rng(6), signs, 20_000)
    drive = np.tanh(states[:, 0])
    assert np.corrcoef(drive, states[:, 1])[0, 1] > 0.999
    assert np.corrcoef(states.T)[0, 1] < 0.99


def test_counts_and_continuous_values(settings):
    rng = np.random.default_rng(4)
    states = rng.normal(size=(3000, 5))
    counts = np.expm1(measured(changed(settings, counts_share=1), rng, states))
    assert counts == pytest.approx(np.round(counts), abs=1e-2) and (counts == 0).any()
    even = changed(settings, counts_share=1, counts_mean=[50, 50], spread=[0.01, 0.01])
    depths = [np.expm1(measured(changed(even, depth_sd=sd), rng, states)).sum(1) for sd in (0, 1)]
    assert np.log(depths[0]).std() < 0.1 and np.log(depths[1]).std() == pytest.approx(1, abs=0.1)
    values = measured(changed(settings, counts_share=0), rng, states)
    assert (values > 0).all()
    low, high = settings["spread"]
    assert ((np.log(values).std(0) > 0.9 * low) & (np.log(values).std(0) < 1.1 * high)).all()


def test_pseudotime_is_the_rank_along_the_first_component():
    rng = np.random.default_rng(5)
    hidden = rng.normal(size=200)
    expression = np.outer(hidden, [1, -2, 3, 1]) + 0.01 * rng.normal(size=(200, 4))
    found = ranks_of_first_component(expression)
    assert abs(np.corrcoef(found, np.argsort(np.argsort(hidden)))[0, 1]) > 0.999


@pytest.mark.parametrize("name", ["VSC", "HSC", "dyn-LI"])
def test_copies_of_a_study_network_are_left_out(monkeypatch, settings, name):
    """Genes in another order, some signs turned around, with other strengths: still the network."""
    models = [read_model(p) for p in (REPOSITORY / "workflow/resources/models").glob("*.tsv")]
    (model,) = (m for m in models if m.name == name)
    place = {gene: k for k, gene in enumerate(model.genes)}
    network = np.zeros((len(place), len(place)), np.int8)
    for u, v, _ in reference_edges(model):
        network[place[u], place[v]] = u != v
    given = []

    def sometimes(settings, rng, genes):
        given.append(len(given) % 2 == 0)
        if not given[-1]:
            return draw_signs(settings, rng, genes)
        order = rng.permutation(len(network))
        return network[np.ix_(order, order)] * rng.choice([-1, 1], network.shape).astype(np.int8)

    monkeypatch.setattr(linear_networks, "draw_signs", sometimes)
    excluded = Excluded(models)
    samples, counts = draw_linear_chunk(settings, excluded, 1, ("test",), 5)
    assert counts["isomorphic"] >= sum(given) > 2 and counts["drawn"] == len(given)
    assert len(samples) == 5 and all(excluded.name(s.signs) is None for s in samples)


def test_an_error_where_all_networks_are_left_out(settings):
    class All(Excluded):
        def name(self, signs):
            return "HSC"

    with pytest.raises(InputError, match=r"pretraining\.networks_linear: .* the last of HSC"):
        draw_linear_chunk(settings, All([]), 1, ("test",), 3)


def test_same_stream_same_bytes(chunk, settings, tmp_path):
    again, _ = draw_linear_chunk(settings, Excluded([]), 3, ("test",), 60)
    other, _ = draw_linear_chunk(settings, Excluded([]), 4, ("test",), 60)
    for name, samples in (("a", chunk[0]), ("b", again), ("c", other)):
        save_chunk(tmp_path / name, samples, {"split": "linear"})
    one, two, three = ((tmp_path / name).read_bytes() for name in "abc")
    assert one == two != three
    for loaded, sample in zip(load_chunk(tmp_path / "a"), chunk[0], strict=True):
        assert loaded.family == "linear" and (loaded.signs == sample.signs).all()
        np.testing.assert_allclose(loaded.expression, sample.expression, rtol=1e-3, atol=1e-3)
