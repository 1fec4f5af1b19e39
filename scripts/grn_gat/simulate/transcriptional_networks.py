"""Random networks of transcriptional.py: strengths, cell types, hidden factors; and chunks of them.

Every number that a network is drawn with is a key of the block `transcriptional` of the pretraining
config.
"""

from dataclasses import replace

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import TRANSCRIPTIONAL, Excluded, Sample
from grn_gat.simulate.linear_networks import ranks_of_first_component
from grn_gat.simulate.transcriptional import (
    CONTENT,
    DrawnCells,
    Equations,
    Factors,
    TranscriptionalNetwork,
    rates,
    single,
)
from grn_gat.simulate.transcriptional_topology import (
    TranscriptionalSettings,
    draw_topology,
    log_uniform,
)

_PILOT = 256  # cells that centre and spread of the regulators are measured on
_HIGHEST = float(np.finfo(np.float16).max)


def draw_network(
    settings: TranscriptionalSettings, rng: np.random.Generator
) -> TranscriptionalNetwork:
    """Draw a network: edges, strengths, types, hidden factors, and how its cells are arranged."""
    genes = int(log_uniform(rng, (settings.genes[0], settings.genes[1] + 1)))
    topology = draw_topology(settings, rng, genes)
    number = int(topology.regulators.sum())
    degree = (topology.signs != 0).sum(axis=0)
    # By the root of the in-degree, else a gene's variance would tell how many regulators it has.
    weights = topology.signs * rng.uniform(*settings.strength, (genes, genes))
    weights = (weights / np.sqrt(np.maximum(degree, 1))).astype(np.float32)
    trajectory = rng.random() < settings.trajectory_share
    moving = trajectory and rng.random() < settings.moving_share
    parents = _draw_parents(settings, rng, trajectory)
    programmes = _draw_programmes(settings, rng, parents, topology.masters)
    reached = np.ones(len(parents))
    reached[0] = 0 if trajectory else 1  # nothing is on the way to the first type
    proportions = rng.dirichlet(np.full(int(reached.sum()), settings.evenness))
    network = TranscriptionalNetwork(
        topology=topology,
        weights=weights,
        linear=bool(rng.random() < settings.linear_share),
        steepness=single(rng.uniform(*settings.steepness, number)),
        threshold=single(rng.normal(0, settings.threshold_sd, number)),
        centre=np.zeros(number, np.float32),
        spread=np.ones(number, np.float32),
        activity_noise=single(rng.uniform(*settings.activity_noise) * rng.uniform(0.5, 1, number)),
        basal=single(rng.normal(0, rng.uniform(*settings.basal_sd), genes)),
        noise=single(log_uniform(rng, settings.noise, genes)),
        lifetime=single(log_uniform(rng, settings.lifetime, genes)) if moving else None,
        programmes=programmes,
        parents=parents,
        trajectory=trajectory,
        proportions=np.concatenate([np.zeros(len(parents) - len(proportions)), proportions]),
        factors=_draw_factors(settings, rng, genes, len(parents)),
    )
    return _calibrated(network, settings, rng)


def _draw_parents(
    settings: TranscriptionalSettings, rng: np.random.Generator, trajectory: bool
) -> np.ndarray:
    """Tree of types: each comes from the one before, or, where it branches, from any before."""
    least, most = settings.types
    if trajectory:
        least, most = max(least, 2), max(most, 2)  # else there is nowhere to go
    number = int(rng.integers(least, most + 1))
    branching = rng.uniform(*settings.branching)
    parents = np.arange(number) - 1
    for k in range(2, number):
        if rng.random() < branching:
            parents[k] = rng.integers(k)
    return parents


def _draw_programmes(
    settings: TranscriptionalSettings,
    rng: np.random.Generator,
    parents: np.ndarray,
    masters: np.ndarray,
) -> np.ndarray:
    """What a type adds to the log rates: that of its parent, with some of the masters changed."""
    share, width = rng.uniform(*settings.type_masters), rng.uniform(*settings.type_sd)
    steps = rng.normal(0, width, (len(parents), len(masters)))
    steps[rng.random(steps.shape) >= share] = 0
    steps[:, ~masters] = 0
    programmes = np.zeros(steps.shape, np.float32)
    for k, parent in enumerate(parents):
        programmes[k] = steps[k] + (programmes[parent] if k else 0)
    return programmes


def _draw_factors(
    settings: TranscriptionalSettings, rng: np.random.Generator, genes: int, types: int
) -> Factors:
    number = int(rng.integers(settings.factors[0], settings.factors[1] + 1))
    names = sorted(settings.factor_kinds)  # whatever the order in a config
    shares = np.array([settings.factor_kinds[name] for name in names], float)
    kinds = tuple(names[k] for k in rng.choice(len(names), number, p=shares / shares.sum()))
    loads = rng.normal(size=(genes, number))
    touched = rng.random((genes, number)) < rng.uniform(*settings.factor_genes, number)
    content = np.array([kind == CONTENT for kind in kinds], bool)
    # Of the content, all genes have more, or all less.
    loads = np.where(content, 1 + 0.2 * loads, loads * touched)
    # In some networks all are weak, however many.
    strongest = rng.uniform(*settings.factor_sd)
    loads = loads * log_uniform(rng, (settings.factor_sd[0], strongest), number)
    phases = rng.uniform(0, 2 * np.pi, number)
    return Factors(kinds, single(loads), phases, rng.normal(size=(number, types)))


def _calibrated(
    network: TranscriptionalNetwork, settings: TranscriptionalSettings, rng: np.random.Generator
) -> TranscriptionalNetwork:
    """The network with centre and spread of its regulators, as some cells of it have them."""
    drawn = DrawnCells(network, _PILOT, rng)
    drive = drawn.drive(0.0)[network.topology.regulators]
    centre, spread = np.zeros_like(network.centre), np.ones_like(network.spread)
    response = np.zeros_like(drive)
    equations = Equations(network)
    for rows, inputs in equations.schedule(settings.feedback_rounds):
        levels = drive[rows] + inputs @ response
        centre[rows] = levels.mean(axis=1)
        spread[rows] = np.maximum(levels.std(axis=1), 1e-3)
        activity = (levels - centre[rows, None]) / spread[rows, None]
        response[rows] = equations.response(activity + drawn.activity[rows], rows)
    network = replace(network, centre=centre, spread=spread)
    if network.topology.levels is not None or not network.linear:
        return network
    # Linear feedback may not amplify: the sum of a regulator's gains bounds the largest eigenvalue.
    own = network.topology.regulators
    weights = network.weights.copy()
    gains = (np.abs(weights[np.ix_(own, own)]) / network.spread[:, None]).sum(axis=0)
    weights[:, own] *= np.minimum(1, settings.largest_gain / np.maximum(gains, 1e-9))
    return replace(network, weights=weights)


def as_sample(values: np.ndarray, time: np.ndarray | None, signs: np.ndarray, kind: str) -> Sample:
    """A sample of values (genes, cells); what float16 cannot hold is cut off.

    Cells without a time have their ranks along the first component in its place.
    """
    from threadpoolctl import threadpool_limits

    expression = np.minimum(values.T, _HIGHEST).astype(np.float32)
    if time is None:
        with threadpool_limits(limits=1):  # else the order of sums depends on the cores
            time = ranks_of_first_component(expression)
    return Sample(expression, time, signs, kind)


def draw_transcriptional_chunk(
    settings: TranscriptionalSettings, excluded: Excluded, seed: int, names: tuple, number: int
) -> tuple[list[Sample], dict[str, int]]:
    """Draw `number` networks of the stream `names` and the rates of their cells, not measured yet.

    Each network has streams of its own, so that any of them can be drawn alone. Returns the
    samples, and how many were drawn and left out: keys `drawn`, `isomorphic`. Raises InputError if
    all are copies of networks that are left out.
    """
    kept: list[Sample] = []
    counts = {"drawn": 0, "isomorphic": 0}
    while len(kept) < number:
        stream = (*names, TRANSCRIPTIONAL, counts["drawn"])
        counts["drawn"] += 1
        network = draw_network(settings, generator(seed, *stream, "network"))
        if excluded.leaves_out(network.signs, TRANSCRIPTIONAL):
            counts["isomorphic"] += 1
            continue
        drawn = rates(network, settings, settings.cells, generator(seed, *stream, "cells"))
        kept.append(as_sample(drawn.rates, drawn.pseudotime, network.signs, TRANSCRIPTIONAL))
    return kept, counts
