"""The package as others get it: wheels for machines without a network, and what is made of them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from workflows import REPOSITORY, Workflow

PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input"]
# No network, where the system allows a namespace of one's own.
UNSHARE = ["unshare", "--net", "--map-root-user"]
# Nothing of the caller's environment but where programs are: no PYTHONPATH, no settings of pip.
BARE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull}


def without_network() -> list[str]:
    """What stands before a command that shall have no network; nothing where that is refused."""
    allowed = shutil.which("unshare") and subprocess.run([*UNSHARE, "true"]).returncode == 0
    return UNSHARE if allowed else []


def make_bundle(folder: Path) -> Path:
    """Run `make bundle`; skip the test where its wheels cannot be had."""
    wheel = [sys.executable, *PIP, "download", "--no-deps", "--no-cache-dir", "--retries", "1"]
    if subprocess.run([*wheel, "--dest", folder / "try", "humanfriendly"]).returncode:
        pytest.skip("no index of packages is within reach: make bundle needs one")
    # -o: the environment is that of the tests already.
    done = subprocess.run(
        ["make", "-o", "install", "bundle", f"BUNDLE={folder / 'bundle'}", f"DIST={folder}"],
        cwd=REPOSITORY, text=True, capture_output=True,
    )  # fmt: skip
    if "needs CUDA" in done.stdout:
        pytest.skip("the index of packages has no PyTorch for the CPU: see make bundle")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "bundle"


def study(options: Sequence[str], cores: int) -> list[str]:
    """Arguments of grn-gat for the config that `--configfile` names to snakemake."""
    (_, config) = options
    return ["study", config, "--cores", str(cores), "--directory", "."]


class Installation(Workflow):
    """An environment with what a bundle has, and a folder outside of the clone to work in."""

    def __init__(self, folder: Path, bundle: Path):
        self.folder = folder / "work"
        shutil.copytree(REPOSITORY / "tests/config", self.folder / "tests/config")
        self.bin = folder / "environment/bin"
        subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
        self.call("python", *PIP, "install", "--no-compile", "--no-index", "--find-links", bundle,
                  "--constraint", bundle / "requirements.lock", "grn-gat")  # fmt: skip

    def command(self, *arguments: str, cores: int = 2) -> list[str]:
        """The command that runs a study of the package: without a network, where that can be."""
        return self._alone("grn-gat", *study(arguments, cores))

    def call(self, program: str, *arguments: str | Path) -> str:
        """Run a program of the environment; what it printed, on stderr as well, comes back."""
        done = subprocess.run(
            self._alone(program, *arguments),
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    def python(self, text: str) -> str:
        """Run a text as Python; what it printed comes back."""
        return self.call("python", "-c", text).strip()

    def _alone(self, program: str, *arguments: object) -> list[str]:
        variables = [f"{name}={value}" for name, value in BARE.items()]
        bare = ["env", "-i", *variables, f"HOME={self.folder.parent}", *without_network()]
        return [*bare, *map(str, (self.bin / program, *arguments))]
