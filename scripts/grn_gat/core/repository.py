"""Where the files of the workflow are that the package reads."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
# Of an installed package: what of a clone lies beside the package is in this folder of it.
_PIPELINE = "pipeline"


def repository() -> Path:
    """Return the folder with Snakefile, workflow, scripts and envs: of the wheel, or the clone."""
    installed = _PACKAGE / _PIPELINE
    return installed if installed.is_dir() else _PACKAGE.parents[1]
