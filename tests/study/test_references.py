"""A data set with two references and two donors, beside one that nothing is trained on."""

import numpy as np
import pandas as pd
import pytest

from factories import expression_table
from workflows import in_one_process

GENES = [f"G{i}" for i in range(12)]
TFS = GENES[:6]
KNOWN = [("G0", "G1"), ("G1", "G2"), ("G3", "G7"), ("G4", "G8"), ("G5", "G9"), ("G0", "G10")]
KNOWN += [("G2", "G11"), ("G1", "G3")]
CHIP = [("G0", "G1"), ("G0", "G4"), ("G1", "G2"), ("G1", "G9"), ("G0", "G6"), ("G1", "XYZ")]


def edges_text(edges: list[tuple[str, str]]) -> str:
    return "Gene1,Gene2\n" + "".join(f"{a},{b}\n" for a, b in edges)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A study that is whole."""
    study = in_one_process(tmp_path_factory.mktemp("references"))
    folder = study.folder / "mine"
    folder.mkdir()
    table = expression_table(90, GENES)
    table.to_csv(folder / "ExpressionData.csv")
    donors = np.array(["d1", "d2", "d3"] * 30)
    pd.DataFrame({"stage": "x", "donor": donors}, index=table.columns).to_csv(
        folder / "CellMeta.csv"
    )
    (folder / "tfs.txt").write_text("\n".join(TFS))
    (folder / "known.csv").write_text(edges_text(KNOWN))
    (folder / "chip.csv").write_text(edges_text(CHIP))
    config = {
        "networks": {
            "mine": {
                "folders": ["mine"],
                "regulators": "tfs.txt",
                "references": {
                    "known": "known.csv",
                    "ChIP": {"edges": "chip.csv", "regulators": "measured"},
                },
                "batches": {"column": "donor", "values": ["d1", "d2"]},
                "kind": "real",
            },
            "plain": {"folders": ["mine"], "edges": "known.csv", "supervised": False},
        },
        "dropout": [0, 50],
        "seeds": [1],
        "protocols": ["pair"],
        "methods": ["pearson", "pidc", "gat-zeroshot"],
        "model_controls": [],
        "fine_tuning": {"protocols": []},
        "cross_validation": {"folds": 2},
        "training": {"epochs": 3, "patience": 3},
        "trust": {"regulators_of_a_gene": [0, 0.01]},  # any network has more: all are warned of
    }
    study.succeed(*study.configure(config))
    return study.folder / "results"


def read(path) -> pd.DataFrame:
    return pd.read_csv(path, sep=None, engine="python")


def test_cells_of_a_donor_are_a_replicate(finished):
    first = pd.read_csv(finished / "expression/mine/rep-1/drop-000/ExpressionData.csv", index_col=0)
    assert list(first.columns) == [f"c{i}" for i in range(0, 90, 3)]
    remarks = (finished / "tables/remarks.tsv").read_text()
    assert "30 of 90 cells, whose donor is none of d1, d2" in remarks
    assert "1 of 6 edges, as the expression matrix lacks 1 of their genes: XYZ" in remarks


def test_degrees_in_the_other_reference_are_controls(finished):
    metrics = read(finished / "tables/metrics_by_replicate.tsv")
    for protocol in ("unsupervised", "pair"):
        part = metrics[metrics["protocol"] == protocol]
        found = part.groupby("network")["method"].agg(set)
        for network, other in (("mine.known", "ChIP"), ("mine.ChIP", "known")):
            if network in found:  # of few regulators the protocol may be left out
                of_other = {m for m in found[network] if "-of-" in m}
                assert of_other == {f"degree-product-of-{other}", f"in-degree-of-{other}"}
                assert "out-degree-oracle" in found[network]
    assert "mine.known" in set(metrics.loc[metrics["protocol"] == "pair", "network"])
    # Two donors are few, and six regulators too few for intervals over them in place of donors.
    summary = read(finished / "tables/summary.tsv")
    rows = summary.query("network == 'mine.known' and metric == 'auroc'")
    assert set(rows["over"]) == {"replicates"}


def test_inferred_from_once_and_scored_with_each_reference(finished):
    assert {p.name for p in (finished / "predictions/pearson").iterdir()} == {"mine", "plain"}
    metrics = read(finished / "tables/metrics_by_replicate.tsv")
    assert set(metrics["network"]) == {"mine.known", "mine.ChIP", "plain"}
    found = metrics.query("method == 'pearson' and protocol == 'unsupervised' and dropout == 0")
    share = found[found["metric"] == "prevalence"].groupby("network")["value"].agg(set)
    # 6 candidate regulators x 10 other genes that it names; measured: G0 and G1 x 5 other genes
    assert {round(v, 6) for v in share["mine.known"]} == {round(8 / 60, 6)}
    assert {round(v, 6) for v in share["mine.ChIP"]} == {round(5 / 10, 6)}
    regulators = (finished / "expression/mine.ChIP/rep-1/drop-000/regulators.csv").read_text()
    assert regulators.split() == ["TF", "G0", "G1"]
    ranked = pd.read_csv(
        finished / "predictions/pearson/mine/rep-1/drop-000/rankedEdges.csv", sep="\t"
    )
    assert set(ranked["Gene1"]) <= set(TFS)


def test_nothing_is_trained_on_one(finished):
    metrics = read(finished / "tables/metrics_by_replicate.tsv")
    assert set(metrics[metrics["network"] == "plain"]["protocol"]) == {"unsupervised"}
    assert set(metrics[metrics["network"] == "mine.ChIP"]["protocol"]) == {"unsupervised", "pair"}
    assert {p.name for p in (finished / "training").iterdir()} == {"mine.known", "mine.ChIP"}
    assert not (finished / "figures/plain/metrics.png").exists()
    assert (finished / "figures/mine/expression.png").exists()


def test_scores_that_should_not_be_trusted_are_told(finished):
    """Which they are is tested with the conditions; here that they are asked of real cells."""
    held = read(finished / "predictions/gat-zeroshot/mine/rep-1/drop-000/trust.tsv")
    page = (finished / "tables/overview.html").read_text()
    warned = page.count('<p class="warning">The scores of GATv2 zero-shot should not be trusted')
    of_plain = read(finished / "predictions/gat-zeroshot/plain/rep-1/drop-000/trust.tsv")
    doubted = [bool((table["holds"] == "yes").any()) for table in (held, of_plain)]
    assert any(doubted) and warned == 2 * doubted[0] + doubted[1]


def test_the_page_has_them_all(finished):
    page = (finished / "tables/overview.html").read_text()
    for words in (">mine.known</h2>", ">mine.ChIP</h2>", ">plain</h2>"):
        assert words in page
    assert "scored with chip.csv, whose regulators\nwith an edge are the candidates" in page
