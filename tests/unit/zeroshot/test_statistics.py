"""Statistics that the zero-shot model sees: by hand, by brute force, and what must not matter."""

import numpy as np
import pytest
import torch

from grn_gat.core.device import deterministic
from grn_gat.zeroshot.statistics import (
    LEVELS,
    NODE_STATISTICS,
    PAIR_STATISTICS,
    TRIPLE_STATISTICS,
    WINDOWS,
    levels,
    node_and_pair_statistics,
    triple_statistics,
)

STATES = ("both", "regulator_only", "context_only", "neither")


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    deterministic()


def cells_of(genes: int = 5, cells: int = 200, seed: int = 0) -> torch.Tensor:
    """Cells (1, cells, genes) with all four levels in every gene, and dependence between genes."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(1.5, size=(cells, genes))
    values[:, 1] += values[:, 0]
    values[:, 2] *= values[:, 0] < 1.2
    values[rng.random(values.shape) < 0.2] = 0
    return torch.tensor(values[None], dtype=torch.float32)


def statistics(expression, pseudotime=None, genes=None):
    """Node and pair statistics by name, of the first data set."""
    if genes is None:
        genes = torch.ones(len(expression), expression.shape[2], dtype=torch.bool)
    node, pair, high = node_and_pair_statistics(expression, genes, pseudotime)
    assert node.shape[2] == len(NODE_STATISTICS) and pair.shape[3] == len(PAIR_STATISTICS)
    named = {n: node[0, :, k].numpy() for k, n in enumerate(NODE_STATISTICS)}
    return named, {n: pair[0, :, :, k].numpy() for k, n in enumerate(PAIR_STATISTICS)}, high[0]


def tensors(expression, pseudotime=None):
    genes = torch.ones(len(expression), expression.shape[2], dtype=torch.bool)
    return node_and_pair_statistics(expression, genes, pseudotime)


def same(one, two, atol=1e-5):
    for first, second in zip(one, two, strict=True):
        torch.testing.assert_close(first, second, rtol=1e-4, atol=atol)


# ---------------------------------------------------------------------------- by hand


def test_levels_by_hand():
    # 100 cells: the scale is the mean of the two largest values, 5.
    values = np.full(100, 0.5)
    values[:9] = [0, 1.2, 1.25, 1.3, 2.9, 3.0, 3.1, 4, 6]
    scale, scaled, level = levels(torch.tensor(values[None, :, None], dtype=torch.float32))
    assert scale.tolist() == [[5.0]]
    assert scaled[0, :9, 0].tolist() == pytest.approx(values[:9] / 5)
    assert LEVELS == ("zero", "low", "middle", "high")
    found = [LEVELS[k] for k in level[0, :10, 0].argmax(-1)]
    assert found == ["zero", "low", *["middle"] * 3, *["high"] * 4, "low"]
    assert (level.sum(-1) == 1).all()


def test_scale_of_few_cells_is_their_largest_value():
    scale, _, _ = levels(torch.tensor([[[1.0], [7.0], [3.0]]]))
    assert scale.tolist() == [[7.0]]


def test_scale_is_the_genes_own():
    values = cells_of()
    scale = levels(values * torch.tensor([1.0, 10, 1, 1, 1]))[0] / levels(values)[0]
    assert scale[0].tolist() == pytest.approx([1, 10, 1, 1, 1])


def test_node_statistics_by_hand():
    values = cells_of(3, 100)
    values[..., 2] *= 0.1
    node, _, _ = statistics(values)
    x = values[0].numpy().astype(float)
    scale = np.sort(x, axis=0)[-2:].mean(0)
    scaled = x / scale
    share = np.stack(
        [
            x == 0,
            (x > 0) & (scaled < 0.25),
            (scaled >= 0.25) & (scaled < 0.6),
            scaled >= 0.6,
        ]
    ).mean(1)
    assert (share > 0).all()
    for k, name in enumerate(LEVELS):
        np.testing.assert_allclose(node[f"share_{name}"], share[k], atol=1e-6)
        np.testing.assert_allclose(node[f"root_share_{name}"], np.sqrt(share[k]), atol=1e-6)
    np.testing.assert_allclose(node["mean"], scaled.mean(0), rtol=1e-5)
    np.testing.assert_allclose(node["sd"], scaled.std(0, ddof=1), rtol=1e-5)
    np.testing.assert_allclose(node["third_moment"], (scaled**3).mean(0), rtol=1e-5)
    relative = np.log(scale / scale.max() + 1e-3)
    np.testing.assert_allclose(node["log_relative_scale"], relative, atol=1e-5)
    assert all((node[f"high_in_window_{k + 1}"] == 0).all() for k in range(WINDOWS))
    assert (node["has_pseudotime"] == 0).all()


def test_joint_shares_are_those_of_regulator_and_target():
    values = cells_of(4, 150)
    _, pair, _ = statistics(values)
    level = levels(values)[2][0].argmax(-1).numpy()
    for u in range(4):
        for v in range(4):
            for a, first in enumerate(LEVELS):
                share = (level[:, u] == a).mean()
                both = ((level[:, u] == a) & (level[:, v] == 3)).mean()
                given = pair[f"target_high_given_{first}"][u, v]
                assert given == pytest.approx(both / (share + 1e-3), abs=1e-5)
                for b, second in enumerate(LEVELS):
                    expected = np.sqrt(((level[:, u] == a) & (level[:, v] == b)).mean())
                    found = pair[f"root_joint_{first}_{second}"][u, v]
                    assert found == pytest.approx(expected, abs=1e-5)


def test_correlations_by_hand():
    values = cells_of(5, 300)
    _, pair, high = statistics(values)
    _, scaled, level = (x[0].numpy().astype(float) for x in levels(values))
    clipped = np.clip(scaled, 0, 1.5)
    low = level[..., 0] + level[..., 1]
    by_name = {
        "correlation": clipped,
        "correlation_of_roots": np.sqrt(clipped),
        "correlation_of_high": level[..., 3],
        "correlation_of_low": low,
    }
    np.testing.assert_array_equal(high.numpy(), level[..., 3])
    off = ~np.eye(5, dtype=bool)
    for name, x in by_name.items():
        np.testing.assert_allclose(pair[name], np.corrcoef(x.T), atol=2e-3)
    for name, x in (
        ("partial_correlation", clipped),
        ("partial_correlation_of_high", level[..., 3]),
    ):
        shrunken = np.where(off, 0.97 * np.corrcoef(x.T), 1)
        precision = np.linalg.inv(shrunken)
        root = np.sqrt(np.diag(precision))
        expected = -precision / np.outer(root, root)
        np.testing.assert_allclose(pair[name][off], expected[off], atol=3e-3)


def test_partial_correlation_explains_a_chain_away():
    rng = np.random.default_rng(1)
    a = rng.normal(size=4000)
    b = a + 0.5 * rng.normal(size=4000)
    c = b + 0.5 * rng.normal(size=4000)
    values = np.stack([a, b, c], 1) * 0.1 + 1
    _, pair, _ = statistics(torch.tensor(values[None], dtype=torch.float32))
    assert pair["correlation"][0, 2] > 0.7
    assert abs(pair["partial_correlation"][0, 2]) < 0.15 < pair["partial_correlation"][0, 1]


def test_correlation_where_both_are_high_by_hand():
    values = cells_of(3, 2000, seed=4)
    _, pair, high = statistics(values)
    _, scaled, _ = (x[0].numpy().astype(float) for x in levels(values))
    both = (high[:, 0] * high[:, 1]).numpy() > 0
    x, y = scaled[both, 0], scaled[both, 1]
    assert 20 < both.sum() < 1000
    share = both.mean()
    deviations = np.stack([x, y]) - 0.8
    sums = deviations.sum(1) / 2000 / (share + 1e-3)
    square = (deviations**2).sum(1) / 2000 / (share + 1e-3) - sums**2
    product = deviations.prod(0).sum() / 2000 / (share + 1e-3) - sums.prod()
    expected = product / np.sqrt(square.prod()) * share / (share + 0.02)
    found = pair["correlation_where_both_high"]
    assert found[0, 1] == pytest.approx(expected, abs=1e-3)
    assert found[1, 0] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("targets", [slice(0, 5), slice(1, 3)])
def test_triples_by_brute_force(targets):
    values = torch.cat([cells_of(5, 120), cells_of(5, 120, seed=9)])
    high = levels(values)[2][..., 3]
    context = torch.tensor([[[1, 2, 4], [0, 2, 3], [4, 1, 0], [0, 1, 2], [3, 1, 0]]])
    context = torch.cat([context, context.flip(2)])[:, targets]
    found = triple_statistics(high, targets, context)
    assert found.shape == (2, context.shape[1], 3, 5, len(TRIPLE_STATISTICS))
    for batch, row, place, u in np.ndindex(*found.shape[:4]):
        v, w = row + targets.start, context[batch, row, place]
        on = high[batch].numpy() > 0
        regulator, third, target = on[:, u], on[:, w], on[:, v]
        state = {
            "both": regulator & third,
            "regulator_only": regulator & ~third,
            "context_only": ~regulator & third,
            "neither": ~regulator & ~third,
        }
        for name in STATES:
            cell = found[batch, row, place, u]
            share, both = state[name].mean(), (state[name] & target).mean()
            given = cell[TRIPLE_STATISTICS.index(f"target_high_given_{name}")]
            assert given == pytest.approx((both + 5e-4) / (share + 1e-3), abs=2e-3)
            root = cell[TRIPLE_STATISTICS.index(f"root_share_{name}")]
            assert root == pytest.approx(np.sqrt(share), abs=1e-3)


# ---------------------------------------------------------------------------- pseudotime


def along(high: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Window means and pair statistics along one trajectory, window by window."""
    size = len(time) // WINDOWS
    order = np.argsort(time)[: size * WINDOWS]
    windows = [order[k * size : (k + 1) * size] for k in range(WINDOWS)]
    means = np.stack([high[w].mean(0) for w in windows])
    within = np.concatenate([high[w] - m for w, m in zip(windows, means, strict=True)])
    centred, change = means - means.mean(0), np.diff(means, axis=0)

    def cosine(x, y, add):
        norms = [np.linalg.norm(z, axis=0) + add for z in (x, y)]
        return x.T @ y / np.outer(*norms)

    later, same_window = cosine(centred[:-1], centred[1:], 0.03), cosine(centred, centred, 0.03)
    return means, {
        "correlation_within_windows": cosine(within, within, 1e-4 * len(within) ** 0.5),
        "level_then_change": cosine(centred[:-1], change, 0.03),
        "level_then_level": later,
        "level_with_level": same_window,
        "later_minus_same": later - same_window,
    }


def test_pseudotime_by_brute_force():
    values = cells_of(4, 250)
    time = np.random.default_rng(2).random(250)
    node, pair, high = statistics(values, torch.tensor(time[None]))
    means, expected = along(high.numpy().astype(float), time)
    for k in range(WINDOWS):
        np.testing.assert_allclose(node[f"high_in_window_{k + 1}"], means[k], atol=1e-6)
    for name, value in expected.items():
        np.testing.assert_allclose(pair[name], value, atol=1e-4)
    assert (node["has_pseudotime"] == 1).all() and (pair["has_pseudotime"] == 1).all()


def test_several_trajectories_are_averaged():
    values = cells_of(4, 300)
    rng = np.random.default_rng(3)
    time = rng.random((300, 3))
    time[200:, 0] = np.nan
    time[:100, 1] = np.nan
    time[20:, 2] = np.nan  # too short to have windows
    node, pair, high = statistics(values, torch.tensor(time[None], dtype=torch.float32))
    high = high.numpy().astype(float)
    parts = [along(high[:200], time[:200, 0]), along(high[100:], time[100:, 1])]
    for k in range(WINDOWS):
        expected = np.mean([means[k] for means, _ in parts], axis=0)
        np.testing.assert_allclose(node[f"high_in_window_{k + 1}"], expected, atol=1e-6)
    for name in parts[0][1]:
        expected = np.mean([p[name] for _, p in parts], axis=0)
        np.testing.assert_allclose(pair[name], expected, atol=1e-4)


@pytest.mark.parametrize("times", ["nan", "short"])
def test_without_a_usable_trajectory_it_is_as_without_pseudotime(times):
    values = cells_of(4, 60)
    pseudotime = torch.full((1, 60, 2), torch.nan)
    if times == "short":
        pseudotime[0, :23, 0] = torch.arange(23.0)
    for first, second in zip(tensors(values, pseudotime), tensors(values), strict=True):
        assert torch.equal(first, second)
    pseudotime[0, :24, 1] = torch.arange(24.0)
    assert (statistics(values, pseudotime)[0]["has_pseudotime"] == 1).all()


def test_only_the_order_of_pseudotime_counts():
    values = cells_of(4, 240)
    time = torch.rand(1, 240, generator=torch.Generator().manual_seed(0))
    same(tensors(values, time), tensors(values, torch.exp(5 * time) - 3), atol=0)
    other = tensors(values, time.flip(1))
    assert not torch.allclose(tensors(values, time)[1], other[1])


def test_the_earlier_gene_is_seen_to_lead():
    """A wave of two genes, the second a quarter period behind."""
    time = torch.linspace(0, 1, 600)
    waves = [torch.sin(2 * torch.pi * (time - shift)) > 0 for shift in (0, 0.25)]
    values = torch.stack(waves, 1).float()[None] + 0.1
    _, pair, _ = statistics(values, time[None])
    for name in ("level_then_change", "level_then_level", "later_minus_same"):
        assert pair[name][0, 1] > pair[name][1, 0] + 0.3


# ---------------------------------------------------------------------------- invariance


@pytest.fixture
def full():
    """300 cells of five genes with two trajectories."""
    time = torch.rand(1, 300, 2, generator=torch.Generator().manual_seed(1))
    time[0, :100, 0] = torch.nan
    time[0, 200:, 1] = torch.nan
    return cells_of(5, 300), time


def test_order_of_cells_does_not_matter(full):
    values, time = full
    order = torch.randperm(300, generator=torch.Generator().manual_seed(2))
    node, pair, high = tensors(values, time)
    permuted = tensors(values[:, order], time[:, order])
    same((node, pair), permuted[:2])
    assert torch.equal(high[:, order], permuted[2])


def test_genes_move_along(full):
    values, time = full
    order = torch.tensor([3, 0, 4, 2, 1])
    node, pair, high = tensors(values, time)
    same(
        (node[:, order], pair[:, order][:, :, order], high[..., order]),
        tensors(values[..., order], time),
    )


@pytest.mark.parametrize("factor", [1e-6, 0.37, 1e4])
def test_common_factor_does_not_matter(full, factor):
    values, time = full
    same(tensors(values, time), tensors(values * factor, time), atol=1e-4)


def test_number_of_cells_does_not_matter(full):
    values, _ = full
    time = torch.rand(1, 300, generator=torch.Generator().manual_seed(4))
    once, twice = (
        tensors(values, time),
        tensors(torch.cat([values] * 2, 1), torch.cat([time] * 2, 1)),
    )
    same(once[:2], twice[:2], atol=5e-3)


def test_padding_does_not_matter(full):
    values, time = full
    node, pair, _ = tensors(values, time)
    padded = torch.cat([values, torch.zeros(1, 300, 3)], 2)
    genes = torch.tensor([[True] * 5 + [False] * 3])
    found = node_and_pair_statistics(padded, genes, time)
    same((node, pair), (found[0][:, :5], found[1][:, :5, :5]))


def test_what_is_in_the_padding_does_not_change_partial_correlations(full):
    values, _ = full
    padded = torch.cat([values, values[..., :1] + values[..., 1:2]], 2)
    genes = torch.tensor([[True] * 5 + [False]])
    found = node_and_pair_statistics(padded, genes, None)[1][:, :5, :5]
    same((tensors(values)[1],), (found,))


def test_data_sets_of_a_batch_do_not_mix():
    one, two = cells_of(4, 120), cells_of(4, 120, seed=5)
    times = torch.rand(2, 120, generator=torch.Generator().manual_seed(1))
    together = tensors(torch.cat([one, two]), times)
    for k, values in enumerate((one, two)):
        same([x[k : k + 1] for x in together], tensors(values, times[k : k + 1]))


@pytest.mark.parametrize("cells", [12, 24, 100])
@pytest.mark.parametrize("with_time", [False, True])
def test_always_finite(cells, with_time):
    values = cells_of(6, cells)
    values[..., 0] = 0
    values[..., 1] = 3.0
    values[..., 2] = 0
    values[0, 0, 2] = 1.0
    values[..., 3] = values[..., 4]
    time = torch.arange(float(cells))[None] if with_time else None
    for data in (values, torch.zeros_like(values), torch.ones_like(values)):
        node, pair, high = tensors(data, time)
        context = torch.tensor([[[1, 2]] * 6])
        triples = triple_statistics(high, slice(0, 6), context)
        for found in (node, pair, triples):
            assert torch.isfinite(found).all() and found.abs().max() < 100
