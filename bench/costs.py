"""What the methods cost: CPU time and memory of each on made data sets of several sizes.

`grn-gat check` reads the table that this writes and says from it what a data set would cost. Each
measurement is a process of its own, on one core; those that would take longer than a minute are
left out: `grn_gat.inference.cost` goes on from the smaller ones.
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

from grn_gat.algorithms._registry import usual_methods
from grn_gat.core.files import read_table, write_table
from grn_gat.inference.attempt import Cells, attempt
from grn_gat.study.study import settings_of

SIZES = [(50, 100), (50, 500), (50, 2000), (100, 500), (100, 2000), (200, 500), (400, 500)]
SIZES += [(800, 500), (800, 2000)]
MOST_SECONDS = 60


def made(genes: int, cells: int) -> Cells:
    """A data set: five hidden factors, noise, a third of the values 0, a pseudotime."""
    rng = np.random.default_rng(1)
    hidden = rng.normal(size=(genes, 5)) @ rng.normal(size=(5, cells))
    values = np.maximum(hidden + rng.normal(size=(genes, cells)), 0)
    names = [f"G{i:04d}" for i in range(genes)]
    return Cells(names, values, np.sort(rng.random((cells, 1)), axis=0), np.arange(genes))


def measure(method: str, genes: int, cells: int) -> dict:
    """CPU seconds of the inference, and peak memory of this process."""
    settings, seed = settings_of(method, {})
    found = attempt(method, made(genes, cells), seed, 1, settings)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, failed = round(found.cpu_seconds, 4), found.scores is None
    return {"cpu_seconds": seconds, "peak_memory_mb": round(memory), "failed": failed}


def measured(method: str) -> list[dict]:
    """The sizes of a method, the small ones first, until one takes too long."""
    rows, longest = [], 0.0
    for genes, cells in sorted(SIZES, key=lambda size: size[0] * size[1]):
        if longest > MOST_SECONDS / 4:
            break
        command = [sys.executable, __file__, "--one", method, str(genes), str(cells)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        row = json.loads(done.stdout.splitlines()[-1])
        longest = max(longest, row["cpu_seconds"])
        print(method, genes, cells, row, flush=True)
        if not row.pop("failed"):
            rows.append({"method": method, "genes": genes, "cells": cells} | row)
    return rows


def renewed(before: pd.DataFrame, rows: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """The rows of these methods in place of what was there of them, in the order of the names."""
    others = before[~before["method"].isin(methods)]
    return pd.concat([others, rows]).sort_values("method", kind="stable", ignore_index=True)


def main() -> None:
    """Measure methods and write the table, or one data set and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("workflow/resources/costs.tsv"))
    parser.add_argument("--methods", metavar="A,B", help="measure these, keep the rows of others")
    parser.add_argument("--one", nargs=3, metavar=("METHOD", "GENES", "CELLS"))
    arguments = parser.parse_args()
    if arguments.one:
        method, genes, cells = arguments.one
        print(json.dumps(measure(method, int(genes), int(cells))))
        return
    chosen = arguments.methods.split(",") if arguments.methods else usual_methods()
    if unknown := sorted(set(chosen) - set(usual_methods())):
        parser.error(f"there is no method {unknown[0]!r}")
    rows = pd.DataFrame([row for method in chosen for row in measured(method)])
    kept = read_table(arguments.output) if arguments.methods else rows[:0]
    write_table(renewed(kept, rows, chosen), arguments.output, digits=4)


if __name__ == "__main__":
    main()
