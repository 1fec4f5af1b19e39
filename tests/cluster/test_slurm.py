"""A study on a real Slurm, through the profile: the same bytes as a local run, few jobs."""

import shutil
import subprocess
import sys
from pathlib import Path

import loopback_slurm
import pytest

from conftest import TIMED, Workflow

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(bool(loopback_slurm.missing()), reason=loopback_slurm.missing()),
]

STUDY = ["--configfile", "tests/config/cluster.yaml"]
PROFILE = ["--workflow-profile", "workflow/profiles/slurm"]
# What differs from a cluster: no accounting to ask, and no minutes to wait for the first answer.
LOOPBACK = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "1"]
GROUPS = ("dataset", "seed", "finetuning", "tables")
# Files with times, which no two runs share, or drawn from them.
DIFFERENT = ("logs/", "benchmarks/", "figures/method_summary/", *TIMED)


@pytest.fixture
def slurm():
    with loopback_slurm.running() as slurm:
        yield slurm


def submit(
    slurm: loopback_slurm.Slurm, folder: Path, *arguments: str
) -> subprocess.CompletedProcess:
    """Run the workflow through the profile; stdout and stderr come back as one text."""
    return subprocess.run(
        [sys.executable, "-m", "snakemake", *PROFILE, *LOOPBACK, *arguments],
        cwd=folder, env=slurm.environment, text=True, timeout=1200,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.fixture(scope="module")
def local_study(tmp_path_factory) -> Workflow:
    """The study, finished without Slurm. Tests must leave its results as they are."""
    study = Workflow(tmp_path_factory.mktemp("local"))
    study.succeed(*STUDY)
    return study


def test_a_study_on_slurm_is_that_of_a_local_run(slurm, local_study, workflow):
    done = submit(slurm, workflow.folder, *STUDY)
    assert done.returncode == 0, done.stdout[-6000:]

    expected, found = local_study.results("**/*"), workflow.results("**/*")
    for files in (expected, found):
        for path in [path for path in files if path.startswith(DIFFERENT)]:
            del files[path]
    assert len(expected) > 60 and found.keys() == expected.keys()
    assert {"tables/summary.tsv", "tables/comparison.tsv", "tables/hubs.tsv"} <= set(expected)
    assert [path for path in expected if expected[path] != found[path]] == []

    jobs = {group: [j for j in slurm.jobs() if f"rule_{group}_" in j.rules] for group in GROUPS}
    # Each data set, each training seed, all fine-tunings, all tables and figures.
    assert [len(jobs[group]) for group in GROUPS] == [2, 2, 1, 1]
    assert len(slurm.jobs()) == 6
    for job in slurm.jobs():
        assert job.state == "COMPLETED" and job.cpus == 1
        assert 10 <= job.minutes <= 3 * 60
    # Memory of the largest rule, also where its inputs are made by the same job.
    for group, least in {"dataset": 1500, "seed": 2000, "finetuning": 3000, "tables": 1500}.items():
        assert all(least <= job.memory_mb < 1.2 * least for job in jobs[group]), jobs[group]
    assert {job.node for job in slurm.jobs()} == set(loopback_slurm.NODES)


def test_a_job_that_needs_more_memory_is_sent_again_with_more(slurm, workflow):
    model = {"model": "workflow/resources/models/HSC.tsv", "replicates": 1, "cells": 100}
    arguments = workflow.configure({"networks": {"HSC": model}})
    little = "simulate_expression:mem_mb=150 * 2 ** (attempt - 1)"  # less than Snakemake's own
    done = submit(slurm, workflow.folder, "simulate", *arguments, "--set-resources", little)
    assert done.returncode == 0, done.stdout[-6000:]

    *failed, last = slurm.jobs()
    assert failed and "COMPLETED" not in {job.state for job in failed}
    assert last.state == "COMPLETED"
    assert [job.memory_mb for job in slurm.jobs()] == [150 * 2**n for n in range(len(failed) + 1)]


def test_trainings_ask_for_one_gpu_where_the_config_insists(slurm, local_study, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(local_study.folder, study)  # finished: only the trainings are due again
    cuda = ["--config", "training={device: cuda}", "--retries", "0"]
    done = submit(slurm, study, "train", *STUDY, *cuda)
    # Without a CUDA device the trainings refuse to start, which is theirs to test.
    jobs = slurm.jobs()
    assert len(jobs) == 2, done.stdout[-6000:]
    assert {job.gpus for job in jobs} == {"gres:gpu:1"}
    assert {job.node for job in jobs} == {loopback_slurm.GPU_NODE}
