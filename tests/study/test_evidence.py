"""Evidence in studies and in target infer: it reaches the methods that ask for it, and no other."""

import numpy as np
import pandas as pd
import pytest

from documented import check_columns
from factories import SIX_GENES, expression_table
from untrained import save_untrained

CELLS = [f"c{i}" for i in range(60)]
EDGES = "Gene1,Gene2,Type\nG0,G1,+\nG1,G2,-\nG2,G3,+\n"
PERTURBED = ["G0"] * 10 + ["X"] * 2 + ["control"] * 48


@pytest.fixture
def given(one_process) -> dict:
    """Files of toy data in the folder of the workflow, and the settings with untrained weights."""
    folder = one_process.folder
    (folder / "mine").mkdir()
    expression_table(60).to_csv(folder / "mine/ExpressionData.csv")
    (folder / "mine/refNetwork.csv").write_text(EDGES)
    pd.DataFrame({"cell": CELLS, "gene": PERTURBED}).to_csv(folder / "mine/labels.csv", index=False)
    (folder / "mine/prior.csv").write_text("Gene1,Gene2\nG4,G5\nG0,G5\nG0,X\n")
    velocity = np.random.default_rng(4).normal(size=(6, 60))
    pd.DataFrame(velocity, SIX_GENES, CELLS).to_csv(folder / "velocity.tsv", sep="\t")
    save_untrained(folder / "weights.safetensors")
    return {
        "protocols": [],
        "dropout": [0],
        "method_settings": {"gat-zeroshot": {"weights": "weights.safetensors"}},
    }


def scores(one_process, method: str, network: str = "mine") -> pd.Series:
    path = f"results/predictions/{method}/{network}/rep-1/drop-000/rankedEdges.csv"
    table = pd.read_csv(one_process.folder / path, sep="\t", keep_default_na=False)
    return table.set_index(["Gene1", "Gene2"])["EdgeWeight"].sort_index()


def test_a_study_with_evidence(one_process, given):
    kinds = ("perturbations", "prior", "velocity")
    variants = [f"gat-zeroshot-{kind}" for kind in (*kinds, "protein", "evidence")]
    velocity = str(one_process.folder / "velocity.tsv")
    entry = {"folders": ["mine"], "perturbations": "labels.csv", "prior": "prior.csv"}
    config = given | {
        "networks": {"mine": entry | {"velocity": velocity}},
        "methods": ["gat-zeroshot", *variants],
    }
    arguments = one_process.configure(config)
    one_process.succeed(*arguments)
    found = {m: scores(one_process, m) for m in ["gat-zeroshot", *variants] if "protein" not in m}
    names = list(found)
    for number, one in enumerate(names):
        for other in names[:number]:
            assert not np.allclose(found[one], found[other], atol=1e-5), (one, other)
    failures = pd.read_csv(one_process.folder / "results/tables/failures.tsv", sep="\t")
    assert set(failures["method"]) == {"gat-zeroshot-protein"}
    wanted = "GATv2 zero-shot, with protein needs protein, and the data set has none"
    assert set(failures["reason"]) == {wanted}
    remarks = (one_process.folder / "results/tables/remarks.tsv").read_text()
    assert "1 genes that are perturbed in them: X" in remarks and "1 of 3 edges" in remarks
    labels = pd.read_csv(
        one_process.folder / "results/expression/mine/rep-1/evidence/perturbations.csv",
        keep_default_na=False,
    )
    assert labels["gene"].tolist() == [*PERTURBED[:12], *[""] * 48]
    check_columns(one_process.folder, without=("PseudoTime<k>", "prior", "<cell>"))
    # Other evidence is read again by what reads it; what sees expression alone is left as it is.
    (one_process.folder / "mine/prior.csv").write_text("Gene1,Gene2\nG5,G0\n")
    due = one_process.due(*arguments)
    again = {m for m in names if f"results/predictions/{m}/mine/rep-1/drop-000/usage.tsv" in due}
    assert again == {"gat-zeroshot-prior", "gat-zeroshot-evidence"}
    one_process.succeed(*arguments)
    assert scores(one_process, "gat-zeroshot").equals(found["gat-zeroshot"])
    prior = scores(one_process, "gat-zeroshot-prior")
    assert not np.allclose(prior, found["gat-zeroshot-prior"], atol=1e-5)


def test_one_data_set_with_evidence_and_dropout(one_process, given):
    """Cells of a batch take their rows of the evidence; dropout leaves evidence as it is."""
    meta = pd.DataFrame({"donor": ["d1", "d2"] * 30}, CELLS)
    meta.to_csv(one_process.folder / "mine/CellMeta.csv")
    labels = pd.DataFrame({"cell": CELLS[::-1], "gene": PERTURBED[::-1]})
    labels.to_csv(one_process.folder / "mine/labels.csv", index=False)
    entry = {"folders": ["mine"], "perturbations": "labels.csv"}
    entry["batches"] = {"column": "donor", "values": ["d1", "d2"]}
    config = given | {
        "networks": {"mine": entry},
        "methods": ["gat-zeroshot-perturbations"],
        "dropout": [0, 50],
    }
    one_process.succeed(*one_process.configure(config))
    for replicate in (1, 2):
        path = f"results/expression/mine/rep-{replicate}/evidence/perturbations.csv"
        read = pd.read_csv(one_process.folder / path, keep_default_na=False)
        assert read["cell"].tolist() == CELLS[replicate - 1 :: 2]
        assert (read["gene"] == "G0").sum() == 5
    assert not (one_process.folder / "results/tables/failures.tsv").read_text().count("\n") > 1


def test_knock_outs_of_a_simulated_network(one_process, given):
    model = {"model": "workflow/resources/models/mCAD.tsv", "replicates": 1, "cells": 40}
    config = given | {
        "networks": {"mCAD": model | {"knock_outs": 4}},
        "methods": ["gat-zeroshot", "gat-zeroshot-perturbations"],
        "simulation": {"max_tries": 20},
    }
    one_process.succeed(*one_process.configure(config))
    folder = one_process.folder / "results/expression/mCAD/rep-1"
    labels = pd.read_csv(folder / "evidence/perturbations.csv", keep_default_na=False)
    cells = pd.read_csv(folder / "drop-000/ExpressionData.csv", index_col=0)
    assert labels["cell"].tolist() == list(cells) and (labels["gene"] == "").sum() == 40
    counts = labels.loc[labels["gene"] != "", "gene"].value_counts()
    assert len(counts) > 2 and (counts == 4).all()
    for gene in counts.index:
        assert (cells.loc[gene, labels.loc[labels["gene"] == gene, "cell"]] == 0).all()
    one, other = (scores(one_process, m, "mCAD") for m in config["methods"])
    assert not np.allclose(one, other, atol=1e-5)


def test_target_infer_with_evidence(one_process, given):
    expression_table(60).to_csv(one_process.folder / "cells.csv")
    arguments = [*one_process.configure({"method_settings": given["method_settings"]})]
    asked = ["expression=cells.csv", "name=x", "prior=[mine/prior.csv]", "velocity=velocity.tsv"]
    methods = "methods=gat-zeroshot,gat-zeroshot-prior"
    one_process.succeed("infer", *arguments, "--config", *asked, methods)
    one, other = (scores(one_process, m, "x") for m in ("gat-zeroshot", "gat-zeroshot-prior"))
    assert not np.allclose(one, other, atol=1e-5)
    folder = one_process.folder / "results/inferred/x"
    page = " ".join((folder / "report.html").read_text().split())
    assert "prior: mine/prior.csv; velocity: velocity.tsv" in page
    assert "expression, a prior network" in page
    assert "mine/prior.csv" in (folder / "provenance.json").read_text()
    # No method reads it: nothing is made of it.
    assert not list(one_process.folder.glob("results/expression/x/rep-1/evidence/velocity*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["perturbations=no.csv"], "infer.x.perturbations: there is no file 'no.csv'"),
        (["perturbations=guide"], "infer.x.perturbations: there is no file 'guide'"),
        (["prior=[mine/prior.csv,no.tsv]"], "infer.x.prior: there is no file 'no.tsv'"),
        (["velocity=no.csv"], "infer.x.velocity: there is no file 'no.csv'"),
        (["protein=weights.safetensors"], "infer.x.protein: weights.safetensors: is of unknown"),
        (["perturbation_kind=knock-out"], "perturbation_kind: is of perturbations, which are not"),
    ],
)
def test_mistakes_are_named_at_once(one_process, given, arguments, message):
    expression_table(60).to_csv(one_process.folder / "cells.csv")
    config = ["--config", "expression=cells.csv", "name=x", *arguments]
    done = one_process.run("infer", "--dry-run", *config)
    assert done.returncode != 0 and message in done.stdout and "Traceback (most" not in done.stdout
