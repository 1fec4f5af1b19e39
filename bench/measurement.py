"""CPU time of a measurement, beside drawing as many standard normals.

Each task measures made cells once; the yardstick is drawn in turn with them, so that a busy machine
slows both.

    python bench/measurement.py [--repeats N] [--output results.tsv]
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from grn_gat.core.files import write_table
from grn_gat.core.markdown import markdown_table
from grn_gat.core.seeds import generator
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import PLATFORMS, Measurement, draw_settings

REPOSITORY = Path(__file__).resolve().parents[1]
GENES, CELLS = 100, 1000
DRAWS = 40  # settings of config/measurement.yaml that the last row is the mean of
NORMALS = "standard normals"


def cpu_seconds(task: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    task()
    return time.process_time() - start


def tasks() -> dict[str, list[Callable[[], object]]]:
    """Return calls by name; what is reported of several is the mean."""
    rng = generator(1, "rates")
    rates = rng.lognormal(0, 1, (GENES, 1)) * rng.lognormal(0, 1, (GENES, CELLS))
    ranges = yaml.safe_load((REPOSITORY / "config/measurement.yaml").read_text())
    ranges = ranges["pretraining"]["measurement"]
    everything = replace(
        PLATFORMS["10x"], dispersion=0.3, dispersion_extra=0.5, dispersion_sd=0.3, batches=3,
        batch_sd=0.2, hidden=0.8, seen=0.8, total=1e4, log=True, per_gene="z",
    )  # fmt: skip
    named: dict[str, list[Measurement]] = {
        **{name: [settings] for name, settings in PLATFORMS.items()},
        "10x, all steps": [everything],
        "config/measurement.yaml": [
            draw_settings(ranges, "transcriptional", generator(2, k)) for k in range(DRAWS)
        ],
    }

    def call(settings: Measurement) -> Callable[[], object]:
        return lambda: measure(rates, settings, generator(3))

    normals = [lambda: generator(4).standard_normal((GENES, CELLS))]
    return {NORMALS: normals} | {name: [call(s) for s in many] for name, many in named.items()}


def table(repeats: int) -> pd.DataFrame:
    """Measure all tasks in turn, `repeats` times."""
    named = tasks()
    seconds: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(repeats):
        for name, calls in named.items():
            seconds[name].append(statistics.mean(cpu_seconds(call) for call in calls))
    least = {name: min(values) for name, values in seconds.items()}
    rows = [
        [
            name,
            f"{1000 * low:.2f}",
            f"{GENES * CELLS / low / 1e6:.1f}",
            f"{CELLS / low:.0f}",
            f"{low / least[NORMALS]:.1f}",
        ]
        for name, low in least.items()
    ]
    columns = ["what", "cpu_ms", "million_values_per_s", "cells_per_s", "ratio"]
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    """Measure, print the table and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path, help="write the table here, tab-separated")
    arguments = parser.parse_args()
    if arguments.repeats < 1:
        parser.error("--repeats must be at least 1")
    rows = table(arguments.repeats)
    print(markdown_table(list(rows.columns), rows.to_numpy().tolist()))
    print(
        f"\n{GENES} genes x {CELLS} cells, one process, least of {arguments.repeats}; ratio: to "
        "drawing as many standard normals."
    )
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        write_table(rows, arguments.output)


if __name__ == "__main__":
    main()
