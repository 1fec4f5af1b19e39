"""Time and memory of the inference jobs, from files as Snakemake writes them."""

import math
import os
from pathlib import Path

import pandas as pd
import pytest

from grn_gat.report.usage import ELAPSED, INFERRED, collect_time, collect_usage

HEADER = (
    "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
)  # fmt: skip
COLUMNS = [
    "network", "method", "datasets", "failed", "cpu_seconds", "job_cpu_seconds", "wall_seconds",
    "peak_memory_mb",
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
    assert got.iloc[0].tolist() == ["HSC", "clr", 1, 0, 0.1234, 3.75, 4.25, 123.5]


def test_means_and_largest_memory(job):
    got = collect_usage(
        [
            job("HSC", "pidc", (10, 100, 8), log(6)),
            job("HSC", "clr", (1, 50, 0.5), log(0.25)),
            job("HSC", "pidc", (20, 300, 16), log(12)),
            job("VSC", "pidc", (9, 200, 9), log(9)),
            job("HSC", "pidc", (30, 200, 3), log(3)),
        ]
    )
    # in the order of the jobs
    expected = [
        ["HSC", "pidc", 3, 0, 7, 9, 20, 300],
        ["HSC", "clr", 1, 0, 0.25, 0.5, 1, 50],
        ["VSC", "pidc", 1, 0, 9, 9, 9, 200],
    ]
    assert got[COLUMNS[:4]].to_numpy().tolist() == [row[:4] for row in expected]
    for values, row in zip(got[COLUMNS[4:]].to_numpy(), expected, strict=True):
        assert values.tolist() == pytest.approx(row[4:])


def test_failed_jobs_are_counted_and_left_out_of_means(job):
    failed = "failed: it needs a pseudotime\ndone, 3.21 CPU seconds\n"
    got = collect_usage(
        [
            job("HSC", "leap", (1, 999, 1), failed),
            job("HSC", "leap", (10, 100, 8), log(6)),
            job("VSC", "leap", (1, 999, 1), failed),
            job("HSC", "leap", (20, 200, 10), log(8)),
            job("VSC", "leap", (1, 999, 1), failed),
        ]
    )
    assert got[COLUMNS[:4]].to_numpy().tolist() == [["HSC", "leap", 2, 1], ["VSC", "leap", 0, 2]]
    assert got.loc[0, COLUMNS[4:]].tolist() == [7, 9, 15, 200]
    assert got.loc[1, COLUMNS[4:]].isna().all()


@pytest.mark.parametrize("unknown", ["-", "NA"])
def test_jobs_too_short_to_be_sampled(job, unknown):
    short = job("HSC", "clr", (0.31, unknown, unknown), log(0.002))
    row = collect_usage([short]).iloc[0]
    assert (row["wall_seconds"], row["cpu_seconds"]) == (0.31, 0.002)
    assert math.isnan(row["peak_memory_mb"]) and math.isnan(row["job_cpu_seconds"])
    # beside longer ones they are left out of what they do not know
    got = collect_usage([short, job("HSC", "clr", (0.69, 70, 0.6), log(0.004))]).iloc[0]
    assert (got["datasets"], got["peak_memory_mb"], got["job_cpu_seconds"]) == (2, 70, 0.6)
    assert got["wall_seconds"] == pytest.approx(0.5)
    assert got["cpu_seconds"] == pytest.approx(0.003)


def test_missing_files(job):
    got = collect_usage([job("HSC", "clr"), job("HSC", "pidc", (3, 10, 2), log(1))])
    first, second = got.to_dict("records")
    assert all(math.isnan(first[name]) for name in COLUMNS[4:])
    # without a log nothing says that it succeeded
    assert (first["datasets"], first["failed"]) == (0, 1)
    assert list(second.values()) == ["HSC", "pidc", 1, 0, 1, 2, 3, 10]
    only_log = collect_usage([job("HSC", "clr", None, log(2))]).iloc[0]
    assert only_log["cpu_seconds"] == 2 and math.isnan(only_log["wall_seconds"])
    assert (only_log["datasets"], only_log["failed"]) == (1, 0)


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
    assert (row["datasets"], row["failed"]) == (0, 1) and row[COLUMNS[4:]].isna().all()


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


@pytest.fixture
def ended(job):
    """A function that writes a benchmark file of a job that ended at a second of the clock."""

    def make(what, wall, end) -> tuple[str, str]:
        path = job("", "", (wall, 1, 1))[2]
        os.utime(path, (end, end))
        return what, path

    return make


def test_time_by_hand(ended):
    jobs = [
        ended("import", 10, 1010),  # from 1000 on
        ended("pidc", 30, 1050),
        ended("import", 5, 1005),
        ended("pidc", 45, 1065),  # the last to end
        ended("score_methods", 10, 1064),
    ]
    got = collect_time(jobs)
    assert list(got) == ["what", "jobs", "wall_seconds", "share"]
    # largest first; the jobs overlap, so they take more than passes
    assert got.drop(columns="share").to_numpy().tolist() == [
        ["pidc", 2, 75],
        ["import", 2, 15],
        ["score_methods", 1, 10],
        ["all jobs", 5, 100],
        [ELAPSED, 5, 65],
    ]
    assert got["share"][:4].tolist() == pytest.approx([0.75, 0.15, 0.1, 1])
    assert math.isnan(got["share"][4])


def test_time_of_equal_rules_in_the_order_of_the_jobs(ended):
    got = collect_time([ended(what, 2, 100) for what in "cab"])
    assert got["what"].tolist() == ["c", "a", "b", "all jobs", ELAPSED]


def test_time_without_some_benchmark_files(ended, tmp_path):
    missing = str(tmp_path / "nothing.tsv")
    got = collect_time([("a", missing), ended("b", 4, 104), ("b", missing)])
    assert got.drop(columns="share").to_numpy().tolist() == [
        ["b", 2, 4], ["a", 1, 0], ["all jobs", 3, 4], [ELAPSED, 3, 4],
    ]  # fmt: skip
    got = collect_time([("a", missing)])
    assert got["wall_seconds"][:2].tolist() == [0, 0] and math.isnan(got["wall_seconds"][2])


def test_elapsed_starts_with_the_first_start(ended):
    # the job that ends last has started first
    got = collect_time([ended("a", 1, 150), ended("b", 100, 200)])
    assert got.set_index("what").loc[ELAPSED, "wall_seconds"] == pytest.approx(100)
