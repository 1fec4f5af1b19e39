"""Whether a file lies in a cloud: against definitions, on clouds that are known."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.realism import DESCRIPTION, judge, loneliness, spread, tables


@pytest.fixture(scope="module")
def cloud() -> np.ndarray:
    return generator(1).normal(size=(300, 4))


def test_members_of_a_cloud_are_inside(cloud):
    others = generator(2).normal(size=(200, 4))
    verdicts = [judge(other, cloud, spread(cloud)) for other in others]
    assert np.mean([v.joint for v in verdicts]) == pytest.approx(0.95, abs=0.04)
    inside = np.mean([v.inside for v in verdicts])
    assert inside == pytest.approx(0.95, abs=0.03)
    # Shares of the cloud as lonely are uniform, as they are of its own members.
    assert np.mean([v.lonelier for v in verdicts]) == pytest.approx(0.5, abs=0.07)


def test_a_far_file_is_outside(cloud):
    verdict = judge(np.array([9.0, 0, 0, 0]), cloud, spread(cloud))
    assert not verdict.joint and verdict.lonelier == 0 and verdict.distance > 4
    assert verdict.inside.tolist() == [False, True, True, True]
    assert verdict.quantile[0] == 1 and 0.3 < verdict.quantile[1] < 0.7


def test_each_statistic_may_be_inside_and_all_together_not():
    """Two statistics that agree in all members, and not in the file."""
    one = generator(3).normal(size=300)
    cloud = np.stack([one, one + 0.01 * generator(4).normal(size=300)], axis=1)
    verdict = judge(np.array([1.0, -1.0]), cloud, spread(cloud))
    assert verdict.inside.all() and not verdict.joint


def test_many_statistics_just_outside_are_odd_though_a_member_is_near():
    cloud = generator(8).uniform(-1, 1, size=(200, 20))
    file = cloud[0].copy()
    file[:4] = 1  # of uniform values 97.5 % are below .95
    verdict = judge(file, cloud, spread(cloud))
    assert verdict.lonelier > 0.5 and verdict.odder < 0.05 and not verdict.joint
    member = judge(cloud[0], cloud, spread(cloud))
    assert member.odder > 0.5 and member.joint


def test_distances_are_of_statistics_over_their_spread(cloud):
    factor = np.array([1, 100, 0.01, 5])
    plain = judge(cloud[0] + 0.3, cloud, spread(cloud))
    scaled = judge((cloud[0] + 0.3) * factor, cloud * factor, spread(cloud * factor))
    assert scaled.distance == pytest.approx(plain.distance)
    assert (scaled.nearest, scaled.lonelier) == (plain.nearest, plain.lonelier)
    own = judge(cloud[5], cloud, spread(cloud))
    assert (own.nearest, own.distance, own.lonelier) == (5, 0, 1)
    assert spread(np.ones((3, 1))).tolist() == [1]


def test_loneliness_is_the_distance_to_the_nearest_other():
    members = np.array([[0.0, 0], [3, 4], [3, 5], [10, 5]])
    np.testing.assert_allclose(loneliness(members), [5, 1, 1, 7])


def test_ties_count_half_and_are_inside():
    cloud = np.zeros((40, 1))
    cloud[20:] = generator(5).random((20, 1)) + 1
    verdict = judge(np.zeros(1), cloud, np.ones(1))
    assert verdict.quantile[0] == 0.25 and verdict.inside[0]


def described(before: int, after: int) -> pd.DataFrame:
    rng = generator(6)
    groups = {"before": (before, 0), "after": (after, 5), "other": (3, 40), "real": (2, 5)}
    rows = [
        {"kind": "linear", "cloud": cloud, "data_set": f"{cloud} {k}", "genes": 9, "cells": 50}
        | {"one": mean + rng.normal(), "two": rng.normal()}
        for cloud, (number, mean) in groups.items()
        for k in range(number)
    ]
    return pd.DataFrame(rows)


def test_tables_have_every_file_beside_both_clouds():
    by_statistic, by_file = tables(described(60, 80))
    assert list(by_file["file"]) == ["real 0"] * 2 + ["real 1"] * 2
    assert list(by_file["verdict"]) == ["outside", "inside"] * 2
    assert list(by_file["data_sets"]) == [60, 80] * 2 and set(by_file["statistics"]) == {2}
    assert by_file["nearest"].str.startswith(("before", "after")).all()
    assert len(by_statistic) == 8 and set(by_statistic["statistic"]) == {"one", "two"}
    inside = by_statistic.set_index(["file", "cloud", "statistic"])["inside"]
    assert inside["real 0", "before", "one"] == "no" and inside["real 0", "after", "one"] == "yes"


def test_a_cloud_of_one_is_refused():
    with pytest.raises(InputError, match=r"1 data sets before; raise pretraining\.realism\."):
        tables(described(1, 5))


def test_what_is_no_statistic_is_named():
    assert list(described(2, 2).columns)[:5] == list(DESCRIPTION)
