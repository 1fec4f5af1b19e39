"""The wheel: what is in it, what it needs, and that the source archive makes the same one."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import yaml
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

from environments import APART, LOCK_OF_IMPORT, imports, lock
from grn_gat.core.software import commit
from grn_gat.core.version import VERSION
from workflows import REPOSITORY

PIPELINE = "grn_gat/pipeline"
COMMIT = "grn_gat/core/COMMIT"
# Of these folders the wheel has every file; of scripts, those that rules run.
FOLDERS = ("workflow", "envs", "config", "profiles")


def build(root: Path, folder: Path) -> Path:
    """Build a wheel from a copy of the repository."""
    (wheel,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    return Path(wheel)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build(REPOSITORY, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def files(wheel) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        return {name: archive.read(name) for name in names}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder that the wheel is unpacked to, which is what installing it comes to."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def metadata(files):
    return Parser().parsestr(files[f"grn_gat-{VERSION}.dist-info/METADATA"].decode())


def of_clone(folder: str, pattern: str = "**/*") -> dict[str, bytes]:
    """Files of a folder of the clone, by their path in the clone."""
    return {
        str(path.relative_to(REPOSITORY)): path.read_bytes()
        for path in (REPOSITORY / folder).glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_has_the_package_and_the_workflow_as_they_lie_in_the_clone(files):
    package = {
        name.removeprefix("scripts/"): content
        for name, content in of_clone("scripts/grn_gat").items()
    }
    pipeline = of_clone("scripts", "*.py")
    pipeline |= {name: (REPOSITORY / name).read_bytes() for name in ("Snakefile", "config.yaml")}
    for folder in FOLDERS:
        pipeline |= of_clone(folder)
    expected = package | {f"{PIPELINE}/{name}": content for name, content in pipeline.items()}
    if commit() != "unknown":
        expected[COMMIT] = f"{commit()}\n".encode()
    metadata_folder = f"grn_gat-{VERSION}.dist-info/"
    found = {name: text for name, text in files.items() if not name.startswith(metadata_folder)}
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    for name in ("workflow/resources/zeroshot/any_data.safetensors", "scripts/infer_network.py",
                 "workflow/report/overview.html.j2", "workflow/resources/models/HSC.tsv",
                 "workflow/schemas/study.schema.yaml", "profiles/default/config.yaml"):  # fmt: skip
        assert f"{PIPELINE}/{name}" in found
    assert "grn_gat/py.typed" in found


def test_metadata(files):
    about = metadata(files)
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text())
    assert (about["Name"], about["Version"]) == ("grn-gat", citation["version"])
    assert about["Author"] == ", ".join(author["name"] for author in citation["authors"])
    assert about["Keywords"].split(",") == sorted(citation["keywords"])
    assert about["License-Expression"] == citation["license"]
    assert f"grn_gat-{VERSION}.dist-info/licenses/LICENSE" in files
    assert not about.get_all("Project-URL")  # there is none that is known
    assert files[f"grn_gat-{VERSION}.dist-info/entry_points.txt"].decode().split("\n")[:2] == [
        "[console_scripts]", "grn-gat = grn_gat.cli:main"
    ]  # fmt: skip


def test_requirements_are_in_the_lock(files):
    """And the lock's versions are among those that they admit."""
    locked = lock()
    needed = [Requirement(text) for text in metadata(files).get_all("Requires-Dist")]
    assert len(needed) > 15
    for requirement in needed:
        assert requirement.specifier.contains(locked[requirement.name.lower()]), requirement


def test_requirements_are_what_is_imported(files):
    needed = {
        requirement.name.lower()
        for requirement in map(Requirement, metadata(files).get_all("Requires-Dist"))
        if requirement.marker is None
    }
    imported = set().union(*map(imports, (REPOSITORY / "scripts").rglob("*.py")))
    for path in (REPOSITORY / "workflow").rglob("*.smk"):
        imported |= set(re.findall(r"^(?:from|import) (\w+)", path.read_text(), re.M))
    imported = {LOCK_OF_IMPORT.get(name, name) for name in imported}
    imported -= set(sys.stdlib_module_names) | {"grn_gat", *APART}
    assert needed == imported | {"pygments"}  # Snakemake's reports import it


def test_what_builds_is_in_the_lock():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    for requirement in map(Requirement, project["build-system"]["requires"]):
        assert requirement.specifier.contains(lock()[requirement.name])


def test_source_archive_makes_the_same_wheel(wheel, tmp_path):
    (archive,) = SdistBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    folder = tmp_path / f"grn_gat-{VERSION}"
    tops = {path.name for path in folder.iterdir()}
    assert {"LICENSE", "Makefile", "requirements.lock", "tests", "docs", "bench"} <= tops
    assert not tops & {".venv", ".git", "dist", "bundle", "site", "results", ".snakemake"}
    assert build(folder, tmp_path).read_bytes() == wheel.read_bytes()


def printed(installed: Path, command: str) -> str:
    """What a command of Python prints where only the installed package is to be found."""
    return subprocess.run(
        [sys.executable, "-c", command], cwd="/", env={"PYTHONPATH": str(installed)},
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


def test_installed_package_finds_its_workflow(installed):
    command = "from grn_gat.core.repository import repository; print(repository())"
    assert printed(installed, command) == str(installed / PIPELINE)


def test_installed_package_knows_its_commit(installed):
    command = "from grn_gat.core.software import commit; print(commit())"
    assert printed(installed, command) == commit()


def test_installed_workflow_plans_a_study(installed, tmp_path):
    """Every file that its rules need of the package and of the workflow is in the wheel."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", "--filegraph",
         "--snakefile", str(installed / PIPELINE / "Snakefile"), "--directory", str(tmp_path),
         "--configfile", str(REPOSITORY / "tests/config/tiny.yaml")],
        cwd=tmp_path, capture_output=True, text=True,
        env={"PYTHONPATH": str(installed), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert str(installed / "grn_gat/simulate/simulator.py") in done.stdout
    assert str(REPOSITORY / "scripts") not in done.stdout
