"""Versions of what a study was made with."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grn_gat.core.version import VERSION

PACKAGES = (
    "snakemake", "numpy", "scipy", "pandas", "scikit-learn", "networkx", "torch",
    "torch-geometric", "safetensors", "anndata", "matplotlib",
)  # fmt: skip


def software_versions() -> dict[str, str]:
    """Version of the workflow, of Python and of those packages that this environment has."""
    found = {"grn-gat": VERSION, "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # with conda each stage has an environment of its own
            continue
    return found


def commit() -> str:
    """The commit of this workflow, with a mark where files differ from it; unknown outside git.

    Of an installed package the one that its wheel was made from.
    """
    folder = Path(__file__).parents[3]
    if not (folder / ".git").exists():  # an installed package may lie in another repository
        stated = Path(__file__).with_name("COMMIT")  # by hatch_build.py
        return stated.read_text(encoding="utf-8").strip() if stated.is_file() else "unknown"
    # Of an install that is another user's, too, whose code this process runs anyhow.
    trusted = ["-c", f"safe.directory={folder}"]
    command = ["git", *trusted, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
