"""The weights of any data that come along: card, size, and that they are worth something."""

import csv
import json

import numpy as np
import pytest
import yaml

from grn_gat.algorithms._registry import run_method
from grn_gat.core.device import deterministic
from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import average_precision
from grn_gat.simulate.held_out import held_out, measured
from grn_gat.simulate.measurement_settings import settings_of
from grn_gat.study.broad_training import views_seen
from grn_gat.zeroshot.weights import load_weights
from grn_gat.zeroshot.zeroshot_model import ZeroShotModel


@pytest.fixture(scope="module")
def weights(repository):
    deterministic()
    return repository / "workflow/resources/zeroshot/any_data.safetensors"


@pytest.fixture(scope="module")
def pretraining(repository) -> dict:
    found: dict = {}
    for name in ("pretraining", "measurement", "broad_training"):
        text = (repository / f"config/{name}.yaml").read_text()
        found |= yaml.safe_load(text)["pretraining"]
    return found


def test_size_and_card(weights, pretraining):
    from safetensors import safe_open

    assert weights.stat().st_size <= 1e7
    with safe_open(weights, "pt") as file:
        told = json.loads(file.metadata()["grn_gat"])
    card = weights.with_suffix(".md").read_text()
    provenance, calibration = told["provenance"], told["calibration"]
    assert f"at commit {provenance['commit']}." in card and "dirty" not in provenance["commit"]
    assert f"Seed {provenance['seed']};" in card and provenance["seed"] == pretraining["seed"]
    assert f"sigmoid(logit / {calibration['temperature']:.3f}" in card
    block = pretraining["broad_training"]
    seen = views_seen(block, pretraining, "all")
    assert all(f"{number:,} {kind}" in card for kind, number in seen.items())
    settings = yaml.safe_load(card.split("```yaml\n")[1].split("```")[0])
    assert {key: settings[key] for key in block if key != "variants"} == {
        key: block[key] for key in block if key != "variants"
    }


def test_the_card_says_what_its_table_says(weights):
    with weights.with_suffix(".tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    card = weights.with_suffix(".md").read_text()
    own = [row for row in rows if row["method"] == "all" and row["measurement"] != "all"]
    assert len(own) == 24
    for row in own:
        factor, low, high = (float(row[k]) for k in ("factor", "factor_low", "factor_high"))
        share, ratio = float(row["share_of_edges"]), float(row["ratio"])
        line = f"| {row['kind']} | {row['measurement']} | {share:.3f} | {ratio:.2f} | {factor:.2f} "
        assert f"{line}({low:.2f} to {high:.2f}) |" in card


@pytest.mark.parametrize(
    ("kind", "measurement", "least"),
    [
        ("transcriptional", {"platform": "10x", "normalise": "log1p_cp10k"}, 1.15),
        ("linear", {}, 1.2),
        ("boolean", {}, 1.2),
    ],
)
def test_they_are_above_correlation_on_new_networks(weights, pretraining, kind, measurement, least):
    """Networks of a stream that nothing else has: geometric mean of the quotients."""
    settings = {"weights": str(weights), "cells": 5000, "subsamples": 1}
    small = pretraining | {
        "transcriptional": pretraining["transcriptional"] | {"genes": [30, 60], "cells": 600}
    }
    quotients = []
    for k, sample in enumerate(held_out(small, kind, range(8), "test of the weights")):
        data = measured(sample, settings_of(measurement), generator(1, "measured", kind, k))
        expression, edge = data.expression.T.astype(float), data.signs != 0
        pairs = ~np.eye(len(edge), dtype=bool)
        if edge[pairs].all() or not edge[pairs].any() or len(edge) < 3:
            continue
        names = [f"g{i}" for i in range(len(edge))]
        every = np.arange(len(edge))
        found = [
            average_precision(edge[pairs], np.abs(scores)[pairs])
            for scores in (
                run_method("gat-zeroshot", names, expression, None, every, 1, 1, settings),
                run_method("spearman", names, expression, None, every, 1, 1, {}),
            )
        ]
        quotients.append(np.log(found[0] / found[1]))
    assert len(quotients) > 4 and np.exp(np.mean(quotients)) > least


def test_they_are_weights_of_any_data(weights):
    model = load_weights(weights)
    assert isinstance(model, ZeroShotModel) and len(model.levels.members) == 2
    assert len(model.likeness.points) == 1500
