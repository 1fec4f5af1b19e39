"""Data sets to train on: drawn alone, whole in a chunk, of networks that no study has."""

from dataclasses import fields, replace

import numpy as np
import pytest
import yaml

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.evidence import Evidence
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import NORMALISATIONS, PLATFORMS, Measurement
from grn_gat.simulate.perturbation_experiment import NONE
from grn_gat.simulate.training_views import TrainingView, draw_views, measured_view
from grn_gat.simulate.view_chunks import load_views, packed, save_views, unpacked
from grn_gat.simulate.view_sources import (
    BOOLEAN,
    KINDS,
    Source,
    simulate_boolean,
    with_idle,
)
from grn_gat.study.config import check_pretraining
from workflows import REPOSITORY

NOTHING = Excluded([])


@pytest.fixture(scope="module")
def pretraining() -> dict:
    blocks: dict = {}
    for name in ("config/pretraining.yaml", "config/measurement.yaml"):
        blocks |= yaml.safe_load((REPOSITORY / name).read_text())["pretraining"]
    toy = yaml.safe_load((REPOSITORY / "tests/config/pretraining.yaml").read_text())["pretraining"]
    blocks["networks"] |= {key: toy["networks"][key] for key in ("sizes", "runs", "min_cells")}
    schema = REPOSITORY / "workflow/schemas/pretraining.schema.yaml"
    checked = check_pretraining(blocks, yaml.safe_load(schema.read_text()))
    checked["transcriptional"] |= {"genes": [30, 60]}
    checked["views"] |= {"cells": [40, 200]}
    checked["evidence"]["perturbations"] |= {"most_cells": 400}
    return checked


@pytest.fixture(scope="module")
def views(pretraining) -> dict[str, list[TrainingView]]:
    return {kind: draw_views(pretraining, kind, ("test",), NOTHING, 30) for kind in KINDS}


def changed(pretraining: dict, **blocks: dict) -> dict:
    """The config with some keys of some blocks changed."""
    return pretraining | {name: pretraining[name] | keys for name, keys in blocks.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_is_a_data_set_with_its_network(views, kind):
    for view in views[kind]:
        genes, cells = view.values.shape
        most = 600 if view.evidence.target is not None else 200  # with 400 perturbed ones
        assert view.kind == kind and 3 <= genes <= 60 and cells <= most
        assert view.signs.shape == (genes, genes) and set(np.unique(view.signs)) <= {-1, 0, 1}
        assert view.totals.shape == view.batch.shape == (cells,)
        assert np.isfinite(view.expression).all() and view.expression.min() >= 0
        for name, shape in {
            "target": (cells,), "fold": (cells,), "promoters": (genes, cells),
            "velocity": (genes, cells), "prior": (genes, genes),
        }.items():  # fmt: skip
            given = getattr(view.evidence, name)
            assert given is None or given.shape == shape
    own = views[kind]
    measured = [view.settings for view in own if view.settings != Measurement()]
    assert len(set(measured)) == len(measured) >= len(own) - 5
    assert any(view.signs.any() for view in own)
    assert any(view.named is None for view in own) and any(v.named is not None for v in own)


@pytest.mark.parametrize("kind", KINDS)
def test_each_piece_of_evidence_is_there_for_some(views, kind):
    known = [view.evidence for view in views[kind]]
    pieces = {"target", "prior"}
    if kind != "linear":  # of which nothing but mRNA is simulated
        pieces |= {"pseudotime", "protein", "promoters", "velocity"}
    for field in fields(Evidence):
        there = sum(getattr(one, field.name) is not None for one in known)
        if field.name in pieces:
            assert 0 < there < len(known), field.name
        elif field.name not in ("fold", "protein_genes"):
            assert there == 0, field.name
    for one in known:
        if one.target is not None:
            assert (one.target == NONE).any() and (one.target != NONE).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_names_give_the_same_views(pretraining, kind):
    first, again, other = (
        draw_views(pretraining, kind, names, NOTHING, 2)[1]
        for names in (("a", 1), ("a", 1), ("a", 2))
    )
    np.testing.assert_array_equal(first.values, again.values)
    np.testing.assert_array_equal(first.signs, again.signs)
    assert_same_evidence(first.evidence, again.evidence)
    assert first.values.shape != other.values.shape or (first.values != other.values).any()


def test_views_of_a_boolean_network_are_of_other_cells(pretraining):
    raw = changed(
        pretraining,
        views={"of_boolean_network": 3, "cells": [100, 100]},
        measurement={"simulated_share": {BOOLEAN: 1}, "low_share": 0},
    )
    found = draw_views(raw, BOOLEAN, ("several",), NOTHING, 6)
    seen = [{cell.tobytes() for cell in view.values.T} for view in found]
    # Two networks, in turn.
    for one in (0, 1):
        views = range(one, 6, 2)
        assert all(np.array_equal(found[k].signs, found[one].signs) for k in views)
        assert sum(len(seen[k]) for k in views) == len(set.union(*(seen[k] for k in views))) > 100


def test_perturbed_genes_have_as_many_cells_as_the_config_says(pretraining):
    many = changed(pretraining, views={"of_boolean_network": 1})
    many["evidence"] = dict(many["evidence"])
    sizes_of = {"share": 1, "cells": [16, 60], "most_cells": 150}
    many["evidence"]["perturbations"] = many["evidence"]["perturbations"] | sizes_of
    sizes = []
    for view in draw_views(many, BOOLEAN, ("sizes",), NOTHING, 12):
        if (target := view.evidence.target) is not None:
            own = np.unique(target[target >= 0], return_counts=True)[1]
            assert own.sum() <= 150
            sizes += own.tolist()
    assert sizes and min(sizes) >= 16 and max(sizes) <= 60


def test_genes_without_a_target_can_be_able_to_regulate(pretraining):
    idle = changed(pretraining, views={"idle_regulators": [1, 1]})
    proteins = False
    for view in draw_views(idle, BOOLEAN, ("idle",), NOTHING, 30):
        if (genes := view.evidence.protein_genes) is not None:
            proteins |= not view.signs.any(axis=1)[genes].all()
    assert proteins  # of genes that have no target
    signs = np.zeros((4, 4), np.int8)
    signs[0, 1] = 1
    assert with_idle(idle["views"], signs, generator(1)).all()
    none = changed(pretraining, views={"idle_regulators": [0, 0]})["views"]
    assert with_idle(none, signs, generator(1)).tolist() == [True, False, False, False]


@pytest.mark.parametrize("only", [0, 1])
def test_knock_outs_of_boolean_networks_may_leave_the_mrna(pretraining, only):
    known = pretraining["evidence"]["perturbations"]
    known = known | {"share": 1, "kinds": {"knock-out": 1}, "escape": [0, 0]}
    known |= {"regulators_only_share": 1, "protein_only_share": only}
    drawn = changed(pretraining, evidence={"perturbations": known})
    seen = 0
    for network in simulate_boolean(drawn, ("knock-outs",), NOTHING, 10):
        row = np.cumsum(network.regulators) - 1
        for gene in network.experiment.genes:
            own = network.experiment.target == gene
            assert not network.cells.protein[row[gene], own].any()
            assert network.cells.rates[gene, own].any() == only
            seen += 1
    assert seen > 5


def test_edges_are_those_of_the_genes_that_were_seen(pretraining):
    ranges = {"simulated_share": {BOOLEAN: 0}, "seen_share": 1, "seen": [0.75, 0.75]}
    seen = changed(pretraining, measurement=ranges)
    chain = np.diag(np.array([1, -1, 1], np.int8), 1)
    prior = chain != 0
    source = Source(chain, chain.any(axis=1), np.ones((4, 50)), Evidence(prior=prior))
    found = set()
    for k in range(30):
        view = measured_view(seen, BOOLEAN, (1, "seen", k), source)
        assert len(view.values) == 3
        np.testing.assert_array_equal(view.evidence.prior, view.signs != 0)
        found.add(tuple(view.signs.ravel().tolist()))
    kept = [[g for g in range(4) if g != left_out] for left_out in range(4)]
    assert found == {tuple(chain[np.ix_(k, k)].ravel().tolist()) for k in kept}
    # Of three genes none can be left out.
    small = Source(chain[:3, :3], chain[:3].any(axis=1), np.ones((3, 50)), Evidence())
    assert len(measured_view(seen, BOOLEAN, (1, "seen"), small).values) == 3


def test_named_are_most_regulators_and_some_others(pretraining):
    right = {"named_share": 1, "named_missing": [0, 0], "named_extra": [0, 0]}
    wrong = {"named_share": 1, "named_missing": [1, 1], "named_extra": [0.5, 0.5]}
    pair = (
        draw_views(changed(pretraining, views=keys), "transcriptional", ("named",), NOTHING, 5)
        for keys in (right, wrong)
    )
    for view, other in zip(*pair, strict=True):
        assert view.named[view.signs.any(axis=1)].all() and not view.named.all()
        assert not other.named[view.named].any() and other.named.any()


def test_no_view_is_of_a_network_that_is_left_out(pretraining):
    small = changed(pretraining, networks_linear={"sizes": [{"genes": [3, 3], "share": 1}]})

    class First(Excluded):
        """Leaves out the first network that it is asked for, wherever it comes again."""

        edges = None

        def name(self, signs: np.ndarray) -> str | None:
            self.edges = signs != 0 if self.edges is None else self.edges
            return "HSC" if np.array_equal(self.edges, signs != 0) else None

    def edges(excluded) -> list[np.ndarray]:
        return [view.signs != 0 for view in draw_views(small, "linear", ("copy",), excluded, 8)]

    first = First([])
    plain, without = edges(NOTHING), edges(first)
    np.testing.assert_array_equal(first.edges, plain[0])
    assert not any(np.array_equal(one, plain[0]) for one in without)


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        ("boolean", "networks"),
        ("linear", "networks_linear"),
        ("transcriptional", "transcriptional"),
    ],
)
def test_a_block_of_nothing_but_networks_that_are_left_out_is_named(pretraining, kind, block):
    class All(Excluded):
        def name(self, signs: np.ndarray) -> str | None:
            return "HSC"

    with pytest.raises(InputError, match=rf"config: pretraining\.{block}: .* copies"):
        draw_views(pretraining, kind, ("all",), All([]), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chunk_gives_back_what_was_written(views, kind, tmp_path):
    written = views[kind]
    save_views(tmp_path / "1.safetensors", written)
    save_views(tmp_path / "2.safetensors", written)
    assert (tmp_path / "1.safetensors").read_bytes() == (tmp_path / "2.safetensors").read_bytes()
    read = list(load_views(tmp_path / "1.safetensors"))
    for view, other in zip(written, read, strict=True):
        np.testing.assert_array_equal(other.signs, view.signs)
        np.testing.assert_array_equal(other.batch, view.batch)
        assert other.kind == view.kind and other.settings == view.settings
        assert (view.named is None) == (other.named is None)
        if view.named is not None:
            np.testing.assert_array_equal(other.named, view.named)
        assert_same_evidence(other.evidence, view.evidence)
        if view.settings.values == "counts":
            np.testing.assert_array_equal(other.values, view.values)
            # z-scores of values that the shift brings near 0
            np.testing.assert_allclose(other.expression, view.expression, rtol=1e-6, atol=1e-6)
        else:
            np.testing.assert_allclose(other.values, view.values, rtol=1e-3)
    assert any((view.values == np.floor(view.values)).all() for view in written)


def assert_same_evidence(one: Evidence, other: Evidence) -> None:
    for field in fields(Evidence):
        read, written = getattr(one, field.name), getattr(other, field.name)
        assert (read is None) == (written is None), field.name
        if written is None:
            continue
        assert read.dtype == written.dtype and read.shape == written.shape, field.name
        if field.name == "velocity":
            largest = np.abs(written).max(axis=1, keepdims=True)
            assert (np.abs(read - written) <= largest / 127 * 0.51 + 1e-9).all()
        elif field.name in ("protein", "fold", "pseudotime"):
            np.testing.assert_allclose(read, written, rtol=1e-3, atol=1e-4)
        else:
            np.testing.assert_array_equal(read, written, err_msg=field.name)


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ([[0, 1], [254, 0]], {"occupied", "values"}),
        ([[0, 1], [255, 2**32 - 1]], {"occupied", "values", "large"}),
        ([[0, 0], [0, 0]], {"occupied", "values"}),
        ([[2.0**40, 1], [0, 0]], {"occupied", "values", "unit"}),
        ([[0.5, 1], [0, 2.5]], {"occupied", "values", "unit"}),
    ],
)
def test_counts_are_exact_and_other_numbers_keep_three_digits(values, parts):
    given = np.array(values, float)
    stored = packed(given)
    assert set(stored) == parts and stored["values"].itemsize == (2 if "unit" in parts else 1)
    exact = 0 if "unit" not in parts else 5e-4
    np.testing.assert_allclose(unpacked(stored, (2, 2)), given, rtol=exact)


def test_zeros_take_next_to_no_space(views, tmp_path):
    view = views["transcriptional"][0]
    genes, cells = 50, 400
    counts = generator(2).poisson(0.1, (genes, cells)).astype(float)
    base = replace(
        view, values=counts, totals=counts.sum(axis=0), batch=np.zeros(cells, int), named=None,
        evidence=Evidence(), signs=np.zeros((genes, genes), np.int8),
    )  # fmt: skip
    save_views(tmp_path / "a.safetensors", [base])
    bits, some, totals = genes * cells / 8, (counts > 0).sum(), 4 * cells
    assert (tmp_path / "a.safetensors").stat().st_size <= bits + some + totals + 1500


@pytest.mark.parametrize("normalise", NORMALISATIONS)
def test_the_same_cells_can_be_normalised_in_other_ways(normalise):
    total, log = NORMALISATIONS[normalise]
    rates = generator(3).gamma(2, 1, (20, 60))
    plain = PLATFORMS["10x"]
    other = replace(plain, total=total, log=log)
    observed = measure(rates, plain, generator(4))
    view = TrainingView(
        "linear", np.zeros((20, 20), np.int8), None, observed.values, observed.totals, plain,
        observed.batch, Evidence(),
    )  # fmt: skip
    np.testing.assert_array_equal(view.analysed(other), measure(rates, other, generator(4)).values)
