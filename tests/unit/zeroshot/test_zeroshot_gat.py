"""The zero-shot model: what must not matter, its attention against GATv2Conv, blocks, gradients."""

import pytest
import torch
from torch_geometric.nn import GATv2Conv

from grn_gat.core.device import deterministic
from grn_gat.zeroshot import gat as module
from grn_gat.zeroshot.gat import (
    Architecture,
    ContextAttention,
    GeneAttention,
    Graph,
    ZeroShotGAT,
)
from grn_gat.zeroshot.statistics import NODE_STATISTICS, PAIR_STATISTICS, triple_statistics

SIZES = {
    "layers": 2, "heads": 2, "width": 8, "pair_width": 6, "path_width": 4, "triple_layers": [1],
    "candidates": 24, "context": 3,
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    deterministic()


def model(seed: int = 0, **changed) -> ZeroShotGAT:
    """A model with random weights that all count, also those of its last layer and its norms."""
    torch.manual_seed(seed)
    network = ZeroShotGAT(Architecture(**SIZES | changed))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape))
        network.node_mean.normal_()
        network.node_sd.uniform_(0.5, 1)
        network.pair_mean.normal_()
        network.pair_sd.uniform_(0.5, 1)
    return network.eval()


def data(genes: int = 7, cells: int = 120, seed: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    """Expression (1, cells, genes), with dependence, and pseudotime (1, cells)."""
    generator = torch.Generator().manual_seed(seed)
    mixture = torch.randn(genes, genes, generator=generator) / genes**0.5
    values = torch.randn(cells, genes, generator=generator) @ mixture
    return values.exp().clamp_min(0.3)[None] - 0.3, torch.rand(1, cells, generator=generator)


def everyone(expression: torch.Tensor) -> torch.Tensor:
    return torch.ones(len(expression), expression.shape[2], dtype=torch.bool)


def score(network, expression, pseudotime=None, genes=None) -> torch.Tensor:
    """Both logits (batch, genes, genes, 2), without the diagonal."""
    genes = everyone(expression) if genes is None else genes
    with torch.no_grad():
        found = torch.stack(network(expression, genes, pseudotime), -1)
    index = torch.arange(found.shape[1])
    found[:, index, index] = 0
    return found


def close(one, two, atol=2e-4):
    torch.testing.assert_close(one, two, rtol=1e-3, atol=atol)


# ---------------------------------------------------------------------------- what must not matter


@pytest.mark.parametrize("candidates", [24, 3])
@pytest.mark.parametrize("with_time", [False, True])
def test_genes_move_along(candidates, with_time):
    network = model(candidates=candidates)
    values, time = data()
    time = time if with_time else None
    order = torch.tensor([4, 0, 6, 2, 1, 5, 3])
    found = score(network, values, time)
    close(found[:, order][:, :, order], score(network, values[..., order], time))
    assert found.std() > 0.05


@pytest.mark.parametrize("candidates", [24, 3])
def test_padding_does_not_matter(candidates):
    network = model(candidates=candidates)
    values, time = data()
    larger = torch.cat([values, torch.zeros(1, 120, 4)], 2)
    genes = torch.arange(11)[None] < 7
    found = score(network, larger, time, genes)
    close(score(network, values, time), found[:, :7, :7])
    assert torch.isfinite(found).all()


def test_data_sets_of_a_batch_do_not_mix():
    network = model()
    small, large = data(5)[0], data(8, seed=3)[0]
    batch = torch.cat([torch.cat([small, torch.zeros(1, 120, 3)], 2), large])
    genes = torch.stack([torch.arange(8) < 5, torch.ones(8, dtype=torch.bool)])
    found = score(network, batch, None, genes)
    close(score(network, small), found[:1, :5, :5])
    close(score(network, large), found[1:])


@pytest.mark.parametrize("factor", [1e-4, 30.0])
def test_common_factor_does_not_matter(factor):
    network = model()
    values, time = data()
    close(score(network, values, time), score(network, values * factor, time))


def test_order_of_cells_does_not_matter():
    network = model()
    values, time = data()
    order = torch.randperm(120, generator=torch.Generator().manual_seed(0))
    close(score(network, values, time), score(network, values[:, order], time[:, order]))


# ---------------------------------------------------------------------------- what must matter


def test_direction_shows():
    found = score(model(), data()[0])
    assert (found - found.transpose(1, 2)).abs().mean() > 0.02


def test_pseudotime_shows():
    network = model()
    values, time = data()
    plain, timed = score(network, values), score(network, values, time)
    assert (plain - timed).abs().max() > 0.02
    assert (score(network, values, time.flip(1)) - timed).abs().max() > 0.005


def test_context_shows():
    """In layers with attention over third genes their expression enters the logits."""
    values, _ = data()
    with_triples, without = model(triple_layers=[0, 1]), model(triple_layers=[])
    assert [layer.context is None for layer in without.layers] == [True, True]
    assert [layer.context is None for layer in model().layers] == [True, False]
    before = score(with_triples, values)
    with torch.no_grad():
        for layer in with_triples.layers:
            layer.context.triple.weight.zero_()
    assert (score(with_triples, values) - before).abs().max() > 1e-3


def test_without_pair_statistics_only_genes_are_seen():
    """Shuffled cells of each gene keep the statistics of genes and destroy those of pairs."""
    values, _ = data()
    generator = torch.Generator().manual_seed(0)
    shuffled = values.clone()
    for gene in range(7):
        shuffled[..., gene] = values[:, torch.randperm(120, generator=generator), gene]
    blind = model(pair_statistics=False, triple_layers=[])
    close(score(blind, values), score(blind, shuffled))
    assert (score(model(), values) - score(model(), shuffled)).abs().max() > 0.02


@pytest.mark.parametrize("block", [64, 3])
def test_a_pair_is_encoded_from_its_own_statistics_and_the_reversed_ones(monkeypatch, block):
    monkeypatch.setattr(module, "_BLOCK", block)
    network, shown = model(), []
    network.encode_pairs.register_forward_pre_hook(lambda _, given: shown.append(given[0]))
    values, time = data()
    score(network, values, time)
    own, reverse = torch.cat(shown, 2).chunk(2, dim=-1)
    _, pair, _ = module.node_and_pair_statistics(values, everyone(values), time)
    close(own, (pair - network.pair_mean) / network.pair_sd, atol=1e-5)
    assert torch.equal(reverse, own.transpose(1, 2)) and not torch.equal(reverse, own)


def test_standardisation_by_hand():
    network = model()
    node = torch.randn(50, len(NODE_STATISTICS)) * 3 + 1
    pair = torch.randn(60, len(PAIR_STATISTICS)) * 2 - 1
    network.standardise(node, pair)
    for found, values in (
        ((network.node_mean, network.node_sd), node),
        ((network.pair_mean, network.pair_sd), pair),
    ):
        close(found[0], values.mean(0), atol=1e-6)
        close(found[1], values.std(0) + 0.01, atol=1e-6)
    names = set(network.state_dict())
    assert {"node_mean", "node_sd", "pair_mean", "pair_sd"} <= names


# ---------------------------------------------------------------------------- attention


def test_gene_attention_is_gatv2conv():
    torch.manual_seed(3)
    attention = GeneAttention(8, 5, 2)
    conv = GATv2Conv(8, 4, heads=2, edge_dim=5, add_self_loops=False, negative_slope=0.2)
    with torch.no_grad():
        conv.lin_l.weight.copy_(attention.source.weight)
        conv.lin_l.bias.copy_(attention.source.bias)
        conv.lin_r.weight.copy_(attention.target.weight)
        conv.lin_r.bias.zero_()
        conv.bias.zero_()
        conv.lin_edge.weight.copy_(attention.edge.weight)
        conv.att.copy_(attention.attention[None])
    h, e = torch.randn(1, 6, 8), torch.randn(1, 6, 6, 5)
    complete = ~torch.eye(6, dtype=torch.bool)[None]
    partial = complete & (torch.rand(1, 6, 6) < 0.6)
    partial[..., 2] = False  # a target without senders
    for senders in (complete, partial):
        index = senders[0].nonzero().T
        expected, (_, alpha) = conv(
            h[0], index, e[0][index[0], index[1]], return_attention_weights=True
        )
        for targets in (slice(0, 6), slice(2, 5)):
            found, weights = attention(h, e[:, :, targets], senders[:, :, targets], targets)
            close(found[0], expected[targets], atol=1e-6)
            dense = torch.zeros(6, 6, 2)
            dense[index[0], index[1]] = alpha
            close(weights[0], dense[:, targets], atol=1e-6)
    assert (found[0, 0] == 0).all()  # gene 2 hears nothing


def test_context_attention_by_hand():
    """One pair at a time: GATv2 scores of the third genes, softmax, mean of what was scored."""
    torch.manual_seed(4)
    attention = ContextAttention(5, 4)
    e = torch.randn(1, 6, 6, 5)
    high = (torch.rand(1, 50, 6) < 0.5).float()
    context = torch.stack([torch.randperm(6)[:3] for _ in range(6)])[None]
    index = torch.arange(6)
    allowed = (context[..., None] != index) & (context[..., None] != index[:, None, None])
    triples = triple_statistics(high, slice(0, 6), context)
    graph = Graph(None, context, allowed, high, [slice(0, 6)], None)
    with torch.no_grad():
        for targets in (slice(0, 6), slice(1, 4)):
            found = attention(e, attention.received(e), graph, targets)
            assert found.shape == (1, 6, targets.stop - targets.start, 4)
            for u in range(6):
                for v in range(targets.start, targets.stop):
                    scores, values = [], []
                    for place, w in enumerate(context[0, v].tolist()):
                        if w in (u, v):
                            continue
                        mixed = attention.own(e[0, u, v]) + attention.to_target(e[0, w, v])
                        mixed = mixed + attention.from_regulator(e[0, u, w])
                        mixed = mixed + attention.triple(triples[0, v, place, u])
                        mixed = torch.nn.functional.leaky_relu(mixed, 0.2).view(2, 2)
                        values.append(mixed)
                        scores.append((mixed * attention.attention).sum(-1))
                    weights = torch.stack(scores).softmax(0)
                    expected = (weights[..., None] * torch.stack(values)).sum(0).flatten()
                    close(found[0, u, v - targets.start], expected, atol=1e-5)


def test_paths_go_over_third_genes():
    """The state of (u, v) changes with that of u -> w and w -> v, not with that of v -> w."""
    torch.manual_seed(5)
    layer = model(triple_layers=[], layers=1).layers[0]
    h, e = torch.zeros(1, 4, 8), torch.randn(1, 4, 4, 6)
    senders = ~torch.eye(4, dtype=torch.bool)[None]
    graph = Graph(senders, None, None, None, [slice(0, 4)], None)
    with torch.no_grad():
        layer.gene_out.weight.zero_()  # messages aside
        before = layer(h, e, graph)[1][0, 0, 1]
        moved = {}
        for u, v in ((0, 2), (2, 1), (2, 0), (1, 2), (2, 3), (1, 0), (0, 0), (2, 2)):
            changed = e.clone()
            changed[0, u, v] += torch.randn(6)
            moved[u, v] = (layer(h, changed, graph)[1][0, 0, 1] - before).abs().max() > 1e-6
    assert moved[0, 2] and moved[2, 1]  # 0 -> 2 -> 1
    assert moved[2, 0]  # a common regulator 2 of both
    assert moved[1, 0]  # the reversed pair
    assert not moved[1, 2] and not moved[2, 3] and not moved[0, 0] and not moved[2, 2]


# ---------------------------------------------------------------------------- graph and blocks


def graph_of(values, genes=None, **changed):
    network = model(**changed)
    caught = []
    network.layers[0].register_forward_pre_hook(lambda _, arguments: caught.append(arguments[2]))
    score(network, values, None, genes)
    return caught[0]


def strengths(values: torch.Tensor) -> torch.Tensor:
    """Largest |correlation| of each pair, from its statistics; -1 with itself."""
    genes = everyone(values)
    _, pair, _ = module.node_and_pair_statistics(values, genes, None)
    names = ["correlation", "correlation_of_roots", "correlation_of_high"]
    found = torch.stack([pair[..., PAIR_STATISTICS.index(n)].abs() for n in names]).amax(0)[0]
    return found.fill_diagonal_(-1)


def test_up_to_so_many_candidates_the_graph_is_complete():
    for candidates in (7, 24):
        graph = graph_of(data(7)[0], candidates=candidates)
        assert torch.equal(graph.senders[0], ~torch.eye(7, dtype=torch.bool))


def test_senders_are_the_most_associated_genes():
    values, _ = data(12)
    graph = graph_of(values, candidates=4)
    strongest = strengths(values)
    for v in range(12):
        expected = set(strongest[:, v].topk(4).indices.tolist())
        assert set(graph.senders[0, :, v].nonzero()[:, 0].tolist()) == expected
    assert (graph.senders[0].sum(0) == 4).all()


def test_context_genes_are_the_most_associated_ones():
    values, _ = data(9)
    graph = graph_of(values, context=3)
    strongest = strengths(values)
    for v in range(9):
        expected = strongest[:, v].topk(3).indices.tolist()
        assert graph.context[0, v].tolist() == expected
        for place, w in enumerate(expected):
            allowed = graph.allowed[0, v, place].tolist()
            assert allowed == [u != w for u in range(9)]


def test_a_gene_is_no_context_of_itself_and_padding_is_none():
    values, _ = data(4)
    values = torch.cat([values, torch.zeros(1, 120, 3)], 2)
    graph = graph_of(values, torch.arange(7)[None] < 4, context=12)
    for v in range(4):
        for place, w in enumerate(graph.context[0, v].tolist()):
            assert graph.allowed[0, v, place].any() == (w != v and w < 4)


@pytest.mark.parametrize("candidates", [3, 4, 24])
def test_blocks_give_the_same_logits(monkeypatch, candidates):
    network = model(candidates=candidates, triple_layers=[0, 1])
    values, time = data(13)
    whole = score(network, values, time)
    for block in (1, 5, 12):
        monkeypatch.setattr(module, "_BLOCK", block)
        close(score(network, values, time), whole, atol=1e-5)


def test_padding_does_not_matter_to_blocks(monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 5)
    network = model(candidates=2)
    values, _ = data(11)
    padded = torch.cat([values, torch.zeros(1, 120, 2)], 2)
    found = score(network, padded, None, torch.arange(13)[None] < 11)
    close(found[:, :11, :11], score(network, values))


def test_small_networks_are_one_block_with_triples_computed_once():
    graph = graph_of(data(9)[0])
    assert graph.blocks == [slice(0, 9)]
    assert torch.equal(graph.triples, triple_statistics(graph.high, slice(0, 9), graph.context))


# ---------------------------------------------------------------------------- training


def test_gradients_reach_every_parameter():
    network = model(triple_layers=[0, 1]).train()
    values, time = data(9)
    edge, sign = network(values, everyone(values), time)
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(2, 9, 9, generator=generator)
    ((edge[0] * weight[0]).sum() + (sign[0] * weight[1]).sum()).backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().max() > 1e-6, name


def test_shapes():
    values, _ = data(3, 30)
    edge, sign = model()(values, everyone(values))
    assert edge.shape == sign.shape == (1, 3, 3)
    values, _ = data(2, 12)
    assert torch.isfinite(score(model(), values)).all()
