"""CPU time of the simulator, beside bare random-number generation and beside BoolODE.

HSC with 2000 cells needs 2000 * 800 * 22 = 35.2 million standard normals if no run is done again.
Drawing that many alone is the yardstick: it is measured in the same run, in alternation with the
simulation, so that a busy machine slows both.

    python bench/simulation.py [--repeats N] [--output results.tsv]
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.simulator import sample_parameters, simulate

REPOSITORY = Path(__file__).resolve().parents[1]
NORMALS = 35_200_000
TARGET_RATIO = 1.5
ORIGIN = "measured with BoolODE ba8884a on an AMD EPYC core"
# Whole BoolODE runs, with its trajectory files, k-means and resampling; its SDE loop alone takes
# about 38 ms per HSC run (2650 runs with the rejected ones) and 1293 ms per GSD run.
BOOLODE_SECONDS = {("HSC", 2000): 321.0, ("GSD", 500): 714.0}
SEED = 1


def cpu_seconds(task) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    task()
    return time.process_time() - start


def tasks() -> dict:
    """Return the measured calls by name."""
    hsc, gsd = (
        read_model(REPOSITORY / "workflow/resources/models" / f"{name}.tsv")
        for name in ("HSC", "GSD")
    )
    sampled = sample_parameters(hsc.genes, np.random.default_rng(SEED))
    return {
        "35.2 million normals": lambda: np.random.default_rng(SEED).standard_normal(NORMALS),
        "HSC 2000 cells": lambda: simulate(hsc, 2000, np.random.SeedSequence(SEED)),
        "HSC 2000 cells, sampled parameters": lambda: simulate(
            hsc, 2000, np.random.SeedSequence(SEED), parameters=sampled
        ),
        "HSC 2000 cells, a gene knocked out": lambda: simulate(
            hsc, 2000, np.random.SeedSequence(SEED), clamped={"EgrNab": 0.0}, keep_dying=True
        ),
        "GSD 500 cells": lambda: simulate(gsd, 500, np.random.SeedSequence(SEED)),
    }


def measure(repeats: int) -> dict[str, list[float]]:
    """Run all tasks in turn, `repeats` times."""
    named = tasks()
    seconds: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(repeats):
        for name, task in named.items():
            seconds[name].append(cpu_seconds(task))
    return seconds


def rows(seconds: dict[str, list[float]]) -> list[list[str]]:
    """Return the table, header first."""
    draws = seconds["35.2 million normals"]
    table = [["what", "cpu_s_min", "cpu_s_median", "ratio_min", "ratio_median", "note"]]
    for name, values in seconds.items():
        low, middle = min(values), statistics.median(values)
        ratios = [
            low / min(draws),
            statistics.median(v / d for v, d in zip(values, draws, strict=True)),
        ]
        table.append([name, f"{low:.3f}", f"{middle:.3f}", *(f"{r:.2f}" for r in ratios), ""])
    for (model, cells), value in BOOLODE_SECONDS.items():
        ours = min(seconds[f"{model} {cells} cells"])
        note = (
            f"reference constant (with file output), {ORIGIN}; {value / ours:.0f} times ours here"
        )
        table.append([f"BoolODE {model} {cells} cells", f"{value:.0f}", "", "", "", note])
    return table


def main() -> None:
    """Measure, print the table and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path, help="write the table here, tab-separated")
    arguments = parser.parse_args()
    if arguments.repeats < 1:
        parser.error("--repeats must be at least 1")
    table = rows(measure(arguments.repeats))
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    for row in table:
        print(
            "  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip()
        )
    print(
        "\nCPU seconds of one process; ratio: to drawing the normals, minimum over minimum and "
        "median of the pairs.\nGoal: HSC 2000 cells, a gene knocked out or not, at most "
        f"{TARGET_RATIO:g}."
    )
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text("".join("\t".join(row) + "\n" for row in table))


if __name__ == "__main__":
    main()
