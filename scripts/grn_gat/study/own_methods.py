"""A folder of own methods as a config names it: checked, with settings, when the workflow is read.

The files are read as text and not run.
"""

import contextlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from grn_gat.algorithms._own import check_flags, own_files, settings
from grn_gat.algorithms._registry import FIELDS, OFFERED, stated_in
from grn_gat.core.errors import InputError
from grn_gat.core.row_names import is_taken
from grn_gat.core.spelling import did_you_mean

_BLOCK = "method_settings"


def check_folder(folder: str, known: Collection[str]) -> None:
    """Raise InputError where there is no method in a folder, or one that cannot be.

    Args:
        folder: `methods_path` of a config.
        known: names of the methods of the package.
    """
    where = "config: methods_path"
    if Path(folder).is_file():
        raise InputError(f"{where}: {folder} is a file; name the folder that it lies in")
    if not Path(folder).is_dir():
        raise InputError(f"{where}: there is no folder {folder!r} (in {Path.cwd()})")
    found = own_files(folder)
    if not found:
        raise InputError(f"{where}: {folder} has no method: no file NAME.py")
    for name, path in found.items():
        if name in known or name == "all" or is_taken(name):
            raise InputError(f"{where}: {path}: {name} is in use already; give it another name")
        try:
            check_file(path)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None


def check_file(path: Path) -> None:
    """Raise InputError where the file of a method lacks what is read before it is run."""
    found = stated_in(path)
    check_flags(path, found, FIELDS)
    if found.get("weights") and not isinstance(own_settings(path).get("weights"), str):
        raise InputError(f"{path}: weights=True is of a method whose infer has the setting weights")
    own_settings(path)


def own_settings(path: Path) -> dict[str, Any]:
    """Return the settings of a method of the user with their defaults."""
    return settings(path, OFFERED)


def split_settings(
    config: Mapping[str, Any], folder: str
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Take the settings of own methods out of a config, as the schema does not know them.

    Returns:
        The config without them, and what they are given, by method.

    Raises:
        InputError: a setting is unknown, or of another type than its default.
    """
    rest, blocks, own = dict(config), config.get(_BLOCK), own_files(folder)
    if not isinstance(blocks, Mapping):
        return rest, {}
    given = {name: blocks[name] for name in blocks if name in own}
    rest[_BLOCK] = {name: block for name, block in blocks.items() if name not in own}
    return rest, {name: _checked(name, block, own[name]) for name, block in given.items()}


def _checked(name: str, block: object, path: Path) -> dict[str, Any]:
    where, defaults = f"config: {_BLOCK}.{name}", own_settings(path)
    if not isinstance(block, Mapping):
        raise InputError(f"{where}: {block!r} is no block of settings")
    for key in block:
        if key not in defaults:
            known = ", ".join(defaults) or "none"
            question = did_you_mean(key, defaults)
            raise InputError(f"{where}: unknown key {key}{question}; settings of {path}: {known}")
    return {
        key: _typed(f"{where}.{key}", block[key], default)
        for key, default in defaults.items()
        if key in block
    }


def _typed(where: str, value: object, default: object) -> object:
    """The value, of the type of the default; numbers and yes or no may be text (`--config`)."""
    kind = type(default)
    if isinstance(value, str) and kind in (int, float):
        with contextlib.suppress(ValueError):
            return int(value) if kind is int else float(value)
    if isinstance(value, str) and kind is bool and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if kind is float and type(value) is int:
        return float(value)
    if default is not None and type(value) is not kind:
        raise InputError(f"{where}: {value!r} is no {kind.__name__}, as its default {default!r} is")
    return value
