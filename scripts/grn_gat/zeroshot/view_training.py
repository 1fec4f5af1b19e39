"""Training of the model on views: data sets of many kinds, measured in many ways.

Every view is seen once, by a subset of its genes; only the rows of candidate regulators count. The
views come from several chunks at once, so that kinds are mixed, and subsets of similar size make a
batch.
"""

import math
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.optim import Optimizer

from grn_gat.core.errors import InputError
from grn_gat.simulate.training_views import TrainingView
from grn_gat.simulate.view_chunks import load_views
from grn_gat.zeroshot.gat import Graph, ZeroShotGAT
from grn_gat.zeroshot.gene_subsets import some_genes
from grn_gat.zeroshot.prepared import Prepared, one_batch
from grn_gat.zeroshot.statistics import WINDOWS
from grn_gat.zeroshot.views import EVIDENCE, data_set

_OPEN = 12  # chunks that are read side by side
_POOL = 96  # views that batches are made of


def mixed(chunks: Sequence[Path], rng: np.random.Generator) -> Iterator[TrainingView]:
    """Yield every view of all chunks once, of `_OPEN` chunks in turn, these in random order."""
    waiting = [chunks[k] for k in rng.permutation(len(chunks))]
    opened: list[Iterator[TrainingView]] = []
    while waiting or opened:
        while waiting and len(opened) < _OPEN:
            opened.append(load_views(waiting.pop()))
        ended = []
        for source in opened:
            view = next(source, None)
            if view is None:
                ended.append(source)
            else:
                yield view
        opened = [source for source in opened if source not in ended]


def pools(views: Iterator[TrainingView], size: int = _POOL) -> Iterator[list[TrainingView]]:
    """Yield views in lists of `size`; the last one may be shorter."""
    pool: list[TrainingView] = []
    for view in views:
        pool.append(view)
        if len(pool) == size:
            yield pool
            pool = []
    if pool:
        yield pool


@dataclass(frozen=True, eq=False)
class Batch:
    """Some subsets of equal padded size: inputs, and the truth about the pairs that are asked for.

    Attributes:
        node, pair: inputs as of `prepared.Inputs`, not standardised.
        graph: of the subsets.
        real: (batch, genes) bool.
        signs: (batch, genes, genes): +1, -1, or 0 where there is no edge.
        asked: (batch, genes, genes) bool: pairs that count.
    """

    node: Tensor
    pair: Tensor
    graph: Graph
    real: Tensor
    signs: Tensor
    asked: Tensor


def drawn(
    view: TrainingView, settings: Mapping, rng: np.random.Generator
) -> tuple[Prepared, Tensor]:
    """A view with some of its evidence left out, and the genes of it that are shown."""
    left_out = [name for name in EVIDENCE if rng.random() < settings["left_out"]]
    found = data_set(view, left_out)
    regulators = found.regulators
    if regulators is None:
        regulators = torch.ones(len(found.expression), dtype=torch.bool)
    source = torch.Generator().manual_seed(int(rng.integers(2**62)))
    return Prepared(found), some_genes(regulators, settings["genes"], source)


def batch_of(model: ZeroShotGAT, shown: Sequence[tuple[TrainingView, Prepared, Tensor]]) -> Batch:
    """Make a batch of views, their statistics and their genes."""
    size = max(len(genes) for _, _, genes in shown)
    inputs = [prepared.inputs(genes, size) for _, prepared, genes in shown]
    node, pair, real = one_batch(inputs)
    graphs = [model.graph(one.pair, one.high, one.real) for one in inputs]
    signs = torch.zeros(len(shown), size, size, dtype=torch.int8)
    asked = torch.zeros(len(shown), size, size, dtype=torch.bool)
    for k, (view, _, genes) in enumerate(shown):
        chosen, number = genes.numpy(), len(genes)
        signs[k, :number, :number] = torch.from_numpy(view.signs[np.ix_(chosen, chosen)])
        rows = torch.ones(number, dtype=torch.bool)
        if view.named is not None:
            rows = torch.from_numpy(view.named[chosen])
        asked[k, :number, :number] = rows[:, None] & ~torch.eye(number, dtype=torch.bool)
    return Batch(node, pair, Graph.stacked(graphs), real, signs, asked)


def batches(
    model: ZeroShotGAT,
    views: Iterator[TrainingView],
    settings: Mapping,
    rng: np.random.Generator,
) -> Iterator[Batch]:
    """Yield batches of subsets of similar size; views with too few cells for windows are left out.

    Args:
        model: makes the graphs.
        views: in the order of `mixed`.
        settings: `genes` of a subset, `batch` (subsets), `left_out` (chance of each evidence).
        rng: source of every draw.
    """
    for pool in pools(views):
        shown = [
            (view, *drawn(view, settings, rng)) for view in pool if view.values.shape[1] >= WINDOWS
        ]
        shown.sort(key=lambda one: len(one[2]))
        groups = [shown[k : k + settings["batch"]] for k in range(0, len(shown), settings["batch"])]
        for k in rng.permutation(len(groups)):
            yield batch_of(model, groups[k])


def losses(edge: Tensor, sign: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Cross-entropy of edges and of the signs of true ones; each subset weighs the same.

    Args:
        edge, sign: logits (batch, genes, genes).
        batch: the truth.
    """
    asked = batch.asked.float()
    is_edge = (batch.signs != 0).float()
    of_edges = (bce(edge, is_edge, reduction="none") * asked).sum((1, 2))
    of_edges = of_edges / asked.sum((1, 2)).clamp_min(1)
    true = asked * is_edge
    of_signs = (bce(sign, (batch.signs > 0).float(), reduction="none") * true).sum((1, 2))
    return of_edges.mean(), (of_signs / true.sum((1, 2)).clamp_min(1)).mean()


def standardise(model: ZeroShotGAT, some: Sequence[Batch]) -> None:
    """Set mean and sd of the model's inputs from some batches."""
    nodes = torch.cat([batch.node[batch.real] for batch in some])
    both = [batch.real[:, :, None] & batch.real[:, None] for batch in some]
    pairs = torch.cat([batch.pair[here] for batch, here in zip(some, both, strict=True)])
    model.standardise(nodes, pairs)


def logits(model: ZeroShotGAT, batch: Batch) -> tuple[Tensor, Tensor]:
    """Logits (batch, genes, genes) of edges and signs."""
    return model.score(*model.standardised(batch.node, batch.pair), batch.graph)


def train_on(
    model: ZeroShotGAT,
    optimisers: Sequence[Optimizer],
    found: Iterator[Batch],
    settings: Mapping,
    first: int,
    total: int,
) -> tuple[int, float]:
    """Train on batches.

    Args:
        model, optimisers: changed in place.
        found: batches.
        settings: `learning_rate`, `warmup` (steps), `sign_weight`.
        first: steps that were made before.
        total: steps of the whole training, at the end of which the rate is 0.

    Returns:
        Steps made, and the mean loss of edges.

    Raises InputError where the loss is not finite.
    """
    summed, seen, start = 0.0, 0, time.perf_counter()
    for batch in found:
        step = first + seen
        rate = min((step + 1) / settings["warmup"], 0.5 + 0.5 * math.cos(math.pi * step / total))
        for optimiser in optimisers:
            for parameters in optimiser.param_groups:
                parameters["lr"] = settings["learning_rate"] * max(rate, 0.0)
        of_edges, of_signs = losses(*logits(model, batch), batch)
        model.zero_grad()
        (of_edges + settings["sign_weight"] * of_signs).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        summed, seen = summed + of_edges.item(), seen + 1
        if not math.isfinite(summed):
            raise InputError(
                f"pretraining diverged in step {step + 1}: the loss is not finite; lower "
                "pretraining.travel.learning_rate"
            )
        if seen % 50 == 0:
            seconds = time.perf_counter() - start
            print(f"step {step + 1}: loss {summed / seen:.4f}, {seconds:.0f} s", file=sys.stderr)
    return seen, summed / max(1, seen)
