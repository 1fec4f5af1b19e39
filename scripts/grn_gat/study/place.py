"""Where a study runs: paths of the repository and of the user, seen from the working directory."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grn_gat.core.repository import repository


def schema(name: str) -> dict[str, Any]:
    """Return a schema of the config, `study` or `pretraining`, as it is written."""
    import yaml

    path = repository() / f"workflow/schemas/{name}.schema.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _as_it_is(path: str) -> str:
    return path


@dataclass(frozen=True)
class Place:
    """The repository, and what a workflow that uses this one as a module puts before paths.

    Attributes:
        repository: folder of the workflow.
        placed: the prefix that Snakemake puts before the paths of inputs, outputs, logs and
            benchmarks; those in params need it too.
    """

    repository: Path
    placed: Callable[[str], str] = _as_it_is

    def own(self, path: str) -> str:
        """Return a file of the user: from the working directory, whatever the prefix."""
        return path if self.placed(path) == path else os.path.abspath(path)

    def bundled(self, path: str | Path) -> str:
        """Return a file of the repository: relative where the study is in it, so that both move."""
        path = self.repository / path
        if not Path.cwd().is_relative_to(self.repository):
            return str(path)
        relative = os.path.relpath(path)
        return relative if self.placed(relative) == relative else str(path)

    def own_or_bundled(self, path: str) -> str:
        """Return a path below the working directory or, where there is none, the repository."""
        ours = (self.repository / path).exists() and not Path(path).exists()
        return self.bundled(path) if ours else self.own(path)
