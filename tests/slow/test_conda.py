"""A small study in environments that conda makes; skipped where there is no conda.

Any client that Snakemake accepts as `conda` will do, and any channel that it is told to use.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from hatchling.builders.wheel import WheelBuilder

from environments import ENVIRONMENTS, environments_of, imported_by, packages
from rule_texts import rules
from workflows import REPOSITORY, SMALL, TINY

pytestmark = [
    pytest.mark.conda,
    pytest.mark.skipif(shutil.which("conda") is None, reason="no conda is installed"),
]

PRINT_VERSIONS = """
import json, sys
from importlib.metadata import version
modules, distributions = map(json.loads, sys.argv[1:])
for module in modules:
    __import__(module)
print(json.dumps({name: version(name) for name in distributions}))
"""


def test_small_study_in_environments_that_conda_makes(workflow):
    arguments = [*SMALL, "--sdm", "conda"]
    assert "Activating conda environment" in workflow.succeed(*arguments)
    listed = workflow.succeed(*arguments, "--list-conda-envs")
    folders = dict(re.findall(r"^envs/(\S+)\.yaml\t.*?(\S+)$", listed, re.M))
    assert set(folders) == set(ENVIRONMENTS) - {"train-gpu"}
    for name, folder in folders.items():
        users = [rule for rule in rules() if name in environments_of(rule)]
        modules = sorted(set().union(*map(imported_by, users)))
        expected = {name: version for name, version in packages(name).items() if name != "python"}
        # A script's job sees Snakemake's own packages after those of its environment; -I does not.
        done = subprocess.run(
            [workflow.folder / folder / "bin/python", "-I", "-c", PRINT_VERSIONS,
             json.dumps(modules), json.dumps(list(expected))],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{name}: {done.stderr}"
        found = {name: version.split("+")[0] for name, version in json.loads(done.stdout).items()}
        assert found == expected


def test_jobs_of_an_installed_package_find_it(tmp_path):
    """Their environments do not have it: it is found where Snakemake finds it."""
    (wheel,) = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    installed = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    with open(installed / "grn_gat/simulate/simulator.py", "a") as module:
        module.write("\nprint('of the installed package')\n")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "simulate", "--cores", "2", "--sdm", "conda",
         "--snakefile", installed / "grn_gat/pipeline/Snakefile", "--directory", tmp_path, *TINY],
        cwd=REPOSITORY, env=os.environ | {"PYTHONPATH": str(installed)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Activating conda environment" in done.stdout
    assert done.stdout.count("of the installed package") == 2
