from argparse import ArgumentParser

import pytest

from factories import expression_table
from grn_gat.algorithms._registry import INFERRED
from grn_gat.command.inputs import add_inputs, name_of, read_study
from grn_gat.core.errors import InputError


@pytest.fixture
def place(tmp_path, monkeypatch):
    expression_table(20).to_csv(tmp_path / "my cells.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(*arguments: str):
    parser = ArgumentParser()
    add_inputs(parser)
    return read_study(parser.parse_args(arguments))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/cells.csv.gz", "cells"),
        ("my cells.h5ad", "my-cells"),
        ("CELLS.CSV.GZ", "CELLS"),
        ("run.2.tsv", "run.2"),
        ("_x.txt", "x"),
        ("Zellen\u00e4.csv", "Zellen-"),
        ("\u7d30\u80de.csv", "data"),
    ],
)
def test_a_data_set_is_named_after_its_file(path, name):
    assert name_of(path) == name


def test_a_study_of_one_data_set(place):
    study = read("my cells.csv", "--set", "method_settings.genie3.trees=7", "--set", "seed=3")
    assert study.inferred == ["my-cells"] and study.methods == sorted(INFERRED)
    assert study.method_settings("genie3")["trees"] == 7 and study.config["seed"] == 3
    assert read("my cells.csv", "--name", "x", "--methods", "clr,pearson").methods == [
        "clr",
        "pearson",
    ]


def test_evidence(place):
    for name in ("p.tsv", "one.csv", "two.csv", "v.csv"):
        (place / name).write_text("x")
    study = read(
        "my cells.csv", "--perturbations", "p.tsv", "--perturbation-kind", "knock-down",
        "--prior", "one.csv", "--prior", "two.csv", "--velocity", "v.csv", "--methods",
        "gat-zeroshot-prior,gat-zeroshot-velocity",
    )  # fmt: skip
    (source,) = study.sources.values()
    assert source.evidence == ["perturbations", "prior", "velocity"]
    assert study.evidence_that_is_read("my-cells") == ["prior", "velocity"]
    entry = study.evidence_entry("my-cells", 1, "prior")
    assert (
        entry["prior"] == study.evidence_sources("my-cells", 1, "prior") == ["one.csv", "two.csv"]
    )
    assert study.evidence_entry("my-cells", 1, "perturbations")["perturbation_kind"] == "knock-down"
    # What is read of the cells does not depend on it.
    assert study.source_entry("my-cells", 1) == {"expression": "my cells.csv"}


def test_whether_genes_are_shuffled_too(place):
    usual, asked, without = (
        read("my cells.csv", *more) for more in ([], ["--null"], ["--no-null"])
    )
    assert usual.null_methods("my-cells") == ["spearman-pc"]
    assert asked.null_methods("my-cells") == asked.methods
    assert without.null_methods("my-cells") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cells.csv"], r"^expression: there is no file 'cells.csv' \(in /"),
        (["my cells.csv", "--regulators", "/x/TFs"], "^regulators: there is no file '/x/TFs'$"),
        (["my cells.csv", "--reference", "."], r"^reference: there is no file '.'"),
        (["my cells.csv", "--pseudotime", "p.csv"], "^pseudotime: there is no file 'p.csv'"),
        (["my cells.csv", "--prior", "p.csv"], "^prior: there is no file 'p.csv'"),
        (["my cells.csv", "--perturbations", "guide"], "^perturbations: there is no file 'guide'"),
        (["my cells.csv", "--protein", "p.csv"], "^protein: there is no file 'p.csv'"),
        (["my cells.csv", "--layer", "counts"], "layer is for .h5ad and .loom files"),
        (
            ["my cells.csv", "--methods", "genie"],
            r"there is no method 'genie' \(did you mean genie3\?\); known: all, clr",
        ),
        (["my cells.csv", "--name", "a/b"], "data set name 'a/b' may hold letters"),
        (["my cells.csv", "--name", "a\nb"], r"data set name 'a\\nb' may hold letters"),
        (["my cells.csv", "--name", "x" * 300], "is longer than 100 characters"),
        (["my cells.csv", "--set", "seed"], "expected KEY=VALUE"),
        (["my cells.csv", "--set", "sed=1"], "sed"),
        (["my cells.csv", "--set", "seed=1", "--set", "seed.x=1"], "seed is no block of keys"),
    ],
)
def test_what_is_wrong_is_one_sentence(place, arguments, message):
    with pytest.raises(InputError, match=message):
        read(*arguments)
