"""Scores of held-out networks: of a known scorer, of controls, of few networks."""

import numpy as np
import pytest

from grn_gat.evaluate.metrics import average_precision
from grn_gat.inference import held_out_scores
from grn_gat.inference.attempt import Attempt
from grn_gat.inference.held_out_scores import Scorer, first_few, score_networks
from grn_gat.simulate.chunks import Sample


def drawn(genes: int, seed: int = 1) -> Sample:
    """Cells in which each gene follows the one before it: signs of a chain."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(4, size=(60, genes))
    for gene in range(1, genes):
        values[:, gene] += 2 * values[:, gene - 1]
    signs = np.eye(genes, k=1, dtype=np.int8)
    return Sample(values, np.linspace(0, 1, 60), signs, "other")


@pytest.fixture
def known(monkeypatch):
    """In place of each method, scores that are the edges' probabilities."""

    def put(scores):
        monkeypatch.setattr(held_out_scores, "attempt", lambda *_: scores)

    return put


def test_scores_of_the_edges_themselves_are_perfect(known):
    samples = {3: drawn(5), 4: drawn(5)}
    known(Attempt(samples[3].signs * -0.75))
    table, bins = score_networks(Scorer("gat-zeroshot", 1, {}), samples, "a")
    assert table["network"].tolist() == [3, 4] and (table["genes"] == 5).all()
    assert (table["average_precision"] == 1).all() and (table["auroc"] == 1).all()
    np.testing.assert_allclose(table["prevalence"], 4 / 20)
    np.testing.assert_allclose(table["average_precision_ratio"], 5)
    np.testing.assert_allclose(table["mean_probability"], 0.75 * 4 / 20)
    assert bins["pairs"].sum() == 40 and bins["pairs"].iloc[[0, 7]].tolist() == [32, 8]
    assert bins["observed"].iloc[7] == 1 and bins["predicted"].iloc[7] == 0.75


def test_a_method_that_fails_says_why_and_the_others_go_on(known):
    known(Attempt(None, "too few"))
    table, bins = score_networks(Scorer("pidc", 1, {}), {0: drawn(4)}, "a")
    assert table["reason"].tolist() == ["too few"] and table["average_precision"].isna().all()
    assert bins.empty and list(bins) == ["bin", "pairs", "predicted", "observed"]


def test_a_network_without_an_edge_has_no_metric():
    empty = Sample(drawn(4).expression, np.zeros(60), np.eye(4, dtype=np.int8), "other")
    table, _ = score_networks(Scorer("spearman", 1, {}), {0: empty}, "a")
    assert table["average_precision"].isna().all() and table["reason"].tolist() == [""]


def test_controls_are_what_they_are_called():
    sample = drawn(30)
    scorer = Scorer("degree-product", 1, {})
    scores = scorer.scores(sample, "a").scores
    edge = sample.signs != 0
    for u, v in ((0, 1), (3, 9), (29, 4), (4, 0)):
        assert scores[u, v] == edge[u].sum() * edge[:, v].sum()
    assert edge.any() and (sample.signs != 0).sum() == 29  # not changed
    randoms = [Scorer("random", 1, {}).scores(sample, name).scores for name in "aab"]
    assert (randoms[0] == randoms[1]).all() and (randoms[0] != randoms[2]).any()
    off = ~np.eye(30, dtype=bool)
    assert average_precision(edge[off], randoms[0][off]) < 0.15


def test_shuffled_cells_tell_nothing():
    sample = drawn(12)
    own = Scorer("spearman", 1, {}).scores(sample, "a").scores
    shuffled = Scorer("spearman-shuffled", 1, {}).scores(sample, "a").scores
    off = ~np.eye(12, dtype=bool)
    assert np.abs(own[off]).max() > 0.8 and np.abs(shuffled[off]).max() < 0.5


def test_what_takes_long_scores_the_first_small_networks():
    samples = [drawn(genes) for genes in (5, 9, 6, 9, 4, 5)]
    few = {"methods": ["genie3"], "networks": 3, "genes": 6}
    assert first_few(samples, "genie3", few) == [0, 2, 4]
    assert first_few(samples, "spearman", few) == list(range(6))


def test_only_pairs_of_regulators_that_are_named_are_scored():
    sample = drawn(4)
    named = Scorer("spearman", 1, {}, named=True)
    rows = (sample.signs != 0).any(axis=1)
    assert 0 < rows.sum() < len(rows)
    every = Scorer("spearman", 1, {}).scores(sample, "a").scores
    some = named.scores(sample, "a").scores
    np.testing.assert_array_equal(some[rows], every[rows])
    assert not some[~rows].any()
    table, _ = score_networks(named, {0: sample}, "a")
    pairs = rows[:, None] & ~np.eye(len(rows), dtype=bool)
    assert table["prevalence"][0] == pytest.approx((sample.signs != 0)[pairs].mean())
