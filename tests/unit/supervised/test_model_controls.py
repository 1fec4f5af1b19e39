"""What the control models are shown: no expression, or that of another gene."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch_geometric.data import Data

from grn_gat.core.seeds import derangement
from grn_gat.supervised.features import (
    NODE_FEATURES,
    PAIR_FEATURES,
    compute_features,
    expression_neighbours,
)
from grn_gat.supervised.model_controls import control_graphs, one_hot, shuffled, with_gene_identity
from grn_gat.supervised.training import Settings, train_folds

GENES = [f"g{i}" for i in range(7)]
CONTROLS = ("gat-shuffled", "gat-noise", "gat-one-hot")


def graph(replicate: int) -> Data:
    rng = np.random.default_rng(replicate)
    node, pair = compute_features(rng.gamma(1.0, size=(7, 1)) * rng.random((7, 60)), None, 4)
    labels = torch.tensor([(u, v) for u in range(7) for v in range(7) if u != v]).T
    return Data(
        x=torch.from_numpy(node),
        pair_features=torch.from_numpy(pair),
        edge_index=torch.from_numpy(expression_neighbours(pair, 2)),
        edge_label_index=labels,
        edge_label=(labels.sum(0) % 3 == 0).float(),
        edge_sign=torch.ones(labels.shape[1]),
        network="net",
        replicate=replicate,
        dropout=0,
        cells=60,
        genes=GENES,
    )


@pytest.fixture
def graphs() -> list[Data]:
    return [graph(1), graph(2)]


def test_derangements_leave_nothing_in_place_and_are_equally_likely():
    rng = np.random.default_rng(0)
    drawn = [tuple(derangement(4, rng)) for _ in range(1800)]
    assert all(i != j for order in drawn for i, j in enumerate(order))
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(counts) == 9  # all derangements of four items
    assert counts.min() > 150 and counts.max() < 250
    assert tuple(derangement(2, rng)) == (1, 0)


def test_shuffled_gives_each_gene_everything_of_another_one(graphs):
    got = shuffled(graphs, np.random.default_rng(3))
    order = derangement(7, np.random.default_rng(3))
    for new, old in zip(got, graphs, strict=True):
        for i in range(7):
            assert torch.equal(new.x[i], old.x[order[i]])
            for j in range(7):
                assert torch.equal(new.pair_features[i, j], old.pair_features[order[i], order[j]])
        # an expression edge i -> j stands where order[i] -> order[j] stood
        moved = {(order[i], order[j]) for i, j in new.edge_index.T.tolist()}
        assert moved == {tuple(e) for e in old.edge_index.T.tolist()}
        assert torch.equal(new.edge_label, old.edge_label) and new.genes == old.genes


def test_noise_has_the_shape_of_the_data_and_nothing_of_its_values(graphs):
    got = control_graphs("gat-noise", graphs, 4, 5, ("net", 1))
    for new, old in zip(got, graphs, strict=True):
        assert new.x.shape == old.x.shape and new.pair_features.shape == old.pair_features.shape
        assert new.edge_index.shape == old.edge_index.shape
        # columns of the features that are never 0 in noise
        zero = list(NODE_FEATURES).index("zero_fraction")
        assert (new.x[:, zero] == 0).all()
        pearson = new.pair_features[..., list(PAIR_FEATURES).index("pearson")]
        assert pearson.abs().max() < 0.6  # 60 cells: sd 0.13
    assert not torch.equal(got[0].x, got[1].x)


def test_noise_does_not_depend_on_the_expression(graphs):
    other = [graph(3), graph(4)]
    first = control_graphs("gat-noise", graphs, 4, 5, ("net", 1))
    second = control_graphs("gat-noise", other, 4, 5, ("net", 1))
    for a, b in zip(first, second, strict=True):
        assert torch.equal(a.x, b.x) and torch.equal(a.pair_features, b.pair_features)


def test_one_hot_shows_identities_only(graphs):
    for new in one_hot(graphs):
        assert torch.equal(new.x, torch.eye(7))
        assert new.pair_features.shape == (7, 7, 0) and new.edge_index.shape == (2, 0)


@pytest.mark.parametrize("control", CONTROLS)
def test_controls_are_seeded_and_leave_the_graphs_alone(graphs, control):
    before = [(g.x.clone(), g.pair_features.clone(), g.edge_index.clone()) for g in graphs]

    def x(seed, *names):
        return control_graphs(control, graphs, 4, seed, names)[0].x

    assert torch.equal(x(5, "net", 1), x(5, "net", 1))
    if control != "gat-one-hot":
        assert not torch.equal(x(5, "net", 1), x(5, "net", 2))
        assert not torch.equal(x(5, "net", 1), x(6, "net", 1))
    for g, kept in zip(graphs, before, strict=True):
        assert all(
            torch.equal(a, b)
            for a, b in zip((g.x, g.pair_features, g.edge_index), kept, strict=True)
        )


@pytest.mark.parametrize("control", CONTROLS)
def test_controls_can_be_trained(graphs, control):
    labels = graphs[0].edge_label_index.T.tolist()
    roles = ["train", "train", "validation", "test"]
    table = pd.DataFrame(
        [
            (0, GENES[u], GENES[v], int((u + v) % 3 == 0), roles[i % 4], roles[(i + 1) % 4])
            for i, (u, v) in enumerate(labels)
        ],
        columns=["replicate", "Gene1", "Gene2", "edge", "fold_1", "fold_2"],
    )
    shown = control_graphs(control, graphs, 4, 5, ("net", 1))
    settings = Settings(2, 2, 8, 0.0, 3, 3, 0.01, 0.0, 0.5, 100, "cpu")
    found = train_folds(shown, table, settings, 5, ("net",)).predictions
    assert len(found) == 2 * sum(table[["fold_1", "fold_2"]].eq("test").sum())
    assert np.isfinite(found["score"]).all()
    if control == "gat-one-hot":  # nothing tells the replicates apart
        first, second = (found[found["replicate"] == r]["score"].to_numpy() for r in (1, 2))
        assert first == pytest.approx(second, abs=1e-6)


def test_gene_identity(graphs):
    got = with_gene_identity(graphs)
    width = len(NODE_FEATURES)
    for new, before in zip(got, graphs, strict=True):
        assert torch.equal(new.x[:, :width], before.x) and before.x.shape == (7, width)
        assert torch.equal(new.x[:, width:], torch.eye(7))
