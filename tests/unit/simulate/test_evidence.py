"""Evidence of a data set: what there is, how often, of which cells and genes."""

from dataclasses import fields, replace

import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.evidence import UNSEEN, Evidence, draw_evidence, draw_experiment
from grn_gat.simulate.perturbation_experiment import NONE
from grn_gat.simulate.transcriptional import CellRates, TranscriptionalNetwork, rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

PIECES = ("protein", "promoters", "velocity", "pseudotime", "prior")


def evidence_settings(**shares) -> dict:
    """The block of the config, with other chances of some pieces."""
    settings = pretraining_settings("evidence")
    return settings | {name: settings[name] | {"share": share} for name, share in shares.items()}


ALWAYS = {name: 1 for name in (*PIECES, "perturbations")}


@pytest.fixture(scope="module")
def network() -> TranscriptionalNetwork:
    block = pretraining_settings("transcriptional") | {"genes": [40, 40], "trajectory_share": 1}
    return draw_network(TranscriptionalSettings.from_config(block), generator(1))


@pytest.fixture(scope="module")
def drawn(network) -> tuple[Evidence, CellRates]:
    """All there can be of a network's cells."""
    settings = evidence_settings(**ALWAYS)
    settings["perturbations"] |= {"genes": [0.5, 0.5], "cells": [16, 20]}
    regulators = network.topology.regulators
    experiment = draw_experiment(settings, regulators, 300, generator(2))
    block = TranscriptionalSettings.from_config(pretraining_settings("transcriptional"))
    cells = rates(network, block, len(experiment), generator(3), experiment.perturbation())
    found = draw_evidence(
        settings, network.signs, regulators, generator(4), experiment, cells, network.parents
    )
    return found, cells


def test_shapes_are_those_of_the_cells_that_were_simulated(drawn, network):
    found, cells = drawn
    genes, number = cells.rates.shape
    assert found.target.shape == found.fold.shape == (number,)
    assert found.protein.shape == (len(found.protein_genes), number)
    assert found.promoters.shape == found.velocity.shape == (genes, number)
    assert found.pseudotime.shape[1] == number and found.prior.shape == (genes, genes)
    assert found.prior.dtype == bool
    for name in ("target", "protein_genes"):
        assert getattr(found, name).dtype == np.int32
    for name in ("fold", "protein", "promoters", "velocity", "pseudotime"):
        assert getattr(found, name).dtype == np.float32
    regulators = np.flatnonzero(network.topology.regulators)
    assert (
        np.isin(found.protein_genes, regulators).all() and (np.diff(found.protein_genes) > 0).all()
    )


def test_proteins_are_of_the_genes_that_they_name(drawn, network):
    found, cells = drawn
    regulators = np.flatnonzero(network.topology.regulators)
    for values, gene in zip(found.protein, found.protein_genes, strict=True):
        level = cells.protein[np.flatnonzero(regulators == gene)[0]]
        others = [np.corrcoef(values, p)[0, 1] for p in cells.protein]
        assert np.corrcoef(values, level)[0, 1] > 0.3
        assert np.argmax(others) == np.flatnonzero(regulators == gene)[0]


def test_of_genes_keeps_what_is_of_them(drawn):
    found, _ = drawn
    seen = np.sort(generator(5).choice(40, 25, replace=False))
    part = found.of_genes(seen)
    np.testing.assert_array_equal(part.promoters, found.promoters[seen])
    np.testing.assert_array_equal(part.velocity, found.velocity[seen])
    np.testing.assert_array_equal(part.prior, found.prior[seen][:, seen])
    np.testing.assert_array_equal(part.pseudotime, found.pseudotime)
    np.testing.assert_array_equal(part.fold, found.fold)
    for before, after in zip(found.target.tolist(), part.target.tolist(), strict=True):
        if before == NONE:
            assert after == NONE
        else:
            assert seen[after] == before if before in seen else after == UNSEEN
    assert (part.target == UNSEEN).any() and (part.target >= 0).any()
    kept = np.isin(found.protein_genes, seen)
    np.testing.assert_array_equal(seen[part.protein_genes], found.protein_genes[kept])
    np.testing.assert_array_equal(part.protein, found.protein[kept])
    none = found.of_genes(np.setdiff1d(np.arange(40), found.protein_genes))
    assert none.protein is None and none.protein_genes is None
    assert all(getattr(Evidence().of_genes(seen), f.name) is None for f in fields(Evidence))


def test_each_piece_is_as_often_there_as_its_share(network):
    block = TranscriptionalSettings.from_config(pretraining_settings("transcriptional"))
    cells = rates(network, block, 10, generator(3))
    settings = pretraining_settings("evidence")
    found = [
        draw_evidence(
            settings,
            network.signs,
            network.topology.regulators,
            generator(6, k),
            cells=cells,
            parents=network.parents,
        )
        for k in range(150)
    ]
    there = np.array([[getattr(e, name) is not None for name in PIECES] for e in found])
    shares = [settings[name]["share"] for name in PIECES]
    assert (abs(there.mean(axis=0) - shares) < 0.16).all() and max(shares) < 0.8
    assert abs(np.corrcoef(there.T)[np.triu_indices(5, 1)]).max() < 0.33  # one by one
    perturbed = [
        draw_experiment(settings, network.topology.regulators, 10, generator(7, k)) is not None
        for k in range(150)
    ]
    assert abs(np.mean(perturbed) - settings["perturbations"]["share"]) < 0.16
    assert all(e.target is None and e.fold is None for e in found)


def test_a_piece_does_not_depend_on_the_others(drawn, network):
    """Each is that of all of them together, however many of these are left out."""
    everything, cells = drawn
    for name in PIECES:
        alone = draw_evidence(
            evidence_settings(**{other: 0 for other in PIECES} | {name: 1}),
            network.signs,
            network.topology.regulators,
            generator(4),
            cells=cells,
            parents=network.parents,
        )
        np.testing.assert_array_equal(getattr(alone, name), getattr(everything, name))
        missing = {f.name for f in fields(alone) if getattr(alone, f.name) is None}
        assert missing >= {*PIECES} - {name}


def test_without_a_regulator_there_is_no_protein(drawn):
    _, cells = drawn
    genes = len(cells.rates)
    found = draw_evidence(
        evidence_settings(**ALWAYS),
        np.zeros((genes, genes), np.int8),
        np.zeros(genes, bool),
        generator(4),
        cells=replace(cells, protein=cells.protein[:0]),
    )
    assert found.protein is None and found.protein_genes is None
    assert found.promoters is not None and not found.prior.any()


def test_what_a_kind_does_not_know_it_does_not_tell(network):
    """Rates alone: a prior, and the experiment; no tree: no lineages."""
    settings = evidence_settings(**ALWAYS)
    regulators = network.topology.regulators
    found = draw_evidence(settings, network.signs, regulators, generator(4))
    assert [f.name for f in fields(found) if getattr(found, f.name) is not None] == ["prior"]
