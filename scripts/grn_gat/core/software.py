"""Versions of what a study was made with."""

import platform
from importlib.metadata import PackageNotFoundError, version

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
