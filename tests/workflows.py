"""Copies of the workflow that tests run, and where the repository and the reference data are."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from grn_gat.core.provenance import COMMAND

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("GRN_GAT_SHARED", REPOSITORY / ".." / "shared")).resolve()

SMALL = ["--configfile", "tests/config/small.yaml"]
TINY = ["--configfile", "tests/config/tiny.yaml"]
# These hold times, which no two runs share.
TIMED = {"tables/usage.tsv", "tables/time.tsv", "tables/overview.html"}


class Workflow:
    """A copy of the workflow in a folder of its own, to be run there."""

    FILES = ("Snakefile", "config.yaml", "workflow", "profiles", "scripts", "envs")

    def __init__(self, folder: Path):
        self.folder = folder
        for name in self.FILES:
            source = REPOSITORY / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        shutil.copytree(REPOSITORY / "tests" / "config", folder / "tests" / "config")

    def command(self, *arguments: str, cores: int = 2) -> list[str]:
        """The command that runs snakemake with these arguments."""
        return [sys.executable, "-m", "snakemake", "--cores", str(cores), *map(str, arguments)]

    def run(self, *arguments: str, cores: int = 2) -> subprocess.CompletedProcess:
        """Run snakemake with these arguments; stdout and stderr come back as one text."""
        # Of a workflow that was read in this process: it is not the command that is run now.
        environment = {key: value for key, value in os.environ.items() if key != COMMAND}
        return subprocess.run(
            self.command(*arguments, cores=cores),
            cwd=self.folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=1200,
        )

    def study_command(self, *arguments: str) -> list[str]:
        """The command `grn-gat study`, of this copy's package, with these arguments."""
        path = f"PYTHONPATH={self.folder / 'scripts'}"
        return ["env", path, sys.executable, "-m", "grn_gat", "study", *map(str, arguments)]

    def study(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command `grn-gat study` with these arguments."""
        command = self.study_command(*arguments)
        return subprocess.run(command, cwd=self.folder, text=True, capture_output=True, timeout=600)

    def succeed(self, *arguments: str, cores: int = 2) -> str:
        """Run snakemake and return what it printed; fail the test if it fails."""
        done = self.run(*arguments, cores=cores)
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    def planned(self, *arguments: str) -> set[str]:
        """Names of the rules that a run with these arguments would execute."""
        text = self.succeed("--dry-run", *arguments)
        return set(re.findall(r"^(\w+) +\d+$", text, re.MULTILINE)) - {"all", "total"}

    def configure(self, config: dict, name: str = "config-of-test.yaml") -> list[str]:
        """Write a config file and return the arguments that select it."""
        (self.folder / name).write_text(yaml.safe_dump(config))
        return ["--configfile", name]

    def results(self, pattern: str) -> dict[str, bytes]:
        """Content of the result files that match a glob, by relative path."""
        root = self.folder / "results"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.glob(pattern))
            if path.is_file()
        }

    def reproducible(self) -> dict[str, bytes]:
        """Content of all result files but those with times, or drawn from times."""
        timed = ("logs/", "benchmarks/", "checksums/", "figures/method_summary/", *TIMED)
        return {
            path: without_command(content) if path.endswith("provenance.json") else content
            for path, content in self.results("**/*").items()
            if not path.startswith(timed) and not path.endswith("/usage.tsv")
        }


def without_command(provenance: bytes) -> bytes:
    """What was made from what, without what differs from one run of the same study to another."""
    record = json.loads(provenance)
    assert record.pop("command") and record["grn-gat"].pop("commit")
    return json.dumps(record).encode()


def in_one_process(folder: Path) -> Workflow:
    """The workflow in a folder, its jobs in this process."""
    from one_process import OneProcess  # imports torch and Snakemake

    return OneProcess(folder)
