"""One installation for many users: another user, who may only read it and has no home folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from documentation import blocks, texts
from factories import expression_table
from workflows import REPOSITORY, TINY

NOBODY = 65534
PYTHON = "/usr/bin/python3"  # one that every user can run
(EXPORT,) = (
    line for of, text in blocks(texts()["docs/shared.md"]) if not of
    for line in text.splitlines() if line.startswith("export ")
)  # fmt: skip


class Guest:
    """A user without rights: a folder of their own, and the installation of somebody else."""

    def __init__(self, folder: Path):
        self.folder = folder
        packages = [str(REPOSITORY / "scripts"), sysconfig.get_path("purelib")]
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "USER": "nobody",
            "PYTHONPATH": os.pathsep.join(packages), "TMPDIR": str(folder),
        }  # fmt: skip

    def run(self, line: str, place: Path) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", "-c", line], cwd=place, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            user=NOBODY, group=NOBODY, extra_groups=[],
        )  # fmt: skip


@pytest.fixture(scope="module")
def guest():
    if os.geteuid() != 0:
        pytest.skip("only root can be another user")
    folder = Path(tempfile.mkdtemp(prefix="guest-"))
    folder.chmod(0o777)
    guest = Guest(folder)
    asked = guest.run(f"{PYTHON} -c 'import sys, grn_gat.api; print(sys.version_info[:2])'", folder)
    if asked.stdout.strip() != str(sys.version_info[:2]):
        pytest.skip(f"{PYTHON} cannot use these packages as another user: {asked.stdout[-200:]}")
    yield guest
    shutil.rmtree(folder)


def test_another_user_infers_a_network(guest):
    expression_table(60).to_csv(guest.folder / "cells.csv")
    done = guest.run(f"{PYTHON} -m grn_gat infer cells.csv", guest.folder)
    assert done.returncode == 0, done.stdout
    assert (guest.folder / "cells-network/report.html").stat().st_uid == NOBODY


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("by-command", f"{PYTHON} -m grn_gat study {TINY[1]} simulate"),
        # Its cache lies where the page says.
        ("by-snakemake", f"{EXPORT}; {PYTHON} -m snakemake simulate {' '.join(TINY)}"),
    ],
)
def test_another_user_runs_a_study(guest, name, line):
    place = guest.folder / name
    done = guest.run(f"{line} --cores 2 --directory {place}", REPOSITORY)
    assert done.returncode == 0, done.stdout[-3000:]
    assert len(list(place.glob("results/expression/*/*/*/ExpressionData.csv"))) == 2


def test_nothing_of_theirs_is_in_the_installation(guest):
    of_guest = [path for path in REPOSITORY.rglob("*") if path.lstat().st_uid == NOBODY]
    assert of_guest == []
