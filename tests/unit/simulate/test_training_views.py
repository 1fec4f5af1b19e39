"""Data sets to train on: drawn alone, whole in a chunk, of networks that no study has."""

from dataclasses import fields, replace

import numpy as np
import pytest
import yaml

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded, Sample
from grn_gat.simulate.evidence import Evidence
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import NORMALISATIONS, PLATFORMS
from grn_gat.simulate.training_views import BOOLEAN, KINDS, TrainingView, draw_view
from grn_gat.simulate.view_chunks import load_views, packed, save_views, unpacked
from grn_gat.study.config import check_pretraining
from workflows import REPOSITORY

NONE = Excluded([])


@pytest.fixture(scope="module")
def pretraining() -> dict:
    blocks: dict = {}
    for name in ("pretraining", "measurement"):
        text = (REPOSITORY / f"config/{name}.yaml").read_text()
        blocks |= yaml.safe_load(text)["pretraining"]
    schema = REPOSITORY / "workflow/schemas/pretraining.schema.yaml"
    checked = check_pretraining(blocks, yaml.safe_load(schema.read_text()))
    checked["transcriptional"] |= {"genes": [30, 60]}
    checked["views"] |= {"cells": [40, 200]}
    checked["evidence"]["perturbations"] |= {"most_cells": 400}
    return checked


@pytest.fixture(scope="module")
def sample() -> Sample:
    rng = generator(1, "sample")
    signs = np.array([[0, 1, 0], [0, 0, -1], [0, 0, 0]], np.int8)
    expression = rng.gamma(2, 0.4, (500, 3)).astype(np.float16)
    return Sample(expression, np.sort(rng.random(500)).astype(np.float16), signs, "chain")


def views_of(pretraining: dict, kind: str, sample: Sample, number: int) -> list[TrainingView]:
    given = sample if kind == BOOLEAN else None
    return [draw_view(pretraining, kind, ("test", k), NONE, given) for k in range(number)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_is_a_data_set_with_its_network(pretraining, sample, kind):
    views = views_of(pretraining, kind, sample, 30)
    for view in views:
        genes, cells = view.values.shape
        most = 600 if view.evidence.target is not None else 200  # with 400 perturbed ones
        assert view.kind == kind and 3 <= genes <= 60 and 40 <= cells <= most
        assert view.signs.shape == (genes, genes) and set(np.unique(view.signs)) <= {-1, 0, 1}
        assert view.totals.shape == view.batch.shape == (cells,)
        assert np.isfinite(view.expression).all() and view.expression.min() >= 0
        for name, shape in {
            "target": (cells,), "fold": (cells,), "promoters": (genes, cells),
            "velocity": (genes, cells), "prior": (genes, genes),
        }.items():  # fmt: skip
            assert (
                getattr(view.evidence, name) is None or getattr(view.evidence, name).shape == shape
            )
    assert len({view.settings for view in views}) == len(views)
    assert any(view.signs.any() for view in views)
    assert any(view.named is None for view in views) and any(v.named is not None for v in views)
    timed = sum(view.evidence.pseudotime is not None for view in views)
    assert timed == 0 if kind == "linear" else 0 < timed < len(views)
    assert 0 < sum(view.evidence.prior is not None for view in views) < len(views)
    perturbed = sum(view.evidence.target is not None for view in views)
    assert 0 < perturbed < len(views) if kind == "transcriptional" else perturbed == 0


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_a_stream_of_its_own(pretraining, sample, kind):
    given = sample if kind == BOOLEAN else None
    first, again, other = (
        draw_view(pretraining, kind, names, NONE, given) for names in (("a", 1), ("a", 1), ("a", 2))
    )
    np.testing.assert_array_equal(first.values, again.values)
    np.testing.assert_array_equal(first.signs, again.signs)
    assert first.values.shape != other.values.shape or (first.values != other.values).any()


def test_edges_are_those_of_the_genes_that_were_seen(pretraining):
    ranges = {"platforms": {"continuous": 1}, "seen_share": 1, "seen": [0.75, 0.75]}
    seen = pretraining | {"measurement": pretraining["measurement"] | ranges}
    chain = np.diag(np.array([1, -1, 1], np.int8), 1)
    sample = Sample(np.ones((200, 4)), np.zeros(200), chain, "chain")
    found = set()
    for k in range(30):
        view = draw_view(seen, BOOLEAN, ("seen", k), NONE, sample)
        assert len(view.values) == 3
        found.add(tuple(view.signs.ravel().tolist()))
    kept = [[g for g in range(4) if g != left_out] for left_out in range(4)]
    assert found == {tuple(chain[np.ix_(k, k)].ravel().tolist()) for k in kept}


def test_named_are_most_regulators_and_some_others(pretraining):
    sure = pretraining["views"] | {"named_share": 1}
    right = pretraining | {"views": sure | {"named_missing": [0, 0], "named_extra": [0, 0]}}
    wrong = pretraining | {"views": sure | {"named_missing": [1, 1], "named_extra": [0.5, 0.5]}}
    for k in range(5):
        view = draw_view(right, "transcriptional", ("named", k), NONE)
        assert view.named[view.signs.any(axis=1)].all() and not view.named.all()
        regulators = view.named
        other = draw_view(wrong, "transcriptional", ("named", k), NONE).named
        assert not other[regulators].any() and other.any()


def test_no_view_is_of_a_network_that_is_left_out(pretraining):
    sizes = {"sizes": [{"genes": [3, 3], "share": 1}]}
    small = pretraining | {"networks_linear": pretraining["networks_linear"] | sizes}

    class First:
        """Leaves out the first network that it is asked for, wherever it comes again."""

        edges = None

        def name(self, signs: np.ndarray) -> str | None:
            self.edges = signs != 0 if self.edges is None else self.edges
            return "HSC" if np.array_equal(self.edges, signs != 0) else None

    plain = [draw_view(small, "linear", ("copy", k), NONE).signs != 0 for k in range(8)]
    first = First()
    without = [draw_view(small, "linear", ("copy", k), first).signs != 0 for k in range(8)]
    np.testing.assert_array_equal(first.edges, plain[0])
    assert not any(np.array_equal(edges, plain[0]) for edges in without)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chunk_gives_back_what_was_written(pretraining, sample, kind, tmp_path):
    views = views_of(pretraining, kind, sample, 25)
    save_views(tmp_path / "1.safetensors", views)
    save_views(tmp_path / "2.safetensors", views)
    assert (tmp_path / "1.safetensors").read_bytes() == (tmp_path / "2.safetensors").read_bytes()
    read = list(load_views(tmp_path / "1.safetensors"))
    for view, other in zip(views, read, strict=True):
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
    assert any((view.values == np.floor(view.values)).all() for view in views)


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


def test_zeros_take_next_to_no_space(pretraining, tmp_path):
    view = draw_view(pretraining, "transcriptional", ("size",), NONE)
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
def test_the_same_cells_can_be_normalised_in_other_ways(pretraining, normalise):
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
