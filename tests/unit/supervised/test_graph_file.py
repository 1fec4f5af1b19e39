"""The graph tensor file: what is written is what is read, and nothing else is read."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch_geometric.data import Data

from grn_gat.core.errors import InputError
from grn_gat.supervised.features import NODE_FEATURES, PAIR_FEATURES
from grn_gat.supervised.graph_file import METADATA, TENSORS, load_graph, save_graph

GENES = ["Zeb1", "NA", "Gata1"]  # not sorted, one that looks like a missing value


def content() -> tuple[dict[str, np.ndarray], dict[str, object]]:
    rng = np.random.default_rng(0)
    tensors = {
        "x": rng.random((3, len(NODE_FEATURES)), dtype=np.float32),
        "pair_features": rng.random((3, 3, len(PAIR_FEATURES)), dtype=np.float32),
        "edge_index": np.array([[0, 1], [1, 2]]),
        "edge_label_index": np.array([[0, 0, 1], [1, 2, 0]]),
        "edge_label": np.array([1, 0, 1], dtype=np.float32),
        "edge_sign": np.array([-1, 0, 1], dtype=np.float32),
    }
    metadata = {
        "network": "HSC",
        "replicate": 3,
        "dropout": 50,
        "cells": 7,
        "genes": GENES,
        "node_features": list(NODE_FEATURES),
        "pair_features": list(PAIR_FEATURES),
    }
    return tensors, metadata


def test_round_trip(tmp_path):
    tensors, metadata = content()
    path = tmp_path / "new" / "graph.safetensors"  # the folder is made
    save_graph(path, tensors, metadata)
    graph = load_graph(path)
    assert isinstance(graph, Data)
    for name in TENSORS:
        assert torch.equal(graph[name], torch.from_numpy(tensors[name])), name
        assert graph[name].dtype == (torch.int64 if "index" in name else torch.float32)
    assert (graph.network, graph.replicate, graph.dropout) == ("HSC", 3, 50)
    assert graph.genes == GENES
    assert graph.node_feature_names == list(NODE_FEATURES)
    assert graph.pair_feature_names == list(PAIR_FEATURES)


def test_shapes_are_the_documented_ones(tmp_path):
    save_graph(tmp_path / "g", *content())
    graph = load_graph(tmp_path / "g")
    assert graph.num_nodes == 3 and graph.num_edges == 2
    assert graph.x.shape == (3, len(NODE_FEATURES))
    assert graph.pair_features.shape == (3, 3, len(PAIR_FEATURES))
    assert graph.edge_index.shape == (2, 2)
    assert graph.edge_label_index.shape == (2, 3)
    assert graph.edge_label.shape == graph.edge_sign.shape == (3,)


def test_rewriting_gives_the_same_bytes(tmp_path):
    tensors, metadata = content()
    save_graph(tmp_path / "one", tensors, metadata)
    backwards = {key: metadata[key] for key in reversed(METADATA)}
    save_graph(tmp_path / "two", {key: tensors[key] for key in reversed(TENSORS)}, backwards)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    tensors["x"][0, 0] += 1
    save_graph(tmp_path / "two", tensors, metadata)
    assert (tmp_path / "one").read_bytes() != (tmp_path / "two").read_bytes()


def test_arrays_in_any_memory_layout(tmp_path):
    tensors, metadata = content()
    tensors["pair_features"] = tensors["pair_features"].transpose(1, 0, 2)
    save_graph(tmp_path / "g", tensors, metadata)
    graph = load_graph(tmp_path / "g")
    assert torch.equal(graph.pair_features, torch.tensor(tensors["pair_features"]))


def test_missing_and_extra_tensors_are_refused(tmp_path):
    tensors, metadata = content()
    with pytest.raises(AssertionError):
        save_graph(tmp_path / "g", {k: v for k, v in tensors.items() if k != "x"}, metadata)
    with pytest.raises(AssertionError):
        save_graph(tmp_path / "g", tensors, metadata | {"more": 1})
    assert not list(tmp_path.iterdir())


def foreign(path, kind: str) -> None:
    tensors, metadata = content()
    if kind == "corrupt":
        path.write_bytes(b"\x80\x02 not a tensor file")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut short":
        save_graph(path, tensors, metadata)
        path.write_bytes(path.read_bytes()[:-10])
    elif kind == "other tensors":
        save_file({"weights": tensors["x"]}, path)
    elif kind == "no metadata":
        save_file(tensors, path)
    elif kind == "metadata not json":
        save_file(tensors, path, metadata={"grn_gat": "{"})
    elif kind == "metadata lacks a key":
        save_file(tensors, path, metadata={"grn_gat": json.dumps({"network": "HSC"})})


@pytest.mark.parametrize(
    "kind",
    [
        "absent",
        "corrupt",
        "empty",
        "cut short",
        "other tensors",
        "no metadata",
        "metadata not json",
        "metadata lacks a key",
    ],
)
def test_other_files_are_refused_by_name(tmp_path, kind):
    path = tmp_path / "some.safetensors"
    foreign(path, kind)
    with pytest.raises(InputError, match=r"some\.safetensors: not a graph tensor file"):
        load_graph(path)


@pytest.mark.parametrize("before", [None, b"an earlier result"])
def test_an_interrupted_write_leaves_no_half_file(tmp_path, monkeypatch, before):
    path = tmp_path / "graph.safetensors"
    if before is not None:
        path.write_bytes(before)

    def interrupted(arrays, name, metadata):
        name.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("safetensors.numpy.save_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_graph(path, *content())
    assert [p.name for p in tmp_path.iterdir()] == ([] if before is None else [path.name])
    if before is not None:
        assert path.read_bytes() == before


WITHOUT_TORCH = """
import sys
import numpy as np
import pandas as pd
sys.modules |= dict.fromkeys(["torch", "torch_geometric"])  # importing them fails
import build_graph
from types import SimpleNamespace

build_graph.read_dataset = lambda *files: build_graph_data
from grn_gat.data.dataset import Dataset
edges = pd.DataFrame([("a", "b", "+"), ("b", "c", "-")], columns=["Gene1", "Gene2", "Type"])
values = np.random.default_rng(0).random((3, 40))
build_graph_data = Dataset(list("abc"), [f"c{i}" for i in range(40)], values, None, edges)
build_graph.main(SimpleNamespace(
    input=SimpleNamespace(expression="", pseudotime="", edges="", regulators=""),
    output=SimpleNamespace(graph=sys.argv[1]),
    params=SimpleNamespace(bins=4, neighbours=1),
    wildcards=SimpleNamespace(network="net", replicate="2", dropout="050"),
))
"""


def test_graphs_are_built_without_torch(tmp_path):
    path = tmp_path / "graph.safetensors"
    subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, path],
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    graph = load_graph(path)
    assert (graph.network, graph.replicate, graph.dropout, graph.cells) == ("net", 2, 50, 40)
    assert graph.genes == ["a", "b", "c"] and graph.edge_index.shape == (2, 3)
    # the ordered pairs of a, b, c
    assert graph.edge_label.tolist() == [1, 0, 0, 1, 0, 0]
    assert graph.edge_sign.tolist() == [1, 0, 0, -1, 0, 0]
