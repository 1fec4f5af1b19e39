"""Data sets as trainings show them: which clouds each kind has members of, and how."""

import numpy as np
import pytest
import yaml

from factories import pretraining_settings
from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded, Sample
from grn_gat.simulate.realism_names import AFTER, BEFORE, KINDS, OTHER, OTHER_KINDS, TRAINED_KINDS
from grn_gat.simulate.training_kinds import augmented, draw_data_sets, some_cells
from grn_gat.simulate.view_sources import KINDS as VIEW_KINDS
from workflows import REPOSITORY

CLOUDS = {
    "boolean": [BEFORE] * 2 + [AFTER] * 2,
    "linear": [BEFORE] * 2 + [AFTER] * 2,
    "transcriptional": [AFTER] * 2,
    "bursty": [OTHER] * 2,
    "sergio": [OTHER] * 2,
}


@pytest.fixture(scope="module")
def pretraining() -> dict:
    found: dict = {}
    for name in ("pretraining", "measurement"):
        found |= yaml.safe_load((REPOSITORY / f"config/{name}.yaml").read_text())["pretraining"]
    toy = "tests/config/pretraining.yaml"
    found |= {k: pretraining_settings(k, toy) for k in ("networks", "networks_linear")}
    found["transcriptional"] |= {"genes": [30, 35], "cells": 100}
    found["sergio"] |= {"cells": 20, "warmup": 1}
    chunks = {"boolean": 1, "linear": 1, "transcriptional": 1}
    found["views"] |= {"cells": [60, 90], "chunks": chunks}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_members_of_the_clouds(pretraining, kind):
    drawn = list(draw_data_sets(pretraining, Excluded([]), kind, 2))
    assert [data_set.cloud for data_set in drawn] == CLOUDS[kind]
    for data_set in drawn:
        genes, cells = data_set.expression.shape
        assert np.isfinite(data_set.expression).all() and data_set.expression.min() >= 0
        assert genes <= 6 if kind in ("boolean", "linear") else genes >= 9
        # Perturbed cells of a view come on top.
        more = data_set.cloud == BEFORE or kind == "transcriptional"
        assert cells >= 60 and (more or cells <= 90)
    again = list(draw_data_sets(pretraining, Excluded([]), kind, 2))
    for one, two in zip(drawn, again, strict=True):
        np.testing.assert_array_equal(one.expression, two.expression)


def test_kinds_are_mixed_as_in_the_training(pretraining):
    chunks = {"boolean": 1, "linear": 2, "transcriptional": 0}
    mixed = pretraining | {"views": pretraining["views"] | {"chunks": chunks}}
    for kind, number in chunks.items():
        drawn = draw_data_sets(mixed, Excluded([]), kind, 2)
        assert sum(data_set.cloud == AFTER for data_set in drawn) == 2 * number


def test_kinds_that_are_trained_on_are_those_of_the_views():
    from grn_gat.simulate.held_out import KINDS as HELD_OUT

    assert set(TRAINED_KINDS) == set(VIEW_KINDS)
    assert set(OTHER_KINDS) == set(HELD_OUT) - set(VIEW_KINDS)


def test_augmentation_is_that_of_the_training():
    """Dropouts below the quantile of a gene with that chance, and a scale of each gene."""
    values = np.arange(1, 101, dtype=float)[:, None] * np.ones(5)
    sample = Sample(values, np.zeros(100), np.zeros((5, 5), np.int8), "chain")
    settings = {"cells": [100, 100], "dropout_share": 1, "dropout": [0.5, 0.5]}
    settings |= {"gene_scale_share": 0, "gene_scale_sd": 1}
    found = augmented(settings, sample, generator(1))
    assert (found == 0).mean() == pytest.approx(0.25, abs=0.05)
    assert set(np.unique(found)) <= {0, *range(1, 101)}
    settings |= {"dropout_share": 0, "gene_scale_share": 1}
    scaled = augmented(settings, sample, generator(2))
    factors = scaled.max(axis=1) / 100
    np.testing.assert_allclose(np.sort(scaled, axis=1), factors[:, None] * values.T, rtol=1e-12)
    assert len(set(factors.round(6))) == 5
    assert sorted(some_cells((40, 40), sample, generator(3))[0]) != list(range(1, 41))
    assert some_cells((1000, 1000), sample, generator(3)).shape == (5, 100)
