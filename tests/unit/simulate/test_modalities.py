"""Protein, promoters and velocity of the same cells: means, noise, background, and order."""

import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.modalities import draw_promoters, draw_protein, draw_velocity
from grn_gat.simulate.transcriptional import CellRates, rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

GENES, CELLS = 6, 20_000


def block(name: str, **values) -> dict:
    """A block of the evidence, each range a single number where it is given as one."""
    settings: dict = pretraining_settings("evidence")[name]
    ranges = {k: [v, v] if isinstance(settings[k], list) else v for k, v in values.items()}
    return settings | ranges


@pytest.fixture(scope="module")
def cells() -> CellRates:
    """Genes of different levels; what is transcribed and what is there differ by chance."""
    rng = generator(1)
    level = np.exp(rng.normal(0, 2, (GENES, 1)))
    mrna, nascent = level * np.exp(0.5 * rng.standard_normal((2, GENES, CELLS)))
    nascent[-1] = mrna[-1] = 0  # a gene that is knocked out everywhere
    return CellRates(
        rates=np.float32(mrna),
        nascent=np.float32(nascent),
        protein=np.float32(np.exp(rng.normal(0, 0.7, (GENES, CELLS)))),
        type=np.zeros(CELLS, int),
        pseudotime=None,
        lifetime=np.full(GENES, 0.1, np.float32),
    )


# ---------------------------------------------------------------------------- protein


def protein(cells: CellRates, seed: int = 2, **values) -> tuple[np.ndarray, np.ndarray]:
    exact = {"seen": 1, "noise": 0, "background": 1e-9, "background_sd": 0, "counts_share": 0}
    return draw_protein(block("protein", **(exact | values)), cells.protein, generator(seed))


def test_protein_without_noise_is_the_level_over_its_mean(cells):
    rows, values = protein(cells)
    np.testing.assert_array_equal(rows, np.arange(GENES))
    expected = cells.protein / cells.protein.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(values, expected, rtol=1e-4)
    assert values.dtype == np.float32


def test_protein_has_noise_and_background(cells):
    _, plain = protein(cells)
    _, noisy = protein(cells, noise=0.3)
    assert np.log(noisy / plain).std(axis=1) == pytest.approx(np.full(GENES, 0.3), rel=0.03)
    _, found = protein(cells, background=0.5)
    np.testing.assert_allclose(found - plain, 0.5, atol=1e-3)
    _, sticky = protein(cells, background=0.5, background_sd=1)
    assert np.corrcoef(sticky)[np.triu_indices(GENES, 1)].min() > 0.15  # cells share it
    assert abs(np.corrcoef(plain)[np.triu_indices(GENES, 1)]).max() < 0.05


def test_protein_is_counted(cells):
    _, plain = protein(cells)
    _, counts = protein(cells, counts_share=1, counts_mean=20)
    assert (counts == np.round(counts)).all()
    assert counts.mean(axis=1) == pytest.approx(np.full(GENES, 20), rel=0.03)
    # Poisson: the variance is that of the mean counts and the mean.
    expected = (20 * plain).var(axis=1) + 20
    assert counts.var(axis=1) == pytest.approx(expected, rel=0.05)


def test_some_proteins_are_seen(cells):
    rows, values = protein(cells, seen=0.5)
    assert len(rows) == len(values) == 3 and (np.diff(rows) > 0).all()
    assert len(protein(cells, seen=0)[0]) == 1


# ---------------------------------------------------------------------------- promoters


def test_promoters_follow_what_is_transcribed_now(cells):
    exact = {"power": 1, "noise": 0, "depth_sd": 0, "counts_mean": 2}
    counts = draw_promoters(block("promoters", **exact), cells, generator(3))
    assert counts.dtype == np.float32 and (counts == np.round(counts)).all()
    assert counts[:-1].mean(axis=1) == pytest.approx(np.full(GENES - 1, 2), rel=0.05)
    assert not counts[-1].any()
    for gene in range(GENES - 1):
        relative = cells.nascent[gene] / cells.nascent[gene].mean()
        slope = np.polyfit(relative, counts[gene], 1)[0]
        assert slope == pytest.approx(2, rel=0.05)
        assert abs(np.corrcoef(cells.rates[gene], counts[gene])[0, 1]) < 0.05


def test_promoters_are_sparse_and_deep_cells_have_more(cells):
    few = draw_promoters(block("promoters", counts_mean=0.05), cells, generator(3))
    assert (few == 0).mean() > 0.9
    even = {"power": 1, "noise": 0, "counts_mean": 50}
    flat, deep = (
        draw_promoters(block("promoters", depth_sd=sd, **even), cells, generator(3))[:-1]
        for sd in (0, 1)
    )
    upper = np.triu_indices(GENES - 1, 1)
    assert np.corrcoef(flat)[upper].max() < 0.05 < 0.3 < np.corrcoef(deep)[upper].min()


# ---------------------------------------------------------------------------- velocity


def test_velocity_with_noise_is_change_and_noise(cells):
    change = cells.nascent - cells.rates
    exact = draw_velocity(block("velocity", counts_share=0, noise=1e-9), cells, generator(4))
    np.testing.assert_allclose(exact, change, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(exact, cells.velocity * 0.1, rtol=1e-3, atol=1e-3)
    noisy = draw_velocity(block("velocity", counts_share=0, noise=2), cells, generator(4))
    assert (noisy - change)[:-1].std(axis=1) == pytest.approx(
        2 * cells.rates[:-1].std(axis=1), rel=0.03
    )


def test_velocity_of_counts_is_what_unspliced_ones_are_above_the_slope(cells):
    exact = {"counts_share": 1, "counts_mean": 1000, "unspliced": 0.3}
    found = draw_velocity(block("velocity", **exact), cells, generator(5))
    assert np.isfinite(found).all() and found.dtype == np.float32 and not found[-1].any()
    for gene in range(GENES - 1):
        scale = 1000 / cells.rates[gene].mean()
        spliced, unspliced = cells.rates[gene] * scale, 0.3 * cells.nascent[gene] * scale
        slope = (spliced * unspliced).sum() / (spliced**2).sum()
        assert np.corrcoef(found[gene], unspliced - slope * spliced)[0, 1] > 0.98
    few = block("velocity", counts_share=1, counts_mean=0.3, unspliced=0.1)
    noisy = draw_velocity(few, cells, generator(5))[:-1]
    change = (cells.nascent - cells.rates)[:-1]
    signal = [np.corrcoef(a, b)[0, 1] for a, b in zip(noisy, change, strict=True)]
    assert 0 < np.mean(signal) < 0.5


@pytest.mark.parametrize("counts", [0, 1])
def test_velocity_tells_moving_cells_from_those_at_rest(counts):
    """Of cells at rest it says nothing; of moving ones which genes rise."""
    found = {}
    for moving in (0, 1):
        chosen = pretraining_settings("transcriptional") | {
            "genes": [40, 40], "trajectory_share": 1, "moving_share": moving,
            "lifetime": [0.3, 0.3], "type_sd": [1.2, 1.2], "noise": [0.1, 0.1], "factors": [0, 0],
        }  # fmt: skip
        settings = TranscriptionalSettings.from_config(chosen)
        network = draw_network(settings, generator(6))
        cells = rates(network, settings, 2000, generator(7))
        quiet = block("velocity", counts_share=counts, noise=0.1, counts_mean=1000)
        velocity = draw_velocity(quiet, cells, generator(8))
        true = cells.nascent - cells.rates
        assert (true == 0).all() == (not moving)
        moves = true.std(axis=1) > 0.1 * cells.rates.std(axis=1)
        found[moving] = [np.corrcoef(velocity[g], true[g])[0, 1] for g in np.flatnonzero(moves)]
    assert not found[0] and np.median(found[1]) > 0.2
