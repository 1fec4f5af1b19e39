"""Held-out networks: each by its own stream, none of the training's, writable as a chunk."""

import numpy as np
import pytest
import yaml

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import load_chunk, save_chunk
from grn_gat.simulate.held_out import KINDS, held_out
from grn_gat.study.config import check_pretraining
from workflows import REPOSITORY


@pytest.fixture(scope="module")
def pretraining() -> dict:
    config = yaml.safe_load((REPOSITORY / "config/pretraining.yaml").read_text())["pretraining"]
    schema = REPOSITORY / "workflow/schemas/pretraining.schema.yaml"
    checked = check_pretraining(config, yaml.safe_load(schema.read_text()))
    checked["transcriptional"] |= {"genes": [30, 50], "cells": 200}
    checked["sergio"] |= {"types": [2, 3], "cells": 40}
    return checked


@pytest.mark.parametrize("kind", KINDS)
def test_any_of_them_can_be_drawn_alone(pretraining, kind, tmp_path):
    samples = held_out(pretraining, kind, range(3))
    (alone,) = held_out(pretraining, kind, range(2, 3))
    np.testing.assert_array_equal(samples[2].expression, alone.expression)
    np.testing.assert_array_equal(samples[2].signs, alone.signs)
    save_chunk(tmp_path / "a.safetensors", samples, {"split": "held out"})
    for sample, read in zip(samples, load_chunk(tmp_path / "a.safetensors"), strict=True):
        cells, genes = sample.expression.shape
        assert 30 <= genes <= 50 and cells >= 80 and len(sample.time) == cells
        assert np.isfinite(read.expression).all() and read.family == kind
        assert sample.time.min() >= 0 and sample.time.max() <= 1
        assert sample.signs.any() and (sample.expression.std(axis=0) > 0).mean() > 0.8


def test_all_of_them_are_as_many_as_the_config_says(pretraining):
    few = pretraining | {"bursty": pretraining["bursty"] | {"held_out": 2}}
    assert len(held_out(few, "bursty")) == 2


def test_a_bursty_network_is_drawn_from_another_stream(pretraining):
    first, second = (held_out(pretraining, kind, range(1))[0] for kind in KINDS[:2])
    assert first.signs.shape != second.signs.shape or (first.signs != second.signs).any()


def test_the_seed_of_the_pretraining_decides(pretraining):
    first = held_out(pretraining, "transcriptional", range(1))[0]
    second = held_out(pretraining | {"seed": 1}, "transcriptional", range(1))[0]
    assert first.signs.shape != second.signs.shape or (first.signs != second.signs).any()
    stream = generator(pretraining["seed"], "held out", "transcriptional", 0, "network")
    low, high = pretraining["transcriptional"]["genes"]
    genes = int(np.exp(stream.uniform(np.log(low), np.log(high + 1))))
    assert genes == len(first.signs)
