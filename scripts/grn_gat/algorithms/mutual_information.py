"""Mutual information on Bayesian-blocks bins: the relevance network behind CLR and PIDC."""

from grn_gat.algorithms._information import mutual_information
from grn_gat.algorithms._registry import Method

# The scores are in bits, estimated from relative frequencies; a constant gene has 0 with all.
METHOD = Method(
    title="MI",
    citation="Butte and Kohane, Pacific Symposium on Biocomputing 2000",
    infer=mutual_information,
    directed=False,
    needs_variation=False,
)
