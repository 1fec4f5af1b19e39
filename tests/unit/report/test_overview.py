"""The overview page: the numbers of the tables, in words that they bear out."""

import base64
import html
import re

import numpy as np
import pandas as pd
import pytest
from markupsafe import escape

from grn_gat.core.version import VERSION
from grn_gat.report.overview import (
    failure_list,
    hub_table,
    method_table,
    render_overview,
    time_table,
    usage_table,
    verdict,
)
from grn_gat.report.pictures import Picture
from grn_gat.report.usage import ELAPSED

NETWORK = "net<&1"
GENES = ["B<b>", "A&c", "g3", "g4", "g5", "g6"]


def summary(rows, **keys) -> pd.DataFrame:
    """Rows (dropout, method, metric, mean[, low, high]); the median is the mean + 0.001."""
    columns = ["dropout", "method", "metric", "mean", "low", "high"]
    table = pd.DataFrame([(*row, *[np.nan] * (6 - len(row))) for row in rows], columns=columns)
    return table.assign(median=table["mean"] + 0.001, n=20, **keys)


def titles(table: dict) -> list[str]:
    return [row["title"] for row in table["rows"]]


def test_method_table_by_hand():
    table = summary(
        [
            ("50", "clr", "auroc", 0.4),
            ("0", "random", "auroc", 0.5, 0.45, 0.55),
            ("0", "clr", "auroc", 0.8, 0.7, 0.9),
            ("0", "gat", "auroc", 0.1),
            ("0", "gat-noise", "auroc", 0.3),
            ("0", "degree-sum", "auroc", 0.9),
            ("100", "gat-one-hot", "auroc", 0.2),
            ("0", "pidc", "auroc", 0.6),
            ("50", "pidc", "auroc", 0.7),
            ("0", "clr", "f1", 0.25, 0.2, 0.3),
            ("0", "clr", "recall", 0.111),  # not asked for
        ]
    )
    got = method_table(table, {"auroc": "interval", "f1": "mean"})
    assert got["dropouts"] == ["0", "50", "100"]  # by number
    # the model first, then its controls, controls, methods; in each the better (mean over dropout)
    assert [row["method"] for row in got["rows"]] == [
        "gat", "gat-noise", "gat-one-hot", "degree-sum", "random", "pidc", "clr",
    ]  # fmt: skip
    rows = {row["method"]: row for row in got["rows"]}
    assert rows["clr"] == {
        "method": "clr",
        "title": "CLR",
        "kind": "method",
        "cells": ["0.800 [0.700, 0.900]", "0.400", "–", "0.250", "–", "–"],
    }
    assert rows["gat"]["cells"] == ["0.100", *"–––––"]
    assert (rows["gat"]["kind"], rows["gat"]["title"]) == ("GATv2", "GATv2")
    assert rows["gat-noise"]["kind"] == "model control"
    assert rows["degree-sum"]["title"] == "degree sum"


def test_method_table_of_methods_only():
    table = summary(
        [
            ("0", "constant", "auprc_beeline", 0.7),
            ("0", "random", "auprc_beeline", 0.3),
            ("0", "clr", "auprc_beeline", 0.2),
            ("0", "pidc", "auprc_beeline", 0.25),
            ("0", "pidc", "auroc", np.nan),
        ]
    )
    got = method_table(table, {"auprc_beeline": "median", "auroc": "mean"})
    assert titles(got) == ["PIDC", "CLR", "constant score", "random score"]
    # medians, to be told from means
    assert [row["cells"][0] for row in got["rows"]] == ["0.251", "0.201", "0.701", "0.301"]
    assert [row["cells"][1] for row in got["rows"]] == ["–"] * 4


def test_methods_of_a_table_can_be_chosen():
    table = summary([("0", m, "auroc", 0.5) for m in ("gat", "clr", "random")])
    assert titles(method_table(table, {"auroc": "mean"}, ["random", "gat"])) == [
        "GATv2", "random score",
    ]  # fmt: skip
    assert method_table(table, {"auroc": "mean"}, []) == {"dropouts": [], "rows": []}
    assert method_table(table, {"f1": "mean"})["rows"] == []


COMPARED = ["dropout", "metric", "method", "kind", "gat", "value", "difference", "low", "high"]


def comparison(*rows, n=20) -> pd.DataFrame:
    """Rows of COMPARED and the verdict, over n values each."""
    return pd.DataFrame(rows, columns=[*COMPARED, "verdict"]).assign(n=n)


def test_verdict_by_hand():
    table = comparison(
        ("0", "auroc", "random", "control", 0.7, 0.99, -0.29, -0.3, -0.2, "worse"),
        ("0", "auroc", "degree-sum", "control", 0.7, 0.6, 0.1, 0.05, 0.15, "better"),
        ("0", "auroc", "gat-noise", "model control", 0.7, 0.65, 0.05, -0.01, 0.1, "no difference"),
        ("0", "auroc", "clr", "method", 0.7, 0.8, -0.1, -0.2, -0.05, "worse"),
        # the best by average precision is another one; its verdict does not count
        ("0", "average_precision", "degree-sum", "control", 0.5, 0.9, -0.4, -0.5, -0.3, "worse"),
        ("0", "average_precision", "gat-noise", "model control", 0.5, 0.4, 0.1, 0, 0.2, "better"),
        ("50", "auroc", "degree-sum", "control", 0.66, 0.51, 0.15, 0.11, 0.19, "better"),
        ("50", "auroc", "gat-noise", "model control", 0.66, 0.5, 0.16, 0.1, 0.2, "better"),
    )
    assert verdict(table, ["control", "model control"], "its best control") == (
        "The GATv2 cannot be told from its best control, GATv2, noise as expression, at 0 % "
        "dropout (difference in AUROC +0.050 [-0.010, +0.100]); it beats its best control, degree "
        "sum, at 50 % dropout (difference in AUROC +0.150 [+0.110, +0.190])."
    )
    assert verdict(table, ["method"], "the best method that needs no label") == (
        "The GATv2 is worse than the best method that needs no label, CLR, at 0 % dropout "
        "(difference in AUROC -0.100 [-0.200, -0.050])."
    )
    assert "degree sum" in verdict(table, ["control"], "x")  # not the random score
    # The same at two levels is said once, with two differences.
    assert verdict(table.replace("no difference", "better"), ["model control"], "x") == (
        "The GATv2 beats x, GATv2, noise as expression, at 0 and 50 % dropout (difference in "
        "AUROC +0.050 [-0.010, +0.100], +0.160 [+0.100, +0.200])."
    )
    named = verdict(table, ["method"], "x", "The paper's model")
    assert named.startswith("The paper's model is worse than x, CLR, at 0 % dropout")


def test_the_best_is_one_of_those_with_most_values():
    table = comparison(
        ("0", "auroc", "leap", "method", 0.7, 0.9, -0.2, -0.3, -0.1, "worse"),
        ("0", "auroc", "clr", "method", 0.7, 0.6, 0.1, 0.05, 0.15, "better"),
        ("0", "auroc", "pidc", "method", 0.7, 0.5, 0.2, 0.1, 0.3, "better"),
        ("0", "auroc", "degree-sum", "control", 0.7, 0.8, -0.1, -0.2, -0.05, "worse"),
        # at this level it has as many as the others
        ("50", "auroc", "leap", "method", 0.7, 0.9, -0.2, -0.3, -0.1, "worse"),
        ("50", "auroc", "clr", "method", 0.7, 0.6, 0.1, 0.05, 0.15, "better"),
        # values by average precision do not count
        ("50", "average_precision", "clr", "method", 0.7, 0.6, 0.1, 0.05, 0.15, "better"),
        n=[18, 20, 20, 40, 18, 18, 20],
    )
    text = verdict(table, ["method"], "X")
    assert "beats X, CLR, at 0 % dropout" in text
    assert "it is worse than X, LEAP, at 50 % dropout" in text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("better", "beats X, CLR"),
        ("worse", "is worse than X, CLR"),
        ("no difference", "cannot be told from X, CLR"),
        (
            "not determined",
            "cannot be judged (too few seeds, replicates or regulators) against X, CLR",
        ),
    ],
)
def test_words_of_a_verdict(found, words):
    table = comparison(("0", "auroc", "clr", "method", 0.7, 0.6, 0.1, 0.05, 0.2, found))
    assert words in verdict(table, ["method"], "X")


def test_a_verdict_without_interval_or_without_others():
    nan = np.nan
    table = comparison(("0", "auroc", "clr", "method", 0.7, 0.6, 0.1, nan, nan, "not determined"))
    text = verdict(table, ["method"], "X")
    assert "interval" not in text and "nan" not in text and "+0.100)." in text
    assert verdict(table, ["control"], "X") == ""
    random = table.assign(method="random", kind="control")
    assert verdict(random, ["control"], "X") == "" == verdict(table.iloc[:0], ["method"], "X")


def test_failures():
    rows = [
        ("a", "0", 1, "scode", "no pseudotime"),
        ("a", "50", 1, "scode", "no pseudotime"),
        ("a", "50", 2, "scode", "too few cells"),
        ("a", "50", 2, "clr", "no pseudotime"),
    ]
    columns = ["network", "dropout", "replicate", "method", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    assert failure_list(table) == [
        "CLR: 1 data set: no pseudotime",
        "SCODE: 2 data sets: no pseudotime",
        "SCODE: 1 data set: too few cells",
    ]
    assert failure_list(table.iloc[:0]) == []


def used(*rows) -> pd.DataFrame:
    columns = ["network", "method", "datasets", "failed"]
    numbers = ["cpu_seconds", "wall_seconds", "peak_memory_mb"]
    return pd.DataFrame(rows, columns=columns + numbers)


def test_usage():
    nan = np.nan
    table = used(
        ("a", "clr", 0, 30, nan, nan, nan),
        ("a", "pearson", 30, 0, 0.00123, 1.234, 98.76),
        ("a", "genie3", 28, 2, 1234.5, 1300, 250.2),
    )
    assert usage_table(table) == [
        {"title": "GENIE3", "cells": ["28", "2", "1.23e+03", "1.3e+03", "250"]},
        {"title": "Pearson", "cells": ["30", "0", "0.00123", "1.23", "98.8"]},
        {"title": "CLR", "cells": ["0", "30", "–", "–", "–"]},
    ]


TIME = pd.DataFrame(
    [
        ("pidc", 30, 540.4, 0.8955),
        ("train_model", 2, 63.0, 0.1045),
        ("all jobs", 32, 603.4, 1.0),
        (ELAPSED, 32, 301.0, np.nan),
    ],
    columns=["what", "jobs", "wall_seconds", "share"],
)


def test_time():
    got = time_table(TIME)
    assert got["rows"] == [
        {"what": "PIDC", "cells": ["30", "540", "89.5"]},
        {"what": "train model", "cells": ["2", "63", "10.4"]},
    ]
    assert (got["all"], got["elapsed"]) == pytest.approx((603.4 / 60, 301 / 60))


def hubs(source: str, measure: str, dropout="all", n=1) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "network": NETWORK,
            "dropout": dropout,
            "source": source,
            "measure": measure,
            "gene": GENES,
            "value": [6.0, 5.5, 4, 3, 2, 1],
            "rank": [1, 2, 3, 4, 5, 6],
            "rank_low": 1.0,
            "rank_high": 4.0,
            "n": n,
        }
    )


def test_hubs_by_hand():
    table = pd.concat(
        [
            hubs("predicted-pair", "degree", n=9).iloc[::-1],
            hubs("predicted-pair", "degree", dropout="0"),
            hubs("reference", "attention_received"),
            hubs("attention-pair", "attention_given", n=2),
            hubs("reference", "something"),
            hubs("reference", "hits"),
        ]
    )
    got = hub_table(table)
    assert [(row["source"], row["measure"]) for row in got] == [
        ("reference", "hits"),
        ("attention-pair", "attention given"),
        ("predicted-pair", "degree"),
    ]
    assert got[0]["genes"] == ["B<b> (6)", "A&c (5.5)", "g3 (4)", "g4 (3)", "g5 (2)"]
    assert got[2]["genes"][:2] == ["B<b> (6) [1–4]", "A&c (5.5) [1–4]"]


# --- the page -------------------------------------------------------------------------------

PROTOCOLS = ["pair", "paper"]
REASON = "not defined for <script> & co."


def network_entry(protocols, replicates=4, **keys) -> dict:
    """As `Study.network_entries` describes a network that is the only one of its data set."""
    described = {"data_set": NETWORK, "reference": {}, "replicates": replicates}
    return keys | described | {"protocols": protocols}


def page_config(protocols, methods) -> dict:
    return {
        "networks": {NETWORK: network_entry(protocols, model="models/a<b.tsv", cells=123)},
        "protocols": protocols,
        "dropout": [0, 50],
        "seeds": [1, 2, 3, 4],
        "methods": methods,
        "parameters": "sampled",
        "method_settings": {"genie3": {"trees": 77}},
    }


def page_tables(protocols, methods) -> dict[str, pd.DataFrame]:
    """Report tables in which every value is another."""
    counter = iter(range(1000))
    parts, compared = [], []

    def value() -> float:
        return 0.1 + 0.0017 * next(counter)

    trained = ["gat", "gat-noise", "degree-sum", "random", "constant-logit"]
    wanted = {protocol: [*trained, *methods] for protocol in protocols}
    if methods:
        wanted["unsupervised"] = [*methods, "random", "constant"]
    for protocol, names in wanted.items():
        metrics = ["auroc", "average_precision", "early_precision_ratio", "auprc_beeline"]
        if protocol == "paper":
            metrics += [f"label_free_{m}" for m in ("accuracy", "precision", "recall", "f1")]
        rows = []
        for dropout in ("0", "50"):
            for name in names:
                calls = ["accuracy", "precision", "recall", "f1"] if name in trained else []
                rows += [(dropout, name, "prevalence", 0.222)]
                rows += [(dropout, name, m, value(), value(), value()) for m in metrics + calls]
                if name != "gat" and protocol in protocols:
                    kind = "method" if name in methods else "control"
                    numbers = [value() for _ in range(5)]
                    row = (dropout, "auroc", name, kind, *numbers, "better", protocol)
                    compared.append(row)
        parts.append(summary(rows, network=NETWORK, protocol=protocol))
    tables = {"summary": pd.concat(parts, ignore_index=True)}
    tables["metrics"] = tables["stability"] = tables["metrics_by_replicate"] = pd.DataFrame(
        {"network": [NETWORK]}
    )
    comparison_columns = [*COMPARED, "verdict", "protocol"]
    tables["comparison"] = pd.DataFrame(compared, columns=comparison_columns).assign(
        network=NETWORK, n=20
    )
    if protocols:
        tables["hubs"] = pd.concat([hubs("reference", "degree"), hubs("predicted-pair", "hits")])
    if methods:
        rows = [(m, "method", value(), "better", "replicates") for m in methods[1:]]
        columns = ["method", "kind", "difference", "verdict", "over"]
        tables["leaders"] = pd.DataFrame(rows, columns=columns).assign(
            network=NETWORK, dropout="0", leader=methods[0]
        )
        tables["usage"] = used(
            *((NETWORK, m, 8, 3, value(), 1 + value(), 100 * value()) for m in methods)
        )
        tables["time"] = TIME
        failures = [(NETWORK, "0", 1, methods[0], REASON), ("other", "0", 1, "clr", "elsewhere")]
        columns = ["network", "dropout", "replicate", "method", "reason"]
        tables["failures"] = pd.DataFrame(failures, columns=columns)
        tables["beeline"] = pd.DataFrame(
            {"network": [NETWORK], "method": "pidc", "metric": "auprc_beeline"}
        ).assign(
            median=0.911, beeline_median=0.922, beeline_low=0.933, beeline_high=0.944,
            **{"within_0.05_of_range": "no"},
        )  # fmt: skip
    return tables


NETWORKS = pd.DataFrame(
    {
        "network": NETWORK,
        "source": ["predicted-pair", "reference"],
        "genes": [99, 11],
        "edges": [98, 31],
        "self_loops": [97, 5],
        "undirected_edges": [96, 27],
        "mean_degree": [9.5, 4.909091],
        "diameter": [95, 3],
        "transitivity": [0.94, 0.56789],
        "mean_clustering": [0.93, 0.61234],
    }
)


@pytest.fixture
def page(repository):
    template = (repository / "workflow/report/overview.html.j2").read_text()

    def make(protocols, methods, tables=None, **config) -> str:
        tables = tables or page_tables(protocols, methods)
        config = page_config(protocols, methods) | config
        sizes = NETWORKS if protocols else pd.DataFrame()
        return render_overview(template, tables, sizes, config)

    return make


def rows_of(page: str) -> list[list[str]]:
    """Cells of all table rows, as they are read."""
    rows = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(cell) for cell in row] for row in cells]


def number(tables, protocol, method, metric, dropout, column="mean") -> str:
    table = tables["summary"]
    chosen = table[
        (table["protocol"] == protocol)
        & (table["method"] == method)
        & (table["metric"] == metric)
        & (table["dropout"] == dropout)
    ]
    return f"{chosen[column].item():.3f}"


def expected_cells(tables, protocol, method, metrics, form="interval") -> list[str]:
    cells = []
    for metric in metrics:
        for dropout in ("0", "50"):
            mean, low, high = (
                number(tables, protocol, method, metric, dropout, c)
                for c in ("mean", "low", "high")
            )
            cells.append(f"{mean} [{low}, {high}]" if form == "interval" else mean)
    return cells


def check_methods(text: str, protocols: list[str], methods: list[str]) -> None:
    """The part about methods."""
    tables = page_tables(protocols, methods)
    rows = rows_of(text)
    for method, title in (("pidc", "PIDC"), ("clr", "CLR"), ("constant", "constant score")):
        cells = expected_cells(tables, "unsupervised", method, ["average_precision"])
        cells += expected_cells(tables, "unsupervised", method, ["early_precision_ratio"], "mean")
        cells += [
            number(tables, "unsupervised", method, "auprc_beeline", d, "median")
            for d in ("0", "50")
        ]
        assert [title, *cells] in rows
    for row in tables["usage"].itertuples():
        title = {"pidc": "PIDC", "clr": "CLR"}[row.method]
        numbers = [f"{v:.3g}" for v in (row.cpu_seconds, row.wall_seconds, row.peak_memory_mb)]
        assert [title, "8", "3", *numbers] in rows
    assert ["PIDC", "30", "540", "89.5"] in rows and ["train model", "2", "63", "10.4"] in rows
    assert "took 10.1 minutes of wall time together" in text and "the last 5.0 minutes" in text
    assert ELAPSED not in text and "<td>all jobs</td>" not in text
    assert f"<li>PIDC: 1 data set: {html.escape(REASON)}</li>" in text
    assert "elsewhere" not in text
    assert [NETWORK, "PIDC", "auprc beeline", "0.911", "0.922", "0.933–0.944", "no"] in rows
    assert "GENIE3 has" not in text  # none was run


def check_protocols(text: str, methods: list[str]) -> None:
    """The part about the GATv2 and its hubs."""
    tables = page_tables(PROTOCOLS, methods)
    rows = rows_of(text)
    metrics = ["auroc", "average_precision"]
    calls = ["accuracy", "precision", "recall", "f1"]
    for protocol, title in (("pair", "GATv2"), ("paper", "paper's model")):
        assert f"<h3>Protocol {protocol}</h3>" in text
        assert [title, *expected_cells(tables, protocol, "gat", metrics)] in rows
        assert [title, *expected_cells(tables, protocol, "gat", calls, "mean")] in rows
        control = ["degree sum", *expected_cells(tables, protocol, "degree-sum", metrics)]
        assert control in rows
    label_free = [f"label_free_{m}" for m in calls]
    cells = expected_cells(tables, "paper", "gat", label_free, "mean")
    assert ["paper's model", *cells] in rows
    # verdicts as the function gives them; of the published model, the same at all levels, once
    compared = tables["comparison"]
    once = compared[(compared["protocol"] == "paper") & (compared["dropout"] == "0")]
    kinds = {"its best control": ["control", "model control"]}
    if methods:
        kinds["the best method that needs no label"] = ["method"]
    for what, chosen in kinds.items():
        sentence = verdict(compared[compared["protocol"] == "pair"], chosen, what)
        assert sentence and f"<p>{escape(sentence)}</p>" in text
        sentence = verdict(once, chosen, what, "The paper's model")
        assert sentence.count("% dropout") == 1 and f"<p>{escape(sentence)}</p>" in text
    opening = escape("The paper's model ")
    assert text.count("<p>The GATv2 ") == text.count(f"<p>{opening}") == len(kinds)
    # sizes of the reference, not those of a predicted network
    for words in (
        "11 genes, 31 regulatory edges", "(5 self-loops)", "undirected network 27", "4.909",
        "0.5679", "0.6123", "Share of edges among the scored pairs: 0.222",
    ):  # fmt: skip
        assert words in text, words
    assert {"predicted, protocol pair", "reference"} <= {row[0] for row in rows}
    assert ["reference", "degree", "B<b> (6)", "A&c (5.5)", "g3 (4)", "g4 (3)", "g5 (2)"] in rows


def check_page(text: str) -> None:
    """Nothing is left of the template, nothing unescaped, every tag is closed."""
    assert text.startswith("<!DOCTYPE html>") and text.rstrip().endswith("</html>")
    assert "{{" not in text and "{%" not in text and "nan" not in re.sub(r"\w*nan\w+", "", text)
    for raw in (NETWORK, "<b>", "A&c", "a<b.tsv", "<script>"):
        assert raw not in text.replace("<b>How", "").replace("<b>controls", "").replace(
            "<b>Methods", ""
        )
    assert f'<h2 id="network-1">{html.escape(NETWORK)}</h2>' in text
    assert "Simulated from <code>models/a&lt;b.tsv</code>: 4 data sets" in text
    assert "123 cells, sampled parameters" in text
    assert "Dropout levels: 0, 50 %." in text
    assert ("Training seeds: 4." in text) != ("No model was trained." in text)
    for tag in ("table", "tr", "ul", "h3", "p", "code"):
        assert len(re.findall(rf"<{tag}[ >]", text)) == text.count(f"</{tag}>"), tag
    for table in re.findall(r"<table>.*?</table>", text, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        widths = {row.count("<td") for row in rows if "<td" in row}
        head = sum(int(n or 1) for n in re.findall(r'<th(?: colspan="(\d+)")?', rows[0]))
        assert widths <= {head} or "first genes" in rows[0], table


def test_protocols_and_methods(page):
    text = page(PROTOCOLS, ["pidc", "clr"])
    check_page(text)
    check_methods(text, PROTOCOLS, ["pidc", "clr"])
    check_protocols(text, ["pidc", "clr"])
    assert "B&lt;b&gt; (6)" in text and "A&amp;c (5.5)" in text


def test_methods_only(page):
    text = page([], ["pidc", "clr"])
    check_page(text)
    check_methods(text, [], ["pidc", "clr"])
    assert "No model was trained." in text
    assert "Protocol" not in text and "Hubs" not in text and "Reference network" not in text


def test_the_zero_shot_model_with_pseudotime_is_no_peer_of_the_one_without(repository):
    methods = ["pidc", "gat-zeroshot", "gat-zeroshot-pseudotime"]
    tables = page_tables([], methods)
    rows = [
        ("0", "average_precision", "pidc", "method", 0.7, 0.6, 0.1, 0.05, 0.15, "better"),
        (
            "0",
            "average_precision",
            "gat-zeroshot-pseudotime",
            "method",
            0.7,
            0.8,
            -0.1,
            -0.2,
            -0.05,
            "worse",
        ),
        ("0", "average_precision", "degree-sum", "control", 0.7, 0.5, 0.2, 0.1, 0.3, "better"),
    ]
    tables["comparison"] = comparison(*rows).assign(network=NETWORK, protocol="unsupervised")
    template = (repository / "workflow/report/overview.html.j2").read_text()
    text = render_overview(template, tables, pd.DataFrame(), page_config([], methods))
    start = "<p>The GATv2 zero-shot "
    assert "(difference in average precision +0.100" in text
    found = [line.split(", at 0 % dropout (difference")[0] for line in text.split(start)[1:]]
    assert found == [
        "beats the best other method, PIDC",
        "is worse than the same with pseudotime, GATv2 zero-shot, with pseudotime",
        "beats the best control, degree sum",
    ]


def test_protocols_only(page):
    text = page(PROTOCOLS, [])
    check_page(text)
    check_protocols(text, [])
    for words in (
        "Methods without labels", "Beside published", "peak memory", "Data sets that", "GENIE3",
        '<h2 id="time">',
    ):  # fmt: skip
        assert words not in text


def test_data_sets_that_are_read(page):
    for entry, words in (
        ({"folders": ["d/1", "d/2&3"]}, "Read from d/1, d/2&amp;3."),
        ({"h5ad": "cells<1.h5ad", "edges": "e.csv"}, "Read from cells&lt;1.h5ad."),
    ):
        text = page([], ["pidc", "clr"], networks={NETWORK: network_entry([], **entry)})
        assert words in text and "Simulated from" not in text


def test_kinds_are_named_where_there_are_two(page):
    def text(*kinds, methods=("pidc", "clr")) -> str:
        keys = ({} if kind is None else {"kind": kind} for kind in kinds)
        entries = [network_entry([], h5ad="cells.h5ad", **one) for one in keys]
        tables = page_tables([], methods)
        for name, table in tables.items():
            if "network" in table:
                copies = [table.assign(network=f"{NETWORK}{k}") for k in range(len(kinds))]
                tables[name] = pd.concat(copies, ignore_index=True)
        networks = {f"{NETWORK}{k}": entry for k, entry in enumerate(entries)}
        for name, entry in networks.items():
            entry["data_set"] = name
        return page([], list(methods), tables=tables, networks=networks, dropout=[50, 0])

    two = text("simulated", None, "q<PCR")
    assert "every kind of data (simulated, q&lt;PCR)" in two
    assert "<code>results/tables/kinds.tsv</code>" in two
    assert "<code>results/figures/kinds/drop-050.png</code>" in two
    assert "kinds" not in text("simulated", "simulated", None)


def test_a_protocol_that_is_left_out_and_one_with_fewer_folds(repository):
    template = (repository / "workflow/report/overview.html.j2").read_text()
    tables = page_tables(["pair"], [])
    rows = [(NETWORK, "pair", 1, "ok", "3 folds"), (NETWORK, "gene", 1, "failed", "few genes")]
    splits = pd.DataFrame(rows, columns=["network", "protocol", "seed", "status", "reason"])
    config = page_config(["pair", "gene"], [])
    text = render_overview(template, tables, NETWORKS, config, splits=splits)
    pair, gene = text.split("<h3>Protocol ")[1:]
    assert "<b>Note</b>: 3 folds." in pair and "<table>" in pair
    assert "<b>Left out</b>: few genes." in gene and "held out" not in gene.split("<h3>")[0]


def test_one_replicate_has_no_copies(repository):
    template = (repository / "workflow/report/overview.html.j2").read_text()
    for replicates, words in ((1, "an ordinary random split"), (4, "Leaky on purpose")):
        config = page_config(["pooled"], [])
        config["networks"][NETWORK]["replicates"] = replicates
        text = render_overview(template, page_tables(["pooled"], []), NETWORKS, config)
        assert words in text


def test_a_network_without_activating_edges(repository):
    template = (repository / "workflow/report/overview.html.j2").read_text()
    tables = page_tables(["paper"], [])
    table = tables["summary"]
    table.loc[table["metric"] == "prevalence", "mean"] = 0.0
    ranking = table["metric"].isin(["auroc", "average_precision"])
    table.loc[ranking, ["mean", "low", "high"]] = np.nan
    tables["comparison"] = tables["comparison"][:0]  # no value, no difference
    text = render_overview(template, tables, NETWORKS, page_config(["paper"], []))
    assert "This network has no activating edge: there is nothing to rank." in text
    assert "Share of edges among the scored pairs" not in text


def test_an_unknown_variable_in_the_template_is_an_error():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render_overview("{{ nothing }}", page_tables([], ["clr"]), None, page_config([], ["clr"]))


def test_page_says_which_version_made_it(repository):
    template = (repository / "workflow/report/overview.html.j2").read_text()
    text = render_overview(template, page_tables([], ["clr"]), None, page_config([], ["clr"]))
    assert f"Made by grn-gat {VERSION}." in text


def test_figures_stand_where_they_are_read_and_the_key_figure_first(repository, tmp_path):
    template = (repository / "workflow/report/overview.html.j2").read_text()
    pictures = []
    for name in (f"{NETWORK}/metrics", f"{NETWORK}/methods", "method_summary/drop-000"):
        path = tmp_path / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        pictures.append(Picture.of(str(path)))
    tables = page_tables(["pair"], ["clr"])
    text = render_overview(
        template, tables, NETWORKS, page_config(["pair"], ["clr"]), figures=pictures
    )
    key, metrics, methods = (
        text.index(f'src="data:image/png;base64,{base64.b64encode(name).decode()}"')
        for name in (
            b"method_summary/drop-000",
            f"{NETWORK}/metrics".encode(),
            f"{NETWORK}/methods".encode(),
        )
    )
    order = [
        text.index("<h1>"), key, text.index("<nav"), text.index('<h2 id="network-1">'),
        metrics, text.index("<h3>Protocol pair"), text.index("<h3>Methods without"), methods,
    ]  # fmt: skip
    assert order == sorted(order)
    assert text.count("<img") == 3 and text.count('alt="') == 3 and 'alt=""' not in text


def test_contents_lead_to_what_is_there(page):
    text = page(PROTOCOLS, ["pidc", "clr"])
    links = re.findall(r'<a href="#([\w-]+)">', text)
    assert links[0] == "network-1" and links[-1] == "versions"
    assert all(text.count(f'id="{link}"') == 1 for link in links)


@pytest.mark.parametrize("number", [1, 2])
def test_what_came_out_is_said_once(page, number):
    """First of all, or with its network where there are several."""
    methods = ["pidc", "clr"]
    tables = page_tables([], methods)
    values = [
        ("0", m, k, 4.0) for m in methods for k in ("average_precision_ratio", "relabelling_z")
    ]
    more = summary(values, network=NETWORK, protocol="unsupervised")
    tables["summary"] = pd.concat([tables["summary"], more], ignore_index=True)
    names = [NETWORK, "other network"][:number]
    for name, table in tables.items():
        if "network" in table:
            own = table[table["network"] == NETWORK]
            tables[name] = pd.concat([own.assign(network=each) for each in names])
    entries = {name: network_entry([], h5ad="cells.h5ad") | {"data_set": name} for name in names}
    text = page([], methods, tables=tables, networks=entries)
    heads, first = ([m.start() for m in re.finditer(p, text)] for p in ("<h2 id", 'class="first"'))
    assert len(first) == number
    assert (first[0] < heads[0]) == (number == 1) and heads[number - 1] < heads[number]
    if number == 2:
        assert heads[0] < first[0] < heads[1] < first[1] < heads[2]
