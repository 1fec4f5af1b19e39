"""Prior edges: the prior networks themselves, with no look at a cell."""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.data.evidence import Evidence


def infer(expression: np.ndarray, evidence: Evidence) -> np.ndarray:
    """Return the share of the prior networks that have the edge.

    Parameters: `expression` (genes, cells), which is not looked at; `evidence`, the priors. Returns
    (genes, genes), from 0 to 1.
    """
    return np.mean(evidence.priors, axis=0, dtype=float)


METHOD = Method(
    title="Prior edges",
    citation="this workflow: the prior networks themselves, 2026",
    infer=infer,
    needs_evidence="prior",
    needs_variation=False,
)
