"""Mean difference, t: the change of a gene's mean where another is perturbed, by its error."""

import numpy as np

from grn_gat.algorithms._perturbation_effects import mean_effects
from grn_gat.algorithms._registry import Method
from grn_gat.data.evidence import Evidence


def infer(expression: np.ndarray, evidence: Evidence) -> np.ndarray:
    """Return Welch's t between perturbed and unperturbed cells.

    Parameters: `expression` (genes, cells); `evidence`, which gene is perturbed in each cell.
    Returns (genes, genes), positive where the row activates; 0 in rows of genes that are perturbed
    in no cell or in one, and of targets that do not vary.
    """
    difference, error = mean_effects(expression, evidence)
    some = (error > 0) & np.isfinite(error)
    return np.divide(difference, error, out=np.zeros_like(difference), where=some)


METHOD = Method(
    title="Mean difference, t",
    citation="Welch, Biometrika 1947",
    infer=infer,
    needs_evidence="perturbations",
    signed=True,
    needs_variation=False,
)
