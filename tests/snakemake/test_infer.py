"""Target infer by Snakemake's jobs, in another folder than the workflow's."""

import os

import pandas as pd
import pytest

from factories import expression_table
from workflows import in_one_process

EDGES = "Gene1,Gene2,Type\nG0,G1,+\nG1,G2,-\nG2,G3,+\nG0,G0,-\n"
BOTH = ("gat-zeroshot", "pearson")


@pytest.fixture
def folder(tmp_path_factory):
    """A folder of a user, with cells and known edges that are older than all results."""
    folder = tmp_path_factory.mktemp("user")
    expression_table(60).to_csv(folder / "cells.csv")
    (folder / "known.csv").write_text(EDGES)
    os.utime(folder / "known.csv", (0, 0))
    return folder


def arguments(*options: str) -> list[str]:
    return ["infer", "--config", "expression=cells.csv", "name=x", *options]


def results(folder) -> dict[str, bytes]:
    root = folder / "results/inferred/x"
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def expected(*methods: str, also: tuple = ()) -> set[str]:
    names = ("rankedEdges.csv", "network.graphml", "network.png", "hubs.tsv", *also)
    return {
        "methods.tsv",
        "report.html",
        *(f"{method}/{name}" for method in methods for name in names),
    }


def test_results_of_a_name_are_those_of_the_last_options(workflow, folder, tmp_path_factory):
    def made(*options: str) -> dict[str, bytes]:
        workflow.succeed("--directory", folder, *arguments(*options))
        return results(folder)

    both = f"methods={','.join(BOTH)}"
    first = made(both)
    assert set(first) == expected(*BOTH)
    alone = in_one_process(tmp_path_factory.mktemp("alone"))
    (alone.folder / "cells.csv").write_bytes((folder / "cells.csv").read_bytes())
    alone.succeed(*arguments(both))
    assert results(alone.folder) == first
    scored = made(both, "reference=known.csv")
    assert set(scored) == expected(*BOTH, also=("metrics.tsv",)) | {"refNetwork.csv"}
    metrics = pd.read_csv(folder / "results/inferred/x/pearson/metrics.tsv", sep="\t")
    assert metrics.set_index("metric").loc["edges", "value"] == 3
    assert set(made("methods=pearson")) == expected("pearson")
