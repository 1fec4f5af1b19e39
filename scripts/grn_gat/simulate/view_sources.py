"""Networks with their cells and what else is known of them, of each kind, before any measurement.

Transcriptional and linear cells cost next to nothing: every data set is of a network of its own.
Boolean networks are simulated in time, many together, and each gives several data sets, of other
cells.
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
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

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
    """A Boolean network with all its cells, and what was done to each of them."""

    signs: np.ndarray
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
    while excluded.name(network.signs):
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
    while excluded.name(signs):
        signs = draw_signs(settings, rng, draw_size(settings, rng))
    low, high = settings["spread"]
    spread = generator(*names, "spread").uniform(low, high, len(signs))
    regulators = np.asarray(signs.any(axis=1))
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
    perturbations = pretraining["evidence"]["perturbations"]
    drawn, _ = draw_experiments(
        pretraining["networks"], excluded, pretraining["seed"], names, number, perturbations
    )
    return [
        SimulatedNetwork(network.signs, *boolean_cell_rates(network, cells, runs))
        for network, cells, runs in drawn
    ]


def boolean_source(
    pretraining: Mapping, names: tuple, network: SimulatedNetwork, cells: int
) -> Source:
    """Some cells of a simulated network, in no order.

    Args:
        pretraining: the config block, with `evidence`.
        names: seed and names of its streams.
        network: the network.
        cells: unperturbed ones, or all there are; of perturbed ones come as many as the config has.
    """
    known, rng = pretraining["evidence"], generator(*names, "cells")
    target = None if network.experiment is None else network.experiment.target
    chosen = rng.permutation(len(network.cells.type))
    if target is not None:
        perturbed = chosen[target[chosen] != NONE][: known["perturbations"]["most_cells"]]
        chosen = np.concatenate([chosen[target[chosen] == NONE][:cells], perturbed])
    else:
        chosen = chosen[:cells]
    some = of_cells(network.cells, chosen)
    experiment = None if network.experiment is None else network.experiment.at(chosen)
    regulators = np.asarray(network.signs.any(axis=1))
    evidence = draw_evidence(
        known,
        network.signs,
        regulators,
        generator(*names, "evidence"),
        experiment,
        some,
        ONE_LINEAGE,
    )
    return Source(network.signs, regulators, some.rates, evidence)


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
