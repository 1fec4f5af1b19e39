"""gat-zeroshot-protein: the model of gat-zeroshot, which is shown protein as well."""

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms.gat_zeroshot import infer_with_evidence

METHOD = Method(
    title="GATv2 zero-shot, with protein",
    citation="this workflow, trained on simulated random networks only, 2026",
    infer=infer_with_evidence,
    needs_evidence="protein",
    signed=True,
    needs_variation=False,
    probabilities=True,
    weights=True,
    settings="gat-zeroshot",
    relative=True,
)
