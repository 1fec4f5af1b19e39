"""Training of the model on views: data sets of many kinds, measured in many ways.

    plan            pools of views, each of several chunks, so that kinds are mixed
    pool_batches    reads a pool, prepares it, and makes batches of subsets of similar size
    in_order        does so in several processes; the batches come in the order of the plan
    train_on        steps

Every view is seen once, by a subset of its genes; only the rows of candidate regulators count. A
pool takes a stream of its own, so that the same seed gives the same bytes with any number of
processes.
"""

import math
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.optim import Optimizer

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import generator
from grn_gat.simulate.training_views import TrainingView
from grn_gat.simulate.view_chunks import load_views
from grn_gat.zeroshot.gat import Architecture, Graph, ZeroShotGAT
from grn_gat.zeroshot.gene_subsets import some_genes
from grn_gat.zeroshot.prepared import Prepared, one_batch
from grn_gat.zeroshot.statistics import WINDOWS
from grn_gat.zeroshot.views import EVIDENCE, data_set

_TOGETHER = 12  # chunks that a pool takes its views from
_POOL = 96  # views that batches are made of

Pool = list[tuple[Path, list[int]]]  # chunks, and numbers of views in each


def plan(chunks: Sequence[Path], per_chunk: int, rng: np.random.Generator) -> list[Pool]:
    """Deal the views of all chunks to pools, each view once.

    Args:
        chunks: files of views.
        per_chunk: views in each.
        rng: of the order.
    """
    pools: list[Pool] = []
    order = [chunks[k] for k in rng.permutation(len(chunks))]
    for start in range(0, len(order), _TOGETHER):
        together = order[start : start + _TOGETHER]
        share = -(-_POOL // len(together))
        own = [rng.permutation(per_chunk) for _ in together]
        for k in range(0, per_chunk, share):
            pools.append(
                [
                    (chunk, numbers[k : k + share].tolist())
                    for chunk, numbers in zip(together, own, strict=True)
                ]
            )
    return pools


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


def pool_batches(model: ZeroShotGAT, pool: Pool, settings: Mapping, names: tuple) -> list[Batch]:
    """Batches of subsets of similar size; views with too few cells for windows are left out.

    Args:
        model: makes the graphs.
        pool: one of `plan`.
        settings: `genes` of a subset, `batch` (subsets), `left_out` (chance of each evidence).
        names: seed and names of the stream of the pool.
    """
    rng = generator(*names)
    shown = [
        (view, *drawn(view, settings, rng))
        for chunk, numbers in pool
        for view in load_views(chunk, numbers)
        if view.values.shape[1] >= WINDOWS
    ]
    shown.sort(key=lambda one: len(one[2]))
    size = settings["batch"]
    groups = [shown[k : k + size] for k in range(0, len(shown), size)]
    return [batch_of(model, groups[k]) for k in rng.permutation(len(groups))]


def _alone(sizes: Architecture, pool: Pool, settings: Mapping, names: tuple) -> list[Batch]:
    """`pool_batches` in a process of its own."""
    torch.set_num_threads(1)
    return pool_batches(ZeroShotGAT(sizes), pool, settings, names)


def in_order(
    sizes: Architecture, pools: Sequence[Pool], settings: Mapping, names: tuple, processes: int
) -> Iterator[Batch]:
    """Yield the batches of all pools, in their order, prepared by so many processes.

    Args:
        sizes: of the model.
        pools, settings: as `pool_batches` takes them.
        names: seed and names of the streams, to which the number of the pool is added.
        processes: that prepare; with 1 all is done in this one.
    """
    jobs = [(sizes, pool, settings, (*names, k)) for k, pool in enumerate(pools)]
    if processes == 1:
        for job in jobs:
            yield from _alone(*job)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    with ProcessPoolExecutor(processes) as workers:
        waiting: deque[Future] = deque()
        for job in jobs:
            # No more than this ahead of who trains: a pool of batches takes half a gigabyte.
            if len(waiting) > processes:
                yield from waiting.popleft().result()
            waiting.append(workers.submit(_alone, *job))
        while waiting:
            yield from waiting.popleft().result()


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
                "pretraining.broad_training.learning_rate"
            )
        if seen % 50 == 0:
            seconds = time.perf_counter() - start
            print(f"step {step + 1}: loss {summed / seen:.4f}, {seconds:.0f} s", file=sys.stderr)
    return seen, summed / max(1, seen)
