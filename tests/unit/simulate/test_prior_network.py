"""Prior networks: how many edges, which, and that quality is what was asked for."""

import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.prior_network import draw_prior, prior_network

GENES = 200


@pytest.fixture(scope="module")
def signs() -> np.ndarray:
    """The first 60 genes regulate, with out-degrees from 0 to 118, and themselves."""
    rng = generator(1)
    signs = np.zeros((GENES, GENES), np.int8)
    for regulator in range(60):
        targets = rng.choice(GENES, 2 * regulator, replace=False)
        signs[regulator, targets] = rng.choice([-1, 1], len(targets))
    np.fill_diagonal(signs[:60, :60], 1)
    return signs


REGULATORS = np.arange(GENES) < 60


def drawn(signs, seed: int = 1, **values) -> np.ndarray:
    given = {"kept": 0.5, "added": 0.1, "hubs": 0.0, "skew": (0.0, 0.0)} | values
    return prior_network(signs, REGULATORS, rng=generator(seed), **given)


def shares(signs, prior) -> tuple[float, float]:
    """Shares of the edges and of the other pairs of regulators that are in the prior."""
    possible = REGULATORS[:, None] & ~np.eye(GENES, dtype=bool)
    edge = signs != 0
    return prior[possible & edge].mean(), prior[possible & ~edge].mean()


@pytest.mark.parametrize(("kept", "added"), [(0.8, 0.05), (0.34, 0.23), (0.1, 0.1), (1.0, 0.0)])
@pytest.mark.parametrize("skew", [0.0, 1.0, 2.5])
def test_counts_are_those_of_its_quality(signs, kept, added, skew):
    """Whatever the skew, shares t and f in expectation."""
    found = [
        shares(signs, drawn(signs, k, kept=kept, added=added, hubs=0.5, skew=(skew, skew)))
        for k in range(20)
    ]
    edges, others = (signs != 0).sum() - 60, 60 * 199 - (signs != 0).sum() + 60
    for share, wanted, number in zip(
        np.mean(found, axis=0), (kept, added), (edges, others), strict=True
    ):
        error = np.sqrt(wanted * (1 - wanted) / number / 20)
        assert abs(share - wanted) <= 4 * error + 1e-6


def test_only_known_regulators_and_no_loops(signs):
    prior = drawn(signs, kept=1.0, added=1.0)
    assert prior.dtype == bool
    np.testing.assert_array_equal(prior, REGULATORS[:, None] & ~np.eye(GENES, dtype=bool))
    known = REGULATORS & (np.arange(GENES) % 2 == 0)
    part = prior_network(signs, known, 1.0, 1.0, 0.0, (0.0, 0.0), generator(1))
    np.testing.assert_array_equal(part.any(axis=1), known)
    assert not prior_network(
        np.zeros((5, 5)), np.ones(5, bool), 0.5, 0.0, 0.0, (1.0, 1.0), generator(1)
    ).any()


def test_hubs_are_better_known(signs):
    """The chance of an edge of a regulator grows as the power of its number of targets."""

    def slopes(hubs: float) -> tuple[float, float]:
        priors = [drawn(signs, k, kept=0.2, added=0.05, hubs=hubs) for k in range(30)]
        mean, edge = np.mean(priors, axis=0)[5:60], (signs != 0)[5:60]
        degree = (signs != 0).sum(axis=1)[5:60]  # itself included, as 1 more
        true = (mean * edge).sum(axis=1) / (edge.sum(axis=1) - 1)
        false = (mean * ~edge).sum(axis=1) / (~edge).sum(axis=1)
        return tuple(np.polyfit(np.log(degree), np.log(v), 1)[0] for v in (true, false))

    for hubs in (0.0, 0.5):
        assert slopes(hubs) == pytest.approx((hubs, hubs), abs=0.1)


def test_false_edges_are_skewed_to_some_regulators_and_targets(signs):
    def variation(skew: tuple[float, float]) -> tuple[float, float]:
        """Variance over mean of false edges by regulator, and by target: about 1 by chance."""
        prior = drawn(signs, kept=0.0, added=0.1, skew=skew)[:60]
        out, into = prior.sum(axis=1), prior.sum(axis=0)
        return out.var() / out.mean(), into.var() / into.mean()

    even, regulators, targets = (variation(s) for s in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
    assert max(even) < 2
    assert regulators[0] > 5 and regulators[1] < 2
    assert targets[1] > 3 and targets[0] < 2


def test_quality_differs_between_networks_as_the_config_says(signs):
    block = pretraining_settings("evidence")["prior"] | {"known": [1, 1]}
    found = np.array(
        [shares(signs, draw_prior(block, signs, REGULATORS, generator(k))) for k in range(60)]
    )
    low, high = block["kept"]
    assert found[:, 0].min() < low + 0.15 and found[:, 0].max() > high - 0.15
    assert abs(found[:, 0].mean() - (low + high) / 2) < 0.12
    ratio = found[:, 1] / found[:, 0]
    assert ratio.max() < 1.2 and np.median(ratio) == pytest.approx(np.sqrt(0.02), rel=0.6)
    half = draw_prior(block | {"known": [0.5, 0.5]}, signs, REGULATORS, generator(1))
    assert 15 <= half.any(axis=1).sum() <= 45
