"""The batch simulator against the simulator of the studies: same equations, same distribution."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from grn_gat.simulate import batch, simulator
from grn_gat.simulate.batch import _Activation, simulate_batch
from grn_gat.simulate.boolean_model import BooleanModel, read_model
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import (
    activation_levels,
    default_parameters,
    grid,
    sample_parameters,
    simulate,
)

NAMES = ("HSC", "mCAD", "VSC", "GSD", "dyn-LI", "dyn-LL", "dyn-CY", "dyn-BF", "dyn-BFC", "dyn-TF")
SEED = np.random.SeedSequence(11)


def toy(rules, **options):
    return BooleanModel(
        "toy", tuple(rules), {gene: parse_rule(text) for gene, text in rules.items()}, **options
    )


@pytest.fixture(scope="module")
def bundled():
    from workflows import REPOSITORY

    folder = REPOSITORY / "workflow/resources/models"
    return {name: read_model(folder / f"{name}.tsv") for name in NAMES}


def seed(number: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(number)


def alone(model, runs, times, number, parameters=None):
    parameters = parameters or default_parameters(model.genes)
    return simulate_batch([model], [parameters], runs, times, seed(number))[0]


def same_distribution(one: np.ndarray, two: np.ndarray, errors: float = 4.5) -> None:
    """Means and variances of independent cells (cells, genes) agree within standard errors."""

    def variance(x):
        centred = (x - x.mean(0)) ** 2
        return centred.mean(0), centred.var(0) / len(x)

    one, two = one.astype(float), two.astype(float)
    error = np.sqrt(one.var(0) / len(one) + two.var(0) / len(two))
    difference = one.mean(0) - two.mean(0)
    assert (np.abs(difference) <= errors * error).all(), difference / error
    (first, e1), (second, e2) = variance(one), variance(two)
    assert (np.abs(first - second) <= errors * np.sqrt(e1 + e2)).all(), (first, second)


# ---------------------------------------------------------------------------- activation


@pytest.mark.parametrize("unit", [1.0, 0.0101])
def test_activation_is_that_of_the_simulator(bundled, unit):
    rng = np.random.default_rng(1)
    models = list(bundled.values())
    assert any(model.strengths for model in models)
    parameters = [sample_parameters(m.genes, rng, identical=False) for m in models]
    rows = sum(len(m.genes) for m in models)
    protein = rng.uniform(2.0, 20.0, size=(rows, 40))
    protein[:, 0] = 1e-6
    out = np.full((rows, 40), np.nan, np.float32)
    activation = _Activation(models, parameters, unit, 40)
    with np.errstate(all="ignore"):
        activation((protein / unit).astype(np.float32), out)
    start = 0
    for model, constants in zip(models, parameters, strict=True):
        part = slice(start, start + len(model.genes))
        expected = activation_levels(model, protein[part].T, constants).T
        np.testing.assert_allclose(out[part], expected, rtol=2e-4, atol=2e-5)
        start = part.stop


def test_constant_rules_and_strengths_of_single_edges():
    models = [
        toy({"a": "a", "b": "a or not a", "c": "a and not a"}),
        toy({"a": "a", "b": "a", "c": "not a"}, strengths={("a", "b"): 10.0, ("a", "c"): 0.2}),
    ]
    parameters = [default_parameters(m.genes) for m in models]
    out = np.empty((6, 2), np.float32)
    protein = np.array([[10.0, 1, 1, 1, 1, 1], [5.0, 20, 20, 10, 20, 20]], np.float32).T.copy()
    _Activation(models, parameters, 1.0, 2)(protein, out)
    expected = [[0.5, 1 / (1 + 2**10)], [1, 1], [0, 0]]
    expected += [[1 / (1 + 1e10), 0.5], [0.5, 1 / (1 + 1e-10)], [1, 1 - 1 / (1 + 5.0**10)]]
    np.testing.assert_allclose(out, expected, rtol=1e-4, atol=1e-6)


# ---------------------------------------------------------------------------- dynamics


def test_without_noise_runs_are_those_of_the_simulator(bundled, monkeypatch):
    for module in (batch, simulator):
        monkeypatch.setattr(module, "NOISE", 1e-5)
        monkeypatch.setattr(module, "DEAD_BELOW", 0.0)  # without noise some only die
    rng = np.random.default_rng(4)
    models = [replace(bundled[n], duration=2) for n in ("mCAD", "dyn-BF", "HSC")]
    models.append(
        toy(
            {"a": "not c", "b": "a and not c and e", "c": "b or c or d", "d": "0", "e": "1"},
            initial_state={"a": 1.5, "b": 0.5},
            duration=2,
        )
    )
    parameters = [sample_parameters(m.genes, rng, identical=False) for m in models]
    points, h = grid(models[0])
    found = simulate_batch(models, parameters, 2, points - 1, SEED)
    times = np.arange(1, points) * h
    for model, constants, cells in zip(models, parameters, found, strict=True):
        np.testing.assert_allclose(cells.time, np.tile(times, 2), rtol=1e-6)
        run = simulate(model, 1, SEED, constants, observation_times=times)
        for part in np.split(cells.expression, 2):
            np.testing.assert_allclose(part, run.expression[0], rtol=5e-3, atol=1e-3)


@pytest.mark.parametrize("name", ["HSC", "mCAD", "dyn-BF"])
def test_distribution_is_that_of_the_simulator(bundled, name):
    model = replace(bundled[name], duration=min(5, bundled[name].duration))
    parameters = sample_parameters(model.genes, np.random.default_rng(5), identical=False)
    cells = alone(model, 700, 1, 21, parameters)
    run = simulate(model, 500, SEED, parameters)
    same_distribution(cells.expression, run.expression[:, 0])
    same_distribution(cells.time[:, None], run.time_index * run.h)


def test_distribution_at_the_last_grid_point(bundled):
    """Where runs of the whole length are compared, errors that add up cannot hide."""
    model = replace(bundled["mCAD"], duration=3)
    points, h = grid(model)
    cells = alone(model, 500, points - 1, 22)
    last = cells.expression[np.isclose(cells.time, 3)]
    assert last.shape == (500, 5)
    run = simulate(model, 500, SEED, observation_times=[(points - 1) * h])
    same_distribution(last, run.expression[:, 0])


def test_mean_and_sd_of_the_first_step():
    """Noise of a step has the standard deviation 10 h sqrt(level), independent of all others."""
    model = toy({"a": "a", "b": "not a"}, initial_state={"a": 1.6, "b": 0.9}, duration=1)
    points, h = grid(model)
    cells = alone(model, 8000, points - 1, 41)
    first = cells.expression[np.isclose(cells.time, h)].astype(float)
    assert len(first) == 8000
    levels, qa = np.array([1.6, 0.9]), 1 / (1 + (10 / 16) ** 10)
    drift = np.array([20 * qa - 16.0, 20 * (1 - qa) - 9.0])
    sd = 10 * h * np.sqrt(levels)
    assert (np.abs(first.mean(0) - levels - h * drift) < 4 * sd / np.sqrt(8000)).all()
    assert (np.abs(first.std(0) / sd - 1) < 4 / np.sqrt(2 * 8000)).all()
    assert abs(np.corrcoef(first.T)[0, 1]) < 4 / np.sqrt(8000)


def test_values_below_zero_go_back_to_the_old_value():
    model = toy({"a": "a", "b": "b"}, initial_state={"a": 2.0, "b": 0.01}, duration=1)
    points, h = grid(model)
    cells = alone(model, 4000, points - 1, 42)
    b = cells.expression[np.isclose(cells.time, h)][:, 1]
    share = NormalDist().cdf(-(1 - 10 * h) * 0.01 / (10 * h * np.sqrt(0.01)))
    back = np.isclose(b, 0.01, rtol=1e-5).mean()
    assert abs(back - share) < 4 * np.sqrt(share * (1 - share) / 4000)
    assert (b > 0).all()


def test_companions_do_not_matter(bundled):
    model, other = replace(bundled["mCAD"], duration=3), replace(bundled["HSC"], duration=3)
    strange = sample_parameters(other.genes, np.random.default_rng(1), 0.2, 0.4, identical=False)
    own = default_parameters(model.genes)
    single = alone(model, 500, 1, 31)
    _, among, _ = simulate_batch([other, model, other], [strange, own, strange], 500, 1, seed(32))
    same_distribution(single.expression, among.expression)


def test_networks_of_a_batch_are_independent(bundled):
    model = replace(bundled["mCAD"], duration=2)
    parameters = [default_parameters(model.genes)] * 2
    one, two = simulate_batch([model] * 2, parameters, 400, 1, SEED)
    assert not np.array_equal(one.time, two.time)
    correlation = np.corrcoef(one.expression.T, two.expression.T)[:5, 5:]
    assert np.abs(correlation).max() < 4.5 / np.sqrt(400)


def test_same_seed_same_bytes(bundled):
    models = [replace(bundled[n], duration=2) for n in ("mCAD", "HSC")]
    parameters = [default_parameters(m.genes) for m in models]
    one, two, other = (
        simulate_batch(models, parameters, 20, 4, seed(number)) for number in (1, 1, 2)
    )
    for first, second, third in zip(one, two, other, strict=True):
        assert first.expression.tobytes() == second.expression.tobytes()
        assert first.time.tobytes() == second.time.tobytes()
        assert first.expression.tobytes() != third.expression.tobytes()


# ---------------------------------------------------------------------------- cells


def test_shapes_times_and_values(bundled):
    model = replace(bundled["mCAD"], duration=2)
    cells = alone(model, 300, 6, 1)
    assert cells.expression.shape == (1800, 5) and cells.expression.dtype == np.float32
    assert np.isfinite(cells.expression).all() and (cells.expression >= 0).all()
    points, h = grid(model)
    index = np.rint(cells.time / h)
    np.testing.assert_allclose(cells.time, index * h, rtol=1e-6)
    assert index.min() == 1 and index.max() == points - 1  # in (0, duration], both ends occur
    per_run = index.reshape(300, 6)
    assert (np.diff(per_run, axis=1) > 0).all()  # different times of a run
    assert abs(index.mean() - points / 2) < 4 * points / np.sqrt(12 * 1800)


def test_time_belongs_to_its_cell(monkeypatch):
    """A gene that only decays tells the time."""
    monkeypatch.setattr(batch, "NOISE", 1e-5)
    rules = {"a": "a and not a", "b": "b or not b"}
    model = toy(rules, duration=1, initial_state={"a": 2.0, "b": 2.0})
    cells = alone(model, 20, 5, 3)
    expected = 2 * (1 - 10 * grid(model)[1]) ** np.rint(cells.time / grid(model)[1])
    np.testing.assert_allclose(cells.expression[:, 0], expected, rtol=1e-2)


def test_about_a_quarter_of_the_hsc_runs_is_left_out(bundled):
    cells = alone(bundled["HSC"], 400, 3, 6)
    kept = len(cells.time) / 3 / 400
    assert abs(kept - 0.755) < 4 * np.sqrt(0.245 * 0.755 / 400)


def test_no_kept_run_is_ever_dead(bundled, monkeypatch):
    model = bundled["HSC"]
    points = grid(model)[0]
    kept = alone(model, 60, points - 1, 7)
    assert 0 < len(kept.time) < 60 * (points - 1)
    assert kept.expression.max(1).min() >= 0.2 * (1 - 1e-6)
    monkeypatch.setattr(batch, "DEAD_BELOW", 0.0)
    every = alone(model, 60, points - 1, 7)
    dead = every.expression.max(1).reshape(60, -1).min(1) < 0.2
    assert len(every.time) == 60 * (points - 1) and dead.any()
    survivors = every.expression.reshape(60, points - 1, -1)[~dead]
    np.testing.assert_array_equal(kept.expression, survivors.reshape(len(kept.time), -1))


def test_a_run_that_was_dead_once_is_left_out_even_if_it_recovers():
    model = toy({"a": "a or not a"}, initial_state={"a": 0.05}, duration=1)
    slow = replace(default_parameters("a"), m=np.array([5.0]))  # below 0.2 at first
    assert len(alone(model, 5, 1, 1, slow).time) == 0
    above = toy({"a": "a or not a"}, initial_state={"a": 1.0}, duration=1)
    assert len(alone(above, 5, 1, 1).time) == 5


def test_networks_that_only_die_have_no_cells_and_harm_no_other():
    dying, living = toy({"a": "a and not a", "b": "a"}), toy({"a": "a", "b": "a or not a"})
    parameters = [default_parameters("ab")] * 2
    models = [replace(m, duration=3) for m in (dying, living)]
    gone, there = simulate_batch(models, parameters, 10, 2, SEED)
    assert gone.expression.shape == (0, 2) and gone.time.shape == (0,)
    assert there.expression.shape == (20, 2)


def test_run_lengths_of_a_batch_must_agree():
    models = [toy({"a": "a"}, duration=2), toy({"a": "a"}, duration=3)]
    with pytest.raises(AssertionError, match="share their run length"):
        simulate_batch(models, [default_parameters("a")] * 2, 2, 1, SEED)
