"""The rooms of the package, its folders: which imports which, and what each brings with it."""

import ast
import re
import subprocess
import sys

import pytest

from workflows import REPOSITORY

PACKAGE = REPOSITORY / "scripts/grn_gat"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
MODULES = sorted(PACKAGE.glob("*/*.py"))
HEAVY = ("torch", "torch_geometric", "pandas", "numpy", "scipy", "sklearn", "matplotlib")


def imported_rooms(text: str) -> set[str]:
    """Rooms that a module imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # Of `from grn_gat import data` the room is a name, not a part of the module.
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "grn_gat" and len(part) > 1}


def graph() -> dict[str, set[str]]:
    """Other rooms that each room imports."""
    found = {room: set() for room in ROOMS}
    for path in MODULES:
        found[path.parent.name] |= imported_rooms(path.read_text()) - {path.parent.name}
    return found


def floors(rooms: dict[str, set[str]]) -> list[set[str]]:
    """Rooms by floor: each imports from lower ones only; AssertionError if there is a circle."""
    built, rest = [], dict(rooms)
    while rest:
        below = set().union(*built)
        floor = {room for room, needed in rest.items() if needed <= below}
        assert floor, f"a circle among {sorted(rest)}: {rest}"
        built.append(floor)
        rest = {room: needed for room, needed in rest.items() if room not in floor}
    return built


def test_a_circle_is_found():
    assert floors({"a": set(), "b": {"a"}, "c": {"a"}}) == [{"a"}, {"b", "c"}]
    with pytest.raises(AssertionError, match="a circle among"):
        floors({"a": set(), "b": {"a", "c"}, "c": {"b"}})


def test_lazy_imports_count():
    text = """
import grn_gat.core.errors
from grn_gat import simulate
from grn_gat.algorithms import pidc
from numpy import data
def later():
    from grn_gat.evaluate.metrics import average_precision
"""
    assert imported_rooms(text) == {"core", "simulate", "algorithms", "evaluate"}


def test_rooms_import_one_another_in_no_circle():
    built = floors(graph())
    assert built[0] == {"core"}
    assert set().union(*built) == set(ROOMS)


def test_rooms_stand_in_the_order_of_the_guide():
    """No room imports one that CONTRIBUTING.md lists below it."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \| ", text, re.MULTILINE)
    assert sorted(listed) == sorted(ROOMS)
    for room, needed in graph().items():
        assert all(listed.index(other) < listed.index(room) for other in needed), room


def test_every_folder_is_a_room():
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    assert folders == {".", *ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_nothing_by_itself(room):
    """Else every rule that needs one of its modules would depend on all that it imports."""
    body = ast.parse((PACKAGE / room / "__init__.py").read_text()).body
    assert len(body) == 1 and isinstance(body[0], ast.Expr)
    assert isinstance(body[0].value.value, str)


def test_nothing_heavy_is_imported_when_the_workflow_is_read():
    common = (REPOSITORY / "workflow/rules/common.smk").read_text()
    read = {
        node.module.removeprefix("grn_gat.")
        for node in ast.walk(ast.parse(python_of(common)))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("grn_gat.")
    }
    assert {"study.study", "study.jobs"} <= read
    modules = ", ".join(f"grn_gat.{name}" for name in sorted(read))
    code = f"import sys, {modules}; print([m for m in {HEAVY} if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY / "scripts", capture_output=True, text=True
    )
    assert out.stdout.strip() == "[]", out.stderr


def python_of(text: str) -> str:
    """The import statements of a rule file."""
    return "\n".join(line for line in text.splitlines() if line.startswith(("import ", "from ")))
