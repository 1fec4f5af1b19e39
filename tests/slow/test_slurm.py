"""A study on a real Slurm, through the profile: the same bytes as a local run, few jobs."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import loopback_slurm
from factories import expression_table
from processes import freeze, frozen_job, jobs_of, started, wait
from workflows import TINY, Workflow

pytestmark = [
    pytest.mark.skipif(bool(loopback_slurm.missing()), reason=loopback_slurm.missing()),
]

PROFILE = ["--workflow-profile", "workflow/profiles/slurm"]
# What differs from a cluster: no accounting to ask, and no minutes to wait for the first answer.
LOOPBACK = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "1"]
GROUPS = ("dataset", "seed", "finetuning", "tables")
SIMULATION = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 2, "cells": 100}
    }
}


@pytest.fixture
def slurm():
    with loopback_slurm.running() as slurm:
        yield slurm


def command(*arguments: str) -> list[str]:
    """The command that runs the workflow through the profile."""
    return [sys.executable, "-m", "snakemake", *PROFILE, *LOOPBACK, *arguments]


def submit(
    slurm: loopback_slurm.Slurm, folder: Path, *arguments: str
) -> subprocess.CompletedProcess:
    """Run the workflow through the profile; stdout and stderr come back as one text."""
    return subprocess.run(
        command(*arguments), cwd=folder, env=slurm.environment, text=True, timeout=1200,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.fixture(scope="module")
def simulated(tmp_path_factory) -> dict[str, bytes]:
    """What a local run simulates."""
    local = Workflow(tmp_path_factory.mktemp("simulated"))
    local.succeed("simulate", *local.configure(SIMULATION))
    assert len(local.reproducible()) == 8
    return local.reproducible()


def test_a_study_on_slurm_is_that_of_a_local_run(slurm, tiny_study, workflow):
    done = submit(slurm, workflow.folder, *TINY)
    assert done.returncode == 0, done.stdout[-6000:]

    expected, found = tiny_study.reproducible(), workflow.reproducible()
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


def test_networks_of_a_sample_sheet_are_those_of_a_local_run(slurm, tmp_path_factory):
    """Two files, two methods: reading, each method with its further runs, and the page of each."""
    local, away = (Workflow(tmp_path_factory.mktemp(name)) for name in ("local", "away"))
    for place in (local, away):
        for name, cells in (("one", 60), ("two", 70)):
            expression_table(cells).to_csv(place.folder / f"{name}.csv")
        (place.folder / "samples.csv").write_text("name,expression\none,one.csv\ntwo,two.csv\n")
    asked = ["infer", "--config", "samples=samples.csv", "methods=pearson,clr"]
    local.succeed(*asked)
    profile = ["--workflow-profile", "workflow/profiles/slurm-infer", *LOOPBACK]
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *profile, "--cores", "1", *asked], cwd=away.folder,
        env=slurm.environment, text=True, timeout=1200, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    expected, found = local.reproducible(), away.reproducible()
    assert {"inferred/one/report.html", "inferred/two/pearson/edges.tsv"} <= set(expected)
    pages = {name for name in expected if name.endswith(("provenance.json", "report.html"))}
    assert expected.keys() == found.keys()
    assert [k for k in expected if k not in pages and expected[k] != found[k]] == []
    # Of each file: reading it, two methods, on parts of the cells, one of them on shuffled genes
    # as well, and the page.
    assert len(slurm.jobs()) == 2 * (1 + 2 + 2 + 1 + 1)
    assert all(job.state == "COMPLETED" for job in slurm.jobs())


def test_a_job_that_needs_more_memory_is_sent_again_with_more(slurm, workflow, simulated):
    arguments = workflow.configure(SIMULATION)
    little = "simulate_expression:mem_mb=150 * 2 ** (attempt - 1)"  # less than Snakemake's own
    done = submit(slurm, workflow.folder, "simulate", *arguments, "--set-resources", little)
    assert done.returncode == 0, done.stdout[-6000:]

    assert workflow.reproducible() == simulated
    killed = [job for job in slurm.jobs() if job.state != "COMPLETED"]
    assert killed and len(slurm.jobs()) - len(killed) == 2  # one per replicate
    asked = [job.memory_mb for job in slurm.jobs()]
    assert 150 in asked and all(2 * job.memory_mb in asked for job in killed)
    assert all(job.memory_mb > 150 for job in slurm.jobs() if job.state == "COMPLETED")


def test_the_command_takes_the_profile_by_its_name(slurm, workflow, simulated):
    """Without Snakemake's text; what was sent again is said."""
    (_, config) = workflow.configure(SIMULATION)
    little = "simulate_expression:mem_mb=150 * 2 ** (attempt - 1)"
    options = ["--profile", "slurm", "--", *LOOPBACK, "--set-resources", little]
    done = subprocess.run(
        workflow.study_command(config, "simulate", *options),
        cwd=workflow.folder, env=slurm.environment, text=True, timeout=1200, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout == "open results\n", done.stderr
    assert workflow.reproducible() == simulated
    *lines, last = done.stderr.splitlines()
    assert last.startswith("3 jobs done in ") and "error" not in done.stderr
    again = [line for line in lines if line.startswith("warning: a group of jobs (simulate_exp")]
    assert again and all("; it is tried again (log: " in line for line in again)
    rest = set(lines) - set(again)
    assert all(re.match(r"\d of 3 jobs, \d+ %", line) for line in rest), done.stderr


def test_the_daemon_of_a_node_is_killed(slurm, workflow, simulated):
    """Its job is sent again, to the other node, and writes beside what is left of the old one."""
    arguments = command("simulate", *workflow.configure(SIMULATION))
    with started(workflow, arguments, environment=slurm.environment) as run:
        frozen_job(workflow, run, "simulate_expression")
        wait(lambda: len(jobs_of(workflow.folder)) == 2, "both jobs")
        of_node = {node_of(process): process for process in jobs_of(workflow.folder)}
        for process in of_node.values():
            freeze(process)
        slurm.nodes["n2"].kill()
        os.kill(of_node["n1"], signal.SIGCONT)
        wait(lambda: len(slurm.jobs()) == 3, "the lost job to be sent again")
        os.kill(of_node["n2"], signal.SIGCONT)
        assert run.wait(timeout=600) == 0, (workflow.folder / "terminal.log").read_text()[-6000:]
        wait(lambda: not jobs_of(workflow.folder), "the lost job to end")
    assert workflow.reproducible() == simulated
    assert [(job.state, job.node) for job in slurm.jobs() if job.node == "n2"] == [
        ("NODE_FAIL", "n2")
    ]


def node_of(process: int) -> str:
    """Name of the node that a process of a job runs on."""
    variables = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    (name,) = (v.partition(b"=")[2] for v in variables if v.startswith(b"SLURMD_NODENAME="))
    return name.decode()


def test_trainings_ask_for_one_gpu_where_the_config_insists(slurm, tiny_study, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(tiny_study.folder, study)  # finished: only the trainings are due again
    cuda = ["--config", "training={device: cuda}", "--retries", "0"]
    done = submit(slurm, study, "train", *TINY, *cuda)
    # Without a CUDA device the trainings refuse to start, which is theirs to test.
    jobs = slurm.jobs()
    # One per seed, each with all dropout levels.
    assert len(jobs) == 2, done.stdout[-6000:]
    assert {job.gpus for job in jobs} == {"gres:gpu:1"}
    assert {job.node for job in jobs} == {loopback_slurm.GPU_NODE}
