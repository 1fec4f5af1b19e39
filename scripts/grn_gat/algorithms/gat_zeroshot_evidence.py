"""gat-zeroshot-evidence: the model of gat-zeroshot, which is shown all evidence."""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.gat_zeroshot import signed_probabilities
from grn_gat.data.evidence import Evidence


def infer(
    expression: np.ndarray,
    pseudotime: np.ndarray | None,
    evidence: Evidence,
    regulators: np.ndarray,
    seed: int,
    weights: str,
    cells: int,
    subsamples: int,
) -> np.ndarray:
    """Return signed edge probabilities, given evidence of every kind and pseudotime."""
    return signed_probabilities(
        expression, pseudotime, regulators, seed, weights, cells, subsamples, evidence
    )


METHOD = Method(
    title="GATv2 zero-shot, with all evidence",
    citation="this workflow, trained on simulated random networks only, 2026",
    infer=infer,
    needs_evidence="any",
    signed=True,
    needs_variation=False,
    probabilities=True,
    weights=True,
    settings="gat-zeroshot",
    relative=True,
)
