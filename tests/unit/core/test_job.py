"""What surrounds the work of a script: its log, its errors in one sentence, its CPU seconds."""

import json
import re
import sys
from types import SimpleNamespace

import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.job import ACCOUNT, cpu_seconds, logged, warn


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A function that makes a job of a name; the environment names no account."""
    monkeypatch.delenv(ACCOUNT, raising=False)
    return lambda name: SimpleNamespace(log=[str(tmp_path / f"{name}.log")], input=[], output=[])


@pytest.fixture
def account(tmp_path, monkeypatch, job):
    """The file for the CPU seconds of the jobs, which is not there yet."""
    path = tmp_path / "account.jsonl"
    monkeypatch.setenv(ACCOUNT, str(path))
    return path


def text_of(task) -> str:
    with open(task.log[0], encoding="utf-8") as file:
        return file.read()


def test_all_output_goes_to_the_log(job, capfd):
    task = job("one")
    streams = sys.stdout, sys.stderr
    with logged(task):
        print("said")
        print("complained", file=sys.stderr)
    assert (sys.stdout, sys.stderr) == streams
    said = text_of(task)
    assert re.fullmatch(r"said\ncomplained\ndone, \d+\.\d\d CPU seconds\n", said)
    assert capfd.readouterr() == ("", "")


def test_warnings_of_ours_are_told_twice(job, monkeypatch, capfd):
    task = job("one")
    monkeypatch.setattr(sys, "__stderr__", sys.stderr)
    with logged(task):
        warn("few cells")
    assert text_of(task).startswith("warning: few cells\n")
    assert capfd.readouterr().err == "warning: few cells\n"


def test_bad_input_ends_with_one_sentence(job, capfd):
    task = job("one")
    with pytest.raises(SystemExit) as end, logged(task):
        raise InputError("cells.csv: no gene")
    assert end.value.code == 1
    assert text_of(task) == "error: cells.csv: no gene\n" == capfd.readouterr().err


def test_other_errors_end_with_their_traceback(job, capfd):
    task = job("one")
    with pytest.raises(SystemExit) as end, logged(task):
        print("before")
        raise KeyError("gene")
    assert end.value.code == 1
    shown = capfd.readouterr().err
    assert shown.startswith("Traceback") and shown.endswith("KeyError: 'gene'\n")
    assert text_of(task) == "before\n" + shown


def test_the_account_has_a_line_of_every_job_that_ended_well(job, account):
    before = cpu_seconds()
    for name in ("one", "two"):
        with logged(job(name)):
            sum(range(10_000))
    after = cpu_seconds()
    lines = [json.loads(line) for line in account.read_text().splitlines()]
    assert [line["log"] for line in lines] == [job("one").log[0], job("two").log[0]]
    assert all(set(line) == {"log", "cpu_seconds"} for line in lines)
    assert before <= lines[0]["cpu_seconds"] <= lines[1]["cpu_seconds"] <= after


@pytest.mark.parametrize("error", [InputError("wrong"), ValueError("wrong"), MemoryError()])
def test_jobs_that_failed_have_no_account(job, account, error):
    with logged(job("good")):
        pass
    with pytest.raises(SystemExit), logged(job("bad")):
        raise error
    (line,) = account.read_text().splitlines()
    assert json.loads(line)["log"] == job("good").log[0]


def test_interrupted_jobs_have_no_account(job, account):
    with pytest.raises(KeyboardInterrupt), logged(job("one")):
        raise KeyboardInterrupt
    assert not account.exists()


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_variable_there_is_no_account(job, tmp_path, monkeypatch, value):
    if value is not None:
        monkeypatch.setenv(ACCOUNT, value)
    with logged(job("one")):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["one.log"]


def test_a_job_leaves_checksums_that_the_next_one_checks(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "results/splits/folds.tsv"
    table.parent.mkdir(parents=True)
    (tmp_path / "results/logs").mkdir()

    def task(rule, **files):
        return SimpleNamespace(
            log=[f"results/logs/{rule}.log"], **({"input": [], "output": []} | files)
        )

    with logged(task("split_pairs", output=["results/splits/folds.tsv"])):
        table.write_text("a\nb\n")
    reader = task("train_gat", input=["results/splits/folds.tsv"], output=["results/w.tsv"])
    with logged(reader):
        pass
    table.write_text("a\n")
    began = []
    with pytest.raises(SystemExit) as end, logged(reader):
        began.append("work")
    assert end.value.code == 1 and not began
    said = capfd.readouterr().err
    assert said.startswith("error: results/splits/folds.tsv: is not as the job that made it left")
    assert said.count("\n") == 1 and text_of(reader) == said


def test_a_job_that_failed_leaves_no_checksums(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results/logs").mkdir(parents=True)
    (tmp_path / "results/x.tsv").write_text("half")
    task = SimpleNamespace(log=["results/logs/r.log"], input=[], output=["results/x.tsv"])
    with pytest.raises(SystemExit), logged(task):
        raise KeyError("x")
    assert not (tmp_path / "results/checksums").exists()
