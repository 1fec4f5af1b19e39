"""What takes minutes, or needs a Slurm, a browser or conda: `make test-slow`."""

from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
