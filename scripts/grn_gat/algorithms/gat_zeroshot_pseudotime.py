"""gat-zeroshot-pseudotime: the model of gat-zeroshot, which is shown the pseudotime as well."""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.gat_zeroshot import signed_probabilities


def infer(
    expression: np.ndarray,
    pseudotime: np.ndarray,
    regulators: np.ndarray,
    seed: int,
    weights: str,
    cells: int,
    subsamples: int,
) -> np.ndarray:
    """Return signed edge probabilities, given pseudotime.

    A trajectory with fewer than 24 of the cells used at once (two to a window of pseudotime) is
    left out, with a warning; if none is left, the model infers from expression alone.
    """
    return signed_probabilities(
        expression, pseudotime, regulators, seed, weights, cells, subsamples
    )


METHOD = Method(
    title="GATv2 zero-shot, with pseudotime",
    citation="this workflow, trained on simulated random networks only, 2026",
    infer=infer,
    needs_pseudotime=True,
    signed=True,
    needs_variation=False,
    probabilities=True,
    weights=True,
    settings="gat-zeroshot",
    relative=True,
)
