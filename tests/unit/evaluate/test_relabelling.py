"""Average precision under relabelled genes, against metrics of explicitly relabelled labels."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import average_precision
from grn_gat.evaluate.relabelling import (
    METRICS,
    Relabelling,
    draw_permutations,
    is_product,
    relabelled_precisions,
)
from grn_gat.evaluate.scoring import score_methods


def product(genes: int, regulators) -> tuple[np.ndarray, np.ndarray]:
    """All ordered pairs of regulators and other genes."""
    pairs = [(a, b) for a in regulators for b in range(genes) if a != b]
    first, second = np.array(pairs).T
    return first, second


def relabelled(permutation, first, second, edge) -> np.ndarray:
    """Labels after the genes of all edges were renamed."""
    edges = {
        (permutation[a], permutation[b]) for a, b in zip(first[edge], second[edge], strict=True)
    }
    return np.array([pair in edges for pair in zip(first, second, strict=True)])


def network(genes: int, regulators, share: float, ties: bool, seed: int = 0):
    """Pairs, labels and scores, with an edge."""
    rng = np.random.default_rng(seed)
    first, second = product(genes, regulators)
    edge = rng.random(len(first)) < share
    edge[0] = True
    score = rng.integers(0, 4, len(first)) if ties else rng.random(len(first))
    return first, second, edge, score.astype(float)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("regulators", [[0, 3, 4], list(range(12)), [5]])
def test_precisions_are_those_of_relabelled_labels(ties, regulators, monkeypatch):
    first, second, edge, score = network(12, regulators, 0.2, ties)
    order = np.random.default_rng(1).permutation(len(first))  # the order of pairs is any
    first, second, edge, score = (values[order] for values in (first, second, edge, score))
    permutations, every = draw_permutations(
        np.isin(np.arange(12), regulators), 50, np.random.default_rng(2)
    )
    assert not every and permutations.shape == (50, 12)
    got = relabelled_precisions(permutations, first, second, edge, score)
    expected = [average_precision(relabelled(p, first, second, edge), score) for p in permutations]
    assert got == pytest.approx(expected, abs=1e-12)
    # in parts of a few relabellings as well
    monkeypatch.setattr("grn_gat.evaluate.relabelling._LOOKED_UP", 3 * edge.sum() + 1)
    again = relabelled_precisions(permutations, first, second, edge, score)
    assert again.tolist() == got.tolist()


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("regulators", [[1, 4], [0, 1, 2, 3, 4]])
def test_five_genes_are_enumerated(ties, regulators):
    first, second, edge, score = network(5, regulators, 0.4, ties, seed=3)
    others = [gene for gene in range(5) if gene not in regulators]
    values = []
    for a in itertools.permutations(regulators):
        for b in itertools.permutations(others):
            name = dict(zip([*regulators, *others], [*a, *b], strict=True))
            values.append(average_precision(relabelled(name, first, second, edge), score))
    assert len(values) == math.factorial(len(regulators)) * math.factorial(len(others))
    own = average_precision(edge, score)
    got = Relabelling(500, 1, "net").metrics(first, second, edge, score, own)
    assert list(got) == list(METRICS)
    assert got["relabelling_mean"] == pytest.approx(np.mean(values), abs=1e-12)
    assert got["relabelling_sd"] == pytest.approx(np.std(values), abs=1e-12)
    z = (own - np.mean(values)) / np.std(values)
    assert got["relabelling_z"] == pytest.approx(z)
    # One fewer than there are is a draw.
    regulator = np.isin(np.arange(5), regulators)
    for number, every in ((len(values), True), (len(values) - 1, False)):
        drawn = draw_permutations(regulator, number, np.random.default_rng(0))
        assert drawn[1] is every and len(drawn[0]) == number


def test_drawn_relabellings_have_the_mean_and_sd_of_all():
    regulators = [0, 1, 2, 3]
    first, second, edge, score = network(7, regulators, 0.3, ties=True, seed=4)
    own = average_precision(edge, score)
    every = Relabelling(144, 1, "net").metrics(first, second, edge, score, own)
    rng = np.random.default_rng(0)
    drawn = np.concatenate(
        [
            relabelled_precisions(
                draw_permutations(np.arange(7) < 4, 143, rng)[0], first, second, edge, score
            )
            for _ in range(200)
        ]
    )
    assert drawn.mean() == pytest.approx(every["relabelling_mean"], abs=0.003)
    assert drawn.std() == pytest.approx(every["relabelling_sd"], rel=0.02)


def test_genes_stay_in_their_class():
    regulator = np.array([True, False, False, True, True, False, False, False])
    permutations, _ = draw_permutations(regulator, 100, np.random.default_rng(0))
    assert (np.sort(permutations, axis=1) == np.arange(8)).all()
    assert (regulator[permutations] == regulator).all()
    assert len(np.unique(permutations, axis=0)) > 90


def test_a_constant_score_has_no_z():
    first, second, edge, _ = network(9, [0, 1, 2, 5], 0.3, ties=False)
    score = np.full(len(first), 0.7)
    got = Relabelling(500, 1, "net").metrics(first, second, edge, score, edge.mean())
    assert got["relabelling_mean"] == pytest.approx(edge.mean())
    assert got["relabelling_sd"] == 0 and math.isnan(got["relabelling_z"])


def test_a_score_of_classes_is_above_chance_but_not_above_relabellings():
    """The reason why this null exists: regulators among the targets are regulated more often."""
    genes, regulators = 120, np.arange(30)
    rng = np.random.default_rng(5)
    first, second = product(genes, regulators)
    within = second < 30
    edge = rng.random(len(first)) < np.where(within, 0.2, 0.02)
    score = within + 0.01 * rng.random(len(first))  # knows the class of the target, and no gene
    own = average_precision(edge, score)
    chance = [average_precision(edge, rng.random(len(first))) for _ in range(200)]
    assert (own - np.mean(chance)) / np.std(chance) > 5
    got = Relabelling(500, 1, "net").metrics(first, second, edge, score, own)
    assert abs(got["relabelling_z"]) < 2
    # one that knows edges is above both
    score = edge + rng.normal(size=len(first))
    own = average_precision(edge, score)
    assert Relabelling(500, 1, "net").metrics(first, second, edge, score, own)["relabelling_z"] > 5
    # the class alone changes in no relabelling
    own = average_precision(edge, within)
    got = Relabelling(500, 1, "net").metrics(first, second, edge, within.astype(float), own)
    assert got["relabelling_sd"] == 0 and math.isnan(got["relabelling_z"])


def test_pairs_that_are_no_full_product_have_none():
    first, second, edge, score = network(9, [0, 1, 2, 5], 0.3, ties=False)
    assert is_product(first, second, 9)
    null = Relabelling(500, 1, "net")
    cases = [
        np.arange(len(first)) != 3,  # a pair is missing
        np.where(np.arange(len(first)) == 3, 2, np.arange(len(first))),  # one twice, one never
    ]
    for rows in cases:
        part = [values[rows] for values in (first, second, edge, score)]
        assert not is_product(part[0], part[1], 9)
        assert all(math.isnan(value) for value in null.metrics(*part, 0.5).values())
    own = np.where(np.arange(len(first)) == 3, first, second)
    assert not is_product(first, own, 9)  # a gene with itself
    got = null.metrics(first, second, np.zeros(len(first), dtype=bool), score, math.nan)
    assert all(math.isnan(value) for value in got.values())  # no edge


def test_relabellings_are_those_of_seed_and_network():
    first, second, edge, score = network(12, [0, 1, 2, 3, 7], 0.2, ties=False)

    def mean(seed: int, name: str) -> float:
        found = Relabelling(100, seed, name).metrics(first, second, edge, score, 0.5)
        return found["relabelling_mean"]

    assert mean(1, "net") == mean(1, "net")
    assert len({mean(1, "net"), mean(2, "net"), mean(1, "other")}) == 3
    expected, _ = draw_permutations(
        np.isin(np.arange(12), first), 100, generator(1, "relabelling", "net")
    )
    values = relabelled_precisions(expected, first, second, edge, score)
    assert mean(1, "net") == values.mean()
    # One object gives everything that is scored on a network the same relabellings.
    null = Relabelling(100, 1, "net")
    twice = [null.metrics(first, second, edge, score, 0.5) for _ in range(2)]
    assert twice[0] == twice[1]


def test_scored_with_every_replicate_and_method():
    names = np.array(list("hbcadefg"))
    first, second, edge, score = network(8, [0, 2, 3], 0.3, ties=False)
    pairs = pd.DataFrame({"Gene1": names[first], "Gene2": names[second], "edge": edge.astype(int)})
    table = pd.concat([pairs.assign(replicate=r, score=-score) for r in (1, 2)])
    # tested in two folds: the mean of both is scored
    table = pd.concat([table.assign(fold=1), table.assign(fold=2, score=table["score"] - 2)])
    failed = table[(table["replicate"] == 1) | (table["Gene1"] != "c")]
    null = Relabelling(100, 1, "net")
    got = score_methods({"whole": table, "failed": failed}, relabelling=null)["metrics"]
    got = got.set_index(["method", "replicate", "metric"])["value"]
    value = 1 + score
    place = np.argsort(np.argsort(names))  # genes are numbered in the order of their names
    expected = null.metrics(
        place[first], place[second], edge, value, average_precision(edge, value)
    )
    for key in [("whole", 1), ("whole", 2), ("failed", 1)]:
        for metric in METRICS:
            assert got[(*key, metric)] == pytest.approx(expected[metric]), (key, metric)
    # without all pairs of two regulators it is still a product, without one pair it is none
    assert not math.isnan(got["failed", 2, "relabelling_mean"])
    holes = table[~((table["Gene1"] == "c") & (table["Gene2"] == "a"))]
    got = score_methods({"m": holes}, relabelling=null)["metrics"]
    assert got.set_index("metric").loc[list(METRICS), "value"].isna().all()
    assert not score_methods({"m": table})["metrics"]["metric"].isin(METRICS).any()
