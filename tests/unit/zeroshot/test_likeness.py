"""How far a data set lies from those of the training."""

import numpy as np
import pytest
import torch

from grn_gat.core.seeds import generator
from grn_gat.zeroshot.likeness import FEATURES, SAID, Likeness, features
from grn_gat.zeroshot.robust_statistics import DATA_STATISTICS


@pytest.fixture(scope="module")
def cloud() -> np.ndarray:
    mixed = generator(1).normal(size=(len(FEATURES), len(FEATURES)))
    return generator(2).normal(size=(400, len(FEATURES))) @ mixed


def test_what_is_usual_is_rarer_with_distance(cloud):
    likeness = Likeness.of(cloud[:300])
    inside = likeness.rarity(cloud[300:])
    assert 0.3 < inside.mean() < 0.7 and (inside < 0.02).mean() < 0.1
    away = cloud[300:] + 6 * cloud.std(0)
    assert (likeness.distance(away) > np.median(likeness.distances)).all()
    assert (likeness.rarity(away) < 0.01).all()


def test_scales_and_mixtures_of_the_features_do_not_matter(cloud):
    scaled = cloud * np.logspace(-2, 2, len(FEATURES))
    one, other = Likeness.of(cloud[:300]), Likeness.of(scaled[:300])
    np.testing.assert_allclose(one.distance(cloud[300:]), other.distance(scaled[300:]), rtol=0.05)


def test_a_member_of_the_cloud_is_compared_with_the_others():
    points = generator(3).normal(size=(30, len(FEATURES)))
    likeness = Likeness.of(np.concatenate([points, points[:1] + 40]))
    assert likeness.distances[-1] > 1.5 * likeness.distances[-2]


def test_features_are_of_the_pairs_that_are_asked_for():
    data = torch.arange(float(len(DATA_STATISTICS)))
    edge = torch.tensor([[9.0, 0.0, -2.0], [1.0, 9.0, 1.0]])
    sign = torch.tensor([[-9.0, 1.0, 2.0], [-1.0, -9.0, 1.0]])
    pairs = ~torch.tensor([[True, False, False], [False, True, False]])
    found = features(data, edge[pairs], sign[pairs] > 0, 3)
    assert found.shape == (len(FEATURES),)
    said = dict(zip(SAID, found[-len(SAID) :], strict=True))
    asked = np.array([0.0, -2.0, 1.0, 1.0])
    expected = (1 / (1 + np.exp(-asked))).sum() / 3
    assert said["log_expected_regulators"] == pytest.approx(np.log10(1e-3 + expected))
    assert said["edge_mean"] == pytest.approx(asked.mean())
    assert said["edge_sd"] == pytest.approx(asked.std(ddof=1))
    assert said["activating"] == pytest.approx(3 / 4)
