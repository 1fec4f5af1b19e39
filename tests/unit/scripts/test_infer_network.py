"""The scripts that run a method on a data set and score what all methods found."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import infer_network
import score_methods
from grn_gat.algorithms._registry import run_method
from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table, write_table
from grn_gat.core.memory import NotEnoughMemoryError
from grn_gat.core.seeds import integer_seed
from grn_gat.data.dataset import Dataset, write_dataset
from grn_gat.data.ranked_edges import read_ranked_edges, write_ranked_edges
from grn_gat.evaluate.metrics import average_precision, early_precision_ratio
from grn_gat.inference import attempt
from grn_gat.simulate.boolean_model import read_model, reference_edges

GENES = ["B", "A", "C", "NA"]
CELLS = [f"cell{i}" for i in range(30)]
HEADER = "Gene1\tGene2\tEdgeWeight\n"


@pytest.fixture
def job(tmp_path):
    """A function that writes the inputs of infer_network and returns its `snakemake`."""

    def make(method="pearson", regulators=None, constant=False, pseudotime=False, **wildcards):
        rng = np.random.default_rng(4)
        expression = rng.random((4, 30)).round(4)
        if constant:
            expression[2] = 0.5
        time = pd.DataFrame({"PseudoTime": np.linspace(0, 1, 30)}, index=CELLS)
        edges = pd.DataFrame(
            [("A", "B", "+"), ("B", "C", "-")], columns=["Gene1", "Gene2", "Type"], dtype=object
        )
        data = Dataset(GENES, CELLS, expression, time if pseudotime else None, edges, regulators)
        folder = tmp_path / "in"
        files = [folder / f"{n}.csv" for n in ("expression", "pseudotime", "edges", "regulators")]
        write_dataset(data, *files)
        files[2].unlink()  # the reference network: the script must do without
        names = {"network": "net", "replicate": "2", "dropout": "050", "method": method}
        return SimpleNamespace(
            # exactly what the rule declares: no reference network
            input=SimpleNamespace(
                expression=str(files[0]),
                pseudotime=str(files[1]),
                regulators=str(files[3]),
                evidence=[],
            ),
            output=SimpleNamespace(
                ranked=tmp_path / "ranked.csv",
                status=tmp_path / "status.tsv",
                usage=tmp_path / "usage.tsv",
            ),
            wildcards=SimpleNamespace(**(names | wildcards)),
            params=SimpleNamespace(seed=7, place=["net", "2", "050"], settings={}),
            threads=1,
            expression=expression,
        )

    return make


def state(snakemake) -> dict:
    table = read_table(snakemake.output.status)
    assert list(table) == ["method", "status", "reason"] and len(table) == 1
    return table.iloc[0].to_dict()


def cpu_seconds(snakemake) -> float:
    table = read_table(snakemake.output.usage)
    assert list(table) == ["method", "cpu_seconds"]
    assert table["method"].item() == snakemake.wildcards.method
    return table["cpu_seconds"].item()


def test_a_network(job, capsys):
    snakemake = job()
    infer_network.main(snakemake)
    assert state(snakemake) == {"method": "pearson", "status": "ok", "reason": ""}
    got = read_ranked_edges(snakemake.output.ranked)
    assert len(got) == 12 and set(got["Gene1"]) == set(GENES)  # every ordered pair
    assert snakemake.output.ranked.read_text().startswith(HEADER)
    assert got["EdgeWeight"].abs().is_monotonic_decreasing and (got["EdgeWeight"] < 0).any()
    expected = np.corrcoef(snakemake.expression)
    for first, second, weight in got.itertuples(index=False):
        place = GENES.index(first), GENES.index(second)
        assert weight == pytest.approx(expected[place], rel=1e-8)
    assert re.fullmatch(r"inferred in \d+\.\d{4} CPU seconds\n", capsys.readouterr().out)
    assert cpu_seconds(snakemake) >= 0


def test_a_directed_network_is_not_turned_round(job):
    """Names, pseudotime, regulators, seed and settings reach the method."""
    snakemake = job("scode", regulators=["NA", "B"], pseudotime=True)
    snakemake.params.settings = {"dimensions": 2, "iterations": 5}
    infer_network.main(snakemake)
    seed = integer_seed(7, "infer", "scode", "net", "2", "050")
    time = np.linspace(0, 1, 30)[:, None]
    scores = run_method(
        "scode", GENES, snakemake.expression, time, np.array([0, 3]), seed, 1,
        {"dimensions": 2, "iterations": 5},
    )  # fmt: skip
    got = read_ranked_edges(snakemake.output.ranked)
    assert len(got) == 6 and not np.allclose(scores[0, 3], scores[3, 0])
    for first, second, weight in got.itertuples(index=False):
        assert weight == pytest.approx(scores[GENES.index(first), GENES.index(second)], rel=1e-8)


def test_regulators_only(job):
    snakemake = job(regulators=["C", "A"])
    infer_network.main(snakemake)
    got = read_ranked_edges(snakemake.output.ranked)
    assert sorted(set(zip(got["Gene1"], got["Gene2"], strict=True))) == [
        (a, b) for a in ("A", "C") for b in sorted(GENES) if a != b
    ]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"method": "scode"}, "SCODE needs a pseudotime, and the data set has none"),
    ],
)
def test_a_method_that_is_not_defined_on_the_data(job, capsys, keys, reason):
    snakemake = job(**keys)
    infer_network.main(snakemake)
    expected = {"method": keys.get("method", "pearson"), "status": "failed", "reason": reason}
    assert state(snakemake) == expected
    assert snakemake.output.ranked.read_text() == HEADER
    assert read_ranked_edges(snakemake.output.ranked).empty
    out = capsys.readouterr().out
    assert out == f"failed: {reason}\n"  # no time of a method that found nothing
    assert np.isnan(cpu_seconds(snakemake))


def failing(error):
    def fail(*_):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (np.linalg.LinAlgError("Singular matrix"), "LinAlgError: Singular matrix"),
        (FloatingPointError("overflow"), "FloatingPointError: overflow"),
        (ValueError("array must not contain infs"), "ValueError: array must not contain infs"),
        (KeyError("x"), "KeyError: 'x'"),
        (AssertionError("shape"), "AssertionError: shape"),
    ],
)
def test_whatever_a_method_raises_is_its_failure(job, monkeypatch, capsys, error, reason):
    """The other methods of the study go on; the log tells where it happened."""
    monkeypatch.setattr(attempt, "run_method", failing(error))
    snakemake = job()
    infer_network.main(snakemake)
    assert state(snakemake) == {"method": "pearson", "status": "failed", "reason": reason}
    assert snakemake.output.ranked.read_text() == HEADER
    out, err = capsys.readouterr()
    assert out == f"failed: {reason}\n"
    assert err.startswith("Traceback (most recent call last):\n") and "in fail\n" in err


def test_a_method_that_lacks_memory_fails_as_a_job(job, monkeypatch, capsys):
    """As PyTorch says it: no reason of the method, but a job that --retries and a rerun repeat."""
    text = "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4096000000 bytes."
    monkeypatch.setattr(attempt, "run_method", failing(RuntimeError(text)))
    monkeypatch.setattr(attempt, "memory_limit", lambda: 16 * 10**6)
    snakemake = job()
    with pytest.raises(InputError) as caught:
        infer_network.main(snakemake)
    assert isinstance(caught.value, MemoryError)
    assert re.fullmatch(
        r"Pearson: not enough memory for 4 genes x 30 cells, which take about 0\.1 GB of the 0\.0 "
        r"GB that there are: give it more memory",
        str(caught.value),
    )
    assert text in capsys.readouterr().err  # the log keeps what the library said
    assert not snakemake.output.status.exists() and not snakemake.output.ranked.exists()


@pytest.mark.parametrize(
    ("genes", "limit", "advice"),
    [
        # 0.8 of 5.12 GB are 4096 MB: g^2 + g = 3,996,000
        (
            8000, 5.12e9,
            "which take about 64.1 GB of the 5.1 GB that there are: take at most 1998 genes",
        ),
        (800, 25e9, "which take about 0.7 GB of the 25.0 GB that there are: end other programs"),
        (800, 1e8, "which take about 0.7 GB of the 0.1 GB that there are: give it more memory"),
        (8000, None, "for 8000 genes x 10 cells: take fewer genes, or give it more memory"),
    ],
)  # fmt: skip
def test_what_would_fit(monkeypatch, genes, limit, advice):
    """A method that takes 100 MB, 1 kB per squared gene and 0.1 kB per value."""
    sizes = np.array([(50, 100), (50, 500), (100, 500), (200, 500), (100, 2000)]).T
    memory = 100 + 1e-3 * sizes[0] ** 2 + 1e-4 * sizes[0] * sizes[1]
    measured = pd.DataFrame({"genes": sizes[0], "cells": sizes[1], "peak_memory_mb": memory})
    monkeypatch.setattr(attempt, "read_costs", lambda path: {"gat-zeroshot": measured})
    monkeypatch.setattr(attempt, "run_method", failing(MemoryError()))
    monkeypatch.setattr(attempt, "memory_limit", lambda: limit)
    cells = attempt.Cells([], np.zeros((genes, 10)), None, np.zeros(0, dtype=int))
    with pytest.raises(NotEnoughMemoryError, match=re.escape(advice)):
        attempt.attempt("gat-zeroshot", cells, 1, 1, {})


def test_a_method_that_was_not_measured(monkeypatch):
    monkeypatch.setattr(attempt, "run_method", failing(MemoryError()))
    monkeypatch.setattr(attempt, "read_costs", lambda path: {})
    cells = attempt.Cells([], np.zeros((20, 10)), None, np.zeros(0, dtype=int))
    with pytest.raises(NotEnoughMemoryError, match="for 20 genes x 10 cells: take fewer genes"):
        attempt.attempt("pearson", cells, 1, 1, {})


@pytest.mark.parametrize("error", [MemoryError("no memory"), KeyboardInterrupt()])
def test_a_job_that_may_succeed_later_fails_as_a_job(job, monkeypatch, error):
    monkeypatch.setattr(attempt, "run_method", failing(error))
    snakemake = job()
    with pytest.raises(type(error)):
        infer_network.main(snakemake)
    assert not snakemake.output.status.exists() and not snakemake.output.ranked.exists()


def test_data_sets_have_different_seeds(job, monkeypatch):
    given = []

    def remember(
        name, genes, expression, pseudotime, regulators, seed, threads, settings, told, data_set
    ):
        given.append((seed, threads, regulators.tolist(), settings, pseudotime))
        return np.zeros((4, 4))

    monkeypatch.setattr(attempt, "run_method", remember)
    infer_network.main(job(method="clr"))
    for place in (["net", "2", "050"], ["x", "2", "050"], ["net", "1", "050"], ["net", "2", "000"]):
        task = job()
        task.params.place = place
        infer_network.main(task)
    assert len({seed for seed, *_ in given}) == 5
    snakemake = job()
    snakemake.threads, snakemake.params.settings = 3, {"trees": 2}
    infer_network.main(snakemake)
    assert given[-1] == (given[1][0], 3, [0, 1, 2, 3], {"trees": 2}, None)
    snakemake.params.seed = 8
    infer_network.main(snakemake)
    assert given[-1][0] != given[0][0]
    Path(snakemake.input.regulators).write_text("NA\nB\n")
    infer_network.main(snakemake)
    assert given[-1][2] == [1, 3]  # positions among the genes, which are written by name, sorted
    infer_network.main(snakemake := job())
    # all scores 0: every pair is listed nevertheless
    assert len(read_ranked_edges(snakemake.output.ranked)) == 12


# Four genes, 3 of 12 pairs are edges.
NET = [("A", "B", "+"), ("B", "C", "-"), ("C", "NA", "+"), ("A", "A", "+")]


@pytest.fixture
def scoring(tmp_path):
    """A function that writes the inputs of score_methods and returns its `snakemake`.

    Args:
        rankings: rows of ranked edges, or the reason of a failure, by (method, replicate, dropout).
        siblings: rows of other reference networks, by name.
    """

    def make(
        genes, net, rankings, model=(), replicates=(1, 2), dropouts=("000", "050"), siblings=None
    ):
        siblings = siblings or {}
        files = {name: [] for name in ("edges", "regulators", "expression")}
        rng = np.random.default_rng(0)
        for replicate in replicates:
            folder = tmp_path / str(replicate)
            names = ("expression", "pseudotime", "edges", "regulators")
            paths = {name: folder / f"{name}.csv" for name in names}
            edges = pd.DataFrame(net, columns=["Gene1", "Gene2", "Type"], dtype=object)
            values = rng.random((len(genes), 5))
            write_dataset(Dataset(genes, CELLS[:5], values, None, edges, None), *paths.values())
            for name, found in files.items():
                found.append(paths[name])
        ranked, status = [], []
        for number, ((method, _, _), rows) in enumerate(rankings.items()):
            ranked.append(tmp_path / f"ranked-{number}.csv")
            status.append(tmp_path / f"status-{number}.tsv")
            failed = isinstance(rows, str)
            listed = [] if failed else rows
            write_ranked_edges(ranked[-1], *([row[i] for row in listed] for i in range(3)))
            state = {"method": method, "status": "failed" if failed else "ok"}
            write_table(pd.DataFrame([state | {"reason": rows if failed else ""}]), status[-1])
        names = ("metrics", "regulators", "curves", "stability", "failures")
        others = []
        for name, rows in siblings.items():
            others.append(tmp_path / f"{name}.csv")
            pd.DataFrame(rows, columns=["Gene1", "Gene2", "Type"]).to_csv(others[-1], index=False)
        return SimpleNamespace(
            input=SimpleNamespace(
                ranked=ranked, status=status, model=model, others=others, **files
            ),
            output=SimpleNamespace(**{name: tmp_path / f"{name}.tsv" for name in names}),
            wildcards=SimpleNamespace(network="net"),
            params=SimpleNamespace(
                seed=1,
                axes=list(rankings),
                replicates=list(replicates),
                dropouts=list(dropouts),
                seeds=[1, 2],
                scoring={"relabellings": 100},
                others=list(siblings),
            ),
        )

    return make


def scored(snakemake) -> dict[str, pd.DataFrame]:
    score_methods.main(snakemake)
    return {name: read_table(path) for name, path in vars(snakemake.output).items()}


RIGHT = [("A", "B", 9), ("B", "C", -8), ("C", "NA", 7), ("B", "A", 1)]
WRONG = [("B", "A", 9), ("C", "B", 8), ("NA", "C", -7)]
RANKINGS = {
    ("clr", 1, "000"): RIGHT,
    ("clr", 1, "050"): WRONG,
    ("clr", 2, "000"): RIGHT,
    ("clr", 2, "050"): RIGHT,
    ("leap", 1, "000"): WRONG,
    ("leap", 1, "050"): "too few cells",
    ("leap", 2, "000"): RIGHT,
    ("leap", 2, "050"): "no pseudotime, none",
}


def test_degrees_in_other_references_are_controls(scoring):
    other = [("A", "B", "+"), ("C", "B", "+"), ("C", "A", "-"), ("B", "B", "+")]
    got = scored(scoring(GENES, NET, RANKINGS, siblings={"ChIP": other}))
    metrics = got["metrics"].astype({"dropout": int})
    keys = ["method", "dropout", "replicate", "metric"]
    metrics = metrics.groupby(keys)["value"].first()
    methods = {"out-degree-oracle", "degree-product-of-ChIP", "in-degree-of-ChIP"}
    assert set(got["metrics"]["method"]) == {"clr", "leap", "random", "constant"} | methods
    # In-degrees without the pair itself: NA -> B 2; A -> B (an edge), C -> B, B -> A and NA -> A 1;
    # of the 7 other pairs of 12, with 0, two are edges.
    expected = 1 / 3 * (1 / 5) + 2 / 3 * (3 / 12)
    for dropout in (0, 50):  # it sees no cell
        value = metrics.loc[("in-degree-of-ChIP", dropout, 1, "average_precision")]
        assert value == pytest.approx(expected)
    # Out-degrees A 1, B 1, C 1 of the reference itself (A -> A does not count), NA 0.
    value = metrics.loc[("out-degree-oracle", 0, 2, "average_precision")]
    assert value == pytest.approx(3 / 9)


def test_scores_by_hand(scoring):
    got = scored(scoring(GENES, NET, RANKINGS))
    metrics = got["metrics"]
    assert set(metrics["network"]) == {"net"} and set(metrics["protocol"]) == {"unsupervised"}
    keys = ["method", "seed", "replicate", "dropout"]
    value = metrics[metrics["metric"] == "average_precision"].set_index(keys)["value"].to_dict()
    # WRONG has no edge among its 3 pairs, the 3 edges are among the 9 others: 3 / 12 at recall 1
    assert {k: v for k, v in value.items() if k[0] in ("clr", "leap")} == {
        ("clr", 0, 1, "0"): 1,
        ("clr", 0, 2, "0"): 1,
        ("clr", 0, 1, "50"): 0.25,
        ("clr", 0, 2, "50"): 1,
        ("leap", 0, 1, "0"): 0.25,
        ("leap", 0, 2, "0"): 1,
    }
    assert (metrics.loc[metrics["metric"] == "prevalence", "value"] == 0.25).all()
    assert not metrics["metric"].str.startswith("functional").any()
    # controls: the same at both levels; one random score per seed
    rows = metrics[metrics["metric"] == "auroc"]
    constant = rows[rows["method"] == "constant"]
    assert constant[["dropout", "seed", "replicate"]].to_numpy().tolist() == [
        [d, 0, r] for d in ("0", "50") for r in (1, 2)
    ]
    assert (constant["value"] == 0.5).all()
    random = rows[rows["method"] == "random"].pivot(
        index="dropout", columns=["seed", "replicate"], values="value"
    )
    assert random.shape == (2, 4) and (random.loc["0"] == random.loc["50"]).all()
    assert (random.loc["0", 1] != random.loc["0", 2]).any()


def test_motifs_signs_and_stability_are_scored(scoring):
    got = scored(scoring(GENES, NET, RANKINGS))
    names = set(got["metrics"]["metric"])
    assert {"early_precision_ratio_activation", "mutual_pairs", "feedback_loops_ratio"} <= names
    stability = got["stability"].set_index(["method", "dropout", "seed"])
    assert stability.loc[("clr", "0", 0), ["jaccard", "spearman", "runs"]].tolist() == [1, 1, 2]
    assert stability.loc[("clr", "50", 0), "jaccard"] == 0
    assert ("leap", "50", 0) not in stability.index
    curves = got["curves"].query("method == 'clr' and dropout == '0' and curve == 'pr'")
    assert len(curves) == 51 and (curves["y"] == 1).all()


def test_failures_are_listed(scoring):
    got = scored(scoring(GENES, NET, RANKINGS))["failures"]
    assert list(got) == ["network", "dropout", "replicate", "method", "reason"]
    assert got.to_numpy().tolist() == [
        ["net", "50", 1, "leap", "too few cells"],
        ["net", "50", 2, "leap", "no pseudotime, none"],
    ]
    got = scored(scoring(GENES, NET, {k: RIGHT for k in RANKINGS}))["failures"]
    assert got.empty and list(got) == ["network", "dropout", "replicate", "method", "reason"]


def test_a_method_that_failed_on_one_replicate(scoring):
    rankings = RANKINGS | {("leap", 2, "000"): "no"}
    got = scored(scoring(GENES, NET, rankings))
    rows = got["metrics"].query("method == 'leap'")
    assert set(zip(rows["dropout"], rows["replicate"], strict=True)) == {("0", 1)}
    assert len(got["failures"]) == 3


@pytest.fixture
def gsd(repository):
    """Path, genes, edges and functional edges (without self-loops) of the model GSD."""
    path = repository / "workflow/resources/models/GSD.tsv"
    model = read_model(path)
    edges = reference_edges(model)
    functional = {e[:2] for e in reference_edges(model, functional=True) if e[0] != e[1]}
    return str(path), list(model.genes), edges, functional


def gsd_rankings(edges) -> dict:
    """`clr` ranks all edges first; `leap` failed on the second replicate."""
    rows = [(a, b, 1.0) for a, b, _ in edges if a != b]
    rankings = {("clr", r, "000"): rows for r in (1, 2)}
    return rankings | {("leap", 1, "000"): rows[::-1], ("leap", 2, "000"): "no reason"}


def test_functional_edges_of_a_model(scoring, gsd):
    path, genes, edges, functional = gsd
    linked = {e[:2] for e in edges if e[0] != e[1]}
    assert (len(linked), len(functional)) == (76, 72) and functional < linked
    job = scoring(genes, edges, gsd_rankings(edges), path, dropouts=["000"])
    metrics = scored(job)["metrics"]
    value = metrics.set_index(["method", "seed", "replicate", "metric"])["value"].sort_index()
    names = ("average_precision", "auroc", "auprc_beeline", "early_precision_ratio")
    pairs = len(genes) * (len(genes) - 1)
    label = np.array([1] * 72 + [0] * (pairs - 72))
    score = np.array([1] * 76 + [0] * (pairs - 76))
    for method, replicate in (("clr", 1), ("clr", 2), ("leap", 1)):
        one = value[method, 0, replicate]
        assert {m for m in one.index if m.startswith("functional_")} == {
            f"functional_{name}" for name in names
        }
        assert one["average_precision"] == one["auroc"] == 1
        expected = average_precision(label, score)
        assert one["functional_average_precision"] == pytest.approx(expected)
        expected = early_precision_ratio(label, score)
        assert one["functional_early_precision_ratio"] == pytest.approx(expected)
    assert value["constant", 0, 1]["functional_average_precision"] == pytest.approx(72 / pairs)
    assert value["constant", 0, 1]["average_precision"] == pytest.approx(76 / pairs)
    assert ("random", 2, 2, "functional_auroc") in value.index
    assert ("leap", 0, 2, "functional_auroc") not in value.index


def test_no_functional_edges_where_there_is_no_model_or_they_are_all_edges(
    scoring, gsd, repository
):
    path, genes, edges, _ = gsd
    without = scored(scoring(genes, edges, gsd_rankings(edges), [], dropouts=["000"]))
    assert not without["metrics"]["metric"].str.startswith("functional").any()
    # the other tables are the same with and without
    got = scored(scoring(genes, edges, gsd_rankings(edges), path, dropouts=["000"]))
    for name in ("curves", "stability", "failures"):
        pd.testing.assert_frame_equal(got[name], without[name])
    plain = got["metrics"][~got["metrics"]["metric"].str.startswith("functional")]
    pd.testing.assert_frame_equal(plain.reset_index(drop=True), without["metrics"])

    path = repository / "workflow/resources/models/dyn-CY.tsv"
    model = read_model(path)
    edges = reference_edges(model)
    assert edges == reference_edges(model, functional=True)
    job = scoring(list(model.genes), edges, gsd_rankings(edges), str(path), dropouts=["000"])
    assert not scored(job)["metrics"]["metric"].str.startswith("functional").any()
