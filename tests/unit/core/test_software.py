"""Versions of the software that a study was made with."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grn_gat.core import software
from grn_gat.core.software import software_versions
from grn_gat.core.version import VERSION


def test_versions_of_what_is_installed():
    versions = software_versions()
    assert versions["grn-gat"] == VERSION and versions["numpy"] == np.__version__
    assert all(versions.values())


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_commit_is_of_the_clone_or_the_wheel_and_not_of_what_it_is_installed_in(tmp_path):
    package = tmp_path / "lib/site-packages/grn_gat"
    shutil.copytree(Path(software.__file__).parent, package / "core")
    (package / "__init__.py").touch()
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *command], check=True)

    def commit(path) -> str:
        command = [
            sys.executable,
            "-c",
            "from grn_gat.core.software import commit; print(commit())",
        ]
        done = subprocess.run(
            command, env={"PYTHONPATH": str(path), "PATH": "/usr/bin:/bin"}, cwd="/",
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    assert commit(tmp_path / "lib/site-packages") == "unknown"
    (package / "core/COMMIT").write_text("0123456789ab\n")  # as a wheel has it
    assert commit(tmp_path / "lib/site-packages") == "0123456789ab"
    (tmp_path / "lib/site-packages").rename(tmp_path / "scripts")
    assert len(commit(tmp_path / "scripts")) == 12
