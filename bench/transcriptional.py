"""Cost of the kinds of cells that are not simulated in time, beside drawing their normals.

Networks of the transcriptional kind as the config draws them, by what makes a difference to their
cost; the bursty kind on top of them; SERGIO's equations. The normals are those of each network's
cells (of SERGIO, of each of its steps): drawing them is the least that a simulation can cost. All
is measured in one process with one thread, in turn.

    python bench/transcriptional.py [--networks N] [--output results.tsv]
"""

import argparse
import csv
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import yaml

from grn_gat.core.seeds import generator
from grn_gat.simulate.bursty import draw_bursts, transcripts
from grn_gat.simulate.sergio import draw_sergio, sergio_rates
from grn_gat.simulate.transcriptional import TranscriptionalNetwork, rates
from grn_gat.simulate.transcriptional_networks import draw_network
from grn_gat.simulate.transcriptional_topology import TranscriptionalSettings

REPOSITORY = Path(__file__).resolve().parents[1]
SEED = 1
COLUMNS = [
    "kind", "networks", "genes_mean", "cells", "network_ms", "cells_ms", "per_second", "normals_ms",
    "ratio",
]  # fmt: skip


def normals(genes: int, cells: int, times: int = 1) -> float:
    """CPU seconds of drawing so many."""
    rng, start = np.random.default_rng(SEED), time.process_time()
    for _ in range(times):
        rng.standard_normal((genes, cells), np.float32)
    return time.process_time() - start


def kind(network: TranscriptionalNetwork) -> str:
    """What makes a difference to the cost of a network's cells."""
    feedback = "feedback" if network.topology.levels is None else "no feedback"
    return f"transcriptional, {'at rest' if network.lifetime is None else 'moving'}, {feedback}"


def measure(pretraining: dict, number: int) -> dict[str, list[tuple]]:
    """By kind: genes, cells, and CPU seconds of a network, of its cells and of their normals."""
    settings = TranscriptionalSettings.from_config(pretraining["transcriptional"])
    rates(draw_network(settings, generator(SEED)), settings, 10, generator(SEED))  # imports
    found = defaultdict(list)
    for k in range(number):
        clock = [time.process_time()]
        network = draw_network(settings, generator(SEED, "network", k))
        clock.append(time.process_time())
        cells = rates(network, settings, settings.cells, generator(SEED, "cells", k))
        clock.append(time.process_time())
        bursts = draw_bursts(pretraining["bursty"], generator(SEED, k), len(network.basal))
        transcripts(network, cells, bursts, generator(SEED, "transcripts", k))
        clock.append(time.process_time())
        first, second, third = np.diff(clock)
        genes = len(network.basal)
        drawn = normals(genes + len(network.centre), settings.cells)
        for name in (kind(network), "transcriptional"):
            found[name].append((genes, settings.cells, first, second, drawn))
        found["bursty"].append((genes, settings.cells, first, second + third, drawn))
    sergio = pretraining["sergio"]
    for k in range(max(1, number // 10)):
        clock = [time.process_time()]
        network = draw_sergio(sergio, settings, generator(SEED, "sergio", k))
        clock.append(time.process_time())
        levels, _ = sergio_rates(network, sergio, sergio["cells"], generator(SEED, "cells", k))
        clock.append(time.process_time())
        chains = min(sergio["chains"], sergio["cells"])
        lifetimes = sergio["warmup"] + -(-sergio["cells"] // chains)
        steps = round(lifetimes / sergio["decay"] / sergio["step"])
        drawn = normals(len(levels), chains * len(network.basal), steps)
        found["sergio"].append((*levels.shape, *np.diff(clock), drawn))
    return found


def rows(found: dict[str, list[tuple]]) -> list[list[str]]:
    """The table, without header."""
    table = []
    for name, values in sorted(found.items()):
        genes, cells, network, made, drawn = np.mean(values, axis=0)
        table.append(
            [
                name,
                str(len(values)),
                f"{genes:.0f}",
                f"{cells:.0f}",
                f"{1e3 * network:.1f}",
                f"{1e3 * made:.1f}",
                f"{1 / (network + made):.1f}",
                f"{1e3 * drawn:.2f}",
                f"{(network + made) / drawn:.1f}",
            ]
        )
    return table


def main() -> None:
    """Measure, print, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--networks", type=int, default=200)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    text = (REPOSITORY / "config/pretraining.yaml").read_text()
    table = rows(measure(yaml.safe_load(text)["pretraining"], options.networks))
    for row in [COLUMNS, *table]:
        print("\t".join(row))
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        with options.output.open("w", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerows([COLUMNS, *table])


if __name__ == "__main__":
    main()
