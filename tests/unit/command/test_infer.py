"""`grn-gat infer` and `check` with a method of the user, and without a package that one needs."""

import hashlib
import importlib.util
import json

import pytest

from factories import expression_table
from grn_gat import cli
from grn_gat.core.files import read_table

METHOD = '''"""Covariance of the data set that it is told."""

import numpy as np
from _words import power

from grn_gat.algorithms._registry import Method


def infer(expression, data_set, shift: float = 0.0):
    assert data_set == "cells"
    return np.tanh(np.cov(expression) ** power() + shift)


METHOD = Method(
    title="My covariance", citation="nobody 2026", infer=infer, directed=False, probabilities=True
)
'''


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A folder with cells and a folder of methods, in which one stands."""
    expression_table(60).to_csv(tmp_path / "cells.csv")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/my_covariance.py").write_text(METHOD)
    (tmp_path / "mine/_words.py").write_text("def power():\n    return 2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str, *more: str) -> int:
    return cli.main([command, "cells.csv", "--methods-path", "mine", *more])


def test_a_method_of_the_user_is_inferred_with_and_its_code_is_in_the_provenance(mine):
    assert (
        run("infer", "--methods", "my-covariance,pearson", "--pairs", "csv", "--output", "out") == 0
    )
    assert set(read_table(mine / "out/methods.tsv")["method"]) == {"my-covariance", "pearson"}
    assert len(read_table(mine / "out/my-covariance/rankedEdges.csv")) == 30
    page = (mine / "out/report.html").read_text(encoding="utf-8")
    assert "My covariance" in page
    inputs = json.loads((mine / "out/provenance.json").read_text())["inputs"]
    for name, file in (("my-covariance", "my_covariance.py"), ("_words", "_words.py")):
        digest = hashlib.sha256((mine / "mine" / file).read_bytes()).hexdigest()
        assert inputs[f"methods_path.{name}"] == {
            "file": file, "bytes": len((mine / "mine" / file).read_bytes()), "sha256": digest,
        }  # fmt: skip
    # What is known of the zero-shot model's probabilities is not known of these.
    assert "my-covariance" not in set(read_table(mine / "out/trust.tsv")["method"])


def test_a_change_of_the_code_is_run_again(mine):
    run("infer", "--methods", "my-covariance", "--pairs", "csv", "--output", "out")
    first = (mine / "out/my-covariance/rankedEdges.csv").read_bytes()
    (mine / "mine/my_covariance.py").write_text(METHOD.replace("power() +", "3 +"))
    run("infer", "--methods", "my-covariance", "--pairs", "csv", "--output", "out")
    assert (mine / "out/my-covariance/rankedEdges.csv").read_bytes() != first


def test_what_it_would_cost(mine, capsys):
    assert run("check", "--methods", "my-covariance") == 0
    assert "my-covariance: was not measured" in capsys.readouterr().out


def test_a_folder_without_the_method(mine, capsys):
    assert run("infer", "--methods", "my-variance") == 1
    assert "no method 'my-variance' (did you mean my-covariance?)" in capsys.readouterr().err


def test_a_missing_package_is_said_before_anything_starts(mine, capsys, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *r: None if name == "regdiffusion" else find(name)
    )
    assert run("infer", "--methods", "regdiffusion,pearson", "--output", "out") == 1
    assert "-m pip install regdiffusion==" in capsys.readouterr().err
    assert not (mine / "out").exists()
