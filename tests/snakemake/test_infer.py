"""Target infer by Snakemake's jobs, in another folder than the workflow's."""

import os
import subprocess
import sys

import anndata
import pandas as pd
import pytest

from documented import check_columns
from factories import expression_table
from grn_gat.inference.folder import SCORES
from workflows import REPOSITORY, in_one_process, without_command

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


def files(root) -> dict[str, bytes]:
    """Content of all files below a folder, without the command that made them."""
    found = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
    contents = {name: path.read_bytes() for name, path in found.items()}
    return contents | {"provenance.json": without_command(contents["provenance.json"])}


def results(folder) -> dict[str, bytes]:
    return files(folder / "results/inferred/x")


def expected(*methods: str, also: tuple = (), nulls: tuple = ("pearson",)) -> set[str]:
    drawn = [f"network.{form}" for form in ("graphml", "png", "pdf", "svg")]
    drawn += [f"{of}.{form}" for of in ("network-dark", "hubs") for form in ("png", "pdf", "svg")]
    names = (
        *drawn,
        "hubs.tsv",
        "edges.tsv",
        "edges.xlsx",
        "stability.tsv",
        "cytoscape-style.xml",
        *also,
    )
    return {
        "methods.tsv",
        "null.tsv",
        "provenance.json",
        "remarks.tsv",
        "report.html",
        "trust.tsv",
        *(f"{method}/{name}" for method in methods for name in names),
        *(f"{method}/{name}.tsv" for method in nulls for name in ("null", "null_edges")),
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
    assert set(made("methods=pearson", "pairs=csv")) == expected(
        "pearson", also=("rankedEdges.csv",)
    )
    bare = expected("pearson") - {"pearson/stability.tsv"} | {"network.h5ad"}
    assert set(made("methods=pearson", "stability=0", "pairs=h5ad")) == bare
    assert set(made("methods=pearson")) == expected("pearson")
    asked = made(both, "shuffled_null=true")
    assert set(asked) == expected(*BOTH, nulls=BOTH)
    null = pd.read_csv(folder / "results/inferred/x/null.tsv", sep="\t").set_index("method")
    assert list(null.index) == list(BOTH) and null.loc["pearson", "edges"] == 12
    assert null.loc["gat-zeroshot", "remark"].startswith("says little")


def test_the_command_and_the_target_compare_groups_alike(folder, tmp_path_factory):
    """Of a table of groups; files of the comparison, and the networks of the groups."""
    table = expression_table(120)
    table.to_csv(folder / "cells.csv")
    groups = [
        f"{cell},{'in vivo' if k % 2 else 'in vitro'}" for k, cell in enumerate(table.columns)
    ]
    (folder / "groups.csv").write_text("\n".join(["cell,group", *groups]))
    alone = in_one_process(tmp_path_factory.mktemp("groups"))
    for name in ("cells.csv", "groups.csv"):
        (alone.folder / name).write_bytes((folder / name).read_bytes())
    options = {"groupby": "groups.csv", "stability": "2", "permutations": "3"}
    given = [f"{key}={value}" for key, value in options.items()]
    alone.succeed(*arguments("methods=gat-zeroshot,pearson", *given))
    command = ["infer", "cells.csv", "--name", "x", "--methods", "gat-zeroshot,pearson"]
    command += [part for key, value in options.items() for part in (f"--{key}", value)]
    done = subprocess.run(
        [sys.executable, "-m", "grn_gat", *command, "--output", "out"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    root = alone.folder / "results/inferred"
    compared, ours = files_below(root / "x/comparison"), files_below(folder / "out/comparison")
    ours.pop(".grn-gat.json")
    apart = {name for name in compared if name.endswith("summary.tsv")}
    assert apart == {"gat-zeroshot/summary.tsv", "pearson/summary.tsv"}
    assert {name: found for name, found in compared.items() if name not in apart} == ours
    for group in ("in-vitro", "in-vivo"):
        one, other = files(root / f"x.{group}"), files(folder / "out" / group)
        names = {name for name in one if not name.startswith(".")}
        assert {name: other[name] for name in names} == one
    check_columns(alone.folder, without=("PseudoTime<k>",))


def files_below(root) -> dict[str, bytes]:
    """Content of all files below a folder."""
    found = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items()}


def test_the_command_makes_the_files_of_the_target(folder, tmp_path_factory):
    """In another process and folder, without Snakemake; from text and from AnnData."""
    table = expression_table(120)
    table.to_csv(folder / "cells.csv")
    donors = [f"{cell},{'a' if k % 2 else 'b'}" for k, cell in enumerate(table.columns)]
    (folder / "donors.csv").write_text("\n".join(["cell,donor", *donors, "another,b"]))
    for suffix, source in (("csv", "cells.csv"), ("h5ad", "cells.h5ad")):
        if suffix == "h5ad":
            anndata.AnnData(table.T.astype("float32")).write_h5ad(folder / source)
        alone = in_one_process(tmp_path_factory.mktemp(suffix))
        for name in (source, "known.csv", "donors.csv"):
            (alone.folder / name).write_bytes((folder / name).read_bytes())
        methods = "gat-zeroshot,consensus,genie3,pidc,scode,spearman-pc"
        settings = "method_settings={genie3: {trees: 5}}"
        given = ["infer", "--config", f"expression={source}", "name=x", "reference=known.csv"]
        given += ["donors=donors.csv", f"pairs={suffix}"]
        # A limit that every data set is below: the box stands.
        given += ["shuffled_null=true", "trust={rarity: 1}"] * (suffix == "h5ad")
        alone.succeed(*given, f"methods={methods}", settings)
        command = ["infer", source, "--name", "x", "--reference", "known.csv", "--output", suffix]
        command += ["--donors", "donors.csv", "--pairs", suffix]
        command += ["--methods", methods, "--set", "method_settings.genie3.trees=5"]
        command += ["--null", "--set", "trust.rarity=1"] * (suffix == "h5ad")
        done = subprocess.run(
            [sys.executable, "-m", "grn_gat", *command],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"open {suffix}/report.html\n"
        assert "warning: no network of SCODE" in done.stderr
        doubted = "warning: the scores of GATv2 zero-shot should not be trusted" in done.stderr
        page = (folder / suffix / "report.html").read_text()
        assert doubted == ('class="warning"' in page) == (suffix == "h5ad")
        assert ("Spearman-PC: " in done.stderr) and "edges are expected" in done.stderr
        assert (page.index(">Consensus</h2>") < page.index(">GATv2 zero-shot</h2>")) == doubted
        made = files(folder / suffix)
        hidden = {name for name in made if name.startswith(".grn-gat")}
        assert hidden == {
            ".grn-gat.json",
            *(f"{SCORES}/{m}.safetensors" for m in methods.split(",")),
        }
        made = {name: content for name, content in made.items() if name not in hidden}
        assert made == results(alone.folder)
        assert ("network.h5ad" in made) == (suffix == "h5ad")
        assert ("pidc/rankedEdges.csv" in made) == (suffix == "csv")
        edges = pd.read_csv(folder / suffix / "spearman-pc/edges.tsv", sep="\t")
        assert edges["donors"].isin([0, 0.5, 1]).all() and (edges["expected_false"] >= 0).all()
        nulls = {name.split("/")[0] for name in made if name.endswith("/null.tsv")}
        of_all = {*methods.split(",")} if suffix == "h5ad" else {"spearman-pc"}
        assert nulls == of_all
