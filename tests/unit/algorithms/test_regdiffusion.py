"""RegDiffusion: what its package is given and gives; the package itself where it is installed."""

import sys
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from grn_gat.algorithms import regdiffusion
from grn_gat.core.errors import InputError


@pytest.fixture
def package(monkeypatch):
    """A package in place of the real one; what its trainer was given."""
    given = SimpleNamespace()

    class Trainer:
        def __init__(self, cells, **options):
            np.random.seed(7)  # noqa: NPY002 as the package does
            given.cells, given.options = cells, options

        def train(self):
            print("steps on the screen")
            print("bars on the screen", file=sys.stderr)

        def get_adj(self):
            return np.arange(given.cells.shape[1] ** 2, dtype=np.float16).reshape(3, 3)

    module = ModuleType("regdiffusion.trainer")
    module.RegDiffusionTrainer = Trainer
    monkeypatch.setitem(sys.modules, "regdiffusion", ModuleType("regdiffusion"))
    monkeypatch.setitem(sys.modules, "regdiffusion.trainer", module)
    return given


def test_what_the_package_is_given(package, capsys):
    expression = np.array([[1.0, 0, 4, 2, 3], [2, 0, 3, 2, 1], [0, 0, 1, 2, 5]])
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    scores = regdiffusion.infer(expression, 2**40 + 5, steps=12)
    # Cells 2 (empty) and 4 (of one value) are left out; cells are rows there.
    assert package.cells.tolist() == [[1, 2, 0], [4, 3, 1], [3, 1, 5]]
    assert package.options == {"device": "cpu", "n_steps": 12, "seed": 5}
    assert scores.dtype == float and scores.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert capsys.readouterr() == ("", "")
    assert np.array_equal(state, np.random.get_state()[1])  # noqa: NPY002


def test_only_empty_cells():
    with pytest.raises(InputError, match="two cells at least whose genes differ, and 1 of 3 are"):
        regdiffusion.infer(np.array([[0, 0, 1.0], [0, 0, 2.0]]), 1, steps=1)


@pytest.mark.skipif(not find_spec("regdiffusion"), reason="the package is not here")
def test_a_planted_regulator_is_found():
    rng = np.random.default_rng(1)
    expression = rng.gamma(2, size=(8, 400))
    expression[5] = expression[2] + 0.1 * expression[5]
    expression[:, :20] = 0  # empty cells, with which the package alone gives NaN
    scores = regdiffusion.infer(expression, 3, steps=300)
    assert np.isfinite(scores).all() and np.array_equal(
        scores, regdiffusion.infer(expression, 3, steps=300)
    )
    scores[np.diag_indices(8)] = 0
    assert {int(k) for k in np.unravel_index(scores.argmax(), (8, 8))} == {2, 5}
