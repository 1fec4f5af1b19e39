"""Training: what may be learned from, what must not, and that runs repeat bit by bit."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch_geometric.data import Data

from grn_gat.core.device import choose_device, deterministic
from grn_gat.core.errors import InputError
from grn_gat.evaluate.metrics import auroc, best_f1_threshold
from grn_gat.evaluate.splits import TEST, TRAIN, VALIDATION, fold_columns, split_pairs
from grn_gat.supervised import training
from grn_gat.supervised.gat import PairGAT
from grn_gat.supervised.training import Settings, train_folds

FOLDS = 3
NAMES = ("train", "net", 0, "pair", 1)
PROTOCOLS = ("pair", "gene", "regulator", "pooled")
FEATURES = 3


def settings(**others) -> Settings:
    values = {
        "layers": 2,
        "heads": 2,
        "width": 8,
        "neuron_dropout": 0.1,
        "epochs": 6,
        "patience": 6,
        "learning_rate": 0.01,
        "weight_decay": 0.001,
        "message_share": 0.5,
        "pairs_per_class": 4096,
        "device": "cpu",
    }
    return Settings(**(values | others))


def network(genes: int = 6, edges: int = 12, seed: int = 0) -> pd.DataFrame:
    """Random edges, signs included, columns Gene1, Gene2, Type."""
    names = [f"g{i}" for i in range(genes)]
    pairs = [(a, b) for a in names for b in names if a != b]
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(pairs))[:edges]
    rows = [(*pairs[i], "+-"[i % 2]) for i in chosen]
    return pd.DataFrame(rows, columns=["Gene1", "Gene2", "Type"])


def make_graphs(edges: pd.DataFrame, genes: int = 6, noise: float | None = None) -> list[Data]:
    """Two replicates with random features; with `noise`, pair feature 0 is label + noise."""
    names = [f"g{i}" for i in range(genes)]
    sign = torch.zeros(genes, genes)
    for row in edges.itertuples():
        sign[int(row.Gene1[1:]), int(row.Gene2[1:])] = 1.0 if row.Type == "+" else -1.0
    index = torch.tensor([(a, b) for a in range(genes) for b in range(genes) if a != b]).T
    graphs = []
    for replicate in (1, 2):
        generator = torch.Generator().manual_seed(replicate)
        pair = torch.randn(genes, genes, FEATURES, generator=generator)
        if noise is not None:
            pair[:, :, 0] = (sign != 0) + noise * pair[:, :, 0]
        source = torch.tensor([(i + replicate) % genes for i in range(genes)])
        graphs.append(
            Data(
                x=torch.randn(genes, 4, generator=generator),
                pair_features=pair,
                edge_index=torch.stack([source, torch.arange(genes)]),
                edge_label_index=index,
                edge_label=(sign[index[0], index[1]] != 0).float(),
                edge_sign=sign[index[0], index[1]],
                network="net",
                replicate=replicate,
                dropout=0,
                genes=names,
            )
        )
    return graphs


def make_table(edges: pd.DataFrame, protocol: str, genes: int = 6, seed: int = 0) -> pd.DataFrame:
    names = [f"g{i}" for i in range(genes)]
    rng = np.random.default_rng(seed)
    return split_pairs(protocol, names, edges, names, (1, 2), FOLDS, 0.25, rng)


@pytest.fixture(scope="module")
def edges() -> pd.DataFrame:
    return network()


@pytest.fixture(scope="module")
def graphs(edges) -> list[Data]:
    return make_graphs(edges)


@pytest.fixture(scope="module")
def tables(edges) -> dict[str, pd.DataFrame]:
    return {protocol: make_table(edges, protocol) for protocol in PROTOCOLS}


@pytest.fixture(scope="module")
def trained(graphs, tables) -> dict[str, training.Trained]:
    return {p: train_folds(graphs, tables[p], settings(), 5, NAMES) for p in PROTOCOLS}


def same(one: training.Trained, two: training.Trained, fold: int | None = None) -> bool:
    """Whether weights, scores, thresholds, curve and attention are equal bit by bit."""
    prefix = "" if fold is None else f"fold_{fold}."
    if one.weights.keys() != two.weights.keys():
        return False
    keys = [key for key in one.weights if key.startswith(prefix)]
    assert keys
    equal = all(torch.equal(one.weights[key], two.weights[key]) for key in keys)
    for name in ("predictions", "curve", "attention"):
        tables = [getattr(t, name).drop(columns="edge", errors="ignore") for t in (one, two)]
        if fold is not None:
            tables = [t[t["fold"] == fold].reset_index(drop=True) for t in tables]
        equal &= tables[0].equals(tables[1])
    return equal


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_pair_has_out_of_fold_scores(trained, tables, protocol):
    got, table = trained[protocol].predictions, tables[protocol]
    columns = ["replicate", "fold", "Gene1", "Gene2", "edge", "score", "threshold"]
    assert list(got.columns) == columns
    expected = set()
    for row in table.to_dict("records"):
        for replicate in (1, 2) if row["replicate"] == 0 else (row["replicate"],):
            for i, column in enumerate(fold_columns(table)):
                if row[column] == TEST:
                    key = (replicate, i + 1, row["Gene1"], row["Gene2"], row["edge"])
                    expected.add(key)
    rows = list(got[columns[:5]].itertuples(index=False, name=None))
    assert set(rows) == expected and len(rows) == len(expected)
    assert got["score"].between(0, 1).all() and got["score"].nunique() > 30
    assert rows == sorted(rows, key=lambda r: (r[0], r[2], r[3], r[1]))
    assert (got.groupby("fold")["threshold"].nunique() == 1).all()
    assert len(got[["replicate", "Gene1", "Gene2"]].drop_duplicates()) == 60


def flipped(graphs, table, fold: int, role: str) -> tuple[list[Data], pd.DataFrame]:
    """Both with the labels of the pairs that have a role in a fold turned round."""
    rows = (table[f"fold_{fold}"] == role).to_numpy()
    other = table.copy()
    other.loc[rows, "edge"] = 1 - other.loc[rows, "edge"]
    names = graphs[0].genes
    turned = set(zip(table.loc[rows, "Gene1"], table.loc[rows, "Gene2"], strict=True))
    if role == TEST and (table["replicate"] != 0).any():
        turned = set()  # the sign of a pair belongs to all copies, other copies train with it
    mask = torch.tensor([(names[a], names[b]) in turned for a, b in graphs[0].edge_label_index.T])
    changed = []
    for graph in graphs:
        copy = graph.clone()
        copy.edge_label = torch.where(mask, 1 - graph.edge_label, graph.edge_label)
        sign = torch.where(graph.edge_sign == 0, 1.0, 0.0)
        copy.edge_sign = torch.where(mask, sign, graph.edge_sign)
        changed.append(copy)
    return changed, other


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_labels_of_test_pairs_have_no_influence(graphs, tables, trained, protocol):
    got = train_folds(*flipped(graphs, tables[protocol], 1, TEST), settings(), 5, NAMES)
    assert same(got, trained[protocol], fold=1)
    before, after = (t.predictions.query("fold == 1") for t in (trained[protocol], got))
    assert (before["edge"] == 1 - after["edge"]).all()
    # In the other folds these pairs train or validate: there the labels do count.
    assert not any(same(got, trained[protocol], fold) for fold in (2, 3))


def test_labels_of_validation_pairs_do_not_train(graphs, tables, trained):
    got = train_folds(*flipped(graphs, tables["pair"], 1, VALIDATION), settings(), 5, NAMES)
    losses = [t.curve.query("fold == 1") for t in (trained["pair"], got)]
    n = min(map(len, losses))
    assert losses[0]["train_loss"].tolist()[:n] == losses[1]["train_loss"].tolist()[:n]
    assert losses[0]["validation_loss"].tolist()[0] != losses[1]["validation_loss"].tolist()[0]


def test_message_graph_holds_training_edges_both_ways_and_expression_edges(graphs):
    copies = training._Copies(graphs, torch.device("cpu"))
    # nodes of the union: g0 -> g1 of replicate 1, g2 -> g0 of replicate 2
    u, v = torch.tensor([0, 8]), torch.tensor([1, 6])
    pair = training._Scaled(copies.pair, torch.arange(len(copies.pair)))
    pair.mean, pair.sd = torch.zeros(FEATURES), torch.ones(FEATURES)  # as they are
    edge_index, features = training._message_graph(copies, u, v, pair)
    expression = torch.cat([graphs[0].edge_index, graphs[1].edge_index + 6], dim=1)
    assert torch.equal(edge_index[:, :2], torch.stack([u, v]))
    assert torch.equal(edge_index[:, 2:4], torch.stack([v, u]))
    assert torch.equal(edge_index[:, 4:], expression)
    assert features.shape == (4 + 12, 4 + FEATURES)
    s = [copies.sign[0, 1], copies.sign[2, 0]]
    assert features[:4, :4].tolist() == [
        [1, 0, s[0], 0],
        [1, 0, s[1], 0],
        [0, 1, s[0], 0],
        [0, 1, s[1], 0],
    ]
    assert (features[4:, :4] == torch.tensor([0.0, 0, 0, 1])).all()
    # pair features are those of sender and receiver in their own replicate
    assert torch.equal(features[0, 4:], graphs[0].pair_features[0, 1])
    assert torch.equal(features[3, 4:], graphs[1].pair_features[0, 2])
    sender, receiver = graphs[1].edge_index[:, 2]
    assert torch.equal(features[4 + 8, 4:], graphs[1].pair_features[sender, receiver])


def test_signs_are_those_of_the_graph(graphs, edges):
    sign = training._Copies(graphs, torch.device("cpu")).sign
    assert {(float(sign[int(a[1:]), int(b[1:])]), t) for a, b, t in edges.to_numpy()} == {
        (1.0, "+"),
        (-1.0, "-"),
    }
    assert (sign != 0).sum() == len(edges)


class Spy:
    """Records what the model is given: per epoch messages, supervised pairs, validation graph."""

    def __init__(self, monkeypatch):
        self.calls = []
        encode, decode = PairGAT.encode, PairGAT.decode

        def spied_encode(model, x, edge_index, edge_attr):
            self.calls.append(("encode", model.training, x, edge_index, edge_attr))
            return encode(model, x, edge_index, edge_attr)

        def spied_decode(model, h, u, v, pair):
            self.calls.append(("decode", model.training, u, v, pair))
            return decode(model, h, u, v, pair)

        monkeypatch.setattr(PairGAT, "encode", spied_encode)
        monkeypatch.setattr(PairGAT, "decode", spied_decode)


def node_pairs(table: pd.DataFrame, column: str, roles, edge: int | None) -> set:
    """Node pairs of the union (6 genes a replicate) of the rows with a role and label."""
    rows = table[table[column].isin(roles)]
    if edge is not None:
        rows = rows[rows["edge"] == edge]
    found = set()
    for row in rows.itertuples():
        for replicate in (1, 2) if row.replicate == 0 else (row.replicate,):
            shift = 6 * (replicate - 1)
            found.add((int(row.Gene1[1:]) + shift, int(row.Gene2[1:]) + shift))
    return found


def as_pairs(u: torch.Tensor, v: torch.Tensor) -> list[tuple[int, int]]:
    return list(zip(u.tolist(), v.tolist(), strict=True))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_no_edge_is_predicted_from_itself(monkeypatch, graphs, tables, protocol, share):
    table = tables[protocol]
    spy = Spy(monkeypatch)
    train_folds(graphs, table, settings(epochs=3, message_share=share), 5, NAMES)
    calls = iter(spy.calls)
    expression = set(as_pairs(*torch.cat([graphs[0].edge_index, graphs[1].edge_index + 6], 1)))
    divisions = set()
    for column in fold_columns(table):
        train_edges = node_pairs(table, column, [TRAIN], 1)
        train_others = node_pairs(table, column, [TRAIN], 0)
        hidden = node_pairs(table, column, [VALIDATION, TEST], 1)
        for _ in range(3):
            kind, in_training, _, index, kinds = next(calls)
            assert kind == "encode" and in_training
            forward = as_pairs(*index[:, kinds[:, 0] == 1])
            backward = as_pairs(*index[:, kinds[:, 1] == 1])
            assert [(b, a) for a, b in backward] == forward
            assert set(as_pairs(*index[:, kinds[:, 3] == 1])) == expression
            assert (kinds[:, [0, 1, 3]].sum(dim=1) == 1).all()
            kind, in_training, u, v, _ = next(calls)
            assert kind == "decode" and in_training
            supervised = set(as_pairs(u, v))
            # labels of training pairs only, and each training edge on one side only
            assert set(forward) <= train_edges and not set(forward) & hidden
            assert supervised <= train_edges | train_others
            assert not supervised & set(forward)
            assert supervised & train_edges == train_edges - set(forward)
            assert forward and train_edges - set(forward)
            share_got = min(max(round(share * len(train_edges)), 1), len(train_edges) - 1)
            assert len(forward) == len(set(forward)) == share_got
            # classes are balanced
            positive = [p in train_edges for p in as_pairs(u, v)]
            assert sum(positive) * 2 == len(positive)
            divisions.add(tuple(sorted(forward)))
            # validation: messages over all training edges, validation pairs scored
            kind, in_training, _, index, kinds = next(calls)
            assert kind == "encode" and not in_training
            full = index[:, kinds[:, 0] == 1]
            assert set(as_pairs(*full)) == train_edges and full.shape[1] == len(train_edges)
            kind, in_training, u, v, _ = next(calls)
            assert kind == "decode" and not in_training
            assert set(as_pairs(u, v)) == node_pairs(table, column, [VALIDATION], None)
        kind, _, _, index, kinds = next(calls)  # the best weights: validation again, then test
        assert set(as_pairs(*index[:, kinds[:, 0] == 1])) == train_edges
        next(calls)
        kind, _, u, v, _ = next(calls)
        assert kind == "decode"
        assert set(as_pairs(u, v)) == node_pairs(table, column, [TEST], None)
    assert next(calls, None) is None
    assert len(divisions) > FOLDS  # divided anew in every epoch


def test_pairs_per_epoch_are_limited(monkeypatch, graphs, tables):
    spy = Spy(monkeypatch)
    train_folds(graphs, tables["pair"], settings(epochs=1, pairs_per_class=3), 5, NAMES)
    trained = [call for call in spy.calls if call[0] == "decode" and call[1]]
    assert [len(call[2]) for call in trained] == [2 * 3] * FOLDS


def test_features_are_scaled_with_training_pairs_and_genes_only(monkeypatch, graphs, tables):
    table = tables["gene"]
    hidden = {
        g
        for g in graphs[0].genes
        if not ((table["fold_1"] == TRAIN) & ((table["Gene1"] == g) | (table["Gene2"] == g))).any()
    }
    assert hidden
    changed = [graph.clone() for graph in graphs]
    for graph in changed:
        for gene in hidden:
            graph.x[int(gene[1:])] *= 100
    seen = []
    for given in (graphs, changed):
        with monkeypatch.context() as patch:
            spy = Spy(patch)
            train_folds(given, table, settings(epochs=1), 5, NAMES)
            seen.append(spy.calls[0][2])  # node features in fold 1
    kept = [i for i in range(12) if f"g{i % 6}" not in hidden]
    assert torch.equal(seen[0][kept], seen[1][kept])
    assert seen[0][kept].mean(dim=0) == pytest.approx([0] * 4, abs=1e-5)
    assert seen[0][kept].std(dim=0) == pytest.approx([1] * 4, abs=1e-5)
    assert not torch.equal(seen[0], seen[1])
    assert seen[1].abs().max() <= 5  # what is far out is clipped


def test_scaling_by_hand():
    values = torch.tensor([[1.0, 7.0], [3.0, 7.0], [100.0, 7.0], [2.0, 8.0]])
    scaled = training._Scaled(values, torch.tensor([0, 1])).rows()
    # mean 2, sd sqrt(2); the second column is constant among the rows fitted to
    root = 2**0.5
    assert scaled.tolist() == [
        pytest.approx([-1 / root, 0]),
        pytest.approx([1 / root, 0]),
        [5, 0],
        [0, 1],
    ]


def test_balanced_loss_by_hand():
    logits, label = torch.zeros(5), torch.tensor([1.0, 0, 0, 0, 0])
    assert training._balanced_loss(logits, label).item() == pytest.approx(np.log(2))
    logits = torch.tensor([np.log(3.0), 0, 0, 0, 0])  # -log(3 / 4) for the edge, log 2 for others
    expected = 0.5 * np.log(4 / 3) + 0.5 * np.log(2)
    assert training._balanced_loss(logits, label).item() == pytest.approx(expected)


def test_draw_uses_up_the_pool_first():
    rng = np.random.default_rng(0)
    got = training._draw(np.array([4, 5, 6]), 8, rng)
    assert sorted(got[:3]) == sorted(got[3:6]) == [4, 5, 6] and len(set(got[6:])) == 2
    assert len(training._draw(np.array([4, 5, 6]), 2, rng)) == 2


def test_draw_from_a_large_pool_repeats_nothing(monkeypatch):
    monkeypatch.setattr(training, "LARGE_POOL", 100)
    pool = np.arange(1000, 1100)
    draws = [training._draw(pool, 30, np.random.default_rng(seed)) for seed in range(40)]
    assert all(len(set(drawn)) == 30 and set(drawn) <= set(pool) for drawn in draws)
    assert set(np.concatenate(draws)) == set(pool)
    assert sorted(training._draw(pool, 100, np.random.default_rng(0))) == pool.tolist()


def test_sample_of_validation_pairs():
    label = np.array([1, 0, 0, 1, 0, 0, 0, 0])
    which = np.arange(1, 8)
    rng = np.random.default_rng(0)
    assert training._sample(which, label, rng).tolist() == which.tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_SAMPLE", 3)
        for seed in range(5):
            chosen = training._sample(which, label, np.random.default_rng(seed))
            assert chosen.tolist() == sorted(set(chosen)) and set(chosen) <= set(which)
            assert sorted(label[chosen]) == [0, 0, 0, 1]


def test_an_epoch_of_a_large_network_does_not_go_through_all_pairs(monkeypatch, graphs, tables):
    monkeypatch.setattr(training, "LARGE_POOL", 4)
    monkeypatch.setattr(training, "_SAMPLE", 2)
    spy = Spy(monkeypatch)
    given = settings(epochs=10, patience=10, pairs_per_class=3)
    got = train_folds(graphs, tables["pair"], given, 5, NAMES)
    curve = got.curve
    assert curve["epoch"].tolist() == [4, 8, 10] * FOLDS
    assert curve[["train_loss", "validation_loss"]].notna().all(axis=None)
    decoded = [call for call in spy.calls if call[0] == "decode"]
    per_fold = 10 + 3 + 2  # epochs, looks, and all validation and test pairs once
    assert len(decoded) == per_fold * FOLDS
    looks = [call for call in decoded[:per_fold] if not call[1]][:3]
    assert [len(call[2]) for call in looks] == [4, 4, 4]
    assert all(torch.equal(look[2], looks[0][2]) for look in looks)
    assert len(got.predictions) == 60
    monkeypatch.setattr(training, "_IMPROVEMENT", 1e9)  # no look after the first is better
    got = train_folds(graphs, tables["pair"], settings(epochs=40, patience=8), 5, NAMES)
    assert got.curve["epoch"].tolist() == [4, 8, 12] * FOLDS


def test_same_seed_same_bits(graphs, tables, trained):
    assert same(train_folds(graphs, tables["pair"], settings(), 5, NAMES), trained["pair"])
    for seed, names in ((6, NAMES), (5, (*NAMES[:-1], 2))):
        other = train_folds(graphs, tables["pair"], settings(), seed, names)
        assert not any(same(other, trained["pair"], fold) for fold in (1, 2, 3))


def test_the_number_of_threads_does_not_matter(graphs, tables, trained):
    try:
        torch.set_num_threads(2)
        deterministic()
        assert torch.get_num_threads() == 1
        assert torch.are_deterministic_algorithms_enabled()
        assert same(train_folds(graphs, tables["pair"], settings(), 5, NAMES), trained["pair"])
    finally:
        deterministic()


def test_a_callers_random_state_does_not_matter(graphs, tables, trained):
    torch.manual_seed(99)
    np.random.seed(99)  # noqa: NPY002
    torch.rand(7)
    assert same(train_folds(graphs, tables["pair"], settings(), 5, NAMES), trained["pair"])


def test_inputs_are_left_as_they_were(edges, tables):
    given, fresh = make_graphs(edges), make_graphs(edges)
    table = tables["pair"].copy()
    train_folds(given, table, settings(epochs=1), 5, NAMES)
    pd.testing.assert_frame_equal(table, tables["pair"])
    for one, two in zip(given, fresh, strict=True):
        assert all(torch.equal(one[k], two[k]) for k in ("x", "pair_features", "edge_sign"))


def learnable(shuffle: bool) -> float:
    """AUROC out of fold on a network whose edges show in a pair feature, unless shuffled."""
    genes, edges = 10, network(10, 30, seed=3)
    graphs = make_graphs(edges, genes, noise=0.2)
    if shuffle:  # labels, signs and splits of another network: the feature says nothing of them
        edges = network(10, 30, seed=4)
        for graph, other in zip(graphs, make_graphs(edges, genes), strict=True):
            graph.edge_label, graph.edge_sign = other.edge_label, other.edge_sign
    chosen = settings(
        epochs=60, patience=60, width=16, layers=1, neuron_dropout=0.2, weight_decay=0.1
    )
    got = train_folds(graphs, make_table(edges, "pair", genes), chosen, 5, NAMES).predictions
    return auroc(got["edge"] == 1, got["score"])


def test_a_learnable_network_is_learned():
    assert learnable(shuffle=False) > 0.9


def test_shuffled_labels_are_not_learned():
    assert 0.3 < learnable(shuffle=True) < 0.7


def test_attention_into_a_node_sums_to_one(trained):
    for protocol in PROTOCOLS:
        got = trained[protocol].attention
        columns = ["fold", "replicate", "layer", "Gene1", "Gene2"]
        columns += ["kind", "head_1", "head_2", "untrained"]
        assert list(got.columns) == columns
        sums = got.groupby(["fold", "replicate", "layer", "Gene2"])[columns[6:]].sum()
        assert len(sums) == FOLDS * 2 * 2 * 6
        np.testing.assert_allclose(sums, 1, atol=1e-5)
        mean = got[["head_1", "head_2"]].mean(axis=1)
        assert (mean - got["untrained"]).abs().max() > 1e-3


def test_attention_covers_the_full_message_graph(trained, tables, graphs):
    got = trained["pair"].attention.query("fold == 1 and replicate == 2 and layer == 1")
    links = got.groupby(["Gene1", "Gene2"]).size().to_dict()
    expected: dict = {}
    for a, b in node_pairs(tables["pair"], "fold_1", [TRAIN], 1):
        if a >= 6:
            for key in ((a - 6, b - 6), (b - 6, a - 6)):
                expected[key] = expected.get(key, 0) + 1
    for key in [*as_pairs(*graphs[1].edge_index), *((i, i) for i in range(6))]:
        expected[key] = expected.get(key, 0) + 1
    assert links == {(f"g{a}", f"g{b}"): n for (a, b), n in expected.items()}
    kinds = {kind: set(zip(t["Gene1"], t["Gene2"], strict=True)) for kind, t in got.groupby("kind")}
    positives = node_pairs(tables["pair"], "fold_1", [TRAIN], 1)
    forward = {(f"g{a - 6}", f"g{b - 6}") for a, b in positives if a >= 6}
    assert kinds["forward"] == forward
    assert kinds["backward"] == {(b, a) for a, b in forward}
    assert kinds["self"] == {(f"g{i}", f"g{i}") for i in range(6)}
    assert kinds["expression"] == {(f"g{a}", f"g{b}") for a, b in as_pairs(*graphs[1].edge_index)}


def best_epoch(losses: list[float]) -> int:
    """The epoch whose weights are kept: the last that improved by enough."""
    best, at = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - training._IMPROVEMENT:
            best, at = loss, epoch
    return at


# With the second, a fold whose loss falls by less than 0.03 an epoch stops before its lowest loss.
@pytest.mark.parametrize(("improvement", "rate"), [(1e-3, 0.05), (0.03, 0.01)])
def test_early_stopping_returns_the_best_epoch(graphs, tables, monkeypatch, improvement, rate):
    assert training._IMPROVEMENT == 1e-3
    monkeypatch.setattr(training, "_IMPROVEMENT", improvement)
    chosen = {"epochs": 40, "patience": 4, "learning_rate": rate}
    table = tables["pair"]
    got = train_folds(graphs, table, settings(**chosen), 5, NAMES)
    stopped_before_the_end = 0
    for fold, curve in got.curve.groupby("fold"):
        losses = curve["validation_loss"].tolist()
        best = best_epoch(losses)
        assert curve["epoch"].tolist() == list(range(1, len(losses) + 1))
        assert len(losses) == min(40, best + 4)
        stopped_before_the_end += best < len(losses) < 40
        # Stopped exactly at the best epoch, the same run ends with these weights.
        again = train_folds(graphs, table, settings(**chosen | {"epochs": best}), 5, NAMES)
        keys = [key for key in got.weights if key.startswith(f"fold_{fold}.")]
        assert all(torch.equal(got.weights[key], again.weights[key]) for key in keys)
        one, two = (t.predictions.query(f"fold == {fold}") for t in (got, again))
        assert one.equals(two)
    assert stopped_before_the_end >= 1


def test_threshold_is_the_best_on_validation_pairs(monkeypatch, graphs, tables, trained):
    given = []

    def spied(labels, scores):
        given.append((np.array(labels), np.array(scores)))
        return best_f1_threshold(labels, scores)

    monkeypatch.setattr(training, "best_f1_threshold", spied)
    got = train_folds(graphs, tables["pair"], settings(), 5, NAMES).predictions
    assert len(given) == FOLDS
    for fold, (labels, scores) in enumerate(given, start=1):
        column = f"fold_{fold}"
        assert labels.sum() == len(node_pairs(tables["pair"], column, [VALIDATION], 1))
        assert len(labels) == len(node_pairs(tables["pair"], column, [VALIDATION], None))
        chosen = got.loc[got["fold"] == fold, "threshold"].unique()
        assert chosen.tolist() == [best_f1_threshold(labels, scores)]


def test_divergence_is_told(monkeypatch, graphs, tables):
    monkeypatch.setattr(
        training, "_balanced_loss", lambda logits, label: torch.tensor(float("nan"))
    )
    with pytest.raises(InputError, match=r"diverged in fold 1.*learning_rate"):
        train_folds(graphs, tables["pair"], settings(epochs=2), 5, NAMES)


def test_devices(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(InputError, match=r"training\.device is cuda, but no CUDA device"):
        choose_device("cuda")
    assert choose_device("auto").type == choose_device("cpu").type == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto").type == choose_device("cuda").type == "cuda"
    assert choose_device("cpu").type == "cpu"


@pytest.mark.parametrize("what", ["genes", "pairs"])
def test_replicates_must_agree(edges, tables, what):
    graphs = make_graphs(edges)
    if what == "genes":
        graphs[1].genes = [*graphs[1].genes[:-1], "other"]
    else:
        graphs[1].edge_label_index = graphs[1].edge_label_index[:, :-1]
    with pytest.raises(InputError, match="network net: replicate 2 has other genes or candidate"):
        train_folds(graphs, tables["pair"], settings(), 5, NAMES)


def test_order_and_number_of_replicates(edges, tables):
    one = make_graphs(edges)[1:]  # replicate 2 alone: rows of replicate 1 have no graph
    got = train_folds(one, tables["pair"], settings(epochs=1), 5, NAMES).predictions
    assert set(got["replicate"]) == {2} and len(got) == 30
    got = train_folds(one, tables["pooled"], settings(epochs=1), 5, NAMES).predictions
    assert set(got["replicate"]) == {2} and len(got) == 30


# ------------------------------------------------------------------- interrupted between two folds


@pytest.fixture
def data(edges, tables):
    return make_graphs(edges), tables["pair"]


class Interrupted(Exception):
    pass


def interrupt(monkeypatch, fold: int) -> list[int]:
    """End the training before this fold; returns the folds that are trained, as they are."""
    begun, train = [], training._train_fold

    def train_fold(copies, items, number, *rest):
        if number == fold:
            raise Interrupted
        begun.append(number)
        return train(copies, items, number, *rest)

    monkeypatch.setattr(training, "_train_fold", train_fold)
    return begun


def test_it_goes_on_after_the_last_fold(data, tmp_path, monkeypatch, capsys):
    expected = train_folds(*data, settings(), 5, NAMES)
    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        interrupt(patch, fold=2)
        train_folds(*data, settings(), 5, NAMES, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fold-1.checkpoint.safetensors",
        "fold-2.checkpoint.safetensors",
    ]
    begun = interrupt(monkeypatch, fold=-1)
    got = train_folds(*data, settings(), 5, NAMES, tmp_path)
    assert begun == [2]
    assert "fold 1 of 3: was finished" in capsys.readouterr().err
    assert same(got, expected)
    for name in ("curve", "predictions", "attention"):  # with edges, and types of columns
        one, two = getattr(got, name), getattr(expected, name)
        assert one.equals(two) and list(one.columns) == list(two.columns)
        assert one.to_csv() == two.to_csv()


@pytest.mark.parametrize(
    "changed", ["settings", "seed", "names", "labels", "features", "candidates", "code"]
)
def test_folds_of_something_else_are_trained_anew(data, tmp_path, monkeypatch, capsys, changed):
    graphs, table = data
    folder, code = tmp_path / "folds", tmp_path / "helper.py"
    code.write_text("changed = False\n")
    train_folds(graphs, table, settings(), 5, NAMES, folder, [code])
    train_folds(graphs, table, settings(), 5, NAMES, folder, [code])
    assert capsys.readouterr().err.count("was finished") == 3
    chosen, seed, names = settings(), 5, NAMES
    if changed == "settings":
        chosen = settings(epochs=3)
    elif changed == "seed":
        seed = 6
    elif changed == "names":
        names = (*NAMES, "other")
    elif changed == "labels":
        table = table.assign(edge=1 - table["edge"])
    elif changed == "features":
        graphs[1].pair_features = graphs[1].pair_features + 1e-3 * torch.eye(6)[:, :, None]
    elif changed == "candidates":
        for graph in graphs:
            graph.edge_label_index = graph.edge_label_index.flip(0)
    else:
        code.write_text("changed = True\n")
    expected = train_folds(graphs, table, chosen, seed, names)
    capsys.readouterr()
    got = train_folds(graphs, table, chosen, seed, names, folder, [code])
    assert capsys.readouterr().err.count("is of other data, settings or code") == 3
    assert same(got, expected)
