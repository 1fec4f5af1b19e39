"""Folds of a cross-validated training that are finished, kept while the others are trained.

A fold is one file, `fold-<number>.checkpoint.safetensors`: its weights and its tables, every number
with all its bits, so that a training that was interrupted ends with the same bytes.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch_geometric.data import Data

from grn_gat.core.files import atomic_path


class FoldCheckpoints:
    """The finished folds of one training, in a folder of their own."""

    def __init__(self, folder: Path, code: Sequence[str | Path] = ()):
        """`code`: files that the folds are made by; of others than these they are not taken."""
        self.folder, self.code = Path(folder), code
        self.made_from = ""

    def identify(self, graphs: Sequence[Data], table: pd.DataFrame, *settings: object) -> None:
        """Say what the folds are trained from: data, roles of the pairs, settings."""
        digest = hashlib.sha256(repr((torch.__version__, *settings)).encode())
        digest.update(table.to_csv(index=False).encode())
        for graph in graphs:
            digest.update(f"{graph.network} {graph.replicate} {graph.genes}".encode())
            for values in (graph.x, graph.pair_features, graph.edge_index, graph.edge_sign):
                digest.update(values.contiguous().numpy().tobytes())
        for path in self.code:
            digest.update(Path(path).read_bytes())
        self.made_from = digest.hexdigest()

    def _path(self, fold: int) -> Path:
        return self.folder / f"fold-{fold + 1}.checkpoint.safetensors"

    def save(self, fold: int, trained) -> None:
        """Write a finished fold (`training.Trained`); `fold` counts from 0."""
        tensors, columns, texts = {}, {}, {}
        for part, value in vars(trained).items():
            if isinstance(value, dict):
                tensors |= {f"{part}/{name}": tensor.contiguous() for name, tensor in value.items()}
                continue
            columns[part] = list(value.columns)
            for name, column in value.items():
                numbers = column.to_numpy()
                if not np.issubdtype(numbers.dtype, np.number):
                    numbers, names = pd.factorize(column)
                    assert (numbers >= 0).all(), f"{part}: {name} has missing values"
                    texts[f"{part}/{name}"] = list(names)
                tensors[f"{part}/{name}"] = torch.tensor(numbers)
        metadata = {
            "made_from": self.made_from,
            "columns": json.dumps(columns),
            "texts": json.dumps(texts),
        }
        # A job that survived an interruption may remove the folder at its end, in this moment.
        with suppress(FileNotFoundError), atomic_path(self._path(fold)) as temporary:
            save_file(tensors, temporary, metadata)

    def load(self, fold: int) -> dict | None:
        """Read what `save` wrote, as arguments of `Trained`; None where it is not of the same."""
        path = self._path(fold)
        if not path.is_file():
            return None
        try:
            with safe_open(path, "pt") as file:
                metadata = file.metadata() or {}
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except (SafetensorError, FileNotFoundError):
            print(f"{path} cannot be read: training it anew", file=sys.stderr)
            return None
        if metadata.get("made_from") != self.made_from:
            print(f"{path} is of other data, settings or code: training it anew", file=sys.stderr)
            return None
        texts = json.loads(metadata["texts"])
        parts: dict = {}
        for part, names in json.loads(metadata["columns"]).items():
            values = {}
            for name in names:
                numbers = tensors.pop(f"{part}/{name}").numpy()
                text = texts.get(f"{part}/{name}")
                values[name] = numbers if text is None else np.array(text, dtype=object)[numbers]
            parts[part] = pd.DataFrame(values)
        for key, tensor in tensors.items():
            part, _, name = key.partition("/")
            parts.setdefault(part, {})[name] = tensor
        return parts
