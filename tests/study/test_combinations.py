"""Rows that are the mean rank of other methods: scored as a method, on the same pairs."""

import numpy as np
import pandas as pd
import pytest

from documented import check_columns
from factories import expression_table
from grn_gat.core.errors import InputError
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.study.config import check_config
from grn_gat.study.place import schema

STUDY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 2, "cells": 60}
    },
    "dropout": [0],
    "protocols": [],
    "methods": ["pearson", "spearman", "pidc"],
    "combinations": {"wisdom": ["pearson", "pidc"], "all-three": ["pearson", "spearman", "pidc"]},
}


def read(study, path: str) -> pd.DataFrame:
    return pd.read_csv(study.folder / path, sep="\t", keep_default_na=False)


def test_a_combination_is_in_the_tables_as_a_method_is(one_process):
    one_process.succeed("tables", "figures", *one_process.configure(STUDY | {"focus": "wisdom"}))
    summary = read(one_process, "results/tables/summary.tsv")
    assert {"wisdom", "all-three", "pearson"} < set(summary["method"])
    place = "HSC/rep-1/drop-000/rankedEdges.csv"
    found, pearson, pidc = (
        read_ranked_edges(one_process.folder / f"results/predictions/{name}/{place}")
        for name in ("wisdom", "pearson", "pidc")
    )
    assert len(found) == len(pearson) == 110
    tables = [table.set_index(["Gene1", "Gene2"])["EdgeWeight"] for table in (pearson, pidc)]
    ranks = pd.concat([table.abs().rank() / 110 for table in tables], axis=1).mean(axis=1)
    ours = found.set_index(["Gene1", "Gene2"])["EdgeWeight"]
    assert np.allclose(ours.abs(), ranks[ours.index], atol=1e-6)
    comparison = read(one_process, "results/tables/comparison.tsv")
    assert {"pearson", "pidc", "all-three"} <= set(comparison["method"])
    page = (one_process.folder / "results/tables/overview.html").read_text()
    assert "wisdom: mean rank of Pearson, PIDC" in page
    check_columns(one_process.folder)


def test_members_that_fail_are_left_out(one_process):
    folder = one_process.folder / "mine"
    folder.mkdir()
    expression_table(60).to_csv(folder / "ExpressionData.csv")
    (folder / "refNetwork.csv").write_text("Gene1,Gene2\nG0,G1\nG1,G2\n")
    config = STUDY | {
        "networks": {"own": {"folders": ["mine"]}},
        "methods": ["pearson", "spearman", "scode"],
        "combinations": {"two": ["pearson", "scode"], "three": ["pearson", "spearman", "scode"]},
    }
    one_process.succeed("tables", *one_process.configure(config))
    failures = read(one_process, "results/tables/failures.tsv").set_index("method")["reason"]
    assert set(failures.index) == {"scode", "two"}
    assert failures["two"] == "of pearson, scode only pearson gave ranked edges"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pidc": ["pearson", "spearman"]}, "combinations.pidc: pidc is a row of the tables"),
        ({"random": ["pearson", "pidc"]}, "combinations.random: random is a row of the tables"),
        ({"x": ["pearson", "pidcc"]}, "combinations.x: pidcc is no method of the study (did you"),
        ({"x": ["pearson", "clr"]}, "combinations.x: clr is no method of the study"),
        ({"x": ["pearson", "y"], "y": ["pearson", "pidc"]}, "combinations.x: y is a combination"),
        ({"x": ["pearson"]}, "combinations.x"),
        ({"a b": ["pearson", "pidc"]}, "combinations: name 'a b' may hold letters, digits"),
        ({"x": ["pearson", "pearson"]}, "combinations.x"),
    ],
)
def test_bad_input_is_one_sentence(changed, sentence):
    with pytest.raises(InputError) as error:
        check_config(STUDY | {"combinations": changed}, schema("study"))
    assert sentence in str(error.value) and "\n" not in str(error.value)
