"""Bad input ends a real run with one clear sentence, and costs no result; more in tests/study."""

import pytest

from factories import expression_table

EXPRESSION = "results/expression/{}/rep-1/drop-000/ExpressionData.csv"
GOOD = {"model": "workflow/resources/models/mCAD.tsv", "replicates": 1, "cells": 20}


def errors_of(done) -> list[str]:
    """Error sentences that a failed run prints."""
    assert done.returncode != 0
    assert "Traceback" not in done.stdout, done.stdout[-3000:]
    return [line for line in done.stdout.splitlines() if line.startswith("error: ")]


def test_one_bad_network_does_not_cost_the_results_of_a_good_one(workflow):
    """Its job ends with one sentence; mended, the run goes on."""
    table = expression_table(4)
    bad = table.astype(object)
    bad.iloc[1, 1] = "x"
    (workflow.folder / "mine").mkdir()
    bad.to_csv(workflow.folder / "mine/ExpressionData.csv")
    (workflow.folder / "mine/refNetwork.csv").write_text("Gene1,Gene2,Type\nG0,G1,+\nG1,G2,-\n")
    config = workflow.configure(
        {
            "networks": {"mine": {"folders": ["mine"]}, "good": GOOD},
            "dropout": [0],
            "seeds": [1],
            "protocols": ["pair"],
        }
    )
    targets = [EXPRESSION.format("mine"), EXPRESSION.format("good")]
    (error,) = errors_of(workflow.run(*targets, "--keep-going", *config))
    for part in ("ExpressionData.csv", "G1", "c1", "x"):
        assert part in error
    made = workflow.folder / targets[1]
    before = made.stat().st_mtime_ns
    table.to_csv(workflow.folder / "mine/ExpressionData.csv")
    workflow.succeed(*targets, *config)
    assert (workflow.folder / targets[0]).is_file() and made.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--config", "training={epocs: 3}"], "unknown key training.epocs"),
        (["--config", "peers=[pidc]"], "the key peers is called method_settings now"),
        (["infer", "--config", "expression=no.csv", "name=x"], "there is no file 'no.csv'"),
    ],
)
def test_a_wrong_config_is_named_at_once(workflow, arguments, sentence):
    done = workflow.run("--dry-run", *arguments, cores=1)
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert sentence in done.stdout


def test_results_that_cannot_be_written(workflow):
    (workflow.folder / "results").write_text("a file where the folder should be")
    done = workflow.run("--dry-run", cores=1)
    assert done.returncode != 0 and "results is not a folder" in done.stdout


def test_a_method_without_cells_ends_the_run_of_infer(workflow):
    """All methods failed: one sentence that says why."""
    expression_table(5).to_csv(workflow.folder / "cells.csv")
    (error,) = errors_of(
        workflow.run("infer", "--config", "expression=cells.csv", "name=few", "methods=scode")
    )
    assert "no method gave a network" in error and "SCODE" in error
