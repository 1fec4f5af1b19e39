"""Protocols that a network does not allow: one sentence each, and the rest of the study goes on."""

import pandas as pd
import pytest

from factories import expression_table

SHORT = {
    "methods": ["pearson"],
    "dropout": [0],
    "seeds": [1, 2],
    "model_controls": ["gat-one-hot"],
    "cross_validation": {"folds": 3},
    "training": {"epochs": 2, "patience": 2, "device": "cpu"},
    "model": {"width": 8, "heads": 1},
    "fine_tuning": {"protocols": ["pair", "regulator"], "steps": 1, "check_every": 1},
}
EDGES = "Gene1,Gene2\nG0,G1\nG0,G2\nG0,G3\nG1,G2\nG1,G4\nG1,G5\n"


@pytest.fixture
def study(one_process):
    """Make a study of ten genes with these edges and candidate regulators."""
    folder = one_process.folder / "mine"
    folder.mkdir()
    expression_table(60, [f"G{i}" for i in range(10)]).to_csv(folder / "ExpressionData.csv")

    def make(edges: str, regulators: list[str], **config):
        (folder / "refNetwork.csv").write_text(edges)
        (folder / "tfs.txt").write_text("\n".join(regulators) + "\n")
        networks = {"mine": {"folders": ["mine"], "regulators": "tfs.txt"}}
        arguments = one_process.configure(SHORT | {"networks": networks} | config)
        one_process.succeed(*arguments)
        assert one_process.planned(*arguments) == set()
        return one_process

    return make


def read(study, path: str) -> pd.DataFrame:
    return pd.read_csv(study.folder / "results" / path, sep="\t", keep_default_na=False)


def page(study) -> str:
    return " ".join((study.folder / "results/tables/overview.html").read_text().split())


def test_two_regulators_are_too_few_to_hold_out(study):
    edges = EDGES + "G0,G6\nG1,G7\nG0,G8\nG1,G9\n"  # enough for two folds of genes
    folds = {"folds": 2, "validation_share": 0.4}
    protocols = ["pair", "gene", "regulator"]
    made = study(edges, ["G0", "G1"], protocols=protocols, cross_validation=folds)
    why = "the reference network has 2 candidate regulators, and holding them out takes at least 3"
    failures = read(made, "tables/failures.tsv")
    assert failures.to_numpy().tolist() == [["mine", "all", 0, "gat", f"protocol regulator: {why}"]]
    assert f"<b>Left out</b>: {why}." in page(made)
    summary = read(made, "tables/summary.tsv")
    assert set(summary["protocol"]) == {"pair", "gene", "unsupervised"}
    assert {"gat", "gat-one-hot", "pearson"} <= set(summary.query("protocol == 'pair'")["method"])
    place = "mine/drop-000/regulator/seed-1"
    for file in (
        f"training/{place}/predictions.tsv",
        f"training/{place}/attention.tsv",
        f"fine_tuning/{place}/predictions.tsv",
        "splits/mine/regulator/seed-1/folds.tsv",
        "predictions/gat/mine/rep-1/drop-000/regulator/seed-1/rankedEdges.csv",
    ):
        assert read(made, file).empty, file
    assert not read(made, f"training/{place.replace('regulator', 'pair')}/predictions.tsv").empty
    assert "predicted-regulator" not in set(read(made, "hubs/mine/hubs.tsv")["source"])


def test_three_regulators_are_held_out_one_by_one(study):
    edges = EDGES + "G2,G0\nG2,G4\n"
    made = study(edges, ["G0", "G1", "G2"], protocols=["regulator"], cross_validation={"folds": 5})
    predictions = read(made, "training/mine/drop-000/regulator/seed-1/predictions.tsv")
    assert predictions.groupby("fold")["Gene1"].agg(set).map(len).tolist() == [1, 1, 1]
    assert len(predictions) == 3 * 5
    note = "3 folds, one for each candidate regulator of the reference network"
    assert f"<b>Note</b>: {note}, where cross_validation.folds is 5." in page(made)
    assert read(made, "tables/failures.tsv").empty
    metrics = read(made, "tables/metrics.tsv")
    wanted = {"gat", "gat-finetuned", "gat-one-hot", "degree-sum", "pearson"}
    assert wanted <= set(metrics.query("protocol == 'regulator'")["method"])


@pytest.mark.parametrize("methods", [["pearson"], []])
def test_a_study_of_which_no_protocol_can_be_carried_out_ends(study, methods):
    protocols = ["paper", "pair", "gene", "regulator"]
    few = {"protocols": protocols, "methods": methods, "cross_validation": {"folds": 7}}
    made = study(EDGES, ["G0", "G1"], **few)
    reasons = read(made, "tables/failures.tsv")["reason"].tolist()
    assert [reason.split(": ")[0] for reason in reasons] == [
        f"protocol {p}" for p in ("paper", "pair", "regulator", "gene")
    ]
    assert "folds is 7, but the reference network has only 6 genes" in reasons[1]
    assert page(made).count("<b>Left out</b>") == 4
    summary = read(made, "tables/summary.tsv")
    unsupervised = {"pearson", "random", "constant", "out-degree-oracle"}
    assert set(summary["method"]) == (unsupervised if methods else set())
    for figure in ("curves", "metrics", "hubs", "network", "training", "paper_protocol"):
        assert (made.folder / f"results/figures/mine/{figure}.png").stat().st_size > 1000
