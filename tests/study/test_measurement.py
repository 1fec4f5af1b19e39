"""A study of cells that are measured: what methods see, and what stays of the cells before."""

import numpy as np
import pytest

from grn_gat.core.seeds import generator
from grn_gat.data.expression import read_expression
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import settings_of

PLATFORM = {"platform": "10x", "normalise": "log1p_cp10k", "hidden": 0.8}
FILES = "expression/{}/rep-1/drop-{}"


def config_of(**measurements) -> dict:
    """A study of HSC under several names, each with its own measurement, or None."""
    networks = {
        name: {"model": "workflow/resources/models/HSC.tsv", "replicates": 1, "cells": 150}
        | ({} if block is None else {"measurement": block})
        for name, block in measurements.items()
    }
    return {
        "networks": networks,
        "dropout": [0, 50],
        "methods": ["spearman"],
        "protocols": [],
    }


def expression(workflow, network: str, dropout: str = "000") -> np.ndarray:
    path = workflow.folder / "results" / FILES.format(network, dropout) / "ExpressionData.csv"
    return read_expression(path)[2]


@pytest.fixture
def raw(one_process):
    """Cells of a study without measurement, by the names of its networks."""
    arguments = one_process.configure(config_of(HSC=None, chip=None), "raw.yaml")
    one_process.succeed("simulate", *arguments)
    return {name: expression(one_process, name) for name in ("HSC", "chip")}


def test_measured_cells_to_the_end(raw, one_process):
    blocks = {"HSC": PLATFORM, "chip": {"platform": "qpcr", "gap": 4}}
    arguments = one_process.configure(config_of(**blocks), "measured.yaml")
    one_process.succeed("tables", "--forceall", *arguments)
    results = one_process.folder / "results"
    for name, block in blocks.items():
        values = expression(one_process, name)
        # The same cells, measured: of the study without the block, to the last digit.
        rng = generator(20240920, "measure", name, 1)
        expected = measure(raw[name].astype(np.float32), settings_of(block), rng).values
        np.testing.assert_allclose(values, expected, rtol=1e-12)
        dropped = expression(one_process, name, "050")
        assert ((values == 0) <= (dropped == 0)).all()
        log = (results / f"logs/simulate_expression/{name}/rep-1.log").read_text()
        assert f"measured ({block})" in log and "share of zeros" in log
    chip = expression(one_process, "chip")
    assert (chip == 0).any() and chip[chip > 0].min() >= 4
    cells = np.expm1(expression(one_process, "HSC")).sum(axis=0)
    assert cells.max() < 1e4 and cells.std() > 0  # 80 % of the mRNA are of others
    assert (results / "tables/overview.html").is_file()
    provenance = (results / "provenance.json").read_text()
    assert "networks.HSC.measurement.platform" in provenance


def test_a_network_without_the_block_is_as_it_was(raw, one_process):
    """Whatever is measured beside it."""
    arguments = one_process.configure(config_of(HSC=PLATFORM, chip=None), "one.yaml")
    one_process.succeed("simulate", "--forceall", *arguments)
    assert np.array_equal(expression(one_process, "chip"), raw["chip"])
    assert not np.array_equal(expression(one_process, "HSC"), raw["HSC"])


def test_a_wrong_measurement_is_one_sentence(one_process):
    for block, sentence in (
        ({"platform": "qpcr", "normalise": "log1p"}, "networks.HSC.measurement.normalise: qPCR"),
        ({"platform": "11x"}, "networks.HSC.measurement.platform: '11x'"),
        ({"platfrom": "10x"}, "unknown key networks.HSC.measurement.platfrom (did you mean"),
    ):
        done = one_process.run("simulate", *one_process.configure(config_of(HSC=block)))
        assert done.returncode == 1 and sentence in done.stdout, done.stdout
