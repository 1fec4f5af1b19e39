"""SERGIO's equations: rest, noise, half-responses, knock-outs."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from causes import check_causes
from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.perturbation_experiment import NONE, Experiment, draw_experiment
from grn_gat.simulate.sergio import (
    SergioNetwork,
    draw_sergio,
    hill,
    resting,
    sergio_experiment,
    sergio_rates,
)
from grn_gat.simulate.transcriptional_topology import Topology, TranscriptionalSettings


@pytest.fixture(scope="module")
def settings() -> dict:
    return pretraining_settings("sergio")


@pytest.fixture(scope="module")
def topology() -> TranscriptionalSettings:
    block = pretraining_settings("transcriptional") | {"genes": [40, 40]}
    return TranscriptionalSettings.from_config(block)


def pair(sign: int, **values) -> SergioNetwork:
    """Gene 0, a master with productions 2 and 4 in two types, acts on gene 1 with K = 3."""
    signs = np.array([[0, sign], [0, 0]], np.int8)
    first = np.array([True, False])
    network = SergioNetwork(
        topology=Topology(signs, first, first, np.zeros(2, int), np.array([0, 1])),
        strength=3.0 * abs(signs),
        basal=np.array([[2.0, 0], [4.0, 0]]),
        half=np.array([3.75, 1.0]),
        exponent=2.0,
        decay=0.8,
        noise=0.1,
    )
    return replace(network, **values)


def test_half_of_the_response_at_the_half_response():
    assert hill(np.array(3.75), np.array(3.75), 2.0) == 0.5
    np.testing.assert_allclose(hill(np.array([0, 1e6]), np.array(2.0), 2.0), [0, 1], atol=1e-9)
    # In a network: a type whose master rests at its half-response, production 3 / 0.8.
    for sign in (1, -1):
        network = pair(sign, basal=np.array([[3.0, 0]]))
        np.testing.assert_allclose(resting(network)[:, 0], [3.75, 3 / 2 / 0.8])


@pytest.mark.parametrize("sign", [1, -1])
def test_cells_rest_where_production_is_decay(settings, sign):
    network = pair(sign)
    levels, types = sergio_rates(network, settings, 2000, generator(1))
    np.testing.assert_array_equal(types, np.repeat([0, 1], 2000))
    masters = [levels[0, types == k].mean() for k in (0, 1)]
    np.testing.assert_allclose(masters, [2 / 0.8, 4 / 0.8], rtol=0.01)
    rest = resting(network)
    np.testing.assert_allclose(rest[0], [2.5, 5.0])
    share = rest[0] ** 2 / (3.75**2 + rest[0] ** 2)
    np.testing.assert_allclose(rest[1], 3 * (share if sign > 0 else 1 - share) / 0.8)
    targets = [levels[1, types == k].mean() for k in (0, 1)]
    np.testing.assert_allclose(targets, rest[1], rtol=0.03)


def test_noise_is_that_of_production_and_decay(settings):
    """At rest the variance of a master is q^2 P / d, that of a linear equation with both noises."""
    network = pair(1, noise=0.3)
    levels, types = sergio_rates(network, settings, 8000, generator(2))
    for k, production in enumerate((2.0, 4.0)):
        own = levels[0, types == k]
        assert own.var() == pytest.approx(0.3**2 * production / 0.8, rel=0.08)


def test_cells_are_nearly_independent(settings):
    """Looks a lifetime apart: exp(-1) between one and the next of a chain, a `chains`-th apart."""
    network = pair(1, basal=np.array([[2.0, 0]]))
    levels, _ = sergio_rates(network, settings, 8000, generator(3))
    chain = levels[0].reshape(-1, settings["chains"])
    near = np.corrcoef(chain[:-1].ravel(), chain[1:].ravel())[0, 1]
    assert near == pytest.approx(np.exp(-1), abs=0.05)
    beside = np.corrcoef(chain[:, :-1].ravel(), chain[:, 1:].ravel())[0, 1]
    assert abs(beside) < 0.05


def test_networks_are_what_the_config_says(settings, topology):
    for seed in range(10):
        network = draw_sergio(settings, topology, generator(seed))
        edge = network.topology.signs != 0
        assert nx.is_directed_acyclic_graph(nx.from_numpy_array(edge, create_using=nx.DiGraph))
        low, high = settings["strength"]
        assert low <= network.strength[edge].min() and network.strength[edge].max() <= high
        assert not network.strength[~edge].any()
        regulated = edge.any(axis=0)
        assert not network.basal[:, regulated].any() and (network.basal[:, ~regulated] > 0).all()
        rest = resting(network)
        acts = edge.any(axis=1)
        np.testing.assert_allclose(network.half[acts], rest.mean(axis=1)[acts])
        # By definition of rest: what is made is lost.
        on = hill(rest, network.half[:, None], network.exponent)
        signs = network.topology.signs[:, :, None]
        made = np.where(signs > 0, on[:, None], np.where(signs < 0, 1 - on[:, None], 0))
        made = (network.strength[:, :, None] * made).sum(axis=0) + network.basal.T
        np.testing.assert_allclose(made, network.decay * rest, atol=1e-9)


def test_a_knock_out_changes_descendants_only(settings, topology):
    network = draw_sergio(settings, topology, generator(5))
    gene = int(np.argmax((network.topology.signs != 0).sum(axis=1)))
    folds = np.ones(40)
    folds[gene] = 0
    plain, _ = sergio_rates(network, settings, 20, generator(6))
    without, types = sergio_rates(network, settings, 20, generator(6), folds)
    assert plain.shape == (40, 20 * len(network.basal)) and len(types) == plain.shape[1]
    assert plain.dtype == np.float32 and (plain >= 0).all() and np.isfinite(plain).all()
    graph = nx.from_numpy_array(network.topology.signs, create_using=nx.DiGraph)
    changed = set(np.flatnonzero((plain != without).any(axis=1)).tolist())
    assert len(changed) > 3 and changed <= nx.descendants(graph, gene) | {gene}
    assert set(graph.successors(gene)) <= changed and not without[gene].any()
    again, _ = sergio_rates(network, settings, 20, generator(6))
    np.testing.assert_array_equal(plain, again)


def test_of_an_experiment_only_descendants_change(settings, topology):
    block = pretraining_settings("evidence")["perturbations"]
    short = settings | {"warmup": 2}
    acted = 0
    for kind in ("knock-out", "knock-down", "over-expression"):
        network = draw_sergio(settings, topology, generator(7, kind))
        planned = draw_experiment(
            block | {"kinds": {kind: 1}, "genes": [0.1, 0.1], "cells": [16, 40]},
            network.topology.regulators,
            100,
            generator(8),
        )
        plain, types = sergio_experiment(network, short, planned.without_effect(), generator(9))
        found, same = sergio_experiment(network, short, planned, generator(9))
        assert found.shape == (40, len(planned)) and found.dtype == np.float32
        assert np.isfinite(found).all() and (found >= 0).all()
        np.testing.assert_array_equal(types, same)
        acted += check_causes(network.topology.signs, planned, plain, found)
        if kind == "knock-out":
            # With and without the mRNA of the gene, and all else the same.
            hit = planned.effect == 0
            whole, lost = (
                sergio_experiment(
                    network, short, replace(planned, protein_only=only), generator(9)
                )[0]
                for only in (False, True)
            )
            genes = planned.target[hit]
            assert not whole[genes, hit].any()
            np.testing.assert_array_equal(lost[genes, hit], plain[genes, hit])
            lost[genes, hit] = 0
            np.testing.assert_array_equal(lost, whole)
    assert acted >= 3


def test_cells_of_an_experiment_rest_where_those_of_their_type_do(settings):
    """Both types among the perturbed cells, each at its own level; half of what made them, half."""
    cells = 4000
    target = np.repeat([NONE, 0], cells).astype(np.int32)
    fold = np.where(target == 0, 0.5, 1).astype(np.float32)
    halved = Experiment(target, fold, np.zeros(2 * cells, bool))
    levels, types = sergio_experiment(pair(1), settings, halved, generator(10))
    for done, factor in ((NONE, 1), (0, 0.5)):
        for kind, level in ((0, 2 / 0.8), (1, 4 / 0.8)):
            own = (target == done) & (types == kind)
            assert abs(own.sum() / cells - 0.5) < 0.02
            assert levels[0, own].mean() == pytest.approx(factor * level, rel=0.02)
