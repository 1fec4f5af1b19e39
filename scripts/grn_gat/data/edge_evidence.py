"""Which evidence of the cells speaks of an edge."""

from collections.abc import Sequence

import numpy as np

from grn_gat.data.evidence import Evidence
from grn_gat.data.evidence_names import PERTURBATIONS, PRIOR


def edge_evidence(
    evidence: Evidence, first: np.ndarray, second: np.ndarray, genes: Sequence[str]
) -> list[str]:
    """Return for each edge the kinds of evidence that there are of it, separated by commas.

    `prior`: a prior network has the edge; `perturbations`: some cells have its regulator perturbed;
    `protein`: that of its regulator was measured; `activity` and `velocity`: those of its target.
    Empty where there is only expression.

    Args:
        evidence: what the method saw.
        first, second: (edges,) indices of regulator and target.
        genes: of the data.
    """
    every = np.arange(len(genes))
    found: dict[str, np.ndarray] = {}
    if evidence.priors:
        found[PRIOR] = np.any([prior[first, second] for prior in evidence.priors], axis=0)
    if evidence.target is not None:
        found[PERTURBATIONS] = np.isin(first, evidence.target)
    if evidence.protein_genes is not None:
        found["protein"] = np.isin(first, evidence.protein_genes)
    for kind in ("activity", "velocity"):
        values = getattr(evidence, kind)
        if values is not None:
            found[kind] = np.isin(second, every[np.any(values != 0, axis=1)])
    return [
        ", ".join(kind for kind, there in found.items() if there[edge])
        for edge in range(len(first))
    ]
