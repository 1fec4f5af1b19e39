"""Bad input ends a run with one clear sentence, before hours of work, and loses nothing."""

import gzip
import os

import numpy as np
import pytest

GENES = ["A", "B", "C", "D"]
EXPRESSION = "results/expression/mine/rep-1/drop-000/ExpressionData.csv"
SPLIT = "results/splits/mine/pair/seed-1/folds.tsv"


def matrix(genes=GENES, cells=("c1", "c2", "c3", "c4"), values=None) -> str:
    rng = np.random.default_rng(1)
    rows = ["," + ",".join(cells)]
    for gene in genes:
        numbers = [f"{x:.3f}" for x in rng.random(len(cells))]
        rows.append(gene + "," + ",".join((values or {}).get(gene, numbers)))
    return "\n".join(rows) + "\n"


EDGES = "Gene1,Gene2,Type\nA,B,+\nB,C,-\n"


def folder_config(one_process, expression: str, edges: str = EDGES, **config) -> list[str]:
    (one_process.folder / "mine").mkdir()
    (one_process.folder / "mine/ExpressionData.csv").write_text(expression)
    (one_process.folder / "mine/refNetwork.csv").write_text(edges)
    networks = {"mine": {"folders": ["mine"]}}
    base = {"networks": networks, "dropout": [0], "seeds": [1], "protocols": ["pair"]}
    return one_process.configure(base | config)


def error_of(done) -> str:
    """The one error sentence that a failed run prints."""
    assert done.returncode != 0
    assert "Traceback" not in done.stdout, done.stdout[-3000:]
    lines = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stdout[-3000:]
    return lines[0]


@pytest.mark.parametrize(
    ("rules", "parts"),
    [
        ("Gene\tRule\nA\tA and\nB\tA\n", ["my.tsv", "A"]),
        ("Gene\tRule\nA\t(A or B\nB\tA\n", ["my.tsv", "A", "not closed"]),
        ("Gene\tRule\nA\tA and Q\nB\tA\n", ["my.tsv", "Q", "add a row"]),
        ("Gene\tFormula\nA\tB\nB\tA\n", ["my.tsv", "Rule"]),
        (
            "Gene\tRule\nA\tA and not A\nB\tA\n",
            ["my", "in all", "runs", "simulation.max_tries"],  # well-formed, but every run dies
        ),
        ("Gene\tRule\nA\tB\nB\t0\n0\t0\n", ["my.tsv, line 4", "'0' is no gene name"]),
        ("Gene\tRule\nA\tb\nB\tA\n", ["my.tsv", "names b", "there is B: upper and lower case"]),
        ("targets, factors\nA, A & [B]\n", ["my.tsv, line 2, gene A", "'['", "no part of a rule"]),
        (f"Gene\tRule\nA\t{'(' * 10**6}A\n", ["my.tsv", "more than 100 nested levels"]),
    ],
)
def test_model_files(one_process, rules, parts):
    (one_process.folder / "my.tsv").write_text(rules)
    config = one_process.configure(
        {
            "networks": {"mine": {"model": "my.tsv", "replicates": 1, "cells": 5}},
            "simulation": {"max_tries": 3},
        }
    )
    error = error_of(one_process.run(EXPRESSION, *config, cores=1))
    assert len(error) < 500
    for part in parts:
        assert part in error


@pytest.mark.parametrize(
    ("expression", "edges", "parts"),
    [
        (matrix(values={"B": ["1", "x", "2", "3"]}), EDGES, ["ExpressionData.csv", "B", "c2", "x"]),
        (matrix(values={"B": ["1", "-1", "2", "3"]}), EDGES, ["ExpressionData.csv", "B", "-1"]),
        (matrix(values={"B": ["1", "", "2", "3"]}), EDGES, ["ExpressionData.csv", "B", "c2"]),
        (matrix(genes=["A", "B", "C", "B"]), EDGES, ["ExpressionData.csv", "B"]),
        (matrix(cells=("c1", "c2", "c1", "c4")), EDGES, ["ExpressionData.csv", "c1"]),
        (matrix(), "Gene1,Gene2,Type\nA,Q,+\n", ["refNetwork.csv", "Q"]),
        (matrix(), "Gene1,Gene2,Type\n", ["refNetwork.csv", "no edge"]),
        (
            matrix(),
            "Gene1,Gene2\n" + "".join(f"{a},{b}\n" for a in GENES for b in GENES if a != b),
            ["refNetwork.csv", "all 12 possible"],
        ),
    ],
)
def test_data_files(one_process, expression, edges, parts):
    config = folder_config(one_process, expression, edges)
    error = error_of(one_process.run(EXPRESSION, *config, cores=1))
    for part in parts:
        assert part in error


def test_truncated_h5ad(one_process):
    anndata = pytest.importorskip("anndata")
    path = one_process.folder / "mine.h5ad"
    anndata.AnnData(np.ones((50, 4), dtype=np.float32)).write_h5ad(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (one_process.folder / "edges.csv").write_text(EDGES)
    config = one_process.configure(
        {"networks": {"mine": {"h5ad": "mine.h5ad", "edges": "edges.csv"}}}
    )
    error = error_of(one_process.run(EXPRESSION, *config, cores=1))
    assert "mine.h5ad" in error


def test_truncated_gzip(one_process):
    config = folder_config(one_process, matrix())
    plain = one_process.folder / "mine/ExpressionData.csv"
    content = gzip.compress(matrix().encode())
    (one_process.folder / "mine/ExpressionData.csv.gz").write_bytes(content[:-20])
    plain.unlink()
    error = error_of(one_process.run(EXPRESSION, *config, cores=1))
    assert "ExpressionData.csv.gz" in error


@pytest.mark.parametrize(
    ("folds", "words"),
    [
        (5, ["cross_validation.folds is 5", "has only 3 genes"]),
        (3, ["too few for 3 folds", "lower cross_validation.folds"]),
    ],
)
def test_a_network_too_small_for_the_folds_is_left_out_with_a_reason(one_process, folds, words):
    config = folder_config(one_process, matrix(), cross_validation={"folds": folds})
    said = one_process.succeed(SPLIT, *config, cores=1)
    assert "mine, protocol pair: " in said and all(part in said for part in words)
    header, *rows = (one_process.folder / SPLIT).read_text().splitlines()
    assert header.startswith("replicate\tGene1\tGene2\tedge") and not rows
    status = (one_process.folder / SPLIT).with_name("status.tsv").read_text()
    assert all(part in status for part in words)


def test_replicates_with_different_networks(one_process):
    config = folder_config(one_process, matrix())
    (one_process.folder / "other").mkdir()
    (one_process.folder / "other/ExpressionData.csv").write_text(matrix())
    (one_process.folder / "other/refNetwork.csv").write_text("Gene1,Gene2,Type\nA,C,+\nB,C,-\n")
    config = one_process.configure(
        {
            "networks": {"mine": {"folders": ["mine", "other"]}},
            "dropout": [0],
            "seeds": [1],
            "protocols": ["pair"],
        }
    )
    assert "differs from" in error_of(one_process.run(SPLIT, *config, cores=1))


@pytest.mark.parametrize(
    ("config", "parts"),
    [
        ({"epoch": 3}, ["unknown key epoch"]),
        ({"training": {"epocs": 3}}, ["unknown key training.epocs", "epochs"]),
        ({"training": {"epochs": "ten"}}, ["training.epochs", "ten", "integer"]),
        ({"model": {"neuron_dropout": 1.5}}, ["model.neuron_dropout", "1.5"]),
        ({"model": {"heads": 3}}, ["model.heads (3) must divide model.width"]),
        ({"networks": {"x": {"model": "absent.tsv"}}}, ["networks.x.model", "absent.tsv"]),
        ({"networks": {"x": {"folders": ["absent"]}}}, ["networks.x.folders", "absent"]),
        ({"networks": {"x": {}}}, ["networks.x", "model", "folders", "h5ad"]),
    ],
)
def test_config(one_process, config, parts):
    base = {"networks": {"HSC": {"model": "workflow/resources/models/HSC.tsv"}}}
    done = one_process.run("--dry-run", *one_process.configure(base | config), cores=1)
    assert done.returncode != 0 and "Traceback" not in done.stdout
    for part in parts:
        assert part in done.stdout, done.stdout


def test_results_that_cannot_be_written(one_process):
    (one_process.folder / "results").write_text("a file where the folder should be")
    done = one_process.run("--dry-run", cores=1)
    assert done.returncode != 0 and "results is not a folder" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_results_without_permission(one_process):
    (one_process.folder / "results").mkdir(mode=0o500)
    done = one_process.run("--dry-run", cores=1)
    assert done.returncode != 0 and "cannot be written to" in done.stdout
