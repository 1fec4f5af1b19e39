"""Hub measures against graphs worked by hand, networkx and the figures of the HSC reference."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from grn_gat.core.errors import InputError
from grn_gat.evaluate import hubs

# The haematopoietic stem cell network of Krumsiek et al., PLoS ONE 6 (2011) e22649: target and
# regulators, + activating and - repressing. 30 edges, 4 of them self-loops.
HSC_REGULATORS = {
    "Gata2": "+Gata2 -Pu1 -Gata1 -Fog1",
    "Gata1": "+Gata1 +Gata2 +Fli1 -Pu1",
    "Fog1": "+Gata1",
    "Eklf": "+Gata1 -Fli1",
    "Fli1": "+Gata1 -Eklf",
    "Scl": "+Gata1 -Pu1",
    "Cebpa": "+Cebpa -Scl -Fog1 -Gata1",
    "Pu1": "+Cebpa +Pu1 -Gata1 -Gata2",
    "cJun": "+Pu1 -Gfi1",
    "EgrNab": "+Pu1 +cJun -Gfi1",
    "Gfi1": "+Cebpa -EgrNab",
}
HSC_GENES = list(HSC_REGULATORS)
HSC_EDGES = [
    (regulator[1:], target, regulator[0])
    for target, regulators in HSC_REGULATORS.items()
    for regulator in regulators.split()
]

STAR = [("c", "w"), ("c", "x"), ("y", "c"), ("z", "c")]
TRIANGLE = [("a", "b"), ("b", "c"), ("c", "a")]


def column(frame: pd.DataFrame, name: str) -> dict[str, float]:
    return frame[name].to_dict()


def test_hsc_hubs():
    frame = hubs.hub_measures(HSC_GENES, HSC_EDGES)
    assert tuple(frame.columns) == hubs.HUB_MEASURES
    assert list(frame.index) == HSC_GENES
    published = pd.DataFrame(
        {
            "degree": [9, 8, 7, 5],
            "closeness": [0.769, 0.714, 0.667, 0.556],
            "betweenness": [0.408, 0.310, 0.173, 0.019],
            "eigenvector": [0.507, 0.468, 0.422, 0.312],
            "hits": [0.171, 0.158, 0.142, 0.105],
        },
        index=["Gata1", "Pu1", "Cebpa", "Gata2"],
    )
    for name, values in published.items():
        assert frame.loc[values.index, name].round(3).tolist() == values.tolist(), name
        first = ["Gata1", "Pu1", "Cebpa"]  # Gata2 is not fourth in closeness and betweenness
        assert frame[name].nlargest(3).index.tolist() == first, name
        assert hubs.rank(frame[name])[first].tolist() == [1, 2, 3], name


def test_hsc_directed_degrees():
    frame = hubs.hub_measures(HSC_GENES, HSC_EDGES)
    # regulators are listed above; Gata1 regulates itself and Gata2 Fog1 Eklf Fli1 Scl Cebpa Pu1
    assert column(frame, "in_degree") == {g: len(r.split()) for g, r in HSC_REGULATORS.items()}
    assert frame.loc[["Gata1", "Pu1", "Eklf"], "out_degree"].tolist() == [8, 6, 1]
    assert frame["in_degree"].sum() == frame["out_degree"].sum() == 30


def test_hsc_summary():
    summary = hubs.network_summary(HSC_GENES, HSC_EDGES)
    assert summary == pytest.approx(
        {
            "genes": 11,
            "edges": 30,
            "undirected_edges": 24,
            "self_loops": 4,
            "mean_degree": 48 / 11,  # 4.3636
            "median_degree": 3,
            "max_degree": 9,
            "average_shortest_path": 1.8,
            "diameter": 3,
            "transitivity": 0.4545,
            "mean_clustering": 0.6424,
            "density": 26 / 110,
        },
        abs=5e-5,
    )


def test_hsc_is_the_distributed_model(repository):
    path = repository / "workflow" / "resources" / "models" / "HSC.tsv"
    if not path.is_file():
        pytest.skip(f"no {path}")
    import re

    table = pd.read_csv(path, sep="\t", comment="#")
    got = {
        (regulator, row.Gene)
        for row in table.itertuples()
        for regulator in set(re.findall(r"\w+", row.Rule)) - {"and", "or", "not"}
    }
    assert got == {(regulator, target) for regulator, target, _ in HSC_EDGES}


def test_star():
    frame = hubs.hub_measures(["c", "w", "x", "y", "z"], STAR)
    leaf, centre = frame.loc["w"], frame.loc["c"]
    assert frame["degree"].tolist() == [4, 1, 1, 1, 1]
    assert frame["in_degree"].tolist() == [2, 1, 1, 0, 0]
    assert frame["out_degree"].tolist() == [2, 0, 0, 1, 1]
    assert (centre.closeness, leaf.closeness) == pytest.approx((1, 4 / 7))  # 4 / (1 + 2 + 2 + 2)
    assert (centre.betweenness, leaf.betweenness) == (1, 0)
    # adjacency eigenvalue 2: centre = 2 leaf
    assert (centre.eigenvector, leaf.eigenvector) == pytest.approx((0.5**0.5, 0.125**0.5))
    assert (centre.hits, leaf.hits) == pytest.approx((1 / 3, 1 / 6))
    # p = 0.03 + 0.85 * 4 q and q = 0.03 + 0.85 p / 4, so p = 0.132 / 0.2775
    assert (centre.pagerank, leaf.pagerank) == pytest.approx((0.475676, 0.131081), abs=1e-6)
    assert (frame["clustering"] == 0).all()
    symmetric = frame.drop(columns=["in_degree", "out_degree"]).loc[["w", "x", "y", "z"]]
    assert (symmetric.nunique() == 1).all()  # equivalent genes tie exactly


def test_path():
    frame = hubs.hub_measures(["a", "b", "c"], [("a", "b"), ("b", "c")])
    assert frame["closeness"].tolist() == pytest.approx([2 / 3, 1, 2 / 3])
    assert frame["betweenness"].tolist() == [0, 1, 0]
    assert frame["eigenvector"].tolist() == pytest.approx([0.5, 0.5**0.5, 0.5])
    total = 2 + 2**0.5
    assert frame["hits"].tolist() == pytest.approx([1 / total, 2**0.5 / total, 1 / total])
    longer = hubs.hub_measures("abcd", [("a", "b"), ("b", "c"), ("c", "d")])
    assert longer["betweenness"].tolist() == pytest.approx([0, 2 / 3, 2 / 3, 0])
    summary = hubs.network_summary("abcd", [("a", "b"), ("b", "c"), ("c", "d")])
    assert summary["average_shortest_path"] == pytest.approx(10 / 6)  # 3 * 1 + 2 * 2 + 1 * 3
    assert summary["diameter"] == 3


@pytest.mark.parametrize(("n", "betweenness"), [(4, 1 / 6), (5, 1 / 6)])
def test_cycle(n, betweenness):
    # n = 4: both opposite pairs have two middles, 1/2 each, so 1/2 of 3 pairs per gene
    # n = 5: 5 pairs at distance 2 have one middle each, so 1 of 6 pairs per gene
    genes = [f"g{i}" for i in range(n)]
    frame = hubs.hub_measures(genes, [(g, genes[i - 1]) for i, g in enumerate(genes)])
    assert (frame.nunique() == 1).all()
    first = frame.iloc[0]
    assert first.tolist() == pytest.approx(
        [2, 1, 1, (n - 1) / (4 if n == 4 else 6), betweenness, n**-0.5, 0, 1 / n, 1 / n]
    )


def test_self_loop_reverse_and_repeated_edges():
    edges = [("a", "a", "+"), ("a", "b", "+"), ("b", "a", "-"), ("a", "b", "-")]
    frame = hubs.hub_measures(["a", "b"], edges)
    assert frame["degree"].tolist() == [3, 1]  # undirected a-b once, the loop twice
    assert frame["in_degree"].tolist() == [2, 1]
    assert frame["out_degree"].tolist() == [2, 1]
    # adjacency [[1, 1], [1, 0]]: golden ratio
    golden = (1 + 5**0.5) / 2
    assert frame["eigenvector"]["a"] / frame["eigenvector"]["b"] == pytest.approx(golden)
    assert frame["hits"].tolist() == pytest.approx([golden / (golden + 1), 1 / (golden + 1)])
    summary = hubs.network_summary(["a", "b"], edges)
    assert (summary["edges"], summary["undirected_edges"], summary["self_loops"]) == (3, 2, 1)
    assert summary["density"] == 1  # a -> b and b -> a


def test_disconnected():
    genes = ["e", "a", "b", "c", "d", "lonely"]
    edges = [*TRIANGLE, ("d", "e")]
    frame = hubs.hub_measures(genes, edges)
    in_triangle = 1 / 3**0.5
    assert frame["eigenvector"].tolist() == pytest.approx([0, *[in_triangle] * 3, 0, 0])
    assert frame["hits"].tolist() == pytest.approx([0, *[1 / 3] * 3, 0, 0])
    # reach 2 of 5 at mean distance 1, or 1 of 5
    assert frame["closeness"].tolist() == pytest.approx([0.2, 0.4, 0.4, 0.4, 0.2, 0])
    assert frame["clustering"].tolist() == [0, 1, 1, 1, 0, 0]
    assert (frame.loc["lonely"].drop("pagerank") == 0).all()
    assert 0 < frame["pagerank"]["lonely"] < frame["pagerank"]["a"]
    assert frame["pagerank"].sum() == pytest.approx(1)
    summary = hubs.network_summary(genes, edges)
    assert (summary["average_shortest_path"], summary["diameter"]) == (1, 1)
    assert summary["mean_degree"] == pytest.approx(8 / 6)
    assert summary["density"] == pytest.approx(4 / 30)


def test_largest_component_is_the_first_of_equals():
    edges = [("d", "e"), ("e", "f"), ("f", "d"), ("a", "b"), ("b", "c")]
    assert hubs.network_summary("abcdef", edges)["diameter"] == 2  # the path a b c
    assert hubs.network_summary("defabc", edges)["diameter"] == 1  # the triangle


def test_equal_components_share_the_eigenvector():
    genes = [*"abcdef", *"uvwxyz"]
    # two stars of four leaves, and genes alone
    edges = [("a", g) for g in "bcde"] + [("u", g) for g in "vwxy"]
    frame = hubs.hub_measures(genes, edges)
    assert frame["eigenvector"]["a"] == frame["eigenvector"]["u"] == pytest.approx(0.5)
    assert frame["eigenvector"]["b"] == frame["eigenvector"]["v"] == pytest.approx(0.25)
    assert frame["hits"].sum() == pytest.approx(1)
    assert (frame.loc[["f", "z"], ["eigenvector", "hits"]] == 0).all(axis=None)


def test_unlike_components_of_one_eigenvalue_share_the_eigenvector():
    # star of four leaves, triangle and hexagon all have eigenvalue 2 (up to rounding); the vector
    # of ones projects to 3 / sqrt(2), sqrt(3) and sqrt(6) on their unit vectors: length sqrt(13.5)
    ring = [(f"r{i}", f"r{(i + 1) % 6}") for i in range(6)]
    genes = ["c", *"wxyz", *"abd", *(regulator for regulator, _ in ring)]
    edges = [*STAR, ("a", "b"), ("b", "d"), ("d", "a"), *ring]
    frame = hubs.hub_measures(genes, edges)
    expected = [1.5, *[0.75] * 4, *[1] * 9]  # 3 / sqrt(2) * (1 / sqrt(2), 1 / sqrt(8)), then 1
    assert frame["eigenvector"].tolist() == pytest.approx(np.array(expected) / 13.5**0.5)


def test_gene_order_does_not_matter():
    rng = np.random.default_rng(5)
    genes = [f"g{i}" for i in range(30)]
    edges = [(genes[a], genes[b]) for a, b in rng.integers(30, size=(25, 2))]  # disconnected
    frame = hubs.hub_measures(genes, edges)
    other = hubs.hub_measures(genes[::-1], edges[::-1]).loc[genes]
    pd.testing.assert_frame_equal(frame, other, atol=1e-9)
    assert (frame >= 0).all(axis=None)


def test_no_edges():
    frame = hubs.hub_measures(["a", "b"], [])
    assert (frame.drop(columns="pagerank") == 0).all(axis=None)
    assert frame["pagerank"].tolist() == [0.5, 0.5]
    summary = hubs.network_summary(["a", "b"], [])
    assert math.isnan(summary.pop("average_shortest_path"))
    assert math.isnan(summary.pop("diameter"))
    assert summary.pop("genes") == 2
    assert set(summary.values()) == {0}


def test_no_genes():
    frame = hubs.hub_measures([], [])
    assert frame.shape == (0, len(hubs.HUB_MEASURES))
    assert tuple(frame.columns) == hubs.HUB_MEASURES
    assert math.isnan(hubs.network_summary([], [])["mean_degree"])


def test_lone_gene_with_a_self_loop():
    frame = hubs.hub_measures(["a"], [("a", "a")])
    assert frame.loc["a"].tolist() == [2, 1, 1, 0, 0, 1, 0, 1, 1]
    assert math.isnan(hubs.network_summary(["a"], [("a", "a")])["diameter"])


@pytest.mark.parametrize(("size", "n_edges"), [(40, 90), (60, 50)])
def test_agreement_with_networkx(size, n_edges):
    rng = np.random.default_rng(size)
    genes = [f"g{i}" for i in range(size)]
    edges = [(genes[a], genes[b]) for a, b in rng.integers(size, size=(n_edges, 2))]
    edges.append((edges[0][0], edges[0][0]))
    genes.append("lonely")
    frame = hubs.hub_measures(genes, edges)
    graph = nx.Graph(edges)
    graph.add_nodes_from(genes)
    assert nx.number_of_selfloops(graph) > 0 and not nx.is_connected(graph)
    for name, expected in {
        "degree": dict(graph.degree),
        "closeness": nx.closeness_centrality(graph),
        "betweenness": nx.betweenness_centrality(graph),
        "clustering": nx.clustering(graph),
        "pagerank": nx.pagerank(graph, tol=1e-13, max_iter=1000),
        "eigenvector": nx.eigenvector_centrality(graph, tol=1e-12, max_iter=100_000),
    }.items():
        assert column(frame, name) == pytest.approx(expected, abs=1e-8), name
    connected = graph.subgraph(max(nx.connected_components(graph), key=len))
    inside = hubs.hub_measures(list(connected), list(connected.edges))
    assert column(inside, "hits") == pytest.approx(nx.hits(connected)[0], abs=1e-8)
    directed = nx.DiGraph(edges)
    assert frame["in_degree"][list(directed)].to_dict() == dict(directed.in_degree)
    assert frame["out_degree"][list(directed)].to_dict() == dict(directed.out_degree)
    summary = hubs.network_summary(genes, edges)
    assert summary["diameter"] == nx.diameter(connected)
    assert summary["average_shortest_path"] == pytest.approx(
        nx.average_shortest_path_length(connected)
    )


def test_unknown_and_repeated_genes_are_refused():
    for function in (hubs.hub_measures, hubs.network_summary):
        with pytest.raises(InputError, match="a -> q names q"):
            function(["a", "b"], [("a", "q")])
        with pytest.raises(InputError, match="gene a is listed twice"):
            function(["a", "b", "a"], [])


def test_attention_worked_by_hand():
    genes = ["a", "b", "c"]
    sources = ["a", "b", "a", "b", "c", "c"]
    targets = ["a", "a", "b", "b", "b", "c"]
    weights = [0.7, 0.3, 0.5, 0.2, 0.3, 1.0]  # sums to 1 per target
    frame = hubs.attention_measures(genes, sources, targets, weights)
    assert frame["attention_given"].tolist() == pytest.approx([0.5, 0.3, 0.3])
    # 1 minus the self-loop
    assert frame["attention_received"].tolist() == pytest.approx([0.3, 0.8, 0.0])
    positions = [[genes.index(g) for g in ends] for ends in (sources, targets)]
    pd.testing.assert_frame_equal(hubs.attention_measures(genes, *positions, weights), frame)


def test_attention_of_uniform_weights():
    n = 6
    sources, targets = (ends.ravel() for ends in np.indices((n, n)))
    frame = hubs.attention_measures([*"abcdef"], sources, targets, np.full(n * n, 1 / n))
    assert frame.to_numpy() == pytest.approx(np.full((n, 2), 5 / 6))


def test_attention_without_messages_and_bad_input():
    frame = hubs.attention_measures(["a", "b"], [], [], [])
    assert (frame == 0).all(axis=None) and frame.shape == (2, 2)
    with pytest.raises(InputError, match="targets holds q"):
        hubs.attention_measures(["a", "b"], ["a"], ["q"], [1.0])
    with pytest.raises(InputError, match="sources holds 2"):
        hubs.attention_measures(["a", "b"], [2], [0], [1.0])
    with pytest.raises(InputError, match="one length"):
        hubs.attention_measures(["a", "b"], [1, 0], [0, 1], [1.0])
    for bad in (np.nan, np.inf, -0.1):
        with pytest.raises(InputError, match="negative or non-finite"):
            hubs.attention_measures(["a", "b"], [1], [0], [bad])


def test_rank():
    values = pd.Series({"a": 1.0, "b": 3.0, "c": 3.0, "d": 2.0})
    assert hubs.rank(values).to_dict() == {"a": 4, "b": 1, "c": 1, "d": 3}
    assert np.issubdtype(hubs.rank(values).dtype, np.integer)
    with pytest.raises(InputError, match="x has no value"):
        hubs.rank(pd.Series({"a": 1.0, "x": np.nan}))


def test_top_edges():
    pairs = [("b", "a"), ("a", "c"), ("a", "b"), ("c", "a"), ("c", "b")]
    scores = [0.5, 0.5, 0.5, 0.9, 0.1]
    expected = [("c", "a"), ("a", "b"), ("a", "c"), ("b", "a"), ("c", "b")]
    for k in range(7):
        assert hubs.top_edges(pairs, scores, k) == expected[:k]
        assert hubs.top_edges(pairs[::-1], scores[::-1], k) == expected[:k]
    assert hubs.top_edges([], [], 3) == []


def test_top_edges_bad_input():
    with pytest.raises(InputError, match="k is -1"):
        hubs.top_edges([("a", "b")], [1.0], -1)
    with pytest.raises(InputError, match="1 pairs"):
        hubs.top_edges([("a", "b")], [1.0, 2.0], 1)
    with pytest.raises(InputError, match="NaN"):
        hubs.top_edges([("a", "b")], [np.nan], 1)
