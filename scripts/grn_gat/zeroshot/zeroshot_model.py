"""The zero-shot model of any data: subsets of the genes, read together; and how far to trust it.

    Prepared          statistics over all genes
    subset_logits     the GATv2 on subsets of the genes, of the size that it was trained on
    levels_opinion    the model of levels, of few genes, which knows BEELINE's kind of data best
    Aggregator        all pairs that are asked for, read together
    Calibration       logits as probabilities
    Likeness          how far the data set lies from those of the training

Cost grows with candidate regulators x genes. The weights file is safetensors:
`subsets.<parameter>`, `levels.<member>.<parameter>`, `aggregator.<parameter>`, `likeness.<array>`,
and JSON metadata under `grn_gat` with `sizes`, `levels`, `aggregator`, `genes`, `calibration`,
`provenance` and a `digest` of all that. Nothing in it can run code.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grn_gat.core.checkpoint import content_digest
from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path
from grn_gat.zeroshot.aggregator import Aggregator, opinion, pair_inputs
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.levels_expert import levels_opinion
from grn_gat.zeroshot.likeness import Likeness, features
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS, DataSet, Prepared
from grn_gat.zeroshot.robust_statistics import RobustStatistics
from grn_gat.zeroshot.subset_inference import subset_logits

FORMAT = "subsets and aggregator"
_PAIRS_AT_ONCE = 2**16  # that the aggregator reads
# With more, their inputs are made anew each time that it reads them: they would take 350 MB.
_PAIRS_KEPT = 2**21
_LEAST = 1e-7  # of a probability: of less the logit is not told by single precision


@dataclass(frozen=True)
class Calibration:
    """Probability of an edge = sigmoid(logit / temperature + shift); of activation, no shift."""

    temperature: float = 1.0
    shift: float = 0.0
    sign_temperature: float = 1.0


@dataclass(frozen=True, eq=False)
class Inferred:
    """What the model says of a data set.

    Attributes:
        rows: (rows,) which gene each row is: the candidate regulators.
        edge: (rows, genes) float32, probability of the edge; 0 of a gene with itself.
        activates: (rows, genes), probability that it activates, given that it exists.
    """

    rows: np.ndarray
    edge: np.ndarray
    activates: np.ndarray


@dataclass(frozen=True, eq=False)
class ZeroShotModel:
    """A trained model; `genes` of a subset."""

    subsets: ZeroShotGAT
    levels: Ensemble
    aggregator: Aggregator
    genes: int
    likeness: Likeness
    calibration: Calibration = Calibration()

    @torch.no_grad()
    def infer(self, found: DataSet, seed: int) -> Inferred:
        """Score every pair of a candidate regulator and another gene.

        Args:
            found: the data set, of at least 3 genes and `statistics.WINDOWS` cells, on the device
                of the model. On a GPU probabilities differ from those of a CPU by rounding.
            seed: of the subsets.
        """
        prepared = Prepared(found)
        asked = found.regulators
        if asked is None:
            asked = torch.ones(len(found.expression), dtype=torch.bool)
        asked = asked.cpu()
        rows = asked.nonzero()[:, 0]
        edge, sign, itself = self.logits(prepared, asked, seed)
        told = self.calibration
        probability = torch.sigmoid(edge / told.temperature + told.shift)
        return Inferred(
            rows.numpy(),
            torch.where(itself, 0.0, probability).numpy(),
            torch.sigmoid(sign / told.sign_temperature).numpy(),
        )

    @torch.no_grad()
    def logits(self, prepared: Prepared, asked: Tensor, seed: int) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of edges and signs (rows, genes), not calibrated, and which pairs are of one gene.

        Args:
            prepared: the data set.
            asked: (genes,) bool on the CPU, the candidate regulators.
            seed: of the subsets.

        Returns:
            Logits of edges, of signs, and the pairs of one gene, all on the CPU.
        """
        edge, sign = subset_logits(self.subsets, prepared, asked, self.genes, seed)
        device = prepared.device
        every, rows = torch.arange(len(asked), device=device), asked.nonzero()[:, 0].to(device)
        itself = rows[:, None] == every
        subsets = opinion(edge.to(device), sign.to(device), itself)
        levels = levels_opinion(self.levels, prepared, rows, itself)

        made: dict[int, Tensor] = {}
        kept = itself.numel() <= _PAIRS_KEPT

        def inputs(block: slice) -> Tensor:
            if block.start in made:
                return made[block.start]
            of_all = prepared.pairs(rows[block], every)
            found = pair_inputs(subsets[block], levels[block], of_all)
            if kept:
                made[block.start] = found
            return found

        at_once = max(1, _PAIRS_AT_ONCE // len(every))
        found = self.aggregator.in_blocks(inputs, prepared.data, itself, at_once).cpu()
        return found[..., 0], found[..., 1], itself.cpu()

    def rarity(self, expression: np.ndarray, edge: np.ndarray, activating: np.ndarray) -> float:
        """Return the share of the training's data sets that lie as far from the others as this one.

        Args:
            expression: (genes, cells), finite, as `infer` was shown it.
            edge: (pairs,) the probabilities that the model gave, of the pairs of a candidate
                regulator and another gene.
            activating: (pairs,) bool, whether activation was likelier than repression.
        """
        data = RobustStatistics(torch.from_numpy(np.ascontiguousarray(expression, np.float32))).data
        within = np.clip(edge, _LEAST, 1 - _LEAST)
        told = self.calibration
        logits = (np.log(within) - np.log1p(-within) - told.shift) * told.temperature
        point = features(
            data, torch.from_numpy(logits), torch.from_numpy(activating), len(expression)
        )
        return float(self.likeness.rarity(point[None])[0])


def save_model(path: str | Path, model: ZeroShotModel, provenance: Mapping[str, Any]) -> None:
    """Write a weights file; the same model gives the same bytes."""
    from safetensors.torch import save_file

    tensors = {
        **{f"subsets.{name}": value for name, value in model.subsets.state_dict().items()},
        **{
            f"levels.{k}.{name}": value.to(torch.float16 if value.dim() else value.dtype)
            for k, member in enumerate(model.levels.members, start=1)
            for name, value in member.state_dict().items()
        },
        **{f"aggregator.{name}": value for name, value in model.aggregator.state_dict().items()},
        **{
            f"likeness.{part.name}": torch.from_numpy(getattr(model.likeness, part.name))
            for part in fields(Likeness)
        },
    }
    tensors = {name: value.contiguous() for name, value in tensors.items()}
    described = {
        "format": FORMAT,
        "sizes": asdict(model.subsets.sizes),
        "levels": {
            "sizes": asdict(model.levels.members[0].sizes),
            "temperature": model.levels.temperature,
            "shift": model.levels.shift,
            "sign_temperature": model.levels.sign_temperature,
        },
        "aggregator": model.aggregator.sizes,
        "genes": model.genes,
        "calibration": asdict(model.calibration),
        "provenance": provenance,
    }
    digest = content_digest(tensors, json.dumps(described))
    text = json.dumps(described | {"digest": digest})
    with atomic_path(path) as temporary:
        save_file(tensors, temporary, metadata={"grn_gat": text})


def load_model(path: str | Path) -> ZeroShotModel:
    """Read a weights file.

    Raises:
        InputError: there is no such file, or it is not one that `save_model` wrote.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            told = json.loads(file.metadata()["grn_gat"])
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        digest = told.pop("digest")
        if digest != content_digest(tensors, json.dumps(told)):
            raise ValueError("it was damaged after it was written: fetch it anew")
        parts: dict[str, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            part, name = key.split(".", 1)
            parts.setdefault(part, {})[name] = value
        subsets = ZeroShotGAT(Architecture(**told["sizes"]), len(NODE_INPUTS), len(PAIR_INPUTS))
        subsets.load_state_dict(parts["subsets"])
        levels = _levels(parts["levels"], told["levels"])
        aggregator = Aggregator(*told["aggregator"])
        aggregator.load_state_dict(parts["aggregator"])
        likeness = Likeness(**{name: part.numpy() for name, part in parts["likeness"].items()})
        return ZeroShotModel(
            subsets.eval(),
            levels,
            aggregator.eval(),
            told["genes"],
            likeness,
            Calibration(**told["calibration"]),
        )
    except OSError as error:
        raise InputError(f"{path}: weights cannot be read: {error}") from None
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{path}: not a weights file of this model: {error}") from None


def _levels(tensors: Mapping[str, Tensor], told: Mapping[str, Any]) -> Ensemble:
    """The model of levels, of its tensors by `<member>.<parameter>`."""
    members: dict[str, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        number, name = key.split(".", 1)
        members.setdefault(number, {})[name] = value.float()
    found = []
    for number in sorted(members, key=int):
        model = ZeroShotGAT(Architecture(**told["sizes"]))
        model.load_state_dict(members[number])
        found.append(model.eval())
    return Ensemble(found, told["temperature"], told["shift"], told["sign_temperature"])
