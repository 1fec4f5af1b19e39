"""Which modules a script depends on: what is declared is what Python loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from grn_gat.algorithms._registry import method_names, module_path
from grn_gat.study import code_dependencies
from grn_gat.study.code_dependencies import PACKAGE, package_code

SCRIPTS = sorted(PACKAGE.parent.glob("*.py"))


def names(paths) -> set[str]:
    """Names of modules within the package; a subpackage's is that of its folder."""
    places = [Path(path).relative_to(code_dependencies.PACKAGE).with_suffix("") for path in paths]
    return {".".join(p.parts[:-1] if p.name == "__init__" else p.parts) for p in places}


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """A package of the same name with a chain, a loop and a lonely module; returns its parent.

    The subpackage `inner` has a module that uses one beside it and one outside.
    """
    folder = tmp_path / PACKAGE.name
    (folder / "inner").mkdir(parents=True)
    for name, text in {
        "__init__": "",
        "first": "from grn_gat.second import thing\n",
        "second": "import grn_gat.third\n",
        "third": "import os\n\ndef f():\n    from grn_gat import first, nothing\n",
        "lonely": "x = 1\n",
        "base": "",
        "inner/__init__": "from grn_gat.base import x\n",
        "inner/one": "from grn_gat.inner.two import y\nimport grn_gat.lonely\n",
        "inner/two": "y = 1\n",
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
        # a module in a package: its __init__ runs, with what that imports; its neighbours do not
        ("from grn_gat.inner.two import y", {"inner", "inner.two", "base"}),
        ("import grn_gat.inner.two", {"inner", "inner.two", "base"}),
        ("from grn_gat.inner import two", {"inner", "inner.two", "base"}),
        ("from grn_gat.inner import one", {"inner", "inner.one", "inner.two", "lonely", "base"}),
        ("from grn_gat.inner import x", {"inner", "base"}),
        ("import grn_gat.inner", {"inner", "base"}),
        ("from grn_gat import inner", {"inner", "base"}),
        ("from grn_gat.inner.absent import x", {"inner", "base"}),
        ("from other.inner import two\nimport inner.two", set()),
        ("# from grn_gat.lonely import x\ns = 'import grn_gat.lonely'", set()),
    ],
)
def test_imports_are_found(package, text, expected):
    script = package / "script.py"
    script.write_text(text)
    got = package_code(script)
    assert names(got) == expected
    assert got == sorted(got) and len(got) == len(set(got))
    assert all(Path(path).is_file() for path in got)


MODULES = sorted(PACKAGE.rglob("*.py"))
# One loads a method by name: the rule that runs it names the method's module itself. The others are
# no input of any rule.
LOAD_BY_NAME = {PACKAGE / name for name in ("algorithms/_registry.py", "__init__.py", "cli.py")}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_imports_in_a_way_that_is_not_found(module):
    for node in ast.walk(ast.parse(module.read_text())):
        assert not isinstance(node, ast.ImportFrom) or not node.level, "a relative import"
    text = module.read_text()
    assert ("import_module" in text) == (module in LOAD_BY_NAME) and "__import__" not in text


def test_the_code_of_a_method_is_that_of_no_other():
    for name in method_names():
        path = module_path(name)
        got = names([path, *package_code(path)])
        others = got & {f"algorithms.{module_path(other).stem}" for other in method_names()}
        own = {f"algorithms.{path.stem}"}
        assert {"algorithms", "algorithms._registry"} < got
        correlation = {"algorithms.spearman", "algorithms.pearson"}
        expected = {
            "ppcor": correlation,
            "spearman-clr": correlation,
            "spearman-pc": correlation,
            "consensus": correlation,
            "spearman": {"algorithms.pearson"},
        }
        if name.startswith("gat-zeroshot-"):
            expected[name] = {"algorithms.gat_zeroshot"}
        assert others - own == expected.get(name, set()), name
    assert "algorithms._information" in names(package_code(module_path("pidc")))
    assert "algorithms._tree_importance" in names(package_code(module_path("genie3")))
    infer = names(package_code(PACKAGE.parent / "infer_network.py"))
    assert {name for name in infer if name.startswith("algorithms")} == {
        "algorithms",
        "algorithms._own",
        "algorithms._registry",
    }
    # no code that reads or scores edges
    assert "data.reference" not in infer
    assert not {name for name in infer if name.split(".")[0] in ("evaluate", "supervised")}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_script(script):
    got = package_code(script)
    # all of them log, which needs the error class; nobody needs what only the workflow uses
    assert {"core.job", "core.errors"} <= names(got)
    assert not {name for name in names(got) if name.split(".")[0] in ("study", "")}
    assert all(Path(path).is_file() for path in got)


def test_there_are_scripts():
    assert {"train_gat", "split_pairs", "plot_figures"} <= {path.stem for path in SCRIPTS}


def test_a_script_depends_on_no_more_than_it_uses():
    dropout = names(package_code(PACKAGE.parent / "apply_dropout.py"))
    assert {name.split(".")[0] for name in dropout} == {"core", "data", "simulate"}
    got = names(package_code(PACKAGE.parent / "train_gat.py"))
    assert {
        "supervised.gat", "supervised.training", "supervised.paper_protocol", "evaluate.splits",
        "evaluate.metrics", "core.seeds",
    } <= got  # fmt: skip
    assert {"simulate.simulator", "evaluate.hubs", "report.figures"}.isdisjoint(got)


@pytest.mark.parametrize(
    "script",
    ["split_pairs", "rank_edges", "apply_dropout", "infer_network", "score_inferred"],
)
def test_the_list_is_what_python_loads(script):
    code = (
        f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); import {script}\n"
        "print(*[m for m in sys.modules if m.startswith('grn_gat.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("grn_gat.") for name in done.stdout.split()}
    assert loaded
    assert loaded == names(package_code(PACKAGE.parent / f"{script}.py"))
