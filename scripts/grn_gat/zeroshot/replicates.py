"""What fine-tuning needs of replicates: labelled pairs, inputs, logits of what is tuned.

Inputs are computed once. Of weights of levels the first model of the ensemble is tuned, on all
genes. Of weights of any data it is both parts where the genes are one subset, and the aggregator
alone where they are more: what subsets say of pairs is computed once then, so that cost grows with
candidate regulators x genes.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from grn_gat.zeroshot.aggregator import Aggregator, opinion, pair_inputs
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.gat import Graph, ZeroShotGAT
from grn_gat.zeroshot.levels_expert import levels_opinion
from grn_gat.zeroshot.prepared import DataSet, Inputs, Prepared
from grn_gat.zeroshot.subset_inference import subset_logits
from grn_gat.zeroshot.zeroshot_model import ZeroShotModel


def some_cells(expression: np.ndarray, most: int, rng: np.random.Generator) -> Tensor:
    """At most so many of the cells (genes, cells), float32."""
    number = expression.shape[1]
    if number > most:
        expression = expression[:, np.sort(rng.permutation(number)[:most])]
    return torch.from_numpy(np.ascontiguousarray(expression, np.float32))


class Replicates(ABC):
    """Which pair of which replicate each labelled item is.

    Attributes:
        number: of replicates.
        start: what is fine-tuned, as it is before.
    """

    start: nn.Module

    def __init__(self, number: int, genes: Sequence[str], table: pd.DataFrame):
        """Look up the pairs of `table` (`splits.split_pairs`)."""
        self.number = number
        position = {gene: k for k, gene in enumerate(genes)}
        self.u, self.v = (
            torch.tensor(table[c].map(position).to_numpy(dtype=np.int64))
            for c in ("Gene1", "Gene2")
        )
        # Rows of the table that hold for each replicate (0: for all).
        of = table["replicate"].to_numpy()
        self.rows = [np.flatnonzero((of == 0) | (of == k + 1)) for k in range(number)]
        self.label = torch.tensor(table["edge"].to_numpy(dtype=np.float32))

    def batches(self, replicates: Sequence[int]) -> list[list[int]]:
        """Replicates that are handled at once."""
        return [[k] for k in replicates]

    @abstractmethod
    def logits(self, model: nn.Module, replicates: Sequence[int]) -> list[Tensor]:
        """Calibrated logits (genes, genes) of each replicate by a tuned `start`."""

    def chosen(
        self, logits: Sequence[Tensor], replicates: Sequence[int], wanted: np.ndarray
    ) -> tuple[Tensor, Tensor, np.ndarray, np.ndarray]:
        """Logits and labels of the wanted rows in these replicates, with replicate and row."""
        found, numbers, rows = [], [], []
        for values, k in zip(logits, replicates, strict=True):
            own = self.rows[k][wanted[self.rows[k]]]
            found.append(values[self.u[own], self.v[own]])
            numbers.append(np.full(len(own), k))
            rows.append(own)
        row = np.concatenate(rows)
        return torch.cat(found), self.label[row], np.concatenate(numbers), row


class OfLevels(Replicates):
    """For weights of levels; the other members of the ensemble stay as they are."""

    def __init__(
        self,
        weights: Ensemble,
        expressions: Sequence[np.ndarray],
        genes: Sequence[str],
        table: pd.DataFrame,
        most_cells: int,
        rng: np.random.Generator,
    ):
        super().__init__(len(expressions), genes, table)
        real = torch.ones(1, len(genes), dtype=torch.bool)
        self.weights = weights
        first, *others = weights.members
        self.start = first
        self.inputs, self.of_others = [], []
        for expression in expressions:
            cells = some_cells(expression, most_cells, rng).T[None].contiguous()
            self.inputs.append(first.inputs(cells, real, None))
            with torch.no_grad():
                self.of_others.append([other(cells, real)[0][0] for other in others])

    def batches(self, replicates: Sequence[int]) -> list[list[int]]:
        """All at once or, of large networks, one by one."""
        large = len(self.inputs[0][2].blocks) > 1
        return super().batches(replicates) if large else [list(replicates)]

    def logits(self, model: nn.Module, replicates: Sequence[int]) -> list[Tensor]:
        """Of the tuned model and the other members, together."""
        assert isinstance(model, ZeroShotGAT)
        found = []
        for batch in self.batches(replicates):
            node, pair, graphs = zip(*(self.inputs[k] for k in batch), strict=True)
            edge, _ = model.score(torch.cat(node), torch.cat(pair), Graph.stacked(graphs))
            found += [
                torch.stack([own, *self.of_others[k]]).mean(0) / self.weights.temperature
                + self.weights.shift
                for own, k in zip(edge, batch, strict=True)
            ]
        return found


class BothParts(nn.Module):
    """Subsets and aggregator, tuned together."""

    def __init__(self, subsets: ZeroShotGAT, aggregator: Aggregator):
        super().__init__()
        self.subsets, self.aggregator = subsets, aggregator


class OfAnyData(Replicates):
    """For weights of any data."""

    def __init__(
        self,
        weights: ZeroShotModel,
        expressions: Sequence[np.ndarray],
        genes: Sequence[str],
        table: pd.DataFrame,
        most_cells: int,
        rng: np.random.Generator,
    ):
        super().__init__(len(expressions), genes, table)
        self.told = weights.calibration
        self.genes = len(genes)
        asked = torch.zeros(self.genes, dtype=torch.bool)
        asked[self.u] = True
        self.asked_rows = asked.nonzero()[:, 0]
        self.itself = self.asked_rows[:, None] == torch.arange(self.genes)
        self.one_subset = self.genes <= weights.genes
        self.start = weights.aggregator
        if self.one_subset:
            self.start = BothParts(weights.subsets, weights.aggregator)
        self.data: list[Tensor] = []
        self.of_all: list[Tensor] = []
        self.levels: list[Tensor] = []
        self.subsets: list[tuple[Inputs, Graph]] = []
        self.said: list[tuple[Tensor, Tensor]] = []
        every = torch.arange(self.genes)
        for expression in expressions:
            cells = some_cells(expression, most_cells, rng)
            with torch.no_grad():
                prepared = Prepared(DataSet(cells, None if asked.all() else asked))
                self.data.append(prepared.data)
                self.of_all.append(prepared.pairs(self.asked_rows, every).half())
                self.levels.append(
                    levels_opinion(weights.levels, prepared, self.asked_rows, self.itself)
                )
                seed = int(rng.integers(2**62))
                if self.one_subset:
                    inputs = prepared.inputs(every, self.genes)
                    graph = weights.subsets.graph(inputs.pair, inputs.high, inputs.real)
                    self.subsets.append((inputs, graph))
                else:
                    self.said.append(
                        subset_logits(weights.subsets, prepared, asked, weights.genes, seed)
                    )

    def logits(self, model: nn.Module, replicates: Sequence[int]) -> list[Tensor]:
        """Of the tuned parts; 0 in rows that are not asked for."""
        found = []
        for k in replicates:
            if isinstance(model, BothParts):
                inputs, graph = self.subsets[k]
                both = model.subsets.score(
                    *model.subsets.standardised(inputs.node, inputs.pair), graph
                )
                edge, sign = (part[0, self.asked_rows] for part in both)
                edge, sign = (torch.where(self.itself, 0.0, part) for part in (edge, sign))
                aggregator = model.aggregator
            else:
                assert isinstance(model, Aggregator)
                (edge, sign), aggregator = self.said[k], model
            subsets = opinion(edge, sign, self.itself)
            given = pair_inputs(subsets, self.levels[k], self.of_all[k].float())
            corrected = aggregator(given, self.data[k], self.itself)[..., 0]
            square = corrected.new_zeros(self.genes, self.genes)
            calibrated = corrected / self.told.temperature + self.told.shift
            found.append(square.index_put((self.asked_rows,), calibrated))
        return found
