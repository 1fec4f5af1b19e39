"""Data sets to train on: a random network, cells of it, how these were measured, what is known.

Each has streams of its own, so that any of them can be drawn alone and all are the same whatever
the number of cores. Networks whose cells cost next to nothing (transcriptional, linear) are drawn
anew for every view; Boolean ones, whose cells are simulated in time, come from the chunks of
`chunks.py`, and each of their views measures other cells of them in another way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.boolean_networks import draw_size
from grn_gat.simulate.chunks import LINEAR, TRANSCRIPTIONAL, Excluded, Sample
from grn_gat.simulate.evidence import Evidence, draw_evidence, draw_experiment
from grn_gat.simulate.lineages import draw_pseudotime
from grn_gat.simulate.linear_networks import draw_signs, draw_states
from grn_gat.simulate.measurement import analysed, observe
from grn_gat.simulate.measurement_settings import Measurement, draw_settings
from grn_gat.simulate.transcriptional import rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings, log_uniform

BOOLEAN = "boolean"
KINDS = (BOOLEAN, LINEAR, TRANSCRIPTIONAL)
_FEWEST = 3  # genes of a view; of smaller networks all genes are seen


@dataclass(frozen=True, eq=False)
class TrainingView:
    """A data set with its true network; genes are those that were seen.

    Attributes:
        kind: one of `KINDS`.
        signs: (genes, genes) int8: +1 where row activates column, -1 where it represses it, else 0.
        named: (genes,) bool: genes that are named as candidate regulators; None where none are.
        values: (genes, cells): what was written down.
        totals: (cells,): what was counted in a cell of all genes, seen or not.
        settings: how the cells were measured.
        batch: (cells,) int64.
        evidence: what else is known of the cells and the network, pseudotime among it.
    """

    kind: str
    signs: np.ndarray
    named: np.ndarray | None
    values: np.ndarray
    totals: np.ndarray
    settings: Measurement
    batch: np.ndarray
    evidence: Evidence

    @cached_property
    def expression(self) -> np.ndarray:
        """(genes, cells): what a file of the data set holds."""
        return self.analysed(self.settings)

    def analysed(self, settings: Measurement) -> np.ndarray:
        """(genes, cells): what other settings make of the same values (raw, normalised, ...)."""
        return analysed(self.values, self.totals, settings)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Cells before they are measured: `rates` (genes, cells), and what else is known of them.

    `regulators` (genes,) bool are genes that can regulate, whether they do or not.
    """

    rates: np.ndarray
    signs: np.ndarray
    regulators: np.ndarray
    evidence: Evidence


def _transcriptional(pretraining: Mapping, excluded: Excluded, names: tuple, cells: int) -> _Cells:
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    attempt = 0
    while True:
        network = draw_network(settings, generator(*names, "network", attempt))
        if excluded.name(network.signs) is None:
            break
        attempt += 1
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
    return _Cells(drawn.rates, network.signs, regulators, evidence)


def _linear(pretraining: Mapping, excluded: Excluded, names: tuple, cells: int) -> _Cells:
    settings = pretraining["networks_linear"]
    rng = generator(*names, "network")
    signs = draw_signs(settings, rng, draw_size(settings, rng))
    while excluded.name(signs):
        signs = draw_signs(settings, rng, draw_size(settings, rng))
    states = draw_states(settings, generator(*names, "cells"), signs, cells)
    low, high = settings["spread"]
    spread = generator(*names, "spread").uniform(low, high, len(signs))
    return _Cells(np.exp(states * spread).T, signs, *_known(pretraining, signs, names))


def _of_sample(pretraining: Mapping, sample: Sample, names: tuple, cells: int) -> _Cells:
    """Some cells of a simulated Boolean network, all of one lineage."""
    chosen = np.sort(generator(*names, "cells").permutation(len(sample.time))[:cells])
    regulators, evidence = _known(pretraining, sample.signs, names)
    settings, rng = pretraining["evidence"]["pseudotime"], generator(*names, "pseudotime")
    if rng.random() < settings["share"]:
        types, time = np.zeros(len(chosen), int), sample.time[chosen].astype(float)
        found = draw_pseudotime(settings, np.array([-1]), types, time, rng)
        evidence = replace(evidence, pseudotime=found)
    expression = np.ascontiguousarray(sample.expression[chosen].T, np.float32)
    return _Cells(expression, sample.signs, regulators, evidence)


def _known(pretraining: Mapping, signs: np.ndarray, names: tuple) -> tuple[np.ndarray, Evidence]:
    """Regulators, and evidence where a kind has nothing but the rates of its cells."""
    regulators = np.asarray(signs.any(axis=1))
    rng = generator(*names, "evidence")
    return regulators, draw_evidence(pretraining["evidence"], signs, regulators, rng)


def draw_view(
    pretraining: Mapping,
    kind: str,
    names: tuple,
    excluded: Excluded,
    sample: Sample | None = None,
) -> TrainingView:
    """Draw a data set.

    Args:
        pretraining: the config block, with `seed`, `views`, `measurement`, `evidence` and those of
            the kinds.
        kind: one of `KINDS`.
        names: of its stream, after the seed.
        excluded: networks that it may not be.
        sample: of kind Boolean, the simulated network that it is a view of.
    """
    views, stream = pretraining["views"], (pretraining["seed"], *names)
    rng = generator(*stream, "view")
    number = round(float(log_uniform(rng, tuple(views["cells"]))))
    if kind == BOOLEAN:
        assert sample is not None, "a view of a Boolean network is one of a simulated network"
        drawn = _of_sample(pretraining, sample, stream, number)
    elif kind == LINEAR:
        drawn = _linear(pretraining, excluded, stream, number)
    else:
        drawn = _transcriptional(pretraining, excluded, stream, number)
    settings = draw_settings(pretraining["measurement"], generator(*stream, "settings"))
    if settings.seen * len(drawn.rates) < _FEWEST:
        settings = replace(settings, seen=1.0)
    observed = observe(drawn.rates, settings, generator(*stream, "measurement"))
    signs = drawn.signs[np.ix_(observed.genes, observed.genes)]
    return TrainingView(
        kind=kind,
        signs=signs,
        named=_named(views, rng, drawn.regulators[observed.genes]),
        values=observed.values,
        totals=observed.totals,
        settings=settings,
        batch=observed.batch,
        evidence=drawn.evidence.of_genes(observed.genes),
    )


def _named(views: Mapping, rng: np.random.Generator, regulators: np.ndarray) -> np.ndarray | None:
    """Genes that are named as candidates: most that can regulate, and some that cannot."""
    if rng.random() >= views["named_share"] or not regulators.any():
        return None
    missing, extra = rng.uniform(*views["named_missing"]), rng.uniform(*views["named_extra"])
    chance = np.where(regulators, 1 - missing, extra)
    named: np.ndarray = rng.random(len(regulators)) < chance
    return named if named.any() else regulators
