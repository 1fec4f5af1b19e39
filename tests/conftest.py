"""Shared fixtures: where the repository and the (optional) reference data are."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("GRN_GAT_SHARED", REPOSITORY / ".." / "shared")).resolve()

SMALL = ["--configfile", "tests/config/small.yaml"]
TINY = ["--configfile", "tests/config/tiny.yaml"]
# These hold times, which no two runs share.
TIMED = {"tables/usage.tsv", "tables/time.tsv", "tables/overview.html"}


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with `data/` and `reference/`; tests that need it are skipped where it is absent."""
    if not (SHARED / "reference").is_dir():
        pytest.skip(f"no reference data at {SHARED} (set GRN_GAT_SHARED)")
    return SHARED


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
        return subprocess.run(
            self.command(*arguments, cores=cores),
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=1200,
        )

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
        timed = ("logs/", "benchmarks/", "figures/method_summary/", *TIMED)
        return {
            path: content
            for path, content in self.results("**/*").items()
            if not path.startswith(timed)
        }


@pytest.fixture
def workflow(tmp_path) -> Workflow:
    return Workflow(tmp_path)


@pytest.fixture(scope="session")
def small_study(tmp_path_factory) -> Workflow:
    """The small study, finished on two cores. Tests must leave its results as they are."""
    study = Workflow(tmp_path_factory.mktemp("small"))
    study.succeed(*SMALL)
    return study


@pytest.fixture(scope="session")
def tiny_study(tmp_path_factory) -> Workflow:
    """The tiny study, finished on this machine. Tests must leave its results as they are."""
    study = Workflow(tmp_path_factory.mktemp("tiny"))
    study.succeed(*TINY)
    return study


@pytest.fixture(scope="session")
def small_report(small_study, tmp_path_factory) -> Path:
    """The report of the small study, unzipped away from it."""
    style = small_study.folder / "workflow/report/report.css"
    made = ("--report", "report.zip", "--report-stylesheet", style)
    small_study.succeed(*SMALL, *made, cores=1)
    folder = tmp_path_factory.mktemp("report")
    with zipfile.ZipFile(small_study.folder / "report.zip") as archive:
        archive.extractall(folder)
    return folder / "report/report.html"
