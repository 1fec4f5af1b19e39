"""Training of the aggregator on matrices of data sets, and the calibration of what it says."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from grn_gat.core.errors import InputError
from grn_gat.zeroshot.aggregator import Aggregator
from grn_gat.zeroshot.input_groups import hide_from_aggregator
from grn_gat.zeroshot.matrices import Matrix


@torch.no_grad()
def logits_of(aggregator: Aggregator, matrix: Matrix) -> tuple[Tensor, Tensor]:
    """Logits of edges and signs, (rows, genes) each."""
    edge, sign = aggregator(matrix.inputs.float(), matrix.data, matrix.itself).unbind(-1)
    return edge, sign


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
            `sign_weight`, and `hidden`, groups of inputs that it does without. After 0 epochs it
            adds nothing to what the subsets say.
        rng: of the order.
        seed: of the first weights.

    Returns:
        The aggregator, and the mean loss of edges in each epoch.

    Raises InputError where the loss is not finite.
    """
    torch.manual_seed(seed)
    aggregator = Aggregator(settings["width"], settings["layers"])
    standardise(aggregator, found, rng)
    hide_from_aggregator(aggregator, settings["hidden"])
    optimiser = torch.optim.AdamW(
        aggregator.parameters(),
        lr=settings["learning_rate"],
        weight_decay=settings["weight_decay"],
    )
    steps = math.ceil(len(found) / settings["batch"]) * max(1, settings["epochs"])
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
