"""From a data set to the content of a graph tensor file (`graph_file`)."""

import numpy as np

from grn_gat.data.dataset import Dataset
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.supervised.features import (
    NODE_FEATURES,
    PAIR_FEATURES,
    compute_features,
    expression_neighbours,
)


def graph_tensors(data: Dataset, bins: int, neighbours: int) -> dict[str, np.ndarray]:
    """Compute the tensors of a graph file: features from expression, labels from the reference.

    `bins` as in `features.compute_features`, `neighbours` as in `features.expression_neighbours`.

    Raises:
        InputError: fewer than 3 cells or 2 genes.
    """
    pseudotime = None if data.pseudotime is None else data.pseudotime.to_numpy(dtype=float)
    node, pair = compute_features(data.expression, pseudotime, bins)
    pairs = candidate_pairs(data.edges, data.regulators or data.genes)
    position = {gene: i for i, gene in enumerate(data.genes)}
    return {
        "x": node,
        "pair_features": pair,
        "edge_index": expression_neighbours(pair, neighbours),
        "edge_label_index": np.stack(
            [pairs[c].map(position).to_numpy(dtype=np.int64) for c in ("Gene1", "Gene2")]
        ),
        "edge_label": pairs["edge"].to_numpy(dtype=np.float32),
        "edge_sign": pairs["sign"].to_numpy(dtype=np.float32),
    }


def graph_metadata(data: Dataset, network: str, replicate: int, dropout: int) -> dict[str, object]:
    """Return the metadata of a graph file; `dropout` in percent."""
    return {
        "network": network,
        "replicate": replicate,
        "dropout": dropout,
        "cells": len(data.cells),
        "genes": list(data.genes),
        "node_features": list(NODE_FEATURES),
        "pair_features": list(PAIR_FEATURES),
    }
