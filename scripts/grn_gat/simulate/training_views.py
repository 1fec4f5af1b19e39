"""Data sets to train on: a random network, cells of it, how these were measured, what is known.

Each has streams of its own, so that all are the same whatever the number of cores.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.evidence import Evidence
from grn_gat.simulate.measurement import analysed, observe
from grn_gat.simulate.measurement_settings import Measurement, draw_settings
from grn_gat.simulate.transcriptional_topology import log_uniform
from grn_gat.simulate.view_sources import (
    BOOLEAN,
    Source,
    boolean_source,
    draw_source,
    simulate_boolean,
)

_FEWEST = 3  # genes of a view; of smaller networks all genes are seen


@dataclass(frozen=True, eq=False)
class TrainingView:
    """A data set with its true network; genes are those that were seen.

    Attributes:
        kind: one of `view_sources.KINDS`.
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


def draw_views(
    pretraining: Mapping, kind: str, names: tuple, excluded: Excluded, number: int
) -> list[TrainingView]:
    """Draw data sets.

    Args:
        pretraining: the config block, with `seed`, `views`, `measurement`, `evidence` and those of
            the kinds.
        kind: one of `view_sources.KINDS`.
        names: of their stream, after the seed.
        excluded: networks that may not be among them.
        number: of data sets.
    """
    views, seed = pretraining["views"], pretraining["seed"]
    networks = []
    if kind == BOOLEAN:
        needed = -(-number // views["of_boolean_network"])
        networks = simulate_boolean(pretraining, names, excluded, needed)
    found = []
    for k in range(number):
        stream = (seed, *names, k)
        cells = round(float(log_uniform(generator(*stream, "size"), tuple(views["cells"]))))
        if kind == BOOLEAN:
            part, place = divmod(k, len(networks))
            source = boolean_source(pretraining, stream, networks[place], cells, part)
        else:
            source = draw_source(pretraining, kind, stream, excluded, cells)
        found.append(measured_view(pretraining, kind, stream, source))
    return found


def measured_view(pretraining: Mapping, kind: str, stream: tuple, source: Source) -> TrainingView:
    """A network and its cells as a data set, measured in a way that is drawn.

    Args:
        pretraining: the config block, with `views` and `measurement`.
        kind: of the source.
        stream: seed and names of its streams.
        source: the network and its cells.
    """
    settings = draw_settings(pretraining["measurement"], kind, generator(*stream, "settings"))
    if settings.seen * len(source.rates) < _FEWEST:
        settings = replace(settings, seen=1.0)
    observed = observe(source.rates, settings, generator(*stream, "measurement"))
    genes, rng = observed.genes, generator(*stream, "named")
    return TrainingView(
        kind=kind,
        signs=source.signs[np.ix_(genes, genes)],
        named=_named(pretraining["views"], rng, source.regulators[genes]),
        values=observed.values,
        totals=observed.totals,
        settings=settings,
        batch=observed.batch,
        evidence=source.evidence.of_genes(genes),
    )


def _named(views: Mapping, rng: np.random.Generator, regulators: np.ndarray) -> np.ndarray | None:
    """Genes that are named as candidates: most that can regulate, and some that cannot."""
    if rng.random() >= views["named_share"] or not regulators.any():
        return None
    missing, extra = rng.uniform(*views["named_missing"]), rng.uniform(*views["named_extra"])
    chance = np.where(regulators, 1 - missing, extra)
    named: np.ndarray = rng.random(len(regulators)) < chance
    return named if named.any() else regulators
