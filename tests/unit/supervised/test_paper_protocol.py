"""The paper's protocol: no label in its objective, none in its scores."""

import numpy as np
import pandas as pd
import pytest
import torch

from grn_gat.evaluate.metrics import CONSTANT_LOGIT, LABEL_FREE_CALL, label_free_metrics
from grn_gat.evaluate.scoring import score_methods
from grn_gat.evaluate.splits import split_pairs
from grn_gat.supervised.paper_protocol import label_free_objective, train_paper

GENES = list("abcdef")
EDGES = pd.DataFrame(
    [("a", "b", "+"), ("b", "c", "+"), ("c", "a", "-"), ("d", "e", "+"), ("e", "f", "+")],
    columns=["Gene1", "Gene2", "Type"],
)
LABEL_FREE = ["label_free_accuracy", "label_free_precision", "label_free_recall", "label_free_f1"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return split_pairs("paper", GENES, EDGES, GENES, (1, 2, 3), 3, 0.2, rng)


def permuted(table: pd.DataFrame) -> pd.DataFrame:
    labels = np.random.default_rng(1).permutation(table["edge"].to_numpy())
    assert (labels != table["edge"]).any()
    return table.assign(edge=labels)


@pytest.fixture(scope="module")
def trained(table):
    return train_paper(table, GENES, 3, ("train", "net"))


def test_objective_by_hand():
    # 2 log(1 + e^-o): o = 0 gives 2 log 2; o = log 3 gives 2 log(4 / 3)
    assert label_free_objective(torch.zeros(3)).item() == pytest.approx(2 * np.log(2))
    logits = torch.tensor([0.0, np.log(3.0)])
    expected = np.log(2) + np.log(4 / 3)  # the mean
    assert label_free_objective(logits).item() == pytest.approx(expected)


def test_objective_is_both_cross_entropies_with_their_fixed_labels():
    o = torch.tensor([-3.0, -0.5, 0.0, 2.0], dtype=torch.float64)
    bce = torch.nn.functional.binary_cross_entropy
    both = bce(torch.sigmoid(o), torch.ones(4).double()) + bce(
        torch.sigmoid(-o), torch.zeros(4).double()
    )
    assert label_free_objective(o).item() == pytest.approx(both.item())


def test_metrics_by_hand():
    # half of the true half called, a quarter of the false half: TP .5, FN .5, FP .25, TN .75
    got = label_free_metrics([1.0, 0.0], [0.5, 0.0])
    assert list(got) == LABEL_FREE
    assert list(got.values()) == pytest.approx([1.25 / 2, 0.5 / 0.75, 0.5, 1 / 1.75])
    assert list(label_free_metrics([0.0], [0.0]).values()) == [0.5, 0, 0, 0]


def test_the_papers_figures():
    # 72 test graphs x 11 nodes; 62 of them miss one node each
    called = np.where(np.arange(72) < 62, 10 / 11, 1.0)
    assert called.sum() * 11 == pytest.approx(730)
    got = label_free_metrics(called, np.zeros(72))
    assert got["label_free_recall"] == pytest.approx(730 / 792)
    assert got["label_free_accuracy"] == pytest.approx(1522 / 1584)
    assert [round(v, 4) for v in got.values()] == [0.9609, 1, 0.9217, 0.9593]


def test_a_constant_logit_is_perfect():
    probability = 1 / (1 + np.exp(-CONSTANT_LOGIT))
    assert CONSTANT_LOGIT == 4.6 and probability >= LABEL_FREE_CALL > 1 - probability
    called = np.full(10, float(probability >= LABEL_FREE_CALL))
    negated = np.full(10, float(1 - probability >= LABEL_FREE_CALL))
    assert set(label_free_metrics(called, negated).values()) == {1}


def test_predictions_and_what_they_hold(table, trained):
    got = trained.predictions
    columns = ["replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]
    assert list(got.columns) == [*columns, "called", "negated_called"]
    keys = ["replicate", "Gene1", "Gene2", "edge"]
    expected = table[keys].sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(got[keys].sort_values(keys, ignore_index=True), expected)
    assert got["score"].between(0, 1).all() and set(got["threshold"]) == {0.5}
    shares = got["called"] * len(GENES)
    assert shares.to_numpy() == pytest.approx(shares.round().to_numpy())
    # the two copies of a pair tested in one fold are one and the same graph
    copies = got.groupby(["fold", "Gene1", "Gene2"])["score"]
    assert copies.nunique().max() == 1 and copies.size().max() > 1


def test_training_makes_every_logit_large(trained):
    curve = trained.curve
    assert list(curve.columns) == ["fold", "epoch", "train_loss", "validation_loss"]
    assert curve.groupby("fold").size().tolist() == [10, 10, 10]
    by_fold = curve.groupby("fold")["train_loss"]
    assert (by_fold.last() < by_fold.first()).all()
    assert curve["validation_loss"].isna().all()


def test_precision_is_one_by_construction(trained):
    got = trained.predictions
    assert (got["negated_called"] == 0).all()
    # also when the calls are not the trivial ones: any share of called nodes gives precision 1
    shares = np.random.default_rng(2).random(len(got)) + 0.01
    assert label_free_metrics(shares, got["negated_called"])["label_free_precision"] == 1


def test_no_label_is_read(table, trained):
    other = train_paper(permuted(table), GENES, 3, ("train", "net"))
    drop = "edge"
    keys = ["replicate", "Gene1", "Gene2"]
    pd.testing.assert_frame_equal(
        trained.predictions.drop(columns=drop).sort_values(keys, ignore_index=True),
        other.predictions.drop(columns=drop).sort_values(keys, ignore_index=True),
    )
    assert (trained.predictions["edge"] != other.predictions["edge"]).any()
    pd.testing.assert_frame_equal(trained.curve, other.curve)
    pd.testing.assert_frame_equal(trained.attention, other.attention)
    assert all(torch.equal(trained.weights[k], other.weights[k]) for k in trained.weights)


def test_label_free_scores_do_not_depend_on_labels(trained):
    mixed = np.random.default_rng(3).random(len(trained.predictions))
    predictions = trained.predictions.assign(called=mixed)
    found = {}
    for name, part in (("right", predictions), ("permuted", permuted(predictions))):
        metrics = score_methods({"gat": part})["metrics"]
        found[name] = metrics.pivot(index="replicate", columns="metric", values="value")
    same = found["right"][LABEL_FREE] == found["permuted"][LABEL_FREE]
    assert same.all().all() and found["right"][LABEL_FREE].notna().all().all()
    other = ["average_precision", "auroc", "accuracy"]
    assert (found["right"][other] != found["permuted"][other]).any().any()


def test_seeds(table, trained):
    again = train_paper(table, GENES, 3, ("train", "net"))
    pd.testing.assert_frame_equal(trained.predictions, again.predictions)
    for seed, names in ((4, ("train", "net")), (3, ("train", "other"))):
        other = train_paper(table, GENES, seed, names)
        assert (trained.predictions["score"] != other.predictions["score"]).any()
    assert {key.split(".")[0] for key in trained.weights} == {"fold_1", "fold_2", "fold_3"}
    first = [trained.weights[f"fold_{i}.first.lin.weight"] for i in (1, 2)]
    assert not torch.equal(*first)


def test_attention_table(table, trained):
    got = trained.attention
    columns = ["fold", "replicate", "layer", "Gene1", "Gene2", "kind", "head_1", "untrained"]
    assert list(got.columns) == columns
    assert got["head_1"].between(0, 1).all() and got["untrained"].between(0, 1).all()
    # one graph per test pair; of its self-loops only those of its own genes
    loops = table["Gene1"] == table["Gene2"]
    assert len(got) == 2 * (3 * (~loops).sum() + loops.sum())
    links = got[got["Gene1"] != got["Gene2"]]
    tested = set(map(tuple, table.loc[~loops, ["replicate", "Gene1", "Gene2"]].to_numpy()))
    assert set(map(tuple, links[["replicate", "Gene1", "Gene2"]].to_numpy())) == tested
