"""What wheel and source archive hold besides their files: the workflow, and the commit.

The wheel has the workflow at grn_gat/pipeline, as it lies here, and the commit beside the module
that reads it. The source archive has the commit at its top, so that a wheel made of it is the same.
"""

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# `profiles` is a link to a folder in workflow/; a wheel has no links, so its files are there twice.
PIPELINE = ("Snakefile", "config.yaml", "workflow", "envs", "config", "profiles")
COMMIT = "COMMIT"


class PipelineBuildHook(BuildHookInterface):
    """Adds the workflow to the wheel; an editable install finds it in the clone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name files and folders, and where in the wheel they go; `version` is a kind of wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        added = build_data["force_include"]
        if (commit := _commit(root)) is not None:
            self._folder = tempfile.TemporaryDirectory()
            file = Path(self._folder.name, COMMIT)
            file.write_text(commit, encoding="utf-8")
            place = f"grn_gat/core/{COMMIT}" if self.target_name == "wheel" else COMMIT
            added[str(file)] = place
        if self.target_name != "wheel":
            return
        scripts = [f"scripts/{path.name}" for path in sorted(root.glob("scripts/*.py"))]
        for name in (*PIPELINE, *scripts):
            added[str(root / name)] = f"grn_gat/pipeline/{name}"


def _commit(root: Path) -> str | None:
    """Return the commit of a clone, or what its source archive says; None where neither does."""
    if not (root / ".git").exists():
        stated = root / COMMIT
        return stated.read_text(encoding="utf-8") if stated.is_file() else None
    # As core/software.py, which cannot be imported here.
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout
