"""The networks: shapes, direction, symmetry, and attention worked from the layer's weights."""

import os
import subprocess
import sys

import pytest
import torch
from torch.nn.functional import leaky_relu

from grn_gat.supervised.gat import PairGAT, PaperGAT
from workflows import REPOSITORY

NODES, NODE_FEATURES, PAIR_FEATURES, EDGE_FEATURES = 5, 4, 3, 2
EDGES = torch.tensor([[0, 1, 1, 2, 3, 4, 0], [1, 0, 2, 1, 4, 3, 3]])


def model(layers: int = 2, heads: int = 2, width: int = 8, dropout: float = 0.3) -> PairGAT:
    torch.manual_seed(0)
    return PairGAT(
        NODE_FEATURES, PAIR_FEATURES, EDGE_FEATURES, layers, heads, width, dropout
    ).eval()


def inputs(seed: int = 1) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(NODES, NODE_FEATURES, generator=generator)
    return x, EDGES, torch.randn(EDGES.shape[1], EDGE_FEATURES, generator=generator)


def pair_rows(pairs: int = 4) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(2)
    features = torch.randn(pairs, PAIR_FEATURES, generator=generator)
    return torch.tensor([0, 1, 2, 3]), torch.tensor([1, 2, 4, 0]), features


@pytest.mark.parametrize(("layers", "heads", "width"), [(1, 1, 4), (2, 4, 8), (3, 2, 6)])
def test_shapes(layers, heads, width):
    network = model(layers, heads, width)
    h = network.encode(*inputs())
    assert h.shape == (NODES, width)
    assert network.decode(h, *pair_rows()).shape == (4,)
    found = network.attention(*inputs())
    assert len(found) == layers
    for edges, weights in found:
        assert edges.shape == (2, EDGES.shape[1] + NODES)  # self-loops added
        assert weights.shape == (EDGES.shape[1] + NODES, heads)
        assert not weights.requires_grad


def test_direction_matters():
    network = model()
    h = network.encode(*inputs())
    u, v, features = pair_rows()
    forward, backward = network.decode(h, u, v, features), network.decode(h, v, u, features)
    assert (forward - backward).abs().min() > 1e-3


def test_every_input_matters():
    network = model()
    x, edges, features = inputs()
    h = network.encode(x, edges, features)
    assert not torch.allclose(network.encode(x + 1, edges, features), h)
    assert not torch.allclose(network.encode(x, edges, features + 1), h)
    assert not torch.allclose(network.encode(x, edges.flip(0), features), h)
    u, v, pair = pair_rows()
    assert not torch.allclose(network.decode(h, u, v, pair), network.decode(h, u, v, pair + 1))


def test_messages_reach_as_far_as_there_are_layers():
    # the chain 0 -> 1 -> 2 -> 3: after one layer a change of node 0 is seen by node 1, and so on
    edges = torch.tensor([[0, 1, 2], [1, 2, 3]])
    x, _, features = inputs()
    changed = x.clone()
    changed[0] += 1
    for layers in (1, 2, 3):
        network = model(layers)
        difference = (
            network.encode(changed, edges, features[:3]) - network.encode(x, edges, features[:3])
        ).abs()
        assert (difference.sum(dim=1) > 1e-6).tolist() == [i <= layers for i in range(4)] + [False]


def test_permuted_nodes_give_permuted_results():
    network = model()
    x, edges, features = inputs()
    new = torch.tensor([3, 0, 4, 1, 2])  # node i becomes node new[i]
    moved = torch.empty_like(x)
    moved[new] = x
    h, h_moved = network.encode(x, edges, features), network.encode(moved, new[edges], features)
    torch.testing.assert_close(h_moved[new], h)
    u, v, pair = pair_rows()
    torch.testing.assert_close(
        network.decode(h_moved, new[u], new[v], pair), network.decode(h, u, v, pair)
    )
    for (e, w), (e_moved, w_moved) in zip(
        network.attention(x, edges, features),
        network.attention(moved, new[edges], features),
        strict=True,
    ):
        before = {(int(a), int(b)): row for a, b, row in zip(*new[e], w, strict=True)}
        for a, b, row in zip(*e_moved, w_moved, strict=True):
            torch.testing.assert_close(row, before[int(a), int(b)])


def test_edge_order_does_not_matter():
    network = model()
    x, edges, features = inputs()
    order = torch.tensor([6, 2, 0, 1, 5, 4, 3])
    torch.testing.assert_close(
        network.encode(x, edges[:, order], features[order]), network.encode(x, edges, features)
    )


@pytest.mark.parametrize("which", ["pair", "paper"])
def test_attention_is_a_distribution_per_receiving_node_and_head(which):
    if which == "pair":
        found = model().attention(*inputs())
    else:
        torch.manual_seed(0)
        found = PaperGAT(NODES).attention(torch.eye(NODES), EDGES)
    for edges, weights in found:
        assert (weights >= 0).all() and (weights <= 1).all()
        sums = torch.zeros(NODES, weights.shape[1]).index_add(0, edges[1], weights)
        torch.testing.assert_close(sums, torch.ones_like(sums))
        assert weights.std() > 1e-3


def test_attention_of_three_nodes_by_hand():
    network = model(layers=1, heads=1, width=4)
    x, _, _ = inputs()
    x = x[:3]
    edges = torch.tensor([[0, 1, 2], [2, 2, 0]])  # 0 -> 2, 1 -> 2, 2 -> 0; nothing enters 1
    features = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-1.0, 3.0]])
    (got_edges, got), *rest = network.attention(x, edges, features)
    assert not rest
    weights = {(int(s), int(t)): float(w) for s, t, w in zip(*got_edges, got[:, 0], strict=True)}

    layer = network.convolutions[0]
    h = network.norms[0](network.encode_nodes(x))
    sent = h @ layer.lin_l.weight.T + layer.lin_l.bias
    received = h @ layer.lin_r.weight.T + layer.lin_r.bias

    def logit(source: int, target: int, feature: torch.Tensor) -> torch.Tensor:
        # GATv2: a . leaky_relu(W_l h_source + W_r h_target + W_e e), the activation before a
        inner = sent[source] + received[target] + feature @ layer.lin_edge.weight.T
        return (layer.att[0, 0] * leaky_relu(inner, 0.2)).sum()

    # a self-loop carries the mean features of the edges that enter the node, 0 where none does
    into = {
        0: {2: features[2], 0: features[2]},
        1: {1: torch.zeros(2)},
        2: {0: features[0], 1: features[1], 2: (features[0] + features[1]) / 2},
    }
    expected = {}
    for target, messages in into.items():
        logits = torch.stack([logit(s, target, f) for s, f in messages.items()])
        shares = torch.softmax(logits, dim=0)
        expected |= {(s, target): w.item() for s, w in zip(messages, shares, strict=True)}
    assert weights == pytest.approx(expected, abs=1e-6)
    assert 0.01 < weights[0, 2] < 0.99

    # and the state that the attention makes: residual, elu(sum of attention * W_l h + bias)
    state = network.encode_nodes(x)[2] + torch.nn.functional.elu(
        sum(weights[s, 2] * sent[s] for s in range(3)) + layer.bias
    )
    torch.testing.assert_close(network.encode(x, edges, features)[2], state)


def test_attention_follows_the_states_of_the_encoder():
    # second-layer attention depends on what the first layer made of the neighbours
    network = model(layers=2)
    x, edges, features = inputs()
    inner = []
    network.convolutions[1].register_forward_hook(lambda m, args, out: inner.append(args[0]))
    network.encode(x, edges, features)
    network.attention(x, edges, features)
    torch.testing.assert_close(inner[1], inner[0])


def test_dropout_acts_in_training_only():
    network = model()
    torch.testing.assert_close(network.encode(*inputs()), network.encode(*inputs()))
    network.train()
    torch.manual_seed(3)
    assert not torch.allclose(network.encode(*inputs()), network.encode(*inputs()))


def test_published_gat():
    torch.manual_seed(0)
    network = PaperGAT(NODES)
    x = torch.eye(NODES)
    logits = network(x, EDGES)
    assert logits.shape == (NODES,)
    first, second = network.attention(x, EDGES)
    assert first[1].shape == second[1].shape == (EDGES.shape[1] + NODES, 1)
    # messages pass along the edges only: nothing enters node 0 but from node 1
    assert not torch.allclose(network(x, EDGES[:, :1])[1], network(x, EDGES[:, :0])[1])
    torch.testing.assert_close(network(x, EDGES[:, :1])[0], network(x, EDGES[:, :0])[0])


def test_nothing_stays_in_the_temporary_folder(tmp_path):
    """PyTorch Geometric writes a file for each kind of layer there."""
    code = (
        "import os, tempfile, sys; sys.path.insert(0, 'scripts');"
        "from grn_gat.supervised.gat import PairGAT; PairGAT(4, 3, 2, 1, 2, 8, 0.3);"
        "print(len(os.listdir(tempfile.gettempdir())))"
    )
    # Compiled ones as well, as Python does unless it is told not to.
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 0, "without files the test shows nothing"
    assert not list(tmp_path.iterdir())
