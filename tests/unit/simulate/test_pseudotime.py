import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.simulate.pseudotime import cluster_trajectories, pseudotime_table

NAMES = ["E0_10", "E1_40", "E2_25", "E3_17"]
INDEX = np.array([10, 40, 25, 17])


def two_groups():
    runs = np.zeros((4, 5, 3), np.float32)
    runs[1] = 2.0
    runs[3] = 2.1
    return runs


def test_one_trajectory():
    table = pseudotime_table(INDEX, two_groups(), 1, NAMES, seed=1)
    assert list(table.columns) == ["PseudoTime"]
    assert list(table.index) == NAMES
    assert table["PseudoTime"].tolist() == [0.0, 1.0, 0.5, 7 / 30]


def test_two_trajectories():
    table = pseudotime_table(INDEX[:, None], two_groups(), 2, NAMES, seed=1)
    assert list(table.columns) == ["PseudoTime1", "PseudoTime2"]
    np.testing.assert_array_equal(table["PseudoTime1"], [0.0, np.nan, 0.5, np.nan])
    np.testing.assert_array_equal(table["PseudoTime2"], [np.nan, 1.0, np.nan, 0.23333])


@pytest.mark.parametrize("seed", range(6))
def test_clusters_are_numbered_by_first_member(seed):
    runs = np.random.default_rng(0).normal(size=(30, 4, 2)) * 0.01
    group = np.array([2, 0, 2, 1, 0] * 6)
    runs += group[:, None, None] * 5.0
    label = cluster_trajectories(runs, 3, seed)
    assert label.tolist() == [0, 1, 0, 2, 1] * 6


def test_large_seeds_and_repeatability():
    runs = np.random.default_rng(0).normal(size=(60, 4, 2))
    first = cluster_trajectories(runs, 4, 2**62 + 5)
    assert (first == cluster_trajectories(runs, 4, 2**62 + 5)).all()
    assert set(first) == {0, 1, 2, 3}


def test_all_cells_at_one_time():
    table = pseudotime_table(np.full(4, 7), two_groups(), 1, NAMES, seed=1)
    assert table["PseudoTime"].tolist() == [0.0] * 4


@pytest.mark.parametrize("count", [0, 5])
def test_number_of_trajectories(count):
    with pytest.raises(InputError, match=f"between 1 and the 4 simulated cells, got {count}"):
        pseudotime_table(INDEX, two_groups(), count, NAMES, seed=1)


def test_mismatched_input():
    with pytest.raises(InputError, match="exactly one time"):
        pseudotime_table(np.ones((4, 2)), two_groups(), 1, NAMES, seed=1)
    with pytest.raises(InputError, match="got 3 time points, 4 trajectories and 4 cell names"):
        pseudotime_table(INDEX[:3], two_groups(), 1, NAMES, seed=1)
