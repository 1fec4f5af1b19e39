"""`grn-gat study`: what it says, and what not; the files it makes are in test_tiny_study.py."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factories import expression_table
from grn_gat.command.study import TARGETS
from workflows import REPOSITORY, TINY

CONFIG = REPOSITORY / TINY[1]


@pytest.fixture
def study(tmp_path):
    """The command of the repository, in an empty folder."""

    def run(*arguments) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "grn_gat", "study", *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, text=True, capture_output=True, timeout=300
        )

    run.folder = tmp_path
    return run


def assert_one_sentence(done: subprocess.CompletedProcess, *parts: str) -> None:
    assert done.returncode == 1 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    for part in parts:
        assert part in line


def test_a_dry_run_is_a_table_of_jobs(study):
    done = study(CONFIG, "--dry-run", "--directory", "x")
    assert done.returncode == 0 and done.stderr == ""
    rows = dict(line.split() for line in done.stdout.splitlines())
    total = int(rows.pop("total"))
    assert rows["simulate_expression"] == "2" and "collect_tables" in rows
    assert total == sum(map(int, rows.values()))
    assert not (study.folder / "x/results").exists()


def test_a_wrong_key_is_one_sentence(study):
    (study.folder / "my.yaml").write_text(CONFIG.read_text() + "protocol: [pair]\n")
    assert_one_sentence(study("my.yaml"), "unknown key protocol (did you mean protocols?)")


def test_what_an_input_function_refuses_is_one_sentence(study):
    assert_one_sentence(study(CONFIG, "infer"), "error: target infer needs ")


def test_a_failed_job_is_its_sentence_and_the_way_on(study):
    """Also where a run that was killed has locked the folder."""
    folder = study.folder / "mine"
    folder.mkdir()
    table = expression_table(4)
    bad = table.astype(object)
    bad.iloc[1, 1] = "x"
    bad.to_csv(folder / "ExpressionData.csv")
    (folder / "refNetwork.csv").write_text("Gene1,Gene2,Type\nG0,G1,+\nG1,G2,-\n")
    (study.folder / "my.yaml").write_text(
        f"networks: {{mine: {{folders: [{folder}]}}}}\n"
        "dropout: [0]\nseeds: [1]\nprotocols: [pair]\nmethods: [pearson]\n"
    )
    target = "results/expression/mine/rep-1/drop-000/ExpressionData.csv"
    arguments = ("my.yaml", target, "--directory", "study", "--cores", "1")
    done = study(*arguments)
    assert done.returncode == 1 and done.stdout == ""
    progress, error, last = done.stderr.splitlines()
    assert progress == "0 of 1 jobs, 0 %: read mine, replicate 1"
    assert re.match(r"error: .*ExpressionData\.csv: gene G1, cell c1: 'x' ", error)
    log = re.search(r"\(log: (\S+)\)$", error)[1]
    assert "error: " in (study.folder / log).read_text()
    named = re.match(r"0 of 1 jobs are done; the same command goes on .*: (\S+\.log)$", last)
    assert "Error in rule import_expression" in Path(named[1]).read_text()

    table.to_csv(folder / "ExpressionData.csv")
    (study.folder / "study/.snakemake/locks").mkdir(exist_ok=True)
    for kind in ("input", "output"):
        file = study.folder / f"study/.snakemake/locks/0.{kind}.lock"
        file.write_text(f"{target}\n")
    locked = study(*arguments)
    unlock = "grn-gat study my.yaml --directory study -- --unlock"
    assert_one_sentence(locked, "study is locked: ", unlock)
    unlocked = study(*unlock.split()[2:])
    assert unlocked.returncode == 0 and unlocked.stderr == "Unlocked working directory.\n"
    done = study(*arguments)
    assert done.returncode == 0 and done.stdout == f"open study/{target}\n"
    assert done.stderr.splitlines()[-1].startswith("1 job done in ")


def test_targets_of_the_help_are_those_of_the_rules():
    """Rules without wildcards that only gather files of others."""
    found = set()
    for path in (REPOSITORY / "workflow/rules").glob("*.smk"):
        blocks = re.split(r"^ *rule (\w+):", path.read_text(), flags=re.M)[1:]
        rules = dict(zip(blocks[::2], blocks[1::2], strict=True))
        found |= {name for name, text in rules.items() if "script:" not in text}
    assert set(TARGETS) == found
