"""From arrays to edge probabilities, by a model of any data."""

import numpy as np
import torch

from grn_gat.core.errors import InputError
from grn_gat.data.evidence import Evidence
from grn_gat.zeroshot.evidence_statistics import KnownTensors
from grn_gat.zeroshot.prepared import DataSet
from grn_gat.zeroshot.statistics import WINDOWS
from grn_gat.zeroshot.zeroshot_model import Inferred, ZeroShotModel

MIN_GENES = 3


def pair_probabilities(
    model: ZeroShotModel,
    expression: np.ndarray,
    pseudotime: np.ndarray | None,
    regulators: np.ndarray,
    seed: int,
    cells: int = 5000,
    subsamples: int = 1,
    evidence: Evidence | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Infer a network.

    Args:
        model: the model.
        expression: (genes, cells), finite.
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory; or None.
        regulators: indices of the candidate regulators; all of them is the same as none named.
        seed: of the draws of cells and of subsets of genes.
        cells: cells used at once; data sets with more are sampled.
        subsamples: draws of cells whose probabilities are averaged.
        evidence: what else is known of the cells.

    Returns:
        Probability that the edge [u, v] exists, and that it activates given that it exists; both
        (genes, genes), 0 in the rows of other genes and on the diagonal.

    Raises:
        InputError: too few genes or cells.
    """
    genes, number = expression.shape
    if genes < MIN_GENES or number < WINDOWS:
        raise InputError(
            f"these weights of the zero-shot GATv2 need at least {MIN_GENES} genes and {WINDOWS} "
            f"cells, not {genes} and {number}"
        )
    named = None
    if len(regulators) < genes:
        named = torch.zeros(genes, dtype=torch.bool)
        named[torch.from_numpy(np.asarray(regulators))] = True
    evidence = evidence or Evidence()
    rng = np.random.default_rng(seed)
    draws = subsamples if number > cells or subsamples > 1 else 1
    size = min(cells, number if draws == 1 else max(WINDOWS, round(0.8 * number)))
    edge, activates = np.zeros((genes, genes)), np.zeros((genes, genes))
    for _ in range(draws):
        chosen = np.sort(rng.permutation(number)[:size])
        found: Inferred = model.infer(
            DataSet(
                torch.from_numpy(np.ascontiguousarray(expression[:, chosen], np.float32)),
                named,
                None if pseudotime is None else torch.from_numpy(pseudotime[chosen]).float(),
                known_tensors(evidence.of_cells(chosen)),
            ),
            int(rng.integers(2**62)),
        )
        edge[found.rows] += found.edge / draws
        activates[found.rows] += found.activates / draws
    return edge, activates


def known_tensors(evidence: Evidence) -> KnownTensors:
    """Return evidence as the model takes it."""

    def of(values: np.ndarray | None, kind: torch.dtype) -> torch.Tensor | None:
        return None if values is None else torch.from_numpy(np.ascontiguousarray(values)).to(kind)

    return KnownTensors(
        target=of(evidence.target, torch.int64),
        fold=of(evidence.fold, torch.float32),
        protein=of(evidence.protein, torch.float32),
        protein_genes=of(evidence.protein_genes, torch.int64),
        promoters=of(evidence.activity, torch.float32),
        velocity=of(evidence.velocity, torch.float32),
        priors=[torch.from_numpy(prior) for prior in evidence.priors],
    )
