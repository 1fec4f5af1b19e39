"""From ranked edges to a network that can be drawn: its edges, their signs, and a GraphML file.

GraphML (http://graphml.graphdrawing.org) is read by networkx, Cytoscape, Gephi and igraph.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path

ACTIVATION, REPRESSION, UNKNOWN = "+", "-", "unknown"
METHOD, CORRELATION = "method", "correlation"

SIGN_WORDS = {ACTIVATION: "activation", REPRESSION: "repression", UNKNOWN: "unknown"}
_VERBS = {ACTIVATION: "activates", REPRESSION: "represses", UNKNOWN: "regulates"}
_TOGETHER = {ACTIVATION: "rises with", REPRESSION: "falls with", UNKNOWN: "goes with"}
_EDGE_ATTRIBUTES = ["weight", "score", "rank", "directed", "sign", "sign_source", "interaction"]
_KNOWN = ("stability", "donors", "expected_false")  # numbers, of edges where they are known
_NOT_XML = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def choose_edges(ranked: pd.DataFrame, number: int, directed: bool = True) -> pd.DataFrame:
    """Return the edges of the network: the pairs with the largest |weight|, never one of weight 0.

    Args:
        ranked: columns Gene1 (regulator), Gene2 (target), EdgeWeight (signed, finite); each pair
            once, no self-loop, as `ranked_edges.read_ranked_edges` returns them.
        number: edges to choose, at least 0; fewer come back where fewer weights differ from 0.
        directed: whether the method tells regulator from target. Where it does not, the two
            directions of a pair have one weight and are not separated: the second comes back too
            where `number` would cut between them.

    Returns:
        Columns regulator, target, weight (magnitude, > 0), score (as the method gave it) and rank
        (1 for the largest weight; ties share the best of their ranks), sorted by rank. Equal
        weights are ordered by regulator, then target name (not `directed`: by the smaller, then the
        larger of the two names first), whatever the order of the input; that order also decides
        which of them are chosen.

    Raises:
        InputError: `number` is negative.
    """
    if number < 0:
        raise InputError(f"the number of edges is {number}, but should be at least 0")
    weight = ranked["EdgeWeight"].abs()
    kept = weight > 0
    if number and kept.sum() > number:  # sort no more pairs than may be chosen
        kept &= weight >= np.partition(weight, len(weight) - number)[len(weight) - number]
    edges = pd.DataFrame(
        {
            "regulator": ranked.loc[kept, "Gene1"],
            "target": ranked.loc[kept, "Gene2"],
            "weight": weight[kept],
            "score": ranked.loc[kept, "EdgeWeight"],
        }
    )
    edges["rank"] = edges["weight"].rank(method="min", ascending=False).astype(int)
    if directed:
        return edges.sort_values(["rank", "regulator", "target"], ignore_index=True)[:number]
    names = np.sort(edges[["regulator", "target"]].to_numpy(dtype=object), axis=1)
    edges["first"], edges["second"] = names.T
    by = ["rank", "first", "second", "regulator"]
    edges = edges.sort_values(by, ignore_index=True).drop(columns=["first", "second"])
    if 0 < number < len(edges):
        last, following = edges.loc[[number - 1, number], ["regulator", "target"]].to_numpy()
        if set(last) == set(following):
            number += 1
    return edges[:number]


def pairs_once(edges: pd.DataFrame) -> pd.DataFrame:
    """Edges of an undirected network, each pair once: the two genes in the order of their names."""
    names = np.sort(edges[["regulator", "target"]].to_numpy(dtype=object), axis=1)
    edges = edges.assign(regulator=names[:, 0], target=names[:, 1])
    return edges.drop_duplicates(["regulator", "target"])


def edge_signs(
    edges: pd.DataFrame, genes: Sequence[str], expression: np.ndarray | None
) -> pd.DataFrame:
    """Return sign and sign_source of each edge: whether its regulator activates or represses.

    Of a signed method the sign is that of its score (source `method`). Else it is that of
    Spearman's correlation of the two genes over all cells (source `correlation`), however weak:
    `unknown` where that is 0 or, for a gene with the same value in all cells, not defined.

    Args:
        edges: columns regulator, target, score, as of `choose_edges`.
        genes: names of the rows of the matrix.
        expression: array (genes, cells); None where the sign of the method's score is that of the
            regulation.

    Returns:
        Columns sign (+, - or unknown) and sign_source, with the index of `edges`.

    Raises:
        InputError: an edge names a gene that has no expression.
    """
    if expression is None:
        direction = np.sign(edges["score"].to_numpy())
    else:
        direction = _correlation_signs(edges, expression, genes)
    sign = np.select([direction > 0, direction < 0], [ACTIVATION, REPRESSION], UNKNOWN)
    source = METHOD if expression is None else CORRELATION
    table = pd.DataFrame({"sign": sign, "sign_source": source}, index=edges.index)
    return table.astype(object)


def _correlation_signs(
    edges: pd.DataFrame, expression: np.ndarray, genes: Sequence[str]
) -> np.ndarray:
    from scipy.stats import rankdata

    named = pd.unique(edges[["regulator", "target"]].to_numpy().ravel())
    rows = pd.Index(genes).get_indexer(named)
    if (rows < 0).any():
        raise InputError(f"edges name {named[rows < 0][0]}, which has no expression")
    # Centred ranks are multiples of 1/2, so that these sums are exact and a zero is a zero.
    ranks = rankdata(expression[rows], axis=1) - (expression.shape[1] + 1) / 2
    covariance = ranks @ ranks.T
    first, second = (pd.Index(named).get_indexer(edges[c]) for c in ("regulator", "target"))
    return np.sign(covariance[first, second])


def verb(sign: str, directed: bool) -> str:
    """Return what the first gene of an edge does to the second, in words.

    Args:
        sign: ACTIVATION, REPRESSION or UNKNOWN.
        directed: whether the method tells regulator from target.
    """
    return (_VERBS if directed else _TOGETHER)[sign]


def write_graphml(
    path: str | Path, genes: Sequence[str], edges: pd.DataFrame, hubs: pd.DataFrame
) -> None:
    """Write a network as directed GraphML; identical networks give identical bytes.

    Nodes are the genes with an edge only: thousands of unconnected ones would hide the network.
    Their id and attribute `name` are the gene's name. An edge has the attributes weight (magnitude
    of the score), score (as the method gave it), rank, directed (whether the method tells regulator
    from target), sign (activation, repression, unknown), sign_source (method, correlation) and
    interaction (activates, represses, regulates; not `directed`: rises with, falls with, goes with)
    and, where they are known, stability (share of the runs on random parts of the cells that have
    it), donors (share of them that have it), expected_false (pairs of gene-shuffled cells that are
    as strong) and evidence (what speaks of it beside expression).

    Args:
        path: file to write; it appears complete or not at all.
        genes: names in the order that nodes shall have in the file.
        edges: columns regulator, target, weight, score, rank, directed, sign, sign_source; where
            they are known stability, donors, expected_false, evidence.
        hubs: one row per gene: column `gene`, others become attributes of the nodes (numbers,
            truth values, text).

    Raises:
        InputError: a gene of an edge is not among the genes or has no row in `hubs`, or its name
            has a control character, which the format cannot hold.
    """
    import networkx as nx

    linked = set(edges["regulator"]) | set(edges["target"])
    attributes = {row.pop("gene"): row for row in hubs.to_dict("records")}
    known = attributes.keys() & set(genes)
    for gene in sorted(linked):
        if gene not in known:
            raise InputError(f"{path}: an edge names {gene}, which is not among the genes")
        if _NOT_XML.search(gene):
            raise InputError(f"{path}: the name of gene {gene!r} has a control character")
    graph = nx.DiGraph()
    for gene in genes:
        if gene in linked:
            graph.add_node(gene, name=gene, **attributes[gene])
    for edge in edges.to_dict("records"):
        numbers = {key: edge[key] for key in _KNOWN if not np.isnan(edge.get(key, np.nan))}
        evidence = {"evidence": edge["evidence"]} if edge.get("evidence") else {}
        graph.add_edge(
            edge["regulator"],
            edge["target"],
            **numbers,
            **evidence,
            weight=edge["weight"],
            score=edge["score"],
            rank=edge["rank"],
            directed=edge["directed"],
            sign=SIGN_WORDS[edge["sign"]],
            sign_source=edge["sign_source"],
            interaction=verb(edge["sign"], edge["directed"]),
        )
    with atomic_path(path) as temporary, open(temporary, "wb") as file:
        nx.write_graphml_xml(graph, file)  # not write_graphml, whose bytes depend on lxml


def read_graphml_edges(path: str | Path) -> pd.DataFrame:
    """Read the edges of a network that `write_graphml` wrote.

    Returns:
        Columns regulator, target and the attributes of an edge (`_KNOWN` NaN without), in the
        order of their ranks; of one rank by regulator, then target.
    """
    import networkx as nx

    found = [
        {"regulator": u, "target": v} | data
        for u, v, data in nx.read_graphml(path).edges(data=True)
    ]
    columns = ["regulator", "target", *_EDGE_ATTRIBUTES, *_KNOWN]
    edges = pd.DataFrame(found, columns=columns)
    return edges.sort_values(["rank", "regulator", "target"], ignore_index=True)
