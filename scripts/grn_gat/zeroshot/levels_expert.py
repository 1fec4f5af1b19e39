"""What the model of levels says of a data set, where that is small enough to be seen at once.

It was trained much longer on BEELINE's kind of data than any model of many kinds can be, and knows
nothing else. The aggregator hears it beside the subsets, and learns of what data it may believe
which.
"""

import torch
from torch import Tensor

from grn_gat.zeroshot.aggregator import LEVELS, opinion
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.prepared import Prepared

MOST_GENES = 200  # four times as many as it was trained on; cost grows with their square


@torch.no_grad()
def levels_opinion(levels: Ensemble, prepared: Prepared, rows: Tensor, itself: Tensor) -> Tensor:
    """Opinion of the model of levels on each pair that is asked for.

    Args:
        levels: the model.
        prepared: the data set; of its cells the model sees those to which nothing was done.
        rows: (rows,) which gene each row is.
        itself: (rows, genes) bool, True where both are one gene: no pair.

    Returns:
        (rows, genes, len(LEVELS)), all 0 of a data set with more than `MOST_GENES` genes.
    """
    found = torch.zeros(*itself.shape, len(LEVELS), device=itself.device)
    genes = itself.shape[1]
    if genes > MOST_GENES:
        return found
    real = torch.ones(1, genes, dtype=torch.bool, device=itself.device)
    edge, sign = levels.logits(*prepared.untouched(real))
    edge = edge[0, rows] / levels.temperature + levels.shift
    sign = sign[0, rows] / levels.sign_temperature
    edge, sign = (torch.where(itself, 0.0, part) for part in (edge, sign))
    found[..., :-1] = opinion(edge, sign, itself)
    found[..., -1] = 1
    return found
