"""Files of methods of a user: read as text, and run only where they are asked for."""

import os
import sys

import numpy as np
import pytest

from grn_gat.algorithms._own import helpers, load, own_files, settings
from grn_gat.algorithms._registry import (
    OFFERED,
    load_file,
    load_method,
    method_names,
    module_path,
    run_method,
    stated,
)
from grn_gat.core.errors import InputError
from grn_gat.core.own_methods import own_folder, own_methods
from grn_gat.study.own_methods import check_file

GOOD = """
import numpy as np
from grn_gat.algorithms._registry import Method

def infer(expression, genes, seed, data_set, alpha=0.5, *, mode="fast", deep=True, levels=[1, 2]):
    return np.full((len(genes), len(genes)), alpha + len(data_set))

METHOD = Method("Good one", "someone 2026", infer, needs_variation=False, signed=True)
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good_one.py").write_text(GOOD)
    (tmp_path / "_helper.py").write_text("")
    return tmp_path


def test_names_are_those_of_files(folder):
    assert own_files(str(folder)) == {"good-one": folder / "good_one.py"}
    assert own_files("") == {} and helpers("") == []
    assert helpers(str(folder)) == [folder / "_helper.py"]
    assert "good-one" in method_names(str(folder)) and "good-one" not in method_names()
    assert module_path("good-one", str(folder)) == folder / "good_one.py"
    (folder / "Bad-Name.py").touch()
    with pytest.raises(InputError, match=r"Bad-Name\.py: the name of a method's file has small"):
        own_files(str(folder))


def test_a_file_is_read_without_being_run(folder):
    path = folder / "good_one.py"
    path.write_text("import nothing_of_this_name\n" + GOOD)
    assert stated("good-one", str(folder)) == {
        "title": "Good one", "citation": "someone 2026", "needs_variation": False, "signed": True,
    }  # fmt: skip
    found = settings(path, OFFERED)
    assert found == {"alpha": 0.5, "mode": "fast", "deep": True, "levels": [1, 2]}


def test_it_gets_genes_and_data_set(folder):
    expression, every = np.ones((3, 5)), np.arange(3)
    with own_methods(str(folder)):
        assert load_method("good-one").title == "Good one"
        scores = run_method(
            "good-one", "abc", expression, None, every, 1, 1, {"alpha": 2}, data_set="four"
        )
    assert (scores == 6 * (1 - np.eye(3))).all()
    # Known in the block only.
    assert own_folder() == ""
    with pytest.raises(InputError, match="there is no method 'good-one'"):
        load_method("good-one")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def infer(:", "line 1: invalid syntax"),
        ("x = 1", "defines no METHOD"),
        ("METHOD = Method('a', 'b', infer)", "has no function infer, which METHOD names"),
        (
            "def infer(x):\n  pass\nMETHOD = Method('a', 'b', infer)",
            "first parameter of infer must",
        ),
        (
            "def infer(expression, beta):\n  pass\nMETHOD = Method('a', 'b', infer)",
            "beta of infer is a setting, and needs a plain value",
        ),
        (
            "def infer(expression, beta=f()):\n  pass\nMETHOD = Method('a', 'b', infer)",
            "beta of infer is a setting, and needs a plain value",
        ),
        (
            "def infer(expression, **rest):\n  pass\nMETHOD = Method('a', 'b', infer)",
            r"infer takes \*args or \*\*kwargs",
        ),
    ],
)
def test_mistakes_are_one_sentence(tmp_path, text, message):
    path = tmp_path / "mine.py"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        settings(path, OFFERED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nothing_of_this_name", "cannot be imported: ModuleNotFoundError.*install it"),
        ("1 / 0", "cannot be imported: ZeroDivisionError: division by zero$"),
        ("METHOD = 3", r"METHOD is no Method\(\.\.\.\), but int"),
    ],
)
def test_a_file_that_cannot_be_run(tmp_path, text, message):
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(InputError, match=message):
        load_file(tmp_path / "mine.py")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("title='a', citation='b', infer=infer, sign=True", "METHOD has no sign; known: title,"),
        ("title='a', citation='b', infer=infer, signed=X", "signed of METHOD must be a plain"),
        ("title='a', infer=infer", "METHOD lacks citation, a text in quotes"),
        ("title='a', citation='b', infer=infer, weights=True", "has the setting weights"),
    ],
)
def test_mistakes_of_the_entry(tmp_path, call, message):
    path = tmp_path / "mine.py"
    path.write_text(f"def infer(expression):\n    pass\nMETHOD = Method({call})\n")
    with pytest.raises(InputError, match=message):
        check_file(path)


def test_helpers_are_those_of_the_folder_as_they_are_now(tmp_path):
    """Another folder has a helper of the same name, and a helper may be edited."""
    text = "from _number import NUMBER\n"
    for name, number in (("one", 1), ("two", 2)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "mine.py").write_text(text)
        (folder / "_number.py").write_text(f"NUMBER = {number}\n")
        found = load(folder / "mine.py").NUMBER
        assert found == number
    assert load(tmp_path / "one/mine.py").NUMBER == 1
    assert sys.modules.get("_number") is None  # that of the other folder
    edited = tmp_path / "one/_number.py"
    edited.write_text("NUMBER = 30\n")
    os.utime(edited, ns=(1, 1))
    assert load(tmp_path / "one/mine.py").NUMBER == 30
    assert "_number" in sys.modules and sys.path.count(str(tmp_path / "one")) == 1
    assert str(tmp_path / "two") not in sys.path
