"""The graph tensor file: one PyG graph per network, replicate and dropout level.

Stored as safetensors, which holds arrays and strings only: loading it cannot run code. Writing
needs numpy alone: the environment that does has no torch.

| tensor           | shape                   | meaning                                            |
|------------------|-------------------------|----------------------------------------------------|
| x                | (genes, node features)  | `features.NODE_FEATURES`, float32                  |
| pair_features    | (genes, genes, pair f.) | `features.PAIR_FEATURES`, [u, v] = u -> v          |
| edge_index       | (2, edges) int64        | edges that messages may pass over, derived from    |
|                  |                         | expression; never from the reference network       |
| edge_label_index | (2, pairs) int64        | candidate pairs (regulator, target)                |
| edge_label       | (pairs,) float32        | 1 if the pair is a reference edge, else 0          |
| edge_sign        | (pairs,) float32        | +1 activation, -1 repression, 0 no edge or unknown |

Metadata: network, replicate, dropout, cells (their number), genes (order of the rows),
node_features, pair_features.
Candidate pairs are the ordered pairs, without self-loops, of genes that occur in the reference
network (BEELINE's universe), with the regulator among the candidate regulators.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path

if TYPE_CHECKING:
    from torch_geometric.data import Data

TENSORS = ("x", "pair_features", "edge_index", "edge_label_index", "edge_label", "edge_sign")
METADATA = ("network", "replicate", "dropout", "cells", "genes", "node_features", "pair_features")


def save_graph(
    path: str | Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, object]
) -> None:
    """Write one graph; the same input gives the same bytes."""
    from safetensors.numpy import save_file

    assert set(tensors) == set(TENSORS) and set(metadata) == set(METADATA)
    arrays = {name: np.ascontiguousarray(tensors[name]) for name in TENSORS}
    # One string: safetensors does not keep the order of several metadata entries.
    text = json.dumps({key: metadata[key] for key in METADATA})
    with atomic_path(path) as temporary:
        save_file(arrays, temporary, metadata={"grn_gat": text})


def load_graph(path: str | Path) -> "Data":
    """Read one graph as a PyG `Data`; the metadata become attributes of the same names.

    The list of pair feature names is the attribute `pair_feature_names`, that of node features
    `node_feature_names`.

    Raises:
        InputError: the file is not a graph written by `save_graph`.
    """
    from safetensors import SafetensorError, safe_open
    from torch_geometric.data import Data

    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in TENSORS}
            metadata = json.loads((file.metadata() or {})["grn_gat"])
        metadata["node_feature_names"] = metadata.pop("node_features")
        metadata["pair_feature_names"] = metadata.pop("pair_features")
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise InputError(f"{path}: not a graph tensor file of this workflow ({error})") from error
    return Data(**tensors, **metadata)
