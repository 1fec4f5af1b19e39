"""`grn-gat study` of an installed wheel, without a clone: the files of Snakemake in a clone."""

import copy
import os
import subprocess
import sys
import zipfile

import pytest
from hatchling.builders.wheel import WheelBuilder

from workflows import REPOSITORY, TINY


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that the wheel is unpacked to, which is what installing it comes to."""
    folder = tmp_path_factory.mktemp("site-packages")
    dist = tmp_path_factory.mktemp("dist")
    (wheel,) = WheelBuilder(str(REPOSITORY)).build(directory=str(dist), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def study(installed, folder, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "grn_gat", "study", *arguments]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(
        command, cwd=folder, env=environment, text=True, timeout=600, capture_output=True
    )


def test_files_are_those_of_a_clone(installed, tiny_study, tmp_path):
    before = {path for path in installed.rglob("*") if "__pycache__" not in path.parts}
    config = str(REPOSITORY / TINY[1])
    arguments = (config, "--cores", "2", "--directory", "mine")
    done = study(installed, tmp_path, *arguments)
    assert done.returncode == 0 and done.stdout == "open mine/results/tables/overview.html\n"
    mine = copy.copy(tiny_study)
    mine.folder = tmp_path / "mine"
    expected, found = tiny_study.reproducible(), mine.reproducible()
    assert len(expected) > 60 and found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []
    again = study(installed, tmp_path, *arguments)
    assert again.stderr == "nothing to do: every file is there\n"
    after = {path for path in installed.rglob("*") if "__pycache__" not in path.parts}
    assert after == before, "a study has written into the package"


def test_profiles_and_configs_of_the_wheel_are_found_by_name(installed, tmp_path):
    """Those of Slurm need no Slurm for a plan; the default study has hundreds of jobs."""
    done = study(installed, tmp_path, "config.yaml", "--profile", "slurm", "--dry-run")
    assert done.returncode == 0 and done.stderr == ""
    assert int(dict(map(str.split, done.stdout.splitlines()))["total"]) > 400
