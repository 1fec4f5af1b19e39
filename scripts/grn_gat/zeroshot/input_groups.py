"""Groups of the model's inputs that a training can do without, to learn what they are worth.

An input that is hidden has an infinite deviation, so that it is 0 whatever it is: the weights file
says so, and nothing else has to know.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from grn_gat.zeroshot import evidence_statistics, statistics
from grn_gat.zeroshot.aggregator import INPUTS, LEVELS, OPINION, Aggregator
from grn_gat.zeroshot.gat import ZeroShotGAT
from grn_gat.zeroshot.prepared import NODE_INPUTS, PAIR_INPUTS

_LEVELS = {*statistics.NODE_STATISTICS, *statistics.PAIR_STATISTICS}
_EVIDENCE = {*evidence_statistics.GENE_STATISTICS, *evidence_statistics.PAIR_STATISTICS}
DATA, EXPERT = "data", "model-of-levels"
GROUPS: Mapping[str, Callable[[str], bool]] = {
    "levels": _LEVELS.__contains__,  # what the levels of the genes of a subset say of each other
    "over-all-genes": lambda name: name.startswith("robust_"),
    "components": lambda name: name.startswith(("robust_rank_without_", "robust_in_")),
    "partial": lambda name: name.startswith("robust_partial_"),
    "contexts": lambda name: name.endswith(("_of_regulator", "_of_target")),
    "evidence": _EVIDENCE.__contains__,
    DATA: lambda name: name.startswith("data_"),  # what the data set is
    EXPERT: lambda name: False,  # no input of the subsets: what the model of levels says
}


def hide(model: ZeroShotGAT, groups: Sequence[str]) -> None:
    """Hide groups of inputs from a model of subsets, after its inputs were standardised."""
    _hide(model.node_sd, NODE_INPUTS, groups)
    _hide(model.pair_sd, PAIR_INPUTS, groups)


def hide_from_aggregator(aggregator: Aggregator, groups: Sequence[str]) -> None:
    """Hide them from an aggregator, which goes on reading what the subsets say."""
    told = [name if name in _EVIDENCE else f"robust_{name}" for name in INPUTS]
    statistic = len(OPINION) + len(LEVELS)
    _hide(aggregator.input_sd[statistic:], told[statistic:], groups)
    if DATA in groups:
        aggregator.data_sd.fill_(torch.inf)
    if EXPERT in groups:
        aggregator.input_sd[len(OPINION) : statistic] = torch.inf
        aggregator.levels_heard.fill_(0)


def _hide(deviations: Tensor, names: Sequence[str], groups: Sequence[str]) -> None:
    hidden = [k for k, name in enumerate(names) if any(GROUPS[group](name) for group in groups)]
    deviations[hidden] = torch.inf
