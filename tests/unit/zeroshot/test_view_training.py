"""Training on views: what is shown, what counts, and that the same seed gives the same bytes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from grn_gat.core.seeds import generator
from grn_gat.simulate.view_chunks import load_views
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS
from grn_gat.zeroshot.pretraining import optimisers_of
from grn_gat.zeroshot.view_training import (
    in_order,
    logits,
    losses,
    plan,
    pool_batches,
    standardise,
    train_on,
)
from grn_gat.zeroshot.views import data_set
from small_views import small_chunks

SETTINGS = {
    "genes": 10, "batch": 4, "left_out": 0.5, "learning_rate": 0.01, "warmup": 4,
    "sign_weight": 0.3, "weight_decay": 0.01,
}  # fmt: skip
PER_CHUNK = 8


@pytest.fixture(scope="module")
def chunks(tmp_path_factory):
    return small_chunks(tmp_path_factory.mktemp("views"), PER_CHUNK)


def new_model() -> ZeroShotGAT:
    torch.manual_seed(3)
    sizes = Architecture(
        layers=2, width=16, pair_width=8, path_width=4, triple_layers=(1,), heads=2
    )
    return ZeroShotGAT(sizes, len(NODE_INPUTS), len(PAIR_INPUTS))


def all_batches(chunks, model):
    pools = plan(chunks, PER_CHUNK, generator(1, "plan"))
    return [batch for pool in pools for batch in pool_batches(model, pool, SETTINGS, (1, "pool"))]


def every_view(chunks):
    return [view for chunk in chunks for view in load_views(chunk)]


def test_a_plan_holds_every_view_once_and_mixes_chunks():
    chunks = [Path(f"chunk-{k}") for k in range(30)]
    pools = plan(chunks, 50, generator(2))
    seen = [(chunk, k) for pool in pools for chunk, numbers in pool for k in numbers]
    assert sorted(seen) == sorted((chunk, k) for chunk in chunks for k in range(50))
    assert all(len(pool) == 12 for pool in pools[:-10]) and len(pools[0][0][1]) == 8
    assert pools == plan(chunks, 50, generator(2)) != plan(chunks, 50, generator(3))


def test_some_views_of_a_chunk_are_read_alone(chunks):
    every = list(load_views(chunks[1]))
    some = list(load_views(chunks[1], [5, 2]))
    assert [view.values.tobytes() for view in some] == [every[k].values.tobytes() for k in (5, 2)]


def test_batches_are_the_same_with_any_number_of_processes(chunks):
    pools = [[(chunk, [k, k + 1])] for chunk in chunks for k in (0, 2)]
    found = [
        list(in_order(new_model().sizes, pools, SETTINGS, (1, "pools"), processes))
        for processes in (1, 2)
    ]
    assert len(found[0]) == len(found[1]) == 4
    for one, other in zip(*found, strict=True):
        assert torch.equal(one.node, other.node) and torch.equal(one.pair, other.pair)
        assert torch.equal(one.signs, other.signs) and torch.equal(one.asked, other.asked)
    assert not torch.equal(found[0][0].node, found[0][1].node)


def test_batches_know_the_truth_of_rows_that_are_asked_for(chunks):
    found = all_batches(chunks, new_model())
    assert sum(len(batch.real) for batch in found) == 16
    for batch in found:
        assert torch.isfinite(batch.node).all() and torch.isfinite(batch.pair).all()
        assert batch.real.sum(1).max() <= 10
        both = batch.real[:, :, None] & batch.real[:, None]
        assert not (batch.asked & ~both).any() and not batch.signs[~both].any()
        assert not batch.asked.diagonal(dim1=1, dim2=2).any()
        named = batch.node[..., NODE_INPUTS.index("regulator")] == 1
        rows = batch.asked.any(2)
        assert torch.equal(rows, named & batch.real & (batch.real.sum(1, keepdim=True) > 1))


def test_evidence_that_is_left_out_is_absent(chunks):
    views = [view for view in every_view(chunks) if view.evidence.prior is not None]
    assert data_set(views[0]).known.priors and not data_set(views[0], ["prior"]).known.priors
    perturbed = next(v for v in every_view(chunks) if v.evidence.target is not None)
    assert data_set(perturbed, ["perturbations"]).known.target is None


def test_loss_is_of_pairs_that_are_asked_for_each_subset_alike(chunks):
    batch = all_batches(chunks, new_model())[0]
    edge = torch.randn(batch.signs.shape, generator=torch.Generator().manual_seed(0))
    of_edges, of_signs = losses(edge, edge, batch)
    expected = []
    for k in range(len(edge)):
        asked = batch.asked[k]
        p = torch.sigmoid(edge[k][asked].double())
        y = (batch.signs[k] != 0)[asked].double()
        expected.append(float(-(y * p.log() + (1 - y) * (1 - p).log()).mean()))
    assert float(of_edges) == pytest.approx(np.mean(expected), rel=1e-5)
    elsewhere = torch.where(batch.asked, edge, edge + 3)
    again = losses(elsewhere, elsewhere, batch)
    assert torch.equal(again[0], of_edges) and torch.equal(again[1], of_signs)


def test_training_learns_and_gives_the_same_bytes_again(chunks):
    ends = []
    for _ in range(2):
        model = new_model()
        found = all_batches(chunks, model)
        standardise(model, found)
        optimisers = optimisers_of(model, SETTINGS)
        rounds = [
            train_on(model, optimisers, iter(found), SETTINGS, k * len(found), 400)[1]
            for k in range(12)
        ]
        assert rounds[-1] < 0.9 * rounds[0]
        ends.append(logits(model, found[0])[0])
    assert torch.equal(*ends)
