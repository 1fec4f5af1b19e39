"""A data set, prepared once; the inputs of the model for any subset of its genes.

What a pair looks like among all genes of the data set (`robust_statistics`, `evidence_statistics`)
is told beside what the levels of the genes of the subset say of each other (`statistics`), which
assume no scale: of each gene its lowest value is taken away first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from grn_gat.zeroshot import evidence_statistics, robust_statistics, statistics
from grn_gat.zeroshot.evidence_statistics import EvidenceStatistics, KnownTensors
from grn_gat.zeroshot.robust_statistics import RobustStatistics

MOST_LEVELLED = 2000  # cells that levels are of at most
NODE_INPUTS = (
    *statistics.NODE_STATISTICS,
    *(f"robust_{name}" for name in robust_statistics.NODE_STATISTICS),
    *evidence_statistics.GENE_STATISTICS,
    "regulator",  # 1 where it is named as one, or none is named
    "named",  # 1 where regulators are named
    *(f"data_{name}" for name in robust_statistics.DATA_STATISTICS),
)
# The statistics of levels come first: the graph of candidates is made from them.
PAIR_INPUTS = (
    *statistics.PAIR_STATISTICS,
    *(f"robust_{name}" for name in robust_statistics.PAIR_STATISTICS),
    *evidence_statistics.PAIR_STATISTICS,
)


@dataclass(frozen=True, eq=False)
class DataSet:
    """What is known of the cells of one data set.

    Attributes:
        expression: (genes, cells) float32, finite.
        regulators: (genes,) bool, genes that are named as candidate regulators; None: any may be.
        pseudotime: (cells, lineages), NaN where a cell is not on one; None where there is none.
        known: everything else.
    """

    expression: Tensor
    regulators: Tensor | None = None
    pseudotime: Tensor | None = None
    known: KnownTensors = field(default_factory=KnownTensors)


@dataclass(frozen=True, eq=False)
class Inputs:
    """Inputs of one subset, padded to some number of genes.

    Attributes:
        node: (1, genes, len(NODE_INPUTS)).
        pair: (1, genes, genes, len(PAIR_INPUTS)), regulator by target.
        high: (1, cells, genes), 0 or 1: whether a gene is high in a cell.
        real: (1, genes) bool, False for padding.
    """

    node: Tensor
    pair: Tensor
    high: Tensor
    real: Tensor


class Prepared:
    """The statistics of a data set over all its genes.

    Attributes:
        data: (len(DATA_STATISTICS),) of the data set as a whole.
    """

    def __init__(self, found: DataSet):
        """Prepare a data set of at least 3 genes and `statistics.WINDOWS` cells."""
        expression = found.expression
        self._robust = RobustStatistics(expression)
        self._evidence = EvidenceStatistics(expression, found.known)
        genes, cells = expression.shape
        regulator = torch.ones(genes, device=expression.device)
        if found.regulators is not None:
            regulator = found.regulators.to(regulator)
        named = torch.full_like(regulator, float(found.regulators is not None))
        self.data = self._robust.data
        self.node = torch.cat(
            [
                self._robust.node,
                self._evidence.gene,
                regulator[:, None],
                named[:, None],
                self.data.expand(genes, -1),
            ],
            1,
        )
        chosen = torch.arange(cells, device=expression.device)
        if cells > MOST_LEVELLED:
            chosen = torch.linspace(0, cells - 1, MOST_LEVELLED, device=expression.device).long()
        some = expression[:, chosen]
        self._levelled = some - some.amin(1, keepdim=True)
        times = found.pseudotime
        self._times = None if times is None else times[chosen][None]
        self._nothing_done = torch.ones_like(chosen, dtype=torch.bool)
        if found.known.target is not None:
            alone = found.known.target[chosen] == evidence_statistics.NO_TARGET
            if alone.sum() >= statistics.WINDOWS:
                self._nothing_done = alone

    @property
    def device(self) -> torch.device:
        """Where its tensors are."""
        return self.data.device

    def pairs(self, regulators: Tensor, targets: Tensor) -> Tensor:
        """Statistics over all genes, (regulators, targets, .): the last ones of PAIR_INPUTS."""
        return torch.cat(
            [
                self._robust.pairs(regulators, targets),
                self._evidence.pairs(regulators, targets),
            ],
            -1,
        )

    def untouched(self, real: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Cells to which nothing was done, as `ZeroShotGAT.forward` takes them.

        Values (1, cells, genes), `real` (1, genes), and pseudotime (1, cells, lineages) or None.
        """
        chosen = self._nothing_done
        times = None if self._times is None else self._times[:, chosen]
        return self._levelled[:, chosen].T[None], real, times

    def inputs(self, genes: Tensor, size: int) -> Inputs:
        """Inputs of a subset of genes (indices), padded to `size` of them."""
        number, absent = len(genes), size - len(genes)
        values = torch.nn.functional.pad(self._levelled[genes].T, (0, absent))[None]
        real = torch.arange(size, device=genes.device)[None] < number
        node, pair, high = statistics.node_and_pair_statistics(values, real, self._times)
        own = torch.nn.functional.pad(self.node[genes], (0, 0, 0, absent))
        of_all = self.pairs(genes, genes)
        of_all = torch.nn.functional.pad(of_all, (0, 0, 0, absent, 0, absent))
        return Inputs(
            torch.cat([node, own[None]], -1), torch.cat([pair, of_all[None]], -1), high, real
        )


def one_batch(inputs: Sequence[Inputs]) -> tuple[Tensor, Tensor, Tensor]:
    """Node and pair inputs of several subsets of equal size, and which genes are real."""
    parts = [(one.node, one.pair, one.real) for one in inputs]
    node, pair, real = (torch.cat(part) for part in zip(*parts, strict=True))
    return node, pair, real
