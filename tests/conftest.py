"""Shared fixtures: studies that are made once, and where the (optional) reference data are.

A study is made once per process of pytest-xdist, which gets whole files: tests that share one are
in one file.
"""

import importlib.util
import zipfile
from pathlib import Path

import pytest
from hypothesis import settings

from workflows import REPOSITORY, SHARED, SMALL, TINY, Workflow, in_one_process

# The same examples in every run, a bounded number; many others: pytest --hypothesis-profile=long.
settings.register_profile("bounded", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("long", max_examples=10_000, database=None, deadline=None)
settings.load_profile("bounded")


@pytest.fixture(scope="session")
def bench():
    """Load a benchmark by its name."""

    def load(name: str):
        spec = importlib.util.spec_from_file_location(name, REPOSITORY / f"bench/{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with `data/` and `reference/`; tests that need it are skipped where it is absent."""
    if not (SHARED / "reference").is_dir():
        pytest.skip(f"no reference data at {SHARED} (set GRN_GAT_SHARED)")
    return SHARED


@pytest.fixture
def workflow(tmp_path) -> Workflow:
    """A copy of the workflow, whose jobs are processes of their own."""
    return Workflow(tmp_path)


@pytest.fixture
def one_process(tmp_path):
    """The workflow of the repository in an empty folder, its jobs in this process."""
    return in_one_process(tmp_path)


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """The small study, made in this process. Tests must leave its results as they are."""
    study = in_one_process(tmp_path_factory.mktemp("small"))
    study.succeed(*SMALL)
    return study


@pytest.fixture(scope="session")
def small_study_of_jobs(tmp_path_factory) -> Workflow:
    """The small study, finished by jobs on two cores. Tests must leave its results as they are."""
    study = Workflow(tmp_path_factory.mktemp("small-jobs"))
    study.succeed(*SMALL)
    return study


@pytest.fixture(scope="session")
def tiny_study(tmp_path_factory) -> Workflow:
    """The tiny study, finished by jobs on two cores. Tests must leave its results as they are."""
    study = Workflow(tmp_path_factory.mktemp("tiny"))
    study.succeed(*TINY)
    return study


@pytest.fixture(scope="session")
def small_report(small_study_of_jobs, tmp_path_factory) -> Path:
    """The report of the small study, unzipped away from it."""
    study = small_study_of_jobs
    style = study.folder / "workflow/report/report.css"
    study.succeed(*SMALL, "--report", "report.zip", "--report-stylesheet", style, cores=1)
    folder = tmp_path_factory.mktemp("report")
    with zipfile.ZipFile(study.folder / "report.zip") as archive:
        archive.extractall(folder)
    return folder / "report/report.html"
