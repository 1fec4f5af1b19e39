"""The small study on a real Slurm, through the profile: the same bytes as a local run, few jobs."""

import subprocess
import sys
from pathlib import Path

import loopback_slurm
import pytest

from conftest import SMALL, Workflow

# With the tests of the small study, whose local run is compared with.
pytestmark = [
    pytest.mark.xdist_group("small"),
    pytest.mark.skipif(bool(loopback_slurm.missing()), reason=loopback_slurm.missing()),
]

PROFILE = ["--workflow-profile", "workflow/profiles/slurm"]
# What differs from a cluster: no accounting to ask, and no minutes to wait for the first answer.
LOOPBACK = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "1"]
# These hold times, which no two runs share.
GROUPS = ("dataset", "seed", "finetuning", "tables")
TIMED = {"tables/usage.tsv", "tables/time.tsv", "tables/overview.html"}


@pytest.fixture
def slurm():
    with loopback_slurm.running() as slurm:
        yield slurm


def submit(slurm: loopback_slurm.Slurm, folder: Path, *arguments: str) -> str:
    """Run the workflow through the profile and return what it printed; fail if it fails."""
    command = [sys.executable, "-m", "snakemake", *PROFILE, *LOOPBACK, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=slurm.environment, text=True, timeout=1200,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def test_small_study_on_slurm_is_that_of_a_local_run(slurm, small_study, tmp_path):
    study = Workflow(tmp_path)
    submit(slurm, study.folder, *SMALL)

    expected, found = small_study.results("**/*"), study.results("**/*")
    for files in (expected, found):
        for path in list(files):
            if path in TIMED or path.startswith(("logs/", "benchmarks/")):
                del files[path]
    assert len(expected) > 200 and found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []

    jobs = slurm.jobs()
    assert {job.state for job in jobs} == {"COMPLETED"}
    # Both data sets, a job for each of the two training seeds, fine-tuning, all tables and figures.
    assert [len([j for j in jobs if f"rule_{g}_" in j.rules]) for g in GROUPS] == [1, 2, 1, 1]
    assert len(jobs) == 5
    assert {job.node for job in jobs} == set(loopback_slurm.NODES)
    print(*jobs, sep="\n")
