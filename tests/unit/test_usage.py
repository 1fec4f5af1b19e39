"""Time and memory of the inference jobs, from files as Snakemake writes them."""

import math
from pathlib import Path

import pandas as pd
import pytest

from grn_gat.usage import INFERRED, collect_usage

HEADER = (
    "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
)  # fmt: skip
COLUMNS = [
    "network", "method", "datasets", "cpu_seconds", "job_cpu_seconds", "wall_seconds",
    "peak_memory_mb", "total_wall_seconds", "share",
]  # fmt: skip


@pytest.fixture
def job(tmp_path):
    """A function that writes the files of a job and returns what collect_usage takes."""
    number = 0

    def make(network, method, benchmark=None, log=None) -> tuple[str, str, str, str]:
        nonlocal number
        number += 1
        paths = [tmp_path / f"{number}.tsv", tmp_path / f"{number}.log"]
        if benchmark is not None:
            wall, memory, cpu = benchmark
            row = f"{wall}\t0:00:04\t{memory}\t900.5\t80.1\t81.2\t0.00\t1.50\t97.3\t{cpu}\n"
            paths[0].write_text(HEADER + row)
        if log is not None:
            paths[1].write_text(log)
        return network, method, *map(str, paths)

    return make


def log(seconds: float) -> str:
    """Log of a job."""
    return f"a line before\n{INFERRED.format(seconds)}\ndone, 3.21 CPU seconds\n"


def test_one_job(job):
    got = collect_usage([job("HSC", "clr", (4.25, 123.5, 3.75), log(0.1234))])
    assert list(got) == COLUMNS
    assert got.iloc[0].tolist() == ["HSC", "clr", 1, 0.1234, 3.75, 4.25, 123.5, 4.25, 1]


def test_means_sums_and_shares(job):
    got = collect_usage(
        [
            job("HSC", "pidc", (10, 100, 8), log(6)),
            job("HSC", "clr", (1, 50, 0.5), log(0.25)),
            job("HSC", "pidc", (20, 300, 16), log(12)),
            job("VSC", "pidc", (9, 200, 9), log(9)),
            job("HSC", "pidc", (30, 200, 3), log(3)),
        ]
    )
    # in the order of the jobs; all jobs together take 70 s
    expected = [
        ["HSC", "pidc", 3, 7, 9, 20, 300, 60, 60 / 70],
        ["HSC", "clr", 1, 0.25, 0.5, 1, 50, 1, 1 / 70],
        ["VSC", "pidc", 1, 9, 9, 9, 200, 9, 9 / 70],
    ]
    assert got[COLUMNS[:3]].to_numpy().tolist() == [row[:3] for row in expected]
    for values, row in zip(got[COLUMNS[3:]].to_numpy(), expected, strict=True):
        assert values.tolist() == pytest.approx(row[3:])
    assert got["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("unknown", ["-", "NA"])
def test_jobs_too_short_to_be_sampled(job, unknown):
    short = job("HSC", "clr", (0.31, unknown, unknown), log(0.002))
    row = collect_usage([short]).iloc[0]
    assert (row["wall_seconds"], row["cpu_seconds"]) == (0.31, 0.002)
    assert math.isnan(row["peak_memory_mb"]) and math.isnan(row["job_cpu_seconds"])
    # beside longer ones they are left out of what they do not know
    got = collect_usage([short, job("HSC", "clr", (0.69, 70, 0.6), log(0.004))]).iloc[0]
    assert (got["datasets"], got["peak_memory_mb"], got["job_cpu_seconds"]) == (2, 70, 0.6)
    assert got["wall_seconds"] == pytest.approx(0.5) and got["total_wall_seconds"] == 1
    assert got["cpu_seconds"] == pytest.approx(0.003)


def test_missing_files(job):
    got = collect_usage([job("HSC", "clr"), job("HSC", "pidc", (3, 10, 2), log(1))])
    first, second = got.to_dict("records")
    names = ["cpu_seconds", "job_cpu_seconds", "wall_seconds", "peak_memory_mb"]
    assert all(math.isnan(first[name]) for name in names) and first["datasets"] == 1
    assert second["share"] == 1
    only_log = collect_usage([job("HSC", "clr", None, log(2))]).iloc[0]
    assert only_log["cpu_seconds"] == 2 and math.isnan(only_log["wall_seconds"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "done, 3.21 CPU seconds\n",
        "Traceback (most recent call last):\n",
        "not inferred in 3.0 CPU seconds\n",
        "inferred in 3.0 CPU seconds too many\n",
    ],
)
def test_logs_without_the_line(job, text):
    row = collect_usage([job("HSC", "clr", (1, 1, 1), text)]).iloc[0]
    assert math.isnan(row["cpu_seconds"]) and row["job_cpu_seconds"] == 1


def test_columns_are_found_by_name(job, tmp_path):
    entry = job("HSC", "clr", (4, 100, 3), log(1))
    table = pd.read_csv(entry[2], sep="\t")
    table[sorted(table)].to_csv(entry[2], sep="\t", index=False)
    row = collect_usage([entry]).iloc[0]
    assert row[["wall_seconds", "peak_memory_mb", "job_cpu_seconds"]].tolist() == [4, 100, 3]
    assert Path(entry[2]).parent == tmp_path


def test_the_line_has_plain_numbers():
    assert INFERRED.format(0) == "inferred in 0.0000 CPU seconds"
    assert INFERRED.format(12345.678901) == "inferred in 12345.6789 CPU seconds"
