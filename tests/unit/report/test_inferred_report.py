"""The report of target infer: its tables, and the page that is made of them."""

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import report_inferred
from grn_gat.algorithms._registry import load_method, method_names
from grn_gat.core.files import write_table
from grn_gat.core.remarks import Remark
from grn_gat.data.dataset import Dataset, write_dataset
from grn_gat.data.edges import no_edges
from grn_gat.data.network_export import write_graphml
from grn_gat.data.ranked_edges import read_ranked_edges, write_ranked_edges
from grn_gat.data.remark_table import write_remarks
from grn_gat.evaluate import shuffled_null
from grn_gat.evaluate.hubs import HUB_MEASURES
from grn_gat.inference.description import FILES
from grn_gat.inference.trust import of_methods
from grn_gat.report.inferred_report import (
    TOP_EDGES,
    TOP_HUBS,
    Inferred,
    all_probabilities,
    chance,
    edge_rows,
    hub_rows,
    in_order,
    metric_rows,
    probability_facts,
    render_report,
)
from grn_gat.report.inferred_verdict import verdict

PROBABLE = [name for name in method_names() if load_method(name).probabilities]
TWO = ["gat-zeroshot", "gat-zeroshot-pseudotime"]  # of them
REFERENCE = pd.DataFrame([("A", "B", "+"), ("C", "A", "-")], columns=["Gene1", "Gene2", "Type"])


def edges(*rows: tuple) -> pd.DataFrame:
    """Edges as `read_graphml_edges` returns them, of (regulator, target, score, sign)."""
    table = pd.DataFrame(rows, columns=["regulator", "target", "score", "sign"])
    rank = table["score"].abs().rank(method="min", ascending=False).astype(int)
    verbs = {"activation": "activates", "repression": "represses", "unknown": "regulates"}
    table = table.assign(interaction=table["sign"].map(verbs))
    return table.assign(weight=table["score"].abs(), rank=rank, sign_source="method")


def hubs(*degrees: int) -> pd.DataFrame:
    table = pd.DataFrame({"gene": [f"g{i}" for i in range(len(degrees))]})
    table = table.assign(**{measure: list(degrees) for measure in HUB_MEASURES})
    ranks = pd.Series(degrees, dtype=float).rank(method="min", ascending=False)
    return table.assign(out_degree_rank=ranks)


def metrics(precision: float) -> pd.DataFrame:
    values = {"pairs": 6, "edges": 2, "prevalence": 1 / 3, "average_precision": precision}
    values |= {"auroc": 0.6, "early_precision_ratio": 1.2}
    table = pd.DataFrame({"metric": list(values), "value": list(values.values())})
    return table.assign(random=0.25, constant=0.5)


def null(share: float, remark: str = "") -> dict:
    """A row of null.tsv, of 4 drawn edges."""
    row = dict.fromkeys(shuffled_null.COLUMNS, 4.0)
    return row | {"expected_share": share, "remark": remark}


def inferred(method: str, **changed) -> Inferred:
    state = {"method": method, "status": "ok", "reason": "", "genes": 3, "genes_with_edge": 2}
    row = state | {"edges": 1, "hubs": "A"} | changed.pop("row", {})
    parts = {"edges": edges(("A", "B", -0.75, "repression")), "hubs": hubs(2, 1, 0)}
    parts |= {"figure": b"picture", "dark": b"night", "bars": b"bars", "metrics": None} | changed
    return Inferred(method, load_method(method), row, **parts)


# ------------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("method", PROBABLE)
def test_edges_show_probability_sign_and_whether_they_are_known(method):
    found = edges(("A", "B", -0.756, "repression"), ("A", "C", 0.5, "unknown"))
    found = pd.concat([found, edges(("A", "D", 0.2, "activation"))])
    rows = edge_rows(method, found, True, REFERENCE)
    assert [row["verb"] for row in rows] == ["represses", "regulates", "activates"]
    assert [row["score"] for row in rows] == ["0.756", "0.500", "0.200"]
    assert [row["known"] for row in rows] == ["yes", "no", "gene not in it"]
    assert [row["known"] for row in edge_rows("pidc", found, True, None)] == ["", "", ""]
    assert edge_rows("scode", found, True, None)[0]["score"] == "-0.756"


def test_undirected_pairs_are_listed_once_and_known_in_either_direction():
    found = edges(*((a, b, 2.0, "activation") for a, b in ("AC", "CA", "BA", "AB")))
    found["interaction"] = "rises with"
    rows = edge_rows("pidc", found, False, REFERENCE)
    shown = [(r["regulator"], r["verb"], r["target"], r["known"]) for r in rows]
    assert shown == [("A", "rises with", "C", "yes"), ("A", "rises with", "B", "yes")]


def test_only_the_first_edges_and_hubs_are_listed():
    many = edges(*(("A", f"g{i}", 1.0 + i, "unknown") for i in range(TOP_EDGES + 9)))
    assert len(edge_rows("pidc", many, True, None)) == TOP_EDGES
    titles, rows = hub_rows(hubs(*range(TOP_HUBS + 9, 0, -1)), directed=True)
    assert len(rows) == TOP_HUBS and rows[0][0] == "g0" and len(titles) == len(rows[0])
    titles, rows = hub_rows(hubs(2, 1, 0), directed=False)
    assert [row[0] for row in rows] == ["g0", "g1"]  # g2 has no edge
    assert not any("in-degree" in title or "out-degree" in title for title in titles)


def test_metrics_come_best_first_above_what_knows_nothing():
    methods = [inferred(m, metrics=metrics(p)) for m, p in (("pidc", 0.3), ("clr", 0.9))]
    methods.append(inferred("scode", metrics=metrics(0).iloc[:0]))  # failed
    found = metric_rows(methods)
    assert (found["pairs"], found["edges"]) == (6, 2)
    titles = [row["title"] for row in found["rows"]]
    assert titles == ["CLR", "PIDC", "random score", "constant score"]
    assert found["rows"][0]["cells"] == ["0.900", "0.600", "1.200"]
    assert metric_rows([inferred("pidc")]) is None


def test_probabilities_are_counted():
    facts = probability_facts(np.array([0.95, 0.5, 0.25]))
    assert facts == {"pairs": 3, "expected": pytest.approx(1.7), "likely": [(0.5, 2), (0.9, 1)]}


# --------------------------------------------------------------------------------------------- page


class Checked(HTMLParser):
    """Fails where an element is not closed in order; collects text and addresses."""

    def __init__(self, page: str):
        super().__init__()
        self.open, self.words, self.addresses, self.links = [], [], [], []
        self.boxes, self.alternatives = 0, []
        self.source = page
        self.feed(page)
        assert self.open == []
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.boxes += ("class", "warning") in attrs
        self.alternatives += [value for key, value in attrs if key == "alt"]
        self.addresses += [value for key, value in attrs if key in ("src", "srcset")]
        self.links += [value for key, value in attrs if key == "href"]
        if tag not in ("meta", "img", "source"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.words.append(data)


@pytest.fixture
def page(repository):
    template = (repository / "workflow/report/inferred.html.j2").read_text()
    data = {"name": "mine", "source": {"expression": "cells.csv"}, "genes": 3, "cells": 60}
    data |= {"remarks": [], "zeros": 0.254, "regulators": 3, "trajectories": 0, "evidence": {}}
    data["donors"] = 0

    def make(*methods: Inferred, reference=None, provenance=None, **changed) -> Checked:
        return Checked(
            render_report(template, data | changed, methods, reference, provenance, "9.8.7")
        )

    return make


def test_page_says_what_the_data_were(page):
    text = page(inferred("pidc")).text
    assert "cells.csv 3 60 25 % 3 (every gene) none none given" in text
    source = {"expression": "c.h5ad", "layer": "x", "regulators": "TFs.txt", "reference": "k.csv"}
    shown = page(inferred("pidc"), source=source, trajectories=2, reference=REFERENCE).text
    assert "c.h5ad, layer x" in shown and "3 (TFs.txt) 2 trajectories k.csv" in shown


def test_page_shows_what_was_said_of_the_files(page):
    remarks = [Remark("left out", "TFs.txt", "2 of 3 regulators"), Remark("doubtful", "c", "x < 1")]
    text = page(remarks=remarks).text
    assert "left out : 2 of 3 regulators (TFs.txt)" in text and "doubtful : x < 1 (c)" in text
    assert "as it should" not in page().text


def test_page_shows_failures_with_their_reason_and_nothing_else_of_them(page):
    failed = {"status": "failed", "reason": "needs <pseudotime>"}
    found = page(inferred("pidc"), inferred("scode", row=failed))
    assert "none: needs <pseudotime>" in found.text
    assert len(found.addresses) == 3 and "Matsumoto" not in found.text


def drawn(*probabilities: float) -> dict:
    return {"facts": probability_facts(np.array(probabilities)), "figure": b"histogram"}


@pytest.mark.parametrize("method", PROBABLE)
def test_page_says_what_scores_mean(page, method):
    weights = {"seed": 5, "commit": "abc"}
    found = page(inferred(method, probabilities=drawn(0.75)), provenance=weights)
    assert "calibrated on simulated networks only" in found.text
    assert "A represses B 0.750" in found.text
    assert "1 ordered pairs; 1 with a probability of at least 0.5; 0 with" in found.text
    assert "seed 5, commit abc" in found.text and "grn-gat 9.8.7" in found.text
    assert all(a.startswith("data:image/png;base64,") for a in found.addresses)
    # The network on a light and on a dark page, hubs, the histogram.
    assert len(found.addresses) == 4
    other = page(inferred("pidc")).text
    assert "it is no probability" in other and "line without an arrow" in other
    assert "Spearman's correlation" in other and "simulated" not in other
    failed = page(inferred(method, row={"status": "failed", "reason": "?"}), provenance=weights)
    assert "seed 5" in failed.text
    own = page(inferred(method, probabilities=drawn(0.75)), provenance={})  # weights of the user
    assert "seed unknown, commit unknown" in own.text


def test_page_shows_the_probabilities_of_each_zero_shot_method(page):
    given = zip(TWO, (drawn(0.75), drawn(0.95, 0.5)), strict=True)
    methods = [inferred(m, probabilities=p) for m, p in given]
    text = page(*methods, inferred("pidc"), provenance={"seed": 5}).text
    one, other, rest = text.split("Probabilities of all pairs")[0:3]
    assert "1 ordered pairs; 1 with a probability of at least 0.5; 0 with" in other
    assert "2 ordered pairs; 2 with a probability of at least 0.5; 1 with" in rest
    assert "expression, pseudotime" in one and text.count("seed 5") == 1


AGAINST = ["it expects 27 regulators of each gene (more than 3.5)", "all cells have the same total"]
# What nobody may say of scores that should not be trusted.
FORBIDDEN = re.compile("probability that the edge exists|edges are expected|probabilit[^y]", re.I)


@pytest.mark.parametrize("method", PROBABLE)
def test_a_box_stands_where_scores_should_not_be_trusted(page, method):
    doubted = inferred(method, probabilities=drawn(0.75, 0.5), against=AGAINST)
    found = page(inferred("consensus"), doubted, provenance={"seed": 5})
    assert found.boxes == 1
    title = load_method(method).title
    box, rest = found.text.split("The conditions, their values")
    assert f"The scores of {title} should not be trusted on these data." in box
    assert "It expects 27 regulators of each gene (more than 3.5)." in box
    assert "All cells have the same total." in box
    assert "So the network of Consensus , which was not trained on anything, is shown first." in box
    assert not FORBIDDEN.search(found.text)
    assert "Scores of all pairs" in rest and "not to be trusted here" in rest
    assert (
        "2 ordered pairs; 2 with a score of at least 0.5; 0 with a score of at least 0.9." in rest
    )
    assert "read the score neither as a probability nor as an order of the edges" in rest
    assert "rank regulator sign target score 1 A represses B 0.750" in rest
    assert "probabilit" not in " ".join(found.alternatives).lower()
    assert "Ask for the method consensus" in page(doubted).text


@pytest.mark.parametrize("method", PROBABLE)
def test_no_box_stands_where_scores_are_as_usual(page, method):
    found = page(inferred(method, probabilities=drawn(0.75)), inferred("consensus"))
    assert found.boxes == 0 and "should not be trusted" not in found.text
    assert "A score is the probability that the edge exists." in found.text
    assert "(as many edges are expected, if the calibration holds)" in found.text
    assert "Histogram of the edge probabilities" in found.alternatives


def test_the_consensus_comes_first_where_the_box_stands():
    names = ["consensus", *TWO, "spearman-clr"]
    usual = [inferred(name) for name in names]
    assert [one.name for one in in_order(usual)] == [*TWO, "consensus", "spearman-clr"]
    doubted = [inferred(name, against=AGAINST if name in TWO else ()) for name in names]
    assert [one.name for one in in_order(doubted)] == ["consensus", "spearman-clr", *TWO]
    one = [inferred(name, against=AGAINST if name == TWO[0] else ()) for name in names]
    assert [found.name for found in in_order(one)] == [
        "consensus", TWO[1], "spearman-clr", TWO[0],
    ]  # fmt: skip


def stable(**known) -> pd.DataFrame:
    """Two edges with what is known of each."""
    found = edges(("A", "B", -0.75, "repression"), ("A", "C", 0.5, "unknown"))
    return found.assign(**known)


def test_the_page_begins_with_three_sentences(page):
    drawn_by = inferred("genie3", edges=stable(stability=[1.0, 0.5]), row={"edges": 2})
    drawn_by = replace(drawn_by, hubs=hubs(2, 0, 0))
    chance_of = inferred("pearson", null=null(0.25))
    text = page(drawn_by, chance_of).text
    assert (
        "From 60 cells GENIE3 draws 2 edges between 2 of 3 genes; g0 has most targets. Its scores "
        "put the edges in an order; they are no probabilities. 1 of these edges is in 90 % or more "
        "of the runs on parts of the cells; of the edges of Pearson chance would give 1 of 4."
    ) in text
    donors = replace(drawn_by, edges=stable(donors=[1.0, 1.0]), hubs=hubs(3, 2, 1, 1))
    text = page(donors).text
    assert "2 of them are in the network of each donor's own cells." in text
    assert "; g0 and g1 have most targets." in text  # the next two share a place
    methods = [inferred(m, metrics=metrics(p)) for m, p in (("pidc", 0.3), ("clr", 0.9))]
    source = {"expression": "c.csv", "reference": "k.csv"}
    text = page(*methods, source=source, reference=REFERENCE).text
    assert "edges (a pair in both directions is two)" in text and "most targets" not in text[:400]
    assert "CLR is best, with an average precision of 0.90 (random scores: 0.25)." in text
    doubted = page(inferred("consensus"), inferred(TWO[0], against=AGAINST)).text
    assert "should not be trusted on these data: see the box." in doubted
    assert "is not known" in page(inferred(TWO[0])).text
    assert "on shuffled genes were not asked for" in page(inferred("pidc")).text
    failed = inferred("scode", row={"status": "failed", "reason": "?"})
    assert verdict([failed], 60) == []


def test_edges_have_columns_of_what_is_known_of_them(page):
    known = stable(stability=[1.0, 0.5], donors=[0.5, 1.0], expected_false=[0.0, 3.0])
    text = page(inferred("genie3", edges=known)).text
    assert "score stable in donors by chance 1 A represses B -0.75 100 % 50 % 0" in text
    assert "stable in donors" not in page(inferred("genie3")).text


def test_links_lead_to_files_and_to_parts_of_the_page(page):
    found = page(inferred("pidc"), inferred("clr", metrics=metrics(0.5)))
    ids = set(re.findall(r'id="([^"]+)"', found.source))
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert inside == {"methods", "known", "pidc", "clr", "versions"} <= ids
    named = {name for name in found.links if name.startswith("pidc/")}
    assert named == {f"pidc/{name}" for name in (*FILES.values(), "network.png")}


def test_tables_are_sortable_without_a_network(page):
    found = page(inferred("pidc"))
    assert found.source.count('<table class="data"') == 2  # edges and hubs
    code = re.search(r'new Blob\(\[text\("([A-Za-z0-9+/=]+)"\)', found.source)[1]
    assert b"DataTables" in base64.b64decode(code)
    assert not re.findall(r'(?:src|href)="https?:', found.source)


def test_page_with_a_reference(page):
    source = {"expression": "c.csv", "reference": "k.csv"}
    found = page(inferred("genie3", metrics=metrics(0.8)), source=source, reference=REFERENCE)
    assert "6 ordered pairs of genes of the reference, of which 2 are edges (0.333)" in found.text
    assert "GENIE3 0.800 0.600 1.200 random score" in found.text
    assert "A represses B -0.75 yes" in found.text


def test_page_says_how_many_edges_chance_would_give(page):
    failed = {"status": "failed", "reason": "?"}
    methods = [
        inferred("pearson", null=null(0.25)),
        inferred("clr", null=null(9, "says little: why")),
        inferred("pidc"),
        inferred("genie3"),
        inferred("scode", row=failed),
        inferred("ppcor", null=null(float("nan"), "failed on the shuffled cells: ?")),
        inferred("leap", null=null(float("nan"))),
    ]
    assert [chance(one) for one in methods] == [
        "1 of 4",
        "4 of 4; says little: why",
        "says little of this score",
        "not asked for",
        "–",
        "failed on the shuffled cells: ?",
        "–",
    ]
    text = page(*methods).text
    assert "of them expected where nothing regulates" in text
    assert "not that one regulates the other" in text and "Pearson yes 1 1 of 4 2" in text
    assert "nothing regulates" not in page(inferred("pidc")).text


# ------------------------------------------------------------------------------------------- script


def test_script_reads_what_the_rules_wrote(tmp_path, repository):
    genes, cells = ["A", "B<", "C"], [f"c{i}" for i in range(5)]
    values = np.random.default_rng(1).random((3, 5))
    values[0, 0] = 0
    names = ("expression", "pseudotime", "edges", "regulators", "methods")
    source = SimpleNamespace(**{name: tmp_path / name for name in names})
    data = Dataset(genes, cells, values, None, no_edges(), ["A", "B<"])
    write_dataset(data, source.expression, source.pseudotime, source.edges, source.regulators)
    source.edges, source.metrics, source.weights, source.probabilities = [], [], [], []
    source.trust, source.null = tmp_path / "trust", tmp_path / "null"
    source.donors, source.times = [tmp_path / "donors"], []
    write_table(pd.DataFrame({"networks": [3, 3]}), source.donors[0])
    write_table(of_methods({}), source.trust)
    row = null(0.25)
    write_table(shuffled_null.of_methods({"pearson": pd.DataFrame([row])}), source.null)
    source.remarks = [tmp_path / "remarks"]
    write_remarks([Remark("guessed", "x.csv", "that it is so")], source.remarks[0])
    source.template = repository / "workflow/report/inferred.html.j2"
    source.graphml, source.hubs, source.figures, source.dark, source.bars = ([] for _ in range(5))
    rows = []
    for method in ("genie3", "pearson"):
        drawn = edges(("A", "B<", 0.5, "+"), ("B<", "C", 0.7, "-")).assign(directed=True)
        measured = hubs(1, 2, 1).assign(gene=genes)
        for name, kept in (
            ("graphml", source.graphml),
            ("tsv", source.hubs),
            ("png", source.figures),
        ):
            kept.append(tmp_path / f"{method}.{name}")
        write_graphml(source.graphml[-1], genes, drawn, measured)
        write_table(measured, source.hubs[-1])
        source.figures[-1].write_bytes(b"png")
        source.dark.append(source.figures[-1])
        source.bars.append(source.figures[-1])
        row = {"method": method, "title": "", "status": "ok", "reason": ""}
        rows.append(row | {"genes": 3, "genes_with_edge": 3, "edges": 2, "hubs": "A"})
    write_table(pd.DataFrame(rows), source.methods)
    task = SimpleNamespace(
        input=source,
        params=SimpleNamespace(
            name="mine",
            source={"expression": "x.csv", "regulators": "t", "donors": "d.csv"},
            files={"expression": source.expression},
            seed=5,
            not_default={"hubs.edges_per_gene": 2},
        ),
        output=SimpleNamespace(
            page=tmp_path / "out" / "report.html",
            record=tmp_path / "out" / "provenance.json",
            remarks=tmp_path / "all",
        ),
    )
    report_inferred.main(task)
    record = json.loads(task.output.record.read_text())
    assert record["seed"] == 5 and record["not_default"] == {"hubs.edges_per_gene": 2}
    assert record["inputs"]["expression"]["file"] == source.expression.name
    text = Checked(task.output.page.read_text()).text
    assert "x.csv 3 5 7 % 2 (t) none 3 with cells enough (d.csv)" in text
    assert "GENIE3 yes 2 not asked for 3" in text and "Pearson yes 2 1 of 4 3" in text
    assert "1 B< represses C 0.7 2 A activates B< 0.5" in text
    assert text.index("GENIE3") < text.index("Pearson")
    # The probabilities stand with the method that they are of.
    names = ("pearson", *TWO)
    parts = (source.graphml, source.hubs, source.figures, source.dark, source.bars)
    for files in parts:
        files[:] = [files[0]] * 3
    write_table(pd.DataFrame([rows[0] | {"method": name} for name in names]), source.methods)
    for name, weights in zip(names[1:], ([0.5], [-0.5, 0.25]), strict=True):
        source.probabilities.append(tmp_path / f"{name}.csv")
        targets = ["B<", "C"][: len(weights)]
        write_ranked_edges(source.probabilities[-1], ["A"] * len(weights), targets, weights)
    report_inferred.main(task)
    text = Checked(task.output.page.read_text()).text
    assert re.findall(r"(\d) ordered pairs;", text) == ["1", "2"]
    # The second one is doubted: it comes last, and its scores are no probabilities.
    row = {"method": TWO[1], "condition": "one_sign", "value": "0.95", "limit": "0.9"}
    write_table(pd.DataFrame([row | {"holds": "yes"}]), source.trust)
    report_inferred.main(task)
    found = Checked(task.output.page.read_text())
    assert found.boxes == 1 and "95 % of its strongest edges have the same sign" in found.text
    first, second = found.text.split("Probabilities of all pairs")
    assert "Scores of all pairs" in second and "Scores of all pairs" not in first


def test_probabilities_of_a_zero_shot_method(tmp_path):
    ranked = tmp_path / "rankedEdges.csv"
    write_ranked_edges(ranked, ["a", "b"], ["b", "a"], [-0.75, 0.5])
    found = all_probabilities(read_ranked_edges(ranked))
    assert found["facts"]["expected"] == 1.25 and found["figure"].startswith(b"\x89PNG")
    write_ranked_edges(ranked, [], [], [])  # it failed
    assert all_probabilities(read_ranked_edges(ranked)) is None
