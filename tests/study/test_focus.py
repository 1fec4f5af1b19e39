"""A study about one method: comparison, page and figure turn around it; else not a byte changes."""

import pandas as pd
import pytest

STUDY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 5, "cells": 40}
    },
    "dropout": [0],
    "protocols": [],
    "methods": ["pearson", "spearman", "pidc"],
}


def test_verdicts_without_any_gatv2(one_process):
    usual = one_process.configure(STUDY, "usual.yaml")
    one_process.succeed("tables", "figures", *usual)
    folder = one_process.folder / "results"
    before = {path.name: path.read_bytes() for path in (folder / "tables").glob("*.tsv")}
    assert len(pd.read_csv(folder / "tables/comparison.tsv", sep="\t")) == 0
    assert not (folder / "figures/focus").exists()

    focused = one_process.configure(STUDY | {"focus": "pidc"})
    one_process.succeed("tables", "figures", *focused, "--forceall")
    table = pd.read_csv(folder / "tables/comparison.tsv", sep="\t")
    assert set(table["model"]) == {"pidc"}
    assert {"pearson", "spearman", "random", "constant"} == set(table["method"])
    assert not set(table["verdict"]) <= {"not determined"}
    page = (folder / "tables/overview.html").read_text()
    assert "PIDC has place" in page and "Average precision of PIDC minus" in page
    assert (folder / "figures/focus/drop-000.png").stat().st_size > 5000
    for name, content in before.items():
        if name not in ("comparison.tsv", "usage.tsv", "time.tsv"):
            assert (folder / f"tables/{name}").read_bytes() == content, name


@pytest.mark.parametrize(
    ("focus", "message"),
    [
        ("pearsn", "focus: pearsn is no method of the study (did you mean pearson?)"),
        ("gat-zeroshot", "its methods: pearson, pidc, spearman"),
        (1, "focus: 1 is not text"),
    ],
)
def test_mistakes_are_named_at_once(one_process, focus, message):
    done = one_process.run("--dry-run", *one_process.configure(STUDY | {"focus": focus}))
    assert done.returncode != 0 and message in done.stdout
