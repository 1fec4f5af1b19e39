"""Hubs: how central a gene is in a network, and in the attention a model pays.

A network is a sequence of directed edges `(regulator, target)` or `(regulator, target, sign)` over
a list of gene names. Repeated pairs count once, signs are ignored, self-loops are allowed.

Unless said otherwise, measures are those of the undirected simple graph in which a self-loop is
kept: it counts two in the degree and one on the diagonal of the adjacency matrix, and does not
matter to paths and triangles.
"""

from collections import Counter
from collections.abc import Sequence

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from grn_gat.core.errors import InputError

HUB_MEASURES = (
    "degree",
    "in_degree",
    "out_degree",
    "closeness",
    "betweenness",
    "eigenvector",
    "clustering",
    "hits",
    "pagerank",
)

_DECIMALS = 10  # measures are rounded to this, so that symmetric genes tie whatever the summation
_SAME_EIGENVALUE = 1e-9  # relative; eigenvalues closer than this are taken as one
_DAMPING = 0.85


def _indices(genes: Sequence[str]) -> dict[str, int]:
    indices = {gene: i for i, gene in enumerate(genes)}
    if len(indices) != len(genes):
        twice = next(gene for i, gene in enumerate(genes) if indices[gene] != i)
        raise InputError(f"gene {twice} is listed twice, but gene names should be unique.")
    return indices


def _directed(genes: Sequence[str], edges: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Return the distinct (regulator, target) pairs in the order given."""
    known = _indices(genes)
    pairs = dict.fromkeys((edge[0], edge[1]) for edge in edges)
    for pair in pairs:
        for gene in pair:
            if gene not in known:
                raise InputError(
                    f"edge {pair[0]} -> {pair[1]} names {gene}, which is not among the genes."
                )
    return list(pairs)


def _undirected(genes: Sequence[str], pairs: list[tuple[str, str]]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(genes)
    graph.add_edges_from(pairs)
    return graph


def _distances(graph: nx.Graph, genes: Sequence[str]) -> np.ndarray:
    """Return the (g, g) numbers of steps between genes, inf where there is no path."""
    adjacency = nx.to_scipy_sparse_array(graph, nodelist=genes, dtype=float, format="csr")
    return shortest_path(adjacency, method="D", unweighted=True)


def _closeness(distances: np.ndarray) -> np.ndarray:
    """Return Wasserman and Faust's closeness, 0 for genes that reach no other."""
    reached = np.isfinite(distances)
    others = reached.sum(axis=1) - 1
    total = np.where(reached, distances, 0).sum(axis=1)
    return others**2 / np.maximum(total, 1) / max(len(distances) - 1, 1)


def _betweenness(distances: np.ndarray, adjacency: np.ndarray) -> np.ndarray:
    """Return normalised betweenness: Brandes' recursion, all sources (columns) at a time."""
    n = len(distances)
    if n < 3:
        return np.zeros(n)
    neighbours = csr_array(adjacency)
    depth = int(distances[np.isfinite(distances)].max())
    paths = np.eye(n)
    for d in range(1, depth + 1):
        paths += (neighbours @ (paths * (distances == d - 1))) * (distances == d)
    dependency = np.zeros((n, n))
    for d in range(depth, 1, -1):
        share = np.divide(1 + dependency, paths, out=np.zeros((n, n)), where=distances == d)
        dependency += (neighbours @ share) * (distances == d - 1) * paths
    return dependency.sum(axis=1) / ((n - 1) * (n - 2))


def _principal_vector(adjacency: np.ndarray) -> np.ndarray:
    """Return the non-negative principal eigenvector of a symmetric non-negative matrix, length 1.

    Where the largest eigenvalue belongs to several components, the projection of the vector of
    ones on its eigenspace: the limit of the power iteration on A + I from equal scores. Zero for a
    matrix of zeros.
    """
    if not adjacency.any():
        return np.zeros(len(adjacency))
    values, vectors = np.linalg.eigh(adjacency)
    space = vectors[:, values >= values[-1] * (1 - _SAME_EIGENVALUE)]
    vector = (space @ space.sum(axis=0)).clip(min=0)
    return vector / np.linalg.norm(vector)


def _pagerank(adjacency: np.ndarray) -> np.ndarray:
    """Return PageRank (damping 0.85) by solving its linear equations; it sums to 1."""
    n = len(adjacency)
    out = adjacency.sum(axis=1, keepdims=True)
    steps = np.where(out > 0, adjacency / np.maximum(out, 1), 1 / n)
    return np.linalg.solve(np.eye(n) - _DAMPING * steps.T, np.full(n, (1 - _DAMPING) / n))


def hub_measures(genes: Sequence[str], edges: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return the centrality of every gene in a network.

    Parameters: `genes` the gene names; `edges` the directed pairs (regulator, target[, sign]).

    Returns a frame indexed by gene, in the order given, with the columns of `HUB_MEASURES`:

    - degree: undirected, a self-loop counts two;
    - in_degree, out_degree: numbers of regulators and of targets, a self-loop counts one in each;
    - closeness: Wasserman and Faust's, the inverse mean distance times the reachable fraction;
    - betweenness: fraction of shortest paths between other genes, normalised;
    - eigenvector: the non-negative principal eigenvector of the adjacency matrix, length 1. In a
      disconnected network only the components with the largest eigenvalue are non-zero;
    - clustering: fraction of neighbour pairs that are neighbours;
    - hits: the hub score, which on an undirected graph is the authority score: the principal
      eigenvector of A A with sum 1. In a bipartite network (a star, a path) that eigenspace has
      two dimensions and the vector for which hub and authority scores agree is taken. So `hits`
      always ranks genes as `eigenvector` does;
    - pagerank: damping 0.85, sum 1.

    A gene without edges has 0 in every column but pagerank. Fractions are rounded to 10 decimals,
    so that equivalent genes tie exactly.

    Raises `InputError` for repeated genes and for edges that name an unknown gene. Source:
    Freeman, Social Networks 1 (1978) 215 (closeness, betweenness); Brandes, J. Math. Sociol. 25
    (2001) 163 (algorithm); Kleinberg, J. ACM 46 (1999) 604 (hits). Values are networkx's, except
    that eigenvector, hits and pagerank are solved for exactly instead of iterated.
    """
    genes = list(genes)
    pairs = _directed(genes, edges)
    if not genes:
        integer = {column: int for column in HUB_MEASURES[:3]}
        return pd.DataFrame([], [], HUB_MEASURES, dtype=float).astype(integer).rename_axis("gene")
    graph = _undirected(genes, pairs)
    adjacency = nx.to_numpy_array(graph, nodelist=genes, dtype=float)
    eigenvector = _principal_vector(adjacency)
    distances = _distances(graph, genes)
    regulators, targets = Counter(r for r, _ in pairs), Counter(t for _, t in pairs)
    clustering = nx.clustering(graph)
    frame = pd.DataFrame(
        {
            "degree": [graph.degree[gene] for gene in genes],
            "in_degree": [targets[gene] for gene in genes],
            "out_degree": [regulators[gene] for gene in genes],
            "closeness": _closeness(distances),
            "betweenness": _betweenness(distances, adjacency),
            "eigenvector": eigenvector,
            "clustering": [float(clustering[gene]) for gene in genes],
            "hits": eigenvector / max(eigenvector.sum(), 1.0),
            "pagerank": _pagerank(adjacency),
        },
        index=pd.Index(genes, name="gene"),
    )
    return frame.round(_DECIMALS)


def network_summary(genes: Sequence[str], edges: Sequence[Sequence[str]]) -> dict[str, int | float]:
    """Return the figures that describe a network as a whole.

    Parameters: `genes` the gene names; `edges` the directed pairs (regulator, target[, sign]).

    Returns a dict with genes; edges (distinct directed pairs, with self-loops); undirected_edges
    (with self-loops); self_loops; mean_degree, median_degree and max_degree (undirected, a
    self-loop counts two); average_shortest_path and diameter of the largest component (the first
    in gene order if several are largest; NaN if no two genes are connected); transitivity;
    mean_clustering; density (directed edges without self-loops per ordered pair of genes, i.e. the
    prevalence among the candidate pairs). Means over no gene or pair are NaN.

    Raises `InputError` for repeated genes and for edges that name an unknown gene.
    """
    genes = list(genes)
    pairs = _directed(genes, edges)
    graph = _undirected(genes, pairs)
    n, loops = len(genes), nx.number_of_selfloops(graph)
    degrees = np.array([degree for _, degree in graph.degree], dtype=float)
    path = diameter = float("nan")
    if graph.number_of_edges() > loops:
        distances = _distances(graph, genes)
        reached = np.isfinite(distances)
        largest = reached[reached.sum(axis=1).argmax()]
        between = distances[np.ix_(largest, largest)]
        path = float(between.sum() / (len(between) * (len(between) - 1)))
        diameter = int(between.max())
    return {
        "genes": n,
        "edges": len(pairs),
        "undirected_edges": graph.number_of_edges(),
        "self_loops": loops,
        "mean_degree": float(degrees.mean()) if n else float("nan"),
        "median_degree": float(np.median(degrees)) if n else float("nan"),
        "max_degree": int(degrees.max(initial=0)),
        "average_shortest_path": path,
        "diameter": diameter,
        "transitivity": float(nx.transitivity(graph)),
        "mean_clustering": float(nx.average_clustering(graph)) if n else float("nan"),
        "density": (len(pairs) - loops) / (n * (n - 1)) if n > 1 else float("nan"),
    }


def _positions(genes: Sequence[str], ends: ArrayLike, name: str) -> np.ndarray:
    """Return gene positions, given as such or by name."""
    array = np.asarray(ends)
    if array.size == 0:
        return np.zeros(0, dtype=np.intp)
    if np.issubdtype(array.dtype, np.integer):
        positions = array.astype(np.intp)
        wrong = (positions < 0) | (positions >= len(genes))
    else:
        positions = pd.Index(genes).get_indexer(array)
        wrong = positions < 0
    if wrong.any():
        raise InputError(f"{name} holds {array[wrong][0]}, which is not among the genes.")
    return positions


def attention_measures(
    genes: Sequence[str], sources: ArrayLike, targets: ArrayLike, weights: ArrayLike
) -> pd.DataFrame:
    """Return how much attention every gene is given and gives, leaving out attention to itself.

    Parameters: `genes` (g,) names; `sources`, `targets` (m,) the ends of each message source ->
    target, as names or as positions in `genes`; `weights` (m,) non-negative attention of target to
    source, already averaged over heads and layers.

    Returns a frame indexed by gene with

    - attention_given: sum of weight gene -> i over other genes i, the out-going influence;
    - attention_received: sum of weight j -> gene over other genes j. Where weights are a softmax
      over the messages to a gene, this is 1 minus the weight of its self-loop.

    Raises `InputError` for unknown or repeated genes, arrays of different length and weights that
    are negative or not finite.
    """
    _indices(genes)
    source = _positions(genes, sources, "sources")
    target = _positions(genes, targets, "targets")
    weight = np.asarray(weights, dtype=np.float64)
    if not source.shape == target.shape == weight.shape or weight.ndim != 1:
        raise InputError(
            f"sources, targets and weights have shapes {source.shape}, {target.shape} and "
            f"{weight.shape}, but should be of one length."
        )
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise InputError("weights holds negative or non-finite values, but attention has none.")
    weight = np.where(source == target, 0.0, weight)
    return pd.DataFrame(
        {
            "attention_given": np.bincount(source, weight, len(genes)),
            "attention_received": np.bincount(target, weight, len(genes)),
        },
        index=pd.Index(genes, name="gene"),
    )


def rank(values: pd.Series) -> pd.Series:
    """Return competition ranks: 1 for the highest value, ties share the best of their ranks.

    Parameters: `values` one number per gene.
    Returns an integer series with the same index. Raises `InputError` where a value is NaN.
    """
    if values.isna().any():
        raise InputError(f"{values.index[values.isna()][0]} has no value to rank by (NaN).")
    return values.rank(method="min", ascending=False).astype(int)


def top_edges(pairs: Sequence[Sequence[str]], scores: ArrayLike, k: int) -> list[tuple[str, str]]:
    """Return the k pairs with the highest scores, best first.

    Equal scores are ordered by regulator and then target name, so the result does not depend on
    the order of the input. All pairs are returned if there are fewer than k.

    Parameters: `pairs` (n, 2) names (regulator, target); `scores` (n,) float; `k` at least 0.
    Raises `InputError` for a negative k, arrays of different length and scores that are NaN.
    """
    numbers = np.asarray(scores, dtype=np.float64)
    if k < 0:
        raise InputError(f"k is {k}, but should be at least 0.")
    if numbers.shape != (len(pairs),):
        raise InputError(
            f"scores has shape {numbers.shape}, but there are {len(pairs)} pairs to score."
        )
    if np.isnan(numbers).any():
        raise InputError("scores holds NaN, but every pair needs a score.")
    rows = zip(-numbers, ((str(pair[0]), str(pair[1])) for pair in pairs), strict=True)
    return [pair for _, pair in sorted(rows)[:k]]
