"""Muon: momentum whose update of every weight matrix is orthogonalised (Jordan et al. 2024).

torch.optim.Muon handles one matrix at a time, in bfloat16. Our matrices are many and small, and
most CPUs have no bfloat16 arithmetic: there it takes as long as the rest of a training step. This
one stacks the matrices of equal shape and works in their own precision.
"""

import math
from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic that drives singular values towards 1
_ITERATIONS = 5
_MATCH_ADAM = 0.2  # root mean square of the entries of an update of AdamW (Liu et al. 2025, eq. 4)


def orthogonalised(matrices: Tensor) -> Tensor:
    """Bring the singular values of each matrix close to 1 (between about 0.7 and 1.2).

    Args:
        matrices: (number, rows, columns).

    Returns:
        The same shape: for a matrix U S V^T about U V^T, by Newton-Schulz iteration.
    """
    wide = matrices.shape[1] <= matrices.shape[2]
    x = matrices if wide else matrices.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = _COEFFICIENTS
    for _ in range(_ITERATIONS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if wide else x.transpose(1, 2)


class Muon(torch.optim.Optimizer):
    """Muon with Nesterov momentum and decoupled weight decay, for parameters that are matrices.

    Updates are scaled to the size of AdamW's, so that both take the same learning rate.
    """

    def __init__(
        self, params: Iterable[Tensor], lr: float, weight_decay: float, momentum: float = 0.95
    ):
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update all matrices from their gradients."""
        for group in self.param_groups:
            momentum, rate = group["momentum"], group["lr"]
            of_shape: dict[tuple[int, ...], list[tuple[Tensor, Tensor]]] = defaultdict(list)
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                state = self.state[matrix]
                if not state:
                    state["mean"] = torch.zeros_like(matrix)
                state["mean"].lerp_(matrix.grad, 1 - momentum)
                update = matrix.grad.lerp(state["mean"], momentum)
                of_shape[tuple(matrix.shape)].append((matrix, update))
            for shape, found in of_shape.items():
                updates = orthogonalised(torch.stack([update for _, update in found]))
                scale = rate * _MATCH_ADAM * math.sqrt(max(shape))
                for (matrix, _), update in zip(found, updates, strict=True):
                    matrix.mul_(1 - rate * group["weight_decay"]).add_(update, alpha=-scale)
