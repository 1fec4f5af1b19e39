"""Methods that need a pseudotime: what they compute, and where they are not defined."""

import numpy as np
import pytest

from grn_gat.algorithms._registry import load_method
from grn_gat.algorithms._trajectories import best_over_trajectories
from grn_gat.algorithms.leap import infer as leap
from grn_gat.algorithms.scode import infer as scode
from grn_gat.algorithms.sincerities import (
    _changes,
    _partial_spearman,
    _path,
    _ridge,
    kolmogorov_smirnov,
)
from grn_gat.algorithms.sincerities import infer as sincerities
from grn_gat.core.errors import InputError


def quick_scode(expression, pseudotime):
    return scode(expression, pseudotime, seed=1, dimensions=3, iterations=40, repeats=2)


METHODS = {"leap": leap, "scode": quick_scode, "sincerities": sincerities}


@pytest.fixture(params=METHODS)
def method(request):
    return METHODS[request.param]


@pytest.fixture(scope="module")
def cells() -> tuple[np.ndarray, np.ndarray]:
    """Expression (5, 240) and pseudotime (240, 2) in random order, all times different."""
    rng = np.random.default_rng(8)
    time = rng.permutation(np.linspace(2, 6, 240) ** 1.3)
    phase = np.array([0.0, 0.4, 0.9, 1.5, 2.2])[:, None]
    expression = np.sin(time / 2 + phase) + 0.4 * rng.normal(size=(5, 240)) + 2
    pseudotime = np.column_stack([time, time])
    on_first = rng.random(240) < 0.5
    pseudotime[~on_first, 0] = np.nan
    pseudotime[on_first, 1] = np.nan
    return expression, pseudotime


# ------------------------------------------------------------------------------ trajectories


def test_cells_come_in_the_order_of_time_scaled_to_one():
    seen = []

    def score(expression, time):
        seen.append((expression.tolist(), time.tolist()))
        return np.zeros((1, 1))

    pseudotime = np.array([[30, np.nan], [10, 7], [np.nan, 5], [15, 7]])
    best_over_trajectories("M", score, np.array([[1, 2, 3, 4]]), pseudotime, 3)
    assert seen == [([[2, 4, 1]], [0, 0.25, 1]), ([[3, 2, 4]], [0, 1, 1])]


def test_the_largest_absolute_value_wins_and_keeps_its_sign():
    scores = iter([np.array([[0.0, 2.0], [-3.0, 0.0]]), np.array([[0.0, -5.0], [1.0, 0.0]])])
    found = best_over_trajectories(
        "M", lambda *_: next(scores), np.zeros((2, 2)), np.array([[1.0, 2.0], [2.0, 1.0]]), 2
    )
    assert found.tolist() == [[0, -5], [-3, 0]]


def test_one_thread_only():
    from threadpoolctl import threadpool_info

    def score(*_):
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}
        return np.zeros((1, 1))

    best_over_trajectories("M", score, np.zeros((1, 2)), np.array([[1.0], [2.0]]), 2)


def test_undefined_trajectories(method, cells):
    expression, pseudotime = cells
    few = pseudotime.copy()
    few[np.flatnonzero(~np.isnan(few[:, 1]))[3:], 1] = np.nan
    with pytest.raises(InputError, match=r"at least \d+ cells .* trajectory 2 has 3$"):
        method(expression, few)
    at_once = np.where(np.isnan(pseudotime), np.nan, 4.0)
    with pytest.raises(
        InputError, match=r"different times.* trajectory 1 have the same pseudotime"
    ):
        method(expression, at_once)
    with pytest.raises(InputError, match="no trajectory"):
        method(expression, pseudotime[:, :0])


# ------------------------------------------------------------------------------- any method


@pytest.mark.parametrize("name", METHODS)
def test_entries(name):
    record = load_method(name)
    assert (record.needs_pseudotime, record.signed, record.directed) == (True, True, True)


def test_same_bytes_again(method, cells):
    assert method(*cells).tobytes() == method(*cells).tobytes()


def test_order_of_genes_does_not_matter(method, cells):
    expression, pseudotime = cells
    order = np.array([3, 0, 4, 2, 1])
    found = method(expression[order], pseudotime)
    np.testing.assert_allclose(found, method(expression, pseudotime)[np.ix_(order, order)], 1e-6)


def test_order_of_cells_does_not_matter(method, cells):
    expression, pseudotime = cells
    order = np.random.default_rng(0).permutation(expression.shape[1])
    found = method(expression[:, order], pseudotime[order])
    np.testing.assert_array_equal(found, method(expression, pseudotime))


def test_unit_and_origin_of_time_do_not_matter(method, cells):
    expression, pseudotime = cells
    found = method(expression, 24 * pseudotime - 100)
    np.testing.assert_allclose(found, method(expression, pseudotime), 1e-6)


def test_trajectories_combine(method, cells):
    expression, pseudotime = cells
    both = method(expression, pseudotime)
    if method is quick_scode:  # its random numbers run on from one trajectory to the next
        assert not np.array_equal(both, method(expression, pseudotime[:, :1]))
        return
    one, two = method(expression, pseudotime[:, :1]), method(expression, pseudotime[:, 1:])
    np.testing.assert_array_equal(both, np.where(np.abs(two) > np.abs(one), two, one))


def test_direction_of_time_matters(method, cells):
    expression, pseudotime = cells
    found, back = method(expression, pseudotime), method(expression, -pseudotime)
    assert not np.allclose(found, back, atol=0.05)


# ------------------------------------------------------------------------------------- LEAP


def delayed(sign: int, lag: int = 20, n: int = 200) -> np.ndarray:
    """Three genes: an irregular wave, its copy `lag` cells later, and noise."""
    rng = np.random.default_rng(4)
    wave = np.convolve(rng.normal(size=n + lag + 14), np.ones(15) / 15, mode="valid")
    source, target = wave[lag:], sign * wave[:n]
    return np.stack([source, target, rng.normal(size=n)])


@pytest.mark.parametrize("sign", [1, -1])
def test_leap_finds_a_delay(sign):
    time = np.arange(200.0)[:, None]
    scores = leap(delayed(sign), time)
    assert scores[0, 1] == pytest.approx(sign)
    assert abs(scores[1, 0]) < 0.7
    assert leap(delayed(sign), time, max_lag=20 / 200)[0, 1] == pytest.approx(sign)
    assert abs(leap(delayed(sign), time, max_lag=19.5 / 200)[0, 1]) < 0.99


def test_leap_is_the_largest_of_all_correlations(cells):
    expression, time = cells[0], np.arange(240.0)[:, None]
    scores = leap(expression, time, max_lag=0.3)
    for u, v in [(0, 1), (1, 0), (2, 4), (3, 3)]:
        each = [
            np.corrcoef(expression[u, :168], expression[v, lag : lag + 168])[0, 1]
            for lag in range(73)
        ]
        assert scores[u, v] == pytest.approx(max(each, key=abs))


def test_leap_uses_only_the_order_of_time(cells):
    expression, pseudotime = cells
    np.testing.assert_array_equal(leap(expression, pseudotime**3), leap(expression, pseudotime))


def test_leap_without_variation_in_a_window():
    expression = delayed(1)
    expression[2, :150] = 0.1
    scores = leap(expression, np.arange(200.0)[:, None])
    assert (scores[2] == 0).all()
    assert (scores[:2, 2] != 0).all()


def test_leap_settings(cells):
    for wrong in (-0.1, 1.0):
        with pytest.raises(InputError, match=f"max_lag must be .* got {wrong}"):
            leap(*cells, max_lag=wrong)
    with pytest.raises(InputError, match=r"largest lag of 198 leaves 2 of the 200 cells"):
        leap(delayed(1), np.arange(200.0)[:, None], max_lag=0.99)


# ------------------------------------------------------------------------------------ SCODE


def test_scode_recovers_a_linear_system():
    from scipy.linalg import expm

    # 0 activates 1, 1 represses 2; as dx/dt = A x, rows are targets
    a = np.array([[-1.0, 0.0, 0.0], [3.0, -4.0, 0.0], [0.0, -5.0, -8.0]])
    time = np.linspace(0, 1, 300)
    x = np.array([expm(a * t) @ [1.0, 0.2, 2.0] for t in time]).T
    scores = scode(x, 7 * time[:, None], seed=2, dimensions=3, iterations=2000, repeats=3)
    np.testing.assert_allclose(scores, a.T, atol=0.6)


def test_scode_follows_the_seed(cells):
    few = {"dimensions": 3, "iterations": 10, "repeats": 2}
    assert not np.array_equal(scode(*cells, seed=1, **few), scode(*cells, seed=2, **few))


def test_scode_with_more_dimensions_than_genes(cells):
    expression, pseudotime = cells
    scores = scode(expression[:2], pseudotime, dimensions=10, iterations=20, repeats=2)
    assert scores.shape == (2, 2)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", ["dimensions", "iterations", "repeats"])
def test_scode_settings(name, cells):
    with pytest.raises(InputError, match=f"{name} must be at least 1, got 0"):
        scode(*cells, **{name: 0})


# ------------------------------------------------------------------------------ SINCERITIES


def test_kolmogorov_smirnov_is_that_of_scipy():
    from scipy.stats import ks_2samp

    rng = np.random.default_rng(1)
    one = rng.integers(0, 6, size=(20, 15)).astype(float)  # with ties, within and between
    two = rng.integers(1, 8, size=(20, 24)).astype(float)
    expected = [ks_2samp(a, b).statistic for a, b in zip(one, two, strict=True)]
    np.testing.assert_allclose(kolmogorov_smirnov(one, two), expected)
    assert kolmogorov_smirnov(np.zeros((1, 3)), np.zeros((1, 5))) == 0
    assert kolmogorov_smirnov(np.zeros((1, 3)), np.ones((1, 5))) == pytest.approx(1)


def test_changes_are_per_unit_of_time():
    from scipy.stats import ks_2samp

    rng = np.random.default_rng(2)
    time = np.sort(rng.random(60) ** 2)
    expression = rng.normal(size=(3, 60)) + 3 * time
    found = _changes(expression, time, 6)
    edges = np.quantile(time, np.linspace(0, 1, 7))
    for k in range(5):
        distance = ks_2samp(
            expression[1, 10 * k : 10 * k + 10], expression[1, 10 * k + 10 : 10 * k + 20]
        ).statistic
        assert found[k, 1] == pytest.approx(distance / ((edges[k + 2] - edges[k]) / 2))


@pytest.mark.parametrize(("steps", "genes", "seed"), [(8, 4, 13), (8, 12, 18), (18, 5, 1)])
def test_ridge_solves_every_fold(steps, genes, seed):
    """Against non-negative least squares with the penalty as additional rows."""
    from scipy.optimize import nnls

    rng = np.random.default_rng(seed)
    x = rng.gamma(2, size=(steps, genes)) * rng.uniform(0.5, 3, genes)
    y = x[:, 0] + 0.5 * x[:, 1] + 0.5 * rng.normal(size=steps)
    scaled, target = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()

    def fit(x, y, penalty):
        spread = x.std(0)
        rows = np.vstack([(x - x.mean(0)) / spread, np.sqrt(len(x) * penalty) * np.eye(genes)])
        return nnls(rows, np.append(y - y.mean(), np.zeros(genes)))[0] / spread

    least = 1e-4 if steps >= genes else 1e-2
    relative = 1e3 * np.abs(scaled.T @ target).max() / steps * np.geomspace(1, least, 100)
    errors = np.zeros(100)
    for out in range(steps):
        keep = np.arange(steps) != out
        for k, penalty in enumerate(relative * y.std() / y[keep].std()):
            b = fit(x[keep], y[keep], penalty)
            errors[k] += (y[out] - y[keep].mean() - (x[out] - x[keep].mean(0)) @ b) ** 2
    expected = fit(x, y, relative[errors.argmin()])
    constant = np.ones(steps)
    found = _ridge(x, np.stack([y, constant], axis=1))
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-6, atol=1e-9)
    assert (found[:, 1] == 0).all()


def test_hard_problems_are_solved():
    """Skewed data and a penalty that falls fast, on which Newton's method overshoots."""
    rng = np.random.default_rng(0)
    for _ in range(150):
        n, genes = rng.integers(3, 20), rng.integers(2, 40)
        x, y = rng.gamma(0.3, size=(n, genes)) ** 2, rng.gamma(0.3, size=(n, 6)) ** 2
        x, y = (x - x.mean(0)) / x.std(0), (y - y.mean(0)) / y.std(0)
        penalties = np.geomspace(1e3, 1e-4, 4)[:, None] * np.ones(6)
        for penalty, b in zip(penalties, _path(x, y, penalties), strict=True):
            slope = x.T @ (y - x @ b) / n - penalty * b
            assert (b >= 0).all()
            assert np.abs(slope[b > 0]).max(initial=0) < 1e-8
            assert (slope < 1e-8).all()


def test_ridge_leaves_out_a_gene_that_does_not_change():
    rng = np.random.default_rng(6)
    x = rng.random((9, 3))
    x[:, 1] = 0.1
    found = _ridge(x, x[:, [0]] + 0.01 * rng.random((9, 1)))
    assert found[1, 0] == 0
    assert found[0, 0] > 0.5


def test_partial_correlation_of_ranks():
    from scipy.stats import rankdata

    rng = np.random.default_rng(3)
    x = rng.normal(size=(4, 200))
    x[1] -= x[0]
    x[2] += 2 * x[1]
    found = _partial_spearman(np.exp(x))
    ranks = rankdata(x, axis=1)
    others = np.vstack([np.ones(200), ranks[[1, 3]]]).T
    rest = [ranks[i] - others @ np.linalg.lstsq(others, ranks[i], rcond=None)[0] for i in (0, 2)]
    assert found[0, 2] == pytest.approx(np.corrcoef(rest)[0, 1])
    assert found[0, 1] < -0.1
    assert found[1, 2] > 0.3


@pytest.mark.parametrize("sign", [1, -1])
def test_sincerities_finds_what_follows_what(sign):
    """The target moves by as much as the regulator moved one window before."""
    rng = np.random.default_rng(5)
    windows, per = 12, 100
    moves = rng.permutation(np.linspace(0.05, 1.2, windows))
    regulator = np.cumsum(moves)
    target = sign * (np.cumsum(np.roll(moves, 1)))
    level = np.repeat(np.stack([regulator, target, np.zeros(windows)]), per, axis=1)
    expression = level + rng.uniform(0, 1.5, size=level.shape)
    time = np.linspace(0, 1, windows * per)[:, None]
    scores = sincerities(expression, time, windows=windows)
    off = np.where(np.eye(3, dtype=bool), 0, scores)
    assert np.abs(off).max() == abs(scores[0, 1])
    assert np.sign(scores[0, 1]) == sign
    assert abs(scores[0, 1]) > 3 * abs(scores[1, 0])


def test_sincerities_scores_are_relative_to_the_largest(cells):
    assert np.abs(sincerities(*cells)).max() == pytest.approx(1)


def test_sincerities_settings(cells):
    expression, pseudotime = cells
    with pytest.raises(InputError, match="windows must be at least 5, got 4"):
        sincerities(expression, pseudotime, windows=4)
    with pytest.raises(InputError, match=r"at least 400 cells .* trajectory 1 has"):
        sincerities(expression, pseudotime, windows=200)
    four = np.repeat(np.arange(4.0), 60)[:, None]
    with pytest.raises(
        InputError, match=r"at least 5 windows of time, and the 240 cells .* fill 3"
    ):
        sincerities(expression, four)
    assert np.isfinite(sincerities(expression, np.repeat(np.arange(12.0), 20)[:, None])).all()
