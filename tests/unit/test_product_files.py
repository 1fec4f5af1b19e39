"""Files about the workflow: one version everywhere, valid metadata, GitHub files, links."""

import re
import tomllib

import yaml

from grn_gat.version import VERSION


def read(repository, name: str) -> str:
    return (repository / name).read_text(encoding="utf-8")


def test_version_is_the_same_everywhere(repository):
    project = tomllib.loads(read(repository, "pyproject.toml"))["project"]
    assert project["version"] == VERSION
    assert yaml.safe_load(read(repository, "CITATION.cff"))["version"] == VERSION
    # The newest version that the changelog names, and the report of the whole study.
    assert re.search(r"^## \[?([\d.]+)", read(repository, "CHANGELOG.md"), re.M)[1] == VERSION
    assert f"Made by grn-gat {VERSION}." in read(repository, "workflow/report/workflow.rst")
