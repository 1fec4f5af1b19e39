"""Weights files of the zero-shot model, and inference with them."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from grn_gat.algorithms._registry import load_method, run_method
from grn_gat.core.device import deterministic
from grn_gat.core.errors import InputError
from grn_gat.zeroshot.ensemble import Ensemble, edge_probabilities, load_ensemble, save_ensemble
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.weights_metadata import read_metadata

SIZES = {
    "layers": 1, "heads": 2, "width": 8, "pair_width": 6, "path_width": 4, "triple_layers": [0],
    "candidates": 8, "context": 3, "pair_statistics": True,
}  # fmt: skip
CALIBRATION = {"temperature": 0.2, "shift": -0.5, "sign_temperature": 0.1}
PROVENANCE = {"seed": 3, "commit": "abc"}


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    deterministic()


def member(seed: int, sign_shift: float = 0) -> ZeroShotGAT:
    torch.manual_seed(seed)
    network = ZeroShotGAT(Architecture(**SIZES))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape))
        network.pair_mean.normal_()
        network.decode[2].bias[1] += sign_shift
    return network.eval()


@pytest.fixture(scope="module")
def ensemble():
    return Ensemble([member(1, 0.32), member(2, 0.32)], **CALIBRATION)


@pytest.fixture(scope="module")
def weights(ensemble, tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "weights.safetensors"
    states = [m.state_dict() for m in ensemble.members]
    save_ensemble(path, states, SIZES, CALIBRATION, PROVENANCE)
    return path


@pytest.fixture(scope="module")
def expression():
    """(genes, cells): 6 genes, 200 cells."""
    rng = np.random.default_rng(3)
    values = rng.gamma(1, size=(6, 200))
    values[3] += values[0]
    values[4] *= values[1] < 1
    values.flags.writeable = False
    return values


def off(matrix: np.ndarray) -> np.ndarray:
    return matrix[~np.eye(len(matrix), dtype=bool)]


def logits(found: np.ndarray) -> np.ndarray:
    return np.log(found / (1 - found))


# ---------------------------------------------------------------------------- weights files


def test_round_trip_rounds_to_float16(ensemble, weights):
    found = load_ensemble(weights)
    assert (found.temperature, found.shift, found.sign_temperature) == (0.2, -0.5, 0.1)
    assert len(found.members) == 2
    for one, two in zip(ensemble.members, found.members, strict=True):
        assert not two.training and list(two.sizes.triple_layers) == [0]
        given, read = one.state_dict(), two.state_dict()
        assert given.keys() == read.keys()
        for name, value in read.items():
            assert value.dtype == torch.float32
            assert torch.equal(value, given[name].half().float())
    first, second = (m.state_dict() for m in found.members)
    assert not torch.equal(first["decode.0.weight"], second["decode.0.weight"])


def test_reading_and_writing_again_changes_nothing(weights, tmp_path):
    again = tmp_path / "again"
    states = [m.state_dict() for m in load_ensemble(weights).members]
    save_ensemble(again, states, SIZES, CALIBRATION, PROVENANCE)
    assert again.read_bytes() == weights.read_bytes()
    save_ensemble(again, states, SIZES, CALIBRATION | {"shift": 0.0}, PROVENANCE)
    assert again.read_bytes() != weights.read_bytes()


def test_the_file_has_half_the_size_and_says_where_it_is_from(weights, ensemble):
    numbers = sum(v.numel() for m in ensemble.members for v in m.state_dict().values())
    content = weights.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    described = json.loads(header["__metadata__"]["grn_gat"])
    assert len(described.pop("digest")) == 64
    assert described == {
        "architecture": SIZES, "calibration": CALIBRATION, "provenance": PROVENANCE
    }  # fmt: skip
    assert len(content) == 8 + int.from_bytes(content[:8], "little") + 2 * numbers


def changed_file(weights, path, architecture=None, drop=None, metadata="keep", reshape=False):
    tensors = load_file(weights)
    if drop:
        del tensors[drop]
    if reshape:
        tensors["member-1.decode.0.weight"] = tensors["member-1.decode.0.weight"][:, :-1].clone()
    text = json.dumps(
        {"architecture": architecture or SIZES, "calibration": CALIBRATION, "provenance": {}}
    )
    save_file(tensors, path, {"grn_gat": text if metadata == "keep" else metadata})
    return path


@pytest.mark.parametrize(
    "changed",
    [
        {"drop": "member-2.decode.0.weight"},
        {"reshape": True},
        {"architecture": SIZES | {"width": 16}},
        {"architecture": SIZES | {"layers": 2}},
        {"architecture": SIZES | {"unknown": 2}},
        {"metadata": "no json"},
        {"metadata": "{}"},
    ],
)
def test_files_with_wrong_content_are_refused(weights, tmp_path, changed):
    path = changed_file(weights, tmp_path / "changed.safetensors", **changed)
    with pytest.raises(InputError, match=r"changed\.safetensors: not a weights file of gat-zero"):
        load_ensemble(path)


def test_an_unchanged_copy_is_accepted(weights, tmp_path):
    """What `changed_file` writes is refused for its change only."""
    assert len(load_ensemble(changed_file(weights, tmp_path / "copy")).members) == 2


def test_a_changed_number_is_noticed(weights, tmp_path):
    """In the parameters and in the calibration: such a file reads well otherwise."""
    content, path = weights.read_bytes(), tmp_path / "damaged.safetensors"
    start = 8 + int.from_bytes(content[:8], "little")
    assert content.count(b"-0.5") == 1
    for place in (start, (start + len(content)) // 2, len(content) - 1):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(InputError, match=r"damaged\.safetensors: .* fetch it anew"):
            load_ensemble(path)
    path.write_bytes(content.replace(b"-0.5", b"-0.6"))
    with pytest.raises(InputError, match="damaged after it was written"):
        load_ensemble(path)


def test_the_shipped_weights_have_a_digest(repository):
    described = read_metadata(repository / "workflow/resources/zeroshot/levels.safetensors")
    assert len(described["digest"]) == 64


def test_missing_and_foreign_files_are_refused(weights, tmp_path):
    with pytest.raises(InputError, match="weights of gat-zeroshot cannot be read"):
        load_ensemble(tmp_path / "none.safetensors")
    path = tmp_path / "file.safetensors"
    for content in (b"", b"no weights at all, but text", weights.read_bytes()[:-100]):
        path.write_bytes(content)
        with pytest.raises(InputError, match="not a weights file of gat-zeroshot"):
            load_ensemble(path)
    save_file({"member-1.x": torch.zeros(2)}, path)  # no metadata
    with pytest.raises(InputError, match="not a weights file of gat-zeroshot"):
        load_ensemble(path)


# ---------------------------------------------------------------------------- inference


def test_probabilities_are_the_calibrated_mean_of_the_members(ensemble, expression):
    edge, sign = edge_probabilities(ensemble, expression, None, 1)
    assert edge.shape == sign.shape == (6, 6) and edge.dtype == float
    assert (off(edge) > 0).all() and (off(edge) < 1).all() and off(edge).std() > 0.01
    assert (off(sign) > 0).all() and (off(sign) < 1).all()
    values = torch.tensor(expression.T[None], dtype=torch.float32)
    with torch.no_grad():
        found = [m(values, torch.ones(1, 6, dtype=torch.bool)) for m in ensemble.members]
    for k, (probability, divisor, shift) in enumerate(((edge, 0.2, -0.5), (sign, 0.1, 0))):
        one, two = (f[k][0].numpy() for f in found)
        assert np.abs(off(one - two)).max() > 0.01
        expected = (one + two) / 2 / divisor + shift
        np.testing.assert_allclose(off(logits(probability)), off(expected), atol=1e-4)


def test_pseudotime_with_missing_values_is_used(ensemble, expression):
    time = np.stack([np.linspace(0, 1, 200), np.linspace(1, 0, 200)], 1)
    time[:80, 0] = np.nan
    time[100:, 1] = np.nan
    plain, timed = (edge_probabilities(ensemble, expression, t, 1) for t in (None, time))
    assert np.isfinite(timed).all()
    assert np.abs(off(plain[0] - timed[0])).max() > 1e-3
    # It stays with its cells.
    few = [edge_probabilities(ensemble, expression, t, 1, cells=120) for t in (time, time[::-1])]
    order = np.random.default_rng(0).permutation(200)
    again = edge_probabilities(ensemble, expression[:, order], time[order], 1)
    np.testing.assert_allclose(again[0], timed[0], atol=1e-4)
    assert np.abs(off(few[0][0] - few[1][0])).max() > 1e-4


def test_a_sample_of_the_cells_is_drawn_where_there_are_too_many(ensemble, expression):
    class Spy(Ensemble):
        def logits(self, values, genes, pseudotime):
            shown.append((values[0].numpy(), pseudotime))
            return super().logits(values, genes, pseudotime)

    shown = []
    spy = Spy(ensemble.members, **CALIBRATION)
    time = np.arange(200.0)[:, None]
    column = {tuple(row): k for k, row in enumerate(expression.T.astype(np.float32))}

    def cells_shown(**options):
        shown.clear()
        found = edge_probabilities(spy, expression, time, 5, **options)
        numbers = []
        for values, times in shown:
            chosen = [column[tuple(row)] for row in values]
            assert times[0, :, 0].tolist() == chosen  # pseudotime of the same cells
            numbers.append(chosen)
        return numbers, found[0]

    every, _ = cells_shown()
    assert every == [list(range(200))]
    every, _ = cells_shown(cells=200)
    assert every == [list(range(200))]
    one, first = cells_shown(cells=50)
    assert [len(set(c)) for c in one] == [50]
    several, found = cells_shown(cells=50, subsamples=3)
    assert [len(set(c)) for c in several] == [50] * 3
    assert several[0] != several[1] != several[2]
    assert not np.array_equal(first, found)
    most, _ = cells_shown(subsamples=2)
    assert [len(set(c)) for c in most] == [160] * 2


def test_logits_of_subsamples_are_averaged(ensemble, expression, monkeypatch):
    given = iter([torch.full((1, 6, 6), v) for v in (0.1, 0.7)])

    def logits_of(self, *arguments):
        value = next(given)
        return value, 2 * value

    monkeypatch.setattr(Ensemble, "logits", logits_of)
    edge, sign = edge_probabilities(ensemble, expression, None, 1, subsamples=2)
    np.testing.assert_allclose(logits(edge), 0.4 / 0.2 - 0.5, rtol=1e-6)
    np.testing.assert_allclose(logits(sign), 0.8 / 0.1, rtol=1e-6)


def test_the_seed_decides_on_the_cells_only(ensemble, expression):
    def edges(seed, **options):
        return edge_probabilities(ensemble, expression, None, seed, **options)[0]

    assert np.array_equal(edges(1, cells=60), edges(1, cells=60))
    assert not np.array_equal(edges(1, cells=60), edges(2, cells=60))
    assert np.array_equal(edges(1), edges(2))


def test_smallest_data_set(ensemble, expression):
    edge, _ = edge_probabilities(ensemble, expression[:2, :10], None, 1, subsamples=2)
    assert edge.shape == (2, 2) and np.isfinite(edge).all()
    silent = np.zeros((3, 12))
    assert np.isfinite(edge_probabilities(ensemble, silent, None, 1)[0]).all()


def test_data_it_is_not_made_for_are_refused(ensemble, expression):
    for part in (expression[:1], expression[:, :9]):
        with pytest.raises(InputError, match="at least 2 genes and 10 cells, not"):
            edge_probabilities(ensemble, part, None, 1)
    negative = expression.copy()
    negative[2, 5] = -0.25
    with pytest.raises(InputError, match=r"at least 0 .*the smallest is -0\.25"):
        edge_probabilities(ensemble, negative, None, 1)


# ---------------------------------------------------------------------------- the method


def infer(weights, expression, time=None, method="gat-zeroshot", **changed):
    settings = {"weights": str(weights), "cells": 5000, "subsamples": 1} | changed
    genes = [f"g{k}" for k in range(len(expression))]
    everyone = np.arange(len(genes))
    return run_method(method, genes, expression, time, everyone, 1, 1, settings)


def infer_timed(weights, expression, time, **changed):
    return infer(weights, expression, time, "gat-zeroshot-pseudotime", **changed)


@pytest.fixture(scope="module")
def time():
    """Two trajectories of 200 cells, which share 20 of them."""
    values = np.stack([np.linspace(0, 1, 200), np.linspace(1, 0, 200)], 1)
    values[:80, 0] = np.nan
    values[100:, 1] = np.nan
    values.flags.writeable = False
    return values


def test_scores_are_probabilities_with_the_likelier_sign(weights, expression):
    found = infer(weights, expression)
    edge, activates = edge_probabilities(load_ensemble(weights), expression, None, 1)
    np.testing.assert_array_equal(off(np.abs(found)), off(edge))
    np.testing.assert_array_equal(off(found) > 0, off(activates) >= 0.5)
    assert (found > 0).any() and (found < 0).any() and (np.diag(found) == 0).all()
    record = load_method("gat-zeroshot")
    assert (
        record.signed
        and record.directed
        and not record.needs_variation
        and not record.needs_pseudotime
    )


def test_settings_of_the_method_arrive(weights, expression):
    edge, _ = edge_probabilities(load_ensemble(weights), expression, None, 1, 50, 2)
    found = infer(weights, expression, cells=50, subsamples=2)
    np.testing.assert_array_equal(off(np.abs(found)), off(edge))


def test_pseudotime_is_shown_to_one_of_the_two_methods(weights, expression, time):
    plain, timed = infer(weights, expression, time), infer_timed(weights, expression, time)
    np.testing.assert_array_equal(plain, infer(weights, expression))
    assert np.abs(np.abs(plain) - np.abs(timed)).max() > 1e-3
    edge, activates = edge_probabilities(load_ensemble(weights), expression, time, 1)
    np.testing.assert_array_equal(off(np.abs(timed)), off(edge))
    np.testing.assert_array_equal(off(timed) > 0, off(activates) >= 0.5)
    order = np.random.default_rng(0).permutation(200)
    again = infer_timed(weights, expression[:, order], time[order])
    np.testing.assert_allclose(again, timed, atol=1e-4)
    elsewhere = infer_timed(weights, expression[:, order], time)
    assert np.abs(elsewhere - timed).max() > 1e-3
    one, other = (load_method(name) for name in ("gat-zeroshot", "gat-zeroshot-pseudotime"))
    assert other.needs_pseudotime and not one.needs_pseudotime
    assert (other.signed, other.directed, other.needs_variation) == (True, True, False)


def test_trajectories_with_too_few_cells_are_left_out(weights, expression, time, capsys):
    timed = infer_timed(weights, expression, time)
    assert "left out" not in capsys.readouterr().out
    short = np.full((200, 1), np.nan)
    short[40:63, 0] = np.arange(23)
    found = infer_timed(weights, expression, np.hstack([time, short]))
    np.testing.assert_array_equal(found, timed)
    said = "trajectories have fewer than 24 of the cells used at once and are left out"
    assert f"warning: 1 of 3 {said}\n" in capsys.readouterr().out
    # None is left: as without pseudotime.
    np.testing.assert_array_equal(
        infer_timed(weights, expression, short), infer(weights, expression)
    )
    assert f"warning: 1 of 1 {said}\n" in capsys.readouterr().out
    # Long enough in all cells, too short in some of the draws.
    short[63:67, 0] = np.arange(23, 27)
    for settings in ({"subsamples": 3}, {"cells": 30, "subsamples": 2}):
        found = infer_timed(weights, expression, np.hstack([time, short]), **settings)
        assert np.isfinite(found).all() and off(found).all()
        assert f"{said} (in up to " in capsys.readouterr().out


def test_settings_arrive_with_pseudotime_too(weights, expression, time):
    edge, _ = edge_probabilities(load_ensemble(weights), expression, time, 1, 150, 2)
    found = infer_timed(weights, expression, time, cells=150, subsamples=2)
    np.testing.assert_array_equal(off(np.abs(found)), off(edge))


def test_constant_genes_are_no_obstacle(weights, expression):
    with_constant = np.vstack([expression, np.zeros(200), np.full(200, 3.0)])
    assert infer(weights, with_constant).shape == (8, 8)
