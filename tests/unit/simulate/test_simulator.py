import itertools
import re
from dataclasses import replace
from statistics import NormalDist
from types import SimpleNamespace

import numpy as np
import pytest

from grn_gat.core.errors import InputError
from grn_gat.simulate import simulator
from grn_gat.simulate.boolean_model import BooleanModel, read_model
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import (
    DEFAULTS,
    X_MAX,
    AllRunsDied,
    activation_levels,
    cell_names,
    compile_activation,
    default_parameters,
    grid,
    sample_parameters,
    simulate,
)

NAMES = ("HSC", "mCAD", "VSC", "GSD", "dyn-LI", "dyn-LL", "dyn-CY", "dyn-BF", "dyn-BFC", "dyn-TF")
SEED = np.random.SeedSequence(7)


def toy(rules, **options):
    return BooleanModel(
        "toy", tuple(rules), {gene: parse_rule(text) for gene, text in rules.items()}, **options
    )


@pytest.fixture
def shipped(repository):
    return lambda name: read_model(repository / "workflow/resources/models" / f"{name}.tsv")


def subset_sum(model, protein, parameters):
    """The activation functions as written down: a ratio of sums over all subsets of regulators."""
    place = {gene: k for k, gene in enumerate(model.genes)}
    result = np.empty_like(protein)
    for gene in model.genes:
        names = model.regulators(gene)
        h = []
        for name in names:
            k = place[name]
            threshold = parameters.K[k] / model.strengths.get((name, gene), 1.0)
            h.append((protein[:, k] / threshold) ** parameters.n[k])
        above, below = 0.0, 0.0
        for on in itertools.product([False, True], repeat=len(names)):
            term = np.prod([v for v, s in zip(h, on, strict=True) if s], axis=0)
            below = below + term
            if model.rules[gene](dict(zip(names, on, strict=True))):
                above = above + term
        result[:, place[gene]] = above / below
    return result


def heaviside_sum(model, protein, parameters):
    place = {gene: k for k, gene in enumerate(model.genes)}
    result = np.empty_like(protein)
    for gene in model.genes:
        names = model.regulators(gene)
        for row, levels in enumerate(protein):
            total = 0.0
            for on in itertools.product([False, True], repeat=len(names)):
                sign = 1 if model.rules[gene](dict(zip(names, on, strict=True))) else -1
                weight = sign * (2 / 20 if any(on) else 1)
                chosen = [levels[place[n]] for n, s in zip(names, on, strict=True) if s]
                total += weight * np.prod(chosen)
            e = -parameters.sigma[place[gene]] * total
            result[row, place[gene]] = 1 / (1 + np.exp(np.sign(e) * min(10, abs(e))))
    return result


# ---------------------------------------------------------------------------- activation


@pytest.mark.parametrize("name", NAMES)
def test_compiled_activation_is_the_sum_over_subsets(shipped, name):
    model = shipped(name)
    rng = np.random.default_rng(1)
    parameters = sample_parameters(model.genes, rng, identical=False)
    protein = rng.uniform(2.0, 20.0, size=(12, len(model.genes)))
    for strengths in (model.strengths, {}):
        variant = replace(model, strengths=strengths)
        found = activation_levels(variant, protein, parameters)
        expected = subset_sum(variant, protein, parameters)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "rule",
    [
        "(a and not b) or (not a and b)",
        "(a and b) or (b and c) or (a and c)",
        "(a and b) or (not a and c)",
        "not (a and b and c) and (a or b or c)",
        "(a or b) and (c or d) and not (a and d)",
        "a or not a",
        "a and not a",
    ],
)
def test_rules_of_every_shape(rule):
    model = toy({"a": "not d", "b": "b", "c": rule, "d": rule})
    protein = np.random.default_rng(2).uniform(2.0, 20.0, size=(50, 4))
    parameters = default_parameters(model.genes)
    expected = subset_sum(model, protein, parameters)
    np.testing.assert_allclose(activation_levels(model, protein), expected, rtol=1e-9, atol=1e-12)


def test_closed_form():
    model = toy({"a": "a", "b": "a and not c", "c": "a or b"})
    qa, qb, qc = 0.5, 1 / (1 + 2.0**10), 1 / (1 + 2.0**-10)
    found = activation_levels(model, np.array([10.0, 5.0, 20.0]))
    np.testing.assert_allclose(found, [qa, qa * (1 - qc), 1 - (1 - qa) * (1 - qb)], rtol=1e-12)


def test_strength_divides_the_threshold_of_one_edge_only():
    model = toy({"a": "a", "b": "a", "c": "a"}, strengths={("a", "b"): 10.0, ("a", "c"): 0.2})
    found = activation_levels(model, np.array([1.0, 10.0, 10.0]))
    np.testing.assert_allclose(found, [1 / (1 + 1e10), 0.5, 1 / (1 + 50.0**10)], rtol=1e-9)


def test_activation_at_zero_and_without_regulators_that_matter():
    model = toy({"a": "a", "b": "not a", "c": "a or not a"})
    assert activation_levels(model, np.zeros((2, 3))).tolist() == [[0, 1, 1]] * 2


def test_programs_stay_short(shipped):
    """SOX9 alone has 1024 terms as a sum over subsets."""
    assert len(compile_activation(shipped("GSD")).operations) < 120
    assert len(compile_activation(shipped("HSC")).operations) < 40


@pytest.mark.parametrize("name", ["HSC", "mCAD", "VSC", "dyn-TF"])
def test_heaviside_is_the_sum_over_subsets(shipped, name):
    model = shipped(name)
    rng = np.random.default_rng(3)
    parameters = sample_parameters(model.genes, rng, identical=False)
    protein = rng.uniform(0.0, 2.0, size=(8, len(model.genes)))
    found = activation_levels(model, protein, parameters, "heaviside")
    expected = heaviside_sum(model, protein, parameters)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert ((found > 1e-4) & (found < 1 - 1e-4)).any()


def test_heaviside_runs_switch():
    model = toy({"a": "a", "b": "a", "c": "not a"}, initial_state={"a": 2.0, "c": 2.0})
    run = simulate(model, 50, SEED, activation="heaviside", observation_times=[8.0])
    np.testing.assert_allclose(run.expression[:, 0].mean(axis=0), [2, 2, 0], atol=0.2)


# ---------------------------------------------------------------------------- dynamics


def test_drift_without_noise(shipped, monkeypatch):
    """With the noise made negligible a run is the Euler scheme, here written out gene by gene."""
    monkeypatch.setattr(simulator, "NOISE", 1e-5)
    model = toy(
        {"a": "not c", "b": "a and not c", "c": "b or c", "d": "d"},
        initial_state={"a": 1.5, "b": 0.5, "d": 2.0},
    )
    parameters = sample_parameters(model.genes, np.random.default_rng(4), identical=False)
    points, h = grid(model)
    index = np.arange(1, points)
    run = simulate(model, 2, SEED, parameters, observation_times=index * h, return_protein=True)
    x = np.array([1.5, 0.5, 0.01, 2.0])
    p = x * parameters.r / parameters.lp
    for k in range(points - 1):
        f = subset_sum(model, p[None], parameters)[0]
        x, p = (
            x + h * (parameters.m * f - parameters.lx * x),
            p + h * (parameters.r * x - parameters.lp * p),
        )
        np.testing.assert_allclose(run.expression[:, k], [x, x], rtol=2e-3, atol=1e-4)
        np.testing.assert_allclose(run.protein[:, k], [p, p], rtol=2e-3, atol=1e-3)


def test_grid():
    assert grid(toy({"a": "a"}, duration=8)) == (800, 8 / 799)
    assert grid(toy({"a": "a"}, duration=5)) == (500, 5 / 499)


def test_mean_and_variance_of_the_first_two_steps():
    """Noise of a step has the standard deviation 10 h sqrt(level), independent of all others."""
    model = toy({"a": "a", "b": "not a"}, initial_state={"a": 1.6, "b": 0.9}, duration=1)
    h = grid(model)[1]
    cells = 40_000
    run = simulate(model, cells, SEED, observation_times=[h, 2 * h], return_protein=True)
    levels = np.array([1.6, 0.9, 16.0, 9.0])
    qa = 1 / (1 + (10 / 16) ** 10)
    drift = np.array([20 * qa - 16.0, 20 * (1 - qa) - 9.0, 0.0, 0.0])
    first = np.concatenate([run.expression[:, 0], run.protein[:, 0]], axis=1)
    sd = 10 * h * np.sqrt(levels)
    error = sd / np.sqrt(cells)
    assert (np.abs(first.mean(axis=0) - levels - h * drift) < 4 * error).all()
    assert (np.abs(first.std(axis=0) / sd - 1) < 4 / np.sqrt(2 * cells)).all()
    scaled = (first - first.mean(axis=0)) / sd
    assert np.abs((scaled**3).mean(axis=0)).max() < 4 * np.sqrt(15 / cells)
    assert np.abs((scaled**4).mean(axis=0) - 3).max() < 4 * np.sqrt(96 / cells)
    noise = [first[:, k] for k in range(4)]
    second = run.protein[:, 1] - run.protein[:, 0] * (1 - h) - 10 * h * run.expression[:, 0]
    noise += [second[:, 0] / np.sqrt(first[:, 2]), second[:, 1] / np.sqrt(first[:, 3])]
    assert np.abs(np.corrcoef(noise) - np.eye(6)).max() < 5 / np.sqrt(cells)
    assert abs(noise[4].std() / (10 * h) - 1) < 4 / np.sqrt(2 * cells)


def test_values_below_zero_go_back_to_the_old_value():
    model = toy({"a": "a", "b": "b"}, initial_state={"a": 2.0, "b": 0.01}, duration=1)
    h = grid(model)[1]
    cells = 20_000
    run = simulate(model, cells, SEED, observation_times=[h], return_protein=True)
    b = run.expression[:, 0, 1]
    share = NormalDist().cdf(-(1 - 10 * h) * 0.01 / (10 * h * np.sqrt(0.01)))
    back = np.isclose(b, 0.01, rtol=1e-6)
    assert abs(back.mean() - share) < 4 * np.sqrt(share * (1 - share) / cells)
    assert (b >= 0).all() and (b > 0).mean() == 1
    assert np.isclose(run.expression[:, 0, 0], 2.0, rtol=1e-6).mean() < 0.001
    assert (run.protein >= 0).all()


def test_zero_stays_zero_without_drift():
    model = toy({"a": "a", "b": "b"}, initial_state={"a": 2.0, "b": 0.0})
    run = simulate(model, 20, SEED, return_protein=True, return_activity=True)
    assert (run.expression[..., 1] == 0).all() and (run.protein[..., 1] == 0).all()
    assert (run.activity[..., 1] == 0).all()


def test_activity_is_that_of_the_observed_protein(shipped):
    model = shipped("mCAD")
    run = simulate(model, 30, SEED, return_protein=True, return_activity=True)
    assert run.activity.shape == run.expression.shape == (30, 1, 5)
    np.testing.assert_array_equal(run.activity, activation_levels(model, run.protein))
    plain = simulate(model, 30, SEED)
    assert plain.protein is None and plain.activity is None
    np.testing.assert_array_equal(plain.expression, run.expression)


# ---------------------------------------------------------------------------- runs and cells


def test_about_a_quarter_of_the_hsc_runs_is_discarded(shipped):
    run = simulate(shipped("HSC"), 1000, SEED)
    for share in ((run.tries > 1).mean(), 1 - 1000 / run.tries.sum()):
        assert abs(share - 0.245) < 4 * np.sqrt(0.245 * 0.755 / 1000)


def test_no_kept_run_is_ever_dead(shipped, monkeypatch):
    model = shipped("HSC")
    points, h = grid(model)
    times = np.arange(1, points) * h
    kept = simulate(model, 150, SEED, observation_times=times).expression.max(axis=2)
    assert kept.min() >= 0.2 * (1 - 1e-6)
    monkeypatch.setattr(simulator, "DEAD_BELOW", 0.0)
    every = simulate(model, 150, SEED, observation_times=times)
    assert (every.tries == 1).all()
    share = (every.expression.max(axis=2).min(axis=1) < 0.2).mean()
    assert abs(share - 0.245) < 4 * np.sqrt(0.245 * 0.755 / 150)


@pytest.mark.parametrize("slots", [7, 40, 1000])
@pytest.mark.parametrize("name", ["HSC", "mCAD"])
def test_slots_keep_the_cells_apart(shipped, monkeypatch, slots, name):
    """Observations and trajectories are collected separately and must be of the same runs."""
    monkeypatch.setattr(simulator, "SLOTS", slots)
    model = shipped(name)
    points, h = grid(model)
    coarse = np.minimum(np.arange(10, points + 9, 10), points - 1)
    run = simulate(model, 60, SEED, observation_times=np.arange(1, points) * h)
    assert run.trajectories.dtype == np.float32
    assert run.trajectories.shape == (60, len(coarse), len(model.genes))
    x = run.expression
    np.testing.assert_allclose(run.trajectories, x[:, coarse - 1], rtol=1e-5)
    assert len(np.unique(x[:, -1, 0])) == 60
    # A run spliced from two would jump: one step has a drift of at most 20 h and little noise.
    assert (np.abs(np.diff(x, axis=1)) < 30 * h + 6 * 10 * h * np.sqrt(x[:, :-1])).all()


def test_restarted_runs_start_at_the_beginning(shipped):
    model = shipped("HSC")
    run = simulate(model, 400, SEED, observation_times=[grid(model)[1]])
    again = run.tries > 1
    assert again.sum() > 50
    start = model.start_values(X_MAX)
    assert np.abs(run.expression[again, 0] - start).max() < 0.6
    assert run.trajectories[again, 0].std(axis=0).max() < 0.6


def test_models_that_only_die():
    model = toy({"a": "a and not a", "b": "a"})
    message = (
        r"model toy: all genes fell below 0.2 in all \d+ runs that have ended, 3 of them of cell 0 "
        r"\(simulation.max_tries\), .*; check the rules, and the levels that the genes start from"
    )
    with pytest.raises(InputError, match=message):
        simulate(model, 5, SEED, max_tries=3)


def test_models_of_which_some_cells_only_die():
    """An oscillator, both of whose genes are low once in each turn."""
    model = toy({"a": "not b", "b": "a"})
    with pytest.raises(InputError) as error:
        simulate(model, 200, SEED, max_tries=30)
    found = re.fullmatch(
        r"model toy: all genes fell below 0.2 in all 30 runs of cell \d+, as in (\d+) of all (\d+) "
        r"runs so far, and such runs are discarded; (\d+) of 200 cells are finished. Set "
        r"simulation.max_tries to (\d+), or, in a .yaml file beside the rules, an initial_state or "
        "a shorter duration with which fewer runs die.",
        str(error.value),
    )
    dead, runs, finished, advised = map(int, found.groups())
    assert runs - dead == finished and 0 < finished < 200
    # The ways out that are named: more tries, another start, a shorter run.
    wanted = simulate(model, 200, SEED, max_tries=advised)
    assert wanted.tries.max() > 30
    assert dead / runs == pytest.approx(1 - 1 / wanted.tries.mean(), abs=0.02)
    assert simulate(replace(model, initial_state={"a": 0.5, "b": 0.5}), 200, SEED).tries.max() < 100
    short = simulate(replace(model, initial_state={"a": 2.0}, duration=2), 200, SEED, max_tries=30)
    assert short.tries.mean() < 2


def test_advised_tries_are_enough():
    run = SimpleNamespace(model=SimpleNamespace(name="toy"), tries=np.full(1000, 100))
    text = simulator._Run._too_many_deaths(run, 7, 100, 1000)  # 99 of 100 runs died
    assert "in 99000 of all 100000 runs so far" in text and "1000 of 1000 cells" in text
    # 0.99 ** 1400 * 1000 = 8e-4 and 0.99 ** 1300 * 1000 = 2e-3 cells that only die
    assert "Set simulation.max_tries to 1400," in text
    assert "Set simulation.max_tries to 2000," in simulator._Run._too_many_deaths(
        run, 7, 1000, 1000
    )


# ---------------------------------------------------------------------------- constant rules


@pytest.mark.parametrize("initial_state", [None, {"a": 1.0}])
@pytest.mark.parametrize("sampled", [False, True])
def test_a_knocked_out_gene_is_off_and_a_clamped_one_on_in_every_cell(initial_state, sampled):
    rules = {
        "a": "on",
        "off": "0",
        "on": "1",
        "b": "a and not off",
        "c": "a and off",
        "d": "not on",
    }
    model = toy(rules, initial_state=initial_state, duration=3)
    rng = np.random.default_rng(1)
    parameters = sample_parameters(model.genes, rng) if sampled else None
    run = simulate(model, 1000, SEED, parameters, return_protein=True)
    levels = dict(zip(model.genes, run.expression[:, 0].T, strict=True))
    assert (levels["off"] == 0).all() and (run.trajectories[:, :, 1] == 0).all()
    assert (run.protein[:, 0, 1] == 0).all()
    # A gene that is fully on has m / lx = 2, and by the noise a standard deviation of 0.32.
    full = X_MAX if parameters is None else parameters.m[2] / parameters.lx[2]
    assert levels["on"].mean() == pytest.approx(full, abs=0.05)
    assert levels["on"].min() > 0.8 and levels["on"].std() == pytest.approx(0.32, abs=0.05)
    late = run.time_index[:, 0] > 150
    means = {gene: values[late].mean() for gene, values in levels.items()}
    assert means["b"] > 1.8 and means["c"] < 0.1 and means["d"] < 0.1
    assert (run.tries == 1).all()


def test_a_knocked_out_gene_starts_on_only_where_it_is_told_to():
    model = toy({"a": "0", "b": "1"}, initial_state={"a": 2.0, "b": 0.0}, duration=2)
    times = np.array([0.02, 1.0])
    run = simulate(model, 500, SEED, observation_times=times)
    early, late = run.expression.mean(axis=0)
    assert early == pytest.approx([2 * np.exp(-0.2), 2 * (1 - np.exp(-0.2))], abs=0.05)
    assert late[0] < 0.05 and late[1] == pytest.approx(2, abs=0.05)


# ---------------------------------------------------------------------------- limits


def test_rules_that_take_too_long_to_evaluate(monkeypatch):
    """The limit is that of a gene, however many there are."""

    def model(number: int) -> BooleanModel:
        rules = {"g0": "g0"}
        for k in range(1, number):
            rules[f"g{k}"] = f"(g0 and not g{k}) or (g{k} and not g0)"
        return toy(rules)

    one = len(compile_activation(model(2)).operations) - 1  # one copies g0
    assert one > 1 and len(compile_activation(model(6)).operations) == 1 + 5 * one
    monkeypatch.setattr(simulator, "MAX_OPERATIONS", one)
    assert len(compile_activation(model(6)).operations) == 1 + 5 * one
    monkeypatch.setattr(simulator, "MAX_OPERATIONS", one - 1)
    message = f"model toy: a time step of gene g1 takes more than {one - 1} operations; write its"
    with pytest.raises(InputError, match=message):
        compile_activation(model(6))


def test_heaviside_with_many_regulators():
    names = [f"g{k}" for k in range(15)]
    for number in (14, 15):
        model = toy({name: name for name in names} | {"x": " or ".join(names[:number])})
        if number == 14:
            assert activation_levels(model, np.zeros((1, 16)), kind="heaviside").shape == (1, 16)
        else:
            with pytest.raises(InputError, match=r"gene x has 15 regulators; .* at most 14 are"):
                activation_levels(model, np.zeros((1, 16)), kind="heaviside")


def test_random_observation_times(shipped):
    model = shipped("mCAD")
    run = simulate(model, 3000, SEED)
    index = run.time_index
    assert index.shape == (3000, 1) and run.expression.shape == (3000, 1, 5)
    assert index.min() >= 1 and index.max() <= 499
    assert index.min() < 10 and index.max() > 490
    assert abs(index.mean() - 250) < 4 * 499 / np.sqrt(12 * 3000)
    assert run.h == 5 / 499
    assert cell_names(index)[:2] == [f"E0_{index[0, 0]}", f"E1_{index[1, 0]}"]
    assert cell_names(np.array([[1, 2], [3, 4]])) == ["E0_1", "E0_2", "E1_3", "E1_4"]


def test_given_observation_times(shipped):
    model = shipped("mCAD")
    run = simulate(model, 4, SEED, observation_times=[5, 0.001, 2.5, 2.5])
    assert run.time_index.tolist() == [[499, 1, 250, 250]] * 4  # 2.5 / h = 249.5, to even
    np.testing.assert_array_equal(run.expression[:, 2], run.expression[:, 3])


def test_same_seed_same_bytes(shipped):
    model = shipped("HSC")
    seed = np.random.SeedSequence(5)
    first, second = simulate(model, 80, seed), simulate(model, 80, seed)
    for key in ("expression", "time_index", "tries", "trajectories"):
        assert getattr(first, key).tobytes() == getattr(second, key).tobytes()
    assert seed.n_children_spawned == 0
    other = simulate(model, 80, np.random.SeedSequence(5, spawn_key=(1,)))
    assert not np.array_equal(first.time_index, other.time_index)
    assert not np.isin(first.expression[first.expression > 0], other.expression).any()


# ---------------------------------------------------------------------------- clamps


def test_knock_out_and_over_expression():
    model = toy({"a": "a", "b": "a", "c": "not a", "d": "c"}, initial_state={"a": 2.0, "d": 1.0})
    parameters = sample_parameters(model.genes, np.random.default_rng(6), identical=False)
    times = np.arange(1, 800) * grid(model)[1]
    ratio = parameters.r / parameters.lp
    out = simulate(
        model, 40, SEED, parameters, clamped={"a": 0}, observation_times=times, return_protein=True
    )
    assert (out.expression[..., 0] == 0).all() and (out.protein[..., 0] == 0).all()
    on = simulate(
        model,
        40,
        SEED,
        parameters,
        clamped={"a": 1.7, "c": 0.0},
        observation_times=times,
        return_protein=True,
    )
    np.testing.assert_allclose(on.expression[..., 0], 1.7, rtol=1e-6)
    np.testing.assert_allclose(on.protein[..., 0], 1.7 * ratio[0], rtol=1e-6)
    assert (on.expression[..., 2] == 0).all()
    # What depends on the clamped gene follows it.
    level = parameters.m / parameters.lx
    end_out, end_on = out.expression[:, -300:].mean((0, 1)), on.expression[:, -300:].mean((0, 1))
    np.testing.assert_allclose(end_out / level, [0, 0, 1, 1], atol=0.1)
    assert end_on[1] / level[1] == pytest.approx(1, abs=0.1)
    assert end_on[3] < 0.1


# ---------------------------------------------------------------------------- perturbations


def runs(model, **options):
    """Runs of 30 cells at every grid point: mRNA and protein, (cells, times, genes)."""
    times = np.arange(1, grid(model)[0]) * grid(model)[1]
    return simulate(model, 30, SEED, observation_times=times, return_protein=True, **options)


def test_before_it_begins_a_run_is_what_it_would_be_without():
    model = toy({"a": "1", "b": "a", "c": "not a"}, duration=8)
    plain = runs(model)
    late = runs(model, clamped={"a": 0.0}, scaled={"b": 0.5}, begin=4.0)
    first = round(4.0 / plain.h / 10 + 0.499) * 10  # grid points 1 to `first` come before
    for name in ("expression", "protein"):
        before, after = (getattr(run, name) for run in (plain, late))
        np.testing.assert_array_equal(before[:, :first], after[:, :first])
        assert (after[:, first:, 0] == 0).all() and (after[:, :first, 0] > 0).all()
    assert late.expression[:, -200:, 1].mean() < 0.1  # b needs a
    assert late.expression[:, -200:, 2].mean() == pytest.approx(X_MAX, abs=0.1)


def test_what_changes_nothing_leaves_the_bytes(shipped):
    model = shipped("HSC")
    plain = simulate(model, 60, SEED)
    for options in (
        {"scaled": {"Gata1": 1.0}},
        {"begin": 3.0},
        {"scaled": {"Pu1": 1.0}, "begin": 2},
    ):
        same = simulate(model, 60, SEED, **options)
        np.testing.assert_array_equal(plain.expression, same.expression)
        np.testing.assert_array_equal(plain.tries, same.tries)


@pytest.mark.parametrize("sampled", [False, True])
def test_a_knock_down_leaves_its_share_of_the_level_and_of_nothing_else(sampled):
    model = toy({"a": "1", "b": "1"}, duration=8)
    parameters = sample_parameters("ab", np.random.default_rng(3), identical=False)
    parameters = parameters if sampled else default_parameters("ab")
    run = runs(model, parameters=parameters, scaled={"a": 0.4})
    level = parameters.m / parameters.lx
    found = run.expression[:, -400:].mean((0, 1)) / level
    np.testing.assert_allclose(found, [0.4, 1], atol=0.03)


def test_a_clamp_from_the_start_is_one_that_begins_at_0():
    model = toy({"a": "a", "b": "a"}, duration=3)
    np.testing.assert_array_equal(
        runs(model, clamped={"a": 1.7}).expression,
        runs(model, clamped={"a": 1.7}, begin=0.0).expression,
    )


def test_cells_that_die_of_it_are_kept_where_they_count():
    """b needs a and nothing else is on: without a all die, unless what comes of it counts."""
    model = toy({"a": "a", "b": "a"}, initial_state={"a": 2.0}, duration=8)
    with pytest.raises(AllRunsDied):
        simulate(model, 5, SEED, clamped={"a": 0.0}, begin=3.0, max_tries=3)
    late = runs(model, clamped={"a": 0.0}, begin=3.0, keep_dying=True)
    assert (late.tries == 1).all() and late.expression[:, -1].max() < 0.2
    at_once = runs(model, clamped={"a": 0.0}, keep_dying=True)
    assert (at_once.tries == 1).all() and at_once.expression[:, -1].max() < 0.2
    # What dies before does not: a alone holds itself in one of two runs or so.
    frail = toy({"a": "a", "b": "a"}, initial_state={"a": 0.9}, duration=8)
    tries = runs(frail, begin=5.0, keep_dying=True).tries
    assert tries.max() > 1
    np.testing.assert_array_equal(tries > 1, runs(frail).tries > 1)


# ---------------------------------------------------------------------------- parameters


def test_default_parameters():
    parameters = default_parameters(["a", "b"])
    assert {k: getattr(parameters, k).tolist() for k in DEFAULTS} == {
        "m": [20, 20],
        "lx": [10, 10],
        "r": [10, 10],
        "lp": [1, 1],
        "n": [10, 10],
        "K": [10, 10],
        "sigma": [10, 10],
    }


def test_sampled_parameters():
    genes = [f"g{k}" for k in range(4000)]
    each = sample_parameters(genes, np.random.default_rng(1), identical=False)
    for key, default in DEFAULTS.items():
        values = getattr(each, key) / default
        assert values.min() >= 0.9 and values.max() <= 1.1
        # A normal cut at two standard deviations has 0.8796 of its standard deviation.
        assert values.std() == pytest.approx(0.05 * 0.8796, rel=0.06)
        assert values.mean() == pytest.approx(1, abs=0.003)
    shared = sample_parameters(genes, np.random.default_rng(1))
    factors = []
    for key, default in DEFAULTS.items():
        assert (getattr(shared, key) == getattr(shared, key)[0]).all()
        factors.append(getattr(shared, key)[0] / default)
    assert len(set(factors)) == len(DEFAULTS)
    again = sample_parameters(genes, np.random.default_rng(1))
    assert all((getattr(again, k) == getattr(shared, k)).all() for k in DEFAULTS)
    wide = sample_parameters(genes, np.random.default_rng(1), sd=10.0, bound=0.1, identical=False)
    assert np.abs(wide.m / 20 - 1).max() <= 0.1


@pytest.mark.parametrize("wrong", [{"sd": -0.1}, {"bound": 0.0}, {"bound": 1.0}])
def test_bad_sampling(wrong):
    with pytest.raises(InputError, match="sd >= 0 and 0 < bound < 1"):
        sample_parameters(["a"], np.random.default_rng(1), **wrong)


# ---------------------------------------------------------------------------- bad arguments


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n_cells": 0}, "model toy: n_cells must be at least 1, got 0"),
        ({"n_cells": 2.5}, "model toy: n_cells must be at least 1, got 2.5"),
        ({"max_tries": 0}, "max_tries must be at least 1"),
        ({"seed": 3}, "seed must be a numpy SeedSequence, got int"),
        ({"activation": "step"}, "activation must be 'hill' or 'heaviside', got 'step'"),
        ({"clamped": {"z": 0}}, "clamped names 'z', which is no gene .*; the genes are a, b"),
        ({"clamped": {"a": -1}}, "the clamped level of a must be a number of at least 0, got -1"),
        ({"clamped": {"a": float("nan")}}, "the clamped level of a must be"),
        ({"clamped": {"a": "on"}}, "the clamped level of a must be"),
        ({"scaled": {"z": 0.5}}, "scaled names 'z', which is no gene .*; the genes are a, b"),
        ({"scaled": {"a": -0.5}}, "the factor of a must be a number of at least 0, got -0.5"),
        ({"begin": -1}, "begin must be a time from 0 to 8, got -1"),
        ({"begin": 9}, "begin must be a time from 0 to 8, got 9"),
        ({"begin": float("nan")}, "begin must be a time from 0 to 8, got nan"),
        ({"observation_times": [0.0]}, r"the observation time 0 is outside \(0, 8\]"),
        ({"observation_times": [1, 8.1]}, r"the observation time 8.1 is outside \(0, 8\]"),
        ({"observation_times": [float("nan")]}, "the observation time nan is outside"),
        ({"observation_times": []}, "observation_times must be a list of times"),
        ({"observation_times": 3.0}, "observation_times must be a list of times"),
        ({"parameters": default_parameters("abc")}, "the constant m needs one positive number"),
        (
            {"parameters": replace(default_parameters("ab"), K=np.array([1.0, 0.0]))},
            "the constant K needs one positive number for each of the 2 genes",
        ),
    ],
)
def test_bad_arguments(wrong, message):
    arguments = {"n_cells": 3, "seed": SEED, **wrong}
    with pytest.raises(InputError, match=message):
        simulate(toy({"a": "a", "b": "a"}), **arguments)


def test_bad_activation_kind():
    with pytest.raises(InputError, match="activation must be 'hill' or 'heaviside'"):
        activation_levels(toy({"a": "a"}), np.ones((1, 1)), kind="step")
