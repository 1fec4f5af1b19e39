"""What a result was made from, as one JSON file beside it: `provenance.json`."""

import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grn_gat.core.checksums import sha256
from grn_gat.core.citation import LICENCE, citation
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.core.repository import repository
from grn_gat.core.software import commit, software_versions
from grn_gat.core.version import VERSION

FILE = "provenance.json"
# The command that a user gave: jobs of a study inherit it from the process that started them.
COMMAND = "GRN_GAT_COMMAND"


def remember_command() -> str:
    """Return the user's command; the first process that asks says that it is its own."""
    path = Path(sys.argv[0])
    program = ["python", "-m", path.parent.name] if path.name == "__main__.py" else [path.name]
    return os.environ.setdefault(COMMAND, shlex.join([*program, *sys.argv[1:]]))


def described_file(path: PathLike) -> dict[str, Any]:
    """Name, size in bytes and SHA-256 of a file, wherever it lies."""
    return {"file": Path(path).name, "bytes": Path(path).stat().st_size, "sha256": sha256(path)}


def _described_weights(path: PathLike) -> dict[str, Any]:
    """A weights file; the licence only of those that come with the workflow."""
    ours = Path(path).resolve().is_relative_to((repository() / "workflow").resolve())
    return described_file(path) | {"licence": LICENCE if ours else None}


def provenance(
    inputs: Mapping[str, PathLike],
    weights: PathLike | None,
    seed: int,
    not_default: Mapping[str, Any],
    seeds: Sequence[int] = (),
) -> dict[str, Any]:
    """Return what a result was made from.

    Args:
        inputs: files of the user, by what they are (`expression`, `networks.HSC.model`).
        weights: the weights file that was read, if one was.
        seed: the integer that all random draws descend from.
        not_default: keys of the config whose value is not the default, with the value.
        seeds: those of the trainings, where there are any.
    """
    return {
        "grn-gat": {
            "version": VERSION,
            "commit": commit(),
            "licence": LICENCE,
            "cite": citation(),
        },
        "command": remember_command(),
        "inputs": {what: described_file(path) for what, path in inputs.items()},
        "weights": None if weights is None else _described_weights(weights),
        "seed": seed,
        "seeds": list(seeds),
        "not_default": dict(not_default),
        "software": software_versions(),
    }


def write_provenance(path: PathLike, record: Mapping[str, Any]) -> None:
    """Write a record of `provenance`; equal ones give equal bytes."""
    with atomic_path(path) as temporary:
        text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8")
