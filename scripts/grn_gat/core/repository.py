"""Where the files of the workflow are that the package reads."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
# Of an installed package: what of a clone lies beside the package is in this folder of it.
_PIPELINE = "pipeline"


def repository() -> Path:
    """Return the folder with Snakefile, workflow, scripts and envs: of the wheel, or the clone."""
    installed = _PACKAGE / _PIPELINE
    return installed if installed.is_dir() else _PACKAGE.parents[1]


def give_package_to_jobs(folder: Path) -> None:
    """Have jobs use the package that lies in a clone, whatever their Python has installed.

    Nothing is done for the workflow of an installed package, which lies in the package.
    """
    scripts = str(folder / "scripts")
    if not (folder / "scripts/grn_gat").is_dir():
        return
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [path for path in inherited if path not in ("", scripts)]
    os.environ["PYTHONPATH"] = os.pathsep.join([scripts, *others])
