import numpy as np
import pytest

from grn_gat.data.cell_choice import are_groups, choose_cells, groups_column, quotas


@pytest.mark.parametrize(
    ("sizes", "most", "expected"),
    [
        ([50, 30, 20], 10, [5, 3, 2]),
        ([100], 7, [7]),
        ([1, 1, 1], 2, [1, 1, 0]),
        # Shares of 9.9 and .1; a tenth of an even share (5) is half a cell, which rounds to none.
        ([990, 10], 10, [10, 0]),
        # Of 100 cells a small group gets at least 5, and no more than it has.
        ([9990, 10], 100, [95, 5]),
        ([9998, 2], 100, [98, 2]),
    ],
)
def test_each_group_has_its_share(sizes, most, expected):
    assert quotas(sizes, most) == expected
    assert sum(expected) == most


def test_cells_are_drawn_of_each_group_and_the_same_each_time():
    groups = ["a"] * 60 + ["b"] * 30 + ["c"] * 10
    found = choose_cells(100, 20, groups)
    assert (np.diff(found) > 0).all() and len(found) == 20
    assert [sum(groups[i] == name for i in found) for name in "abc"] == [12, 6, 2]
    assert (choose_cells(100, 20, groups) == found).all()
    # A group's cells do not depend on which others there are.
    alone = choose_cells(60, 12, groups[:60])
    assert (alone == found[:12]).all()
    assert len(set(choose_cells(100, 20))) == 20


def test_columns_that_look_like_groups():
    assert groups_column(["n_counts", "Cell_Type", "leiden"]) == "leiden"
    assert groups_column(["n_counts", "Cell_Type"]) == "Cell_Type"
    assert groups_column(["n_counts"]) is None
    assert are_groups(["a", "a", "b", "b"])
    assert not are_groups(["a"] * 4) and not are_groups(["a", "b", "c", "d"])
