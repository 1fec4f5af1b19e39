"""Held-out networks: each by its own stream, none of the training's, measured in named ways."""

from itertools import product

import numpy as np
import pytest
import yaml

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import (
    Excluded,
    Sample,
    as_samples,
    draw_chunk,
    load_chunk,
    save_chunk,
    smallest_type,
)
from grn_gat.simulate.held_out import HOME, KINDS, held_out, measured, some_cells
from grn_gat.simulate.linear_networks import draw_linear_chunk
from grn_gat.simulate.measurement_settings import settings_of
from grn_gat.study.config import check_pretraining
from workflows import REPOSITORY


@pytest.fixture(scope="module")
def pretraining() -> dict:
    config = yaml.safe_load((REPOSITORY / "config/pretraining.yaml").read_text())["pretraining"]
    schema = REPOSITORY / "workflow/schemas/pretraining.schema.yaml"
    checked = check_pretraining(config, yaml.safe_load(schema.read_text()))
    checked["transcriptional"] |= {"genes": [30, 50], "cells": 200}
    checked["sergio"] |= {"types": [2, 3], "cells": 40}
    sizes = [{"genes": [30, 50], "share": 1}]
    durations = {"4": 1}
    checked["networks"] |= {"runs": 20, "times_per_run": 10, "min_cells": 100, "sizes": sizes}
    checked["networks"] |= {"durations": durations}
    checked["networks_other"] |= {"sizes": sizes}
    checked["networks_linear"] |= {"sizes": sizes, "cells": 150}
    return checked


@pytest.mark.parametrize("kind", [*HOME, *KINDS])
def test_any_of_them_can_be_drawn_alone(pretraining, kind, tmp_path):
    samples = held_out(pretraining, kind, range(3))
    (alone,) = held_out(pretraining, kind, range(2, 3))
    np.testing.assert_array_equal(samples[2].expression, alone.expression)
    np.testing.assert_array_equal(samples[2].signs, alone.signs)
    save_chunk(tmp_path / "a.safetensors", samples, {"split": "held out"})
    for sample, read in zip(samples, load_chunk(tmp_path / "a.safetensors"), strict=True):
        cells, genes = sample.expression.shape
        assert 30 <= genes <= 50 and cells >= 80 and len(sample.time) == cells
        assert np.isfinite(read.expression).all() and read.family == sample.family
        assert sample.family == kind or kind in ("boolean", "other")
        assert (sample.family in ("layered", "modular")) == (kind == "other")
        assert sample.time.min() >= 0 and sample.time.max() <= 1
        assert sample.signs.any() and (sample.expression.std(axis=0) > 0).mean() > 0.8
        assert (sample.expression >= 0).all()


def test_boolean_networks_of_the_next_chunk_are_others(pretraining):
    found = held_out(pretraining, "boolean", range(19, 21))
    assert not equal(found[0], found[1])
    (alone,) = held_out(pretraining, "boolean", range(20, 21))
    assert equal(found[1], alone)


def equal(first: Sample, second: Sample) -> bool:
    return np.array_equal(first.signs, second.signs) and np.array_equal(
        first.expression, second.expression
    )


def test_networks_differ_from_those_of_the_training(pretraining):
    seed = pretraining["seed"]
    for split in ("training", "validation"):
        stream = ("pretraining", split, 1)
        training, _ = draw_chunk(pretraining["networks"], Excluded(()), seed, stream, 20)
        own = held_out(pretraining, "boolean", range(20))
        assert not copies(own, as_samples(training))
    stream = ("pretraining", "linear", 1)
    training, _ = draw_linear_chunk(pretraining["networks_linear"], Excluded(()), seed, stream, 3)
    assert not copies(held_out(pretraining, "linear", range(3)), training)


@pytest.mark.parametrize("kind", ["linear", "transcriptional", "bursty", "boolean"])
def test_another_stream_has_other_networks(pretraining, kind):
    own = held_out(pretraining, kind, range(2))
    assert not copies(own, held_out(pretraining, kind, range(2), "realism"))


def copies(some: list[Sample], others: list[Sample]) -> list[tuple[int, int]]:
    """Pairs of networks with the same edges in the same places, of whatever number."""
    return [
        (k, m)
        for (k, one), (m, other) in product(enumerate(some), enumerate(others))
        if np.array_equal(one.signs, other.signs)
    ]


def test_linear_cells_are_not_counted_yet(pretraining):
    for sample in held_out(pretraining, "linear", range(8)):
        assert (sample.expression > 0).all()  # log(1 + counts) would be 0 here and there


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


@pytest.fixture
def sample() -> Sample:
    rng = np.random.default_rng(1)
    signs = (rng.random((30, 30)) < 0.1).astype(np.int8)
    return Sample(rng.gamma(2, size=(80, 30)), np.linspace(0, 1, 80), signs, "other")


def test_some_cells_keep_their_times(sample):
    found = some_cells(sample, (20, 20), generator(1, "a"))
    rows = np.searchsorted(sample.time, found.time)
    assert len(rows) == 20 and (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(found.expression, sample.expression[rows])
    assert some_cells(sample, (500, 900), generator(1, "a")).expression.shape == (80, 30)


def test_what_is_measured_has_the_seen_genes_only(sample):
    tagged = sample.expression * 0 + np.arange(1, 31)
    found = measured(
        Sample(tagged, sample.time, sample.signs, "x"), settings_of({"seen": 0.5}), generator(1)
    )
    genes = found.expression[0].astype(int) - 1
    assert len(genes) == 15 and (np.diff(genes) > 0).all()
    np.testing.assert_array_equal(found.signs, sample.signs[genes][:, genes])


def test_each_measurement_of_the_config_is_what_it_says(sample):
    from grn_gat.evaluate.held_out_plan import measurement_block

    text = (REPOSITORY / "config/held_out.yaml").read_text()
    block = yaml.safe_load(text)["pretraining"]["held_out"]
    found = {
        name: measured(sample, settings_of(measurement_block(block, name)), generator(2)).expression
        for name in block["measurements"]
    }
    np.testing.assert_array_equal(found["rates"], sample.expression)
    low = sample.expression < np.quantile(sample.expression, 0.7, axis=0)
    assert (found["dropout"][~low] > 0).all() and 0.6 < (found["dropout"][low] == 0).mean() < 0.8
    assert smallest_type([Sample(found["counts"], sample.time, sample.signs, "x")]) in (
        np.uint8,
        np.uint16,
    )
    totals = {name: np.expm1(found[name]).sum(axis=1) for name in ("closed", "log1p_cp10k")}
    assert totals["closed"].std() < 1e-9 * totals["closed"].mean()  # the seen genes are the whole
    assert totals["log1p_cp10k"].std() > 0.05 * totals["log1p_cp10k"].mean()
    assert totals["log1p_cp10k"].mean() < 2500  # of 10,000: nine tenths are of hidden genes
    assert len(found["closed"][0]) == round(0.7 * len(sample.signs))
    spread = found["batches"].std(axis=0)
    np.testing.assert_allclose(spread[spread > 0], 1, atol=1e-6)  # z-scores of each gene
    assert (found["smart-seq"] == 0).mean() > 0.05
    assert not (found["qpcr"] == np.floor(found["qpcr"])).all()


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        ([0, 255], np.uint8),
        ([0, 256], np.uint16),
        ([0, 65536], np.uint32),
        ([0, 0.5], np.float32),
        ([0.5, 70000], np.float32),
    ],
)
def test_smallest_type_holds_every_value(values, stored, tmp_path):
    one = Sample(np.array([values], float), np.zeros(1), np.zeros((2, 2), np.int8), "random")
    assert smallest_type([one]) is stored
    metadata = {"split": "held out", "kind": "boolean", "measurement": "rates"}
    written = set()
    for _ in range(12):  # entries of metadata come in any order
        save_chunk(tmp_path / "a.safetensors", [one], metadata, stored)
        written.add((tmp_path / "a.safetensors").read_bytes())
    assert len(written) == 1
    (read,) = load_chunk(tmp_path / "a.safetensors")
    assert read.expression.dtype == stored
    np.testing.assert_array_equal(read.expression[0], values)
