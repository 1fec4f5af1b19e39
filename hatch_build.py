"""What the wheel holds besides the package: the workflow, at grn_gat/pipeline, as it lies here."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# `profiles` is a link to a folder in workflow/; a wheel has no links, so its files are there twice.
PIPELINE = ("Snakefile", "config.yaml", "workflow", "envs", "config", "profiles")


class PipelineBuildHook(BuildHookInterface):
    """Adds the workflow to the wheel; an editable install finds it in the clone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name files and folders, and where in the wheel they go; `version` is a kind of wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        scripts = [f"scripts/{path.name}" for path in sorted(root.glob("scripts/*.py"))]
        for name in (*PIPELINE, *scripts):
            build_data["force_include"][str(root / name)] = f"grn_gat/pipeline/{name}"
