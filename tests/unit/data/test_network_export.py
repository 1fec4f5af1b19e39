"""From ranked edges to a drawn network: the choice of edges, their signs, GraphML."""

import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.data.network_export import (
    choose_edges,
    edge_signs,
    pairs_once,
    read_graphml_edges,
    write_graphml,
)

HOSTILE = ["A&B", "<b>", 'say "x"', "it's", "NA", "1", "]]>", "é\u4e2d"]


def ranking(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["Gene1", "Gene2", "EdgeWeight"])


def chain(names: list[str]) -> pd.DataFrame:
    """Edges along a list of genes, their weights falling, their signs alternating."""
    rows = [(a, b, (-1.0) ** i / (i + 3)) for i, (a, b) in enumerate(pairwise(names))]
    edges = choose_edges(ranking(*rows), len(rows)).assign(directed=False)
    return edges.join(edge_signs(edges, [], None))


def attributes(names: list[str]) -> pd.DataFrame:
    numbers = range(len(names))
    table = pd.DataFrame({"gene": names, "degree": numbers, "pagerank": np.sqrt(numbers)})
    return table.assign(candidate_regulator=[i % 2 == 0 for i in numbers])


# ------------------------------------------------------------------------------ choice of the edges


def test_largest_magnitudes_are_chosen_and_zeros_never():
    ranked = ranking(("a", "b", 0.5), ("b", "a", -2.0), ("a", "c", 0.0), ("c", "a", 1.0))
    edges = choose_edges(ranked, 2)
    assert list(edges.columns) == ["regulator", "target", "weight", "score", "rank"]
    assert edges.to_numpy().tolist() == [["b", "a", 2.0, -2.0, 1], ["c", "a", 1.0, 1.0, 2]]
    assert len(choose_edges(ranked, 4)) == 3
    assert len(choose_edges(ranked, 0)) == 0
    assert choose_edges(ranked, 0)["rank"].dtype == int
    assert len(choose_edges(ranked[:0], 3)) == 0
    assert len(choose_edges(ranking(("a", "b", 0.0), ("b", "a", -0.0)), 1)) == 0
    with pytest.raises(InputError, match="edges is -1"):
        choose_edges(ranked, -1)


def test_ties_share_a_rank_and_are_cut_by_name_in_any_order():
    rows = [("b", "a", -1.0), ("a", "c", 1.0), ("c", "a", 1.0), ("a", "b", 1.0), ("c", "b", 3.0)]
    expected = [["c", "b", 1], ["a", "b", 2], ["a", "c", 2], ["b", "a", 2]]
    for order in (rows, rows[::-1]):
        edges = choose_edges(ranking(*order), 4)
        assert edges[["regulator", "target", "rank"]].to_numpy().tolist() == expected
    assert choose_edges(ranking(*rows), 5)["rank"].tolist() == [1, 2, 2, 2, 2]
    below = ranking(*rows, ("d", "a", 0.5))
    assert choose_edges(below, 6)["rank"].tolist()[-1] == 6


def test_choice_is_that_of_a_full_sort():
    rng = np.random.default_rng(1)
    names = [f"g{i}" for i in range(12)]
    rows = [(a, b, float(rng.integers(-4, 5))) for a in names for b in names if a != b]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    order = sorted((-abs(w), a, b) for a, b, w in rows if w)
    for number in (1, 7, 40, len(order), len(rows)):
        edges = choose_edges(ranking(*rows), number)
        found = zip(-edges["weight"], edges["regulator"], edges["target"], strict=True)
        assert list(found) == order[:number]


def test_directions_of_an_undirected_pair_are_not_separated():
    names, score = "abcd", {"ab": 2.0, "ac": 1.0, "ad": 1.0, "bc": 1.0, "bd": 0.0, "cd": 0.5}
    rows = [(a, b, score["".join(sorted(a + b))]) for a in names for b in names if a != b]
    for order in (rows, rows[::-1]):
        for number, pairs in ((0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (8, 4), (9, 5), (12, 5)):
            edges = choose_edges(ranking(*order), number, directed=False)
            found = (edges["regulator"] + edges["target"]).tolist()
            expected = [
                name for p in ("ab", "ac", "ad", "bc", "cd")[:pairs] for name in (p, p[::-1])
            ]
            assert found == expected
    # Only one of the two is a regulator: there is no second direction to keep.
    one = choose_edges(ranking(("a", "b", 1.0), ("a", "c", 1.0)), 1, directed=False)
    assert one[["regulator", "target"]].to_numpy().tolist() == [["a", "b"]]


# ------------------------------------------------------------------------------------------- signs


def test_signs_of_a_signed_method_are_those_of_its_scores():
    edges = choose_edges(ranking(("a", "b", -2.0), ("b", "a", 1.0)), 2)
    signs = edge_signs(edges, ["a", "b"], None)
    assert signs.to_numpy().tolist() == [["-", "method"], ["+", "method"]]


def test_signs_of_an_unsigned_method_are_those_of_spearmans_correlation():
    genes = ["up", "flat", "far", "down", "even"]
    expression = np.array(
        [[1, 2, 3, 4], [5, 5, 5, 5], [0, 1, 2, -99], [9, 7, 5, 3], [1, 0, 0, 1.0]]
    )
    rows = [("up", gene, 1.0) for gene in genes[1:]]
    rows.append(("far", "down", -2.0))
    edges = choose_edges(ranking(*rows), 5)
    signs = edge_signs(edges, genes, expression)
    found = dict(zip(edges["regulator"] + " " + edges["target"], signs["sign"], strict=True))
    assert found == {
        "far down": "+",  # ranks 2 3 4 1 and 4 3 2 1
        "up down": "-",
        "up even": "unknown",  # correlation 0
        "up far": "-",  # Pearson's is negative, too
        "up flat": "unknown",  # not defined
    }
    assert set(signs["sign_source"]) == {"correlation"}


def test_signs_agree_with_scipy_and_not_with_pearson():
    from scipy.stats import pearsonr, spearmanr

    rng = np.random.default_rng(3)
    genes = [f"g{i}" for i in range(12)]
    expression = rng.lognormal(0, 3, (12, 15)).round(1)
    rows = [(a, b, rng.random() - 0.5) for a in genes for b in genes if a != b]
    edges = choose_edges(ranking(*rows), len(rows))
    signs = edge_signs(edges, genes, expression)["sign"].tolist()
    of = dict(zip(genes, expression, strict=True))
    pairs = list(zip(edges["regulator"], edges["target"], strict=True))
    symbols = {1.0: "+", -1.0: "-", 0.0: "unknown"}
    assert signs == [symbols[np.sign(spearmanr(of[a], of[b])[0])] for a, b in pairs]
    assert signs != [symbols[np.sign(pearsonr(of[a], of[b])[0])] for a, b in pairs]


def test_no_edge_and_unknown_gene():
    edges = choose_edges(ranking(("a", "b", 1.0)), 1)
    for signed in (True, False):
        none = edge_signs(edges[:0], ["a", "b"], None if signed else np.ones((2, 4)))
        assert list(none.columns) == ["sign", "sign_source"]
        assert len(none) == 0
    with pytest.raises(InputError, match="name b, which has no expression"):
        edge_signs(edges, ["a", "c"], np.ones((2, 4)))


# ----------------------------------------------------------------------------------------- GraphML


def test_graphml_round_trip_with_hostile_names(tmp_path):
    edges, hubs = chain(HOSTILE), attributes(HOSTILE)
    path = tmp_path / "new" / "network.graphml"
    write_graphml(path, HOSTILE, edges, hubs)
    graph = nx.read_graphml(path)
    assert graph.is_directed()
    assert list(graph) == HOSTILE
    for row in hubs.rename(columns={"gene": "name"}).to_dict("records"):
        assert graph.nodes[row["name"]] == row
    assert type(graph.nodes[HOSTILE[1]]["degree"]) is int
    assert graph.nodes[HOSTILE[1]]["candidate_regulator"] is False
    assert graph.number_of_edges() == len(HOSTILE) - 1
    assert graph.edges["A&B", "<b>"] == {
        "weight": 1 / 3,
        "score": 1 / 3,
        "rank": 1,
        "directed": False,
        "sign": "activation",
        "sign_source": "method",
        "interaction": "rises with",
    }
    second = graph.edges["<b>", 'say "x"']
    assert (second["weight"], second["score"], second["rank"]) == (0.25, -0.25, 2)
    assert (second["sign"], second["interaction"]) == ("repression", "falls with")
    assert not graph.has_edge("<b>", "A&B")
    assert [file.name for file in path.parent.iterdir()] == ["network.graphml"]


def test_unknown_signs_regulate(tmp_path):
    edges = chain(["a", "b"]).assign(sign="unknown", sign_source="correlation", directed=True)
    write_graphml(tmp_path / "n", ["a", "b"], edges, attributes(["a", "b"]))
    edge = nx.read_graphml(tmp_path / "n").edges["a", "b"]
    assert (edge["sign"], edge["interaction"]) == ("unknown", "regulates")
    assert edge["sign_source"] == "correlation"


def test_only_genes_with_an_edge_are_nodes(tmp_path):
    names = ["lonely", "b", "a", "alone"]
    write_graphml(tmp_path / "n", names, chain(["a", "b"]), attributes(names))
    assert list(nx.read_graphml(tmp_path / "n")) == ["b", "a"]
    write_graphml(tmp_path / "e", names, chain(["a", "b"])[:0], attributes(names))
    assert len(nx.read_graphml(tmp_path / "e")) == 0
    assert nx.read_graphml(tmp_path / "e").is_directed()


def test_every_attribute_has_one_type(tmp_path):
    """Cytoscape reads two columns of one name where a column has two types."""
    write_graphml(tmp_path / "n", HOSTILE, chain(HOSTILE), attributes(HOSTILE))
    keys = ElementTree.parse(tmp_path / "n").getroot().findall("{*}key")
    types = {key.get("attr.name"): key.get("attr.type") for key in keys}
    assert len(types) == len(keys)
    assert types == {
        "name": "string",
        "degree": "long",
        "pagerank": "double",
        "candidate_regulator": "boolean",
        "weight": "double",
        "score": "double",
        "rank": "long",
        "directed": "boolean",
        "sign": "string",
        "sign_source": "string",
        "interaction": "string",
    }


def test_identical_networks_give_identical_bytes(tmp_path):
    names = HOSTILE
    hubs = attributes(names)
    write_graphml(tmp_path / "a", names, chain(names), hubs)
    write_graphml(tmp_path / "b", names, chain(names), hubs.iloc[::-1])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_refused_networks_leave_the_old_file(tmp_path):
    path = tmp_path / "n"
    path.write_text("old")
    with pytest.raises(InputError, match="names b, which is not among the genes"):
        write_graphml(path, ["a"], chain(["a", "b"]), attributes(["a", "b"]))
    with pytest.raises(InputError, match="names b, which is not among the genes"):
        write_graphml(path, ["a", "b"], chain(["a", "b"]), attributes(["a"]))
    for name in ("x\x01", "x\ny", "x\ty"):
        with pytest.raises(InputError, match="control character"):
            write_graphml(path, ["a", name], chain(["a", name]), attributes(["a", name]))
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["n"]


def test_edges_read_back_are_those_written(tmp_path):
    edges = chain(HOSTILE)
    write_graphml(tmp_path / "x", HOSTILE[::-1], edges, pd.DataFrame({"gene": HOSTILE}))
    found = read_graphml_edges(tmp_path / "x")
    columns = ["regulator", "target", "weight", "score", "rank", "directed", "sign_source"]
    pd.testing.assert_frame_equal(found[columns], edges[columns])
    words = edges["sign"].map({"+": "activation", "-": "repression"})
    assert found["sign"].tolist() == words.tolist()


def test_a_file_without_edges_is_read(tmp_path):
    empty = chain(["a", "b"]).iloc[:0]
    write_graphml(tmp_path / "x", [], empty, pd.DataFrame({"gene": []}))
    assert len(read_graphml_edges(tmp_path / "x")) == 0


def test_both_directions_of_a_pair_become_one():
    edges = pd.DataFrame({"regulator": list("BAC"), "target": list("ABB"), "rank": [1, 1, 3]})
    found = pairs_once(edges)
    assert found.to_numpy().tolist() == [["A", "B", 1], ["B", "C", 3]]
