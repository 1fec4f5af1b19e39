"""Mutual information on Bayesian-blocks bins: the relevance network behind CLR and PIDC."""

from grn_gat.information import mutual_information
from grn_gat.peers import Peer

# The scores are in bits, estimated from relative frequencies; a constant gene has 0 with all.
PEER = Peer(
    title="MI",
    citation="Butte and Kohane, Pacific Symposium on Biocomputing 2000",
    infer=mutual_information,
    directed=False,
    needs_variation=False,
)
