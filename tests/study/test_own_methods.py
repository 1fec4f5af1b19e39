"""A folder of the user's own methods: run, scored and compared as those of the package."""

import pandas as pd
import pytest

METHOD = '''"""Covariance, with what else a method may ask for."""

import numpy as np
from _words import check

from grn_gat.algorithms._registry import Method


def infer(expression, genes, data_set, power: float = 1.0, shift=0):
    check(genes, data_set)
    return np.cov(expression) ** power + shift


METHOD = Method(
    title="My covariance", citation="nobody 2026", infer=infer, signed=True, directed=False
)
'''
HELPER = """def check(genes, data_set):
    assert data_set == "HSC" and len(genes) == 11 and "Gata1" in genes
"""
STUDY = {
    "networks": {
        "HSC": {"model": "workflow/resources/models/HSC.tsv", "replicates": 1, "cells": 60}
    },
    "dropout": [0],
    "protocols": [],
    "methods_path": "mine",
    "methods": ["pearson", "my-covariance"],
    "method_settings": {"my-covariance": {"power": 3}},
    "focus": "my-covariance",
}
BROKEN = """import nothing_of_this_name
from grn_gat.algorithms._registry import Method


def infer(expression):
    return expression


METHOD = Method(title="Broken", citation="x 2026", infer=infer)
"""
RANKED = "results/predictions/{}/HSC/rep-1/drop-000/rankedEdges.csv"


@pytest.fixture
def mine(one_process):
    """The workflow in a folder with a method of the user."""
    (one_process.folder / "mine").mkdir()
    (one_process.folder / "mine/my_covariance.py").write_text(METHOD)
    (one_process.folder / "mine/_words.py").write_text(HELPER)
    return one_process


def test_a_method_of_the_user_is_in_tables_and_figures(mine):
    arguments = mine.configure(STUDY)
    mine.succeed("tables", "figures", *arguments)
    tables = mine.folder / "results/tables"
    for name in ("summary", "usage", "time"):
        table = pd.read_csv(tables / f"{name}.tsv", sep="\t")
        assert "my-covariance" in set(table["what" if name == "time" else "method"]), name
    comparison = pd.read_csv(tables / "comparison.tsv", sep="\t")
    assert set(comparison["model"]) == {"my-covariance"}
    page = (tables / "overview.html").read_text()
    assert "My covariance has place" in page
    assert len(pd.read_csv(tables / "failures.tsv", sep="\t")) == 0
    # Its code is what the tables were made from.
    record = (mine.folder / "results/provenance.json").read_text()
    assert "methods_path.my-covariance" in record and "methods_path._words" in record
    # The scores are those of its code, with the setting of the config.
    ranked = pd.read_csv(mine.folder / RANKED.format("my-covariance"), sep="\t")
    folder = mine.folder / "results/expression/HSC/rep-1/drop-000"
    expression = pd.read_csv(folder / "ExpressionData.csv", index_col=0)
    wanted = expression.T.cov() ** 3
    for gene1, gene2, weight in ranked.itertuples(index=False):
        assert weight == pytest.approx(wanted.loc[gene1, gene2], rel=1e-6)
    # What it imports, and its settings, make it anew; the others stay.
    assert mine.due(*arguments) == set()
    (mine.folder / "mine/_words.py").write_text(HELPER + "\n")
    due = mine.due(*arguments)
    assert RANKED.format("my-covariance") in due and RANKED.format("pearson") not in due
    # It is one of all.
    everything = {key: value for key, value in STUDY.items() if key != "methods"}
    due = mine.due(*mine.configure(everything, "all.yaml"), "--forceall")
    assert RANKED.format("my-covariance") in due and RANKED.format("genie3") in due


def test_one_that_breaks_is_a_failure_of_its_own(mine):
    (mine.folder / "mine/broken.py").write_text(BROKEN)
    (mine.folder / "mine/flat.py").write_text(
        "from grn_gat.algorithms._registry import Method\n"
        "def infer(expression):\n    return expression\n"
        "METHOD = Method(title='Flat', citation='x 2026', infer=infer)\n"
    )
    config = STUDY | {"methods": ["pearson", "broken", "flat"], "focus": "pearson"}
    mine.succeed("tables", *mine.configure(config))
    failures = pd.read_csv(mine.folder / "results/tables/failures.tsv", sep="\t")
    reasons = failures.set_index("method")["reason"]
    assert "cannot be imported: ModuleNotFoundError" in reasons["broken"]
    assert reasons["flat"].startswith("Flat returned shape (11, 60); expected (11, 11)")


def test_target_infer_takes_them(mine):
    text = METHOD.replace("from _words import check\n", "").replace(
        "    check(genes, data_set)\n", ""
    )
    (mine.folder / "mine/my_covariance.py").write_text(text)
    (mine.folder / "cells.csv").write_text(
        ",c1,c2,c3,c4,c5,c6\nA,1,2,3,4,5,6\nB,2,1,4,3,6,5\nC,1,0,0,2,0,3\nD,3,1,2,0,1,1\n"
    )
    (mine.folder / "mine/likely.py").write_text(
        "import numpy as np\nfrom grn_gat.algorithms._registry import Method\n"
        "def infer(expression):\n    return np.corrcoef(expression) ** 2\n"
        "METHOD = Method('Likely', 'x 2026', infer, directed=False, probabilities=True)\n"
    )
    (mine.folder / "mine/broken.py").write_text(BROKEN)
    methods = ["my-covariance", "likely", "broken"]
    arguments = mine.configure({"methods_path": "mine", "methods": methods})
    said = mine.succeed("infer", *arguments, "--config", "expression=cells.csv", "name=x")
    assert "warning: no network of Broken: " in said and "nothing_of_this_name" in said
    page = (mine.folder / "results/inferred/x/report.html").read_text()
    assert "My covariance" in page and "Likely" in page and "nothing_of_this_name" in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"methods_path": "nowhere"}, "methods_path: there is no folder 'nowhere'"),
        ({"methods": ["my-covarianc"]}, "no method 'my-covarianc' (did you mean my-covariance?)"),
        (
            {"method_settings": {"my-covariance": {"powr": 2}}},
            "my-covariance: unknown key powr (did you mean power?)",
        ),
        (
            {"method_settings": {"my-covariance": {"power": "high"}}},
            "my-covariance.power: 'high' is no float, as its default 1.0 is",
        ),
        ({"method_settings": {"other": {}}}, "unknown key method_settings.other"),
        ({"predictions": {"my-covariance": "x"}}, "my-covariance is an inference method already"),
    ],
)
def test_mistakes_are_named_at_once(mine, change, message):
    done = mine.run("--dry-run", *mine.configure(STUDY | change))
    assert done.returncode != 0 and message in done.stdout and "Traceback (most" not in done.stdout
