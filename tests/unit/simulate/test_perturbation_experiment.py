"""Perturbation experiments: the plan, and for each kind that nothing but descendants changes."""

from dataclasses import replace

import numpy as np
import pytest

from causes import check_causes
from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.bursty import draw_bursts, transcripts
from grn_gat.simulate.perturbation_experiment import (
    NONE,
    Experiment,
    draw_experiment,
    draw_experiment_of_runs,
)
from grn_gat.simulate.transcriptional import rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

REGULATORS = np.arange(60) < 20


@pytest.fixture(scope="module")
def settings() -> dict:
    block: dict = pretraining_settings("evidence")["perturbations"]
    return block


def plan(settings: dict, seed: int = 1, unperturbed: int = 500, **values) -> Experiment:
    return draw_experiment(settings | values, REGULATORS, unperturbed, generator(seed))


def sizes(experiment: Experiment) -> np.ndarray:
    """Cells of each perturbed gene."""
    return np.unique(experiment.target[experiment.target != NONE], return_counts=True)[1]


# ---------------------------------------------------------------------------- the plan


def test_unperturbed_cells_come_first_and_nothing_is_done_to_them(settings):
    for seed in range(20):
        found = plan(settings, seed)
        beside = found.target == NONE
        assert beside[:500].all() and not beside[500:].any()
        assert (found.fold[:500] == 1).all() and not found.escaped[:500].any()
        assert len(found.genes) and set(found.genes.tolist()) <= set(range(60))
        for gene in found.genes:
            assert len(set(found.fold[found.target == gene].tolist())) == 1  # one fold of a gene
        assert found.target.dtype == np.int32 and found.fold.dtype == np.float32


def test_cells_of_a_gene_are_log_uniform(settings):
    every = np.concatenate(
        [sizes(plan(settings, k, genes=[1, 1], most_cells=10**6)) for k in (1, 2)]
    )
    low, high = settings["cells"]
    assert low <= every.min() and every.max() <= high
    expected = (np.log(low) + np.log(high)) / 2
    error = np.log(high / low) / np.sqrt(12 * len(every))
    assert abs(np.log(every).mean() - expected) < 4 * error


def test_as_many_genes_as_there_is_room_for(settings):
    for most in (5, 100, 1000):
        found = plan(settings, genes=[1, 1], most_cells=most)
        assert 0 < sizes(found).sum() <= most
        assert sizes(found).sum() > most - settings["cells"][1]
    assert len(plan(settings, genes=[1, 1], most_cells=10**6).genes) == 60
    assert len(plan(settings, genes=[0.1, 0.1], regulators_only_share=0).genes) == 6


def test_regulators_only(settings):
    only = plan(settings, genes=[1, 1], regulators_only_share=1, most_cells=10**6)
    np.testing.assert_array_equal(only.genes, np.arange(20))
    number = [len(plan(settings, k, genes=[1, 1], most_cells=10**6).genes) for k in range(300)]
    assert set(number) == {20, 60} and abs(np.mean(np.equal(number, 20)) - 0.5) < 0.12


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("knock-out", 0, 0), ("knock-down", 0.05, 0.6), ("over-expression", 1.5, 10)],
)
def test_folds_are_those_of_the_kind(settings, kind, low, high):
    found = plan(settings, kinds={kind: 1}, genes=[1, 1])
    folds = found.fold[500:]
    assert (folds >= np.float32(low)).all() and (folds <= np.float32(high)).all()
    if low < high:
        assert np.ptp(folds) > 0.5 * (high - low)


def test_kinds_are_as_often_as_their_shares_and_can_be_mixed(settings):
    kinds = {"knock-out": 3, "over-expression": 1}
    folds = [plan(settings, k, kinds=kinds, genes=[0.1, 0.1]).fold[-1] for k in range(400)]
    assert abs(np.mean(np.equal(folds, 0)) - 0.75) < 0.09
    mixed = plan(settings, kinds={"mixed": 1}, genes=[1, 1], most_cells=10**6)
    of_genes = np.array([mixed.fold[mixed.target == gene][0] for gene in mixed.genes])
    for share in ((of_genes == 0), (of_genes > 0) & (of_genes < 1), of_genes > 1):
        assert share.mean() > 0.1


@pytest.mark.parametrize("escape", [0.0, 0.4])
def test_some_cells_escape(settings, escape):
    found = plan(settings, escape=[escape, escape], genes=[1, 1], kinds={"knock-out": 1})
    perturbed = found.target != NONE
    share = found.escaped[perturbed].mean()
    assert abs(share - escape) < 4 * np.sqrt(escape * (1 - escape) / perturbed.sum()) + 1e-9
    assert (found.effect[found.escaped] == 1).all()
    assert (found.effect[perturbed & ~found.escaped] == 0).all()
    assert (found.fold[found.escaped] == 0).all()  # what is told


def seen_by_targets(found) -> np.ndarray:
    """What each of 60 genes is multiplied by, as its targets see it: (60, cells)."""
    return found.mrna_folds(60) * found.translation_folds(60)


def test_folds_of_all_genes_are_those_of_each_cell(settings):
    found = plan(settings, kinds={"mixed": 1})
    folds = seen_by_targets(found)
    assert folds.shape == (60, len(found)) and folds.dtype == np.float32
    for cell in (0, 500, 501, len(found) - 1):
        expected = np.ones(60, np.float32)
        if found.target[cell] != NONE:
            expected[found.target[cell]] = found.effect[cell]
        np.testing.assert_array_equal(folds[:, cell], expected)
    given = found.perturbation()
    np.testing.assert_array_equal(given.folds, folds[given.genes])
    assert (seen_by_targets(found.without_effect()) == 1).all()


def test_knock_outs_leave_the_mrna_in_a_share_of_the_data_sets(settings):
    some = [plan(settings, k, protein_only_share=0.3, kinds={"mixed": 1}) for k in range(300)]
    assert abs(np.mean([found.protein_only for found in some]) - 0.3) < 0.1
    kept, lost = (
        plan(settings, protein_only_share=share, kinds={"mixed": 1}, genes=[1, 1])
        for share in (1, 0)
    )
    for name in ("target", "fold", "escaped", "effect"):  # what is known, and what targets see
        np.testing.assert_array_equal(getattr(kept, name), getattr(lost, name))
    out = (kept.fold == 0) & ~kept.escaped
    assert out.any() and ((kept.fold < 1) & ~out).any() and (kept.fold > 1).any()
    np.testing.assert_array_equal(kept.mrna_effect, np.where(out, 1, kept.effect))
    np.testing.assert_array_equal(lost.mrna_effect, lost.effect)
    np.testing.assert_array_equal(seen_by_targets(kept), seen_by_targets(lost))
    assert (lost.translation_folds(60) == 1).all()
    assert kept.at(np.arange(5)).protein_only and kept.without_effect().mrna_folds(60).min() == 1


def test_runs_are_perturbed_as_a_whole(settings):
    for seed in range(30):
        found = draw_experiment_of_runs(settings, REGULATORS, 200, 25, generator(seed))
        assert len(found) == 200 and (found.target == NONE).sum() >= 100
        assert (sizes(found) == 8).all()  # 200 cells, 25 of a run
    assert len(draw_experiment_of_runs(settings, REGULATORS, 1, 25, generator(1)).genes) == 0


def test_the_same_stream_gives_the_same_plan(settings):
    first, second = plan(settings, 7), plan(settings, 7)
    for name in ("target", "fold", "escaped"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert len(first) != len(plan(settings, 8))


# ---------------------------------------------------------------------------- what it causes


@pytest.mark.parametrize("kind", ["knock-out", "knock-down", "over-expression"])
@pytest.mark.parametrize("bursty", [False, True])
def test_only_descendants_change(settings, kind, bursty):
    block = pretraining_settings("transcriptional") | {"genes": [40, 60]}
    of_cells = TranscriptionalSettings.from_config(block)
    acted = 0
    for seed in range(4):
        network = draw_network(of_cells, generator(seed, "network"))
        planned = draw_experiment(
            settings | {"kinds": {kind: 1}, "genes": [0.1, 0.1], "cells": [16, 30]},
            network.topology.regulators,
            60,
            generator(seed),
        )
        bursts = draw_bursts(pretraining_settings("bursty"), generator(seed), len(network.basal))
        found = []
        for experiment in (planned.without_effect(), planned):
            cells = rates(
                network,
                of_cells,
                len(planned),
                generator(seed, "cells"),
                experiment.perturbation(),
            )
            values = cells.rates
            if bursty:
                values = transcripts(network, cells, bursts, generator(seed, "transcripts"))
            found.append(values)
        # A stream of bursts is that of a gene: of descendants all cells are drawn anew.
        acted += check_causes(network.signs, planned, *found, by_cell=not bursty)
    assert acted >= 4


@pytest.mark.parametrize("cyclic", [0, 1])
def test_without_its_protein_a_gene_has_its_mrna_and_targets_follow(settings, cyclic):
    block = pretraining_settings("transcriptional") | {"genes": [40, 60], "cyclic_share": cyclic}
    of_cells = TranscriptionalSettings.from_config(block)
    shifted = 0
    for seed in range(4):
        network = draw_network(of_cells, generator(seed, "network"))
        regulators = network.topology.regulators
        one = {"kinds": {"knock-out": 1}, "genes": [0.2, 0.2], "cells": [16, 30], "escape": [0, 0]}
        one |= {"regulators_only_share": 1, "protein_only_share": 1}
        planned = draw_experiment(settings | one, regulators, 60, generator(seed))
        plain, whole, protein = (
            rates(network, of_cells, len(planned), generator(seed, "cells"), e.perturbation())
            for e in (planned.without_effect(), replace(planned, protein_only=False), planned)
        )
        own = np.flatnonzero(planned.target != NONE)
        genes = planned.target[own]
        for name in ("rates", "nascent"):
            before, gone, found = (getattr(cells, name) for cells in (plain, whole, protein))
            assert (gone[genes, own] == 0).all() and (found[genes, own] > 0).all()
            if not cyclic:
                np.testing.assert_array_equal(found[genes, own], before[genes, own])
            # All else is as of a gene that is knocked out whole.
            found[genes, own] = 0
            np.testing.assert_array_equal(found, gone)
        place = np.cumsum(regulators) - 1
        assert (protein.protein[place[genes], own] == 0).all()
        np.testing.assert_array_equal(protein.protein, whole.protein)
        targets = network.signs[genes] != 0
        shifted += (targets & (protein.rates[:, own] != plain.rates[:, own]).T).sum()
    assert shifted > 100
