"""Inference with the pretrained GATv2: expression in, edge probabilities and signs out.

The weights file is safetensors: `member-<k>.<parameter>` of each model of the ensemble, and JSON
metadata under `grn_gat` with `architecture`, `calibration`, `provenance` and a `digest` of all that
and the parameters. Nothing in it can run code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from grn_gat.core.checkpoint import content_digest
from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path
from grn_gat.core.job import warn
from grn_gat.core.progress import steps
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.statistics import MIN_TRAJECTORY_CELLS

MIN_CELLS = 10


@dataclass(frozen=True)
class Ensemble:
    """Pretrained models with their calibration.

    Attributes:
        members: the models; their logits are averaged.
        temperature, shift: probability of an edge = sigmoid(logit / temperature + shift).
        sign_temperature: the same for the sign of an edge, without shift.
    """

    members: Sequence[ZeroShotGAT]
    temperature: float = 1.0
    shift: float = 0.0
    sign_temperature: float = 1.0

    @torch.no_grad()
    def logits(
        self, expression: Tensor, genes: Tensor, pseudotime: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Mean logits of the members, as `ZeroShotGAT.forward`; not calibrated."""
        found = [member(expression, genes, pseudotime) for member in steps(self.members)]
        edge, sign = (torch.stack(part).mean(0) for part in zip(*found, strict=True))
        return edge, sign


def save_ensemble(
    path: str | Path,
    weights: Sequence[Mapping[str, Tensor]],
    architecture: Mapping,
    calibration: Mapping[str, float],
    provenance: Mapping,
) -> None:
    """Write a weights file; the same input gives the same bytes."""
    from safetensors.torch import save_file

    tensors = {
        f"member-{k}.{name}": value.to(torch.float16 if value.dim() else value.dtype).contiguous()
        for k, member in enumerate(weights, start=1)
        for name, value in member.items()
    }
    described = {
        "architecture": architecture,
        "calibration": calibration,
        "provenance": provenance,
    }
    digest = content_digest(tensors, json.dumps(described))
    text = json.dumps(described | {"digest": digest})
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata={"grn_gat": text})


def load_ensemble(path: str | Path) -> Ensemble:
    """Read a weights file.

    Raises:
        InputError: there is no such file, or it is not one that `save_ensemble` wrote.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            metadata = json.loads(file.metadata()["grn_gat"])
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        digest = metadata.pop("digest", None)  # a file of before has none
        if digest not in (None, content_digest(tensors, json.dumps(metadata))):
            raise ValueError("it was damaged after it was written: fetch it anew")
        sizes = Architecture(**metadata["architecture"])
        groups: dict[str, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            member, name = key.split(".", 1)
            groups.setdefault(member, {})[name] = value.float()
        members = []
        for _, state in sorted(groups.items()):
            model = ZeroShotGAT(sizes)
            model.load_state_dict(state)
            members.append(model.eval())
        if not members:
            raise ValueError("it holds no model")
        return Ensemble(members, **metadata["calibration"])
    except OSError as error:
        raise InputError(f"{path}: weights of gat-zeroshot cannot be read: {error}") from None
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{path}: not a weights file of gat-zeroshot: {error}") from None


def edge_probabilities(
    ensemble: Ensemble,
    expression: np.ndarray,
    pseudotime: np.ndarray | None,
    seed: int,
    cells: int = 5000,
    subsamples: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Infer a network.

    Args:
        ensemble: the models.
        expression: (genes, cells), finite, >= 0.
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory; or None.
        seed: of the draws of cells.
        cells: cells used at once; data sets with more are sampled.
        subsamples: draws of cells whose logits are averaged.

    Returns:
        Calibrated probability that the edge [u, v] exists, and that it activates given that it
        exists; both (genes, genes), the diagonal of no meaning.

    Raises:
        InputError: fewer than 2 genes or `MIN_CELLS` cells, or negative values.
    """
    genes, number = expression.shape
    if genes < 2 or number < MIN_CELLS:
        raise InputError(
            f"the zero-shot GATv2 needs at least 2 genes and {MIN_CELLS} cells, "
            f"not {genes} and {number}"
        )
    if expression.min() < 0:
        raise InputError(
            "the zero-shot GATv2 needs expression values of at least 0 (counts, or "
            f"log(1 + counts)); the smallest is {expression.min():g}"
        )
    rng = np.random.default_rng(seed)
    real = torch.ones(1, genes, dtype=torch.bool)
    found = []
    left_out = torch.zeros(0 if pseudotime is None else pseudotime.shape[1], dtype=torch.int32)
    draws = subsamples if number > cells or subsamples > 1 else 1
    size = min(cells, number if draws == 1 else max(MIN_CELLS, round(0.8 * number)))
    for _ in steps(range(draws)):
        chosen: slice | np.ndarray = slice(None)
        if size < number:
            chosen = np.sort(rng.permutation(number)[:size])
        values = torch.from_numpy(np.ascontiguousarray(expression[:, chosen].T, np.float32))
        times = None
        if pseudotime is not None:
            times = torch.from_numpy(np.ascontiguousarray(pseudotime[chosen], np.float32))[None]
            left_out = left_out + ((~times[0].isnan()).sum(0) < MIN_TRAJECTORY_CELLS).int()
        found.append(ensemble.logits(values[None], real, times))
    if left_out.any():
        where = "" if draws == 1 else f" (in up to {int(left_out.max())} of {draws} draws of cells)"
        warn(
            f"{int((left_out > 0).sum())} of {len(left_out)} trajectories have fewer than "
            f"{MIN_TRAJECTORY_CELLS} of the cells used at once and are left out{where}"
        )
    edge, sign = (torch.stack(part).mean(0)[0].double() for part in zip(*found, strict=True))
    edge = edge / ensemble.temperature + ensemble.shift
    sign = sign / ensemble.sign_temperature
    return torch.sigmoid(edge).numpy(), torch.sigmoid(sign).numpy()
