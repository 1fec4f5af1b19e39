"""That `--sdm apptainer` runs jobs in the image that `make container` builds."""

import json
import os
import re
import sys
from pathlib import Path

import yaml

from workflows import REPOSITORY

# In place of apptainer: notes how it was called and runs the job's command without a container.
APPTAINER = """#!/bin/bash
if [ "$1" = --version ]; then echo "apptainer version 1.3.0"; exit; fi
printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
PATH="{python}:$PATH" exec bash -c "${{@: -1}}"
"""


def test_jobs_run_in_the_image_that_make_builds(workflow, tmp_path, monkeypatch):
    makefile = (REPOSITORY / "Makefile").read_text()
    target = re.search(r"^\tapptainer build --force (\S+) ", makefile, re.M)[1]
    client = tmp_path / "bin/apptainer"
    client.parent.mkdir()
    client.write_text(APPTAINER.format(python=Path(sys.executable).parent))
    client.chmod(0o755)
    monkeypatch.setenv("PATH", str(client.parent), prepend=os.pathsep)
    config = yaml.safe_load((REPOSITORY / "tests/config/small.yaml").read_text())
    config["networks"]["HSC"]["cells"] = 20
    result = "results/expression/HSC/rep-{}/drop-000/ExpressionData.csv"
    arguments = workflow.configure(config)

    workflow.succeed(result.format(1), *arguments)
    assert not (client.parent / "arguments").exists()
    workflow.succeed(result.format(2), *arguments, "--sdm", "apptainer")
    called = (client.parent / "arguments").read_text().splitlines()
    assert called[0] == "exec"
    assert str(workflow.folder / target) in called
    records = [
        json.loads(path.read_text())
        for path in (workflow.folder / ".snakemake/metadata").iterdir()
        if path.is_file()
    ]
    # The report shows the image of every job; that of a job outside of it must have none.
    images = {record["container_img_url"] for record in records}
    assert images == {None, str(workflow.folder / target)}
