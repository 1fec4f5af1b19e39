"""PIDC: partial information decomposition and network context."""

import numpy as np

from grn_gat.algorithms._information import gamma_context, proportional_unique_contribution
from grn_gat.algorithms._registry import Method
from grn_gat.core.errors import InputError


def infer(expression: np.ndarray) -> np.ndarray:
    """Return the PIDC score of all pairs, as NetworkInference.jl (and so BEELINE) computes it.

    Parameters: `expression` (genes, cells). Returns (genes, genes), symmetric, not negative.
    Raises `InputError` for fewer than 3 genes: unique information is relative to a third gene.
    """
    if len(expression) < 3:
        raise InputError(
            f"PIDC compares triples of genes and needs at least 3 genes, not {len(expression)}"
        )
    return gamma_context(proportional_unique_contribution(expression))


METHOD = Method(
    title="PIDC",
    citation="Chan, Stumpf and Babtie, Cell Systems 2017",
    infer=infer,
    directed=False,
    needs_variation=False,
    relative=True,
)
