"""A job that lacks memory fails: --retries, and the same command, try it again."""

import pytest

METHOD = '''"""A method that lacks memory whenever it has not been tried before in this folder."""

from pathlib import Path

import numpy as np

from grn_gat.algorithms._registry import Method


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the covariance of all pairs."""
    tried = Path("tried")
    if not tried.exists():
        tried.touch()
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 GB")
    return np.cov(expression)


METHOD = Method(
    title="Hungry", citation="nobody, nowhere 2026", infer=infer, signed=True, directed=False
)
'''
CELLS = ",c1,c2,c3,c4\nA,1,2,3,5\nB,2,1,4,4\nC,5,3,2,1\n"


@pytest.fixture
def infer(workflow):
    """Arguments that infer a network with this method."""
    (workflow.folder / "scripts/grn_gat/algorithms/hungry.py").write_text(METHOD)
    (workflow.folder / "cells.csv").write_text(CELLS)
    config = {"infer": {"x": {"expression": "cells.csv"}}, "methods": ["hungry"]}
    return ["infer", *workflow.configure(config)]


def test_the_same_command_tries_again(workflow, infer):
    failed = workflow.run(*infer)
    sentence = (
        "error: Hungry: not enough memory for 3 genes x 4 cells: take fewer genes, or give it"
    )
    assert failed.returncode != 0 and sentence in failed.stdout
    log = (workflow.folder / "results/logs/infer_network/hungry/x/rep-1/drop-000.log").read_text()
    assert "can't allocate memory" in log and sentence in log
    assert not list(workflow.folder.rglob("status.tsv"))
    workflow.succeed(*infer)
    assert "\tok\t" in (workflow.folder / "results/inferred/x/methods.tsv").read_text()


def test_retries_try_again(workflow, infer):
    workflow.succeed(*infer, "--retries", "1")
    assert (workflow.folder / "tried").exists()
    assert "\tok\t" in (workflow.folder / "results/inferred/x/methods.tsv").read_text()
