"""What README and pages ask of a study: it is run, or planned where it would take longer."""

import os
import shlex
import subprocess
import sys

import yaml

from documented_commands import held_by
from workflows import REPOSITORY

MY_CONFIG = {
    "networks": {
        "my": {"model": "workflow/resources/models/mCAD.tsv", "replicates": 2, "cells": 60}
    },
    "dropout": [0],
    "methods": ["pearson"],
    "protocols": [],
    "exports": {"benchmarks": ["causalbench"]},
}
# What the guide says how to add, and then to ask for.
ADDED = {"protocols=[target]", "methods=covariance"}


def test_studies_of_the_pages_run(tmp_path):
    (tmp_path / "my.yaml").write_text(yaml.safe_dump(MY_CONFIG))
    asked = held_by("tests/slow/test_documented_plans.py::test_studies_of_the_pages_run")
    for text in asked:
        done = subprocess.run(
            [sys.executable, "-m", "grn_gat", *shlex.split(text)[1:]],
            cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
        )  # fmt: skip
        assert done.returncode == 0, f"{text}\n{done.stdout[-3000:]}"
    assert len(asked) > 2 and (tmp_path / "my-study/results/tables/overview.html").is_file()


def test_snakemake_plans_what_the_pages_ask_for(one_process):
    """Targets, configs and keys; no job is run."""
    (one_process.folder / "my.yaml").write_text(yaml.safe_dump(MY_CONFIG))
    asked = held_by(
        "tests/slow/test_documented_plans.py::test_snakemake_plans_what_the_pages_ask_for"
    )
    for text in asked:
        arguments = shlex.split(text)[1:]
        if arguments[-1] in ADDED:
            assert arguments[-2] == "--config"
            del arguments[-2:]
        if "--directory" in arguments:
            arguments[arguments.index("--directory") + 1] = str(one_process.folder)
        assert one_process.planned(*arguments), text
    assert len(asked) > 8
