"""What the methods cost: CPU time and memory of each on made data sets of several sizes.

`grn-gat infer` and `check` read the table that this writes and say from it what a data set would
cost. Each measurement is a process of its own, on one core; those that would take longer than a
minute are left out: `grn_gat.inference.cost` goes on from the smaller ones. Weights of any data are
measured with few candidate regulators as well, as their cost grows with pairs. Methods that need a
package beside the lock are measured where they are named (`--methods`).

With `--check` it measures five other sizes, writes nothing, and ends with 1 where one of them takes
more than twice, or less than half, of what the table says.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import method_names, stated, usual_methods
from grn_gat.core.files import read_table, write_table
from grn_gat.core.repository import repository
from grn_gat.inference.attempt import Cells, attempt
from grn_gat.inference.cost import ANY_DATA, expected_cost, read_costs
from grn_gat.study.study import settings_of

SIZES = [(50, 100), (50, 500), (50, 2000), (100, 500), (100, 2000), (200, 500), (400, 500)]
SIZES += [(800, 500), (800, 2000)]
# Of weights of any data: genes, cells, candidate regulators.
SIZES_OF_PAIRS = [(50, 500, 50), (500, 500, 50), (200, 1000, 200), (1000, 1000, 100)]
SIZES_OF_PAIRS += [(1000, 4000, 100), (2000, 2000, 200), (2000, 2000, 500), (1000, 500, 1000)]
# None of them measured for the table.
CHECKED = [(300, 300, 40), (100, 2000, 100), (600, 1500, 150), (1500, 800, 80), (1500, 3000, 300)]
WEIGHTS = "workflow/resources/zeroshot/any_data.safetensors"
MOST_SECONDS = 60


def made(genes: int, cells: int, regulators: int) -> Cells:
    """A data set: five hidden factors, noise, a third of the values 0, a pseudotime."""
    rng = np.random.default_rng(1)
    hidden = rng.normal(size=(genes, 5)) @ rng.normal(size=(5, cells))
    values = np.maximum(hidden + rng.normal(size=(genes, cells)), 0)
    names = [f"G{i:04d}" for i in range(genes)]
    return Cells(names, values, np.sort(rng.random((cells, 1)), axis=0), np.arange(regulators))


def measure(method: str, genes: int, cells: int, regulators: int) -> dict:
    """CPU seconds of the inference, and peak memory of this process."""
    name = method.partition(":")[0]
    settings, seed = settings_of(name, {})
    if method == ANY_DATA:
        settings = settings | {"weights": str(repository() / WEIGHTS)}
    found = attempt(name, made(genes, cells, regulators), seed, 1, settings)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, failed = round(found.cpu_seconds, 4), found.scores is None
    return {"cpu_seconds": seconds, "peak_memory_mb": round(memory), "failed": failed}


def sizes(method: str) -> list[tuple[int, int, int]]:
    """Genes, cells and regulators that a method is measured with, the small ones first."""
    if method == ANY_DATA:
        return SIZES_OF_PAIRS
    ordered = sorted(SIZES, key=lambda size: size[0] * size[1])
    return [(genes, cells, genes) for genes, cells in ordered]


def in_a_process(method: str, size: tuple[int, int, int]) -> dict:
    """What `measure` returns, of a process of its own."""
    command = [sys.executable, __file__, "--one", method, *map(str, size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row = json.loads(done.stdout.splitlines()[-1])
    print(method, *size, row, flush=True)
    return row


def measured(method: str) -> list[dict]:
    """The sizes of a method, until one takes too long."""
    rows, longest = [], 0.0
    for size in sizes(method):
        if longest > MOST_SECONDS / 4 and method != ANY_DATA:
            break
        row = in_a_process(method, size)
        longest = max(longest, row["cpu_seconds"])
        if not row.pop("failed"):
            named = dict(zip(("genes", "cells", "regulators"), size, strict=True))
            rows.append({"method": method} | named | row)
    return rows


def check(table: Path) -> bool:
    """Compare the table with five sizes that are not in it: is each right within a factor of 2?"""
    rows, right = read_costs(table)[ANY_DATA], True
    for size in CHECKED:
        row = in_a_process(ANY_DATA, size)
        cost = expected_cost(rows, *size)
        seconds = cost.cpu_seconds / row["cpu_seconds"]
        memory = cost.memory_mb / row["peak_memory_mb"]
        print(f"expected / measured: time {seconds:.2f}, memory {memory:.2f}", flush=True)
        right &= all(0.5 <= ratio <= 2 for ratio in (seconds, memory))
    return right


def renewed(before: pd.DataFrame, rows: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """The rows of these methods in place of what was there of them, in the order of the names."""
    others = before[~before["method"].isin(methods)]
    return pd.concat([others, rows]).sort_values("method", kind="stable", ignore_index=True)


def main() -> None:
    """Measure methods and write the table, or one data set and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("workflow/resources/costs.tsv"))
    parser.add_argument("--methods", metavar="A,B", help="measure these, keep the rows of others")
    parser.add_argument("--check", action="store_true", help="measure other sizes, and compare")
    parser.add_argument("--one", nargs=4, metavar=("METHOD", "GENES", "CELLS", "REGULATORS"))
    arguments = parser.parse_args()
    if arguments.one:
        method, *size = arguments.one
        print(json.dumps(measure(method, *map(int, size))))
        return
    if arguments.check:
        sys.exit(0 if check(arguments.output) else 1)
    usual = [*usual_methods(), ANY_DATA]
    known = [*usual, *(name for name in method_names() if stated(name).get("package"))]
    chosen = arguments.methods.split(",") if arguments.methods else usual
    if unknown := sorted(set(chosen) - set(known)):
        parser.error(f"there is no method {unknown[0]!r}")
    rows = pd.DataFrame([row for method in chosen for row in measured(method)])
    kept = read_table(arguments.output) if arguments.methods else rows[:0]
    write_table(renewed(kept, rows, chosen), arguments.output, digits=4)


if __name__ == "__main__":
    main()
