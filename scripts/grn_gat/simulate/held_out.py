"""Networks that no training sees, of kinds like its own and of kinds that it never sees.

From home to abroad: `boolean` and `linear` have networks of what the shipped weights were trained
on, `other` larger Boolean ones of families never trained on, `transcriptional` networks of
transcriptional_networks.py; of `bursty` and `sergio` none is ever trained on. All are of streams of
their own. Cells are as they are before anything is measured: `measured` does that.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.bursty import draw_bursts, transcripts
from grn_gat.simulate.chunks import (
    BURSTY,
    LINEAR,
    SERGIO,
    TRANSCRIPTIONAL,
    Excluded,
    Sample,
    as_samples,
    draw_chunk,
)
from grn_gat.simulate.linear_networks import draw_linear_chunk
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import Measurement
from grn_gat.simulate.sergio import draw_sergio, sergio_rates
from grn_gat.simulate.transcriptional import rates
from grn_gat.simulate.transcriptional_networks import as_sample, draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings, log_uniform

BOOLEAN, OTHER = "boolean", "other"
_TOGETHER = 20  # Boolean networks of one stream: they are simulated in batches
_HELD_OUT = "held out"  # first name of their streams


def _transcriptional(pretraining: Mapping, stream: str, k: int) -> Sample:
    names = (pretraining["seed"], stream, TRANSCRIPTIONAL, k)
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_network(settings, generator(*names, "network"))
    cells = rates(network, settings, settings.cells, generator(*names, "cells"))
    return as_sample(cells.rates, cells.pseudotime, network.signs, TRANSCRIPTIONAL)


def _bursty(pretraining: Mapping, stream: str, k: int) -> Sample:
    names = (pretraining["seed"], stream, BURSTY, k)
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_network(settings, generator(*names, "network"))
    cells = rates(network, settings, settings.cells, generator(*names, "cells"))
    bursts = draw_bursts(pretraining[BURSTY], generator(*names, "bursts"), len(network.signs))
    counts = transcripts(network, cells, bursts, generator(*names, "transcripts"))
    return as_sample(counts, cells.pseudotime, network.signs, BURSTY)


def _sergio(pretraining: Mapping, stream: str, k: int) -> Sample:
    names = (pretraining["seed"], stream, SERGIO, k)
    settings = pretraining[SERGIO]
    topology = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_sergio(settings, topology, generator(*names, "network"))
    levels, _ = sergio_rates(network, settings, settings["cells"], generator(*names, "cells"))
    return as_sample(levels, None, network.topology.signs, SERGIO)


def _linear(pretraining: Mapping, stream: str, k: int) -> Sample:
    # Counting is left to the measurement. Nothing is trained on these: they may be a study's.
    settings = pretraining["networks_linear"] | {"counts_share": 0}
    names = (stream, LINEAR, k)
    ((sample,), _) = draw_linear_chunk(settings, Excluded(()), pretraining["seed"], names, 1)
    return sample


_ALONE: Mapping[str, Callable[[Mapping, str, int], Sample]] = {
    LINEAR: _linear,
    TRANSCRIPTIONAL: _transcriptional,
    BURSTY: _bursty,
    SERGIO: _sergio,
}
HOME = (BOOLEAN, LINEAR, OTHER)  # of the simulators that the shipped weights were trained on
KINDS = (TRANSCRIPTIONAL, BURSTY, SERGIO)  # the others


def _boolean(pretraining: Mapping, stream: str, kind: str, numbers: range) -> list[Sample]:
    other = pretraining["networks_other"] if kind == OTHER else {}
    settings = pretraining["networks"] | other
    found: dict[int, list[Sample]] = {}
    for chunk in sorted({k // _TOGETHER for k in numbers}):
        names = (stream, kind, chunk)
        drawn, _ = draw_chunk(settings, Excluded(()), pretraining["seed"], names, _TOGETHER)
        found[chunk] = as_samples(drawn)
    return [found[k // _TOGETHER][k % _TOGETHER] for k in numbers]


def held_out(
    pretraining: Mapping, kind: str, numbers: range, stream: str = _HELD_OUT
) -> list[Sample]:
    """Draw held-out networks and their cells.

    Args:
        pretraining: the config block, with `seed` and the blocks of the kinds.
        kind: one of `HOME` or `KINDS`.
        numbers: which of them. Each is the same whatever the others are.
        stream: of another name they are other networks of the same kind.
    """
    if kind in _ALONE:
        return [_ALONE[kind](pretraining, stream, k) for k in numbers]
    return _boolean(pretraining, stream, kind, numbers)


def with_some_cells(pretraining: Mapping, kind: str, stream: str = _HELD_OUT) -> list[Sample]:
    """Draw the networks of one kind that the block `held_out` asks for, with some cells of each.

    Args:
        pretraining: as `held_out` takes it, with `networks` and `cells` in its block `held_out`.
        kind, stream: as `held_out` takes them.
    """
    settings, seed = pretraining["held_out"], pretraining["seed"]
    return [
        some_cells(sample, settings["cells"], generator(seed, stream, kind, k, "some"))
        for k, sample in enumerate(held_out(pretraining, kind, range(settings["networks"]), stream))
    ]


def some_cells(sample: Sample, limits: tuple[int, int], rng: np.random.Generator) -> Sample:
    """Return a sample with some of its cells, in their order.

    Their number is log-uniform between the limits, and at most what there is.
    """
    cells = len(sample.time)
    number = round(float(log_uniform(rng, limits)))
    chosen = np.sort(rng.choice(cells, min(number, cells), replace=False))
    return replace(sample, expression=sample.expression[chosen], time=sample.time[chosen])


def measured(sample: Sample, settings: Measurement, rng: np.random.Generator) -> Sample:
    """Return a sample of rates as it is measured, with the genes that are seen."""
    found = measure(sample.expression.T.astype(float), settings, rng)
    signs = sample.signs[np.ix_(found.genes, found.genes)]
    return replace(sample, expression=found.values.T, signs=signs)
