"""Time and memory of the inference jobs, from files as Snakemake writes them."""

import math
import os

import pandas as pd
import pytest

from grn_gat.core.files import write_table
from grn_gat.report.usage import ELAPSED, collect_time, collect_usage

HEADER = (
    "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
)  # fmt: skip
COLUMNS = [
    "network", "method", "datasets", "failed", "cpu_seconds", "job_cpu_seconds", "wall_seconds",
    "peak_memory_mb",
]  # fmt: skip


@pytest.fixture
def job(tmp_path):
    """A function that writes the files of a job: its entry, and the table of its CPU seconds."""
    number = 0

    def make(network, method, benchmark=None, seconds=None):
        nonlocal number
        number += 1
        paths = [tmp_path / f"{number}.tsv", tmp_path / f"{number}-usage.tsv"]
        if benchmark is not None:
            wall, memory, cpu = benchmark
            row = f"{wall}\t0:00:04\t{memory}\t900.5\t80.1\t81.2\t0.00\t1.50\t97.3\t{cpu}\n"
            paths[0].write_text(HEADER + row)
        usage = {"method": method, "cpu_seconds": math.nan if seconds is None else seconds}
        write_table(pd.DataFrame([usage]), paths[1])  # as scripts/infer_network.py does
        return (network, method, str(paths[0])), str(paths[1])

    return make


def collected(*jobs) -> pd.DataFrame:
    """Usage of jobs that `job` made."""
    return collect_usage([entry for entry, _ in jobs], [measured for _, measured in jobs])


def test_one_job(job):
    got = collected(job("HSC", "clr", (4.25, 123.5, 3.75), 0.1234))
    assert list(got) == COLUMNS
    assert got.iloc[0].tolist() == ["HSC", "clr", 1, 0, 0.1234, 3.75, 4.25, 123.5]


def test_means_and_largest_memory(job):
    got = collected(
        job("HSC", "pidc", (10, 100, 8), 6),
        job("HSC", "clr", (1, 50, 0.5), 0.25),
        job("HSC", "pidc", (20, 300, 16), 12),
        job("VSC", "pidc", (9, 200, 9), 9),
        job("HSC", "pidc", (30, 200, 3), 3),
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
    got = collected(
        job("HSC", "leap", (1, 999, 1)),
        job("HSC", "leap", (10, 100, 8), 6),
        job("VSC", "leap", (1, 999, 1)),
        job("HSC", "leap", (20, 200, 10), 8),
        job("VSC", "leap", (1, 999, 1)),
    )
    assert got[COLUMNS[:4]].to_numpy().tolist() == [["HSC", "leap", 2, 1], ["VSC", "leap", 0, 2]]
    assert got.loc[0, COLUMNS[4:]].tolist() == [7, 9, 15, 200]
    assert got.loc[1, COLUMNS[4:]].isna().all()


@pytest.mark.parametrize("unknown", ["-", "NA"])
def test_jobs_too_short_to_be_sampled(job, unknown):
    short = job("HSC", "clr", (0.31, unknown, unknown), 0.002)
    row = collected(short).iloc[0]
    assert (row["wall_seconds"], row["cpu_seconds"]) == (0.31, 0.002)
    assert math.isnan(row["peak_memory_mb"]) and math.isnan(row["job_cpu_seconds"])
    # beside longer ones they are left out of what they do not know
    got = collected(short, job("HSC", "clr", (0.69, 70, 0.6), 0.004)).iloc[0]
    assert (got["datasets"], got["peak_memory_mb"], got["job_cpu_seconds"]) == (2, 70, 0.6)
    assert got["wall_seconds"] == pytest.approx(0.5)
    assert got["cpu_seconds"] == pytest.approx(0.003)


def test_a_missing_benchmark_file_is_no_failure(job):
    """Benchmark files are no outputs: whoever deletes one has lost its numbers, no data set."""
    got = collected(job("HSC", "clr", None, 2), job("HSC", "pidc", (3, 10, 2), 1))
    first, second = got.to_dict("records")
    assert (first["datasets"], first["failed"], first["cpu_seconds"]) == (1, 0, 2)
    assert all(math.isnan(first[name]) for name in COLUMNS[5:])
    assert list(second.values()) == ["HSC", "pidc", 1, 0, 1, 2, 3, 10]
    failed = collected(job("HSC", "clr")).iloc[0]
    assert (failed["datasets"], failed["failed"]) == (0, 1) and failed[COLUMNS[4:]].isna().all()


def test_every_job_has_measured_its_time(job):
    entry, measured = job("HSC", "clr", (1, 1, 1), 1)
    with pytest.raises(ValueError, match="shorter"):
        collect_usage([entry, entry], [measured])
    os.remove(measured)  # an output: its absence is a mistake
    with pytest.raises(FileNotFoundError):
        collect_usage([entry], [measured])


def test_columns_are_found_by_name(job):
    entry = job("HSC", "clr", (4, 100, 3), 1)
    benchmark = entry[0][2]
    table = pd.read_csv(benchmark, sep="\t")
    table[sorted(table)].to_csv(benchmark, sep="\t", index=False)
    row = collected(entry).iloc[0]
    assert row[["wall_seconds", "peak_memory_mb", "job_cpu_seconds"]].tolist() == [4, 100, 3]


def test_without_jobs():
    assert list(collect_usage([], [])) == COLUMNS


@pytest.fixture
def ended(job):
    """A function that writes a benchmark file of a job that ended at a second of the clock."""

    def make(what, wall, end) -> tuple[str, str]:
        path = job("", "", (wall, 1, 1))[0][2]
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
