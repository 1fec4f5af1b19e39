"""The page of target infer: what the methods made of one expression file, for its owner."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import CONSENSUS, Method, load_method
from grn_gat.core.citation import LICENCE, citation
from grn_gat.core.remarks import Remark
from grn_gat.data.evidence_names import given, listed
from grn_gat.data.network_export import pairs_once
from grn_gat.evaluate.shuffled_null import expected_edges
from grn_gat.report.figures_network import plot_score_histogram
from grn_gat.report.inferred_verdict import verdict
from grn_gat.report.method_titles import needs
from grn_gat.report.sortable_tables import sortable_tables
from grn_gat.report.style import MEASURE_TITLES, png_bytes

TOP_EDGES = 200
TOP_HUBS = 100
METRICS = ("average_precision", "auroc", "early_precision_ratio")
_HUB_COLUMNS = ("degree", "out_degree", "in_degree", "betweenness", "closeness", "pagerank")
_NEEDS_DIRECTION = ("out_degree", "in_degree")
_LIKELY = (0.5, 0.9)  # probabilities from which pairs are counted


@dataclass(frozen=True)
class Inferred:
    """What one method gave.

    Attributes:
        name: name of the method.
        record: its entry in the registry.
        row: its row of methods.tsv.
        edges: the drawn network (`network_export.read_graphml_edges`).
        hubs: its hub measures, the highest degree first (hubs.tsv).
        figure: the drawn network as PNG.
        dark: the same for a dark page.
        bars: its first hubs as PNG.
        metrics: metrics.tsv, or None without a reference.
        probabilities: of a zero-shot method that did not fail, facts (`probability_facts`) and
            figure (PNG) of all pairs; else None.
        against: sentences, without their dot, on why its scores should not be trusted; none where
            they should, or where nobody can tell.
        null: its row of null.tsv, or None where it was not run on shuffled genes.
        times: its first hubs along pseudotime as PNG, or None without one.
    """

    name: str
    record: Method
    row: Mapping
    edges: pd.DataFrame
    hubs: pd.DataFrame
    figure: bytes
    dark: bytes
    bars: bytes
    metrics: pd.DataFrame | None
    probabilities: Mapping | None = None
    against: Sequence[str] = ()
    null: Mapping | None = None
    times: bytes | None = None


def in_order(methods: Sequence[Inferred]) -> list[Inferred]:
    """Methods in the order of the page: those of the same place as they came.

    The zero-shot ones come first; where the scores of one should not be trusted, the consensus does
    and that one is last.
    """
    doubted = any(one.against for one in methods)

    def place(one: Inferred) -> int:
        if one.against:
            return 3
        if one.name == CONSENSUS and doubted:
            return 0
        return 1 if one.record.probabilities else 2

    return sorted(methods, key=place)


def embedded(png: bytes) -> str:
    """A picture as the address that an HTML page shows it by, without a file beside it."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def edge_rows(
    method: str, edges: pd.DataFrame, directed: bool, reference: pd.DataFrame | None
) -> list[dict]:
    """The first edges of a network; of an undirected one each pair once.

    Each has rank, regulator, verb, target, score (of a zero-shot method the probability, of others
    the score as the method gave it), sign_source, stability, donors and chance (expected false
    ones; each empty where nobody asked) and known: whether the reference has the edge (where
    undirected: in either direction), empty without a reference.
    """
    if not directed:
        edges = pairs_once(edges)
    known, members = set(), set()
    if reference is not None:
        known = set(zip(reference["Gene1"], reference["Gene2"], strict=True))
        known |= set() if directed else {(v, u) for u, v in known}
        members = {gene for pair in known for gene in pair}

    def in_reference(pair: tuple[str, str]) -> str:
        if reference is None:
            return ""
        return ("yes" if pair in known else "no") if members.issuperset(pair) else "gene not in it"

    probability = load_method(method).probabilities
    return [
        {
            "rank": edge["rank"],
            "regulator": edge["regulator"],
            "verb": edge["interaction"],
            "target": edge["target"],
            "score": f"{edge['weight']:.3f}" if probability else f"{edge['score']:.3g}",
            "sign_source": edge["sign_source"],
            "stability": _percent(edge.get("stability", np.nan)),
            "donors": _percent(edge.get("donors", np.nan)),
            "chance": _number(edge.get("expected_false", np.nan)),
            "known": in_reference((edge["regulator"], edge["target"])),
        }
        for edge in edges[:TOP_EDGES].to_dict("records")
    ]


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{100 * share:.0f} %"


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0f}"


def hub_rows(hubs: pd.DataFrame, directed: bool) -> tuple[list[str], list[list[str]]]:
    """Titles and cells of the genes with the highest degree; only those that have an edge."""
    shown = [c for c in _HUB_COLUMNS if directed or c not in _NEEDS_DIRECTION]
    top = hubs[hubs["degree"] > 0][:TOP_HUBS]
    titles = ["gene", *(MEASURE_TITLES[c] for c in shown)]
    return titles, [[row["gene"], *(f"{row[c]:.3g}" for c in shown)] for _, row in top.iterrows()]


def metric_rows(methods: Sequence[Inferred]) -> dict | None:
    """Metrics of the methods, the best first, above those of scores that know nothing.

    Returns None without a reference; else pairs, edges, prevalence and rows (title and cells).
    """
    found = [
        (one.record.title, one.metrics.set_index("metric"))
        for one in methods
        if one.metrics is not None and len(one.metrics)
    ]
    if not found:
        return None
    found.sort(key=lambda item: -item[1].loc[METRICS[0], "value"])
    any_one = found[0][1]  # pairs and controls are the same for all methods
    values = [(title, table["value"]) for title, table in found]
    values += [("random score", any_one["random"]), ("constant score", any_one["constant"])]
    facts = any_one.loc[["pairs", "edges", "prevalence"], "value"].to_dict()
    rows = [
        {"title": title, "cells": [f"{column[metric]:.3f}" for metric in METRICS]}
        for title, column in values
    ]
    return facts | {"rows": rows}


def data_facts(
    expression: np.ndarray,
    pseudotime: pd.DataFrame | None,
    regulators: Sequence[str],
    source: Mapping,
    remarks: Sequence[Remark],
    donors: int = 0,
) -> dict:
    """What the page says of the data.

    Args:
        expression: array (genes, cells).
        pseudotime: columns are trajectories; None where there is none.
        regulators: candidate regulators.
        source: what the user gave, by key.
        remarks: on the files that were read.
        donors: number of those whose own cells gave a network; 0 where none was named.

    Returns:
        source, genes, cells, zeros (share of the values), regulators (number), remarks, donors,
        trajectories (number; 0 without pseudotime), evidence (what was given of each kind).
    """
    genes, cells = expression.shape
    return {
        "source": source,
        "genes": genes,
        "cells": cells,
        "zeros": float((expression == 0).mean()),
        "regulators": len(regulators),
        "remarks": list(remarks),
        "donors": donors,
        "trajectories": 0 if pseudotime is None else pseudotime.shape[1],
        "evidence": {kind: ", ".join(listed(source, kind)) for kind in given(source)},
    }


def probability_facts(probabilities: np.ndarray) -> dict:
    """Number of pairs, the sum of their probabilities, and how many reach some of them."""
    return {
        "pairs": len(probabilities),
        "expected": float(probabilities.sum()),
        "likely": [(level, int((probabilities >= level).sum())) for level in _LIKELY],
    }


def all_probabilities(ranked: pd.DataFrame, trusted: bool = True) -> dict | None:
    """Facts and histogram (PNG) of the ranked edges of a zero-shot method; None where it failed.

    Where they are not `trusted`, the figure calls them scores.
    """
    probabilities = ranked["EdgeWeight"].abs().to_numpy()
    if not len(probabilities):
        return None
    figure = plot_score_histogram(probabilities, "probability of the edge" if trusted else "score")
    return {"facts": probability_facts(probabilities), "figure": png_bytes(figure)}


def chance(one: Inferred) -> str:
    """Say how many of the drawn edges chance would give, in a cell of the table of methods."""
    if one.row["status"] != "ok":
        return "–"
    if one.null is None:
        return "says little of this score" if one.record.relative else "not asked for"
    texts = (expected_edges(one.null), one.null["remark"])
    return "; ".join(text for text in texts if text) or "–"


def _method(one: Inferred, reference: pd.DataFrame | None) -> dict:
    """What the page shows of one method."""
    titles, hubs = hub_rows(one.hubs, one.record.directed)
    pairs = one.probabilities
    return {
        "name": one.name,
        "record": one.record,
        "row": one.row,
        "needs": ", ".join(["expression", *filter(None, [needs(one.record)])]),
        "is_probability": one.record.probabilities and not one.against,
        "against": [f"{text[0].upper()}{text[1:]}." for text in one.against],
        "chance": chance(one),
        "all_pairs": pairs and {**pairs, "figure": embedded(pairs["figure"])},
        "figure": embedded(one.figure),
        "dark": embedded(one.dark),
        "bars": embedded(one.bars),
        "times": one.times and embedded(one.times),
        "edges": edge_rows(one.name, one.edges, one.record.directed, reference),
        "drawn": len(one.edges if one.record.directed else pairs_once(one.edges)),
        "hub_titles": titles,
        "hubs": hubs,
    }


def _consensus(methods: Sequence[Inferred]) -> str:
    """Title of the consensus; empty where it gave no network."""
    found = (one for one in methods if one.name == CONSENSUS and one.row["status"] == "ok")
    return next((one.record.title for one in found), "")


def render_report(
    template: str,
    data: Mapping,
    methods: Sequence[Inferred],
    reference: pd.DataFrame | None,
    provenance: Mapping | None,
    version: str,
    style: str = "",
) -> str:
    """Fill the template (workflow/report/inferred.html.j2).

    Args:
        template: text of the template.
        data: the name of the data set, and `data_facts`.
        methods: in the order of the page.
        reference: known edges (Gene1, Gene2, Type), or None.
        provenance: of the weights, where a zero-shot method is among the methods; else None.
        version: of this package.
        style: of the page (workflow/report/page.css).
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(template).render(
        data=data,
        methods=[_method(one, reference) for one in methods],
        consensus=_consensus(methods),
        metrics=metric_rows(methods),
        verdict=verdict(methods, data["cells"]),
        style=style,
        tables=sortable_tables(),
        with_null=any(one.null is not None for one in methods),
        with_reference=reference is not None,
        provenance=provenance,
        version=version,
        citation=citation(),
        licence=LICENCE,
    )
