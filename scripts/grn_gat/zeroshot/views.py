"""Training views as the model takes them: tensors, with some evidence left out."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from grn_gat.simulate.training_views import TrainingView
from grn_gat.zeroshot.evidence_statistics import KnownTensors
from grn_gat.zeroshot.prepared import DataSet

EVIDENCE = ("perturbations", "protein", "promoters", "velocity", "prior", "pseudotime")


def data_set(view: TrainingView, left_out: Sequence[str] = ()) -> DataSet:
    """The data set of a view, without the pieces of `EVIDENCE` that are left out."""
    known = view.evidence

    def of(name: str, values: np.ndarray | None, kind: torch.dtype) -> Tensor | None:
        if values is None or name in left_out:
            return None
        return torch.from_numpy(np.ascontiguousarray(values)).to(kind)

    prior = of("prior", known.prior, torch.bool)
    times = of("pseudotime", known.pseudotime, torch.float32)
    return DataSet(
        expression=torch.from_numpy(np.ascontiguousarray(view.expression, np.float32)),
        regulators=None if view.named is None else torch.from_numpy(view.named),
        pseudotime=None if times is None else times.T,
        known=KnownTensors(
            target=of("perturbations", known.target, torch.int64),
            fold=of("perturbations", known.fold, torch.float32),
            protein=of("protein", known.protein, torch.float32),
            protein_genes=of("protein", known.protein_genes, torch.int64),
            promoters=of("promoters", known.promoters, torch.float32),
            velocity=of("velocity", known.velocity, torch.float32),
            priors=() if prior is None else (prior,),
        ),
    )
