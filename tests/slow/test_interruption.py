"""After an interruption the same command gives the files of a run that was never interrupted.

Nothing else is needed, but for `--unlock` where Snakemake itself was killed.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import frozen_job, jobs_of, started, wait
from workflows import Workflow

STUDY = ["--configfile", "tests/config/interrupted.yaml"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Workflow:
    """The study that nothing interrupted."""
    study = Workflow(tmp_path_factory.mktemp("finished"))
    study.succeed(*STUDY)
    return study


# Where a job is stopped: the training after its first fold, others when they begin to work.
RULES = {
    "simulate_expression": "",
    "train_gat": "training/**/folds/fold-1.checkpoint.safetensors",
    "collect_tables": "",
}


def assert_same(found: Workflow, expected: Workflow) -> None:
    """All files are there with the same bytes, and no others."""
    files = expected.reproducible()
    assert len(files) > 25 and found.reproducible().keys() == files.keys()
    assert [path for path, content in found.reproducible().items() if content != files[path]] == []
    assert list((found.folder / "results").rglob("*.tmp")) == []


@pytest.mark.parametrize("rule", RULES)
def test_snakemake_is_killed_and_its_job_goes_on(rule, workflow, finished):
    """The surviving job writes its files beside the new run, which makes the same ones."""
    with started(workflow, workflow.command(*STUDY)) as run:
        survivor = frozen_job(workflow, run, rule, RULES[rule])
        run.kill()
        run.wait()
        locked = workflow.run(*STUDY)
        assert locked.returncode != 0 and "--unlock" in locked.stdout
        workflow.succeed("--unlock", *STUDY)
        with started(workflow, workflow.command(*STUDY)) as again:
            # It stays stopped until the job that takes its place runs.
            wait(lambda: set(jobs_of(workflow.folder, rule)) > {survivor}, f"another {rule}")
            os.kill(survivor, signal.SIGCONT)
            assert again.wait(600) == 0, (workflow.folder / "terminal.log").read_text()[-4000:]
            wait(lambda: not jobs_of(workflow.folder), "the surviving job to end")
    assert_same(workflow, finished)


@pytest.mark.parametrize("rule", RULES)
def test_ctrl_c_of_the_command(rule, workflow, finished):
    """`grn-gat study` says so in a line, and goes on when it is given again."""
    study = (STUDY[1], "--cores", "2")
    with started(workflow, workflow.study_command(*study)) as run:
        job = frozen_job(workflow, run, rule, RULES[rule])
        os.killpg(run.pid, signal.SIGINT)
        os.kill(job, signal.SIGCONT)
        assert run.wait(timeout=300) == 130
        wait(lambda: not jobs_of(workflow.folder), "all jobs to be gone")
    said = (workflow.folder / "terminal.log").read_text()
    assert "interrupted: the same command goes on" in said
    assert "error" not in said and "Traceback" not in said
    done = workflow.study(*study)
    assert done.returncode == 0 and done.stdout == "open results/tables/overview.html\n"
    assert_same(workflow, finished)
    assert workflow.planned(*STUDY) == set()


@pytest.mark.parametrize("rule", RULES)
def test_everything_is_killed_at_once(rule, workflow, finished):
    """As by a power cut."""
    with started(workflow, workflow.command(*STUDY)) as run:
        frozen_job(workflow, run, rule, RULES[rule])
        os.killpg(run.pid, signal.SIGKILL)
        wait(lambda: not jobs_of(workflow.folder), "all jobs to be gone")
        run.wait()
    workflow.succeed("--unlock", *STUDY)
    workflow.succeed(*STUDY)
    assert_same(workflow, finished)
    assert workflow.planned(*STUDY) == set()
    if rule == "train_gat":
        log = (workflow.folder / "results/logs/train_gat/HSC/seed-1.log").read_text()
        assert "fold 1 of 2: was finished" in log and "fold 2 of 2: was finished" not in log


def test_a_job_is_killed_for_its_memory(workflow, finished):
    """By the kernel, which sends SIGKILL: Snakemake ends in order, so nothing is locked."""
    with started(workflow, workflow.command(*STUDY)) as run:
        os.kill(frozen_job(workflow, run, "train_gat"), signal.SIGKILL)
        assert run.wait(timeout=300) == 1
        assert "Error in rule train_gat" in (workflow.folder / "terminal.log").read_text()
    workflow.succeed(*STUDY)
    assert_same(workflow, finished)
    assert workflow.planned(*STUDY) == set()


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A folder of 48 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("free", [100_000, 900_000])
def test_the_disk_is_full(free, small_disk, finished):
    """With so many bytes left at the start; somewhere in the study they are used up."""
    (small_disk / "study").mkdir()
    workflow = Workflow(small_disk / "study")
    ballast = small_disk / "ballast"
    room = os.statvfs(small_disk)
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - free)
    failed = workflow.run(*STUDY)
    assert failed.returncode != 0 and "no space left" in failed.stdout.lower()
    # Then there is room for Snakemake's own files, and a job meets the end of the disk.
    if free > 500_000:
        assert "error: " in failed.stdout and "make room" in failed.stdout
    ballast.unlink()
    workflow.succeed(*STUDY)
    assert_same(workflow, finished)
    assert workflow.planned(*STUDY) == set()
