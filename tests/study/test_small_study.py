"""The small study from Boolean rules to tables and figures: what its files hold."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from beeline_evaluator import Reference, evaluate, read_predictions, stability
from documented import check_columns, metrics, tables
from svg_labels import labels, outside, overlapping
from workflows import Workflow

PROTOCOLS = {"paper", "pooled", "pair", "gene"}
METHODS = {"gat-zeroshot", "gat-zeroshot-pseudotime", "pearson", "pidc", "genie3", "scode"}
MODEL_CONTROLS = {"gat-shuffled", "gat-noise", "gat-one-hot"}
ORACLE = {"out-degree-oracle"}
CONTROLS = {"constant", "random", "degree-product", "degree-sum", "reverse-edge", "naive-bayes"}

METRICS_OVER_REGULATORS = (
    "average_precision", "average_precision_ratio", "auroc", "early_precision_ratio",
)  # fmt: skip


def table(study: Workflow, name: str) -> pd.DataFrame:
    return pd.read_csv(study.folder / f"results/tables/{name}.tsv", sep="\t")


def test_metrics_table_is_complete(small_study):
    metrics = table(small_study, "metrics")
    assert list(metrics) == [
        "network", "dropout", "protocol", "method", "seed", "metric", "value",
    ]  # fmt: skip
    assert set(metrics["protocol"]) == PROTOCOLS | {"unsupervised"}
    assert set(metrics["dropout"]) == {0, 50}
    assert set(metrics["seed"]) == {0, 1, 2}  # 0: methods without a training seed
    wanted = {
        "accuracy", "precision", "recall", "f1", "auroc", "average_precision", "auprc_beeline",
        "early_precision", "early_precision_ratio", "prevalence",
    }  # fmt: skip
    assert wanted <= set(metrics["metric"])
    keys = ["network", "dropout", "protocol", "method", "seed", "metric"]
    assert not metrics.duplicated(keys).any()
    for protocol in PROTOCOLS:
        methods = set(metrics.loc[metrics["protocol"] == protocol, "method"])
        others = set() if protocol == "paper" else METHODS | MODEL_CONTROLS | ORACLE
        extra = {"paper": {"pair-lookup", "constant-logit"}, "pooled": {"pair-lookup"}}
        others |= {"gat-finetuned"} if protocol in ("pair", "gene") else set()
        assert methods == {"gat"} | CONTROLS | others | extra.get(protocol, set())
    unsupervised = metrics[metrics["protocol"] == "unsupervised"]
    assert set(unsupervised["method"]) == METHODS | {"random", "constant"} | ORACLE
    assert set(unsupervised["seed"]) == {0, 1, 2}
    shares = metrics[metrics["metric"].isin(wanted - {"early_precision_ratio"})]["value"]
    others = metrics[metrics["metric"] != "relabelling_z"]["value"].dropna()
    assert (others >= 0).all() and shares.between(0, 1).all()


def test_controls_are_what_they_must_be(small_study):
    metrics = table(small_study, "metrics").query("protocol != 'paper'")
    constant = metrics[metrics["method"] == "constant"].pivot_table(
        index=["protocol", "dropout"], columns="metric", values="value"
    )
    assert np.allclose(constant["average_precision"], 26 / 110)
    assert np.allclose(constant["auroc"], 0.5) and np.allclose(
        constant["auprc_beeline"], 0.618, atol=1e-3
    )
    assert np.allclose(constant["early_precision_ratio"], 1)
    assert np.allclose(constant["early_precision_ratio_activation"], 1)
    # what sees no expression is the same at every dropout level
    for method in ("gat-noise", "gat-one-hot", "naive-bayes", "random"):
        part = metrics[metrics["method"] == method]
        wide = part.pivot(index=["protocol", "seed", "metric"], columns="dropout", values="value")
        assert wide[0].equals(wide[50]), method
    shuffled = metrics[(metrics["method"] == "gat-shuffled") & (metrics["metric"] == "auroc")]
    wide = shuffled.pivot(index=["protocol", "seed"], columns="dropout", values="value")
    assert not wide[0].equals(wide[50])


def test_methods_score_the_same_in_every_protocol(small_study):
    """Every pair is out of fold once: a method that sees no label has one value."""
    metrics = table(small_study, "metrics_by_replicate")
    auroc = metrics[(metrics["metric"] == "auroc") & metrics["method"].isin(METHODS)]
    wide = auroc.pivot(index=["dropout", "method", "replicate"], columns="protocol", values="value")
    assert set(wide) == {"pooled", "pair", "gene", "unsupervised"}
    assert wide.notna().all().all() and wide.nunique(axis=1).eq(1).all()
    # and is compared with the same relabellings of the genes
    nulls = metrics[metrics["metric"].str.startswith("relabelling_")]
    nulls = nulls[nulls["method"].isin(METHODS | ORACLE)]
    keys = ["dropout", "method", "replicate", "metric"]
    wide = nulls.pivot(index=keys, columns="protocol", values="value")
    assert wide.notna().all().all() and wide.nunique(axis=1).eq(1).all()


def test_method_tables(small_study):
    usage = table(small_study, "usage")
    assert set(usage["method"]) == METHODS and (usage["datasets"] == 4).all()
    assert usage["cpu_seconds"].ge(0).all() and (usage["failed"] == 0).all()
    assert table(small_study, "failures").empty
    stability = table(small_study, "stability")
    assert {"jaccard", "spearman", "runs"} <= set(stability) and (stability["runs"] == 2).all()
    beeline = table(small_study, "beeline").set_index(["method", "metric"])
    row = beeline.loc["pidc", "auprc_beeline"]
    assert row["beeline_median"] == 0.4753 and 0 < row["median"] < 1


def test_prevalence_is_that_of_the_scored_pairs(small_study):
    metrics = table(small_study, "metrics")
    prevalence = metrics[metrics["metric"] == "prevalence"].set_index("protocol")["value"]
    assert np.allclose(prevalence[["pair", "gene", "pooled"]], 26 / 110)  # HSC without self-loops
    assert np.allclose(prevalence["paper"], 15 / 49)  # activations, self-loops included


def test_every_method_is_scored_on_every_pair(small_study):
    """All 110 pairs of both replicates are out of fold, so everything has the same prevalence."""
    for protocol in ("pooled", "pair", "gene"):
        folder = small_study.folder / "results"
        gat = pd.read_csv(
            folder / f"training/HSC/drop-050/{protocol}/seed-1/predictions.tsv", sep="\t"
        )
        scored = gat[["replicate", "Gene1", "Gene2"]].drop_duplicates()
        assert scored.groupby("replicate").size().tolist() == [110, 110]


def test_precision_of_the_paper_is_one_whatever_the_labels(small_study):
    metrics = table(small_study, "metrics")
    paper = metrics[(metrics["protocol"] == "paper") & (metrics["method"] == "constant-logit")]
    values = paper.set_index("metric")["value"]
    for name in ("accuracy", "precision", "recall", "f1"):
        assert (values[f"label_free_{name}"] == 1).all()
    gat = metrics[(metrics["protocol"] == "paper") & (metrics["method"] == "gat")]
    values = gat.set_index("metric")["value"]
    assert (values["label_free_precision"] == 1).all()
    recall = values["label_free_recall"].to_numpy()
    assert (values["label_free_accuracy"].to_numpy() == (1 + recall) / 2).all()
    # The paper's model reads no expression: dropout changes nothing.
    by_dropout = gat.pivot(index=["seed", "metric"], columns="dropout", values="value")
    assert (by_dropout[0] == by_dropout[50]).all()


def test_summary_repeats_the_long_table(small_study):
    summary, values = table(small_study, "summary"), table(small_study, "metrics_by_replicate")
    assert list(summary) == [
        "network", "dropout", "protocol", "method", "metric", "mean", "median", "sd", "low",
        "high", "n", "over",
    ]  # fmt: skip
    # Two replicates: intervals of some metrics are over HSC's 11 regulators.
    assert set(summary["over"]) == {"replicates", "regulators"}
    over = summary[summary["over"] == "regulators"]
    assert set(over["metric"]) == set(METRICS_OVER_REGULATORS) and "paper" not in set(
        over["protocol"]
    )
    groups = table(small_study, "metrics_by_regulators")
    assert (
        groups.groupby(["protocol", "method", "seed", "dropout", "replicate", "metric"])["group"]
        .nunique()
        .eq(11)
        .all()
    )
    assert (table(small_study, "comparison").query("over == 'regulators'")["verdict"] != "").all()
    row = summary.query(
        "protocol == 'pair' and dropout == 50 and method == 'gat' and metric == 'auroc'"
    ).iloc[0]
    single = values.query(
        "protocol == 'pair' and dropout == 50 and method == 'gat' and metric == 'auroc'"
    )["value"]
    assert row["n"] == len(single) == 4
    assert row["mean"] == pytest.approx(single.mean())
    assert row["sd"] == pytest.approx(single.std())
    assert row["low"] <= row["mean"] <= row["high"]


def test_hub_table_of_the_reference_is_the_papers(small_study):
    hubs = table(small_study, "hubs")
    assert list(hubs)[:7] == ["network", "dropout", "source", "measure", "gene", "value", "rank"]
    reference = hubs[hubs["source"] == "reference"]
    first = {
        "degree": [("Gata1", 9), ("Pu1", 8), ("Cebpa", 7), ("Gata2", 5)],
        "closeness": [("Gata1", 0.769), ("Pu1", 0.714), ("Cebpa", 0.667)],
        "betweenness": [("Gata1", 0.408), ("Pu1", 0.310), ("Cebpa", 0.173)],
        "eigenvector": [("Gata1", 0.507), ("Pu1", 0.468), ("Cebpa", 0.422), ("Gata2", 0.312)],
        "hits": [("Gata1", 0.171), ("Pu1", 0.158), ("Cebpa", 0.142), ("Gata2", 0.105)],
    }
    for measure, genes in first.items():
        rows = reference[reference["measure"] == measure].sort_values("rank")
        for (gene, value), (_, row) in zip(genes, rows.iterrows(), strict=False):
            assert row["gene"] == gene
            assert row["value"] == pytest.approx(value, abs=6e-4)
    sources = set(hubs["source"])
    for protocol in PROTOCOLS:
        assert {f"predicted-{protocol}", f"attention-{protocol}"} <= sources


def test_ranked_edges_have_beelines_format(small_study):
    files = small_study.results("predictions/gat/HSC/rep-*/drop-*/*/seed-*/rankedEdges.csv")
    assert len(files) == 2 * 2 * 4 * 2
    for path, content in files.items():
        lines = content.decode().splitlines()
        assert lines[0] == "Gene1\tGene2\tEdgeWeight"
        weights = [float(line.split("\t")[2]) for line in lines[1:]]
        assert weights == sorted(weights, reverse=True)
        assert len(lines) - 1 == (49 if "/paper/" in path else 110)


def test_methods_have_beelines_format_too(small_study):
    files = small_study.results("predictions/*/HSC/rep-*/drop-*/rankedEdges.csv")
    assert len(files) == len(METHODS) * 2 * 2
    for path, content in files.items():
        lines = content.decode().splitlines()
        assert lines[0] == "Gene1\tGene2\tEdgeWeight" and len(lines) - 1 == 110
        weights = [abs(float(line.split("\t")[2])) for line in lines[1:]]
        assert weights == sorted(weights, reverse=True)
        assert path.split("/")[1] in METHODS


def test_expression_has_beelines_format_and_dropout(small_study):
    rep = small_study.folder / "results/expression/HSC/rep-1"
    clean = pd.read_csv(rep / "drop-000/ExpressionData.csv", index_col=0)
    dropped = pd.read_csv(rep / "drop-050/ExpressionData.csv", index_col=0)
    assert clean.shape == (11, 300) and list(clean.index) == sorted(clean.index)
    assert clean.columns.str.fullmatch(r"E\d+_\d+").all()
    assert (dropped == 0).to_numpy().mean() == pytest.approx(0.25, abs=0.03)
    changed = dropped != clean
    assert (dropped[changed].fillna(0) == 0).all().all()
    times = pd.read_csv(rep / "drop-000/PseudoTime.csv", index_col=0)
    assert list(times.index) == list(clean.columns) and times.shape[1] == 4
    assert (times.notna().sum(axis=1) == 1).all()
    edges = pd.read_csv(rep / "drop-000/refNetwork.csv")
    assert list(edges) == ["Gene1", "Gene2", "Type"] and len(edges) == 30


def test_replicates_differ(small_study):
    first, second = (
        small_study.results(f"expression/HSC/rep-{r}/drop-000/ExpressionData.csv") for r in (1, 2)
    )
    assert list(first.values()) != list(second.values())


def test_graph_loads_without_pickle_and_holds_no_reference_edge(small_study):
    from grn_gat.supervised.graph_file import load_graph

    path = small_study.folder / "results/graphs/HSC/rep-1/drop-000/graph.safetensors"
    header = path.read_bytes()
    json.loads(header[8 : 8 + int.from_bytes(header[:8], "little")])
    graph = load_graph(path)
    assert graph.x.shape[0] == 11 and graph.edge_label_index.shape == (2, 110)
    assert graph.edge_label.sum() == 26
    assert (graph.edge_sign != 0).sum() == 26
    # Messages pass over each gene's 3 most correlated genes, which is not the reference network.
    messages = set(map(tuple, graph.edge_index.T.tolist()))
    positive = graph.edge_label_index.T[graph.edge_label == 1].tolist()
    assert len(messages) == 33 and messages != set(map(tuple, positive))


def test_figures_are_pictures(small_study):
    figures = small_study.results("figures/HSC/*.png")
    names = ["expression", "paper_protocol", "metrics", "curves", "hubs", "network"]
    names += ["training", "methods", "perturbations", "fates"]
    assert set(figures) == {f"figures/HSC/{name}.png" for name in names}
    figures |= small_study.results("figures/*.png")
    figures |= small_study.results("figures/method_summary/*.png")
    assert {"figures/beeline.png", "figures/method_summary/drop-050.png"} <= set(figures)
    for content in figures.values():
        assert content.startswith(b"\x89PNG") and len(content) > 20_000
    # Each is there in vector forms as well.
    for form in ("pdf", "svg"):
        beside = {path.replace(".png", f".{form}") for path in figures}
        assert beside == set(small_study.results(f"figures/**/*.{form}"))


def test_labels_of_figures_lie_inside_and_apart(small_study):
    found = {path: labels(path)[0] for path in small_study.folder.glob("results/figures/**/*.svg")}
    assert len(found) > 8 and all(found.values())
    wrong = {p.name: outside(p) + overlapping(p) for p in found if outside(p) + overlapping(p)}
    assert wrong == {}


def test_overview_says_what_the_tables_say(small_study):
    page = (small_study.folder / "results/tables/overview.html").read_text()
    compared = table(small_study, "comparison")
    rows = compared.query("protocol == 'pair' and dropout == 0 and metric == 'auroc'")
    assert set(rows["kind"]) == {"control", "model control", "fine-tuned", "method"}
    controls = rows[rows["kind"].str.contains("control") & (rows["method"] != "random")]
    for part in (controls, rows[rows["kind"] == "method"]):
        best = part.nlargest(1, "value").iloc[0]
        assert f"{best['difference']:+.3f} [{best['low']:+.3f}, {best['high']:+.3f}]" in page
    assert not re.search(r"https?://", page)


def test_documentation_names_every_column_and_metric(small_study):
    made = check_columns(small_study.folder)
    others = ("inferred", "pretraining", "trust", "held_out", "knock_outs", "realism", "hub_worth")
    of_others = (*(f"results/{name}/" for name in others), "resources/")
    documented = {name for name in tables() if not name.startswith(of_others)}
    # Of data that are read from files or come without a reference, of target trust, and of networks
    # with a kind.
    absent = ("remarks.tsv", "trust.tsv", "kinds.tsv", "donors.csv")
    expected = {n for n in documented if not n.endswith(absent) and "/evidence/" not in n}
    assert expected == made
    found = set(table(small_study, "metrics")["metric"])
    # HSC's rules use all of its edges.
    assert found == {name for name in metrics() if not name.startswith("functional_")}


# What has ranked edges of all 110 pairs: protocol, training seeds, and where the files are.
RANKINGS = {method: ("unsupervised", [0], method) for method in sorted(METHODS)} | {
    f"gat, {protocol}": (protocol, [1, 2], "gat") for protocol in sorted(PROTOCOLS - {"paper"})
}


@pytest.mark.parametrize("dropout", [0, 50])
@pytest.mark.parametrize("name", RANKINGS)
def test_beelines_evaluator_agrees(small_study, name, dropout):
    """What BEELINE would compute from our files is what our tables say of them."""
    protocol, seeds, method = RANKINGS[name]
    results, level = small_study.folder / "results", f"drop-{dropout:03d}"
    reference = Reference(results / f"expression/HSC/rep-1/{level}/refNetwork.csv")
    assert len(reference.universe) == 110 and len(reference.edges) == reference.rows == 26
    wanted = f"method == '{method}' and protocol == '{protocol}' and dropout == {dropout}"
    ours = table(small_study, "metrics_by_replicate").query(wanted)
    by_seed = []
    for seed in seeds:
        below = f"{protocol}/seed-{seed}" if seed else "."
        runs = []
        for replicate in (1, 2):
            folder = results / f"predictions/{method}/HSC/rep-{replicate}/{level}/{below}"
            runs.append(read_predictions(folder / "rankedEdges.csv"))
            found = ours[(ours["replicate"] == replicate) & (ours["seed"] == seed)]
            theirs = evaluate(runs[-1], reference)
            values = found.set_index("metric")["value"][list(theirs)]
            assert values.to_dict() == pytest.approx(theirs, rel=1e-5, nan_ok=True)
            assert len(theirs) == 10
        by_seed.append(stability(runs, reference))
    (row,) = table(small_study, "stability").query(wanted).to_dict("records")
    for column in by_seed[0]:
        mean = np.mean([of_seed[column] for of_seed in by_seed])
        assert row[column] == pytest.approx(mean, rel=1e-5, abs=1e-6)


def test_that_evaluator_is_beelines(small_study):
    """Values of BEELINE's own code on this network, of scores that know next to nothing."""
    path = small_study.folder / "results/expression/HSC/rep-1/drop-000/refNetwork.csv"
    reference = Reference(path)
    constant = evaluate(dict.fromkeys(reference.universe, 1.0), reference)
    single = evaluate({min(reference.edges): -1.0}, reference)
    expected = {"auprc_beeline": 0.618, "auroc": 0.5, "early_precision_ratio": 1}
    assert {k: constant[k] for k in expected} == pytest.approx(expected, abs=5e-4)
    assert constant["early_precision_ratio_activation_beeline"] == pytest.approx(1.16, abs=5e-3)
    assert constant["early_precision_ratio_repression_beeline"] == pytest.approx(1.11, abs=5e-3)
    assert single["auprc_beeline"] == pytest.approx(0.633, abs=5e-4)
    assert single["early_precision_ratio"] == pytest.approx(4.23, abs=5e-3)
