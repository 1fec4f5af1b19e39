"""Subsets of the genes of a data set, of the sizes that the model was trained on.

Half of a subset are candidate regulators, so that it scores many of the pairs that are asked for.
Together the subsets hold every pair of a candidate regulator and another gene.
"""

from collections.abc import Iterator

import torch
from torch import Tensor


def some_genes(regulators: Tensor, size: int, source: torch.Generator) -> Tensor:
    """Draw a subset: at most half of it candidate regulators, as far as there are other genes.

    Args:
        regulators: (genes,) bool.
        size: of the subset.
        source: of the draw.

    Returns:
        Indices, ascending.
    """
    order = torch.randperm(len(regulators), generator=source)
    candidates, others = order[regulators[order]], order[~regulators[order]]
    number = max(min(len(candidates), size // 2), size - len(others))
    chosen = torch.cat([candidates[:number], others[: size - number]])
    return chosen.sort().values


def covering(regulators: Tensor, size: int, source: torch.Generator) -> Iterator[Tensor]:
    """Yield subsets (indices, ascending) that together hold every pair that is asked for.

    Args:
        regulators: (genes,) bool: the pairs of each of them with every other gene.
        size: of a subset, at most; one subset where there are no more genes.
        source: of the order in which genes come together.
    """
    genes = len(regulators)
    if genes <= size:
        yield torch.arange(genes)
        return
    half = size // 2
    candidates = regulators.nonzero()[:, 0]
    candidates = candidates[torch.randperm(len(candidates), generator=source)]
    every = torch.randperm(genes, generator=source)
    for some in candidates.split(half):
        # Genes beside these candidates; the candidates meet each other in any case.
        rest = every[~torch.isin(every, some)]
        for targets in rest.split(size - len(some)):
            yield torch.cat([some, targets]).sort().values
