"""A model of many inputs that starts as a finished model of few: what that one knows is kept.

The model of levels (`pretraining`) is trained on simulated networks as BEELINE has them. Its inputs
are the first ones of `prepared`; the further ones enter with weights of 0, so that on such data the
new model gives the same scores before its first step.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS
from grn_gat.zeroshot.statistics import NODE_STATISTICS, PAIR_STATISTICS

_GENES, _PAIRS = "encode_genes.0.weight", "encode_pairs.0.weight"


def warm_started(state: Mapping[str, Tensor], sizes: Architecture) -> ZeroShotGAT:
    """A model of all inputs with the weights of a model of levels.

    Args:
        state: parameters of the model of levels.
        sizes: its sizes.
    """
    model = ZeroShotGAT(sizes, len(NODE_INPUTS), len(PAIR_INPUTS))
    found = {name: value.clone() for name, value in model.state_dict().items()}
    for name, value in state.items():
        if name == _GENES:
            found[name] = torch.zeros_like(found[name])
            found[name][:, : len(NODE_STATISTICS)] = value
        elif name == _PAIRS:
            # Of a pair and of its reverse, one beside the other.
            found[name] = torch.zeros_like(found[name])
            for k, part in enumerate(value.split(len(PAIR_STATISTICS), 1)):
                start = k * len(PAIR_INPUTS)
                found[name][:, start : start + len(PAIR_STATISTICS)] = part
        elif name.startswith(("node_", "pair_")):
            found[name][: len(value)] = value
        else:
            found[name] = value
    model.load_state_dict(found)
    return model


def keep_scale(model: ZeroShotGAT, state: Mapping[str, Tensor]) -> None:
    """Let the inputs that a model of levels knows have the mean and deviation that they had."""
    for name in ("node_mean", "node_sd", "pair_mean", "pair_sd"):
        getattr(model, name)[: len(state[name])] = state[name]
