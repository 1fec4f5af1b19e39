"""Snakemake itself finds the software environments that the rules name."""

import os
import re

from workflows import SMALL

# All that Snakemake asks conda in a dry run.
CONDA_OF_A_DRY_RUN = """#!/bin/sh
case "$1" in
    --version) echo "conda 24.7.1" ;;
    info) echo '{"conda_prefix": "/nowhere", "platform": "linux-64"}' ;;
    config) echo '{"get": {"channel_priority": "strict"}}' ;;
esac
"""


def test_snakemake_finds_the_environments(workflow, tmp_path, monkeypatch):
    client = tmp_path / "bin/conda"
    client.parent.mkdir()
    client.write_text(CONDA_OF_A_DRY_RUN)
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(client.parent), prepend=os.pathsep)
    text = workflow.succeed(*SMALL, "--sdm", "conda", "--dry-run")
    used = set(re.findall(r"^Conda environment envs/(\S+)\.yaml will be created", text, re.M))
    assert used == {"data", "methods", "analysis", "train"}
