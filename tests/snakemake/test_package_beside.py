"""A clone's jobs use the package of the clone, whichever one the Python that runs it has."""


def test_another_package_in_the_way_is_not_used(workflow, monkeypatch):
    """Neither by Snakemake, nor by its processes for jobs, nor by the scripts of those."""
    other = workflow.folder / "elsewhere/grn_gat"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise SystemExit('error: of another clone')\n")
    monkeypatch.setenv("PYTHONPATH", str(other.parent))
    config = {"networks": {"HSC": {"model": "workflow/resources/models/HSC.tsv", "cells": 20}}}
    workflow.succeed("simulate", *workflow.configure(config))
    assert workflow.results("expression/HSC/rep-1/drop-000/ExpressionData.csv")
