"""A warm start: the same scores as the model that it starts from, whatever else is known."""

import torch

from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS, DataSet, Prepared
from grn_gat.zeroshot.statistics import NODE_STATISTICS, PAIR_STATISTICS
from grn_gat.zeroshot.warm_start import keep_scale, warm_started

SIZES = Architecture(layers=2, width=16, pair_width=8, path_width=4, triple_layers=(1,), heads=2)


def first_inputs(node, pair):
    return node[..., : len(NODE_STATISTICS)], pair[..., : len(PAIR_STATISTICS)]


def test_before_its_first_step_it_scores_as_the_model_of_levels():
    torch.manual_seed(1)
    levels = ZeroShotGAT(SIZES).eval()
    levels.standardise(
        torch.randn(50, len(NODE_STATISTICS)), 2 * torch.randn(50, len(PAIR_STATISTICS))
    )
    started = warm_started(levels.state_dict(), SIZES)
    started.standardise(torch.randn(50, len(NODE_INPUTS)), torch.randn(50, len(PAIR_INPUTS)) + 3)
    assert not torch.equal(started.node_mean[: len(NODE_STATISTICS)], levels.node_mean)
    keep_scale(started, levels.state_dict())
    expression = torch.poisson(torch.full((7, 60), 2.0))
    inputs = Prepared(DataSet(expression)).inputs(torch.arange(7), 7)
    graph = levels.graph(inputs.pair, inputs.high, inputs.real)
    few = levels.score(*levels.standardised(*first_inputs(inputs.node, inputs.pair)), graph)
    many = started.score(*started.standardised(inputs.node, inputs.pair), graph)
    for one, other in zip(few, many, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


def test_the_other_inputs_can_be_learnt():
    torch.manual_seed(2)
    started = warm_started(ZeroShotGAT(SIZES).state_dict(), SIZES)
    expression = torch.poisson(torch.full((7, 60), 2.0))
    inputs = Prepared(DataSet(expression)).inputs(torch.arange(7), 7)
    graph = started.graph(inputs.pair, inputs.high, inputs.real)
    edge, _ = started.score(*started.standardised(inputs.node, inputs.pair), graph)
    edge.sum().backward()
    gradient = started.encode_pairs[0].weight.grad
    assert gradient is not None
    assert gradient[:, len(PAIR_STATISTICS) : len(PAIR_INPUTS)].abs().max() > 0
