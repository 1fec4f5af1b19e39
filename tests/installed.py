"""The package as others get it: wheels for machines without a network, and what is made of them."""

import os
import shutil
import subprocess
import sys
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


class Installation(Workflow):
    """An environment with what a bundle has, and a folder outside of the clone to work in."""

    def __init__(self, folder: Path, bundle: Path):
        self.folder = folder / "work"
        shutil.copytree(REPOSITORY / "tests/config", self.folder / "tests/config")
        self.bin = folder / "environment/bin"
        subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
        self.call("python", *PIP, "install", "--no-compile", "--no-index", "--find-links", bundle,
                  "--constraint", bundle / "requirements.lock", "grn-gat")  # fmt: skip
        self.place = self.python(
            "from grn_gat.core.repository import repository; print(repository())"
        )

    def run(self, *arguments: str, cores: int = 2) -> subprocess.CompletedProcess:
        """Run snakemake on the workflow of the package with these arguments."""
        workflow = ["--cores", cores, "--snakefile", f"{self.place}/Snakefile"]
        return self._started("python", "-m", "snakemake", *workflow, *arguments)

    def call(self, program: str, *arguments: str | Path) -> str:
        """Run a program of the environment; what it printed, on stderr as well, comes back."""
        done = self._started(program, *arguments)
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    def python(self, text: str) -> str:
        """Run a text as Python; what it printed comes back."""
        return self.call("python", "-c", text).strip()

    def _started(self, program: str, *arguments: object) -> subprocess.CompletedProcess:
        """A finished program of the environment, which had no network where that can be."""
        return subprocess.run(
            [*without_network(), self.bin / program, *map(str, arguments)],
            cwd=self.folder,
            env=BARE | {"HOME": str(self.folder.parent)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=1200,
        )
