"""Chunks of training views: one safetensors file each, small, and exact.

What was written down of cells is stored, not what was made of it, which `TrainingView.expression`
makes again: counts stay integers of the smallest type that holds them, a normalisation is not
rounded, and the same cells can be normalised in other ways. Zeros are stored as bits.

Tensors of view k, named `k/...`:

| tensor     | type, shape            | meaning                                                |
|------------|------------------------|--------------------------------------------------------|
| occupied   | uint8, flat            | bits, in order of (genes, cells): 1 where not 0        |
| values     | uint8-32 or float32    | the values that are not 0                              |
| totals     | float32 (cells,)       | total of a cell over all genes                         |
| edges      | int16 (edges, 3)       | regulator, target, sign                                |
| batch      | uint8 (cells,)         | batch of a cell; absent where there is one             |
| named      | uint8 (genes,)         | 1: named as a candidate regulator; absent if none are  |
| pseudotime | float32 (cells,)       | absent where cells have none                           |

The metadata have `views`: JSON, of each view its kind, numbers of genes and cells, and what of its
measurement differs from the defaults.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from grn_gat.core.files import atomic_path
from grn_gat.simulate.measurement_settings import Measurement
from grn_gat.simulate.training_views import TrainingView

_INTEGERS = (np.uint8, np.uint16, np.uint32)


def packed(values: np.ndarray) -> dict[str, np.ndarray]:
    """Bits `occupied`, and `values` that are not 0, of an array >= 0; integers as such."""
    occupied = values != 0
    some = values[occupied]
    kind: type = np.float32
    if (some == np.floor(some)).all():
        kind = next((t for t in _INTEGERS if some.max(initial=0) <= np.iinfo(t).max), np.float32)
    return {"occupied": np.packbits(occupied), "values": some.astype(kind)}


def unpacked(occupied: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The array (genes, cells) of floating-point numbers that `packed` was given."""
    flat = np.unpackbits(occupied, count=shape[0] * shape[1]).astype(bool)
    found = np.zeros(shape)
    found.reshape(-1)[flat] = values
    return found


def _tensors(view: TrainingView) -> dict[str, np.ndarray]:
    regulator, target = np.nonzero(view.signs)
    edges = np.stack([regulator, target, view.signs[regulator, target]], axis=1)
    found = packed(view.values) | {
        "totals": view.totals.astype(np.float32),
        "edges": edges.astype(np.int16),
    }
    if view.batch.any():
        found["batch"] = view.batch.astype(np.uint8)
    if view.named is not None:
        found["named"] = view.named.astype(np.uint8)
    if view.pseudotime is not None:
        found["pseudotime"] = view.pseudotime
    return found


def _described(view: TrainingView) -> dict[str, Any]:
    """Kind, shape and measurement of a view, in words of JSON."""
    genes, cells = view.values.shape
    default = Measurement()
    settings = {
        field.name: getattr(view.settings, field.name)
        for field in fields(Measurement)
        if getattr(view.settings, field.name) != getattr(default, field.name)
    }
    return {"kind": view.kind, "genes": genes, "cells": cells, "measurement": settings}


def save_views(path: str | Path, views: Sequence[TrainingView]) -> None:
    """Write a chunk; the same views give the same bytes."""
    from safetensors.numpy import save_file

    tensors = {
        f"{k}/{name}": tensor
        for k, view in enumerate(views)
        for name, tensor in _tensors(view).items()
    }
    described = json.dumps([_described(view) for view in views])
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata={"views": described})


def load_views(path: str | Path) -> Iterator[TrainingView]:
    """Read the views of a chunk, one after another."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        names = set(file.keys())
        for k, told in enumerate(json.loads(file.metadata()["views"])):

            def tensor(name: str, k: int = k) -> np.ndarray | None:
                found = f"{k}/{name}" in names
                return file.get_tensor(f"{k}/{name}") if found else None

            yield _view(told, tensor)


def _view(told: dict[str, Any], tensor: Any) -> TrainingView:
    genes, cells = told["genes"], told["cells"]
    regulator, target, sign = tensor("edges").T
    signs = np.zeros((genes, genes), np.int8)
    signs[regulator, target] = sign
    batch, named = tensor("batch"), tensor("named")
    return TrainingView(
        kind=told["kind"],
        signs=signs,
        named=None if named is None else named.astype(bool),
        values=unpacked(tensor("occupied"), tensor("values"), (genes, cells)),
        totals=tensor("totals").astype(float),
        settings=Measurement(**told["measurement"]),
        batch=np.zeros(cells, np.int64) if batch is None else batch.astype(np.int64),
        pseudotime=tensor("pseudotime"),
    )
