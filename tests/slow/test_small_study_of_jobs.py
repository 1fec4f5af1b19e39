"""The small study by Snakemake's jobs: the files of one process, and its report."""

import re

import pytest

from grn_gat.core.version import VERSION
from workflows import SMALL, in_one_process

pytestmark = pytest.mark.xdist_group("small")

METHODS_ONLY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 1, "cells": 60}
    },
    "dropout": [0],
    "protocols": [],
    "methods": ["pearson"],
    "report": {"bootstrap": 100},
}


def test_one_process_gives_the_same_bytes(small_study_of_jobs, tmp_path):
    """Two cores or one, a process for each job or one for all."""
    other = in_one_process(tmp_path)
    other.succeed(*SMALL, cores=1)
    expected, found = small_study_of_jobs.reproducible(), other.reproducible()
    assert len(expected) > 200 and found.keys() == expected.keys()
    assert [path for path in expected if expected[path] != found[path]] == []


def test_second_run_does_nothing(small_study_of_jobs):
    assert "Nothing to be done" in small_study_of_jobs.succeed(*SMALL, "--dry-run")


def test_every_job_left_log_and_benchmark(small_study_of_jobs):
    left = [
        {path.split("/", 1)[1].rpartition(".")[0] for path in small_study_of_jobs.results(pattern)}
        for pattern in ("logs/**/*.log", "benchmarks/**/*.tsv")
    ]
    assert left[0] == left[1] and len(left[0]) > 50


def test_a_study_without_protocols_has_a_report(workflow):
    arguments = workflow.configure(METHODS_ONLY)
    workflow.succeed(*arguments)
    workflow.succeed(*arguments, "--report", "report.html", cores=1)
    assert "Nothing to be done" in workflow.succeed(*arguments, "--dry-run")


def test_report_is_self_contained(small_report):
    page = small_report.read_text()
    words = ("1 Overview", "6 Hubs", "PR and ROC curves", "Every score stands")
    words += (f"Made by grn-gat {VERSION}.", "safe center")  # the latter of the style sheet
    for word in words:
        assert word in page
    assert len(page) > 500_000  # scripts are inside
    assert not re.findall(r"""<(?:script|link|img)[^>]+(?:src|href)=["']https?://""", page)
