"""Many data sets as a table: entries of `infer`, or one sentence on what is wrong."""

import os
import signal
import time
from argparse import ArgumentParser

import pytest

from factories import expression_table
from grn_gat.command.infer import add_arguments, run
from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table
from grn_gat.study.config import ONE_SHOT
from grn_gat.study.place import schema
from grn_gat.study.sample_sheet import read_sample_sheet
from grn_gat.study.study import Study

SHEET = "name,expression,cells,shuffled_null,prior\na,a.csv,,,\nb,b.csv,50,true,p.csv; q.csv\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        expression_table(60).to_csv(tmp_path / f"{name}.csv")
    for name in "pq":
        (tmp_path / f"{name}.csv").write_text("Gene1,Gene2\nG0,G1\n")
    (tmp_path / "samples.csv").write_text(SHEET)
    return tmp_path


def test_rows_are_entries_of_the_config_with_numbers_and_lists(place):
    study = Study.installed({"samples": "samples.csv", "infer": {"c": {"expression": "a.csv"}}})
    assert study.inferred == ["c", "a", "b"]
    assert study.sources["a"].entry == {"expression": "a.csv"}
    given = {"expression": "b.csv", "cells": 50, "shuffled_null": True, "prior": ["p.csv", "q.csv"]}
    assert study.sources["b"].entry == given


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name\nx\n", "no column expression among name"),
        ("sample,file\nx,y\n", "no column name nor expression among sample, file; expected"),
        ("expression\nx\n", "no column name"),
        (
            "name,expression,regulator\n",
            r"unknown column 'regulator' \(did you mean regulators\?\)",
        ),
        ("name,expression,cells,cells\n", "cells"),
        ("name,expression\na,\n", "line 2 has no expression"),
        ("name,expression\n,a.csv\n", "line 2 has no name"),
        ("name,expression\na,a.csv\na,b.csv\n", "a occurs more than once"),
        ("name,expression\n", "has no row"),
    ],
)
def test_mistakes_name_the_file_and_what_would_be_right(tmp_path, text, why):
    (tmp_path / "samples.csv").write_text(text)
    with pytest.raises(InputError, match=rf"samples\.csv.*{why}"):
        read_sample_sheet(tmp_path / "samples.csv", ONE_SHOT, ("prior",))


def test_a_name_that_is_in_the_block_too_and_a_sheet_that_is_no_path(place):
    with pytest.raises(InputError, match=r"a is in samples\.csv, and in the block infer"):
        Study.installed({"samples": "samples.csv", "infer": {"a": {"expression": "a.csv"}}})
    with pytest.raises(InputError, match="samples: 3 is not the path"):
        Study.installed({"samples": 3})


def test_every_column_is_a_key_of_the_schema():
    assert set(ONE_SHOT) == set(schema("study")["$defs"]["inferred"]["properties"])


def infer(*arguments: str) -> int:
    parser = ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([*arguments, "--methods", "pearson", "--stability", "0"]))


def test_the_command_goes_through_the_files_and_one_that_is_wrong_holds_up_none(place, capfd):
    (place / "b.csv").write_text("gene,c1\nx,no number\n")
    (place / "samples.csv").write_text("name,expression\nb,b.csv\na,a.csv\n")
    with pytest.raises(InputError, match="no network of b; the same command tries them again"):
        infer("--samples", "samples.csv")
    said = capfd.readouterr()
    assert "b (1 of 2)" in said.err and "b.csv" in said.err and "open networks/a" in said.out
    assert len(read_table(place / "networks/a/methods.tsv")) == 1


def test_a_signal_to_end_is_an_interruption(place, monkeypatch):
    """So that what runs in other processes ends with the command."""

    def long(*_):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("grn_gat.inference.one_dataset.infer_dataset", long)
    with pytest.raises(KeyboardInterrupt):
        infer("a.csv")
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_file_or_a_table_of_files(place):
    with pytest.raises(InputError, match="name a file of cells, or a table"):
        infer()
    with pytest.raises(InputError, match="the table names the files"):
        infer("a.csv", "--samples", "samples.csv")
    (place / "a.csv").unlink()
    with pytest.raises(InputError, match=r"samples\.csv: a: expression: there is no file"):
        infer("--samples", "samples.csv")
