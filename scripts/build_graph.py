"""Turn one data set into a graph tensor file (contents: grn_gat/supervised/graph_file.py)."""

import numpy as np

from grn_gat.core.job import logged
from grn_gat.data.dataset import read_dataset
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.supervised.features import (
    NODE_FEATURES,
    PAIR_FEATURES,
    compute_features,
    expression_neighbours,
)
from grn_gat.supervised.graph_file import save_graph


def main(snakemake) -> None:
    """Compute features and labels, write the tensors."""
    source, wildcards = snakemake.input, snakemake.wildcards
    data = read_dataset(source.expression, source.pseudotime, source.edges, source.regulators)
    pseudotime = None if data.pseudotime is None else data.pseudotime.to_numpy(dtype=float)
    node, pair = compute_features(data.expression, pseudotime, snakemake.params.bins)
    pairs = candidate_pairs(data.edges, data.regulators or data.genes)
    position = {gene: i for i, gene in enumerate(data.genes)}
    tensors = {
        "x": node,
        "pair_features": pair,
        "edge_index": expression_neighbours(pair, snakemake.params.neighbours),
        "edge_label_index": np.stack(
            [pairs[c].map(position).to_numpy(dtype=np.int64) for c in ("Gene1", "Gene2")]
        ),
        "edge_label": pairs["edge"].to_numpy(dtype=np.float32),
        "edge_sign": pairs["sign"].to_numpy(dtype=np.float32),
    }
    metadata = {
        "network": wildcards.network,
        "replicate": int(wildcards.replicate),
        "dropout": int(wildcards.dropout),
        "cells": len(data.cells),
        "genes": list(data.genes),
        "node_features": list(NODE_FEATURES),
        "pair_features": list(PAIR_FEATURES),
    }
    save_graph(snakemake.output.graph, tensors, metadata)
    print({name: tensor.shape for name, tensor in tensors.items()})


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
