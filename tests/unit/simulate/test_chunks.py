"""Chunks of simulated networks: what is drawn, left out, written and read back."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from factories import pretraining_settings
from grn_gat.core.errors import InputError
from grn_gat.simulate import chunks
from grn_gat.simulate.batch import Cells
from grn_gat.simulate.boolean_model import BooleanModel, read_model, reference_edges
from grn_gat.simulate.boolean_networks import FAMILIES, RandomNetwork, random_network
from grn_gat.simulate.chunks import (
    Excluded,
    as_samples,
    draw_chunk,
    informative,
    load_chunk,
    load_chunks,
    save_chunk,
)
from grn_gat.simulate.rule_language import parse_rule
from grn_gat.simulate.simulator import default_parameters

NAMES = ("HSC", "mCAD", "VSC", "GSD", "dyn-LI", "dyn-LL", "dyn-CY", "dyn-BF", "dyn-BFC", "dyn-TF")


@pytest.fixture(scope="module")
def bundled():
    from workflows import REPOSITORY

    folder = REPOSITORY / "workflow/resources/models"
    assert {path.stem for path in folder.glob("*.tsv")} == set(NAMES)
    return {name: read_model(folder / f"{name}.tsv") for name in NAMES}


@pytest.fixture(scope="module")
def excluded(bundled):
    return Excluded(bundled.values())


@pytest.fixture(scope="module")
def settings():
    return pretraining_settings("networks", "tests/config/pretraining.yaml")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(chunks, "_BATCH_GENES", 25)


@pytest.fixture(scope="module")
def chunk(settings):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "_BATCH_GENES", 25)
        return draw_chunk(settings, Excluded([]), 3, ("test", 1), 9)


def toy(rules, **options):
    return BooleanModel(
        "toy", tuple(rules), {gene: parse_rule(text) for gene, text in rules.items()}, **options
    )


def network(rules, signs, duration=4) -> RandomNetwork:
    model = toy(rules, duration=duration)
    return RandomNetwork(model, default_parameters(model.genes), np.array(signs, np.int8), "random")


def as_network(model: BooleanModel, duration: int) -> RandomNetwork:
    signs = signs_of(model)
    model = replace(model, duration=duration)
    return RandomNetwork(model, default_parameters(model.genes), signs, "random")


def signs_of(model: BooleanModel, functional: bool = False) -> np.ndarray:
    place = {gene: k for k, gene in enumerate(model.genes)}
    signs = np.zeros((len(place), len(place)), np.int8)
    for u, v, sign in reference_edges(model, functional):
        signs[place[u], place[v]] = 1 if sign == "+" else -1
    return signs


# ---------------------------------------------------------------------------- exclusion


@pytest.mark.parametrize("name", NAMES)
def test_permuted_copies_of_bundled_models_are_recognised(bundled, excluded, name):
    rng = np.random.default_rng(1)
    for functional in (False, True):
        signs = signs_of(bundled[name], functional)
        for _ in range(3):
            order = rng.permutation(len(signs))
            copy = signs[np.ix_(order, order)]
            assert excluded.name(copy) == name
            assert excluded.name(-copy) == name
            assert excluded.name(np.abs(copy)) == name
            without = copy.copy()
            np.fill_diagonal(without, 0)
            assert excluded.name(without) == name
            loops = copy.copy()
            np.fill_diagonal(loops, 1)
            assert excluded.name(loops) == name


@pytest.mark.parametrize("name", NAMES)
def test_one_edge_more_or_less_is_another_network(bundled, excluded, name):
    fewer, more = signs_of(bundled[name], True), signs_of(bundled[name])
    off = ~np.eye(len(more), dtype=bool)
    u, v = np.argwhere((fewer != 0) & off)[0]
    fewer[u, v] = 0
    u, v = np.argwhere((more == 0) & off)[0]
    more[u, v] = 1
    assert name not in (excluded.name(fewer), excluded.name(more))
    assert excluded.name(np.pad(more, (0, 1))) is None


def test_equal_degrees_are_not_enough():
    """Six genes in one circle, or in two."""
    circle = {f"g{k}": f"g{(k - 1) % 6}" for k in range(6)}
    excluded = Excluded([toy(circle)])
    one = signs_of(toy(circle))
    halves = {f"g{k}": f"g{(k - 1) % 3 + 3 * (k // 3)}" for k in range(6)}
    two = signs_of(toy(halves))
    assert (one.sum(0) == two.sum(0)).all() and (one.sum(1) == two.sum(1)).all()
    assert excluded.name(one) == "toy"
    assert excluded.name(two) is None


def test_direction_counts():
    """A gene that regulates three is no gene that three regulate, with its line of edges turned."""
    out = {"a": "a", "b": "a", "c": "a", "d": "a"}
    into = {"a": "b or c or d", "b": "b", "c": "c", "d": "d"}
    excluded = Excluded([toy(out)])
    assert excluded.name(signs_of(toy(out))) == "toy"
    assert excluded.name(signs_of(toy(into))) is None


def test_edges_without_effect_count_or_not(bundled):
    model = toy({"a": "c", "b": "a or (c and not c)", "c": "b"})
    full, functional = signs_of(model), signs_of(model, True)
    assert (full != 0).sum() == 4 and (functional != 0).sum() == 3
    assert Excluded([model]).name(full) == Excluded([model]).name(functional) == "toy"


def test_recognising_leaves_the_matrix_as_it_was(bundled, excluded):
    signs = signs_of(bundled["dyn-BF"])
    before = signs.copy()
    excluded.name(signs)
    np.testing.assert_array_equal(signs, before)


# ---------------------------------------------------------------------------- drawing


def test_isomorphic_networks_are_never_returned(monkeypatch, settings, excluded, bundled):
    copies = [as_network(bundled[name], 4) for name in ("mCAD", "dyn-CY")]
    given = []

    def sometimes(*arguments):
        given.append(1)
        if len(given) % 2:
            return copies[len(given) // 2 % 2]
        return random_network(*arguments)

    monkeypatch.setattr(chunks, "random_network", sometimes)
    kept, counts = draw_chunk(settings, excluded, 1, ("test",), 4)
    assert len(kept) == 4
    assert not any(n is copy for n, _ in kept for copy in copies)
    assert all(excluded.name(n.signs) is None for n, _ in kept)
    assert counts["drawn"] == len(given)
    assert counts["isomorphic"] == (len(given) + 1) // 2
    # Only the exclusion keeps them out.
    given.clear()
    kept, counts = draw_chunk(settings, Excluded([]), 1, ("test",), 4)
    assert any(n is copy for n, _ in kept for copy in copies) and counts["isomorphic"] == 0


def test_only_a_row_of_networks_that_are_left_out_is_an_error(bundled, excluded):
    copy, other = signs_of(bundled["mCAD"]), np.zeros((3, 3), np.int8)
    for _ in range(300):
        assert excluded.leaves_out(copy, "networks")
        assert not excluded.leaves_out(other, "networks")
    with pytest.raises(InputError, match=r"pretraining\.networks: 200 .* the last of mCAD"):
        for _ in range(200):
            excluded.leaves_out(copy, "networks")


def test_uninformative_networks_are_left_out(monkeypatch, settings):
    dying = network({"a": "a and not a", "b": "a"}, [[0, 1], [0, 0]])
    constant = network({"a": "a or not a", "b": "a or not a"}, [[0, 0], [0, 0]])
    lively = network(
        {"a": "not c", "b": "a", "c": "b"}, [[0, 1, 0], [0, 0, 1], [-1, 0, 0]], duration=4
    )
    turn = [dying, constant, lively]
    given = []

    def one_of(*arguments):
        given.append(turn[len(given) % 3])
        return given[-1]

    monkeypatch.setattr(chunks, "random_network", one_of)
    kept, counts = draw_chunk(settings, Excluded([]), 1, ("test",), 3)
    assert [n is lively for n, _ in kept] == [True] * 3
    drawn = Counter(map(id, given))
    assert counts == {
        "drawn": len(given),
        "isomorphic": 0,
        "uninformative": drawn[id(dying)] + drawn[id(constant)],
    }


def test_informative_by_hand():
    settings = {"min_cells": 100, "min_varying_share": 0.6}

    def asked(*on, cells=100):
        """Whether genes that are on in these shares of the cells are informative."""
        values = np.full((cells, len(on)), 0.01, np.float32)
        for gene, share in enumerate(on):
            values[: round(share * cells), gene] = 2
        return informative(Cells(values, np.zeros(cells)), settings)

    assert asked(0.5, 0.5, 0.5) and not asked(0.5, 0.5, 0.5, cells=99)
    assert asked(0.5, 0.5, 0.5, 0, 1)  # 3 of 5
    assert not asked(0.5, 0.5, 0, 1)
    assert not asked(0.02) and asked(0.03) and asked(0.97) and not asked(0.98)


def test_chunks_hold_what_was_asked_for(chunk, settings):
    networks, counts = chunk
    assert len(networks) == 9
    assert counts["drawn"] >= 9 + counts["uninformative"] and counts["isomorphic"] == 0
    for drawn, cells in networks:
        assert 3 <= len(drawn.model.genes) <= 6 and drawn.model.duration == 4
        assert settings["families"][drawn.family] > 0
        assert informative(cells, settings)
        assert cells.expression.shape == (len(cells.time), len(drawn.model.genes))
        assert len(cells.time) % settings["times_per_run"] == 0
    # Several batches; their noise differs.
    assert len({cells.expression[0, 0] for _, cells in networks}) == 9


def test_batches_have_noise_of_their_own(monkeypatch, settings):
    seeds = []

    def spied(models, parameters, runs, times, seed, *rest, **keys):
        seeds.append(tuple(seed.generate_state(4)))
        assert (runs, times) == (settings["runs"], settings["times_per_run"])
        return training_networks_simulate(models, parameters, runs, times, seed, *rest, **keys)

    training_networks_simulate = chunks.simulate_batch
    monkeypatch.setattr(chunks, "simulate_batch", spied)
    for stream in (("test", 1), ("test", 2)):
        draw_chunk(settings, Excluded([]), 3, stream, 9)
    assert len(seeds) >= 4 and len(set(seeds)) == len(seeds)


def test_same_seed_same_chunk(tmp_path, chunk, settings):
    again = draw_chunk(settings, Excluded([]), 3, ("test", 1), 9)
    assert again[1] == chunk[1]
    others = [
        draw_chunk(settings, Excluded([]), seed, names, 9)
        for seed, names in ((4, ("test", 1)), (3, ("test", 2)), (3, ("other", 1)))
    ]
    found = []
    for number, (networks, _) in enumerate((chunk, again, *others)):
        path = tmp_path / f"{number}.safetensors"
        save_chunk(path, as_samples(networks), {"split": "training"})
        found.append(path.read_bytes())
    assert found[0] == found[1]
    assert len(set(found)) == 4


# ---------------------------------------------------------------------------- files


def test_round_trip(tmp_path, chunk):
    path = tmp_path / "chunk.safetensors"
    save_chunk(path, as_samples(chunk[0]), {"split": "training"})
    samples = load_chunk(path)
    assert len(samples) == 9 and len({len(s.expression) for s in samples}) > 1
    for sample, (drawn, cells) in zip(samples, chunk[0], strict=True):
        assert sample.expression.dtype == np.float16
        np.testing.assert_array_equal(sample.expression, cells.expression.astype(np.float16))
        np.testing.assert_allclose(sample.time, cells.time / 4, atol=5e-4)
        assert sample.time.min() > 0 and 0.9 < sample.time.max() <= 1
        np.testing.assert_array_equal(sample.signs, drawn.signs)
        assert sample.family == drawn.family in FAMILIES


def test_several_chunks_come_one_after_another(tmp_path, chunk):
    paths = [tmp_path / "1.safetensors", tmp_path / "2.safetensors"]
    save_chunk(paths[0], as_samples(chunk[0][:2]), {})
    save_chunk(paths[1], as_samples(chunk[0][2:5]), {})
    samples = load_chunks(paths)
    assert len(samples) == 5
    for sample, (drawn, _) in zip(samples, chunk[0], strict=False):
        np.testing.assert_array_equal(sample.signs, drawn.signs)
