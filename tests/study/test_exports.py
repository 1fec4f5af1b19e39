"""Predictions of a study in the files of other benchmarks, found as the benchmarks find them."""

import json
from itertools import product

import anndata
import pandas as pd
import pytest
import yaml

from factories import expression_table

EDGES = "Gene1,Gene2,Type\nG0,G1,+\nG1,G2,-\nG2,G3,+\nG0,G0,-\n"
METHODS = ["pearson", "spearman", "leap"]  # leap fails: there is no pseudotime
ALL = ["beeline", "genernib", "causalbench"]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    from workflows import in_one_process

    study = in_one_process(tmp_path_factory.mktemp("exports"))
    for replicate, cells in ((1, 60), (2, 40)):
        folder = study.folder / f"mine-{replicate}"
        folder.mkdir()
        expression_table(cells).to_csv(folder / "ExpressionData.csv")
        (folder / "refNetwork.csv").write_text(EDGES)
    for replicate, dropout in product((1, 2), ("000", "050")):
        own = "Gene1\tGene2\tEdgeWeight\nG0\tG1\t0.5\nG1\tG0\t0.25\n"
        (study.folder / f"MyNet-{replicate}-{dropout}.csv").write_text(own)
    config = {
        "networks": {"mine": {"folders": ["mine-1", "mine-2"]}},
        "dropout": [0, 50],
        "protocols": [],
        "methods": METHODS,
        "predictions": {"MyNet": "MyNet-{replicate}-{dropout}.csv"},
        "exports": {"benchmarks": ALL, "causalbench_edges": 4},
    }
    study.arguments = study.configure(config)
    study.succeed("exports", *study.arguments)
    return study


def ranked(study, method: str, replicate: int, dropout: str) -> pd.DataFrame:
    place = f"results/predictions/{method}/mine/rep-{replicate}/drop-{dropout}/rankedEdges.csv"
    return pd.read_csv(study.folder / place, sep="\t")


def test_a_second_run_does_nothing_and_another_format_only_adds(study):
    assert study.planned("exports", *study.arguments) == set()
    assert "export_predictions" not in study.planned("tables", *study.arguments)
    everything = study.planned("--forceall", *study.arguments)
    assert "export_predictions" in everything  # with the rest of the study


def test_beelines_evaluator_finds_every_run_and_reference(study):
    """Along the config, as BEELINE 1.1 does; with its reader of ranked edges."""
    folder = study.folder / "results/exports/beeline"
    config = yaml.safe_load((folder / "config.yaml").read_text())
    given, output = config["input_settings"], config["output_settings"]["output_dir"]
    algorithms = [a["algorithm_id"] for a in given["algorithms"] if a["should_run"][0]]
    assert algorithms == ["pearson", "spearman", "MyNet"]
    assert [d["dataset_id"] for d in given["datasets"]] == ["mine-drop-000", "mine-drop-050"]
    found = set()
    for data_set in given["datasets"]:
        place = f"{given['input_dir']}/{given['dataset_dir']}/{data_set['dataset_id']}"
        reference = pd.read_csv(folder / place / data_set["groundTruthNetwork"])
        assert list(reference["Gene1"] + reference["Gene2"]) == ["G0G0", "G0G1", "G1G2", "G2G3"]
        for run in data_set["runs"]:
            for algorithm in algorithms:
                path = f"{output}/{data_set['dataset_id']}/{run['run_id']}/{algorithm}"
                edges = pd.read_csv(folder / path / "rankedEdges.csv", sep="\t", header=0)
                level = data_set["dataset_id"][-3:]
                replicate = int(run["run_id"].removeprefix("rep-"))
                assert edges.equals(ranked(study, algorithm, replicate, level))
                found.add((level, replicate, algorithm))
    assert len(found) == 2 * 2 * 3
    assert len(list(folder.rglob("rankedEdges.csv"))) == len(found)


def test_each_prediction_is_a_file_of_genernib(study):
    files = sorted((study.folder / "results/exports/genernib").iterdir())
    assert len(files) == 2 * 2 * 3
    net = anndata.read_h5ad(files[0].parent / "mine-rep-2-drop-050-spearman.h5ad").uns
    assert (net["method_id"], net["dataset_id"]) == ("spearman", "mine")
    edges = ranked(study, "spearman", 2, "050")
    edges = edges[edges["EdgeWeight"] != 0]
    ours = dict(zip(edges["Gene1"] + edges["Gene2"], edges["EdgeWeight"], strict=True))
    table = net["prediction"]
    theirs = dict(zip(table["source"] + table["target"], table["weight"], strict=True))
    assert {pair: float(weight) for pair, weight in theirs.items()} == ours


def test_each_prediction_is_a_run_of_causalbench(study):
    folders = sorted((study.folder / "results/exports/causalbench").iterdir())
    assert len(folders) == 2 * 2 * 3
    folder = folders[0].parent / "mine-rep-1-drop-000-pearson"
    assert json.loads((folder / "arguments.json").read_text())["dataset_name"] == "mine"
    pairs = pd.read_csv(folder / "output_network.csv", index_col=0)
    best = ranked(study, "pearson", 1, "000")[:4]
    assert pairs.to_numpy().tolist() == best[["Gene1", "Gene2"]].to_numpy().tolist()


def test_a_data_set_without_a_reference_has_predictions_too(one_process):
    expression_table(60).to_csv(one_process.folder / "cells.csv")
    config = {
        "infer": {"cells": {"expression": "cells.csv"}},
        "methods": ["pearson"],
        "exports": {"benchmarks": ["genernib", "beeline"]},
    }
    one_process.succeed("exports", *one_process.configure(config))
    exports = one_process.folder / "results/exports"
    assert [p.name for p in (exports / "genernib").iterdir()] == [
        "cells-rep-1-drop-000-pearson.h5ad"
    ]
    assert (
        yaml.safe_load((exports / "beeline/config.yaml").read_text())["input_settings"]["datasets"]
        == []
    )  # there is nothing to evaluate with
