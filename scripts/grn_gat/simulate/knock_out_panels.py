"""Cells that nothing was done to and, beside them, cells that lack one regulator each.

A prediction of knock-outs is made from the former and held against the latter. Networks are
held-out ones of each kind (`held_out.py`), of streams of their own. Cells of all knock-outs are
drawn, and then measured, together with the unperturbed ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.boolean_experiment import boolean_cell_rates
from grn_gat.simulate.boolean_networks import draw_size
from grn_gat.simulate.bursty import draw_bursts, transcripts
from grn_gat.simulate.chunks import (
    BURSTY,
    LINEAR,
    SERGIO,
    TRANSCRIPTIONAL,
    Excluded,
    draw_experiments,
)
from grn_gat.simulate.linear_experiment import linear_rates
from grn_gat.simulate.linear_networks import draw_signs
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import Measurement
from grn_gat.simulate.perturbation_experiment import (
    KNOCK_OUT,
    NONE,
    Experiment,
    draw_experiment,
)
from grn_gat.simulate.sergio import draw_sergio, sergio_experiment
from grn_gat.simulate.transcriptional import rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

BOOLEAN = "boolean"
KINDS = (BOOLEAN, LINEAR, TRANSCRIPTIONAL, BURSTY, SERGIO)
_STREAM = "knock-outs"  # first name of their streams
_UNSEEN = -2  # place of a gene that is not in the file
_TOGETHER = 20  # Boolean networks of one stream: they are simulated in batches
_ANY = [1.0, 1.0]  # of what `draw_experiment` draws and no knock-out has


@dataclass(frozen=True, eq=False)
class Panel:
    """A network and its cells.

    Attributes:
        signs: (genes, genes) int8: +1 where row activates column, -1 where it represses it, else 0.
        rates: (genes, cells) float32: mRNA before any measurement, or transcripts.
        target: (cells,) int32: the gene that a cell lacks, `NONE` for none.
    """

    signs: np.ndarray
    rates: np.ndarray
    target: np.ndarray

    @property
    def knocked_out(self) -> np.ndarray:
        """Indices of the genes that some cells lack, ascending."""
        return np.unique(self.target[self.target != NONE])


def as_measured(
    panel: Panel, settings: Measurement, rng: np.random.Generator
) -> tuple[Panel, np.ndarray]:
    """Return a panel of the genes that are seen, and expression (genes, cells) as it is measured.

    Cells that lack a gene which is not seen are left out.
    """
    found = measure(panel.rates.astype(float), settings, rng)
    genes = np.asarray(found.genes)
    place = np.full(len(panel.signs) + 1, _UNSEEN)
    place[genes], place[NONE] = np.arange(len(genes)), NONE
    target = place[panel.target]
    kept = target != _UNSEEN
    seen = Panel(panel.signs[np.ix_(genes, genes)], panel.rates[genes][:, kept], target[kept])
    return seen, found.values[:, kept]


def draw_panels(
    pretraining: Mapping, settings: Mapping, kind: str, number: int, stream: str = _STREAM
) -> list[Panel]:
    """Draw networks of a kind, with unperturbed cells and knock-outs of each.

    Args:
        pretraining: the config block, with `seed` and the blocks of the kinds.
        settings: `cells` (unperturbed), `knock_outs` (genes at most, of those that have a target)
            and `cells_of_each`.
        kind: one of `KINDS`.
        number: of networks; each is the same however many there are.
        stream: of another name they are other networks of the same kind.
    """
    if kind == BOOLEAN:
        return _boolean(pretraining, settings, stream, number)
    draw = {LINEAR: _linear, SERGIO: _sergio}.get(kind, _transcriptional)
    return [draw(pretraining, settings, (stream, kind, k)) for k in range(number)]


def _plan(settings: Mapping) -> dict[str, Any]:
    """What `draw_experiment` takes, of knock-outs that leave nothing and reach every cell."""
    each = settings["cells_of_each"]
    return {
        "share": 1,
        "kinds": {KNOCK_OUT: 1},
        "genes": _ANY,  # all, as far as there is room
        "regulators_only_share": 1,
        "cells": [each, each],
        "most_cells": each * settings["knock_outs"],
        "remainder": _ANY,
        "over_expression": _ANY,
        "escape": [0, 0],
        "protein_only_share": 0,
    }


def _experiment(settings: Mapping, signs: np.ndarray, rng: np.random.Generator) -> Experiment:
    regulators = np.asarray(signs.any(axis=1))
    return draw_experiment(_plan(settings), regulators, settings["cells"], rng)


def _transcriptional(pretraining: Mapping, settings: Mapping, stream: tuple) -> Panel:
    names = (pretraining["seed"], *stream)
    own = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_network(own, generator(*names, "network"))
    experiment = _experiment(settings, network.signs, generator(*names, "experiment"))
    rng = generator(*names, "cells")
    cells = rates(network, own, len(experiment), rng, experiment.perturbation())
    made = cells.rates
    if stream[1] == BURSTY:
        bursts = draw_bursts(pretraining[BURSTY], generator(*names, "bursts"), len(network.signs))
        made = transcripts(network, cells, bursts, generator(*names, "transcripts"))
    return Panel(network.signs, made, experiment.target)


def _sergio(pretraining: Mapping, settings: Mapping, stream: tuple) -> Panel:
    names, own = (pretraining["seed"], *stream), pretraining[SERGIO]
    topology = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_sergio(own, topology, generator(*names, "network"))
    signs = network.topology.signs
    experiment = _experiment(settings, signs, generator(*names, "experiment"))
    levels, _ = sergio_experiment(network, own, experiment, generator(*names, "cells"))
    return Panel(signs, levels, experiment.target)


def _linear(pretraining: Mapping, settings: Mapping, stream: tuple) -> Panel:
    names, own = (pretraining["seed"], *stream), pretraining["networks_linear"]
    rng = generator(*names, "network")
    signs = draw_signs(own, rng, draw_size(own, rng))
    low, high = own["spread"]
    spread = generator(*names, "spread").uniform(low, high, len(signs))
    experiment = _experiment(settings, signs, generator(*names, "experiment"))
    rng = generator(*names, "cells")
    drawn = linear_rates(own, rng, signs, spread, len(experiment), experiment)
    return Panel(signs, drawn, experiment.target)


def _boolean(pretraining: Mapping, settings: Mapping, stream: str, number: int) -> list[Panel]:
    """Knocked out from the beginning of a run; cells are some of those that there are."""
    seed, found = pretraining["seed"], []
    for chunk in range(-(-number // _TOGETHER)):
        names = (stream, BOOLEAN, chunk)
        drawn, _ = draw_experiments(
            pretraining["networks"], Excluded(()), seed, names, _TOGETHER, _plan(settings)
        )
        for k, (network, cells, runs) in enumerate(drawn):
            made, experiment = boolean_cell_rates(network, cells, runs)
            assert experiment is not None
            rng = generator(seed, *names, k, "some")
            chosen = _some(settings, experiment, rng)
            found.append(Panel(network.signs, made.rates[:, chosen], experiment.target[chosen]))
    return found[:number]


def _some(settings: Mapping, experiment: Experiment, rng: np.random.Generator) -> np.ndarray:
    """Cells that nothing was done to, and those of as many genes as are wanted, in their order."""
    genes = rng.permutation(experiment.genes)[: settings["knock_outs"]]
    wanted = {NONE: settings["cells"]} | dict.fromkeys(genes, settings["cells_of_each"])
    parts = [
        np.sort(rng.permutation(np.flatnonzero(experiment.target == gene))[:most])
        for gene, most in wanted.items()
    ]
    return np.concatenate(parts)
