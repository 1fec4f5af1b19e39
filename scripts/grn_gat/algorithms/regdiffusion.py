"""RegDiffusion: the adjacency matrix of a diffusion model that learns to take noise off cells.

Zhu and Slonim, Journal of Computational Biology 31 (2024) 1087, by its own package, which is not in
requirements.lock (`Method.package`), with the package's settings.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from os import devnull

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.core.errors import InputError


def infer(expression: np.ndarray, seed: int, *, steps: int) -> np.ndarray:
    """Return the weight [u, v] of gene u in what the model makes of gene v, after `steps` steps.

    Cells in which all genes have the same value, as empty ones have, are left out: the package
    divides each cell by its range, so that one of them would make all scores NaN. `expression`
    should be logarithms, as the paper's is; it is taken as it is.

    Parameters: `expression` (genes, cells). Returns (genes, genes), >= 0.
    Raises `InputError` if fewer than two cells are left, or two genes do not differ between them.
    """
    kept = expression[:, np.ptp(expression, axis=0) > 0]
    if kept.shape[1] < 2:
        raise InputError(
            f"RegDiffusion needs two cells at least whose genes differ, and {kept.shape[1]} of "
            f"{expression.shape[1]} are such"
        )
    with open(devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return _adjacency(np.ascontiguousarray(kept.T, dtype=np.float32), seed % 2**32, steps)


def _adjacency(cells: np.ndarray, seed: int, steps: int) -> np.ndarray:
    """Train the model on cells (cells, genes) on the CPU, in one thread."""
    import torch
    from regdiffusion.trainer import RegDiffusionTrainer

    from grn_gat.core.device import deterministic

    deterministic()
    with torch.random.fork_rng(devices=[]), _states():
        trainer = RegDiffusionTrainer(cells, device="cpu", n_steps=steps, seed=seed)
        trainer.train()
        return np.asarray(trainer.get_adj(), dtype=float)


@contextmanager
def _states() -> Iterator[None]:
    """Leave the generators as they were that the package seeds."""
    others, numpys = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(others)
        np.random.set_state(numpys)  # noqa: NPY002


METHOD = Method(
    title="RegDiffusion",
    citation="Zhu and Slonim, Journal of Computational Biology 2024",
    infer=infer,
    relative=True,
    costly=True,
    package="regdiffusion==0.2.3",
)
