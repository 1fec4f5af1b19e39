"""Subsets, aggregator, calibration and likeness as one model; its matrices, training and file."""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from grn_gat.algorithms._registry import run_method
from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.view_chunks import load_views
from grn_gat.zeroshot.aggregator import INPUTS
from grn_gat.zeroshot.aggregator_training import logits_of, loss_of, train_aggregator
from grn_gat.zeroshot.any_data import pair_probabilities
from grn_gat.zeroshot.calibration import fit
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.gat import ZeroShotGAT
from grn_gat.zeroshot.likeness import Likeness, features
from grn_gat.zeroshot.matrices import load_matrices, matrices_of, save_matrices
from grn_gat.zeroshot.prepared import DataSet, Prepared
from grn_gat.zeroshot.weights import load_weights
from grn_gat.zeroshot.zeroshot_model import (
    Calibration,
    ZeroShotModel,
    load_model,
    save_model,
)
from small_views import small_chunks
from untrained import untrained_model

SETTINGS = {"genes": 10, "left_out": 0.5, "rows": 24}
OF_AGGREGATOR = {
    "hidden": [],
    "width": 8, "layers": 1, "epochs": 30, "batch": 4, "learning_rate": 0.02,
    "weight_decay": 0.01, "sign_weight": 0.3,
}  # fmt: skip


@pytest.fixture(scope="module")
def subsets() -> ZeroShotGAT:
    return untrained_model().subsets


@pytest.fixture(scope="module")
def levels() -> Ensemble:
    return untrained_model().levels


@pytest.fixture(scope="module")
def matrices(tmp_path_factory, subsets, levels):
    chunks = small_chunks(tmp_path_factory.mktemp("views"), 8)
    views = [view for chunk in chunks for view in load_views(chunk)]
    return list(matrices_of(subsets, levels, iter(views), SETTINGS, generator(1)))


@pytest.fixture(scope="module")
def trained(matrices):
    return train_aggregator(matrices, OF_AGGREGATOR, generator(2), 3)


@pytest.fixture(scope="module")
def model(subsets, levels, trained, matrices) -> ZeroShotModel:
    points = [point_of(trained[0], matrix) for matrix in matrices]
    calibration = Calibration(1.5, -0.5, 2.0)
    likeness = Likeness.of(np.stack(points))
    return ZeroShotModel(subsets, levels, trained[0], 10, likeness, calibration)


def point_of(aggregator, matrix) -> np.ndarray:
    edge, sign = logits_of(aggregator, matrix)
    pairs, genes = ~matrix.itself, matrix.itself.shape[1]
    return features(matrix.data, edge[pairs], sign[pairs] > 0, genes)


@pytest.fixture
def counts() -> np.ndarray:
    return generator(5).poisson(2, (25, 80)).astype(float)


def test_matrices_hold_the_truth_of_some_candidates(matrices):
    assert len(matrices) == 16
    for matrix in matrices:
        rows, genes = matrix.signs.shape
        assert matrix.inputs.shape == (rows, genes, len(INPUTS)) and rows <= 24
        assert matrix.itself.sum() == rows and torch.isfinite(matrix.inputs).all()
        assert not matrix.signs[matrix.itself].any()
    assert sum(bool(matrix.signs.any()) for matrix in matrices) > 10


def test_matrices_are_read_back(matrices, tmp_path):
    save_matrices(tmp_path / "a", matrices)
    save_matrices(tmp_path / "b", matrices)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    for one, other in zip(load_matrices(tmp_path / "a"), matrices, strict=True):
        for name in ("inputs", "data", "rows", "signs"):
            assert torch.equal(getattr(one, name), getattr(other, name))


def test_the_loss_is_that_of_pairs_of_two_genes(matrices, trained):
    matrix = matrices[-1]
    edge, _ = logits_of(trained[0], matrix)
    counted = ~matrix.itself
    expected = bce(edge[counted], (matrix.signs[counted] != 0).float())
    assert torch.isclose(loss_of(trained[0], matrix, 0.3)[0], expected)


def test_the_aggregator_learns_and_gives_the_same_bytes_again(matrices, trained):
    aggregator, curve = trained
    assert len(curve) == 30 and curve[-1] < 0.8 * curve[0]
    again, _ = train_aggregator(matrices, OF_AGGREGATOR, generator(2), 3)
    for one, other in zip(aggregator.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_learning_rate_that_diverges_is_said(matrices):
    wild = OF_AGGREGATOR | {"learning_rate": 1e30, "epochs": 3}
    with pytest.raises(InputError, match="lower its learning_rate"):
        train_aggregator(matrices, wild, generator(2), 3)


def test_calibration_finds_what_was_done_to_the_logits():
    rng = generator(7)
    logit, sign = rng.normal(-1, 2, 60_000), rng.normal(0, 2, 60_000)
    signs = (rng.random(60_000) < 1 / (1 + np.exp(-logit))) * np.where(
        rng.random(60_000) < 1 / (1 + np.exp(-sign)), 1, -1
    )
    found = fit(3 * logit + 1.5, 2 * sign, signs)
    assert found["temperature"] == pytest.approx(3, rel=0.05)
    assert found["shift"] == pytest.approx(-0.5, abs=0.05)
    assert found["sign_temperature"] == pytest.approx(2, rel=0.1)


def test_probabilities_are_those_of_the_calibrated_logits(model, counts):
    data = DataSet(torch.from_numpy(counts).float())
    asked = torch.ones(25, dtype=torch.bool)
    edge, sign, itself = model.logits(Prepared(data), asked, 4)
    found = model.infer(data, 4)
    expected = torch.where(itself, 0.0, torch.sigmoid(edge / 1.5 - 0.5))
    np.testing.assert_array_equal(found.edge, expected.numpy())
    np.testing.assert_array_equal(found.activates, torch.sigmoid(sign / 2).numpy())


def test_rarity_is_told_by_probabilities_and_expression(model, matrices, counts):
    data = DataSet(torch.from_numpy(counts).float(), torch.arange(25) < 12)
    edge, sign, itself = model.logits(Prepared(data), data.regulators, 4)
    point = features(Prepared(data).data, edge[~itself], sign[~itself] > 0, 25)
    found, pairs = model.infer(data, 4), (~itself).numpy()
    by_hand = model.likeness.rarity(point[None])[0]
    got = model.rarity(counts, found.edge[pairs], found.activates[pairs] > 0.5)
    assert got == pytest.approx(by_hand) and 0 <= got < 1
    # What was said counts too: no data set of the training had nothing but edges.
    assert model.rarity(counts, np.ones(pairs.sum()), np.ones(pairs.sum(), bool)) == 0


def test_only_regulators_that_are_named_are_scored(model, counts):
    regulators = np.array([2, 7, 8, 20])
    edge, activates = pair_probabilities(model, counts, None, regulators, 1)
    others = np.setdiff1d(np.arange(25), regulators)
    assert not edge[others].any() and not activates[others].any()
    assert (edge[regulators] > 0).sum() == 4 * 24
    # that they are named tells the model something
    everyone, _ = pair_probabilities(model, counts, None, np.arange(25), 1)
    assert not np.allclose(everyone[regulators], edge[regulators])


def test_the_order_of_the_cells_decides_nothing(model, counts):
    shuffled = counts[:, generator(8).permutation(80)]
    one, other = (
        pair_probabilities(model, values, None, np.arange(25), 1)[0]
        for values in (counts, shuffled)
    )
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_levels_need_no_zero_based_scale(model, counts):
    """What the file holds as such (zeros, totals) is told to the model, and little else changes."""
    lifted = counts + np.arange(25)[:, None]
    one = pair_probabilities(model, counts, None, np.arange(25), 1)[0]
    other = pair_probabilities(model, lifted, None, np.arange(25), 1)[0]
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.8


@pytest.mark.parametrize(("genes", "cells"), [(2, 80), (25, 11)])
def test_too_few_genes_or_cells_are_said(model, counts, genes, cells):
    with pytest.raises(InputError, match="at least 3 genes and 12 cells, not"):
        pair_probabilities(model, counts[:genes, :cells], None, np.arange(genes), 1)


def test_more_cells_than_are_used_at_once_are_drawn(model, counts):
    some = [pair_probabilities(model, counts, None, np.arange(25), s, cells=40)[0] for s in (1, 2)]
    assert not np.array_equal(*some)
    mean, _ = pair_probabilities(model, counts, None, np.arange(25), 1, cells=40, subsamples=3)
    assert mean.max() <= 1 and not mean.diagonal().any()


def test_a_file_gives_the_same_model_and_the_same_bytes(model, counts, tmp_path):
    for name in ("a", "b"):
        save_model(tmp_path / name, model, {"seed": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    read = load_weights(tmp_path / "a")
    assert isinstance(read, ZeroShotModel) and read.calibration == model.calibration
    found = [pair_probabilities(m, counts, None, np.arange(25), 1) for m in (model, read)]
    np.testing.assert_array_equal(*(one[0] for one in found))


def test_a_damaged_file_is_not_taken(model, tmp_path):
    save_model(tmp_path / "a", model, {})
    tensors = load_file(tmp_path / "a")
    tensors["likeness.centre"] += 1
    from safetensors import safe_open

    with safe_open(tmp_path / "a", "pt") as file:
        metadata = file.metadata()
    save_file(tensors, tmp_path / "a", metadata)
    with pytest.raises(InputError, match="damaged after it was written"):
        load_model(tmp_path / "a")
    with pytest.raises(InputError, match="cannot be read"):
        load_model(tmp_path / "none")


def test_the_method_takes_weights_of_either_kind(model, counts, tmp_path):
    save_model(tmp_path / "weights", model, {})
    settings = {"weights": str(tmp_path / "weights"), "cells": 5000, "subsamples": 1}
    genes = [f"g{k}" for k in range(25)]
    scores = run_method("gat-zeroshot", genes, counts, None, np.arange(5), 1, 1, settings)
    assert (np.abs(scores[:5]) > 0).sum() == 5 * 24 and not scores[5:].any()


def test_the_aggregator_forgets_nothing_in_blocks(model, counts, monkeypatch):
    prepared = Prepared(DataSet(torch.from_numpy(counts).float()))
    asked = torch.ones(25, dtype=torch.bool)
    whole = model.logits(prepared, asked, 4)
    monkeypatch.setattr("grn_gat.zeroshot.zeroshot_model._PAIRS_AT_ONCE", 60)
    parts = model.logits(prepared, asked, 4)
    for one, other in zip(whole[:2], parts[:2], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)
