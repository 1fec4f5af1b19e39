"""The registry of inference methods, and what holds for each of them on any data."""

import dataclasses
import inspect
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from grn_gat.algorithms import _registry
from grn_gat.algorithms._registry import (
    ANY,
    Method,
    load_method,
    method_names,
    module_path,
    run_method,
    stated,
    usual_methods,
)
from grn_gat.core.errors import InputError
from grn_gat.data.evidence import UNSEEN, Evidence
from grn_gat.data.evidence_names import EVIDENCE, WORDS
from untrained import evidence_of, save_untrained

ALL = method_names()
# Those that can be run here: a package beside the lock may be missing.
NAMES = [
    name
    for name in ALL
    if not (package := stated(name).get("package")) or find_spec(package.split("==")[0])
]
OFFERED = {"pseudotime", "evidence", "regulators", "seed", "threads"}
# So that the slow ones take a moment only.
WEIGHTS = str(Path(__file__).parents[3] / "workflow/resources/zeroshot/levels.safetensors")
QUICK = {
    **{
        name: {"weights": WEIGHTS, "cells": 60, "subsamples": 3}
        for name in ("gat-zeroshot", "gat-zeroshot-pseudotime")
    },
    **{
        name: {"cells": 60, "subsamples": 3}
        for name in NAMES
        if stated(name).get("needs_evidence") and stated(name).get("weights")
    },
    "genie3": {"trees": 5},
    "grnboost2": {"estimators": 20, "early_stop_window": 10},
    "ppcor": {"p_value": 0.01},
    "regdiffusion": {"steps": 5},
    "scode": {"iterations": 20, "repeats": 2},
    "tigress": {"splits": 3, "steps": 2, "least_weight": 0.4},
}
GENES = ["g1", "g2", "g3", "g4", "g5", "g6"]


def parameters(name: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(load_method(name).infer).parameters)


TOLD = [name for name in NAMES if load_method(name).needs_evidence]
TIMELESS = [
    name
    for name in NAMES
    if not load_method(name).needs_pseudotime and name != "gat-zeroshot-evidence"
]
TIMED = [name for name in NAMES if load_method(name).needs_pseudotime]
UNDEFINED_FOR_CONSTANT = [name for name in NAMES if load_method(name).needs_variation]
OURS = [name for name in NAMES if name.startswith("gat-zeroshot")]
# Whose scores follow the genes and cells, evidence apart, which stays in its order here.
DETERMINISTIC = [name for name in NAMES if "seed" not in parameters(name) and name not in TOLD]


@pytest.fixture(scope="module", autouse=True)
def weights_that_know_evidence(tmp_path_factory):
    """The weights that are shipped know none: those of these methods are untrained."""
    path = save_untrained(tmp_path_factory.mktemp("weights") / "weights.safetensors")
    for name in TOLD:
        if name in QUICK:
            QUICK[name]["weights"] = path


@pytest.fixture(scope="module")
def expression() -> np.ndarray:
    """Six genes in 80 cells with time, with some dependence and some zeros."""
    rng = np.random.default_rng(3)
    time = np.linspace(0, 3, 80)
    values = rng.gamma(2, size=(6, 80)) + np.sin(time + np.arange(6)[:, None])
    values[3] += 1.5 * values[0]
    values[4] -= 0.8 * values[1]
    values = np.maximum(values, 0)
    values.flags.writeable = False
    return values


@pytest.fixture(scope="module")
def pseudotime() -> np.ndarray:
    """Two trajectories; both have the first 20 cells."""
    time = np.linspace(0, 3, 80)
    both = np.column_stack([time, time])
    both[50:, 0] = np.nan
    both[20:50, 1] = np.nan
    both.flags.writeable = False
    return both


def infer(name, expression, pseudotime, regulators=range(6), seed=5, threads=1) -> np.ndarray:
    genes = [f"g{i}" for i in range(1, len(expression) + 1)]
    regulators = np.array(regulators, dtype=int)
    settings = QUICK.get(name, {})
    told = evidence_of(*expression.shape)
    return run_method(
        name, genes, expression, pseudotime, regulators, seed, threads, settings, told
    )


def test_names_are_those_of_the_modules():
    assert sorted(set(ALL)) == ALL and len(ALL) >= 11
    assert {"clr", "genie3", "mutual-information", "pidc", "scode"} <= set(ALL)
    folder = {path.stem for path in module_path("clr").parent.glob("[!_]*.py")}
    assert {module_path(name).stem for name in ALL} == folder
    assert all(module_path(name).is_file() for name in ALL)
    assert module_path("mutual-information").name == "mutual_information.py"
    # names of columns, folders and wildcards
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in ALL)
    # no name of something else in the tables
    taken = {"gat", "random", "constant", "all"}
    assert not taken & set(ALL)
    assert [name for name in ALL if name.startswith("gat-")] == OURS


@pytest.mark.parametrize("name", ALL)
def test_every_entry_is_complete(name):
    method = load_method(name)
    assert isinstance(method, Method) and method.title.strip() == method.title != ""
    assert re.search(r"\b(18|19|20)\d\d$", method.citation), "a citation ends with its year"
    assert len(method.citation) > 15
    known = parameters(name)
    assert next(iter(known)) == "expression"
    assert (method.needs_pseudotime or method.needs_evidence == ANY) == ("pseudotime" in known)
    assert bool(method.needs_evidence) == ("evidence" in known)
    assert method.needs_evidence in ("", ANY, *EVIDENCE)
    for parameter in known.values():
        assert parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    assert set(QUICK.get(name, {})) <= set(known)


@pytest.mark.parametrize("name", NAMES)
def test_more_genes_than_cells_give_scores_or_one_sentence(name):
    rng = np.random.default_rng(4)
    expression = rng.poisson(3, (40, 30)).astype(float)
    time = np.linspace(0, 1, 30)[:, None]
    try:
        scores = infer(name, expression, time, regulators=range(40))
    except InputError as error:
        assert name == "ppcor" and "needs more cells than genes" in str(error)
    else:
        assert name != "ppcor"
        off = ~np.eye(40, dtype=bool)
        assert np.isfinite(scores[off]).all() and np.ptp(scores[off]) > 0


def test_titles_are_distinct():
    titles = {load_method(name).title for name in ALL}
    assert len(titles) == len(ALL)


def test_what_an_entry_says_by_default():
    method = Method("Title", "Someone 2020", len)
    flags = (method.needs_pseudotime, method.signed, method.directed, method.needs_variation)
    assert flags == (False, False, True, True)
    assert (method.probabilities, method.weights, method.settings) == (False, False, "")
    assert method.package == ""


@pytest.mark.parametrize("name", ALL)
def test_what_a_file_states_is_what_the_entry_holds(name):
    """What the workflow reads from the text of a method's file, without numpy."""
    method, found = load_method(name), stated(name)
    default = Method("", "", len)
    for field in dataclasses.fields(Method):
        value = getattr(method, field.name)
        if field.name in found:
            assert found[field.name] == value and type(found[field.name]) is type(value)
        elif field.name != "infer":  # a function, which is no plain value
            assert value == getattr(default, field.name), f"{field.name} is stated otherwise"


@pytest.mark.parametrize("name", NAMES)
def test_flags_are_what_a_method_is(name, expression, pseudotime):
    method = load_method(name)
    assert method.weights == ("weights" in parameters(name))
    assert method.settings in ("", *NAMES) and method.settings != name
    if method.settings:  # a block of settings belongs to one that has none of another
        assert load_method(method.settings).settings == ""
    if method.probabilities:
        assert np.abs(infer(name, expression, pseudotime)).max() <= 1


def test_there_are_methods_with_every_flag():
    assert [name for name in NAMES if load_method(name).probabilities] == OURS
    assert [name for name in NAMES if load_method(name).weights] == OURS
    assert [name for name in NAMES if load_method(name).settings] == OURS[1:]
    assert {load_method(name).needs_evidence for name in TOLD} == {ANY, *EVIDENCE}
    kinds = ("evidence", "pseudotime", *EVIDENCE)
    assert sorted(["gat-zeroshot", *(f"gat-zeroshot-{kind}" for kind in kinds)]) == OURS
    assert set(TOLD) - set(OURS) == {"mean-difference", "mean-difference-t", "prior-edges"}


def test_all_methods_are_those_that_need_no_evidence_and_no_package():
    assert usual_methods() == [name for name in ALL if name not in [*TOLD, "regdiffusion"]]
    assert [name for name in ALL if load_method(name).package] == ["regdiffusion"]


def test_a_package_that_is_missing_is_one_sentence(monkeypatch):
    monkeypatch.setattr(_registry.importlib.util, "find_spec", lambda _: None)
    asked = r"^RegDiffusion needs the package regdiffusion, .*-m pip install regdiffusion==\d"
    with pytest.raises(InputError, match=asked) as error:
        run_method("regdiffusion", "ab", np.eye(2), None, np.arange(2), 1, 1, {"steps": 1})
    assert "\n" not in str(error.value)
    _registry.check_package("pearson")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A function that makes a text the file of a method and returns the method's name."""
    monkeypatch.setattr(
        _registry, "module_path", lambda name, *_: tmp_path / f"{name.replace('-', '_')}.py"
    )

    def make(text: str, name: str) -> str:
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(text)
        return name

    return make


def test_a_file_is_read_and_not_run(written):
    text = (
        "import nothing_of_this_name\n\nMETHOD = Method(\n    title='Mine', infer=infer, "
        "signed=True, settings='clr', citation='A' + 'B'\n)\n"
    )
    found = stated(written(text, "of-a-test"))
    assert found == {"title": "Mine", "signed": True, "settings": "clr"}


def test_a_file_without_an_entry(written):
    with pytest.raises(InputError, match=r"without_entry\.py defines no METHOD$"):
        stated(written("OTHER = 1\n", "without-entry"))


def test_there_are_methods_of_every_sort():
    assert {"pearson", "pidc", "genie3", "gat-zeroshot"} <= set(TIMELESS)
    assert {"scode", "leap", "gat-zeroshot-pseudotime"} <= set(TIMED)
    assert {"pidc", "leap"} <= set(DETERMINISTIC) and {"genie3", "scode"}.isdisjoint(DETERMINISTIC)
    assert {"pearson", "spearman", "ppcor"} <= set(UNDEFINED_FOR_CONSTANT)
    defined = {"mutual-information", "clr", "pidc", "genie3", "grnboost2"}
    assert defined.isdisjoint(UNDEFINED_FOR_CONSTANT)


@pytest.mark.parametrize("name", NAMES)
def test_scores(name, expression, pseudotime):
    method = load_method(name)
    before = expression.copy()
    got = infer(name, expression, pseudotime)
    assert got.shape == (6, 6) and got.dtype == float
    assert np.isfinite(got).all() and (np.diag(got) == 0).all() and got.any()
    assert (expression == before).all()
    if not method.directed:
        assert np.array_equal(got, got.T)
    elif name != "prior-edges":  # of which one is the reverse of the other here
        assert not np.allclose(got, got.T)
    assert method.signed == bool((got < 0).any())
    assert got.flags.writeable


@pytest.mark.parametrize("name", NAMES)
def test_the_expression_may_be_changed_by_nobody(name, expression, pseudotime):
    """Also not where the array could be written to."""
    values, time = expression.copy(), pseudotime.copy()
    infer(name, values, time)
    assert np.array_equal(values, expression)
    assert np.array_equal(time, pseudotime, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_genes_that_are_no_regulators_have_no_targets(name, expression, pseudotime):
    got = infer(name, expression, pseudotime, regulators=[1, 4])
    assert (got[[0, 2, 3, 5]] == 0).all()
    assert got[[1, 4]].any() and np.isfinite(got).all()
    if "regulators" not in parameters(name):  # the others change no score
        whole = infer(name, expression, pseudotime)
        assert np.array_equal(got[[1, 4]], whole[[1, 4]])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_scores_on_any_number_of_threads(name, expression, pseudotime):
    got = infer(name, expression, pseudotime)
    assert np.array_equal(got, infer(name, expression, pseudotime))
    assert np.array_equal(got, infer(name, expression, pseudotime, threads=2))
    other = infer(name, expression, pseudotime, seed=6)
    assert np.array_equal(got, other) == ("seed" not in parameters(name))


@pytest.mark.parametrize("name", NAMES)
def test_numpys_global_state_does_not_matter(name, expression, pseudotime):
    np.random.seed(1)  # noqa: NPY002
    first = infer(name, expression, pseudotime)
    np.random.seed(2)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    assert np.array_equal(first, infer(name, expression, pseudotime))
    assert np.array_equal(state, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_the_order_of_the_genes_does_not_matter(name, expression, pseudotime):
    order = np.array([3, 0, 5, 1, 4, 2])
    got = infer(name, expression[order], pseudotime)
    expected = infer(name, expression, pseudotime)[np.ix_(order, order)]
    assert got == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_the_order_of_the_cells_does_not_matter(name, expression, pseudotime):
    order = np.random.default_rng(0).permutation(80)
    got = infer(name, expression[:, order], pseudotime[order])
    assert got == pytest.approx(infer(name, expression, pseudotime), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", TIMELESS)
def test_methods_that_read_no_pseudotime(name, expression, pseudotime):
    got = infer(name, expression, None)
    assert np.array_equal(got, infer(name, expression, pseudotime))


@pytest.mark.parametrize("name", TIMED)
def test_pseudotime_is_missing(name, expression):
    title = re.escape(load_method(name).title)
    with pytest.raises(InputError, match=f"^{title} needs a pseudotime, and the data set has none"):
        infer(name, expression, None)


def told(name: str, expression: np.ndarray, evidence: Evidence | None, time=None) -> np.ndarray:
    every = np.arange(len(expression))
    return run_method(name, GENES, expression, time, every, 5, 1, QUICK[name], evidence)


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_is_missing(kind, expression):
    name = f"gat-zeroshot-{kind}"
    others = evidence_of(*expression.shape).only([other for other in EVIDENCE if other != kind])
    message = f"^{re.escape(load_method(name).title)} needs .*, and the data set has none$"
    for evidence in (None, Evidence(), others):
        with pytest.raises(InputError, match=message):
            told(name, expression, evidence)


def test_any_evidence_is_enough_for_the_method_that_takes_all(expression, pseudotime):
    name = "gat-zeroshot-evidence"
    with pytest.raises(InputError, match="needs any of a pseudotime, perturbations, a prior"):
        told(name, expression, Evidence())
    assert told(name, expression, None, pseudotime).any()
    every = evidence_of(*expression.shape)
    for kind in EVIDENCE:
        assert told(name, expression, every.only([kind])).any()


@pytest.mark.parametrize("kind", EVIDENCE)
def test_a_method_sees_its_kind_of_evidence_and_no_other(kind, expression, pseudotime):
    name, every = f"gat-zeroshot-{kind}", evidence_of(*expression.shape)
    got = told(name, expression, every, pseudotime)
    assert np.array_equal(got, told(name, expression, every.only([kind])))
    other = evidence_of(*expression.shape, seed=3)
    if kind == "perturbations":
        other = replace(every, target=np.roll(every.target, 7), fold=np.roll(every.fold, 7))
    assert not np.allclose(got, told(name, expression, other, pseudotime))


def test_genes_that_are_not_shown_are_not_in_the_evidence_either(monkeypatch):
    seen = {}

    def function(expression, evidence):
        seen["evidence"] = evidence
        return np.ones((len(expression),) * 2)

    planted(monkeypatch, function, needs_evidence=ANY)
    values = np.random.default_rng(0).random((4, 12))
    values[1] = 3.0
    every = evidence_of(4, 12)
    run_method("mine", "abcd", values, None, np.arange(4), 1, 1, {}, every)
    shown = seen["evidence"]
    assert shown.activity.shape == (3, 12) and np.array_equal(shown.activity[1], every.activity[2])
    assert shown.protein_genes.tolist() == [0, 2]
    assert (shown.target[every.target == 1] == UNSEEN).all() and (shown.target == 0).any()


@pytest.mark.parametrize("kind", EVIDENCE)
def test_weights_of_levels_know_no_evidence(kind, expression):
    name, every = f"gat-zeroshot-{kind}", evidence_of(*expression.shape)
    settings = QUICK[name] | {"weights": WEIGHTS}
    with pytest.raises(InputError, match=r"levels\.safetensors: these weights know no ") as error:
        run_method(name, GENES, expression, None, np.arange(6), 1, 1, settings, every)
    assert WORDS[kind].removeprefix("a ") in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("name", UNDEFINED_FOR_CONSTANT)
def test_constant_genes_are_as_if_they_were_not_there(name, expression, pseudotime):
    values = expression.copy()
    values[2] = 1.7
    others = np.delete(np.arange(len(values)), 2)
    got = infer(name, values, pseudotime)
    assert not got[2].any() and not got[:, 2].any()
    without = infer(name, values[others], pseudotime, regulators=range(5))
    assert np.array_equal(got[np.ix_(others, others)], without)
    assert got.any()


def test_data_of_which_hardly_a_gene_varies():
    values = np.ones((7, 20))
    values[1] = np.arange(20)
    with pytest.raises(InputError, match=r"Pearson is not defined .*only 1 of 7 genes differ"):
        infer("pearson", values, None)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(UNDEFINED_FOR_CONSTANT)))
def test_methods_that_are_defined_for_constant_genes(name, expression, pseudotime):
    values = expression.copy()
    values[2] = 0
    got = infer(name, values, pseudotime)
    assert np.isfinite(got).all() and got.any()


def test_unknown_methods():
    with pytest.raises(InputError, match=r"no method 'nosuch'; known: .*, genie3, .*ppcor"):
        load_method("nosuch")
    with pytest.raises(InputError, match="there is no method '__init__'"):
        load_method("__init__")
    # only the name of the table, not that of the module
    with pytest.raises(InputError, match="there is no method 'mutual_information'"):
        load_method("mutual_information")
    with pytest.raises(InputError, match="there is no method 'nosuch'"):
        infer("nosuch", np.eye(3), None)


def planted(monkeypatch, function, **flags) -> None:
    """Make `pearson` another method."""
    monkeypatch.setattr(
        _registry, "load_method", lambda name: Method("Mine", "", function, **flags)
    )


def test_a_method_gets_what_it_names_and_its_settings(monkeypatch):
    given = {}

    def function(expression, *, seed, regulators, strength=1):
        given.update(seed=seed, regulators=regulators, strength=strength)
        return np.full((3, 3), 2)

    planted(monkeypatch, function)
    values = np.arange(9.0).reshape(3, 3)
    got = run_method("pearson", "abc", values, None, np.array([0, 2]), 9, 4, {"strength": 7})
    assert got.tolist() == [[0, 2, 2], [0, 0, 0], [2, 2, 0]]
    assert (given["seed"], given["strength"]) == (9, 7) and given["regulators"].tolist() == [0, 2]


def test_what_a_method_returns_is_not_changed(monkeypatch):
    own = np.full((2, 2), 3.0)
    planted(monkeypatch, lambda expression: own)
    values = np.arange(6.0).reshape(2, 3)
    got = run_method("pearson", "ab", values, None, np.array([0]), 1, 1, {})
    assert got.tolist() == [[0, 3], [0, 0]] and (own == 3).all()


def test_scores_that_are_not_finite(monkeypatch):
    scores = np.array([[np.nan, np.inf, 1], [np.nan, np.nan, 2], [np.nan, 3, np.nan]])
    planted(monkeypatch, lambda expression: scores, needs_variation=False)
    values = np.zeros((3, 4))
    with pytest.raises(InputError, match="Mine gave no finite score for 3 pairs of genes"):
        run_method("pearson", "abc", values, None, np.arange(3), 1, 1, {})
    # the diagonal and what starts at no regulator do not count
    with pytest.raises(InputError, match="for 1 pairs"):
        run_method("pearson", "abc", values, None, np.array([2]), 1, 1, {})


def test_scores_of_a_wrong_shape(monkeypatch):
    planted(monkeypatch, lambda expression: np.zeros((3, 2)), needs_variation=False)
    with pytest.raises(InputError, match=r"returned shape \(3, 2\); expected \(3, 3\)"):
        run_method("pearson", "abc", np.zeros((3, 4)), None, np.arange(3), 1, 1, {})
