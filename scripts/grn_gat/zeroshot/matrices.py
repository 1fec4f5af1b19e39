"""All pairs of a data set that are asked for, with what subsets and statistics say of each.

What the aggregator reads. In training it is made of views that the model of subsets has not seen:
what that says of pairs which it was fitted to would be too good.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from grn_gat.core.files import atomic_path
from grn_gat.simulate.training_views import TrainingView
from grn_gat.zeroshot.aggregator import opinion, pair_inputs
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.gat import ZeroShotGAT
from grn_gat.zeroshot.levels_expert import levels_opinion
from grn_gat.zeroshot.prepared import Prepared
from grn_gat.zeroshot.statistics import WINDOWS
from grn_gat.zeroshot.subset_inference import subset_logits
from grn_gat.zeroshot.views import EVIDENCE, data_set

_FEW = 24  # rows of a matrix to train on are at least so many, where there are


@dataclass(frozen=True, eq=False)
class Matrix:
    """All pairs of a data set that are asked for, with the truth.

    Attributes:
        inputs: (rows, genes, len(aggregator.INPUTS)) float16.
        data: (len(DATA_STATISTICS),) float32.
        rows: (rows,) int64: which gene each row is.
        signs: (rows, genes) int8: +1, -1, or 0 where there is no edge.
    """

    inputs: Tensor
    data: Tensor
    rows: Tensor
    signs: Tensor

    @property
    def itself(self) -> Tensor:
        """(rows, genes) bool, True where both are one gene: no pair."""
        return self.rows[:, None] == torch.arange(self.signs.shape[1])


def matrix_of(
    model: ZeroShotGAT,
    levels: Ensemble,
    view: TrainingView,
    settings: Mapping,
    rng: np.random.Generator,
) -> Matrix:
    """Run both models on a view, with some of its evidence left out.

    Args:
        model: the model of subsets.
        levels: that of levels.
        view: the data set.
        settings: `genes` of a subset, `left_out` (chance of a piece of evidence), `rows` (of the
            matrix at most: some candidate regulators where there are more).
        rng: source of every draw.
    """
    left_out = [name for name in EVIDENCE if rng.random() < settings["left_out"]]
    found = data_set(view, left_out)
    prepared, genes = Prepared(found), len(found.expression)
    candidates = np.arange(genes)
    if found.regulators is not None:
        candidates = candidates[found.regulators.numpy()]
    most = int(rng.integers(_FEW, settings["rows"] + 1))
    chosen = np.sort(rng.permutation(candidates)[:most])
    asked = torch.zeros(genes, dtype=torch.bool)
    asked[chosen] = True
    seed = int(rng.integers(2**62))
    edge, sign = subset_logits(model, prepared, asked, settings["genes"], seed)
    rows, every = torch.from_numpy(chosen), torch.arange(genes)
    itself = rows[:, None] == every
    inputs = pair_inputs(
        opinion(edge, sign, itself),
        levels_opinion(levels, prepared, rows, itself),
        prepared.pairs(rows, every),
    )
    return Matrix(inputs.half(), prepared.data, rows, torch.from_numpy(view.signs[chosen]))


def matrices_of(
    model: ZeroShotGAT,
    levels: Ensemble,
    views: Iterator[TrainingView],
    settings: Mapping,
    rng: np.random.Generator,
) -> Iterator[Matrix]:
    """Yield the matrices of views that have cells enough for windows."""
    for view in views:
        if view.values.shape[1] >= WINDOWS:
            yield matrix_of(model, levels, view, settings, rng)


def save_matrices(path: str | Path, found: Sequence[Matrix]) -> None:
    """Write matrices; the same ones give the same bytes."""
    from safetensors.torch import save_file

    names = ("inputs", "data", "rows", "signs")
    tensors = {
        f"{k}/{name}": getattr(matrix, name).contiguous()
        for k, matrix in enumerate(found)
        for name in names
    }
    with atomic_path(path) as temporary:
        save_file(tensors, temporary)


def load_matrices(path: str | Path) -> list[Matrix]:
    """Read what `save_matrices` wrote."""
    from safetensors.torch import load_file

    parts: dict[int, dict[str, Tensor]] = {}
    for key, tensor in load_file(path).items():
        number, name = key.split("/")
        parts.setdefault(int(number), {})[name] = tensor
    return [Matrix(**part) for _, part in sorted(parts.items())]
