"""Methods in a folder of the user: one Python file each, which is run when the method is.

Files whose names begin with `_` are no methods; methods may import them (`from _helpers import x`).
Nothing here imports numpy or runs a file but `load`: the workflow asks when it is read.
"""

import ast
import importlib.util
import re
import sys
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from grn_gat.core.errors import InputError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PREFIX = "grn_gat_own_"  # of the modules of methods
_entered: list[str] = []  # the folder whose helpers can be imported


def own_files(folder: str) -> dict[str, Path]:
    """Return the file of each method of a folder by name; none of an empty path.

    Raises:
        InputError: the name of a file is not one that a method may have.
    """
    if not folder:
        return {}
    found = {}
    for path in sorted(Path(folder).glob("[!_]*.py")):
        if not _NAME.fullmatch(path.stem):
            raise InputError(
                f"{path}: the name of a method's file has small letters, digits and _ only, and "
                "begins with a letter (files that begin with _ are no methods)"
            )
        found[path.stem.replace("_", "-")] = path
    return found


def helpers(folder: str) -> list[Path]:
    """Return the files of a folder that its methods may import."""
    return sorted(Path(folder).glob("_*.py")) if folder else []


def parsed(path: Path) -> ast.Module:
    """Return the syntax of a file; InputError where it has none."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise InputError(f"{path}: line {error.lineno}: {error.msg}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as Python: {error}") from None


def entry(path: Path) -> ast.Call:
    """Return the call of `METHOD = Method(...)` in a file; InputError where it has none."""
    for node in parsed(path).body:
        assigned = node.value if isinstance(node, ast.Assign) else None
        if isinstance(assigned, ast.Call) and ast.unparse(node).startswith("METHOD = "):
            return assigned
    raise InputError(f"{path} defines no METHOD")


def settings(path: Path, offered: tuple[str, ...]) -> dict[str, Any]:
    """Return the settings of a method with their defaults: the other parameters of its `infer`.

    Args:
        path: file of the method.
        offered: parameters that every `infer` may have, which are no settings.

    Raises:
        InputError: the file has no function `infer` that METHOD names, or a setting has no default
            that is a plain value.
    """
    arguments = _function(path).args
    if arguments.vararg or arguments.kwarg:
        raise InputError(f"{path}: infer takes *args or **kwargs; name what it takes")
    named = [*arguments.posonlyargs, *arguments.args]
    missing = len(named) - len(arguments.defaults)
    pairs = [*zip(named, [*[None] * missing, *arguments.defaults], strict=True)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    if not pairs or pairs[0][0].arg != "expression":
        raise InputError(f"{path}: the first parameter of infer must be expression, the array")
    found = {}
    for argument, default in pairs[1:]:
        if argument.arg in offered:
            continue
        try:
            found[argument.arg] = ast.literal_eval(default) if default else ...
        except ValueError:
            found[argument.arg] = ...
        if found[argument.arg] is ...:
            raise InputError(
                f"{path}: {argument.arg} of infer is a setting, and needs a plain value as its "
                f"default; without one known are {', '.join(offered)}"
            )
    return found


def _function(path: Path) -> ast.FunctionDef:
    """The function that METHOD names as `infer`."""
    call = entry(path)
    given = next((word.value for word in call.keywords if word.arg == "infer"), None)
    name = ast.unparse(given) if given is not None else "infer"
    for node in parsed(path).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    raise InputError(f"{path} has no function {name}, which METHOD names")


def load(path: Path) -> ModuleType:
    """Run a file of the user and return it as a module.

    Raises:
        InputError: it cannot be imported, with the reason; the traceback is printed.
    """
    files = [path, *helpers(str(path.parent))]
    module = _loaded(path.absolute(), tuple(file.stat().st_mtime_ns for file in files))
    if _entered != [str(path.absolute().parent)]:  # it may import a helper when it is run
        _enter(path.absolute().parent)
    return module


@cache
def _loaded(path: Path, _: tuple[int, ...]) -> ModuleType:
    _enter(path.parent)
    name = f"{_PREFIX}{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        traceback.print_exc()
        text = f"{path}: cannot be imported: {type(error).__name__}: {error}"
        if isinstance(error, ModuleNotFoundError):
            text += "; install it where the jobs run (with --sdm conda that is envs/methods.yaml)"
        raise InputError(text) from None
    return module


def _enter(folder: Path) -> None:
    """Make the helpers of a folder, as they are now, those that its methods import.

    Those of a folder before it may have the same names. What comes with Python is found first.
    """
    own = {*_entered, str(folder)}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and str(Path(file).parent) in own and not name.startswith(_PREFIX):
            del sys.modules[name]
    sys.path[:] = [*(place for place in sys.path if place not in own), str(folder)]
    _entered[:] = [str(folder)]


def check_flags(path: Path, stated: Mapping[str, object], known: tuple[str, ...]) -> None:
    """Raise InputError where a field of METHOD is unknown or no plain value, or one is missing."""
    for word in entry(path).keywords:
        if word.arg not in known:
            raise InputError(f"{path}: METHOD has no {word.arg}; known: {', '.join(known)}")
        if word.arg != "infer" and word.arg not in stated:
            raise InputError(f"{path}: {word.arg} of METHOD must be a plain value, as True or 'x'")
    for field in ("title", "citation"):
        if not isinstance(stated.get(field), str):
            raise InputError(f"{path}: METHOD lacks {field}, a text in quotes")
