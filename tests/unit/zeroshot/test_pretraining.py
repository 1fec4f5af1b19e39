"""Training of the zero-shot model: batches, augmentation, losses, interruption and resumption."""

import copy
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch

from grn_gat.core.device import deterministic
from grn_gat.core.errors import InputError
from grn_gat.evaluate.metrics import average_precision
from grn_gat.simulate.chunks import Sample
from grn_gat.zeroshot import pretraining
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.pretraining import (
    augmented,
    batches,
    losses,
    padded,
    scored_pairs,
    standardise,
    train_member,
    unchanged,
    validate,
)

CONFIG = {
    "seed": 7,
    "model": {
        "layers": 1, "heads": 2, "width": 8, "pair_width": 8, "path_width": 4,
        "triple_layers": [0], "candidates": 6, "context": 2, "pair_statistics": True,
    },
    "augmentation": {
        "cells": [40, 60], "dropout_share": 0.5, "dropout": [0.2, 0.6], "pseudotime_share": 0.5,
        "pseudotime_noise": [0, 0.2], "gene_scale_share": 0.3, "gene_scale_sd": 0.5,
    },
    "training": {
        "members": 1, "epochs": 3, "learning_rate": 0.01, "warmup": 2, "weight_decay": 0.01,
        "batch": 4, "batch_pairs": 60, "sign_weight": 0.3, "device": "cpu",
    },
}  # fmt: skip
PLAIN = {
    "cells": [50, 50], "dropout_share": 0, "dropout": [0.5, 0.5], "pseudotime_share": 0,
    "pseudotime_noise": [0, 0], "gene_scale_share": 0, "gene_scale_sd": 0.5,
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    deterministic()


def sample(genes: int, seed: int, cells: int = 60) -> Sample:
    """Pairs of genes (1, 0), (3, 2), ...: the second follows the first, or is its opposite."""
    rng = np.random.default_rng(seed)
    on = rng.random((cells, genes)) < 0.5
    signs = np.zeros((genes, genes), np.int8)
    for k in range(0, genes - 1, 2):
        signs[k, k + 1] = signs[k + 1, k] = sign = rng.choice([-1, 1])
        on[:, k + 1] = on[:, k] == (sign > 0)
    values = (on * 2 + rng.random((cells, genes)) * 0.1 + 0.01).astype(np.float16)
    return Sample(values, rng.random(cells).astype(np.float16), signs, "random")


@pytest.fixture(scope="module")
def samples():
    return [sample(genes, seed) for seed, genes in enumerate([3, 4, 5, 6, 4, 3, 7, 5, 4])]


@pytest.fixture(scope="module")
def held():
    return [sample(genes, seed) for seed, genes in enumerate([4, 5, 6], start=50)]


def settings(**changed) -> dict:
    config = copy.deepcopy(CONFIG)
    for block in ("model", "augmentation", "training"):
        config[block] |= {k: v for k, v in changed.items() if k in config[block]}
    return config | {k: v for k, v in changed.items() if k in config}


def same(one: ZeroShotGAT, two: ZeroShotGAT) -> bool:
    first, second = one.state_dict(), two.state_dict()
    assert first.keys() == second.keys()
    return all(torch.equal(first[k], second[k]) for k in first)


@pytest.fixture(scope="module")
def trained(samples, held, tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "checkpoint.safetensors"
    model, curve = train_member(samples, held, settings(), 1, path)
    return model, curve, path


# ---------------------------------------------------------------------------- batches


@pytest.mark.parametrize(("largest", "pairs"), [(4, 10_000), (100, 300), (1, 50), (5, 1)])
def test_batches_keep_their_limits_and_have_every_network_once(largest, pairs):
    rng = np.random.default_rng(1)
    sizes = rng.integers(3, 20, 60)
    groups = batches(sizes, rng, largest, pairs)
    assert sorted(np.concatenate(groups)) == list(range(60))
    for group in groups:
        assert 1 <= len(group) <= largest
        assert len(group) == 1 or len(group) * sizes[group].max() ** 2 <= pairs
    if pairs == 10_000:
        assert {len(g) for g in groups} == {4}
    if pairs == 300:  # full: the next network would not have fitted
        ordered = sorted(groups, key=lambda g: (sizes[g].max(), sizes[g].min()))
        for group, following in pairwise(ordered):
            assert (len(group) + 1) * sizes[following].min() ** 2 > pairs


def test_batches_hold_networks_of_similar_size_in_random_order():
    sizes = np.arange(40) // 4 + 3
    groups = batches(sizes, np.random.default_rng(0), 4, 10_000)
    assert all(np.ptp(sizes[g]) == 0 for g in groups)
    firsts = [sizes[g[0]] for g in groups]
    assert firsts != sorted(firsts)
    other = batches(np.full(40, 5), np.random.default_rng(0), 8, 10_000)
    again = batches(np.full(40, 5), np.random.default_rng(1), 8, 10_000)
    assert {tuple(sorted(g)) for g in other} != {tuple(sorted(g)) for g in again}


# ---------------------------------------------------------------------------- augmentation


def tagged(genes: int = 6, cells: int = 80) -> Sample:
    """Every value tells its cell and its gene: 1 + gene + cell / 128; signs tell both genes."""
    values = 1 + np.arange(genes) + np.arange(cells)[:, None] / 128
    signs = (np.arange(genes)[:, None] * genes + np.arange(genes)).astype(np.int8)
    return Sample(values.astype(np.float16), (np.arange(cells) / 128).astype(np.float16), signs, "")


def test_labels_and_times_follow_genes_and_cells():
    orders = set()
    for seed in range(5):
        batch = augmented([tagged()], PLAIN | {"pseudotime_share": 1}, np.random.default_rng(seed))
        expression, real, times, signs = (x[0].numpy() for x in batch)
        assert expression.shape == (50, 6) and real.all()
        gene = np.floor(expression[0]).astype(int) - 1
        assert sorted(gene) == list(range(6))
        cell = np.rint((expression - 1 - gene) * 128).astype(int)
        assert (cell == cell[:, :1]).all() and len(set(cell[:, 0])) == 50
        np.testing.assert_allclose(times, cell[:, 0] / 128)
        np.testing.assert_array_equal(signs, gene[:, None] * 6 + gene)
        orders.add(tuple(gene))
    assert len(orders) == 5


def test_number_of_cells():
    found = {
        augmented([tagged(), tagged(3, 70)], PLAIN | {"cells": [20, 75]}, np.random.default_rng(s))[
            0
        ].shape[1]
        for s in range(120)
    }
    assert min(found) < 24 and max(found) == 70  # no more than every network of the batch has
    # log-uniform: half lie below the geometric mean
    drawn = [
        augmented([tagged()], PLAIN | {"cells": [20, 80]}, np.random.default_rng(s))[0].shape[1]
        for s in range(200)
    ]
    assert abs(np.mean(np.array(drawn) < 40) - 0.5) < 4 * 0.5 / 200**0.5


@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_shares_of_dropouts_scales_and_pseudotime(share):
    chosen = PLAIN | {
        "dropout_share": share, "gene_scale_share": share, "pseudotime_share": share
    }  # fmt: skip
    dropped = scaled = timed = 0
    for seed in range(100):
        expression, _, times, _ = augmented(
            [tagged(), tagged()], chosen, np.random.default_rng(seed)
        )
        timed += times is not None
        for values in expression.numpy():
            dropped += (values == 0).any()
            scaled += abs(values[values > 0].reshape(-1)[0] * 128 % 1) > 1e-6
    error = 4 * np.sqrt(share * (1 - share))
    assert abs(dropped / 200 - share) <= error / 200**0.5
    assert abs(scaled / 200 - share) <= error / 200**0.5
    assert abs(timed / 100 - share) <= error / 100**0.5


def test_dropouts_take_the_low_values_of_each_gene():
    chosen = PLAIN | {"dropout_share": 1, "cells": [80.5, 80.5]}
    expression = augmented([tagged()], chosen, np.random.default_rng(0))[0][0].numpy()
    gene = np.floor(expression.max(0)).astype(int) - 1
    assert sorted(gene) == list(range(6))
    for values, number in zip(expression.T, gene, strict=True):
        missing = set(range(80)) - set(np.rint((values[values > 0] - 1 - number) * 128))
        assert missing and max(missing) < 40  # below the median of its gene
        assert abs(len(missing) - 20) < 4 * np.sqrt(40 * 0.25)


def test_scales_are_one_factor_per_gene():
    chosen = PLAIN | {"gene_scale_share": 1}
    factors = []
    for seed in range(60):
        plain = augmented([tagged()], PLAIN, np.random.default_rng(seed))[0][0]
        scaled = augmented([tagged()], chosen, np.random.default_rng(seed))[0][0]
        ratio = (scaled / plain).numpy()
        assert np.ptp(ratio, axis=0).max() < 1e-4
        factors += list(np.log(ratio[0]))
    assert abs(np.mean(factors)) < 4 * 0.5 / 360**0.5
    assert np.std(factors) == pytest.approx(0.5, rel=0.2)


def test_noise_of_pseudotime():
    chosen = PLAIN | {"pseudotime_share": 1, "pseudotime_noise": [0.1, 0.1], "cells": [80.5, 80.5]}
    noise = []
    for seed in range(20):
        expression, _, times, _ = augmented([tagged()], chosen, np.random.default_rng(seed))
        noise.append((times[0] - (expression[0].min(1).values - 1)).numpy())
    assert np.std(noise) == pytest.approx(0.1, rel=0.1) and abs(np.mean(noise)) < 0.01


def test_padding():
    parts = [
        (np.ones((3, 2)), np.arange(3), np.array([[0, 1], [-1, 0]])),
        (np.full((3, 4), 2.0), np.arange(3) * 2, np.ones((4, 4))),
    ]
    expression, real, times, signs = padded(parts, True)
    assert expression.shape == (2, 3, 4) and expression.dtype == torch.float32
    assert expression[0].tolist() == [[1, 1, 0, 0]] * 3 and (expression[1] == 2).all()
    assert real.tolist() == [[True, True, False, False], [True] * 4]
    assert times.tolist() == [[0, 1, 2], [0, 2, 4]]
    assert signs[0].tolist() == [[0, 1, 0, 0], [-1, 0, 0, 0], [0] * 4, [0] * 4]
    assert padded(parts, False)[2] is None


def test_unchanged_takes_cells_of_all_runs():
    expression, _, times, signs = unchanged([tagged()], 5, with_time=True)
    assert (expression[0, :, 0] * 128 - 128).tolist() == [0, 19, 39, 59, 79]
    assert (times[0] * 128).tolist() == [0, 19, 39, 59, 79]
    np.testing.assert_array_equal(signs[0], tagged().signs)


# ---------------------------------------------------------------------------- losses


def test_scored_pairs():
    found = scored_pairs(torch.tensor([[True, True, False]]))[0]
    assert found.tolist() == [[False, True, False], [True, False, False], [False] * 3]


def test_losses_by_hand():
    real = torch.tensor([[True, True, False], [True, True, True]])
    signs = torch.zeros(2, 3, 3, dtype=torch.int8)
    signs[0, 0, 1], signs[1, 0, 1], signs[1, 1, 2] = 1, -1, 1
    signs[1, 0, 0] = 1  # a self-loop, not scored
    edge, sign = torch.full((2, 3, 3), 50.0), torch.full((2, 3, 3), 50.0)
    edge[0, 0, 1], edge[0, 1, 0] = np.log(3), np.log(3)  # an edge, and none
    edge[1] = 0
    sign[0, 0, 1], sign[1, 0, 1], sign[1, 1, 2] = 0, np.log(3), np.log(3)
    of_edges, of_signs = losses(edge, sign, signs, real)
    first = (np.log(4 / 3) + np.log(4)) / 2
    assert of_edges.item() == pytest.approx((first + np.log(2)) / 2)
    second = (np.log(4) + np.log(4 / 3)) / 2
    assert of_signs.item() == pytest.approx((np.log(2) + second) / 2)


def test_networks_without_an_edge_have_no_loss_of_signs():
    real, none = torch.ones(1, 3, dtype=torch.bool), torch.zeros(1, 3, 3, dtype=torch.int8)
    of_edges, of_signs = losses(torch.zeros(1, 3, 3), torch.ones(1, 3, 3), none, real)
    assert of_edges.item() == pytest.approx(np.log(2)) and of_signs.item() == 0


def test_validation_is_loss_and_average_precision(held):
    torch.manual_seed(0)
    model = ZeroShotGAT(Architecture(**CONFIG["model"]))
    loss, precision = validate(model, held)
    expected = []
    for one in held:
        expression, real, _, signs = unchanged([one], 60)
        with torch.no_grad():
            edge, sign = model(expression, real)
        off = ~np.eye(len(one.signs), dtype=bool)
        labels = (one.signs != 0)[off]
        score = average_precision(labels, edge[0].numpy()[off].astype(float))
        expected.append((losses(edge, sign, signs, real)[0].item(), score))
    assert loss == pytest.approx(np.mean(expected, axis=0)[0], abs=1e-5)
    assert precision == pytest.approx(np.mean(expected, axis=0)[1], abs=1e-6)
    assert model.training


def test_standardised_inputs_have_mean_0_and_sd_1(samples):
    torch.manual_seed(0)
    model = ZeroShotGAT(Architecture(**CONFIG["model"]))
    standardise(model, samples, PLAIN, np.random.default_rng(0))
    caught = []
    model.encode_genes.register_forward_pre_hook(lambda _, given: caught.append(given[0]))
    for one in samples:
        expression, real, _, _ = augmented([one], PLAIN, np.random.default_rng(1))
        model(expression, real)
    values = torch.cat([x[0] for x in caught])
    assert values.mean(0).abs().max() < 0.6 and values.std(0).max() < 1.5
    assert model.pair_sd.min() >= 0.01 and not torch.equal(
        model.pair_mean, torch.zeros_like(model.pair_mean)
    )


# ---------------------------------------------------------------------------- training


def test_curve(trained):
    _, curve, _ = trained
    assert list(curve) == ["epoch", "train_loss", "validation_loss", "validation_ap"]
    assert curve["epoch"].tolist() == [1, 2, 3]
    assert np.isfinite(curve.to_numpy(float)).all() and curve["validation_ap"].between(0, 1).all()


def test_result_is_the_last_state(trained, held):
    model, curve, _ = trained
    loss, precision = validate(copy.deepcopy(model), held)
    assert [loss, precision] == curve.iloc[-1][["validation_loss", "validation_ap"]].tolist()
    assert not model.training


@pytest.mark.parametrize("after", [1, 2])
def test_interrupted_and_resumed_it_gives_the_same_bits(
    monkeypatch, samples, held, trained, tmp_path, after, capsys
):
    path = tmp_path / "checkpoint.safetensors"
    real, calls = pretraining.validate, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(pretraining, "validate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train_member(samples, held, settings(), 1, path)
    torch.manual_seed(99)
    calls.clear()
    monkeypatch.setattr(pretraining, "validate", lambda *a: calls.append(1) or real(*a))
    model, curve = train_member(samples, held, settings(), 1, path)
    assert len(calls) == 3 - after  # it did not start anew
    assert f"resumed after epoch {after}" in capsys.readouterr().err
    assert same(model, trained[0])
    pd.testing.assert_frame_equal(curve, trained[1], check_exact=True)


def test_a_finished_training_is_not_done_again(monkeypatch, samples, held, trained):
    monkeypatch.setattr(pretraining, "validate", None)
    model, curve = train_member(samples, held, settings(), 1, trained[2])
    assert same(model, trained[0])
    pd.testing.assert_frame_equal(curve, trained[1], check_exact=True)


@pytest.mark.parametrize(
    "changed",
    [{"seed": 8}, {"learning_rate": 0.02}, {"width": 16}, {"cells": [40, 50]}, {"member": 2}, {}],
)
def test_checkpoints_of_other_settings_or_networks_are_not_taken(
    samples, held, trained, tmp_path, changed, capsys
):
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(trained[2].read_bytes())
    member = changed.get("member", 1)
    config = settings(**changed)
    given = samples if changed else samples[:-1]
    model, curve = train_member(given, held, config, member, path)
    assert "is of other data, settings or code: training it anew" in capsys.readouterr().err
    assert len(curve) == 3 and not curve["train_loss"].isin(trained[1]["train_loss"]).any()
    if not changed:
        fresh, expected = train_member(given, held, config, member, tmp_path / "other")
        assert same(model, fresh) and curve.equals(expected)


def test_checkpoints_of_other_code_or_validation_networks_are_not_taken(
    samples, held, trained, tmp_path, capsys
):
    path, code = tmp_path / "checkpoint.safetensors", tmp_path / "code.py"
    code.write_text("")
    for followed, files in [(held, [code]), (held[::-1], [])]:
        path.write_bytes(trained[2].read_bytes())
        model, _ = train_member(samples, followed, settings(), 1, path, files)
        assert "is of other data, settings or code: training it anew" in capsys.readouterr().err
        assert same(model, trained[0])


@pytest.mark.parametrize("content", [b"", b"nonsense", "half"])
def test_broken_checkpoints_start_anew(samples, held, trained, tmp_path, content, capsys):
    path = tmp_path / "checkpoint.safetensors"
    whole = trained[2].read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content == "half" else content)
    model, _ = train_member(samples, held, settings(), 1, path)
    assert "cannot be read: training it anew" in capsys.readouterr().err
    assert same(model, trained[0])


def test_same_seed_same_bits_whatever_the_callers_state(samples, held, trained, tmp_path):
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    again = train_member(samples, held, settings(), 1, tmp_path / "again")
    assert same(again[0], trained[0]) and again[1].equals(trained[1])


def test_every_epoch_draws_anew_and_shows_each_network_once(monkeypatch, samples, held, tmp_path):
    seen, real = [], pretraining.augmented

    def spied(group, *arguments):
        batch = real(group, *arguments)
        seen.append((group, batch[0]))
        return batch

    monkeypatch.setattr(pretraining, "standardise", lambda *arguments: None)
    monkeypatch.setattr(pretraining, "augmented", spied)
    train_member(samples, held, settings(epochs=2), 1, tmp_path / "checkpoint")
    number = len(seen) // 2
    for epoch in (seen[:number], seen[number:]):
        shown = [id(one) for group, _ in epoch for one in group]
        assert sorted(shown) == sorted(map(id, samples))
    first, second = ({tuple(x.flatten()[:5].tolist()) for _, x in e}
                     for e in (seen[:number], seen[number:]))  # fmt: skip
    assert not first & second


def test_learning_rate_warms_up_and_falls_to_0(monkeypatch, samples, held, tmp_path):
    rates, real = [], torch.optim.AdamW.step

    def spied(self, *arguments):
        rates.append(self.param_groups[0]["lr"])
        return real(self, *arguments)

    monkeypatch.setattr(torch.optim.AdamW, "step", spied)
    train_member(samples, held, settings(epochs=4, warmup=4), 1, tmp_path / "checkpoint")
    steps = len(rates)
    assert steps % 4 == 0 and steps >= 12
    np.testing.assert_allclose(rates[:3], [0.0025, 0.005, 0.0075], rtol=1e-6)
    cosine = 0.01 * (0.5 + 0.5 * np.cos(np.pi * np.arange(steps) / steps))
    np.testing.assert_allclose(rates[4:], cosine[4:], rtol=1e-6)


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """Correlated pairs are edges, and the sign is that of the correlation: soon learned."""
    many = [sample(6, seed) for seed in range(100, 160)]
    others = [sample(6, seed) for seed in range(200, 210)]
    config = settings(epochs=8, batch=6, batch_pairs=1000, sign_weight=1, dropout_share=0)
    path = tmp_path_factory.mktemp("learned") / "checkpoint"
    return (*train_member(many, others, config, 1, path), others)


def test_a_learnable_problem_is_learned(learned):
    _, curve, _ = learned
    assert curve["train_loss"].iloc[-1] < 0.5 * curve["train_loss"].iloc[0]
    assert curve["validation_loss"].iloc[-1] < 0.25
    assert curve["validation_ap"].iloc[-1] > 0.95


def test_signs_are_learned_too(learned):
    model, _, others = learned
    expression, real, _, signs = unchanged(others, 60)
    with torch.no_grad():
        _, sign = model(expression, real)
    edges = signs != 0
    assert ((sign > 0) == (signs > 0))[edges].float().mean() > 0.95


def test_divergence_is_told(monkeypatch, samples, held, tmp_path):
    def diverged(edge, sign, signs, real):
        return edge.sum() * torch.nan, sign.sum()

    monkeypatch.setattr(pretraining, "losses", diverged)
    path = tmp_path / "checkpoint"
    with pytest.raises(InputError, match=r"diverged in epoch 1: .*training\.learning_rate"):
        train_member(samples, held, settings(), 1, path)
    assert not path.exists()
