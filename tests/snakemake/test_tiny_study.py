"""The tiny study by Snakemake's jobs on two cores: the same files as in one process, and reruns."""

import copy
import json
import re
import shlex
import shutil

import pandas as pd
import pytest

from grn_gat.core.checksums import sha256
from workflows import REPOSITORY, TINY, Workflow, in_one_process

LEARNING_RATE = ["--config", "training={learning_rate: 0.01}"]


def test_one_process_gives_the_same_bytes(tiny_study, tmp_path):
    """On one core instead of two, too."""
    other = in_one_process(tmp_path)
    other.succeed(*TINY, cores=1)
    expected, found = tiny_study.reproducible(), other.reproducible()
    assert len(expected) > 60 and found.keys() == expected.keys()
    assert {"tables/summary.tsv", "tables/comparison.tsv", "tables/hubs.tsv"} <= set(expected)
    assert [path for path in expected if expected[path] != found[path]] == []


def test_every_job_left_log_and_benchmark(tiny_study):
    logs = {path.removeprefix("logs/")[:-4] for path in tiny_study.results("logs/**/*.log")}
    benchmarks = {
        path.removeprefix("benchmarks/")[:-4] for path in tiny_study.results("benchmarks/**/*.tsv")
    }
    assert logs == benchmarks and len(logs) > 20


def test_time_and_usage_are_what_snakemake_measured(tiny_study):
    usage, time = (
        pd.read_csv(tiny_study.folder / f"results/tables/{name}.tsv", sep="\t")
        for name in ("usage", "time")
    )
    assert list(usage["method"]) == ["pearson"] and list(usage["datasets"]) == [4]
    assert list(usage["failed"]) == [0]
    assert usage[["wall_seconds", "peak_memory_mb"]].gt(0).all(axis=None)
    time = time.set_index("what")
    assert {"pearson", "simulate_expression", "train_gat", "train_control_models"} < set(time.index)
    assert time.loc["all jobs", "wall_seconds"] > 0
    assert time["share"][:-2].sum() == pytest.approx(1, abs=1e-3)


def test_provenance_is_that_of_the_run(tiny_study):
    record = json.loads((tiny_study.folder / "results/provenance.json").read_text())
    assert record["command"] == shlex.join(["python", "-m", "snakemake", "--cores", "2", *TINY])
    model = REPOSITORY / "workflow/resources/models/HSC.tsv"
    assert record["inputs"]["networks.HSC.model"]["sha256"] == sha256(model)
    assert record["weights"]["file"] == "any_data.safetensors"  # they are fine-tuned
    assert record["seeds"] == [1, 2] and record["not_default"]["training.epochs"] == 2
    page = (tiny_study.folder / "results/tables/overview.html").read_text()
    assert record["grn-gat"]["cite"] in page and "results/provenance.json" in page


def test_second_run_does_nothing(tiny_study):
    """The command that asks for it is another one."""
    assert "Nothing to be done" in tiny_study.succeed(*TINY, "--dry-run", cores=1)


def test_a_finished_study_can_be_moved(tiny_study, tmp_path):
    moved = copy.copy(tiny_study)
    moved.folder = tmp_path / "elsewhere"
    shutil.copytree(tiny_study.folder, moved.folder)
    assert moved.planned(*TINY) == set()


def test_snakemake_reruns_after_a_change_what_the_plan_says(tiny_study, one_process):
    again = set(one_process.changed(TINY, *LEARNING_RATE))
    assert "train_gat" in again and "simulate_expression" not in again
    assert tiny_study.planned(*TINY, *LEARNING_RATE) == again


@pytest.mark.parametrize("module", ["supervised/gat", "evaluate/hubs", "algorithms/pearson"])
def test_snakemake_reruns_after_an_edit_what_the_plan_says(tiny_study, one_process, module):
    file = f"scripts/grn_gat/{module}.py"
    path = tiny_study.folder / file
    content, again = path.read_text(), set(one_process.edited(file, *TINY))
    try:
        path.write_text(content + "\n# an edit\n")
        assert tiny_study.planned(*TINY) == again
    finally:
        path.write_text(content)


def test_the_command_goes_on_as_snakemake_would(tiny_study, tmp_path):
    """`grn-gat study` does what is missing, gives the same bytes, and then has nothing to do."""
    mine = copy.copy(tiny_study)
    mine.folder = tmp_path / "mine"
    shutil.copytree(tiny_study.folder, mine.folder)
    for name in ("tables", "figures"):
        shutil.rmtree(mine.folder / "results" / name)
    done = mine.study(TINY[1], "--cores", "2")
    assert done.returncode == 0 and done.stdout == "open results/tables/overview.html\n"
    *lines, last = done.stderr.splitlines()
    assert last.startswith("13 jobs done in ") and lines
    assert all(re.match(r"\d+ of 13 jobs, \d+ %", line) for line in lines), done.stderr
    expected, found = tiny_study.reproducible(), mine.reproducible()
    assert found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []
    again = mine.study(TINY[1])
    assert again.stderr == "nothing to do: every file is there\n"
    assert (again.returncode, again.stdout) == (0, "open results/tables/overview.html\n")


def test_targets_that_read_no_weights_do_without(tmp_path):
    """Targets that read no weights do without the file."""
    workflow = Workflow(tmp_path)
    (workflow.folder / "workflow/resources/zeroshot/any_data.safetensors").unlink()
    assert "simulate_expression" in workflow.planned("simulate", *TINY)
    assert "download_beeline" in workflow.planned("beeline_release", *TINY)
    pretraining = ("--configfile", REPOSITORY / "config/pretraining.yaml")
    assert "write_model_card" in workflow.planned("pretrain_all", *pretraining)
