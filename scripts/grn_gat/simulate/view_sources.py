"""Networks with their cells and what else is known of them, of each kind, before any measurement.

Transcriptional and linear cells cost next to nothing: every data set is of a network of its own.
Boolean networks are simulated in time, many together, and each gives several data sets, of other
cells of the same runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.boolean_experiment import ONE_LINEAGE, boolean_cell_rates
from grn_gat.simulate.boolean_networks import draw_size
from grn_gat.simulate.chunks import LINEAR, TRANSCRIPTIONAL, Excluded, draw_experiments
from grn_gat.simulate.evidence import Evidence, draw_evidence, draw_experiment
from grn_gat.simulate.linear_experiment import linear_rates
from grn_gat.simulate.linear_networks import draw_signs
from grn_gat.simulate.perturbation_experiment import NONE, Experiment
from grn_gat.simulate.transcriptional import CellRates, rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings, log_uniform

BOOLEAN = "boolean"
KINDS = (BOOLEAN, LINEAR, TRANSCRIPTIONAL)


@dataclass(frozen=True, eq=False)
class Source:
    """A network and cells of it.

    Attributes:
        signs: (genes, genes) int8: +1 where row activates column, -1 where it represses it, else 0.
        regulators: (genes,) bool: genes that can regulate, whether they do or not.
        rates: (genes, cells): mRNA.
        evidence: what else is known.
    """

    signs: np.ndarray
    regulators: np.ndarray
    rates: np.ndarray
    evidence: Evidence


@dataclass(frozen=True, eq=False)
class SimulatedNetwork:
    """A Boolean network with all its cells, and what was done to each of them.

    `regulators` as of `Source`; their proteins are in the cells.
    """

    signs: np.ndarray
    regulators: np.ndarray
    cells: CellRates
    experiment: Experiment | None


def draw_source(
    pretraining: Mapping, kind: str, names: tuple, excluded: Excluded, cells: int
) -> Source:
    """Draw a network and its cells.

    Args:
        pretraining: the config block, with `evidence` and the blocks of the kinds.
        kind: linear or transcriptional.
        names: seed and names of its streams.
        excluded: networks that it may not be.
        cells: unperturbed ones; perturbed ones come beside them.
    """
    draw = _linear if kind == LINEAR else _transcriptional
    return draw(pretraining, names, excluded, cells)


def _transcriptional(pretraining: Mapping, names: tuple, excluded: Excluded, cells: int) -> Source:
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    attempt = 0
    network = draw_network(settings, generator(*names, "network", attempt))
    while excluded.leaves_out(network.signs, TRANSCRIPTIONAL):
        attempt += 1
        network = draw_network(settings, generator(*names, "network", attempt))
    regulators, known = network.topology.regulators, pretraining["evidence"]
    experiment = draw_experiment(known, regulators, cells, generator(*names, "experiment"))
    drawn = rates(
        network,
        settings,
        cells if experiment is None else len(experiment),
        generator(*names, "cells"),
        None if experiment is None else experiment.perturbation(),
    )
    evidence = draw_evidence(
        known,
        network.signs,
        regulators,
        generator(*names, "evidence"),
        experiment,
        drawn,
        network.parents,
    )
    return Source(network.signs, regulators, drawn.rates, evidence)


def _linear(pretraining: Mapping, names: tuple, excluded: Excluded, cells: int) -> Source:
    settings, known = pretraining["networks_linear"], pretraining["evidence"]
    rng = generator(*names, "network")
    signs = draw_signs(settings, rng, draw_size(settings, rng))
    while excluded.leaves_out(signs, "networks_linear"):
        signs = draw_signs(settings, rng, draw_size(settings, rng))
    low, high = settings["spread"]
    spread = generator(*names, "spread").uniform(low, high, len(signs))
    regulators = with_idle(pretraining["views"], signs, generator(*names, "idle"))
    experiment = draw_experiment(known, regulators, cells, generator(*names, "experiment"))
    number = cells if experiment is None else len(experiment)
    drawn = linear_rates(settings, generator(*names, "cells"), signs, spread, number, experiment)
    rng = generator(*names, "evidence")
    return Source(
        signs, regulators, drawn, draw_evidence(known, signs, regulators, rng, experiment)
    )


def simulate_boolean(
    pretraining: Mapping, names: tuple, excluded: Excluded, number: int
) -> list[SimulatedNetwork]:
    """Draw and simulate Boolean networks; the runs of some of them are perturbed.

    Args:
        pretraining: the config block, with `seed`, `networks` and `evidence`.
        names: of their stream, after the seed.
        excluded: networks that may not be among them.
        number: of networks.
    """
    seed, perturbations = pretraining["seed"], pretraining["evidence"]["perturbations"]
    drawn, _ = draw_experiments(
        pretraining["networks"], excluded, seed, names, number, perturbations
    )
    found = []
    for k, (network, cells, runs) in enumerate(drawn):
        rng = generator(seed, *names, "idle", k)
        regulators = with_idle(pretraining["views"], network.signs, rng)
        made = boolean_cell_rates(network, cells, runs, regulators)
        found.append(SimulatedNetwork(network.signs, regulators, *made))
    return found


def with_idle(views: Mapping, signs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Genes that can regulate, (genes,) bool: those that do, and a share of the others.

    Else whatever is known of regulators only, their proteins or a prior network, would tell which
    genes have targets.
    """
    idle: np.ndarray = rng.random(len(signs)) < rng.uniform(*views["idle_regulators"])
    return np.asarray(signs.any(axis=1)) | idle


def boolean_source(
    pretraining: Mapping, names: tuple, network: SimulatedNetwork, cells: int, part: int = 0
) -> Source:
    """Some cells of a simulated network, in no order.

    Args:
        pretraining: the config block, with `evidence` and `views`.
        names: seed and names of its streams.
        network: the network.
        cells: unperturbed ones, or all there are; of each perturbed gene as many as the config has.
        part: of the cells, which are dealt to `views.of_boolean_network` parts without a common
            one.
    """
    known, parts = pretraining["evidence"], pretraining["views"]["of_boolean_network"]
    rng = generator(*names, "cells")
    pool = rng.permutation(np.arange(part, len(network.cells.type), parts))
    experiment = network.experiment
    if experiment is None:
        chosen = pool[:cells]
    else:
        target = experiment.target[pool]
        chosen = pool[target == NONE][:cells]
        perturbed = _of_each_gene(known["perturbations"], pool, target, rng)
        chosen = np.concatenate([chosen, *perturbed])
        experiment = experiment.at(chosen) if perturbed else None
    some = of_cells(network.cells, chosen)
    evidence = draw_evidence(
        known,
        network.signs,
        network.regulators,
        generator(*names, "evidence"),
        experiment,
        some,
        ONE_LINEAGE,
    )
    return Source(network.signs, network.regulators, some.rates, evidence)


def _of_each_gene(
    perturbations: Mapping, pool: np.ndarray, target: np.ndarray, rng: np.random.Generator
) -> list[np.ndarray]:
    """Cells of the perturbed genes: a number of each, or all there are, or none if too few.

    Genes for which there is no room any more are left out.
    """
    least, largest = perturbations["cells"]
    room = perturbations["most_cells"]
    found = []
    for gene in rng.permutation(np.unique(target[target != NONE])):
        wanted = round(float(log_uniform(rng, (least, largest))))
        own = pool[target == gene][:wanted]
        if least <= len(own) <= room:
            found.append(own)
            room -= len(own)
    return found


def of_cells(cells: CellRates, chosen: Sequence[int] | np.ndarray) -> CellRates:
    """Some of the cells, in this order."""
    return replace(
        cells,
        rates=np.ascontiguousarray(cells.rates[:, chosen]),
        nascent=cells.nascent[:, chosen],
        protein=cells.protein[:, chosen],
        type=cells.type[chosen],
        pseudotime=None if cells.pseudotime is None else cells.pseudotime[chosen],
    )
