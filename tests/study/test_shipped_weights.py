"""The weights of levels, their card and the published scores belong together."""

import csv
import json
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

import simulate_expression
from grn_gat.core.device import deterministic
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.evaluate.metrics import average_precision
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.zeroshot.ensemble import edge_probabilities, load_ensemble


@pytest.fixture(scope="module")
def weights(repository):
    deterministic()
    return repository / "workflow/resources/zeroshot/levels.safetensors"


def score(ensemble, genes, expression, edges_path) -> float:
    edges = read_edges(edges_path, genes)
    probability, _ = edge_probabilities(ensemble, expression, None, seed=1)
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


def test_they_give_the_published_score_of_the_published_file(repository, shared, weights):
    folder = shared / "data/mCAD-2000-1"
    data = pd.read_csv(folder / "ExpressionData.csv.gz", index_col=0)
    found = score(
        load_ensemble(weights), list(data.index), data.to_numpy(), folder / "refNetwork.csv"
    )
    row = published(repository, "levels/mCAD-2000-1-gat-zeroshot.tsv", metric="average_precision")
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


@pytest.mark.parametrize("network", ["mCAD", "HSC"])
def test_they_give_the_published_scores_of_simulated_networks(
    repository, weights, tmp_path, network
):
    """Mean over the ten replicates of the curated study, simulated anew."""
    config = {}
    for name in ("config.yaml", "config/curated.yaml"):
        config |= yaml.safe_load((repository / name).read_text())
    entry = config["networks"][network]
    ensemble, values = load_ensemble(weights), []
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
        values.append(score(ensemble, genes, expression, out.edges))
    row = published(
        repository, "levels/summary.tsv", network=network, dropout="0", protocol="unsupervised",
        method="gat-zeroshot", metric="average_precision",
    )  # fmt: skip
    assert sum(values) / 10 == pytest.approx(float(row["mean"]), abs=2e-3)
