"""Shared fixtures: where the repository and the (optional) reference data are."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("GRN_GAT_SHARED", REPOSITORY / ".." / "shared")).resolve()


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with `data/` and `reference/`; tests that need it are skipped where it is absent."""
    if not (SHARED / "reference").is_dir():
        pytest.skip(f"no reference data at {SHARED} (set GRN_GAT_SHARED)")
    return SHARED
