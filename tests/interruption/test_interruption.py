"""After an interruption the same command gives the files of a run that was never interrupted.

Nothing else is needed, but for `--unlock` where Snakemake itself was killed.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Workflow
from processes import frozen_job, jobs_of, started, wait

pytestmark = pytest.mark.xdist_group("interruption")

STUDY = ["--configfile", "tests/config/interrupted.yaml"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Workflow:
    """The study that nothing interrupted."""
    study = Workflow(tmp_path_factory.mktemp("finished"))
    study.succeed(*STUDY)
    return study


def assert_same(found: Workflow, expected: Workflow) -> None:
    """All files are there with the same bytes, no temporary ones, and nothing is left to do."""
    files = expected.reproducible()
    assert len(files) > 25 and found.reproducible().keys() == files.keys()
    assert [path for path, content in found.reproducible().items() if content != files[path]] == []
    assert list((found.folder / "results").rglob("*.tmp")) == []
    assert found.planned(*STUDY) == set()


@pytest.mark.parametrize("rule", ["simulate_expression", "train_gat", "collect_tables"])
def test_snakemake_is_killed_and_its_job_goes_on(rule, workflow, finished):
    """The surviving job writes its files beside the new run, which makes the same ones."""
    with started(workflow, workflow.command(*STUDY)) as run:
        survivor = frozen_job(workflow, run, rule)
        run.kill()
        run.wait()
        locked = workflow.run(*STUDY)
        assert locked.returncode != 0 and "--unlock" in locked.stdout
        workflow.succeed("--unlock", *STUDY)
        os.kill(survivor, signal.SIGCONT)
        workflow.succeed(*STUDY)
        wait(lambda: not jobs_of(workflow.folder), "the surviving jobs to end")
        assert_same(workflow, finished)


@pytest.mark.parametrize("rule", ["simulate_expression", "train_gat", "collect_tables"])
def test_everything_is_killed_at_once(rule, workflow, finished):
    """As by a power cut."""
    with started(workflow, workflow.command(*STUDY)) as run:
        frozen_job(workflow, run, rule)
        os.killpg(run.pid, signal.SIGKILL)
        wait(lambda: not jobs_of(workflow.folder), "all jobs to be gone")
        run.wait()
    workflow.succeed("--unlock", *STUDY)
    workflow.succeed(*STUDY)
    assert_same(workflow, finished)


def test_a_job_is_killed_for_its_memory(workflow, finished):
    """By the kernel, which sends SIGKILL: Snakemake ends in order, so nothing is locked."""
    with started(workflow, workflow.command(*STUDY)) as run:
        os.kill(frozen_job(workflow, run, "train_gat"), signal.SIGKILL)
        assert run.wait(timeout=300) == 1
        assert "Error in rule train_gat" in (workflow.folder / "terminal.log").read_text()
    workflow.succeed(*STUDY)
    assert_same(workflow, finished)


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


@pytest.mark.parametrize("free", [100_000, 1_000_000])
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
    ballast.unlink()
    workflow.succeed(*STUDY)
    assert_same(workflow, finished)
