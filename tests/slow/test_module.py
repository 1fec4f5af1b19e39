"""Another workflow uses this one as a module, with a config and a prefix of its own."""

import hashlib
import subprocess
import sys
import textwrap
import zipfile

import pandas as pd
import pytest
import yaml

SNAKEFILE = """
    configfile: "mine.yaml"


    module grn:
        snakefile:
            {source}
        config:
            config["grn"]
        prefix:
            "networks"


    use rule * from grn as grn_*


    rule count_edges:
        default_target: True
        input:
            "networks/results/predictions/pearson/own/rep-1/drop-000/rankedEdges.csv",
            "networks/results/predictions/pearson/read/rep-1/drop-000/rankedEdges.csv",
            usage="networks/results/tables/usage.tsv",
        output:
            "edges.txt",
        run:
            lines = [len(open(path).readlines()) - 1 for path in input[:2]]
            open(output[0], "w").write(repr(lines))
"""


@pytest.fixture
def user(workflow, tmp_path_factory):
    """A folder with a workflow and data of a user, who has cloned this workflow elsewhere."""
    folder = tmp_path_factory.mktemp("user")
    source = f'"{workflow.folder}/workflow/Snakefile"'
    (folder / "Snakefile").write_text(textwrap.dedent(SNAKEFILE).format(source=source))
    (folder / "data/rep1").mkdir(parents=True)
    (folder / "data/own.tsv").write_text("Gene\tRule\na\tnot b\nb\tnot a\nc\ta or c\n")
    values = {gene: [(i * k) % 7 for i in range(9)] for k, gene in enumerate("abc", 2)}
    content = {
        "ExpressionData.csv": pd.DataFrame(values, list("ABCDEFGHI")).T.to_csv(),
        "refNetwork.csv": "Gene1,Gene2\na,b\nb,c\n",
    }
    sums = ["path\tsha256\tsize"]
    with zipfile.ZipFile(folder / "data/release.zip", "w") as package:
        for name, text in content.items():
            (folder / "data/rep1" / name).write_text(text)
            package.writestr(f"inside/{name}", text)
            sums.append(f"inside/{name}\t{hashlib.sha256(text.encode()).hexdigest()}\t{len(text)}")
    (folder / "data/sums.tsv").write_text("\n".join(sums) + "\n")
    configure(folder)
    return folder


def configure(folder, **more):
    networks = {
        "own": {"model": "data/own.tsv", "replicates": 1, "cells": 30},
        "read": {"folders": ["data/rep1"]},
        "released": {"folders": ["resources/beeline/inside"]},
    }
    config = {"networks": networks, "dropout": [0], "protocols": [], "methods": ["pearson"]}
    release = {"url": (folder / "data/release.zip").as_uri(), "checksums": "data/sums.tsv"}
    config["beeline_release"] = release
    (folder / "mine.yaml").write_text(yaml.safe_dump({"grn": config | more}))


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=1200,
    )  # fmt: skip


def test_module_with_a_prefix(user):
    done = run(user)
    assert done.returncode == 0, done.stdout[-4000:]
    # The default target is the user's, its inputs come from this workflow: all pairs of 3 genes.
    assert (user / "edges.txt").read_text() == "[6, 6]"
    made = {path.name for path in user.iterdir()} - {".snakemake"}
    assert made == {"Snakefile", "mine.yaml", "data", "networks", "edges.txt"}
    assert {path.name for path in (user / "networks").iterdir()} == {"results", "resources"}
    # Logs and benchmarks of the jobs, whose paths are params, were found too.
    usage = pd.read_csv(user / "networks/results/tables/usage.tsv", sep="\t")
    assert list(usage["network"]) == ["own", "read", "released"]
    assert list(usage["datasets"]) == [1, 1, 1] and list(usage["failed"]) == [0, 0, 0]
    time = pd.read_csv(user / "networks/results/tables/time.tsv", sep="\t").set_index("what")
    assert time.loc["all jobs", "jobs"] == 9 and time.loc["simulate_expression", "wall_seconds"] > 0
    assert "Nothing to be done" in run(user).stdout


def test_files_of_target_infer_are_those_of_the_user(user):
    data = {"expression": "data/rep1/ExpressionData.csv", "reference": "data/rep1/refNetwork.csv"}
    configure(user, name="cells", **data)
    done = run(user, "--dry-run", "grn_infer")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "networks/results/inferred/cells/report.html" in done.stdout


def test_a_file_of_the_user_that_is_missing_is_named(user):
    (user / "data/own.tsv").unlink()
    done = run(user, "--dry-run")
    assert done.returncode != 0
    assert "networks.own.model: there is no file" in done.stdout


def test_remote_repository_is_refused_with_a_reason(user, workflow):
    def git(*arguments):
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=workflow.folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout.strip()

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "all")
    commit = git("rev-parse", "HEAD")
    source = f'gitfile("{workflow.folder}/", path="workflow/Snakefile", commit="{commit}")'
    (user / "Snakefile").write_text(textwrap.dedent(SNAKEFILE).format(source=source))
    done = run(user, "--dry-run")
    assert done.returncode != 0
    assert "Clone it and name the workflow/Snakefile of the clone" in done.stdout
