"""Statistics over all genes: against their definitions, in blocks, whatever was done to values."""

import numpy as np
import pytest
import torch
from scipy.stats import rankdata, spearmanr

from grn_gat.algorithms._rank_correlation import without_first_component
from grn_gat.core.seeds import generator
from grn_gat.zeroshot import robust_statistics
from grn_gat.zeroshot.robust_statistics import (
    DATA_STATISTICS,
    NODE_STATISTICS,
    PAIR_STATISTICS,
    SHRUNK,
    RobustStatistics,
    leading_components,
    ranks,
)


def counts(genes: int, cells: int, seed: int = 1) -> np.ndarray:
    """Counts that are driven by two common factors, and by some genes."""
    rng = generator(seed, "counts")
    states = rng.normal(size=(genes, cells))
    states[genes // 2 :] += 0.8 * states[: genes - genes // 2]
    loads = rng.normal(size=(genes, 2)) * [1.0, 0.6]
    states = states + loads @ rng.normal(size=(2, cells))
    return rng.poisson(np.exp(0.7 * states + 0.5)).astype(np.float32)


def pairs_of(values: np.ndarray) -> dict[str, np.ndarray]:
    """Every statistic of all pairs, by name."""
    every = torch.arange(len(values))
    found = RobustStatistics(torch.from_numpy(values)).pairs(every, every).numpy()
    return dict(zip(PAIR_STATISTICS, np.moveaxis(found, 2, 0), strict=True))


def off_diagonal(values: np.ndarray) -> np.ndarray:
    return values[~np.eye(len(values), dtype=bool)]


SHAPES = [(12, 80), (60, 25)]  # more cells than genes, and fewer


def test_ranks_are_mean_ranks():
    values = generator(2).integers(0, 4, (5, 30)).astype(np.float32)
    values[3] = 1
    found = ranks(torch.from_numpy(values)).numpy()
    for row, own in zip(found, values, strict=True):
        expected = rankdata(own) - 15.5
        length = np.linalg.norm(expected)
        np.testing.assert_allclose(row, expected / length if length else 0 * row, atol=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_rank_correlation(shape):
    values = counts(*shape)
    found = pairs_of(values)["rank_value"]
    np.testing.assert_allclose(
        off_diagonal(found), off_diagonal(spearmanr(values, axis=1).statistic), atol=1e-5
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_components_are_removed(shape):
    values = counts(*shape)
    standard = ranks(torch.from_numpy(values)).double().numpy()
    found = pairs_of(values)
    np.testing.assert_allclose(
        off_diagonal(found["rank_without_1_value"]),
        off_diagonal(without_first_component(standard @ standard.T)),
        atol=2e-4,
    )
    _, _, vectors = np.linalg.svd(standard, full_matrices=False)
    left = standard - standard @ vectors[:5].T @ vectors[:5]
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    difference = off_diagonal(found["rank_without_5_value"]) - off_diagonal(left @ left.T)
    # Where the fifth and the sixth component are as large, any direction between them is as good.
    assert np.abs(difference).max() < 0.02 and np.sqrt((difference**2).mean()) < 2e-3


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", SHRUNK)
def test_partial_correlations_of_a_shrunken_matrix(shape, share):
    values = counts(*shape)
    standard = ranks(torch.from_numpy(values)).double().numpy()
    shrunken = (1 - share) * standard @ standard.T + share * np.eye(len(values))
    precision = np.linalg.inv(shrunken)
    root = np.sqrt(np.diag(precision))
    expected = -precision / root / root[:, None]
    found = pairs_of(values)[f"partial_{round(100 * share)}_value"]
    np.testing.assert_allclose(off_diagonal(found), off_diagonal(expected), atol=1e-4)


def test_context_is_that_of_each_gene():
    found = pairs_of(counts(15, 90))
    for kind in robust_statistics.KINDS:
        size = np.abs(found[f"{kind}_value"])
        others = [np.delete(row, k) for k, row in enumerate(size)]
        mean = np.array([row.mean() for row in others])
        spread = np.array([row.std(ddof=1) for row in others])
        off = ~np.eye(15, dtype=bool)
        of_regulator = (size - mean[:, None]) / (spread[:, None] + 1e-3)
        np.testing.assert_allclose(found[f"{kind}_of_regulator"][off], of_regulator[off], atol=1e-3)
        np.testing.assert_allclose(found[f"{kind}_of_target"][off], of_regulator.T[off], atol=1e-3)


def test_cells_in_which_both_are_lowest():
    values = counts(8, 200)
    found = pairs_of(values)["lowest_together"]
    expected = np.corrcoef(values == values.min(axis=1, keepdims=True))
    np.testing.assert_allclose(off_diagonal(found), off_diagonal(expected), atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_any_block_is_that_of_the_whole(shape):
    values = counts(*shape)
    prepared = RobustStatistics(torch.from_numpy(values))
    every = torch.arange(len(values))
    rows, columns = torch.tensor([5, 0, 7]), torch.tensor([1, 2, 11, 8])
    whole = prepared.pairs(every, every)
    np.testing.assert_allclose(
        prepared.pairs(rows, columns), whole[rows][:, columns], atol=1e-4, rtol=1e-4
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_order_of_genes_and_cells_is_of_no_account(shape, monkeypatch):
    monkeypatch.setattr(robust_statistics, "BACKGROUND", 10)
    monkeypatch.setattr(robust_statistics, "MOST_CELLS", 20)
    rng = generator(3)
    values = counts(*shape) + rng.random((shape[0], 1)).astype(np.float32)  # means without ties
    values = values * (1 + 1e-3 * rng.random(shape[1])).astype(np.float32)  # totals as well
    genes, cells = rng.permutation(shape[0]), rng.permutation(shape[1])
    one = RobustStatistics(torch.from_numpy(values))
    other = RobustStatistics(torch.from_numpy(np.ascontiguousarray(values[genes][:, cells])))
    np.testing.assert_allclose(other.node, one.node[genes], atol=2e-3)
    np.testing.assert_allclose(other.data, one.data, atol=2e-3)
    every = torch.arange(shape[0])
    there = one.pairs(torch.from_numpy(genes), torch.from_numpy(genes))
    np.testing.assert_allclose(other.pairs(every, every)[..., 0], there[..., 0], atol=1e-5)


def test_what_keeps_the_order_of_a_gene_changes_no_pair():
    values = counts(10, 120)
    scale = generator(4).gamma(2, 1, (10, 1)).astype(np.float32)
    plain = pairs_of(values)
    for other in (np.log1p(values), values * scale, np.exp(values / values.max())):
        for name, found in pairs_of(other.astype(np.float32)).items():
            np.testing.assert_allclose(found, plain[name], atol=1e-3, err_msg=name)


def test_removing_a_common_factor_uncovers_what_it_hides():
    rng = generator(5)
    common = 3 * rng.normal(size=500)
    states = rng.normal(size=(20, 500)) + common
    states[1] += 1.5 * (states[0] - common)
    found = pairs_of(np.exp(states).astype(np.float32))
    others = np.delete(found["rank_without_1_value"][0], [0, 1])
    assert found["rank_without_1_value"][0, 1] > 0.6 > np.abs(others).max()
    assert np.delete(found["rank_value"][0], [0, 1]).min() > 0.8  # all vary together before


def test_what_a_data_set_is():
    values = counts(30, 60)
    kinds = {
        "counts": values,
        "shares": values / values.sum(axis=0) * 1e4,
        "logarithms": np.log1p(values / values.sum(axis=0) * 1e4),
    }
    found = {}
    for name, given in kinds.items():
        data = RobustStatistics(torch.from_numpy(given.astype(np.float32))).data
        found[name] = dict(zip(DATA_STATISTICS, data.tolist(), strict=True))
        assert found[name]["log_genes"] == pytest.approx(np.log10(30))
        assert found[name]["zeros"] == pytest.approx((values == 0).mean(), abs=1e-6)
    assert found["counts"]["integers"] == 1 and found["shares"]["integers"] < 0.2
    assert found["shares"]["total_cv"] < 1e-5 < found["counts"]["total_cv"]
    assert found["logarithms"]["total_cv_of_exponentials"] < 1e-5
    assert found["logarithms"]["total_cv"] > 0.01


def test_constant_genes_and_few_cells_give_finite_numbers():
    values = counts(6, 3)
    values[2] = 4
    values[3] = 0
    prepared = RobustStatistics(torch.from_numpy(values))
    every = torch.arange(6)
    found = prepared.pairs(every, every)
    assert torch.isfinite(found).all() and torch.isfinite(prepared.node).all()
    assert prepared.node.shape == (6, len(NODE_STATISTICS)) and torch.isfinite(prepared.data).all()
    assert not found[2, [0, 1, 4, 5], 0].any()


def test_components_of_few_genes():
    rows = ranks(torch.from_numpy(counts(3, 50)))
    vectors = leading_components(rows, 5)
    assert vectors.shape == (50, 3)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-5)
