"""CPU time and memory of the jobs, from what Snakemake and the jobs themselves measured."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.files import read_table

ELAPSED = "first start to last end"
_COLUMNS = {"s": "wall_seconds", "cpu_time": "job_cpu_seconds", "max_rss": "peak_memory_mb"}


def _benchmark(path: str) -> dict[str, float]:
    """Numbers of one job; NaN where a file is missing or holds none (jobs below 0.5 s)."""
    if not Path(path).is_file():
        return dict.fromkeys(_COLUMNS.values(), np.nan)
    row = pd.read_csv(path, sep="\t", na_values=["-", "NA"]).iloc[0]
    return {name: float(row[column]) for column, name in _COLUMNS.items()}


def collect_usage(
    jobs: Iterable[tuple[str, str, str]], measured: Iterable[str | Path]
) -> pd.DataFrame:
    """Sum up the inference jobs per network and method; those that failed are counted only.

    Args:
        jobs: network, method and benchmark file of each.
        measured: table with the CPU seconds of each, NaN where the method failed.

    Returns:
        Columns network, method, datasets, failed, cpu_seconds (of the inference itself, mean per
        data set), job_cpu_seconds, wall_seconds (of the whole job, with the start of Python and
        reading; means per data set) and peak_memory_mb (largest). CPU seconds of the inference are
        those that the jobs measured; the other numbers are Snakemake's, which samples a job every
        half second at most.
    """
    rows = []
    for (network, method, benchmark), path in zip(jobs, measured, strict=True):
        seconds = float(read_table(path)["cpu_seconds"].item())
        row = {"network": network, "method": method, "failed": np.isnan(seconds)}
        found = {"cpu_seconds": seconds} | _benchmark(benchmark)
        rows.append(row | ({} if row["failed"] else found))
    table = pd.DataFrame(
        rows, columns=["network", "method", "failed", "cpu_seconds", *_COLUMNS.values()]
    )
    means = dict.fromkeys(["cpu_seconds", "job_cpu_seconds", "wall_seconds"], "mean")
    grouped = table.groupby(["network", "method"], sort=False)
    summed = grouped.agg({"failed": "sum"} | means | {"peak_memory_mb": "max"}).reset_index()
    summed.insert(2, "datasets", (grouped.size() - grouped["failed"].sum()).to_numpy())
    return summed


def collect_time(jobs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Wall seconds of a study by rule or method.

    Args:
        jobs: what (a rule, or the method of a rule with several) and benchmark file of each job.

    Returns:
        Columns what, jobs, wall_seconds and share, largest first; then rows `all jobs` and `first
        start to last end`, by the dates of the benchmark files: the wall time of a study that ran
        in one go, more where parts were run again.
    """
    rows, starts, ends = [], [], []
    for what, path in jobs:
        seconds = _benchmark(path)["wall_seconds"]
        rows.append((what, seconds))
        if not np.isnan(seconds):
            ends.append(Path(path).stat().st_mtime)
            starts.append(ends[-1] - seconds)
    table = pd.DataFrame(rows, columns=["what", "wall_seconds"])
    grouped = table.groupby("what", sort=False)["wall_seconds"]
    summed = pd.DataFrame({"jobs": grouped.size(), "wall_seconds": grouped.sum()}).reset_index()
    summed = summed.sort_values("wall_seconds", ascending=False, kind="stable", ignore_index=True)
    total = summed["wall_seconds"].sum()
    summed["share"] = summed["wall_seconds"] / total if total else np.nan
    elapsed = max(ends) - min(starts) if ends else np.nan
    last = [("all jobs", len(rows), total, 1.0), (ELAPSED, len(rows), elapsed, np.nan)]
    return pd.concat([summed, pd.DataFrame(last, columns=summed.columns)], ignore_index=True)
