"""Inputs of subsets: order, padding and scale decide nothing that they should not."""

import numpy as np
import pytest
import torch

from grn_gat.core.seeds import generator
from grn_gat.zeroshot.evidence_statistics import KnownTensors
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS, DataSet, Prepared
from grn_gat.zeroshot.subset_inference import subset_logits

GENES, CELLS = 13, 70


def expression(genes: int = GENES, lowest: float = 0.0) -> torch.Tensor:
    rng = generator(1, "prepared")
    values = rng.poisson(np.exp(rng.normal(1, 1, (genes, CELLS)))) + lowest
    return torch.from_numpy(values.astype(np.float32))


def data_set(values: torch.Tensor) -> DataSet:
    regulators = torch.zeros(len(values), dtype=torch.bool)
    regulators[::2] = True
    target = torch.full((CELLS,), -1)
    target[:12] = 2
    return DataSet(values, regulators, None, KnownTensors(target, (target < 0).float()))


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return Prepared(data_set(expression()))


@pytest.fixture(scope="module")
def model() -> ZeroShotGAT:
    torch.manual_seed(3)
    sizes = Architecture(
        layers=2, width=16, pair_width=8, path_width=4, triple_layers=(1,), heads=2
    )
    return ZeroShotGAT(sizes, len(NODE_INPUTS), len(PAIR_INPUTS)).eval()


def test_inputs_have_a_place_for_each_name(prepared):
    found = prepared.inputs(torch.arange(5), 5)
    assert found.node.shape == (1, 5, len(NODE_INPUTS))
    assert found.pair.shape == (1, 5, 5, len(PAIR_INPUTS))
    node = dict(zip(NODE_INPUTS, found.node[0].unbind(-1), strict=True))
    assert node["regulator"].tolist() == [1, 0, 1, 0, 1] and (node["named"] == 1).all()
    assert node["perturbed"].tolist() == [0, 0, 1, 0, 0]
    assert node["data_log_genes"][0] == pytest.approx(np.log10(GENES))


def test_what_is_told_of_a_pair_is_of_all_genes_and_that_of_levels_of_the_two(prepared):
    alone, among = (prepared.inputs(torch.tensor(some), len(some)) for some in ([3, 8], [1, 3, 8]))
    a, b = (dict(zip(PAIR_INPUTS, one.pair[0].unbind(-1), strict=True)) for one in (alone, among))
    for name in ("robust_rank_value", "robust_partial_80_of_target", "correlation", "effect_z"):
        torch.testing.assert_close(a[name][0, 1], b[name][1, 2])


def test_order_of_the_subset_moves_its_inputs_along(prepared):
    some, order = torch.tensor([0, 4, 7, 9]), torch.tensor([2, 0, 3, 1])
    one, other = prepared.inputs(some, 4), prepared.inputs(some[order], 4)
    torch.testing.assert_close(other.node, one.node[:, order])
    torch.testing.assert_close(other.pair, one.pair[:, order][:, :, order])


def test_padding_changes_no_score(prepared, model):
    some = torch.tensor([0, 4, 7, 9, 10])
    scores = []
    for size in (5, 8):
        one = prepared.inputs(some, size)
        graph = model.graph(one.pair, one.high, one.real)
        scores.append(model.score(*model.standardised(one.node, one.pair), graph)[0][0, :5, :5])
    off = ~torch.eye(5, dtype=torch.bool)
    torch.testing.assert_close(scores[0][off], scores[1][off], rtol=1e-4, atol=1e-4)


def test_levels_begin_at_the_lowest_value_of_a_gene(prepared):
    shifted = Prepared(data_set(expression(lowest=5)))
    one, other = (p.inputs(torch.arange(6), 6) for p in (prepared, shifted))
    places = [k for k, name in enumerate(NODE_INPUTS) if name.startswith(("share", "mean"))]
    torch.testing.assert_close(one.node[..., places], other.node[..., places])


def test_logits_of_one_subset_are_those_of_the_model(prepared, model):
    rows = torch.zeros(GENES, dtype=torch.bool)
    rows[[1, 6]] = True
    edge, sign = subset_logits(model, prepared, rows, GENES, 0)
    one = prepared.inputs(torch.arange(GENES), GENES)
    graph = model.graph(one.pair, one.high, one.real)
    direct = model.score(*model.standardised(one.node, one.pair), graph)
    for found, whole in zip((edge, sign), direct, strict=True):
        expected = whole[0, rows]
        expected[[0, 1], [1, 6]] = 0
        torch.testing.assert_close(found, expected)


def test_logits_from_subsets_are_means_over_those_that_hold_the_pair(prepared, model):
    rows = torch.zeros(GENES, dtype=torch.bool)
    rows[[1, 6, 7]] = True
    edge, _ = subset_logits(model, prepared, rows, 5, 7)
    again, _ = subset_logits(model, prepared, rows, 5, 7)
    assert torch.equal(edge, again) and edge.shape == (3, GENES)
    itself = torch.zeros(3, GENES, dtype=torch.bool)
    itself[[0, 1, 2], [1, 6, 7]] = True
    assert (edge[itself] == 0).all() and (edge[~itself] != 0).all()
