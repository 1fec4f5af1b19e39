"""The networks: a GATv2 encoder with a directed edge decoder, and the paper's node classifier."""

import atexit
import contextlib
import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch_geometric.nn import GATConv, GATv2Conv


@atexit.register
def _remove_templates() -> None:
    """Remove what PyTorch Geometric writes to the temporary folder for a layer and leaves there."""
    for name, module in list(sys.modules.items()):
        if name.endswith(("_propagate", "_edge_updater")) and "torch_geometric" in name:
            compiled = Path(str(module.__cached__))
            for path in (Path(str(module.__file__)), compiled):
                path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # not there, or others have files in it
                compiled.parent.rmdir()


class PairGAT(nn.Module):
    """Score ordered gene pairs from expression features and messages over given edges.

    Nodes are encoded by `layers` residual GATv2 layers (Brody et al., ICLR 2022) whose attention
    also sees edge features; the pair (u, v) is decoded from [h_u, h_v, h_u * h_v, features(u, v)],
    which is not symmetric in u and v, so direction can be learned.
    """

    def __init__(
        self,
        node_features: int,
        pair_features: int,
        edge_features: int,
        layers: int,
        heads: int,
        width: int,
        neuron_dropout: float,
    ):
        super().__init__()
        self.encode_nodes = nn.Linear(node_features, width)
        self.convolutions = nn.ModuleList(
            GATv2Conv(width, width // heads, heads, edge_dim=edge_features, dropout=neuron_dropout)
            for _ in range(layers)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(layers))
        self.decoder = nn.Sequential(
            nn.Linear(3 * width + pair_features, width),
            nn.ELU(),
            nn.Dropout(neuron_dropout),
            nn.Linear(width, 1),
        )
        self.neuron_dropout = nn.Dropout(neuron_dropout)

    def encode(self, x: Tensor, edge_index: Tensor, edge_attr: Tensor) -> Tensor:
        """Return node states (nodes, width)."""
        h = self.encode_nodes(x)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            h = h + self.neuron_dropout(
                torch.nn.functional.elu(convolution(norm(h), edge_index, edge_attr))
            )
        return h

    def decode(self, h: Tensor, regulator: Tensor, target: Tensor, pair: Tensor) -> Tensor:
        """Return logits (pairs,) of the ordered pairs (regulator[i], target[i])."""
        u, v = h[regulator], h[target]
        return self.decoder(torch.cat([u, v, u * v, pair], dim=1)).squeeze(1)

    @torch.no_grad()
    def attention(
        self, x: Tensor, edge_index: Tensor, edge_attr: Tensor
    ) -> list[tuple[Tensor, Tensor]]:
        """Return per layer the edges (2, edges + nodes), self-loops added, and weights (., heads).

        The weights of the edges into a node sum to 1 in each head.
        """
        h, found = self.encode_nodes(x), []
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            out, weights = convolution(
                norm(h), edge_index, edge_attr, return_attention_weights=True
            )
            found.append(weights)
            h = h + torch.nn.functional.elu(out)
        return found


class PaperGAT(nn.Module):
    """The model of arXiv 2409.13664's notebook: GATConv on one-hot genes, one logit a node."""

    def __init__(self, genes: int, width: int = 16):
        super().__init__()
        self.first = GATConv(genes, width)
        self.second = GATConv(width, 1)

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        """Return logits (nodes,)."""
        return self.second(self.first(x, edge_index).relu(), edge_index).squeeze(1)

    @torch.no_grad()
    def attention(self, x: Tensor, edge_index: Tensor) -> list[tuple[Tensor, Tensor]]:
        """As `PairGAT.attention`."""
        out, first = self.first(x, edge_index, return_attention_weights=True)
        _, second = self.second(out.relu(), edge_index, return_attention_weights=True)
        return [first, second]
