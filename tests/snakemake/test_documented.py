"""What README and pages say to type, typed by someone who has a clone and nothing else."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import anndata
import pytest
from PIL import Image

from documentation import blocks, texts
from documented_commands import held_by
from factories import expression_table
from workflows import REPOSITORY

README = texts()["README.md"]


class Newcomer:
    """A folder with an environment, as that of a clone after `make install`."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / ".venv").symlink_to(sys.prefix)

    def types(self, line: str) -> str:
        """Run a line and return what it prints; fail the test if it fails."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}"
        return done.stdout


@pytest.fixture
def newcomer(tmp_path) -> Newcomer:
    return Newcomer(tmp_path)


def test_readme_as_a_newcomer(newcomer):
    install, *lines = next(text for of, text in blocks(README) if not of).splitlines()
    assert install == "make install"  # .ci/run does it
    said = [newcomer.types(line) for line in lines][-1]
    page = re.search(r"open (\S+)", said)[1]
    assert f"Open `{page}`" in README and (newcomer.folder / page).stat().st_size > 10_000
    # What is said to come out is there.
    table = README.partition("| file in `")[2].partition("\n\n")[0]
    folder = newcomer.folder / table.partition("`")[0]
    named = [n for row in table.splitlines()[2:] for n in re.findall(r"`(.+?)`", row.split("|")[1])]
    for name in named:
        path = name.replace("<method>", "gat-zeroshot")
        assert (folder / path).is_file() or (folder / "gat-zeroshot" / path).is_file(), name
    assert len(named) == 7
    # So does the picture, which has the size of what the command draws.
    drawn = Image.open(folder / "gat-zeroshot/network.png")
    assert drawn.size == Image.open(REPOSITORY / "docs/example-network.png").size
    python = next(text for of, text in blocks(README) if of == "python")
    newcomer.types(f".venv/bin/python -c {shlex.quote(python)}")
    assert (newcomer.folder / "network.graphml").is_file()


@pytest.fixture(scope="module")
def adata():
    """Cells with what the pages name of them: genes, a layer, clusters."""
    table = expression_table(120).T
    cells = anndata.AnnData(table.set_axis(["Gata1", "Fli1", "Klf1", *table.columns[3:]], axis=1))
    cells.layers["counts"] = cells.X.copy()
    cells.obs["leiden"] = ["a"] * 60 + ["b"] * 60
    return cells


def test_commands_on_one_data_set(newcomer, adata):
    newcomer.types(".venv/bin/grn-gat example")
    shutil.copy(newcomer.folder / "example/cells.csv", newcomer.folder / "cells.csv")
    adata.write_h5ad(newcomer.folder / "my-cells.h5ad")
    (newcomer.folder / "samples.csv").write_text("name,expression\nmine,my-cells.h5ad\n")
    adata.write_h5ad(newcomer.folder / "atlas.h5ad")
    for name in ("control", "treated"):
        newcomer.types(f".venv/bin/grn-gat infer cells.csv --name {name} --methods pearson")
    typed = held_by("tests/snakemake/test_documented.py::test_commands_on_one_data_set")
    for text in typed:
        if text != "grn-gat example":  # which is done
            newcomer.types(f".venv/bin/{text}")
    assert len(typed) > 4 and (newcomer.folder / "my-cells-network/report.html").is_file()


def test_networks_for_other_benchmarks(newcomer):
    folder = newcomer.folder / "my-cells-network/consensus"
    folder.mkdir(parents=True)
    edges = "Gene1\tGene2\tEdgeWeight\nGata1\tKlf1\t0.5\n"
    (folder / "rankedEdges.csv").write_text(edges)
    typed = held_by("tests/snakemake/test_documented.py::test_networks_for_other_benchmarks")
    for text in typed:
        newcomer.types(f".venv/bin/{text}")
    assert len(typed) == 2 and (newcomer.folder / "prediction.h5ad").is_file()
    assert (newcomer.folder / "my-run/output_network.csv").read_text() == ",0,1\n0,Gata1,Klf1\n"


def test_function_of_the_page(adata, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (text,) = (text for of, text in blocks(texts()["docs/infer.md"]) if of == "python")
    names = {"adata": adata.copy()}
    exec(text, names)
    assert (tmp_path / "network.graphml").is_file() and "grn_gat" in names["adata"].varp
