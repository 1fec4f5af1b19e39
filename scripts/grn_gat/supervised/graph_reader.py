"""Reading graph tensor files (apart from writing them, which does without torch)."""

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch_geometric.data import Data

from grn_gat.core.errors import InputError
from grn_gat.supervised.graph_file import TENSORS


def load_graph(path: str | Path) -> Data:
    """Read one graph as a PyG `Data`; the metadata become attributes of the same names.

    The list of pair feature names is the attribute `pair_feature_names`, that of node features
    `node_feature_names`.

    Raises:
        InputError: the file is not a graph written by `save_graph`.
    """
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in TENSORS}
            metadata = json.loads((file.metadata() or {})["grn_gat"])
        metadata["node_feature_names"] = metadata.pop("node_features")
        metadata["pair_feature_names"] = metadata.pop("pair_features")
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise InputError(f"{path}: not a graph tensor file of this workflow ({error})") from error
    return Data(**tensors, **metadata)
