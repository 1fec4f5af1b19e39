"""What the commands of `grn-gat` cost: CPU seconds of whole processes, on the example.

Each command is run in turn with `python -c "import torch"`, which is the larger part of an
inference: `ratio_median` is of those two. The first turn compiles Python's files and is left out.

    python bench/front_door.py [--repeats N] [--output results.tsv]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from grn_gat.core.files import write_table

TORCH = ["-c", "import torch"]
COMMANDS = {
    "import grn_gat": ["-c", "import grn_gat"],
    "grn-gat --help": ["-m", "grn_gat", "--help"],
    "grn-gat methods": ["-m", "grn_gat", "methods"],
    "grn-gat example": ["-m", "grn_gat", "example", "{turn}"],
    "grn-gat check": ["-m", "grn_gat", "check", "cells.csv"],
    "grn-gat infer": ["-m", "grn_gat", "infer", "cells.csv", "--output", "{turn}-network"],
}


def cpu_seconds(folder: str, *arguments: str) -> float:
    """CPU seconds of a process that runs Python with these arguments in a folder."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    before = used()
    subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True)
    return used() - before


def measured(what: str, repeats: int, folder: str) -> dict:
    """Median of a command's CPU seconds, and of its ratios to importing PyTorch."""
    pairs = []
    for turn in range(repeats + 1):
        command = [word.format(turn=f"{what.split()[-1]}-{turn}") for word in COMMANDS[what]]
        pairs.append((cpu_seconds(folder, *command), cpu_seconds(folder, *TORCH)))
    own, ratios = zip(*((a, a / b) for a, b in pairs[1:]), strict=True)
    medians = statistics.median(own), statistics.median(ratios)
    print(f"{what}: {medians[0]:.2f} CPU s, {medians[1]:.2f} times importing PyTorch", flush=True)
    return {"what": what, "cpu_s_median": medians[0], "ratio_median": medians[1]}


def main() -> None:
    """Measure all commands; print, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cpu_seconds(folder, "-m", "grn_gat", "example", ".")
        rows = [measured(what, arguments.repeats, folder) for what in COMMANDS]
    if arguments.output:
        write_table(pd.DataFrame(rows), arguments.output, digits=3)


if __name__ == "__main__":
    main()
