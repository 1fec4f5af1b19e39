"""Chunks of training views: one safetensors file each, small.

What was written down of cells is stored, not what was made of it, which `TrainingView.expression`
makes again: counts are exact, a normalisation is not rounded, and the same cells can be normalised
in other ways. Zeros are stored as bits, counts as bytes (`packed`).

Tensors of view k, named `k/...`:

| tensor     | type, shape            | meaning                                                |
|------------|------------------------|--------------------------------------------------------|
| cells/...  | `packed`               | the values of (genes, cells)                           |
| totals     | float32 (cells,)       | total of a cell over all genes                         |
| edges      | int16 (edges, 3)       | regulator, target, sign                                |
| batch      | uint8 (cells,)         | batch of a cell; absent where there is one             |
| named      | uint8 (genes,)         | 1: named as a candidate regulator; absent if none are  |

and of its `Evidence`, what the view has: `target` (int16), `fold`, `pseudotime` (float16), `prior`
(int16 pairs), `protein/...`, `promoters/...` as cells, of `protein_genes`; `velocity/...`: bytes.

The metadata have `views`: JSON, of each view its kind, numbers of genes and cells, and what of its
measurement differs from the defaults.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from grn_gat.core.files import atomic_path
from grn_gat.simulate.evidence import Evidence
from grn_gat.simulate.measurement_settings import Measurement
from grn_gat.simulate.training_views import TrainingView

_ELSEWHERE = 255  # a count that takes more than a byte
_PARTS = ("occupied", "values", "large", "unit")  # of `packed`
# Evidence that is stored as it is, and by its zeros.
_PLAIN = {"target": np.int16, "fold": np.float16, "pseudotime": np.float16}
_PACKED = ("protein", "promoters")

Tensor = Callable[[str], np.ndarray | None]  # a tensor of a view by its name, None for none


def packed(values: np.ndarray) -> dict[str, np.ndarray]:
    """An array >= 0 as bits of what is not 0, and these values; integers are kept exactly.

    Integers are bytes, of which 255 stands for one that is in `large`. Other numbers are float16
    times `unit`, by which the largest just fits: they keep 3 digits over 9 orders of magnitude.
    """
    occupied = values != 0
    some = values[occupied]
    found = {"occupied": np.packbits(occupied)}
    if (some == np.floor(some)).all() and some.max(initial=0) <= np.iinfo(np.uint32).max:
        large = some >= _ELSEWHERE
        found["values"] = np.where(large, _ELSEWHERE, some).astype(np.uint8)
        if large.any():
            found["large"] = some[large].astype(np.uint32)
        return found
    unit = some.max() / np.finfo(np.float16).max
    return found | {"values": (some / unit).astype(np.float16), "unit": np.array([unit])}


def unpacked(stored: Mapping[str, np.ndarray], shape: tuple[int, int]) -> np.ndarray:
    """The array of floating-point numbers that `packed` was given."""
    some = stored["values"].astype(float)
    if "large" in stored:
        some[stored["values"] == _ELSEWHERE] = stored["large"]
    if "unit" in stored:
        some *= stored["unit"]
    found = np.zeros(shape)
    bits = np.unpackbits(stored["occupied"], count=shape[0] * shape[1])
    found.reshape(-1)[bits.astype(bool)] = some
    return found


def coarse(values: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of numbers of either sign as bytes, in steps of a 127th of the row's largest."""
    unit = np.abs(values).max(axis=1, keepdims=True) / 127
    steps = np.divide(values, unit, out=np.zeros_like(values), where=unit > 0)
    return {"values": np.round(steps).astype(np.int8), "unit": unit.astype(np.float32)}


def _tensors(view: TrainingView) -> dict[str, np.ndarray]:
    regulator, target = np.nonzero(view.signs)
    edges = np.stack([regulator, target, view.signs[regulator, target]], axis=1)
    found = _under("cells", packed(view.values)) | {
        "totals": view.totals.astype(np.float32),
        "edges": edges.astype(np.int16),
    }
    if view.batch.any():
        found["batch"] = view.batch.astype(np.uint8)
    if view.named is not None:
        found["named"] = view.named.astype(np.uint8)
    return found | _evidence_tensors(view.evidence)


def _evidence_tensors(evidence: Evidence) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for name, kind in _PLAIN.items():
        if (values := getattr(evidence, name)) is not None:
            found[name] = values.astype(kind)
    for name in _PACKED:
        if (values := getattr(evidence, name)) is not None:
            found |= _under(name, packed(values))
    if evidence.protein_genes is not None:
        found["protein_genes"] = evidence.protein_genes.astype(np.int16)
    if evidence.velocity is not None:
        found |= _under("velocity", coarse(evidence.velocity))
    if evidence.prior is not None:
        found["prior"] = np.argwhere(evidence.prior).astype(np.int16)
    return found


def _under(name: str, tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}/{part}": tensor for part, tensor in tensors.items()}


def _parts(tensor: Tensor, name: str) -> dict[str, np.ndarray]:
    """What `_under` made of the parts of an array; nothing where the view has none."""
    found = {part: tensor(f"{name}/{part}") for part in _PARTS}
    return {part: values for part, values in found.items() if values is not None}


def _evidence(tensor: Tensor, genes: int, cells: int) -> Evidence:
    found: dict[str, np.ndarray] = {}
    for name in _PLAIN:
        if (values := tensor(name)) is not None:
            found[name] = values.astype(np.int32 if name == "target" else np.float32)
    if (rows := tensor("protein_genes")) is not None:
        found["protein_genes"] = rows.astype(np.int32)
    for name in _PACKED:
        if parts := _parts(tensor, name):
            number = genes if rows is None or name != "protein" else len(rows)
            found[name] = unpacked(parts, (number, cells)).astype(np.float32)
    if parts := _parts(tensor, "velocity"):
        found["velocity"] = parts["values"] * parts["unit"]
    if (pairs := tensor("prior")) is not None:
        prior = np.zeros((genes, genes), bool)
        prior[pairs[:, 0], pairs[:, 1]] = True
        found["prior"] = prior
    return Evidence(**found)


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
        # safetensors writes memory as it lies.
        f"{k}/{name}": np.ascontiguousarray(tensor)
        for k, view in enumerate(views)
        for name, tensor in _tensors(view).items()
    }
    described = json.dumps([_described(view) for view in views])
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata={"views": described})


def load_views(path: str | Path, numbers: Sequence[int] | None = None) -> Iterator[TrainingView]:
    """Read the views of a chunk, one after another: all, or those of these numbers, from 0."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        names = set(file.keys())
        views = json.loads(file.metadata()["views"])
        for k in range(len(views)) if numbers is None else numbers:

            def tensor(name: str, k: int = k) -> np.ndarray | None:
                found = f"{k}/{name}" in names
                return file.get_tensor(f"{k}/{name}") if found else None

            yield _view(views[k], tensor)


def _view(told: dict[str, Any], tensor: Tensor) -> TrainingView:
    genes, cells = told["genes"], told["cells"]
    edges, totals = tensor("edges"), tensor("totals")
    assert edges is not None and totals is not None, "every view has edges and totals"
    regulator, target, sign = edges.T
    signs = np.zeros((genes, genes), np.int8)
    signs[regulator, target] = sign
    batch, named = tensor("batch"), tensor("named")
    return TrainingView(
        kind=told["kind"],
        signs=signs,
        named=None if named is None else named.astype(bool),
        values=unpacked(_parts(tensor, "cells"), (genes, cells)),
        totals=totals.astype(float),
        settings=Measurement(**told["measurement"]),
        batch=np.zeros(cells, np.int64) if batch is None else batch.astype(np.int64),
        evidence=_evidence(tensor, genes, cells),
    )
