"""Lineages of a tree of types, and what is told of cells on them."""

import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.lineages import draw_pseudotime, lineages

# 0 -> 1 -> 2, 1 -> 3 -> 4, 0 -> 5: leaves 2, 4, 5
PARENTS = np.array([-1, 0, 1, 1, 3, 0])
ON = [[1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 1, 0], [1, 0, 0, 0, 0, 1]]
EXACT = {"noise": [0, 0], "warp": [1, 1], "wrong_lineage": [0, 0]}


def cells(number: int = 6000) -> tuple[np.ndarray, np.ndarray]:
    rng = generator(1)
    return rng.integers(1, 6, number), rng.random(number)


def told(types: np.ndarray, progress: np.ndarray, seed: int = 2, **values) -> np.ndarray:
    return draw_pseudotime(EXACT | values, PARENTS, types, progress, generator(seed))


def test_a_lineage_is_the_path_from_the_root_to_a_leaf():
    np.testing.assert_array_equal(lineages(PARENTS), np.array(ON, bool))
    np.testing.assert_array_equal(lineages(np.array([-1])), [[True]])
    np.testing.assert_array_equal(lineages(np.array([-1, 0, 1])), [[True] * 3])


def test_cells_have_their_progress_on_the_lineages_of_their_type():
    types, progress = cells()
    found = told(types, progress)
    assert found.shape == (3, 6000) and found.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(found), ~np.array(ON, bool)[:, types])
    on = ~np.isnan(found)
    np.testing.assert_allclose(found[on], np.tile(progress, (3, 1))[on], atol=1e-6)


def test_lineages_without_cells_are_left_out():
    types, progress = cells()
    few = types != 5
    assert told(types[few], progress[few]).shape[0] == 2


@pytest.mark.parametrize("exponent", [0.5, 2.0])
def test_bending_keeps_the_order_and_the_ends(exponent):
    types, progress = cells()
    progress[:2], types[:2] = [0, 1], 1
    found = np.nanmax(told(types, progress, warp=[exponent, exponent]), axis=0)
    assert (np.diff(found[np.argsort(progress)]) >= 0).all()
    assert abs(found - progress).max() > 0.1
    np.testing.assert_allclose(found[:2], [0, 1], atol=1e-6)


def test_noise_is_what_it_is_said_to_be():
    types, progress = cells()
    error = np.nanmax(told(types, progress, noise=[0.1, 0.1]), axis=0) - progress
    assert error.std() == pytest.approx(0.1, rel=0.05) and abs(error.mean()) < 0.01


def test_wrong_lineages_are_as_many_as_they_should_be():
    types, progress = cells()
    found = told(types, progress, wrong_lineage=[0.3, 0.3])
    on, should = ~np.isnan(found), np.array(ON, bool)[:, types]
    wrong = (on != should).any(axis=0)
    assert abs(wrong.mean() - 0.3) < 0.025
    assert (on[:, wrong].sum(axis=0) == 1).all() and not (on & should)[:, wrong].any()
    assert (on.sum(axis=0) >= 1).all()
    # Cells that are on all lineages cannot be on a wrong one.
    stem = told(np.zeros(500, int), np.full(500, 0.1), wrong_lineage=[1, 1])
    assert not np.isnan(stem).any()


def test_the_config_is_drawn_from():
    types, progress = cells()
    block = pretraining_settings("evidence")["pseudotime"]
    first, again, other = (
        draw_pseudotime(block, PARENTS, types, progress, generator(k)) for k in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(np.isnan(first), np.isnan(other))
