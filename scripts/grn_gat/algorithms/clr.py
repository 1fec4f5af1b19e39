"""CLR: mutual information relative to that of the two genes with all others."""

import numpy as np

from grn_gat.algorithms._information import clr_context, mutual_information
from grn_gat.algorithms._registry import Method
from grn_gat.core.errors import InputError


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the CLR score of all pairs, as NetworkInference.jl computes it.

    Mutual information in bits on Bayesian-blocks bins instead of the paper's B-splines.

    Parameters: `expression` (genes, cells). Returns (genes, genes), symmetric, not negative.
    Raises `InputError` for fewer than 3 genes: there is no context then.
    """
    if len(expression) < 3:
        raise InputError(
            f"CLR compares a pair with others and needs at least 3 genes, not {len(expression)}"
        )
    return clr_context(mutual_information(expression))


METHOD = Method(
    title="CLR",
    citation="Faith et al., PLoS Biology 2007",
    infer=infer,
    directed=False,
    needs_variation=False,
    relative=True,
)
