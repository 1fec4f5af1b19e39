"""Data sets with several references, batches as replicates, networks that nothing is trained on."""

import os
from pathlib import Path

import pytest

from grn_gat.core.errors import InputError
from grn_gat.core.protocols import UNSUPERVISED
from grn_gat.core.repository import repository
from grn_gat.study import paths
from grn_gat.study.jobs import inference_jobs, timed_jobs
from grn_gat.study.place import Place, schema
from grn_gat.study.study import Study

REAL = {
    "folders": ["real/1", "real/2"],
    "regulators": "tfs.txt",
    "references": {
        "STRING": "string.csv",
        "ChIP": {"edges": "chip.csv", "regulators": "measured"},
        "listed": {"edges": "chip.csv", "regulators": "some.txt"},
    },
    "kind": "scRNA-seq",
}
PLAIN = {"folders": ["real/1"], "edges": "string.csv", "supervised": False}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The working directory, with two folders of a user and an AnnData file."""
    for name in ("real/1", "real/2"):
        (tmp_path / name).mkdir(parents=True)
        for file in ("ExpressionData.csv", "tfs.txt", "string.csv", "chip.csv", "some.txt"):
            (tmp_path / name / file).touch()
    (tmp_path / "real/1/CellMeta.csv").touch()
    for file in ("cells.h5ad", "string.csv"):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(folder):
    def make(**keys) -> Study:
        keys = {"protocols": ["pair", "gene"], "methods": ["pidc"], "seeds": [1]} | keys
        return Study.read(keys, schema("study"), Place(repository()))

    return make


def test_each_reference_is_a_network_of_the_same_cells(read):
    study = read(networks={"mESC": REAL, "plain": PLAIN}, dropout=[0, 50])
    assert study.data_sets == study.imported == ["mESC", "plain"]
    assert study.networks == ["mESC.STRING", "mESC.ChIP", "mESC.listed", "plain"]
    assert study.referenced == study.networks[:3]
    assert [study.data_set(n) for n in study.networks] == ["mESC", "mESC", "mESC", "plain"]
    assert study.replicates("mESC.ChIP") == [1, 2]
    # inferred from once
    ranked = study.method_files("mESC.ChIP", "rankedEdges.csv", ["pidc"])
    assert ranked == study.method_files("mESC.STRING", "rankedEdges.csv", ["pidc"])
    assert len(ranked) == 4 and "/pidc/mESC/rep-1/drop-000/" in ranked[0]
    assert {network for network, *_ in inference_jobs(study)} == {"mESC", "plain"}
    # cells are of the data set, edges of the network
    cells = study.over_replicates("mESC.ChIP", paths.clean(paths.EXPRESSION))
    assert cells[0] == "results/expression/mESC/rep-1/drop-000/ExpressionData.csv"
    edges = study.over_replicates("mESC.ChIP", paths.clean(paths.EDGES))
    assert edges[0] == "results/expression/mESC.ChIP/rep-1/drop-000/refNetwork.csv"
    assert study.of_cells("plain", paths.EXPRESSION) == paths.EXPRESSION.replace(
        "{network}", "plain"
    )


def test_files_of_references(read):
    study = read(networks={"mESC": REAL, "plain": PLAIN})
    files = study.source_files("mESC", 2)
    assert files == ["real/2/ExpressionData.csv", "real/2/tfs.txt"]
    assert study.reference_edges("mESC.STRING", 2) == "real/2/string.csv"
    assert study.reference_regulators("mESC.STRING", 2) == []
    assert study.reference_regulators("mESC.listed", "1") == ["real/1/some.txt"]
    assert [study.measured(n) for n in study.referenced] == [False, True, False]
    assert study.siblings("mESC.ChIP") == ["STRING", "listed"] and study.siblings("plain") == []
    assert [Path(p).parts[2] for p in study.sibling_edges("mESC.ChIP")] == [
        "mESC.STRING",
        "mESC.listed",
    ]
    made_from = study.made_from("mESC")
    assert made_from["folders.2.chip.csv"] == "real/2/chip.csv"
    assert "folders.1.ExpressionData.csv" in made_from and len(made_from) == 10
    assert "networks.plain.folders.1.string.csv" in study.all_made_from()


def test_a_reference_more_infers_nothing_again(read):
    """Parameters of the import, by which Snakemake decides."""
    once = read(networks={"mESC": REAL})
    more = read(networks={"mESC": REAL | {"kind": "else", "references": {"STRING": "chip.csv"}}})
    assert once.source_entry("mESC", 1) == more.source_entry("mESC", 1)
    assert once.source_entry("mESC", 1) == {
        "folder": "real/1",
        "regulators": "tfs.txt",
        "scored": False,
    }


def test_networks_that_nothing_is_trained_on(read):
    study = read(networks={"mESC": REAL, "plain": PLAIN})
    assert study.trained == study.referenced
    assert study.scored_of("plain") == [UNSUPERVISED]
    assert study.scored_of("mESC.ChIP") == ["pair", "gene", UNSUPERVISED]
    scores = study.over_scores("metrics_by_replicate.tsv")
    assert len(scores) == 3 * 3 + 1
    assert not any("/plain/pair" in file for file in [*scores, *study.ranked_edges()])
    figures = study.figures()
    assert "results/figures/plain/expression.png" in figures
    assert "results/figures/mESC/expression.png" in figures
    assert "results/figures/mESC.ChIP/metrics.png" in figures
    assert "results/figures/plain/metrics.png" not in figures
    assert not any("mESC.ChIP/expression" in file for file in figures)
    assert not any(rule == "train_gat" and "plain" in file for rule, file in timed_jobs(study))
    entries = study.network_entries()
    assert entries["plain"]["protocols"] == [] and entries["plain"]["reference"] == {}
    assert entries["mESC.ChIP"]["reference"] == {"edges": "chip.csv", "regulators": "measured"}
    assert "references" not in entries["mESC.ChIP"]
    # of one reference only
    references = REAL["references"] | {"ChIP": {"edges": "chip.csv", "supervised": False}}
    study = read(networks={"mESC": REAL | {"references": references}})
    assert study.trained == ["mESC.STRING", "mESC.listed"] and "mESC.ChIP" in study.networks


def test_remarks_on_the_data_once_and_on_each_reference(read):
    study = read(networks={"mESC": REAL, "plain": PLAIN})
    assert len(study.remarks()) == 2 + 1 + 3 * 2


def test_kinds_in_the_order_of_the_config(read):
    model = {"model": "workflow/resources/models/HSC.tsv"}
    networks = {"a": PLAIN | {"kind": "x"}, "mESC": REAL, "b": PLAIN | {"kind": "x"}, "c": PLAIN}
    study = read(networks=networks, dropout=[0, 50])
    assert list(study.kinds.items()) == [
        ("a", "x"),
        ("b", "x"),
        *((f"mESC.{name}", "scRNA-seq") for name in REAL["references"]),
    ]
    assert "results/figures/kinds/drop-050.png" in study.figures()
    assert "results/tables/kinds.tsv" in study.tables()
    for others in ({"a": networks["a"], "b": networks["b"]}, {"HSC": model}):
        study = read(networks=others)
        assert study.kinds == {} and "results/tables/kinds.tsv" not in study.tables()
    assert read(networks=networks, methods=[]).kinds == {}


def test_batches_are_replicates(read):
    batches = {"column": "donor", "values": ["d2", "d1"]}
    entry = {"folders": ["real/1"], "edges": "string.csv", "batches": batches}
    study = read(networks={"a": entry, "b": {"h5ad": "cells.h5ad", "edges": "string.csv"}})
    assert study.replicates("a") == [1, 2] and study.replicates("b") == [1]
    assert study.source_entry("a", 2)["batch"] == ("donor", "d1", ["d2", "d1"])
    assert "real/1/CellMeta.csv" in study.source_files("a", 2)
    assert study.source_entry("a", 1)["folder"] == study.source_entry("a", 2)["folder"]


@pytest.mark.parametrize(
    ("networks", "words"),
    [
        ({"x": REAL | {"edges": "string.csv"}}, "x has both edges and references"),
        ({"x": {"h5ad": "cells.h5ad"}}, "x lacks the key edges (or references, for several)"),
        ({"x": REAL | {"references": {}}}, "networks.x.references"),
        ({"x": REAL | {"references": {"a.b": "string.csv"}}}, "networks.x.references"),
        ({"x": REAL | {"references": {"a": 3}}}, "networks.x.references.a"),
        ({"x": REAL | {"references": {"a": {"regulators": "t"}}}}, "networks.x.references.a"),
        (
            {"x": REAL | {"references": {"a": "no.csv"}}},
            "networks.x.references.a.edges: there is no file 'real/1/no.csv'",
        ),
        (
            {"x": REAL | {"references": {"a": {"edges": "chip.csv", "regulators": "no.txt"}}}},
            "networks.x.references.a.regulators: there is no file",
        ),
        (
            {"x": REAL | {"references": {"a": {"edges": "chip.csv", "regulators": "mesured"}}}},
            "there is no file 'real/1/mesured' (in {here}) (did you mean measured?)",
        ),
        (
            {"x": PLAIN | {"batches": {"column": "donor", "values": ["a", 0]}}},
            "networks.x.batches.values.1: 0 is not text: put it in quotes",
        ),
        (
            {"x": REAL, "x.STRING": PLAIN},
            "the network x.STRING is there twice, also from networks.x",
        ),
        (
            {"x": REAL | {"batches": {"column": "donor", "values": ["a"]}}},
            "networks.x.batches: folders are replicates already",
        ),
        (
            {"x": PLAIN | {"folders": ["real/2"], "batches": {"column": "d", "values": ["a"]}}},
            "networks.x.batches: there is no file 'real/2/CellMeta.csv'",
        ),
        ({"x": PLAIN | {"batches": {"column": "d"}}}, "networks.x.batches lacks the key values"),
        ({"x": PLAIN | {"kind": ""}}, "networks.x.kind"),
    ],
)
def test_mistakes_are_named(read, networks, words):
    with pytest.raises(InputError) as error:
        read(networks=networks)
    assert words.format(here=os.getcwd()) in str(error.value)
