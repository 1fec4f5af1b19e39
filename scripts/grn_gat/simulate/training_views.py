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
        pseudotime: (cells,) float32 in [0, 1] with noise; None where cells have none.
    """

    kind: str
    signs: np.ndarray
    named: np.ndarray | None
    values: np.ndarray
    totals: np.ndarray
    settings: Measurement
    batch: np.ndarray
    pseudotime: np.ndarray | None

    @cached_property
    def expression(self) -> np.ndarray:
        """(genes, cells): what a file of the data set holds."""
        return self.analysed(self.settings)

    def analysed(self, settings: Measurement) -> np.ndarray:
        """(genes, cells): what other settings make of the same values (raw, normalised, ...)."""
        return analysed(self.values, self.totals, settings)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Cells before they are measured: `rates` (genes, cells), `time` (cells,) or None.

    `regulators` (genes,) bool are genes that can regulate, whether they do or not.
    """

    rates: np.ndarray
    time: np.ndarray | None
    signs: np.ndarray
    regulators: np.ndarray


def _transcriptional(pretraining: Mapping, excluded: Excluded, names: tuple, cells: int) -> _Cells:
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    attempt = 0
    while True:
        network = draw_network(settings, generator(*names, "network", attempt))
        if excluded.name(network.signs) is None:
            break
        attempt += 1
    drawn = rates(network, settings, cells, generator(*names, "cells"))
    return _Cells(drawn.rates, drawn.pseudotime, network.signs, network.topology.regulators)


def _linear(pretraining: Mapping, excluded: Excluded, names: tuple, cells: int) -> _Cells:
    settings = pretraining["networks_linear"]
    rng = generator(*names, "network")
    signs = draw_signs(settings, rng, draw_size(settings, rng))
    while excluded.name(signs):
        signs = draw_signs(settings, rng, draw_size(settings, rng))
    states = draw_states(settings, generator(*names, "cells"), signs, cells)
    low, high = settings["spread"]
    spread = generator(*names, "spread").uniform(low, high, len(signs))
    return _Cells(np.exp(states * spread).T, None, signs, np.asarray(signs.any(axis=1)))


def _of_sample(sample: Sample, names: tuple, cells: int) -> _Cells:
    """Some cells of a simulated Boolean network."""
    rng = generator(*names, "cells")
    chosen = np.sort(rng.permutation(len(sample.time))[:cells])
    return _Cells(
        np.ascontiguousarray(sample.expression[chosen].T, np.float32),
        sample.time[chosen].astype(np.float32),
        sample.signs,
        np.asarray(sample.signs.any(axis=1)),
    )


def draw_view(
    pretraining: Mapping,
    kind: str,
    names: tuple,
    excluded: Excluded,
    sample: Sample | None = None,
) -> TrainingView:
    """Draw a data set.

    Args:
        pretraining: the config block, with `seed`, `views`, `measurement` and those of the kinds.
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
        drawn = _of_sample(sample, stream, number)
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
        pseudotime=_pseudotime(views, rng, drawn.time),
    )


def _named(views: Mapping, rng: np.random.Generator, regulators: np.ndarray) -> np.ndarray | None:
    """Genes that are named as candidates: most that can regulate, and some that cannot."""
    if rng.random() >= views["named_share"] or not regulators.any():
        return None
    missing, extra = rng.uniform(*views["named_missing"]), rng.uniform(*views["named_extra"])
    chance = np.where(regulators, 1 - missing, extra)
    named: np.ndarray = rng.random(len(regulators)) < chance
    return named if named.any() else regulators


def _pseudotime(
    views: Mapping, rng: np.random.Generator, time: np.ndarray | None
) -> np.ndarray | None:
    """Time with noise, in a share of the views whose cells have one."""
    if time is None or rng.random() >= views["pseudotime_share"]:
        return None
    noisy = time + rng.normal(0, rng.uniform(*views["pseudotime_noise"]), len(time))
    return np.clip(noisy, 0, 1).astype(np.float32)
