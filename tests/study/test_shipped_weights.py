"""The weights, the card of those of levels, and the published scores belong together."""

import csv
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

import simulate_expression
from grn_gat.algorithms._registry import run_method
from grn_gat.core.device import deterministic
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.evaluate.metrics import average_precision
from grn_gat.evaluate.splits import candidate_pairs


@pytest.fixture(scope="module")
def weights(repository):
    deterministic()
    return repository / "workflow/resources/zeroshot/levels.safetensors"


# Where the scores of weights are published: of the curated study, and of BEELINE's file.
PUBLISHED = {
    "levels": ("levels/summary.tsv", "levels/mCAD-2000-1-gat-zeroshot.tsv"),
    "any_data": ("curated/summary.tsv", "mCAD-2000-1/gat-zeroshot.tsv"),
}


def score(weights, genes, expression, edges_path) -> float:
    edges = read_edges(edges_path, genes)
    settings = {"weights": str(weights), "cells": 5000, "subsamples": 1}
    every = np.arange(len(genes))
    found = run_method("gat-zeroshot", genes, expression, None, every, 1, 1, settings)
    probability = np.abs(found)
    table = candidate_pairs(edges, genes)
    place = {gene: k for k, gene in enumerate(genes)}
    u, v = (table[column].map(place).to_numpy() for column in ("Gene1", "Gene2"))
    return average_precision(table["edge"].to_numpy() == 1, probability[u, v])


def published(repository, name: str, **wanted: str) -> dict:
    with open(repository / "docs/results" / name, newline="") as file:
        (row,) = (
            row
            for row in csv.DictReader(file, delimiter="\t")
            if all(row[key] == value for key, value in wanted.items())
        )
    return row


def test_size_and_card(repository, weights):
    from safetensors import safe_open

    assert weights.stat().st_size <= 5e6
    with safe_open(weights, "pt") as file:
        metadata = json.loads(file.metadata()["grn_gat"])
    card = weights.with_name("levels.md").read_text()
    provenance = metadata["provenance"]
    assert f"at commit {provenance['commit']}." in card and "dirty" not in provenance["commit"]
    assert f"(seed {provenance['seed']})" in card
    assert f"{metadata['calibration']['temperature']:.3f}" in card
    pretraining = yaml.safe_load(card.split("```yaml\n")[1].split("```")[0])
    config = yaml.safe_load((repository / "config/pretraining.yaml").read_text())["pretraining"]
    # What the shipped weights were not trained on.
    untrained = {"transcriptional", "bursty", "sergio", "evidence"}
    assert pretraining == {key: config[key] for key in config if key not in untrained}


@pytest.mark.parametrize("name", PUBLISHED)
def test_they_give_the_published_score_of_the_published_file(repository, shared, weights, name):
    folder = shared / "data/mCAD-2000-1"
    data = pd.read_csv(folder / "ExpressionData.csv.gz", index_col=0)
    own = weights.with_name(f"{name}.safetensors")
    found = score(own, list(data.index), data.to_numpy(), folder / "refNetwork.csv")
    row = published(repository, PUBLISHED[name][1], metric="average_precision")
    assert found == pytest.approx(float(row["value"]), abs=1e-3)


def test_both_studies_have_the_same_zero_shot_scores(repository):
    """HSC is in both: the same data sets, the same weights, no labels."""
    for method in ("gat-zeroshot", "gat-zeroshot-pseudotime"):
        for dropout in ("0", "50", "70"):
            wanted = {
                "network": "HSC", "dropout": dropout, "protocol": "unsupervised",
                "method": method, "metric": "average_precision",
            }  # fmt: skip
            rows = [published(repository, f"{at}summary.tsv", **wanted) for at in ("", "curated/")]
            assert rows[0]["mean"] == rows[1]["mean"], (method, dropout)


@pytest.mark.parametrize(
    ("name", "network"), [("levels", "mCAD"), ("any_data", "mCAD"), ("any_data", "HSC")]
)
def test_they_give_the_published_scores_of_simulated_networks(
    repository, weights, tmp_path, name, network
):
    """Mean over the ten replicates of the curated study, simulated anew."""
    config = {}
    for file in ("config.yaml", "config/curated.yaml"):
        config |= yaml.safe_load((repository / file).read_text())
    entry = config["networks"][network]
    own, values = weights.with_name(f"{name}.safetensors"), []
    for replicate in range(1, 11):
        names = ("expression", "pseudotime", "edges", "regulators")
        out = SimpleNamespace(**{n: str(tmp_path / f"{n}-{replicate}.csv") for n in names})
        simulate_expression.main(
            SimpleNamespace(
                input=SimpleNamespace(rules=repository / entry["model"]),
                output=out,
                params=SimpleNamespace(
                    seed=config["seed"],
                    cells=entry.get("cells", 2000),
                    simulation=config["simulation"],
                    measurement=None,
                    knock_outs=0,
                ),
                wildcards=SimpleNamespace(network=network, replicate=str(replicate)),
            )
        )
        genes, _, expression = read_expression(out.expression)
        values.append(score(own, list(genes), expression, out.edges))
    row = published(
        repository, PUBLISHED[name][0], network=network, dropout="0", protocol="unsupervised",
        method="gat-zeroshot", metric="average_precision",
    )  # fmt: skip
    assert sum(values) / 10 == pytest.approx(float(row["mean"]), abs=2e-3)
