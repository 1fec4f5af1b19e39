"""From the folder of wheels to a network and a study, without a network, outside of the clone."""

import json
import shutil

import pytest

from environments import lock
from grn_gat.core.version import VERSION
from grn_gat.inference.folder import SCORES
from installed import Installation, make_bundle
from workflows import TINY

VERSIONS = """
import json
from importlib.metadata import distributions
print(json.dumps({d.metadata["Name"].lower(): d.version for d in distributions()}))
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    folder = tmp_path_factory.mktemp("bundle")
    return Installation(folder, make_bundle(folder))


def test_what_is_installed_is_in_the_lock(installation):
    """So it is the lock's PyTorch, and nothing of CUDA that the lock does not name."""
    found = json.loads(installation.python(VERSIONS))
    assert found.pop("grn-gat") == VERSION
    for name in ("pip", "setuptools"):  # the first of the venv, the other of the lock as well
        found.pop(name, None)
    locked = lock()
    assert {name: version.split("+")[0] for name, version in found.items()} == {
        name: locked[name] for name in found
    }
    assert {"torch", "snakemake", "connection_pool"} <= set(found)
    assert not {"pytest", "mypy", "ruff"} & set(found)
    assert "No broken requirements" in installation.call("python", "-m", "pip", "check")


def test_the_package_is_light_until_it_is_used(installation):
    assert installation.call("grn-gat", "--version").strip() == f"grn-gat {VERSION}"
    heavy = "{'numpy', 'torch', 'pandas', 'snakemake'}"
    assert installation.python(f"import grn_gat, sys; print({heavy} & set(sys.modules))") == "set()"


def test_a_network_is_that_of_the_clone(installation, one_process):
    """The command of the package, without a clone, gives the files of target infer of the clone."""
    installation.call("grn-gat", "example")
    said = installation.call("grn-gat", "infer", "example/cells.csv")
    assert said.splitlines()[-1] == "open cells-network/report.html"
    shutil.copytree(installation.folder / "example", one_process.folder / "example")
    one_process.succeed("infer", "--config", "expression=example/cells.csv", "name=cells")
    expected, found = (
        {str(path.relative_to(folder)): path.read_bytes()
         for path in folder.rglob("[!.]*") if path.is_file() and path.parent.name != SCORES}
        for folder in (one_process.folder / "results/inferred/cells",
                       installation.folder / "cells-network")
    )  # fmt: skip
    for files in (expected, found):  # they name commands and places
        files.pop("provenance.json", None)
    assert len(expected) > 5 and found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []


def test_the_tiny_study_is_that_of_the_clone(installation, tiny_study):
    installation.succeed(*TINY)
    expected, found = tiny_study.reproducible(), installation.reproducible()
    assert len(expected) > 60 and found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []
