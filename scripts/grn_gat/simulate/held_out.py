"""Networks that no training sees, of kinds like its own and of kinds that it never sees.

`transcriptional` has networks of transcriptional_networks.py, of streams of their own; `bursty` and
`sergio` are kinds of which none is trained on. Cells are as they are before anything is measured.
"""

from collections.abc import Callable, Mapping

from grn_gat.core.seeds import generator
from grn_gat.simulate.bursty import draw_bursts, transcripts
from grn_gat.simulate.chunks import BURSTY, SERGIO, TRANSCRIPTIONAL, Sample
from grn_gat.simulate.sergio import draw_sergio, sergio_rates
from grn_gat.simulate.transcriptional import rates
from grn_gat.simulate.transcriptional_networks import as_sample, draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings


def _transcriptional(pretraining: Mapping, names: tuple) -> Sample:
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_network(settings, generator(*names, "network"))
    cells = rates(network, settings, settings.cells, generator(*names, "cells"))
    return as_sample(cells.rates, cells.pseudotime, network.signs, TRANSCRIPTIONAL)


def _bursty(pretraining: Mapping, names: tuple) -> Sample:
    settings = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_network(settings, generator(*names, "network"))
    cells = rates(network, settings, settings.cells, generator(*names, "cells"))
    bursts = draw_bursts(pretraining[BURSTY], generator(*names, "bursts"), len(network.signs))
    counts = transcripts(network, cells, bursts, generator(*names, "transcripts"))
    return as_sample(counts, cells.pseudotime, network.signs, BURSTY)


def _sergio(pretraining: Mapping, names: tuple) -> Sample:
    settings = pretraining[SERGIO]
    topology = TranscriptionalSettings.from_config(pretraining[TRANSCRIPTIONAL])
    network = draw_sergio(settings, topology, generator(*names, "network"))
    levels, _ = sergio_rates(network, settings, settings["cells"], generator(*names, "cells"))
    return as_sample(levels, None, network.topology.signs, SERGIO)


_DRAW: Mapping[str, Callable[[Mapping, tuple], Sample]] = {
    TRANSCRIPTIONAL: _transcriptional,
    BURSTY: _bursty,
    SERGIO: _sergio,
}
KINDS = tuple(_DRAW)


def held_out(pretraining: Mapping, kind: str, numbers: range | None = None) -> list[Sample]:
    """Draw held-out networks and their cells.

    Args:
        pretraining: the config block, with `seed` and the blocks of the kinds.
        kind: one of `KINDS`.
        numbers: which of them, each by a stream of its own; None for all, `held_out` of the kind.
    """
    chosen = range(pretraining[kind]["held_out"]) if numbers is None else numbers
    return [_DRAW[kind](pretraining, (pretraining["seed"], "held out", kind, k)) for k in chosen]
