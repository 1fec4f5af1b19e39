"""The scripts of target infer besides the inference: reference, hubs, metrics, summary."""

from pathlib import Path
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import collect_inferred
import describe_network
import infer_null
import read_reference
import score_inferred
from grn_gat.algorithms._registry import Method, load_method, method_names
from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table, write_table
from grn_gat.data.dataset import Dataset, write_dataset
from grn_gat.data.edges import no_edges
from grn_gat.data.ranked_edges import write_ranked_edges
from grn_gat.evaluate import shuffled_null
from grn_gat.evaluate.hubs import HUB_MEASURES, hub_measures
from grn_gat.evaluate.inferred import metric_table, number_of_edges
from grn_gat.evaluate.metrics import RANKING_METRICS, ranking_metrics
from grn_gat.inference import null, trust
from grn_gat.report import figures_inferred, inferred_summary
from grn_gat.report.figures_inferred import plot_inferred
from grn_gat.report.style import subplots

PROBABLE = [name for name in method_names() if load_method(name).probabilities]
GENES = ["A", "B", "C", "D", "E<&"]
REFERENCE = [("A", "B", "+"), ("A", "C", "-"), ("D", "E<&", ""), ("B", "B", "+")]
# The order of the reference, but for one wrong edge in second place.
RANKED = [("A", "B", -9.0), ("E<&", "A", 8.0), ("D", "E<&", 7.0), ("A", "C", 6.0), ("B", "C", 1.0)]


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A function that writes the inputs of describe_network and returns its `snakemake`."""
    methods = {
        "plus": Method("Plus", "", None),
        "both": Method("Both", "", None, signed=True),
        "even": Method("Even", "", None, directed=False),
    }
    monkeypatch.setattr(describe_network, "load_method", methods.__getitem__)

    def make(
        reference=(),
        ranked=RANKED,
        status="ok",
        regulators=None,
        method="plus",
        edges_per_gene=0.8,
        seed=1,
    ) -> SimpleNamespace:
        folder = tmp_path / "in"
        names = ("expression", "pseudotime", "edges", "regulators", "ranked", "status")
        none = {key: [] for key in ("trust", "stability", "donors", "null", "evidence")}
        source = SimpleNamespace(**{name: folder / name for name in names}, **none)
        edges = pd.DataFrame(list(reference), columns=["Gene1", "Gene2", "Type"], dtype=object)
        cells = [f"c{i}" for i in range(6)]
        expression = np.random.default_rng(2).random((len(GENES), 6))
        expression[2] = 1.0  # C is constant
        write_dataset(
            Dataset(
                GENES, cells, expression, None, edges if len(edges) else no_edges(), regulators
            ),
            source.expression,
            source.pseudotime,
            source.edges,
            source.regulators,
        )
        if not len(edges):
            source.edges = []  # target infer without a reference
        rows = ranked if status == "ok" else []
        write_ranked_edges(source.ranked, *([row[i] for row in rows] for i in range(3)))
        reason = "" if status == "ok" else "it needs a pseudotime"
        row = {"method": method, "status": status, "reason": reason}
        write_table(pd.DataFrame([row]), source.status)
        files = {"hubs": "hubs.tsv", "graphml": "network.graphml"}
        files |= {"style": "cytoscape-style.xml", "edges": "edges.tsv", "workbook": "edges.xlsx"}
        files |= {
            "figure": "network.png",
            "dark": "network-dark.png",
            "bars": "hubs.png",
            "metrics": "metrics.tsv",
        }
        output = SimpleNamespace(**{k: tmp_path / "out" / v for k, v in files.items()})
        output.vector = [str(tmp_path / "out/network.svg")]
        params = SimpleNamespace(
            method=method, edges_per_gene=edges_per_gene, seed=seed, least=(0.5, 0.25)
        )
        return SimpleNamespace(input=source, params=params, output=output)

    return make


def scored(job: SimpleNamespace) -> pd.DataFrame:
    score_inferred.main(job)
    return read_table(job.output.metrics)


def described(job: SimpleNamespace) -> tuple[pd.DataFrame, nx.DiGraph]:
    describe_network.main(job)
    return read_table(job.output.hubs), nx.read_graphml(job.output.graphml)


# ------------------------------------------------------------------------------ without a reference


def test_network_without_a_reference(job):
    task = job()
    hubs, graph = described(task)
    assert list(graph.edges) == [("A", "B"), ("A", "C"), ("D", "E<&"), ("E<&", "A")]  # 0.8 * 5
    assert sorted(file.name for file in task.output.hubs.parent.iterdir()) == [
        "cytoscape-style.xml",
        "edges.tsv",
        "edges.xlsx",
        "hubs.png",
        "hubs.tsv",
        "network-dark.png",
        "network.graphml",
        "network.png",
        "network.svg",
    ]
    assert task.output.figure.read_bytes().startswith(b"\x89PNG")
    edges = read_table(task.output.edges)
    assert list(zip(edges["regulator"], edges["target"], strict=True)) == [
        ("A", "B"), ("E<&", "A"), ("D", "E<&"), ("A", "C")
    ]  # fmt: skip
    assert edges["rank"].tolist() == [1, 2, 3, 4] and set(edges["sign_source"]) == {"correlation"}
    sheet = load_workbook(task.output.workbook)["edges"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A", "E<&", "D", "A"]
    assert list(hubs.columns[:6]) == [
        "gene",
        "candidate_regulator",
        "degree",
        "degree_rank",
        "in_degree",
        "in_degree_rank",
    ]
    assert hubs["gene"].tolist() == ["A", "E<&", "B", "C", "D"]
    assert hubs["degree"].tolist() == [3, 2, 1, 1, 1]
    assert hubs["degree_rank"].tolist() == [1, 2, 3, 3, 3]
    assert hubs["out_degree"].tolist() == [2, 1, 0, 0, 1]
    assert hubs["candidate_regulator"].all()
    expected = hub_measures(GENES, list(graph.edges))
    for measure in HUB_MEASURES:
        values = hubs.set_index("gene")[measure].loc[GENES]
        np.testing.assert_allclose(values, expected[measure], rtol=1e-7)
        ranks = hubs.set_index("gene")[f"{measure}_rank"].loc[GENES]
        best = expected[measure].rank(method="min", ascending=False)
        assert ranks.tolist() == best.tolist()


def test_nodes_and_edges_carry_what_the_tables_say(job):
    hubs, graph = described(job(regulators=["A", "D", "E<&"]))
    rows = hubs.set_index("gene")
    assert rows["candidate_regulator"].to_dict() == dict(zip(GENES, [1, 0, 0, 1, 1], strict=True))
    for gene, data in graph.nodes(data=True):
        assert data["candidate_regulator"] is bool(rows.loc[gene, "candidate_regulator"])
        assert data["out_degree"] == graph.out_degree(gene)
        assert data["degree_rank"] == rows.loc[gene, "degree_rank"]
    first = graph.edges["A", "B"]
    assert (first["score"], first["weight"], first["rank"]) == (-9.0, 9.0, 1)
    assert graph.edges["A", "C"]["sign"] == "unknown"  # C is constant
    assert {d["sign_source"] for _, _, d in graph.edges(data=True)} == {"correlation"}


@pytest.mark.parametrize(
    ("method", "label"),
    [
        *((name, "probability of the edge") for name in PROBABLE),
        ("scode", "|score|"),
    ],
)
def test_figure_says_where_a_score_is_a_probability(job, monkeypatch, method, label):
    labels = []

    def plot(*arguments):
        labels.append(arguments[-2])
        return plot_inferred(*arguments)

    task = job(method=method)
    monkeypatch.setattr(describe_network, "load_method", load_method)
    monkeypatch.setattr(figures_inferred, "plot_inferred", plot)
    described(task)
    assert labels == [label] * 2  # light and dark


def test_signs_come_from_the_method_where_it_is_signed(job):
    _, graph = described(job(method="both"))
    assert graph.edges["A", "B"]["sign"] == "repression"
    assert graph.edges["A", "C"]["sign"] == "activation"
    assert {d["sign_source"] for _, _, d in graph.edges(data=True)} == {"method"}


def test_number_of_edges():
    edges = pd.DataFrame(REFERENCE, columns=["Gene1", "Gene2", "Type"])
    number = number_of_edges
    assert number(GENES, no_edges(), GENES, 2) == 10
    assert number(GENES, no_edges(), GENES, 0.01) == 1
    assert number(GENES, edges, GENES, 2) == 3  # not the self-loop
    assert number(GENES, edges, ["A", "B"], 2) == 2


def test_no_pair_with_a_score(job, capsys):
    hubs, graph = described(job(ranked=[("A", "B", 0.0), ("B", "A", 0.0)]))
    assert len(graph) == 0
    assert hubs["gene"].tolist() == GENES
    assert hubs["degree"].eq(0).all()
    assert "0 edges (4 wanted) among 5 genes" in capsys.readouterr().out


def test_an_undirected_method_has_both_directions_of_a_pair(job):
    pairs = [("A", "B", 3.0), ("A", "C", 2.0), ("A", "D", 1.0)]
    ranked = [row for a, b, score in pairs for row in ((a, b, score), (b, a, score))]
    hubs, graph = described(job(method="even", ranked=ranked, edges_per_gene=0.6))
    assert sorted(graph.edges) == [("A", "B"), ("A", "C"), ("B", "A"), ("C", "A")]  # not 3
    assert not any(graph.edges[edge]["directed"] for edge in graph.edges)
    assert hubs["in_degree"].tolist() == hubs["out_degree"].tolist() == [2, 1, 1, 0, 0]
    _, graph = described(job(method="plus", ranked=ranked, edges_per_gene=0.6))
    assert len(graph.edges) == 3 and all(graph.edges[edge]["directed"] for edge in graph.edges)


# --------------------------------------------------------------------------------- with a reference


def test_metrics_beside_controls(job):
    task = job(reference=REFERENCE)
    _, graph = described(task)
    assert graph.number_of_edges() == 3
    assert "A" in graph["E<&"]
    table = scored(task).set_index("metric")
    assert list(table.columns) == ["value", "random", "constant"]
    assert list(table.index) == ["pairs", "edges", "prevalence", *RANKING_METRICS]
    for column in table:
        assert table.loc[["pairs", "edges", "prevalence"], column].tolist() == [20, 3, 0.15]
    pairs = [(a, b) for a in GENES for b in GENES if a != b]
    known, scores = {row[:2] for row in REFERENCE}, {row[:2]: abs(row[2]) for row in RANKED}
    labels = np.array([pair in known for pair in pairs])
    values = ranking_metrics(labels, [scores.get(pair, 0.0) for pair in pairs])
    constant = ranking_metrics(labels, np.ones(20))
    for metric in RANKING_METRICS:
        assert table.loc[metric, "value"] == pytest.approx(values[metric], rel=1e-7)
        assert table.loc[metric, "constant"] == pytest.approx(constant[metric], rel=1e-7)
    assert table.loc["early_precision", "value"] == pytest.approx(2 / 3)


def test_random_control_is_a_mean_of_many_rankings():
    """A single ranking of these 20 pairs has a standard deviation of 0.18."""
    edges = pd.DataFrame(REFERENCE, columns=["Gene1", "Gene2", "Type"])
    ranked = pd.DataFrame(RANKED, columns=["Gene1", "Gene2", "EdgeWeight"])
    tables = [metric_table(ranked, edges, GENES, seed) for seed in range(4)]
    means = [table.set_index("metric").loc["auroc", "random"] for table in tables]
    assert 0.44 < min(means) < max(means) < 0.56


def test_random_control_depends_on_the_seed_only(job):
    def control(**change):
        return scored(job(reference=REFERENCE, **change))["random"].tolist()

    assert control() == control(ranked=RANKED[:2], method="both")
    assert control() != control(seed=2)


def test_same_input_gives_same_bytes(job):
    task = job(reference=REFERENCE)
    described(task)
    scored(task)
    files = {k: v for k, v in vars(task.output).items() if k != "vector"}
    files |= {"vector": task.output.vector[0]}
    first = {k: Path(v).read_bytes() for k, v in files.items()}
    described(task)
    scored(task)
    assert first == {k: Path(v).read_bytes() for k, v in files.items()}


@pytest.fixture
def reading(job, tmp_path):
    """A function that writes the inputs of read_reference and returns its `snakemake`."""

    def make(text: str) -> SimpleNamespace:
        path = tmp_path / "known.tsv"
        path.write_text(text)
        source = SimpleNamespace(expression=job().input.expression, reference=str(path))
        out = tmp_path / "out"
        output = SimpleNamespace(edges=out / "refNetwork.csv", remarks=out / "remarks.tsv")
        return SimpleNamespace(input=source, output=output)

    return make


def test_reference_of_the_user_in_the_common_layout(reading, capsys):
    task = reading("Type\tsource\tGene2\tGene1\n+\tx\tB\tA\n\ty\tE<&\tD\n-\tz\tA\tA\n")
    read_reference.main(task)
    assert task.output.edges.read_text() == "Gene1,Gene2,Type\nA,B,+\nD,E<&,\nA,A,-\n"
    assert capsys.readouterr().out == "3 edges\n"


def test_reference_of_the_user_is_checked_against_the_matrix(reading):
    for gene in ("nosuch", "c1"):  # c1 is a cell
        task = reading(f"Gene1,Gene2\nA,{gene}\n")
        with pytest.raises(InputError, match=r"known\.tsv.*" + gene):
            read_reference.main(task)
        assert not task.output.edges.exists()


# ----------------------------------------------------------------------------------------- failures


@pytest.mark.parametrize("reference", [(), REFERENCE])
def test_a_method_that_failed_gives_files_without_rows(job, reference, capsys):
    task = job(reference=reference, status="failed")
    hubs, graph = described(task)
    assert len(graph) == len(hubs) == 0
    assert len(read_table(task.output.edges)) == 0
    if reference:
        scored(task)
        assert task.output.metrics.read_text() == "metric\tvalue\trandom\tconstant\n"
    assert "plus failed: it needs a pseudotime" in capsys.readouterr().out
    columns = task.output.hubs.read_text().split()
    describe_network.main(job())
    assert task.output.hubs.read_text().splitlines()[0].split() == columns


# ------------------------------------------------------------------------------- summary of methods


@pytest.fixture
def summary(job, tmp_path, monkeypatch):
    titles = {"plus": "Plus", "both": "Both"}
    monkeypatch.setattr(inferred_summary, "method_title", titles.__getitem__)

    def make(**states: str) -> SimpleNamespace:
        status, hubs = [], []
        for method, state in states.items():
            task = job(method=method, status=state)
            describe_network.main(task)
            for path, kept in ((task.input.status, status), (task.output.hubs, hubs)):
                kept.append(path.rename(tmp_path / f"{method}-{path.name}"))
        return SimpleNamespace(
            input=SimpleNamespace(
                status=status, hubs=hubs, edges=[], trust=[], nulls=[], drawn=[], null_edges=[]
            ),
            params=SimpleNamespace(
                probabilistic=[],
                null_methods=[],
                stable=[],
                of_donors=[],
                pairs="none",
                pseudotime=False,
            ),
            output=SimpleNamespace(
                methods=tmp_path / "name" / "methods.tsv",
                trust=tmp_path / "name" / "trust.tsv",
                null=tmp_path / "name" / "null.tsv",
            ),
        )

    return make


def test_summary_names_first_hubs_and_failures(summary, capfd):
    task = summary(plus="ok", both="failed")
    capfd.readouterr()
    collect_inferred.main(task)
    table = read_table(task.output.methods)
    assert table.columns.tolist() == [
        "method",
        "title",
        "status",
        "reason",
        "trusted",
        "genes",
        "genes_with_edge",
        "edges",
        "hubs",
    ]
    assert table.to_numpy().tolist() == [
        ["plus", "Plus", "ok", "", "", 5, 5, 4, "A, D, E<&"],
        ["both", "Both", "failed", "it needs a pseudotime", "", 0, 0, 0, ""],
    ]
    warning = "warning: no network of Both: it needs a pseudotime\n"
    assert capfd.readouterr() == (warning, warning)


def judged(task: SimpleNamespace, path: Path, **holds: str) -> None:
    """Give a task what was judged of the methods that gave probabilities."""
    task.params.probabilistic = list(holds)
    for method, verdict in holds.items():
        task.input.trust.append(path / f"{method}-trust.tsv")
        row = {"condition": "one_sign", "value": "0.95", "limit": "0.9", "holds": verdict}
        write_table(pd.DataFrame([row]), task.input.trust[-1])


def test_summary_says_whose_scores_should_not_be_trusted(summary, tmp_path, monkeypatch, capfd):
    task = summary(plus="ok", both="ok")
    judged(task, tmp_path, plus="yes", both="no")
    monkeypatch.setattr(trust, "load_method", lambda name: Method(name.title(), "", None))
    capfd.readouterr()
    collect_inferred.main(task)
    table = read_table(task.output.methods).set_index("method")
    assert table["trusted"].to_dict() == {"plus": "no", "both": "yes"}
    conditions = read_table(task.output.trust)
    assert conditions["method"].tolist() == ["plus", "both"]
    warning = "warning: the scores of Plus should not be trusted on these data: 95 % of its "
    assert all(text.startswith(warning) and text.count("\n") == 1 for text in capfd.readouterr())


def test_a_figure_of_scores_that_are_not_to_be_trusted_names_no_probability(
    job, tmp_path, monkeypatch
):
    labels = []
    monkeypatch.setattr(
        figures_inferred,
        "plot_inferred",
        lambda *rest: labels.append(rest[-2]) or subplots(figsize=(1, 1))[0],
    )
    likely = Method("Plus", "", None, probabilities=True)
    monkeypatch.setattr(describe_network, "load_method", lambda _: likely)
    for verdict in ("no", "yes"):
        task = job()
        task.params = SimpleNamespace(**vars(task.params), probabilistic=[])
        judged(task, tmp_path, plus=verdict)
        describe_network.main(task)
    assert labels == ["probability of the edge"] * 2 + ["|score|"] * 2


def test_summary_counts_the_genes_of_the_network(summary, capfd):
    task = summary(plus="ok")
    hubs = pd.DataFrame({"gene": list("abc"), "degree": [1, 0, 1], "out_degree": [1, 0, 0]})
    write_table(hubs.assign(out_degree_rank=[1, 2, 2]), task.input.hubs[0])
    collect_inferred.main(task)
    row = read_table(task.output.methods).iloc[0]
    assert row[["genes", "genes_with_edge", "edges"]].tolist() == [3, 2, 1]


def test_what_no_option_asks_for_is_removed(summary, monkeypatch):
    monkeypatch.setattr(inferred_summary, "method_names", lambda: ["both", "even", "late", "plus"])
    task = summary(plus="ok", both="failed")
    folder = task.output.methods.parent
    kept = ["plus/hubs.tsv", "both/metrics.tsv", "late/mine.txt", "notes/hubs.tsv"]
    gone = ["even/hubs.tsv", "even/metrics.tsv", "late/network.graphml", "late/rankedEdges.csv"]
    gone += ["late/network.png", "report.html", "plus/null.tsv", "late/null.tsv"]
    for name in [*kept, *gone, "refNetwork.csv"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    task.input.edges = ["refNetwork.csv"]
    collect_inferred.main(task)
    assert (folder / "refNetwork.csv").exists()
    kept.remove("both/metrics.tsv")  # of the reference that is gone now
    task.input.edges = []
    collect_inferred.main(task)
    left = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert left == {*kept, "methods.tsv", "trust.tsv", "null.tsv"}
    assert not (folder / "even").exists()  # empty


def test_nulls_are_one_table_and_said_in_the_log(summary, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(null, "load_method", lambda name: Method(name.title(), "", None))
    task = summary(plus="ok", both="failed")
    row = dict.fromkeys(shuffled_null.COLUMNS, 4.0) | {"expected_share": 0.25, "remark": ""}
    tables = [pd.DataFrame([row]), pd.DataFrame(columns=shuffled_null.COLUMNS)]
    task.params.null_methods = ["plus", "both"]
    for method, table in zip(task.params.null_methods, tables, strict=True):
        task.input.nulls.append(task.output.null.parent / method / "null.tsv")
        task.input.nulls[-1].parent.mkdir(parents=True)
        write_table(table, task.input.nulls[-1])
        edges = pd.DataFrame({"regulator": ["A"], "target": ["B"], "score": [1], "drawn": ["yes"]})
        for name, files in (("edges", task.input.drawn), ("null_edges", task.input.null_edges)):
            files.append(task.input.nulls[-1].with_name(f"{name}.tsv"))
            write_table(edges, files[-1])
    capfd.readouterr()
    collect_inferred.main(task)
    assert all(path.is_file() for path in task.input.nulls)
    table = read_table(task.output.null)
    assert table["method"].tolist() == ["plus"] and table["expected_share"].item() == 0.25
    assert "Plus: 1 of 4 edges are expected where nothing" in capfd.readouterr().out


def test_a_null_is_of_the_edges_that_are_drawn(job, tmp_path):
    """The script: of the known edges only their number matters."""
    cells = [f"c{i}" for i in range(6)]
    values = np.random.default_rng(2).random((len(GENES), 6))

    def made(*reference, **options) -> pd.DataFrame:
        task = job(reference=reference, **options)
        data = Dataset(GENES, cells, values, None, no_edges(), ["A", "B", "D"])
        spare = tmp_path / "spare"
        write_dataset(data, task.input.expression, task.input.pseudotime, spare, spare)
        task.wildcards = SimpleNamespace(method="pearson", network="x")
        task.params.settings, task.threads, task.input.evidence = {}, 1, []
        task.output.null = tmp_path / "null.tsv"
        infer_null.main(task)
        return read_table(task.output.null)

    row = made().iloc[0]
    assert row["pairs"] == len(RANKED) and row["edges"] == 4 and row["strength"] == 6
    assert row["expected"] == 0  # no correlation is above 1
    assert made(*REFERENCE).iloc[0]["edges"] == 3
    assert len(made(status="failed")) == 0


def test_summary_lists_five_hubs_at_most():
    genes = list("gfedcba")
    hubs = pd.DataFrame({"gene": genes, "out_degree": 1, "out_degree_rank": 2})
    hubs.loc[2, ["out_degree", "out_degree_rank"]] = 3, 1
    hubs.loc[6, ["out_degree", "out_degree_rank"]] = 0, 7
    assert inferred_summary.first_hubs(hubs) == "e, b, c, d, f"


def test_summary_of_failures_only_is_an_error(summary):
    task = summary(plus="failed", both="failed")
    page = task.output.methods.with_name("report.html")  # of an earlier run
    page.parent.mkdir()
    page.write_text("")
    with pytest.raises(InputError, match=r"no method.*Plus: it needs a pseudotime; Both: it needs"):
        collect_inferred.main(task)
    assert not task.output.methods.exists() and not page.exists()
