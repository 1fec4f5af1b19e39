"""Node and pair features against scipy, scikit-learn and matrices worked by hand."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import mutual_info_score

from grn_gat.core.errors import InputError
from grn_gat.supervised import features
from grn_gat.supervised.features import (
    NODE_FEATURES,
    PAIR_FEATURES,
    WINDOWS,
    compute_features,
    expression_neighbours,
)

NODE, PAIR = list(NODE_FEATURES), list(PAIR_FEATURES)
# [u, v] and [v, u] exchange these; all other pair features are symmetric.
MIRRORED = {
    "target_explained": "regulator_explained",
    "target_shift": "regulator_shift",
    "target_on_given_on": "regulator_on_given_on",
    "target_on_given_off": "regulator_on_given_off",
    "lag_forward": "lag_backward",
}


def node_features(expression, pseudotime=None, bins=8) -> dict[str, np.ndarray]:
    """One array (genes,) per node feature."""
    node, _ = compute_features(np.asarray(expression, dtype=float), pseudotime, bins)
    assert node.shape[1] == len(NODE) and node.dtype == np.float32
    return dict(zip(NODE, node.T, strict=True))


def pair_features(expression, pseudotime=None, bins=8) -> dict[str, np.ndarray]:
    """One array (genes, genes) per pair feature."""
    _, pair = compute_features(np.asarray(expression, dtype=float), pseudotime, bins)
    assert pair.shape[2] == len(PAIR) and pair.dtype == np.float32
    return {name: pair[:, :, i] for i, name in enumerate(PAIR)}


def counts(seed: int, genes: int = 5, cells: int = 120) -> np.ndarray:
    """Correlated small integers: many ties, many zeros."""
    rng = np.random.default_rng(seed)
    common = rng.poisson(2, size=cells)
    return np.maximum(rng.poisson(2, size=(genes, cells)) + common - 2, 0).astype(float)


def delayed_copy(seed: int = 0, per_window: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Gene 0 changes at random from window to window, gene 1 repeats it one window later."""
    rng = np.random.default_rng(seed)
    steps = rng.random(WINDOWS + 1)
    rows = np.stack([steps[1:], steps[:-1], rng.random(WINDOWS)]).repeat(per_window, axis=1)
    return rows, np.linspace(0, 1, rows.shape[1])[:, None]


@pytest.mark.parametrize("seed", range(3))
def test_correlations_agree_with_scipy(seed):
    rows = counts(seed)
    got = pair_features(rows)
    off = ~np.eye(len(rows), dtype=bool)
    assert len(np.unique(rows[0])) < 15  # so most cells are tied
    assert got["pearson"][off] == pytest.approx(np.corrcoef(rows)[off], abs=1e-6)
    spearman = stats.spearmanr(rows, axis=1).statistic
    assert got["spearman"][off] == pytest.approx(spearman[off], abs=1e-6)


def test_spearman_with_ties_by_hand():
    # ranks 0.5 0.5 2 3 and 3 1.5 1.5 0, both mean 1.5; deviations -1 -1 .5 1.5 and 1.5 0 0 -1.5
    got = pair_features([[1, 1, 5, 9], [8, 3, 3, 0]])
    assert got["spearman"][0, 1] == pytest.approx(-3.75 / 4.5, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_partial_correlation_of_a_chain(sign):
    rng = np.random.default_rng(1)
    a = rng.normal(size=2000)
    b = sign * a + 0.5 * rng.normal(size=2000)
    c = b + 0.5 * rng.normal(size=2000)
    rows = np.stack([a, b, c]) + 20
    got = pair_features(rows)
    assert sign * got["pearson"][0, 2] > 0.7
    assert abs(got["partial_correlation"][0, 2]) < 0.05  # b explains it
    assert sign * got["partial_correlation"][0, 1] > 0.4
    assert got["partial_correlation"][1, 2] > 0.4
    # Beyond the slight shrinkage: the correlation of what a regression on b leaves.
    left = [x - np.polyval(np.polyfit(b, x, 1), b) for x in (a, c)]
    assert got["partial_correlation"][0, 2] == pytest.approx(np.corrcoef(left)[0, 1], abs=0.01)


def test_partial_correlation_exists_with_fewer_cells_than_genes():
    got = pair_features(np.random.default_rng(2).random((12, 5)))["partial_correlation"]
    assert np.isfinite(got).all()
    assert (np.abs(got) < 1).all() and np.abs(got).max() > 0.01


def test_mutual_information_by_hand():
    # A full grid: the two genes are independent. The third gene is the first, twice as high.
    u, v = np.repeat(np.arange(8), 8), np.tile(np.arange(8), 8)
    got = pair_features([u, v, 2 * u])["mutual_information"]
    assert got[0, 1] == pytest.approx(0, abs=1e-6)
    assert got[0, 2] == pytest.approx(1, abs=1e-6)  # log(8) nats / log(8)
    # One bit of information where one gene says only which half the other is in.
    got = pair_features([u, u >= 4])["mutual_information"]
    assert [got[0, 1], got[1, 0]] == pytest.approx([1 / 3] * 2, abs=1e-6)  # log 2 / log 8


@pytest.mark.parametrize("bins", [2, 5, 8])
def test_mutual_information_agrees_with_scikit_learn(bins):
    rows = counts(3, cells=97)
    bin_of = (stats.rankdata(rows, axis=1) - 1) / 97 * bins
    got = pair_features(rows, bins=bins)["mutual_information"]
    for u, v in ((0, 1), (3, 2)):
        expected = mutual_info_score(bin_of[u].astype(int), bin_of[v].astype(int)) / np.log(bins)
        assert got[u, v] == pytest.approx(expected, abs=1e-5)


def test_correlation_ratio_of_a_parabola_has_a_direction():
    u = np.linspace(0, 1, 800)
    got = pair_features([u, (u - 0.5) ** 2])
    assert abs(got["pearson"][0, 1]) < 1e-6
    assert got["target_explained"][0, 1] > 0.9  # v follows from u
    assert got["target_explained"][1, 0] < 0.01  # v leaves the side of u open
    assert got["regulator_explained"][0, 1] == got["target_explained"][1, 0]


def test_correlation_ratio_and_shift_by_hand():
    # u's bins are cells 01 and 23; v has mean 4, variance 5, bin means 2 and 6
    got = pair_features([[0, 0, 1, 1], [1, 3, 5, 7]], bins=2)
    assert got["target_explained"][0, 1] == pytest.approx(4 / 5, abs=1e-6)
    assert got["target_shift"][0, 1] == pytest.approx(4 / np.sqrt(5), abs=1e-6)
    # v's bins are the same cells; u has mean 1/2, sd 1/2, bin means 0 and 1
    assert got["regulator_explained"][0, 1] == pytest.approx(1, abs=1e-6)
    assert got["regulator_shift"][0, 1] == pytest.approx(2, abs=1e-6)
    falling = pair_features([[0, 0, 1, 1], [7, 5, 3, 1]], bins=2)
    assert falling["target_shift"][0, 1] == pytest.approx(-4 / np.sqrt(5), abs=1e-6)


def test_shift_uses_the_occupied_bins():
    # five zeros share the average rank 2, bin 2 of 8; the lowest and the highest bins are empty
    got = pair_features([[0, 0, 0, 0, 0, 1, 2, 3], [0, 0, 0, 0, 0, 0, 0, 8]], bins=8)
    # v: mean 1, sd sqrt(7); 8 in the top bin of u, 0 in its bottom bin
    assert got["target_shift"][0, 1] == pytest.approx(8 / np.sqrt(7), abs=1e-6)


def test_conditional_on_probabilities_by_hand():
    # half of the 95 % quantile is 5 for both: u is on in cells 012, v in cells 0134
    got = pair_features([[10, 10, 10, 0, 0, 0, 0, 4], [10, 10, 0, 10, 10, 1, 0, 0]])
    assert got["target_on_given_on"][0, 1] == pytest.approx(2 / 3)
    assert got["target_on_given_off"][0, 1] == pytest.approx(2 / 5)
    assert got["regulator_on_given_on"][0, 1] == pytest.approx(2 / 4)
    assert got["regulator_on_given_off"][0, 1] == pytest.approx(1 / 4)
    # never off and never on: undefined, 1/2
    got = pair_features([[1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 9]])
    assert got["target_on_given_off"][0, 2] == 0.5 and got["target_on_given_on"][0, 2] == 0.25
    assert got["target_on_given_on"][1, 2] == 0.5 and got["target_on_given_off"][1, 2] == 0.25


def test_lagged_correlation_finds_the_direction_of_a_delayed_copy():
    rows, time = delayed_copy()
    got = pair_features(rows, time)
    first = np.corrcoef(rows[0, ::4][:-1], rows[1, ::4][1:])[0, 1]
    second = np.corrcoef(rows[0, ::4][:-2], rows[1, ::4][2:])[0, 1]
    assert first == pytest.approx(1)
    assert got["lag_forward"][0, 1] == pytest.approx((first + second) / 2, abs=1e-5)
    assert got["lag_forward"][0, 1] > got["lag_backward"][0, 1] + 0.3
    assert got["lag_backward"][1, 0] == got["lag_forward"][0, 1]
    # Time run backwards: the copy comes first.
    turned = pair_features(rows, 1 - time)
    assert turned["lag_forward"][1, 0] == pytest.approx(got["lag_forward"][0, 1], abs=1e-5)


def test_lagged_correlation_is_the_mean_over_trajectories():
    rows, time = delayed_copy()
    n = rows.shape[1]
    both = np.full((2 * n, 2), np.nan)  # first half of the cells forward, second half backward
    both[:n, 0], both[n:, 1] = time[:, 0], 1 - time[:, 0]
    got = pair_features(np.hstack([rows, rows]), both)["lag_forward"]
    forward = pair_features(rows, time)["lag_forward"]
    backward = pair_features(rows, 1 - time)["lag_forward"]
    assert got[0, 1] == pytest.approx((forward[0, 1] + backward[0, 1]) / 2, abs=1e-5)


@pytest.mark.parametrize("useless", ["none", "short", "constant"])
def test_without_usable_pseudotime_its_features_are_neutral(useless):
    rows, time = delayed_copy()
    if useless == "short":
        time = np.where(np.arange(len(time))[:, None] < 2 * WINDOWS - 1, time, np.nan)
    pseudotime = {"none": None, "constant": np.ones_like(time), "short": time}[useless]
    pair, node = pair_features(rows, pseudotime), node_features(rows, pseudotime)
    assert (pair["lag_forward"] == 0).all() and (pair["lag_backward"] == 0).all()
    assert (node["pseudotime_slope"] == 0).all() and (node["pseudotime_peak"] == 0.5).all()


def test_pseudotime_slope_and_peak():
    time = np.linspace(0, 1, 200)
    hill = 1 - np.abs(time - 0.5)
    got = node_features([time, 1 - time, hill], time[:, None])
    assert got["pseudotime_slope"] == pytest.approx([1, -1, 0], abs=1e-5)
    assert got["pseudotime_peak"] == pytest.approx([1, 0, 0.5])


def test_node_features_by_hand():
    # mean 2, sd 2; the 95 % quantile is 4; the middle one interpolates to 2
    got = node_features([[0, 4, 0, 4], [1, 2, 3, 6]])
    assert got["log_mean"] == pytest.approx(np.log([3, 4]), abs=1e-6)
    assert got["log_sd"] == pytest.approx(np.log1p([2, np.sqrt(14 / 4)]), abs=1e-6)
    assert got["zero_fraction"].tolist() == [0.5, 0]
    # second gene: 95 % quantile 3 + 0.85 * 3 = 5.55; above 2.775 are 3 and 6
    assert got["on_fraction"].tolist() == [0.5, 0.5]
    # second gene's quartiles: 1.75, 2.5, 3.75
    assert got["q25"] == pytest.approx([0, 1.75 / 5.55], abs=1e-6)
    assert got["q50"] == pytest.approx([0.5, 2.5 / 5.55], abs=1e-6)
    assert got["q75"] == pytest.approx([1, 3.75 / 5.55], abs=1e-6)
    assert got["skewness"][0] == 0
    assert got["bimodality"][0] == pytest.approx(1)  # kurtosis 1: two points
    # deviations -2 2 -2 2 and -2 -1 0 3: covariance 8 / 4
    r = 2 / (2 * np.sqrt(14 / 4))
    assert got["mean_abs_correlation"] == pytest.approx([r, r], abs=1e-6)


def test_moments_agree_with_scipy():
    rows = np.random.default_rng(4).gamma(0.7, size=(4, 300))
    got = node_features(rows)
    skewness, kurtosis = stats.skew(rows, axis=1), stats.kurtosis(rows, axis=1, fisher=False)
    assert got["skewness"] == pytest.approx(skewness, rel=1e-5)
    assert got["bimodality"] == pytest.approx((skewness**2 + 1) / kurtosis, rel=1e-5)
    correlation = np.abs(np.corrcoef(rows))
    assert got["mean_abs_correlation"] == pytest.approx((correlation.sum(axis=1) - 1) / 3, rel=1e-4)
    outlier = np.zeros((2, 1000))
    outlier[:, 0] = 1
    assert node_features(outlier)["skewness"].tolist() == [5, 5]  # sqrt(998) before clipping


@pytest.mark.parametrize("constant", [0.0, 7.0])
def test_constant_genes_give_finite_neutral_features(constant):
    rows = np.random.default_rng(5).random((4, 101))
    rows[[0, 2]] = constant
    time = np.linspace(0, 1, 101)[:, None]
    node, pair = compute_features(rows, time, 8)
    assert np.isfinite(node).all() and np.isfinite(pair).all()
    got = dict(zip(PAIR, pair[0, 1], strict=True))
    for name in ("pearson", "spearman", "partial_correlation", "mutual_information"):
        assert got[name] == pytest.approx(0, abs=1e-6)
    for name in ("target_shift", "regulator_explained", "regulator_shift", "lag_forward"):
        assert got[name] == pytest.approx(0, abs=1e-6)
    assert node[0, NODE.index("bimodality")] == 0 and node[0, NODE.index("skewness")] == 0
    everything = compute_features(np.full((3, 20), constant), None, 8)
    assert all(np.isfinite(features).all() for features in everything)


@pytest.mark.parametrize("constant", [0.1, 3.3])
def test_constant_genes_whose_mean_is_rounded(constant):
    rows = np.stack([np.full(301, constant), np.random.default_rng(6).random(301)])
    assert rows[0].std() > 0
    assert node_features(rows)["bimodality"][0] == 0


def test_large_constant_genes_do_not_correlate():
    rows = np.stack([np.full(301, 12345678.9), np.full(301, 12345678.9 * 1.1)])
    assert pair_features(rows)["pearson"][0, 1] == 0


def test_cell_order_does_not_matter():
    rows = np.random.default_rng(7).gamma(1.0, size=(4, 150))
    time = np.random.default_rng(8).random((150, 2))
    time[:40, 0] = np.nan
    order = np.random.default_rng(9).permutation(150)
    for got, expected in zip(
        compute_features(rows[:, order], time[order], 8),
        compute_features(rows, time, 8),
        strict=True,
    ):
        np.testing.assert_allclose(got, expected, atol=1e-5)


def test_scale_of_a_gene_does_not_matter():
    rows, time = counts(10), np.random.default_rng(10).random((120, 1))
    scaled = rows.copy()
    scaled[1] *= 1000
    node, pair = compute_features(rows, time, 8)
    node_scaled, pair_scaled = compute_features(scaled, time, 8)
    np.testing.assert_allclose(pair_scaled, pair, atol=1e-5)
    np.testing.assert_allclose(node_scaled[:, 2:], node[:, 2:], atol=1e-5)
    assert (node_scaled[1, :2] > node[1, :2] + 1).all()


def test_orientation_of_pairs():
    rows, time = counts(11), np.random.default_rng(11).random((120, 1))
    got = pair_features(rows, time)
    back = MIRRORED | {b: a for a, b in MIRRORED.items()}
    for name in PAIR:
        partner = back.get(name, name)
        np.testing.assert_allclose(got[name], got[partner].T, atol=1e-5, err_msg=name)
        if name in back:
            assert not np.allclose(got[name], got[name].T), f"{name} tells no direction"
        assert (np.diag(got[name]) == 0).all()


def test_blocks_of_genes_do_not_matter(monkeypatch):
    rows = counts(12, genes=7)
    _, expected = compute_features(rows, None, 8)
    monkeypatch.setattr(features, "_BLOCK", 3)
    _, got = compute_features(rows, None, 8)
    np.testing.assert_allclose(got, expected, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 10), (2, 2), (5, 0)])
def test_too_small_matrices_are_refused(shape):
    with pytest.raises(InputError, match=f">= 2 genes and >= 3 cells, got {shape[0]} x {shape[1]}"):
        compute_features(np.zeros(shape), None, 8)


def correlated(matrix) -> np.ndarray:
    """Pair features with a given Spearman matrix."""
    pair = np.zeros((*np.shape(matrix), len(PAIR)), dtype=np.float32)
    pair[:, :, PAIR.index("spearman")] = matrix
    return pair


def test_neighbours_by_hand():
    pair = correlated(
        [
            [0, 0.9, -0.5, 0.1],
            [0.9, 0, 0.2, -0.8],
            [-0.5, 0.2, 0, 0.3],
            [0.1, -0.8, 0.3, 0],
        ]
    )
    # row 0 sends to row 1: the strongest partners, whatever their sign, of genes 0, 1, 2, 3
    assert expression_neighbours(pair, 1).tolist() == [[1, 0, 0, 1], [0, 1, 2, 3]]
    assert expression_neighbours(pair, 2).tolist() == [
        [1, 2, 0, 3, 0, 3, 1, 2],
        [0, 0, 1, 1, 2, 2, 3, 3],
    ]
    assert expression_neighbours(pair, 2).dtype == np.int64


@pytest.mark.parametrize(("asked", "given"), [(0, 0), (3, 3), (4, 4), (99, 4)])
def test_neighbours_number_and_no_self_loops(asked, given):
    _, pair = compute_features(counts(13), None, 8)
    source, target = expression_neighbours(pair, asked)
    assert np.bincount(target, minlength=5).tolist() == [given] * 5
    assert (source != target).all()
    assert len(set(zip(source, target, strict=True))) == 5 * given


def test_neighbours_of_constant_genes():
    # no correlation at all: still k distinct senders and never the gene itself
    source, target = expression_neighbours(correlated(np.zeros((4, 4))), 3)
    assert (source != target).all() and len(source) == 12
