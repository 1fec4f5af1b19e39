"""CPU time and memory of the jobs, from what Snakemake and the jobs themselves measured."""

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

INFERRED = "inferred in {:.4f} CPU seconds"  # the line that an inference job writes to its log
_PATTERN = re.compile(r"^inferred in ([\d.]+) CPU seconds$", re.MULTILINE)
_COLUMNS = {"s": "wall_seconds", "cpu_time": "job_cpu_seconds", "max_rss": "peak_memory_mb"}


def _job(benchmark: str, log: str) -> dict[str, float]:
    """Numbers of one job; NaN where a file is missing or holds none (jobs below half a second)."""
    found = dict.fromkeys(["cpu_seconds", *_COLUMNS.values()], np.nan)
    if Path(benchmark).is_file():
        row = pd.read_csv(benchmark, sep="\t", na_values=["-", "NA"]).iloc[0]
        found |= {name: float(row[column]) for column, name in _COLUMNS.items()}
    if Path(log).is_file():
        match = _PATTERN.search(Path(log).read_text(encoding="utf-8"))
        if match:
            found["cpu_seconds"] = float(match[1])
    return found


def collect_usage(jobs: Iterable[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Sum up the inference jobs per network and method.

    Args:
        jobs: network, method, benchmark file and log file of each.

    Returns:
        Columns network, method, datasets, cpu_seconds (of the inference itself, mean per data set),
        job_cpu_seconds, wall_seconds (of the whole job, with the start of Python and reading; means
        per data set), peak_memory_mb (largest), total_wall_seconds (of all data sets) and share (of
        the total of all networks and methods). CPU seconds of the inference are those that the jobs
        measured; the other numbers are Snakemake's, which samples a job every half second at most.
    """
    rows = [
        {"network": network, "method": method} | _job(benchmark, log)
        for network, method, benchmark, log in jobs
    ]
    means = dict.fromkeys(["cpu_seconds", "job_cpu_seconds", "wall_seconds"], "mean")
    grouped = pd.DataFrame(rows).groupby(["network", "method"], sort=False)
    table = grouped.agg(means | {"peak_memory_mb": "max"}).reset_index()
    table.insert(2, "datasets", grouped.size().to_numpy())
    table["total_wall_seconds"] = grouped["wall_seconds"].sum().to_numpy()
    table["share"] = table["total_wall_seconds"] / table["total_wall_seconds"].sum()
    return table
