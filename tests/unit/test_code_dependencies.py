"""Which modules a script depends on: what is declared is what Python loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from grn_gat import code_dependencies
from grn_gat.code_dependencies import PACKAGE, package_code

SCRIPTS = sorted(PACKAGE.parent.glob("*.py"))


def names(paths) -> set[str]:
    return {Path(path).stem for path in paths}


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """A package of the same name with a chain, a loop and a lonely module; returns its parent."""
    folder = tmp_path / PACKAGE.name
    folder.mkdir()
    for name, text in {
        "__init__": "",
        "first": "from grn_gat.second import thing\n",
        "second": "import grn_gat.third\n",
        "third": "import os\n\ndef f():\n    from grn_gat import first, nothing\n",
        "lonely": "x = 1\n",
    }.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(code_dependencies, "PACKAGE", folder)
    code_dependencies._imports.cache_clear()
    yield tmp_path
    code_dependencies._imports.cache_clear()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from grn_gat.third import f", {"first", "second", "third"}),  # through others, a loop
        ("import grn_gat.lonely", {"lonely"}),
        ("import grn_gat.lonely as l, os", {"lonely"}),
        ("from grn_gat import lonely", {"lonely"}),
        ("def f():\n    from grn_gat.lonely import x", {"lonely"}),
        ("if False:\n    import grn_gat.lonely", {"lonely"}),
        ("import os\nfrom pathlib import Path", set()),
        ("import grn_gat", set()),
        ("from other.lonely import x\nimport lonely", set()),
        ("from grn_gat.absent import x", set()),
        ("# from grn_gat.lonely import x\ns = 'import grn_gat.lonely'", set()),
    ],
)
def test_imports_are_found(package, text, expected):
    script = package / "script.py"
    script.write_text(text)
    got = package_code(script)
    assert names(got) == expected
    assert got == sorted(got) and len(got) == len(set(got))
    assert all(Path(path).parent == package / PACKAGE.name for path in got)


@pytest.mark.parametrize("module", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_no_module_imports_in_a_way_that_is_not_found(module):
    for node in ast.walk(ast.parse(module.read_text())):
        assert not isinstance(node, ast.ImportFrom) or not node.level, "a relative import"
        assert "import_module" not in ast.dump(node) and "__import__" not in ast.dump(node)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_script(script):
    got = package_code(script)
    # all of them log, which needs the error class; nobody needs what only the workflow uses
    assert {"job", "errors"} <= names(got)
    assert not names(got) & {"config", "code_dependencies", "__init__"}
    assert all(Path(path).is_file() for path in got)


def test_there_are_scripts():
    assert {"train_gat", "split_pairs", "plot_figures"} <= names(SCRIPTS)


def test_a_script_depends_on_no_more_than_it_uses():
    assert names(package_code(PACKAGE.parent / "apply_dropout.py")) & {"training", "hubs"} == set()
    got = names(package_code(PACKAGE.parent / "train_gat.py"))
    assert {"gat", "training", "published", "splits", "seeds", "metrics"} <= got
    assert not got & {"simulator", "hubs", "figures"}


@pytest.mark.parametrize("script", ["split_pairs", "rank_edges", "apply_dropout"])
def test_the_list_is_what_python_loads(script):
    code = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); import {script}\n"
        "print(*[m for m in sys.modules if m.startswith('grn_gat.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("grn_gat.") for name in done.stdout.split()}
    assert loaded
    assert loaded == names(package_code(PACKAGE.parent / f"{script}.py"))
