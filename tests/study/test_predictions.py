"""Ranked edges of somebody else's method: scored as a method, on the same pairs."""

import shutil

import pandas as pd
import pytest

from documented import check_columns

STUDY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 2, "cells": 60}
    },
    "dropout": [0, 50],
    "protocols": [],
    "methods": ["pearson"],
}
PATTERN = "runs/{network}/rep-{replicate}/drop-{dropout}/rankedEdges.csv"
WITH = STUDY | {"predictions": {"MyNet": PATTERN}}


def read(study, path: str) -> pd.DataFrame:
    return pd.read_csv(study.folder / path, sep="\t", keep_default_na=False)


@pytest.fixture
def pearsons(one_process):
    """A study whose ranked edges of Pearson lie in a folder of the user, but for one data set."""
    one_process.succeed("methods", *one_process.configure(STUDY))
    made = one_process.folder / "results/predictions/pearson"
    shutil.copytree(made, one_process.folder / "runs")
    shutil.rmtree(one_process.folder / "runs/HSC/rep-2/drop-050")
    return one_process


def test_the_same_ranked_edges_have_the_same_scores(pearsons):
    pearsons.succeed("tables", "figures", *pearsons.configure(WITH))
    scores = read(pearsons, "results/tables/metrics_by_replicate.tsv")
    ours = scores[scores["method"] == "MyNet"]
    theirs = scores[scores["method"] == "pearson"]
    missing = (theirs["replicate"] == 2) & (theirs["dropout"] == 50)
    columns = ["dropout", "replicate", "metric", "value"]
    assert len(ours) > 50 and missing.any()
    wanted = theirs.loc[~missing, columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(ours[columns].reset_index(drop=True), wanted)
    failures = read(pearsons, "results/tables/failures.tsv")
    (row,) = failures.to_dict("records")
    file = PATTERN.format(network="HSC", replicate=2, dropout="050")
    assert row["method"] == "MyNet" and row["reason"] == f"there is no file {file}"
    page = (pearsons.folder / "results/tables/overview.html").read_text()
    assert "MyNet: ranked edges that were given as files" in page and file in page
    leaders = read(pearsons, "results/tables/leaders.tsv")
    assert "MyNet" in {*leaders["method"], *leaders["leader"]}
    # Nobody measured what they cost.
    assert set(read(pearsons, "results/tables/usage.tsv")["method"]) == {"pearson"}
    made = check_columns(pearsons.folder, without=("PseudoTime<k>",))
    assert "results/predictions/<method>/<network>/rep-<r>/drop-<ddd>/remarks.tsv" in made
    assert pearsons.planned("tables", "figures", *pearsons.configure(WITH)) == set()
    # A file that changes is scored anew, and nothing is inferred again.
    changed = pearsons.folder / "runs/HSC/rep-1/drop-000/rankedEdges.csv"
    changed.write_text("\n".join(changed.read_text().splitlines()[:20]))
    rules = pearsons.planned("tables", *pearsons.configure(WITH))
    assert {"import_predictions", "score_methods"} <= rules and "infer_network" not in rules
    pearsons.succeed("tables", *pearsons.configure(WITH))
    remarks = read(pearsons, "results/tables/remarks.tsv")
    assert any("are not listed: their score is 0" in text for text in remarks["text"])


def test_a_study_of_predictions_alone(pearsons):
    pearsons.succeed("tables", "figures", *pearsons.configure(WITH | {"methods": []}))
    summary = read(pearsons, "results/tables/summary.tsv")
    assert set(summary["method"]) == {"MyNet", "random", "constant", "out-degree-oracle"}


def test_a_file_of_another_data_set_ends_the_study_with_one_sentence(pearsons):
    file = pearsons.folder / "runs/HSC/rep-1/drop-000/rankedEdges.csv"
    file.write_text("Gene1\tGene2\tEdgeWeight\nA\tB\t1\nB\tC\t0.5\n")
    done = pearsons.run(*pearsons.configure(WITH))
    errors = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert done.returncode != 0 and len(errors) == 1
    assert "3 of its 3 genes (A, B, C) are none of HSC" in errors[0]


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        ({"x": "no/{network}/{replicate}/{dropout}.csv"}, "there is no file 'no/HSC/1/000.csv'"),
        ({"x": "runs/{network}/{dropout}.csv"}, "lacks {replicate}, so that all 2 replicates"),
        ({"x": "runs/{network}/{replicate}.csv"}, "lacks {dropout}, so that all 2 dropout levels"),
        ({"x": "runs/{dataset}/{replicate}.csv"}, "unknown {dataset}; known: {network}"),
        ({"pidc": PATTERN}, "pidc is an inference method already"),
        ({"random": PATTERN}, "random is a row of the tables already"),
        ({"gat": PATTERN}, "gat is a row of the tables already"),
        ({"../x": PATTERN}, "predictions"),
        ({"x": 1}, "predictions.x: 1 is not text"),
    ],
)
def test_mistakes_are_named_at_once(pearsons, predictions, message):
    done = pearsons.run("--dry-run", *pearsons.configure(STUDY | {"predictions": predictions}))
    assert done.returncode != 0 and message in done.stdout and "Traceback (most" not in done.stdout
