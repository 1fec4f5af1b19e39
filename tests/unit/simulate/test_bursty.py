"""Transcripts made in bursts: moments and limits of the telegraph model, knock-outs."""

import networkx as nx
import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.bursty import Bursts, draw_bursts, telegraph, transcripts
from grn_gat.simulate.transcriptional import Perturbation, rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

CELLS = 200_000


def drawn(on: float, off: float, made: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    return telegraph(np.full((1, CELLS), on), np.array([off]), np.array([made]), rng)[0]


@pytest.mark.parametrize(
    ("on", "off", "made"), [(0.3, 5, 60), (2, 3, 40), (0.5, 0.5, 30), (20, 20, 4)]
)
def test_moments_are_those_of_the_telegraph_model(on, off, made):
    counts = drawn(on, off, made).astype(float)
    mean = made * on / (on + off)
    variance = mean + made**2 * on * off / ((on + off) ** 2 * (on + off + 1))
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert counts.var() == pytest.approx(variance, rel=0.04)


def test_a_simulation_of_the_promoter_comes_to_the_same():
    """The same by following promoter and transcripts in small steps, from nothing to rest."""
    on, off, made, step = 0.6, 2.0, 20.0, 0.01
    rng = np.random.default_rng(2)
    active, counts = np.zeros(20_000, bool), np.zeros(20_000, int)
    for _ in range(800):
        switched = rng.random(20_000) < np.where(active, off, on) * step
        active ^= switched
        counts += rng.poisson(made * step * active) - rng.binomial(counts, step)
    expected = drawn(on, off, made)
    for least in (1, 3, 6, 12):
        assert (counts >= least).mean() == pytest.approx((expected >= least).mean(), abs=0.012)


def test_a_promoter_that_is_always_on_is_poisson():
    counts = drawn(1e6, 1e-3, 7.0).astype(float)
    assert counts.mean() == pytest.approx(7, rel=0.01)
    assert counts.var() == pytest.approx(7, rel=0.02)


def test_short_bursts_are_negative_binomial():
    """k_off to infinity, k_syn / k_off = b: variance mean (1 + b), zeros (1 + b)^-k_on."""
    counts = drawn(0.8, 4e3, 4e3 * 6).astype(float)
    assert counts.mean() == pytest.approx(0.8 * 6, rel=0.02)
    assert counts.var() == pytest.approx(0.8 * 6 * 7, rel=0.04)
    assert (counts == 0).mean() == pytest.approx(7**-0.8, rel=0.03)


def test_what_is_never_on_makes_nothing():
    assert not drawn(0.0, 2.0, 50.0).any()


def test_bursts_are_what_the_config_says():
    settings = pretraining_settings("bursty")
    bursts = draw_bursts(settings, generator(1), 3000)
    for values, key in ((bursts.on, "frequency"), (bursts.off, "switch_off")):
        low, high = settings[key]
        assert low <= values.min() < 1.1 * low and high * 0.9 < values.max() <= high
        assert np.log(values).mean() == pytest.approx(np.log(low * high) / 2, abs=0.1)
    size = bursts.made / bursts.off
    assert (
        settings["burst_size"][0] <= size.min() and size.max() <= settings["burst_size"][1] + 1e-9
    )


def test_a_knock_out_changes_descendants_only_and_bursts_follow_regulation():
    settings = TranscriptionalSettings.from_config(
        pretraining_settings("transcriptional") | {"genes": [60, 60], "trajectory_share": 0}
    )
    network = draw_network(settings, generator(1))
    bursts = draw_bursts(pretraining_settings("bursty"), generator(2), 60)
    gene = int(np.argmax((network.signs != 0).sum(axis=1)))
    found = []
    for perturbation in (None, Perturbation(np.array([gene]), np.zeros(1))):
        cells = rates(network, settings, 400, generator(3), perturbation)
        found.append(transcripts(network, cells, bursts, generator(4)))
    plain, without = found
    graph = nx.from_numpy_array(network.signs, create_using=nx.DiGraph)
    changed = set(np.flatnonzero((plain != without).any(axis=1)).tolist())
    assert len(changed) > 5 and changed <= nx.descendants(graph, gene) | {gene}
    assert not without[gene].any() and plain.dtype == np.int32


def test_the_mean_follows_the_rate_of_the_cell():
    """With rare bursts the mean number of transcripts is in proportion to the rate."""
    bursts = Bursts(np.array([0.01]), np.array([10.0]), np.array([2000.0]))
    relative = np.repeat([1.0, 4.0], CELLS)
    counts = telegraph(bursts.on[:, None] * relative, bursts.off, bursts.made, generator(1))[0]
    low, high = counts[:CELLS].mean(), counts[CELLS:].mean()
    assert high / low == pytest.approx(4, rel=0.1)
