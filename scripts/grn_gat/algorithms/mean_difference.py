"""Mean difference: by how much the mean of a gene changes where another one is perturbed."""

import numpy as np

from grn_gat.algorithms._perturbation_effects import mean_effects
from grn_gat.algorithms._registry import Method
from grn_gat.data.evidence import Evidence


def infer(expression: np.ndarray, evidence: Evidence) -> np.ndarray:
    """Return the difference of means between perturbed and unperturbed cells.

    Parameters: `expression` (genes, cells); `evidence`, which gene is perturbed in each cell.
    Returns (genes, genes) in units of the expression, positive where the row activates; 0 in rows
    of genes that are perturbed in no cell.
    """
    return mean_effects(expression, evidence)[0]


METHOD = Method(
    title="Mean difference",
    citation="after Dixit et al., Cell 2016",
    infer=infer,
    needs_evidence="perturbations",
    signed=True,
    needs_variation=False,
)
