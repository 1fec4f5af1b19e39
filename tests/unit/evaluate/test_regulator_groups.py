"""Delete-a-group jackknife over regulators, against metrics of the pairs that are left."""

import numpy as np
import pytest

from grn_gat.core.seeds import generator
from grn_gat.evaluate import metrics
from grn_gat.evaluate.regulator_groups import METRICS, RegulatorGroups, pseudo_values


def draw(regulators: int, targets: int, ties: bool, seed: int = 0):
    """Regulator, label and score of pairs in any order."""
    rng = np.random.default_rng(seed)
    first = rng.permutation(np.repeat(np.arange(regulators), targets))
    edge = rng.random(len(first)) < 0.3
    score = rng.integers(0, 5, len(first)) if ties else rng.random(len(first))
    return first, edge, score.astype(float)


@pytest.mark.parametrize("ties", [False, True])
def test_pseudo_values_by_definition(ties):
    first, edge, score = draw(9, 12, ties)
    group = first % 4
    got = pseudo_values(group, 4, edge, score)
    assert got.shape == (4, len(METRICS))
    for column, metric in enumerate(METRICS):
        function = getattr(metrics, metric)
        whole = function(edge, score)
        without = np.array([function(edge[group != g], score[group != g]) for g in range(4)])
        expected = 4 * whole - 3 * without
        expected += whole - expected.mean()
        assert got[:, column] == pytest.approx(expected, abs=1e-12), metric
        assert got[:, column].mean() == pytest.approx(whole)


def test_a_metric_that_is_not_defined_without_a_group_is_left_out():
    first, edge, score = draw(6, 10, ties=False)
    edge &= first == 2  # without that regulator there is no edge
    got = pseudo_values(first, 6, edge, score)
    assert np.isnan(got[2]).all() and not np.isnan(np.delete(got, 2, axis=0)).any()
    whole = [getattr(metrics, metric)(edge, score) for metric in METRICS]
    assert np.nanmean(got, axis=0) == pytest.approx(whole)


def test_early_precision_keeps_beelines_rule_for_zeros():
    edge = np.array([1, 1, 0, 0, 1, 0], dtype=bool)
    for score in ([3, 2, 1, 0, 0, 0], [3, 0, 0, 0, 0, 0], [0.0] * 6, [1, 1, 1, 1, 0, 0]):
        found = metrics.ranking_metrics(edge, score)
        assert found["early_precision"] == metrics.early_precision(edge, score)
        order = np.argsort(-np.array(score, dtype=float))
        assert metrics.ranked_metrics(edge[order], np.array(score, dtype=float)[order]) == found


@pytest.mark.parametrize(("regulators", "groups"), [(9, 0), (10, 10), (20, 20), (47, 20)])
def test_regulators_are_dealt_evenly(regulators, groups, monkeypatch):
    first, edge, score = draw(regulators, 10, ties=False)
    seen = []

    def values(group, number, *rest):
        seen.append((group, number))
        return np.zeros((number, len(METRICS)))

    monkeypatch.setattr("grn_gat.evaluate.regulator_groups.pseudo_values", values)
    table = RegulatorGroups(1, "net").table(2 * first, edge, score)  # numbers need not be dense
    assert list(table) == ["group", "metric", "value"] and len(table) == groups * len(METRICS)
    if groups == 0:
        return
    assert sorted(table["group"].unique()) == list(range(1, groups + 1))
    (group, number), *_ = seen
    of_regulator = {int(r): set(group[first == r]) for r in range(regulators)}
    assert number == groups and all(len(found) == 1 for found in of_regulator.values())
    sizes = np.bincount([found.pop() for found in of_regulator.values()], minlength=groups)
    assert sizes.max() - sizes.min() <= 1


def test_groups_are_those_of_seed_and_network():
    first, edge, score = draw(30, 10, ties=False)

    def value(seed: int, network: str) -> list[float]:
        return RegulatorGroups(seed, network).table(first, edge, score)["value"].tolist()

    assert value(1, "net") == value(1, "net")
    assert value(1, "net") != value(2, "net") and value(1, "net") != value(1, "other")
    table = RegulatorGroups(1, "net").table(first, edge, score)
    dealt = generator(1, "regulator groups", "net").permutation(np.arange(30) % 20)
    expected = pseudo_values(dealt[first], 20, edge, score)
    wide = table.pivot(index="group", columns="metric", values="value")[list(METRICS)]
    assert wide.to_numpy() == pytest.approx(expected)
