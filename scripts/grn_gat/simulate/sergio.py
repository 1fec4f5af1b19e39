"""Cells by SERGIO's equations (Dibaeinia and Sinha, Cell Systems 2020), types at rest.

    dx_i = (P_i - d x_i) dt + q (sqrt(P_i) dW_1 + sqrt(d x_i) dW_2)
    P_i = b_i + sum_j K_ij h(x_j),  h = x^n / (c^n + x^n), or 1 - h of a repressor

b is not 0 for master regulators only, and differs between cell types; the half-response c_j is the
mean over types of the level at which gene j rests without noise. What is measured of a cell is
measured elsewhere.

The equations are written here rather than taken from sergio_rs (PyPI), a translation of SERGIO to
Rust: it would be a compiled dependency of every installation for ten lines of arithmetic, and its
draws are not those of our streams. One thing differs on purpose. SERGIO follows one trajectory of
each type and looks at it ten times in its steps of 0.01 for each cell that it keeps, so that cells
are much alike; here `chains` independent ones are followed, and looked at once in a lifetime.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from grn_gat.simulate.perturbation_experiment import Experiment
from grn_gat.simulate.transcriptional_topology import (
    Range,
    Topology,
    TranscriptionalSettings,
    draw_topology,
    log_uniform,
)


@dataclass(frozen=True)
class SergioNetwork:
    """A network without feedback.

    Attributes:
        topology: edges, masters, levels.
        strength: (genes, genes): K, what row adds to the production of column at most.
        basal: (types, genes): production without regulators, not 0 for unregulated genes only.
        half: (genes,): half-response c of a gene's targets; 1 where a gene rests at 0.
        exponent, decay, noise: n, d and q.
    """

    topology: Topology
    strength: np.ndarray
    basal: np.ndarray
    half: np.ndarray
    exponent: float
    decay: float
    noise: float


def hill(levels: np.ndarray, half: np.ndarray, exponent: float) -> np.ndarray:
    """x^n / (c^n + x^n) of levels x >= 0: 0 at 0, 1/2 at the half-response c."""
    powers = (levels / half) ** exponent
    return powers / (1 + powers)


def _regulation(network: SergioNetwork) -> tuple[np.ndarray, np.ndarray]:
    """Weights (targets, regulators) of h, and the sum (targets,) of the 1 of each 1 - h."""
    signs = network.topology.signs
    weights = (signs * network.strength).T
    return weights, np.where(signs < 0, network.strength, 0).sum(axis=0)


def resting(network: SergioNetwork) -> np.ndarray:
    """Levels without noise, (genes, types), from masters down."""
    found, _ = _rest(network)
    return found


def _rest(network: SergioNetwork) -> tuple[np.ndarray, np.ndarray]:
    """Levels without noise (genes, types), and half-responses that are the means of these."""
    weights, constant = _regulation(network)
    levels = network.topology.levels
    assert levels is not None, "a network of SERGIO has no feedback"
    found, half = np.zeros_like(network.basal.T), network.half.copy()
    for level in range(levels.max() + 1):
        own = levels == level
        on = hill(found, half[:, None], network.exponent)
        made = network.basal.T[own] + constant[own, None] + weights[own] @ on
        found[own] = made / network.decay
        mean = found[own].mean(axis=1)
        half[own] = np.where(mean > 0, mean, 1)
    return found, half


def _uniform(rng: np.random.Generator, limits: Range, shape: tuple[int, ...]) -> np.ndarray:
    return rng.uniform(limits[0], limits[1], shape)


def draw_sergio(
    settings: Mapping, topology: TranscriptionalSettings, rng: np.random.Generator
) -> SergioNetwork:
    """Draw a network.

    Args:
        settings: block `sergio` of the pretraining config.
        topology: what edges are drawn from; there is no feedback, whatever it says.
        rng: source of every draw.
    """
    genes = int(log_uniform(rng, (topology.genes[0], topology.genes[1] + 1)))
    drawn = draw_topology(replace(topology, cyclic_share=0.0), rng, genes)
    types = int(rng.integers(settings["types"][0], settings["types"][1] + 1))
    edge = drawn.signs != 0
    strength = np.where(edge, _uniform(rng, settings["strength"], edge.shape), 0)
    high = rng.random((types, genes)) < 0.5  # each type has a master high or low
    basal: np.ndarray = np.where(
        high,
        _uniform(rng, settings["production_high"], high.shape),
        _uniform(rng, settings["production_low"], high.shape),
    )
    basal[:, edge.any(axis=0)] = 0
    network = SergioNetwork(
        topology=drawn,
        strength=strength,
        basal=basal,
        half=np.ones(genes),
        exponent=float(settings["exponent"]),
        decay=float(settings["decay"]),
        noise=float(rng.uniform(*settings["noise"])),
    )
    return replace(network, half=_rest(network)[1])


def sergio_rates(
    network: SergioNetwork,
    settings: Mapping,
    cells: int,
    rng: np.random.Generator,
    folds: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Follow trajectories of each type and look at them once in a lifetime.

    Args:
        network: the network.
        settings: block `sergio` of the pretraining config; of it `step`, `chains`, `warmup`.
        cells: of each type.
        rng: source of every draw; none depends on `folds`.
        folds: (genes,) what a gene's production is multiplied with; 0 is a knock-out.

    Returns:
        Levels (genes, types * cells) float32, and the type of each cell.
    """
    genes, types = len(network.half), len(network.basal)
    chains = min(settings["chains"], cells)
    looks = -(-cells // chains)
    fold = np.ones(genes) if folds is None else np.asarray(folds, float)
    type_of = np.repeat(np.arange(types), chains)
    found = _followed(network, settings, type_of, looks, fold[:, None], rng)
    # (looks, genes, types, chains) -> types one after another
    ordered = found.reshape(looks, genes, types, chains).transpose(1, 2, 0, 3)
    ordered = ordered.reshape(genes, types, looks * chains)[:, :, :cells]
    return ordered.reshape(genes, -1), np.repeat(np.arange(types), cells)


def sergio_experiment(
    network: SergioNetwork, settings: Mapping, experiment: Experiment, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Follow trajectories of perturbed cells, and of those beside them.

    Cells to which the same is done share trajectories, as those of a type do in `sergio_rates`, but
    are of as many types as there can be among them.

    Args:
        network, settings: as of `sergio_rates`.
        experiment: what is done to the production of a gene in each cell, or to what its targets
            see of it, where its mRNA is left.
        rng: source of every draw; none depends on the folds of the experiment.

    Returns:
        Levels (genes, cells) float32, and the type of each cell.
    """
    types, most = len(network.basal), -(-settings["cells"] // settings["chains"])
    chain = np.empty(len(experiment), int)
    look = np.empty(len(experiment), int)
    type_of: list[np.ndarray] = []
    done = 2 * experiment.target + experiment.escaped
    start = 0
    for group in np.unique(done):
        cells = np.flatnonzero(done == group)
        chains = max(-(-len(cells) // most), min(types, len(cells)))
        chain[cells] = start + np.arange(len(cells)) % chains
        look[cells] = np.arange(len(cells)) // chains
        type_of.append(rng.permutation(np.resize(rng.permutation(types), chains)))
        start += chains
    types_of_chains = np.concatenate(type_of)
    first = np.unique(chain, return_index=True)[1]
    of_chains, genes = experiment.at(first), len(network.half)
    found = _followed(
        network,
        settings,
        types_of_chains,
        int(look.max()) + 1,
        of_chains.mrna_folds(genes),
        rng,
        of_chains.translation_folds(genes),
    )
    return found[look, :, chain].T, types_of_chains[chain]


def _followed(
    network: SergioNetwork,
    settings: Mapping,
    type_of: np.ndarray,
    looks: int,
    fold: np.ndarray,
    rng: np.random.Generator,
    translation: np.ndarray | None = None,
) -> np.ndarray:
    """Levels (looks, genes, trajectories) float32, a lifetime between looks.

    Args:
        network, settings: as of `sergio_rates`.
        type_of: type of each trajectory.
        looks: at each trajectory.
        fold: (genes, trajectories or 1): what production is multiplied with.
        rng: source of every draw; none depends on `fold` or `translation`.
        translation: (genes, trajectories): what levels are multiplied with where targets see them.
    """
    from scipy.sparse import csr_array

    single = np.float32
    step = settings["step"]
    between = max(1, round(1 / network.decay / step))
    regulators = np.flatnonzero(network.topology.regulators)
    weights, constant = _regulation(network)
    inputs = csr_array(weights[:, regulators].astype(single))
    half = network.half[regulators, None].astype(single)
    fold = fold.astype(single)
    seen = single(1) if translation is None else translation[regulators].astype(single)
    basal = (network.basal.T + constant[:, None])[:, type_of].astype(single)
    state = resting(network)[:, type_of].astype(single) * (fold > 0)
    width = single(network.noise * np.sqrt(step))

    def advanced(state: np.ndarray, steps: int) -> np.ndarray:
        for _ in range(steps):
            on = hill(state[regulators] * seen, half, network.exponent)
            made = fold * (basal + inputs @ on)
            lost = single(network.decay) * state
            # Both noises at once: their sum is normal, of the summed variance.
            noise = rng.standard_normal(state.shape, single) * np.sqrt(np.maximum(made + lost, 0))
            state = np.maximum(state + (made - lost) * single(step) + width * noise, 0)
        return state

    state = advanced(state, round(settings["warmup"] / network.decay / step))
    found = np.empty((looks, *state.shape), single)
    for look in range(looks):
        found[look] = state = advanced(state, between)
    return found
