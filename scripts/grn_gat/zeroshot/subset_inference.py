"""Logits of every pair that is asked for, from subsets of the genes of a data set."""

from collections.abc import Iterator

import torch
from torch import Tensor

from grn_gat.core.progress import steps
from grn_gat.zeroshot.gat import Graph, ZeroShotGAT
from grn_gat.zeroshot.gene_subsets import covering
from grn_gat.zeroshot.prepared import Prepared, one_batch

_AT_ONCE = 8  # subsets


@torch.no_grad()
def subset_logits(
    model: ZeroShotGAT, prepared: Prepared, regulators: Tensor, size: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Mean logits of each pair over the subsets that hold it.

    Args:
        model: the model.
        prepared: the data set, on the device of the model.
        regulators: (genes,) bool on the CPU: rows that are asked for.
        size: genes of a subset.
        seed: of the subsets.

    Returns:
        Logits of edges and of signs, (rows, genes) each on the CPU, rows in the order of the genes;
        0 where both are one gene.
    """
    genes = len(regulators)
    rows = regulators.nonzero()[:, 0]
    place = torch.full((genes,), -1)
    place[rows] = torch.arange(len(rows))
    summed = torch.zeros(len(rows), genes, 2)
    number = torch.zeros(len(rows), genes, 1)
    source = torch.Generator().manual_seed(seed)
    subsets = list(covering(regulators, size, source))
    for some in steps(list(_grouped(subsets))):
        largest = max(map(len, some))
        inputs = [prepared.inputs(chosen.to(prepared.device), largest) for chosen in some]
        node, pair, _ = one_batch(inputs)
        graph = Graph.stacked([model.graph(one.pair, one.high, one.real) for one in inputs])
        found = torch.stack(model.score(*model.standardised(node, pair), graph), -1).cpu()
        for own, chosen in zip(found, some, strict=True):
            asked = (place[chosen] >= 0).nonzero()[:, 0]
            at = (place[chosen[asked]][:, None], chosen)
            summed[at] += own[asked, : len(chosen)]
            number[at] += 1
    mean = summed / number.clamp_min(1)
    mean[torch.arange(len(rows)), rows] = 0
    edge, sign = mean.unbind(-1)
    return edge, sign


def _grouped(subsets: list[Tensor]) -> Iterator[list[Tensor]]:
    for start in range(0, len(subsets), _AT_ONCE):
        yield subsets[start : start + _AT_ONCE]
