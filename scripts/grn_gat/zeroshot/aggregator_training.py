"""Training of the aggregator: whole views, on which the model of subsets has been run.

The model of subsets is finished by then, and has seen none of these views: what it says of pairs
that it was fitted to would be too good.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from grn_gat.core.errors import InputError
from grn_gat.simulate.training_views import TrainingView
from grn_gat.zeroshot.aggregator import Aggregator, with_contexts
from grn_gat.zeroshot.gat import ZeroShotGAT
from grn_gat.zeroshot.prepared import Prepared
from grn_gat.zeroshot.statistics import WINDOWS
from grn_gat.zeroshot.subset_inference import subset_logits
from grn_gat.zeroshot.views import EVIDENCE, data_set


@dataclass(frozen=True, eq=False)
class Matrix:
    """All pairs of a data set that are asked for.

    Attributes:
        inputs: (rows, genes, len(aggregator.INPUTS)) float16.
        data: (len(DATA_STATISTICS),).
        itself: (rows, genes) bool, True where both are one gene.
        signs: (rows, genes) int8: +1, -1, or 0 where there is no edge.
    """

    inputs: Tensor
    data: Tensor
    itself: Tensor
    signs: Tensor


def pair_inputs(edge: Tensor, sign: Tensor, itself: Tensor, of_all: Tensor) -> Tensor:
    """Inputs of the aggregator, (rows, genes, len(INPUTS)).

    Args:
        edge, sign: mean logits of subsets, (rows, genes).
        itself: (rows, genes) bool.
        of_all: statistics over all genes, (rows, genes, .), as `Prepared.pairs` gives them.
    """
    logits = torch.stack([edge, sign], -1)
    return torch.cat([logits, with_contexts(edge, itself), of_all], -1)


def matrix_of(
    model: ZeroShotGAT, view: TrainingView, settings: Mapping, rng: np.random.Generator
) -> Matrix:
    """Run the model of subsets on a view, with some of its evidence left out.

    Args:
        model: the model of subsets.
        view: the data set.
        settings: `genes` of a subset, `left_out` (chance of a piece of evidence).
        rng: source of every draw.
    """
    left_out = [name for name in EVIDENCE if rng.random() < settings["left_out"]]
    found = data_set(view, left_out)
    prepared, genes = Prepared(found), len(found.expression)
    rows = torch.ones(genes, dtype=torch.bool) if found.regulators is None else found.regulators
    seed = int(rng.integers(2**62))
    edge, sign = subset_logits(model, prepared, rows, settings["genes"], seed)
    asked, every = rows.nonzero()[:, 0], torch.arange(genes)
    itself = asked[:, None] == every
    inputs = pair_inputs(edge, sign, itself, prepared.pairs(asked, every))
    signs = torch.from_numpy(view.signs)[asked]
    return Matrix(inputs.half(), prepared.data, itself, signs)


def matrices(
    model: ZeroShotGAT,
    views: Iterator[TrainingView],
    settings: Mapping,
    rng: np.random.Generator,
) -> Iterator[Matrix]:
    """Yield the matrices of views that have cells enough."""
    for view in views:
        if view.values.shape[1] >= WINDOWS:
            yield matrix_of(model, view, settings, rng)


def loss_of(aggregator: Aggregator, matrix: Matrix, sign_weight: float) -> tuple[Tensor, Tensor]:
    """Cross-entropy of edges, and of the signs of true ones, mean over the pairs."""
    logits = aggregator(matrix.inputs.float(), matrix.data, matrix.itself)
    counted = ~matrix.itself
    edge, sign = (part[counted] for part in logits.unbind(-1))
    signs = matrix.signs[counted]
    of_edges = bce(edge, (signs != 0).float())
    true = signs != 0
    of_signs = bce(sign[true], (signs[true] > 0).float()) if true.any() else edge.sum() * 0
    return of_edges, sign_weight * of_signs


def train_aggregator(
    found: Sequence[Matrix], settings: Mapping, rng: np.random.Generator, seed: int
) -> tuple[Aggregator, list[float]]:
    """Train on matrices.

    Args:
        found: the matrices.
        settings: `width`, `layers`, `epochs`, `batch` (matrices), `learning_rate`, `weight_decay`,
            `sign_weight`.
        rng: of the order.
        seed: of the first weights.

    Returns:
        The aggregator, and the mean loss of edges in each epoch.

    Raises InputError where the loss is not finite.
    """
    torch.manual_seed(seed)
    aggregator = Aggregator(settings["width"], settings["layers"])
    standardise(aggregator, found, rng)
    optimiser = torch.optim.AdamW(
        aggregator.parameters(),
        lr=settings["learning_rate"],
        weight_decay=settings["weight_decay"],
    )
    steps = math.ceil(len(found) / settings["batch"]) * settings["epochs"]
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings["learning_rate"], steps)
    curve = []
    for _ in range(settings["epochs"]):
        summed, order = 0.0, rng.permutation(len(found))
        for start in range(0, len(order), settings["batch"]):
            group = order[start : start + settings["batch"]]
            aggregator.zero_grad()
            for k in group:
                of_edges, of_signs = loss_of(aggregator, found[k], settings["sign_weight"])
                ((of_edges + of_signs) / len(group)).backward()
                summed += of_edges.item()
            torch.nn.utils.clip_grad_norm_(aggregator.parameters(), 1.0)
            optimiser.step()
            plan.step()
        curve.append(summed / len(found))
        if not math.isfinite(curve[-1]):
            raise InputError(
                "the aggregator diverged: its loss is not finite; lower its learning_rate"
            )
    return aggregator.eval(), curve


def standardise(aggregator: Aggregator, found: Sequence[Matrix], rng: np.random.Generator) -> None:
    """Set mean and deviation of the inputs, from some pairs of each matrix."""
    some = []
    for matrix in found:
        pairs = (~matrix.itself).nonzero()
        chosen = pairs[torch.from_numpy(rng.integers(len(pairs), size=min(200, len(pairs))))]
        some.append(matrix.inputs[chosen[:, 0], chosen[:, 1]].float())
    aggregator.standardise(torch.cat(some), torch.stack([matrix.data for matrix in found]))
