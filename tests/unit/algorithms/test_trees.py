"""GENIE3 and GRNBoost2 on planted networks, against scikit-learn and against loops by hand."""

import sys
import time

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

from grn_gat.algorithms import _tree_importance
from grn_gat.algorithms._registry import load_method, run_method
from grn_gat.algorithms.grnboost2 import EarlyStop, boosting_importances
from grn_gat.core.job import cpu_seconds

SMALL = {"genie3": {"trees": 20}, "grnboost2": {"estimators": 60, "early_stop_window": 10}}
METHODS = sorted(SMALL)
GENES = 6
PLANTED = [(0, 3), (1, 4), (2, 5)]  # gene 3 follows gene 0, and so on
BOOSTING = {"learning_rate": 0.01, "subsample": 0.9, "max_features": 0.1}


@pytest.fixture(scope="module")
def expression() -> np.ndarray:
    """Six genes in 200 cells; the last three follow the first three."""
    rng = np.random.default_rng(1)
    drivers = rng.gamma(2, size=(3, 200))
    return np.vstack([drivers, drivers**2 + 0.3 * rng.gamma(2, size=drivers.shape)])


def infer(name, expression, regulators=range(GENES), seed=1, threads=1, **settings):
    return load_method(name).infer(
        expression,
        regulators=np.array(regulators, dtype=int),
        seed=seed,
        threads=threads,
        **(SMALL[name] | settings),
    )


def without(expression: np.ndarray, target: int) -> np.ndarray:
    """Predictors (cells, genes - 1) of a target, as anybody would hand them to scikit-learn."""
    return np.delete(expression, target, axis=0).T


@pytest.mark.parametrize("name", METHODS)
def test_planted_regulators_are_found(name, expression):
    scores = infer(name, expression)
    assert scores.shape == (GENES, GENES)
    assert np.isfinite(scores).all() and (scores >= 0).all()
    for regulator, target in PLANTED:
        assert scores[:, target].argmax() == regulator
    assert (np.diag(scores) == 0).all()


def test_the_rows_are_the_regulators(expression):
    # A target of two drivers: both have the larger scores, whatever they are for other targets.
    mixed = expression.copy()
    mixed[5] = mixed[0] + mixed[1]
    scores = infer("genie3", mixed, regulators=[0, 1, 2])
    assert scores[:2, 5].min() > 2 * scores[2, 5] and scores[2, 4] < scores[1, 4]
    assert (scores[5] == 0).all()


@pytest.mark.parametrize("name", METHODS)
def test_only_candidates_regulate(name, expression):
    scores = infer(name, expression, regulators=[4, 1])
    others = [0, 2, 3, 5]
    assert (scores[others] == 0).all()
    assert (scores[[1, 4]].sum(axis=0) > 0).all()  # also of genes that are no candidates
    assert scores[1, 4] > 0 and scores[4, 1] > 0
    # The other genes are not predictors either: their values do not matter to a candidate.
    changed = expression.copy()
    changed[others] = changed[others][:, ::-1] + 1
    assert (infer(name, changed, regulators=[4, 1])[:, [1, 4]] == scores[:, [1, 4]]).all()


@pytest.mark.parametrize("name", METHODS)
def test_order_of_the_candidates_does_not_matter(name, expression):
    forwards = infer(name, expression, regulators=[0, 2, 5])
    assert (infer(name, expression, regulators=[5, 0, 2]) == forwards).all()


@pytest.mark.parametrize("name", METHODS)
def test_one_candidate(name, expression):
    scores = infer(name, expression, regulators=[2])
    assert (scores[:, 2] == 0).all()
    assert (scores[2, [0, 1, 3, 4, 5]] > 0).all()
    assert (infer(name, expression, regulators=[]) == 0).all()


@pytest.mark.parametrize("name", METHODS)
def test_constant_genes_get_zeros(name, expression):
    constant = expression.copy()
    constant[[1, 3]] = [[0.0], [1e8 / 3]]  # whose variance is 0 but for rounding
    scores = infer(name, constant)
    assert (scores[[1, 3]] == 0).all()
    assert (scores[:, [1, 3]] == 0).all()
    assert scores[2, 5] > 0
    assert (infer(name, np.ones((3, 10)), regulators=[0, 1, 2]) == 0).all()


@pytest.mark.parametrize("name", METHODS)
def test_bytes_do_not_depend_on_threads(name, expression):
    alone = infer(name, expression)
    assert infer(name, expression, threads=2).tobytes() == alone.tobytes()


def test_cpu_time_of_child_processes_counts(expression):
    def spent(threads):
        everything, here = cpu_seconds(), time.process_time()
        infer("genie3", expression, threads=threads, trees=100)
        return cpu_seconds() - everything, time.process_time() - here

    alone, _ = spent(1)
    shared, here = spent(2)
    # The trees grow in the two children: at least as much work as alone, little of it here.
    assert shared > 0.7 * alone > 0.1 and shared - here > 0.5 * alone


@pytest.mark.parametrize("name", METHODS)
def test_seed(name, expression):
    first = infer(name, expression, seed=1)
    assert (infer(name, expression, seed=1) == first).all()
    assert ((infer(name, expression, seed=2) != first).any(axis=0)).all()


@pytest.mark.parametrize("name", METHODS)
def test_large_seeds(name, expression):
    assert infer(name, expression[:2], regulators=[0], seed=2**63 - 1)[0, 1] > 0


def test_every_target_has_its_own_seed():
    seeds = [_tree_importance.target_seed(s, t) for s in (1, 2) for t in range(100)]
    assert len(set(seeds)) == 200
    assert all(0 <= s < 2**32 for s in seeds)
    # Copies of one target, apart from its own column: a seed shared by all would give equal scores.
    rng = np.random.default_rng(2)
    data = rng.random((5, 100))
    data[3:] = data[0] + data[1]
    scores = infer("genie3", data, regulators=[0, 1, 2])
    assert (scores[:3, 3] != scores[:3, 4]).all()


@pytest.mark.parametrize("name", METHODS)
def test_input_is_left_alone(name, expression):
    frozen = expression.astype(np.float32)
    frozen.flags.writeable = False
    assert (infer(name, frozen) == infer(name, frozen.astype(np.float64))).all()


def test_genie3_is_a_forest_of_scikit_learn(expression):
    scores = infer("genie3", expression, trees=7)
    for target in range(GENES):
        forest = RandomForestRegressor(
            n_estimators=7,
            max_features="sqrt",
            random_state=_tree_importance.target_seed(1, target),
        ).fit(without(expression, target), expression[target])
        assert (np.delete(scores[:, target], target) == forest.feature_importances_).all()
    assert scores.sum(axis=0) == pytest.approx(np.ones(GENES))


def test_grnboost2_is_boosting_of_scikit_learn(expression):
    settings = {"estimators": 30, "learning_rate": 0.1, "subsample": 0.7, "max_features": 0.5}
    scores = infer("grnboost2", expression, **settings, early_stop_window=31)
    for target in range(GENES):
        model = GradientBoostingRegressor(
            n_estimators=30,
            learning_rate=0.1,
            subsample=0.7,
            max_features=0.5,
            random_state=_tree_importance.target_seed(1, target),
        ).fit(without(expression, target), expression[target])
        assert (np.delete(scores[:, target], target) == 30 * model.feature_importances_).all()


def unseen_cells(draws: np.random.RandomState, cells: int, seen: int) -> np.ndarray:
    """Draw a sample of `seen` cells by going through all of them; True for those left out."""
    uniform, missing = draws.uniform(size=cells), seen
    left_out = np.ones(cells, dtype=bool)
    for cell in range(cells):
        if uniform[cell] < missing / (cells - cell):
            left_out[cell] = False
            missing -= 1
    return left_out


def boosting_by_hand(X, y, seed, estimators, learning_rate, subsample, max_features, window):
    """Stochastic gradient boosting of the squared error: rounds and variance reductions.

    Trees are scikit-learn's; samples, loop, stopping and importances are written out.
    """
    draws = np.random.RandomState(seed)
    predicted = np.full(len(y), y.mean())
    gains, reductions = [], []
    while len(gains) < estimators:
        unseen = unseen_cells(draws, len(y), int(subsample * len(y)))
        tree = DecisionTreeRegressor(
            max_depth=3, max_features=max(1, int(max_features * X.shape[1])), random_state=draws
        ).fit(X, y - predicted, sample_weight=np.where(unseen, 0.0, 1.0))
        before = predicted
        predicted = predicted + learning_rate * tree.predict(X)
        loss = [((y - p)[unseen] ** 2).mean() for p in (before, predicted)]
        gains.append(loss[0] - loss[1])
        reductions.append(tree.tree_.compute_feature_importances(normalize=False))
        if len(gains) >= window and np.mean(gains[-window:]) < 0:
            break
    return len(gains), np.mean(reductions, axis=0)


@pytest.mark.parametrize(("window", "learning_rate"), [(25, 0.01), (10, 0.1), (1, 0.01)])
def test_grnboost2_is_boosting_by_hand(window, learning_rate):
    rng = np.random.default_rng(7)
    X = rng.random((300, 12))
    y = X[:, 2] + 0.7 * rng.normal(size=300)
    settings = BOOSTING | {"estimators": 400, "learning_rate": learning_rate, "max_features": 0.2}
    rounds, reductions = boosting_by_hand(X, y, 11, **settings, window=window)
    assert window < rounds < 400
    found = boosting_importances(X, y, 11, **settings, early_stop_window=window)
    assert found.sum() == pytest.approx(rounds)
    assert found == pytest.approx(rounds * reductions / reductions.sum())


def test_early_stop_looks_at_the_last_rounds_only():
    # Two cells; the first is never seen. Its error before the first round is 1.
    def stops(window, predictions):
        monitor = EarlyStop(window)
        states = (
            {
                "y": np.array([1.0, -1.0]),
                "sample_mask": np.array([False, True]),
                "raw_predictions": np.array([[p], [-1.0]]),
            }
            for p in predictions
        )
        return [monitor(index, None, state) for index, state in enumerate(states)]

    predictions = [1.0, 0.5, 0.75, 0.5, 0.5, 0.0]  # gains 1, -1/4, 3/16, -3/16, 0, -3/4
    assert stops(1, predictions) == [False, True, False, True, False, True]
    assert stops(2, predictions) == [False, False, True, False, True, True]
    assert stops(4, predictions) == [False, False, False, False, True, True]
    assert stops(6, predictions) == [False] * 6  # the sum is 0
    assert stops(7, predictions) == [False] * 6


def test_no_early_stop_without_unseen_cells(expression):
    noise = np.random.default_rng(3).random(200)
    settings = BOOSTING | {"estimators": 40, "early_stop_window": 1}
    found = boosting_importances(expression.T, noise, 1, **settings | {"subsample": 1.0})
    assert found.sum() == pytest.approx(40)
    assert boosting_importances(expression.T, noise, 1, **settings).sum() < 40


def test_boosting_for_longer_gives_larger_scores(expression):
    # A target that others explain, and one that they do not.
    data = expression.copy()
    data[3] = data[0]
    data[4] = np.random.default_rng(4).random(200)
    scores = infer("grnboost2", data, estimators=300, early_stop_window=25)
    assert scores[:, 3].sum() == pytest.approx(300)
    assert scores[:, 4].sum() < 100


def test_defaults_are_those_of_arboreto():
    import inspect

    defaults = {
        name: {
            key: value.default
            for key, value in inspect.signature(load_method(name).infer).parameters.items()
            if value.default is not inspect.Parameter.empty
        }
        for name in METHODS
    }
    assert defaults == {
        "genie3": {},  # has its number of trees from the config
        "grnboost2": BOOSTING | {"estimators": 5000, "early_stop_window": 25},
    }


@pytest.mark.parametrize("name", METHODS)
def test_registered(name, expression):
    record = load_method(name)
    assert (record.directed, record.signed, record.needs_pseudotime, record.needs_variation) == (
        (True,) + (False,) * 3
    )
    names = [f"g{i}" for i in range(GENES)]
    scores = run_method(name, names, expression, None, np.arange(3), 1, 1, SMALL[name])
    assert (scores == infer(name, expression, regulators=range(3))).all()


@pytest.mark.parametrize(("targets", "lines"), [(50, 0), (51, 17), (821, 20)])
def test_progress_of_long_runs(targets, lines, capsys):
    data = np.random.default_rng(5).random((targets, 4))
    _tree_importance.regress_targets(lambda X, y, seed: X[0], data, np.array([0, 1]), 1, 1)
    printed = capsys.readouterr()
    reports = printed.err.splitlines()
    assert not printed.out
    assert len(reports) == lines
    if lines:
        assert reports[0] == f"target {-(-targets // 20)} of {targets}"
        assert reports[-1] == f"target {targets} of {targets}"


def test_import_is_light():
    import subprocess

    code = (
        "import sys, grn_gat.algorithms.genie3, grn_gat.algorithms.grnboost2\n"
        "assert not {'sklearn', 'joblib', 'scipy', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd="scripts")
