"""gat-zeroshot: the GATv2 of this workflow, pretrained on simulated random networks."""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.core.errors import InputError
from grn_gat.data.evidence import Evidence
from grn_gat.data.evidence_names import WORDS


def signed_probabilities(
    expression: np.ndarray,
    pseudotime: np.ndarray | None,
    regulators: np.ndarray,
    seed: int,
    weights: str,
    cells: int,
    subsamples: int,
    evidence: Evidence | None = None,
) -> np.ndarray:
    """Return signed edge probabilities.

    Parameters: `expression` (genes, cells), >= 0; `pseudotime` (cells, trajectories), NaN where a
    cell is not on a trajectory, or None; `regulators`, indices of the candidate regulators; `seed`
    of the draws of cells and of subsets of genes; `weights`, the file; `cells` used at once;
    `subsamples`, draws of cells that are averaged; `evidence`, all that the model is shown beside.

    Returns (genes, genes): the calibrated probability of the edge, negative where repression is
    likelier than activation. Raises `InputError` for negative values, fewer than 2 genes or 10
    cells, and for evidence; of weights of any data, for fewer than 3 genes or 12 cells.
    """
    import torch

    from grn_gat.zeroshot.any_data import pair_probabilities
    from grn_gat.zeroshot.ensemble import Ensemble, edge_probabilities
    from grn_gat.zeroshot.weights import load_weights

    # One thread: the same bytes on any number of cores.
    torch.set_num_threads(1)
    model = load_weights(weights)
    evidence = evidence or Evidence()
    if isinstance(model, Ensemble):
        if evidence.kinds:
            known = " or ".join(WORDS[kind].removeprefix("a ") for kind in evidence.kinds)
            raise InputError(
                f"{weights}: these weights know no {known}; expected weights of any data, such as "
                "workflow/resources/zeroshot/any_data.safetensors"
            )
        edge, activates = edge_probabilities(
            model, expression, pseudotime, seed, cells=cells, subsamples=subsamples
        )
    else:
        edge, activates = pair_probabilities(
            model,
            expression,
            pseudotime,
            regulators,
            seed,
            cells=cells,
            subsamples=subsamples,
            evidence=evidence,
        )
    return np.where(activates >= 0.5, edge, -edge)


def infer(
    expression: np.ndarray,
    regulators: np.ndarray,
    seed: int,
    weights: str,
    cells: int,
    subsamples: int,
) -> np.ndarray:
    """Return signed edge probabilities from expression alone, also where there is a pseudotime."""
    return signed_probabilities(expression, None, regulators, seed, weights, cells, subsamples)


def infer_with_evidence(
    expression: np.ndarray,
    evidence: Evidence,
    regulators: np.ndarray,
    seed: int,
    weights: str,
    cells: int,
    subsamples: int,
) -> np.ndarray:
    """Return signed edge probabilities, given evidence; of one kind in each `gat_zeroshot_...`."""
    return signed_probabilities(
        expression, None, regulators, seed, weights, cells, subsamples, evidence
    )


METHOD = Method(
    title="GATv2 zero-shot",
    citation="this workflow, trained on simulated random networks only, 2026",
    infer=infer,
    signed=True,
    needs_variation=False,
    probabilities=True,
    weights=True,
    relative=True,
)
