"""What a model is shown: expression features, and for its controls something else in their place.

The controls are the same model, trained and scored in the same way, on graphs from which
expression is taken away:

* `gat-shuffled`: each gene has the expression of another gene (one derangement per training seed,
  the same in all replicates): everything stays but the match of expression and network;
* `gat-noise`: features of Gaussian noise with as many cells;
* `gat-one-hot`: one-hot gene identities, no pair features and no expression-derived edges, as in
  arXiv 2409.13664.
"""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch_geometric.data import Data

from grn_gat.core.seeds import derangement, generator
from grn_gat.supervised.features import compute_features, expression_neighbours

SHUFFLED, NOISE, ONE_HOT = "gat-shuffled", "gat-noise", "gat-one-hot"


def with_gene_identity(graphs: Sequence[Data]) -> list[Data]:
    """Return copies of the graphs whose nodes also carry a one-hot gene identity."""
    copies = [copy.copy(graph) for graph in graphs]
    for graph in copies:
        graph.x = torch.cat([graph.x, torch.eye(len(graph.genes))], dim=1)
    return copies


def shuffled(graphs: Sequence[Data], rng: np.random.Generator) -> list[Data]:
    """Return copies in which gene i has the features of gene order[i], the same in all graphs."""
    order = torch.as_tensor(derangement(len(graphs[0].genes), rng))
    place = torch.argsort(order)  # gene order[i] now stands at i
    copies = [copy.copy(graph) for graph in graphs]
    for graph in copies:
        graph.x = graph.x[order]
        graph.pair_features = graph.pair_features[order][:, order]
        graph.edge_index = place[graph.edge_index]
    return copies


def noise(graphs: Sequence[Data], rng: np.random.Generator, bins: int) -> list[Data]:
    """Return copies with the features of standard normal numbers in place of expression.

    `bins` as in `features.compute_features`; as many message edges as before.
    """
    copies = [copy.copy(graph) for graph in graphs]
    for graph in copies:
        genes = len(graph.genes)
        node, pair = compute_features(rng.standard_normal((genes, graph.cells)), None, bins)
        neighbours = graph.edge_index.shape[1] // genes
        graph.x, graph.pair_features = torch.from_numpy(node), torch.from_numpy(pair)
        graph.edge_index = torch.from_numpy(expression_neighbours(pair, neighbours))
    return copies


def one_hot(graphs: Sequence[Data]) -> list[Data]:
    """Return copies with gene identities only."""
    copies = [copy.copy(graph) for graph in graphs]
    for graph in copies:
        genes = len(graph.genes)
        graph.x = torch.eye(genes)
        graph.pair_features = torch.zeros(genes, genes, 0)
        graph.edge_index = graph.edge_index[:, :0]
    return copies


def control_graphs(
    control: str, graphs: Sequence[Data], bins: int | None, seed: int, names: tuple
) -> list[Data]:
    """Return the graphs that a control model is shown; `seed` and `names` name its stream.

    `bins` as in `noise`, which alone needs it.
    """
    rng = generator(seed, control, *names)
    if control == SHUFFLED:
        return shuffled(graphs, rng)
    if control == NOISE:
        assert bins is not None
        return noise(graphs, rng, bins)
    assert control == ONE_HOT, control
    return one_hot(graphs)
