"""The zero-shot model: GATv2 over the complete directed gene graph, with states of ordered pairs.

Every gene has a state and every ordered pair (regulator, target) has one. A layer sends messages
along the edges of the candidate graph by GATv2 attention (Brody, Alon and Yahav, ICLR 2022), in
which the state of the pair is the edge feature; then it updates the state of every pair from both
genes, from the reversed pair, from paths over a third gene (as the triangle update of Jumper et
al., Nature 2021), and, in some layers, by GATv2 attention over the target's context genes, with
`statistics.triple_statistics` as edge features. Nothing depends on the order of genes.

For up to `candidates` genes the candidate graph is complete; beyond, each target keeps the
`candidates` genes that are most associated with it as senders of messages, while all ordered pairs
are still scored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, leaky_relu, linear

from grn_gat.core.progress import steps
from grn_gat.zeroshot.statistics import (
    NODE_STATISTICS,
    PAIR_STATISTICS,
    TRIPLE_STATISTICS,
    node_and_pair_statistics,
    triple_statistics,
)

_SLOPE = 0.2  # of leaky ReLU, as in GATv2
_ABSENT = -1e9
_BLOCK = 64  # targets handled at once


@dataclass(frozen=True)
class Architecture:
    """Sizes of the model.

    `width` and `pair_width`: state of a gene and of a pair; `heads`: of the gene attention;
    `triple_layers`: layers (from 0) with attention over context genes; `path_width`: channels of
    path and context updates; `candidates`, `context`: genes per target that send messages and that
    serve as context; `pair_statistics`: whether pairs start from their statistics (an ablation).
    """

    layers: int = 4
    heads: int = 4
    width: int = 64
    pair_width: int = 32
    path_width: int = 16
    triple_layers: Sequence[int] = (1, 3)
    candidates: int = 24
    context: int = 12
    pair_statistics: bool = True


def _mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, outputs))


@dataclass(frozen=True)
class Graph:
    """What the layers share: who sends to whom, and the context of each target.

    Attributes:
        senders: (batch, regulators, targets), True where the regulator sends to the target.
        context: (batch, targets, k), context genes of each target.
        allowed: (batch, targets, k, regulators), True where the context gene is a third gene.
        high: (batch, cells, genes), for the triple statistics.
        blocks: targets handled at once; one block for small networks.
        triples: triple statistics of all targets where these are one block.
    """

    senders: Tensor
    context: Tensor
    allowed: Tensor
    high: Tensor
    blocks: Sequence[slice]
    triples: Tensor | None

    @staticmethod
    def stacked(graphs: Sequence["Graph"]) -> "Graph":
        """One batch of graphs of the same genes, each of one block."""
        parts = [[getattr(g, name) for g in graphs] for name in ("senders", "context", "allowed")]
        senders, context, allowed = (torch.cat(part) for part in parts)
        found = [g.triples for g in graphs if g.triples is not None]  # of all, or of none
        triples = torch.cat(found) if found else None
        return Graph(senders, context, allowed, graphs[0].high, graphs[0].blocks, triples)

    def triples_of(self, targets: slice) -> Tensor:
        """Triple statistics of some targets."""
        if self.triples is not None:
            return self.triples
        with torch.autocast(self.high.device.type, enabled=False):
            return triple_statistics(self.high, targets, self.context[:, targets])


class GeneAttention(nn.Module):
    """GATv2 on dense graphs: targets attend to their senders, pair states are edge features."""

    def __init__(self, width: int, pair_width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.source = nn.Linear(width, width)
        self.target = nn.Linear(width, width, bias=False)
        self.edge = nn.Linear(pair_width, width, bias=False)
        self.attention = nn.Parameter(torch.randn(heads, width // heads) * 0.2)

    def forward(
        self, h: Tensor, e: Tensor, senders: Tensor, targets: slice
    ) -> tuple[Tensor, Tensor]:
        """Messages of some targets.

        Args:
            h: states of all genes (batch, genes, width).
            e: states of the pairs with these targets (batch, genes, targets, pair_width).
            senders: (batch, genes, targets).
            targets: which genes they are.

        Returns:
            Messages (batch, targets, width) and weights (batch, genes, targets, heads).
        """
        source = self.source(h)
        mixed = source[:, :, None] + self.target(h[:, targets])[:, None] + self.edge(e)
        # The product of each head's part with its own attention vector, as one matrix product.
        logits = linear(leaky_relu(mixed, _SLOPE), torch.block_diag(*self.attention))
        weights = logits.masked_fill(~senders[..., None], _ABSENT).softmax(1)
        weights = weights * senders[..., None]  # a gene without senders receives nothing
        values = source.unflatten(2, (self.heads, -1))
        return torch.einsum("buvh,buhc->bvhc", weights, values).flatten(2), weights


class ContextAttention(nn.Module):
    """GATv2 attention of a pair (regulator, target) to the target's context genes."""

    def __init__(self, pair_width: int, width: int, heads: int = 2):
        super().__init__()
        self.heads, self.width = heads, width
        self.own = nn.Linear(pair_width, width)
        self.to_target = nn.Linear(pair_width, width, bias=False)
        self.from_regulator = nn.Linear(pair_width, width, bias=False)
        self.triple = nn.Linear(len(TRIPLE_STATISTICS), width, bias=False)
        self.attention = nn.Parameter(torch.randn(heads, width // heads) * 0.3)

    def received(self, e: Tensor) -> Tensor:
        """What `forward` takes as `received`, from the states of all pairs."""
        return self.from_regulator(e).transpose(1, 2).contiguous()

    def forward(self, e: Tensor, received: Tensor, graph: Graph, targets: slice) -> Tensor:
        """Return (batch, genes, targets, width) from the states of all pairs."""
        context = graph.context[:, targets]
        own = e[:, :, targets].transpose(1, 2)  # [v, u]
        place = context[..., None].expand(-1, -1, -1, self.width)
        to_target = torch.gather(self.to_target(own), 2, place)  # w -> v
        batches = torch.arange(len(e), device=e.device)[:, None, None]
        mixed = (
            self.own(own)[:, :, None]
            + to_target[:, :, :, None]
            + received[batches, context]  # u -> w, as [v, w, u]
            + self.triple(graph.triples_of(targets))
        )
        mixed = leaky_relu(mixed, _SLOPE)
        logits = linear(mixed, torch.block_diag(*self.attention))
        allowed = graph.allowed[:, targets, ..., None]
        weights = logits.masked_fill(~allowed, _ABSENT).softmax(2) * allowed
        values = mixed.unflatten(4, (self.heads, -1))
        return (weights[..., None] * values).sum(2).flatten(3).transpose(1, 2)


class Layer(nn.Module):
    """One round: genes hear from their senders, then every pair is updated."""

    def __init__(self, sizes: Architecture, triples: bool):
        super().__init__()
        width, pair_width, path = sizes.width, sizes.pair_width, sizes.path_width
        self.norm_genes = nn.LayerNorm(width)
        self.norm_edges = nn.LayerNorm(pair_width)
        self.attention = GeneAttention(width, pair_width, sizes.heads)
        self.gene_out = nn.Linear(width, width)
        self.gene_mlp = nn.Sequential(nn.LayerNorm(width), *_mlp(width, 2 * width, width))
        self.norm_pairs = nn.LayerNorm(pair_width)
        self.norm_messages = nn.LayerNorm(width)
        self.from_regulator = nn.Linear(width, pair_width)
        self.from_target = nn.Linear(width, pair_width, bias=False)
        self.from_pair = nn.Linear(pair_width, pair_width, bias=False)
        self.from_reverse = nn.Linear(pair_width, pair_width, bias=False)
        self.paths_in = nn.Linear(pair_width, 4 * path)
        self.norm_paths = nn.LayerNorm(2 * path)
        self.paths_out = nn.Linear(2 * path, pair_width, bias=False)
        self.pair_out = nn.Linear(pair_width, pair_width)
        self.context = ContextAttention(pair_width, path) if triples else None
        if triples:
            self.context_out = nn.Linear(path, pair_width, bias=False)

    def forward(self, h: Tensor, e: Tensor, graph: Graph) -> tuple[Tensor, Tensor]:
        """Return the new states of genes (batch, genes, .) and pairs (batch, genes, genes, .)."""
        genes = self.norm_genes(h)
        messages = [
            self.attention(genes, self.norm_edges(e[:, :, b]), graph.senders[:, :, b], b)[0]
            for b in graph.blocks
        ]
        h = h + self.gene_out(gelu(torch.cat(messages, 1)))
        h = h + self.gene_mlp(h)
        pairs, genes = self.norm_pairs(e), self.norm_messages(h)
        edges = (self.paths_in(pairs) * graph.senders[..., None]).permute(0, 3, 1, 2).contiguous()
        first, second, left, right = edges.chunk(4, dim=1)
        from_regulator, from_target = self.from_regulator(genes), self.from_target(genes)
        received = None if self.context is None else self.context.received(pairs)
        updated = []
        for b in steps(graph.blocks):
            update = (
                from_regulator[:, :, None]
                + from_target[:, None, b]
                + self.from_pair(pairs[:, :, b])
                + self.from_reverse(pairs[:, b]).transpose(1, 2)
            )
            # u -> w -> v, and w -> u with w -> v.
            both = [first @ second[..., b], left.transpose(2, 3) @ right[..., b]]
            paths = torch.cat(both, 1).permute(0, 2, 3, 1)
            update = update + self.paths_out(self.norm_paths(paths))
            if self.context is not None:
                update = update + self.context_out(self.context(pairs, received, graph, b))
            updated.append(e[:, :, b] + self.pair_out(gelu(update)))
        return h, torch.cat(updated, 2)


class ZeroShotGAT(nn.Module):
    """From expression to a logit and a sign for every ordered pair of genes."""

    node_mean: Tensor
    node_sd: Tensor
    pair_mean: Tensor
    pair_sd: Tensor

    def __init__(
        self,
        sizes: Architecture,
        nodes: int = len(NODE_STATISTICS),
        pairs: int = len(PAIR_STATISTICS),
    ):
        """Build a model with random weights.

        Args:
            sizes: its sizes.
            nodes, pairs: number of statistics of a gene and of a pair; of pairs the first are
                `PAIR_STATISTICS`.
        """
        super().__init__()
        self.sizes = sizes
        width, pair_width = sizes.width, sizes.pair_width
        self.encode_genes = _mlp(nodes, width, width)
        self.encode_pairs = _mlp(2 * pairs, 2 * pair_width, pair_width)
        self.layers = nn.ModuleList(
            Layer(sizes, number in sizes.triple_layers) for number in range(sizes.layers)
        )
        inputs = 2 * pair_width + 2 * width
        self.norm_out = nn.LayerNorm(inputs)
        self.decode = _mlp(inputs, 64, 2)
        # Standardisation of the statistics, set from training networks.
        self.register_buffer("node_mean", torch.zeros(nodes))
        self.register_buffer("node_sd", torch.ones(nodes))
        self.register_buffer("pair_mean", torch.zeros(pairs))
        self.register_buffer("pair_sd", torch.ones(pairs))

    def forward(
        self, expression: Tensor, genes: Tensor, pseudotime: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Score all ordered pairs.

        Args:
            expression: (batch, cells, genes), finite, >= 0.
            genes: (batch, genes), False for padding.
            pseudotime: (batch, cells), or None; for a single data set also (1, cells,
                trajectories), NaN where a cell is not on a trajectory.

        Returns:
            Logit that the edge exists, and logit that it activates (given that it exists), both
            (batch, regulators, targets).
        """
        return self.score(*self.inputs(expression, genes, pseudotime))

    @torch.no_grad()
    def inputs(
        self, expression: Tensor, genes: Tensor, pseudotime: Tensor | None
    ) -> tuple[Tensor, Tensor, Graph]:
        """What `score` takes: standardised statistics and graph; no weight enters here."""
        # In full precision: differences of shares close to each other enter.
        with torch.autocast(expression.device.type, enabled=False):
            node, pair, high = node_and_pair_statistics(expression, genes, pseudotime)
            graph = self.graph(pair, high, genes)
        if not self.sizes.pair_statistics:
            pair = self.pair_mean.expand_as(pair)
        return (*self.standardised(node, pair), graph)

    def standardised(self, node: Tensor, pair: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs of genes and pairs, less their means and over their deviations."""
        return (node - self.node_mean) / self.node_sd, (pair - self.pair_mean) / self.pair_sd

    def score(self, node: Tensor, pair: Tensor, graph: Graph) -> tuple[Tensor, Tensor]:
        """Return logits as `forward`, from `inputs`."""
        h = self.encode_genes(node)
        e = torch.cat(
            [
                self.encode_pairs(torch.cat([pair[:, :, b], pair[:, b].transpose(1, 2)], -1))
                for b in graph.blocks
            ],
            2,
        )
        for layer in steps(self.layers):
            h, e = layer(h, e, graph)
        logits = torch.cat([self._decoded(h, e, b) for b in graph.blocks], 2)
        return logits[..., 0], logits[..., 1]

    def _decoded(self, h: Tensor, e: Tensor, targets: slice) -> Tensor:
        own = e[:, :, targets]
        shape = (*own.shape[:3], h.shape[2])
        states = [own, e[:, targets].transpose(1, 2)]
        states += [h[:, :, None].expand(shape), h[:, None, targets].expand(shape)]
        return self.decode(self.norm_out(torch.cat(states, -1)))

    def graph(self, pair: Tensor, high: Tensor, genes: Tensor) -> Graph:
        """Candidate graph and context genes: those that vary most with the target."""
        names = ("correlation", "correlation_of_roots", "correlation_of_high")
        strength = pair[..., [PAIR_STATISTICS.index(name) for name in names]].abs().amax(-1)
        number = genes.shape[1]
        index = torch.arange(number, device=genes.device)
        present = genes[:, :, None] & genes[:, None, :] & (index[:, None] != index)
        strength = torch.where(present, strength, -1.0)
        senders = present
        if number > self.sizes.candidates:
            lowest = strength.topk(self.sizes.candidates, dim=1).values[:, -1:]
            senders = present & (strength >= lowest)
        size = min(self.sizes.context, number)
        chosen = strength.topk(size, dim=1)
        context = chosen.indices.transpose(1, 2).contiguous()
        third = torch.gather(senders.transpose(1, 2), 2, context)
        # A gene that varies with nobody is chosen by its position only: it tells nothing.
        third = third & (chosen.values.transpose(1, 2) > 0)
        allowed = third[..., None] & (context[..., None] != index)
        blocks = [slice(k, min(k + _BLOCK, number)) for k in range(0, number, _BLOCK)]
        triples = None
        if len(blocks) == 1 and any(layer.context is not None for layer in self.layers):
            triples = triple_statistics(high, blocks[0], context)
        return Graph(senders, context, allowed, high, blocks, triples)

    def standardise(self, node: Tensor, pair: Tensor) -> None:
        """Set mean and sd of the inputs from statistics (genes, .) and (pairs, .)."""
        for name, values in (("node", node), ("pair", pair)):
            getattr(self, f"{name}_mean").copy_(values.mean(0))
            getattr(self, f"{name}_sd").copy_(values.std(0) + 1e-2)
