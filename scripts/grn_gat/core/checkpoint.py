"""A state of a training, kept in one file while the rest is computed.

The file is safetensors: tensors by name, tables as one tensor per column, JSON for the rest; every
number with all its bits, so that a training that was interrupted ends with the same bytes. Its
metadata say what it was made from and hold a digest of its content: a file of something else, or a
damaged one, is not taken.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from grn_gat.core.files import atomic_path

_KEY = "grn_gat"  # of the metadata


@dataclass(frozen=True)
class State:
    """What a checkpoint holds.

    Attributes:
        tensors: by name; read back on the CPU.
        tables: by name; columns of numbers or of texts, without missing texts. The index is lost.
        values: whatever JSON can hold.
    """

    tensors: Mapping[str, Tensor]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    values: Any = None


def origin(settings: object, arrays: Iterable[np.ndarray], code: Iterable[str | Path] = ()) -> str:
    """Return a digest of what a training is made from, to be given to `Checkpoint`.

    Args:
        settings: whatever JSON can hold; of other objects their `repr` counts.
        arrays: the data.
        code: files of the code.
    """
    text = json.dumps((torch.__version__, settings), sort_keys=True, default=repr)
    digest = hashlib.sha256(text.encode())
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).data)
    for path in code:
        digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return digest.hexdigest()


def content_digest(tensors: Mapping[str, Tensor], text: str) -> str:
    """Digest of what a file holds: tensors on the CPU, by name, and a text."""
    digest = hashlib.sha256(text.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        if tensor.numel():
            digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


class _NotTakenError(Exception):
    """Why the content of a file is not taken."""


class Checkpoint:
    """One file with a `State`."""

    def __init__(self, path: str | Path, made_from: str) -> None:
        """`made_from`: a digest (`origin`); what a file of another one holds is not taken."""
        self.path, self.made_from = Path(path), made_from

    def save(self, state: State) -> None:
        """Write the state in place of an earlier one.

        Raises:
            InputError: the disk is full.
        """
        tensors = {
            f"tensor/{name}": tensor.detach().cpu().contiguous()
            for name, tensor in state.tensors.items()
        }
        columns: dict[str, list[tuple[str, list[str] | None]]] = {}
        for name, table in state.tables.items():
            columns[name] = []
            for number, (column, entries) in enumerate(table.items()):
                numbers, texts = entries.to_numpy(), None
                if not np.issubdtype(numbers.dtype, np.number):
                    numbers, unique = pd.factorize(entries)
                    assert (numbers >= 0).all(), f"{name}: {column} has missing values"
                    texts = list(unique)
                columns[name].append((column, texts))
                tensors[f"table/{name}/{number}"] = torch.tensor(numbers)
        described = {"made_from": self.made_from, "columns": columns, "values": state.values}
        text = json.dumps(described)
        # One string: safetensors does not keep the order of several metadata entries.
        metadata = {_KEY: json.dumps([content_digest(tensors, text), text])}
        try:
            with atomic_path(self.path) as temporary:
                save_file(tensors, temporary, metadata)
        except (FileNotFoundError, SafetensorError):
            # A process that an interruption left behind removes the folder at its end: just now.
            if self.path.parent.is_dir():
                raise

    def load(self) -> State | None:
        """Read what `save` wrote; None where there is nothing.

        None as well, after a line on stderr, where the file is damaged or made from something else.
        """
        if not self.path.is_file():
            return None
        try:
            return self._read()
        except (SafetensorError, OSError):
            why = "cannot be read"
        except _NotTakenError as error:
            why = str(error)
        print(f"{self.path} {why}: training it anew", file=sys.stderr)
        return None

    def _read(self) -> State:
        with safe_open(self.path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        try:
            digest, text = json.loads(metadata.get(_KEY, ""))
        except (ValueError, TypeError):
            raise _NotTakenError("is no checkpoint, or damaged") from None
        if digest != content_digest(tensors, text):
            raise _NotTakenError("is damaged")
        found = json.loads(text)
        if found["made_from"] != self.made_from:
            raise _NotTakenError("is of other data, settings or code")
        tables = {
            name: pd.DataFrame(
                {
                    column: _entries(tensors[f"table/{name}/{number}"], texts)
                    for number, (column, texts) in enumerate(columns)
                }
            )
            for name, columns in found["columns"].items()
        }
        kept = {
            key.removeprefix("tensor/"): tensor
            for key, tensor in tensors.items()
            if key.startswith("tensor/")
        }
        return State(kept, tables, found["values"])


def _entries(numbers: Tensor, texts: list[str] | None) -> np.ndarray:
    """The entries of a column: numbers, or texts by their number."""
    if texts is None:
        return numbers.numpy()
    return np.array(texts, dtype=object)[numbers.numpy()]
