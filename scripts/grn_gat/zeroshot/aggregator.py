"""What the subsets of a data set say, and the model of levels, read together over all pairs.

The rows of the matrix are candidate regulators, its columns all genes. Each layer adds to the state
of a pair what it makes of it, of the mean state of its row and of its column, and of the data set
as a whole (exchangeable layers: Hartford et al., ICML 2018), so that neither the order nor the
number of genes matters and cost grows with the number of pairs. CLR, the means of several methods
and what a gene's other pairs look like are within its reach. It ends with a share of each of both
opinions, and what is added to that.

To this some of what robust statistics agree on is added (`robust_agreement`): on data of a kind
that no training was like, what was learned may be worth less than correlation. It is so much for
all data, matters the less the more sure the model is, and leaves how many edges are expected as it
is. It is added after the training, which would learn to take it away again.

The matrix is read in blocks of rows, once more for each layer;
no state of all pairs is ever held.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from grn_gat.zeroshot import evidence_statistics, robust_statistics

_NOTHING = 1e-6  # deviation of what is equal for all pairs
_ROUNDS = 20  # of the search for a shift, of which a few are enough
_SLOPE = 1e-9  # of a mean probability over logits: less is none
_LEAST = 1e-2  # deviation of logits below which they do not differ
LOGITS = ("edge", "sign")
CONTEXTS = ("edge_of_regulator", "edge_of_target")
OPINION = (*LOGITS, *CONTEXTS)  # what a model says of a pair
LEVELS = (*(f"levels_{name}" for name in OPINION), "levels_known")
INPUTS = (
    *OPINION,
    *LEVELS,
    *robust_statistics.PAIR_STATISTICS,
    *evidence_statistics.PAIR_STATISTICS,
)
_RANK = tuple(INPUTS.index(f"rank_{name}") for name in ("value", "of_regulator", "of_target"))


def with_contexts(edge: Tensor, itself: Tensor) -> Tensor:
    """Where each logit (rows, genes) stands in its row and in its column, in deviations.

    Args:
        edge: logits.
        itself: (rows, genes) bool, True where both are one gene: no pair.

    Returns:
        (rows, genes, 2): `CONTEXTS`.
    """
    found = []
    weight = (~itself).to(edge)
    for axis in (1, 0):
        number = weight.sum(axis, keepdim=True).clamp_min(1)
        mean = (edge * weight).sum(axis, keepdim=True) / number
        square = ((edge - mean).square() * weight).sum(axis, keepdim=True) / number
        found.append((edge - mean) / (square.sqrt() + _LEAST))
    return torch.stack(found, -1)


def opinion(edge: Tensor, sign: Tensor, itself: Tensor) -> Tensor:
    """What a model says of the pairs, (rows, genes, len(OPINION)); arguments as `with_contexts`."""
    return torch.cat([torch.stack([edge, sign], -1), with_contexts(edge, itself)], -1)


def pair_inputs(subsets: Tensor, levels: Tensor, of_all: Tensor) -> Tensor:
    """Inputs of the aggregator, (rows, genes, len(INPUTS)).

    Args:
        subsets: `opinion` of the subsets, (rows, genes, len(OPINION)).
        levels: `levels_expert.levels_opinion`, (rows, genes, len(LEVELS)).
        of_all: statistics over all genes, (rows, genes, .), as `Prepared.pairs` gives them.
    """
    return torch.cat([subsets, levels, of_all], -1)


def robust_agreement(ranks: Tensor, itself: Tensor) -> Tensor:
    """What Spearman's correlation and its CLR agree on, (rows, genes), with mean 0 and deviation 1.

    Args:
        ranks: (rows, genes, 3): correlation, and where its magnitude stands among those of the
            regulator and among those of the target.
        itself: (rows, genes) bool, True where both are one gene: no pair.
    """
    value, *contexts = ranks.unbind(-1)
    context = torch.stack(contexts).clamp_min(0).square().sum(0).sqrt()
    both = standardised(value.abs(), ~itself) + standardised(context, ~itself)
    return standardised(both, ~itself)


def standardised(values: Tensor, counted: Tensor) -> Tensor:
    """Values with mean 0 and deviation 1 over pairs that count; 0 elsewhere, or if all alike."""
    chosen = values[counted]
    deviation = chosen.std(correction=0)
    if not deviation > _NOTHING:
        return torch.zeros_like(values)
    return torch.where(counted, (values - chosen.mean()) / deviation, 0.0)


def with_same_mean(before: Tensor, after: Tensor, counted: Tensor) -> Tensor:
    """Logits, shifted so that the mean probability of pairs that count is that of others.

    Args:
        before: logits (rows, genes) whose mean probability is kept.
        after: those that are shifted.
        counted: (rows, genes) bool, pairs that count.
    """
    with torch.no_grad():
        wanted = before[counted].double().sigmoid().mean()
        values = after[counted].double()
        shift = values.new_zeros(())
        for _ in range(_ROUNDS):  # Newton's method, from where nothing is shifted
            likely = (values + shift).sigmoid()
            slope = (likely * (1 - likely)).mean().clamp_min(_SLOPE)
            shift = shift + ((wanted - likely.mean()) / slope).clamp(-1, 1)
    return after + shift.to(after)


class ExchangeableLayer(nn.Module):
    """Adds to the state of a pair what it, its row, its column and the data set say."""

    def __init__(self, width: int, data: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.own = nn.Linear(width, width)
        self.row = nn.Linear(width, width, bias=False)
        self.column = nn.Linear(width, width, bias=False)
        self.data = nn.Linear(data, width, bias=False)
        self.out = nn.Linear(width, width)

    def forward(self, state: Tensor, row: Tensor, column: Tensor, data: Tensor) -> Tensor:
        """New states of a block of rows.

        Args:
            state: (rows, genes, width).
            row: (rows, width), mean normalised state of each row.
            column: (genes, width), that of each column.
            data: (data,).
        """
        update = self.own(self.norm(state)) + self.row(row)[:, None] + self.column(column)
        return state + self.out(gelu(update + self.data(data)))


class Aggregator(nn.Module):
    """From what is known of every pair to its logits of edge and sign."""

    input_mean: Tensor
    input_sd: Tensor
    data_mean: Tensor
    data_sd: Tensor
    levels_heard: Tensor
    agreement: Tensor

    def __init__(self, width: int = 32, layers: int = 2):
        super().__init__()
        self.sizes = (width, layers)
        data = len(robust_statistics.DATA_STATISTICS)
        self.encode = nn.Sequential(
            nn.Linear(len(INPUTS), 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.rounds = [ExchangeableLayer(width, data) for _ in range(layers)]
        self.layers = nn.ModuleList(self.rounds)
        self.norm = nn.LayerNorm(width)
        last = nn.Linear(2 * width, len(LOGITS) + 1)
        self.decode = nn.Sequential(nn.Linear(width + data, 2 * width), nn.GELU(), last)
        # Before its first step it says what the subsets say, or the mean of both opinions.
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.register_buffer("input_mean", torch.zeros(len(INPUTS)))
        self.register_buffer("input_sd", torch.ones(len(INPUTS)))
        self.register_buffer("levels_heard", torch.ones(()))
        self.register_buffer("agreement", torch.zeros(()))  # logits for each deviation of it
        self.register_buffer("data_mean", torch.zeros(data))
        self.register_buffer("data_sd", torch.ones(data))

    def forward(self, inputs: Tensor, data: Tensor, itself: Tensor) -> Tensor:
        """Logits (rows, genes, 2) of one data set whose pairs are all at hand.

        Args:
            inputs: (rows, genes, len(INPUTS)).
            data: (len(DATA_STATISTICS),).
            itself: (rows, genes) bool, True where both are one gene: no pair.
        """
        return self.in_blocks(lambda rows: inputs[rows], data, itself, len(inputs))

    def in_blocks(
        self, inputs: Callable[[slice], Tensor], data: Tensor, itself: Tensor, rows: int
    ) -> Tensor:
        """As `forward`, with inputs that are made for a block of rows when they are wanted."""
        told = (data - self.data_mean) / self.data_sd
        blocks = [slice(k, k + rows) for k in range(0, len(itself), rows)]
        weight = (~itself).to(told)
        means: list[tuple[Tensor, Tensor]] = []
        for layer in self.rounds:
            of_rows, of_columns = [], told.new_zeros(itself.shape[1], 1)
            for block in blocks:
                state = layer.norm(self._state(inputs(block), told, means, block))
                state = state * weight[block][..., None]
                of_rows.append(state.sum(1) / weight[block].sum(1, keepdim=True).clamp_min(1))
                of_columns = of_columns + state.sum(0)
            column = of_columns / weight.sum(0)[:, None].clamp_min(1)
            means.append((torch.cat(of_rows), column))
        found, ranks = [], []
        for block in blocks:
            given = inputs(block)
            state = self._state(given, told, means, block)
            found.append(self._decided(given, self._decoded(state, told)))
            ranks.append(given[..., _RANK])
        edge, sign = torch.cat(found).unbind(-1)
        if self.agreement > 0:
            more = self.agreement * robust_agreement(torch.cat(ranks), itself)
            edge = with_same_mean(edge, edge + more, ~itself)
        return torch.stack([edge, sign], -1)

    def _decided(self, given: Tensor, decoded: Tensor) -> Tensor:
        """A share of each of both opinions, and what is added."""
        subsets = given[..., : len(LOGITS)]
        levels = given[..., len(OPINION) : len(OPINION) + len(LOGITS)]
        known = given[..., len(OPINION) + len(LEVELS) - 1, None] * self.levels_heard
        share = torch.sigmoid(decoded[..., len(LOGITS) :]) * known
        found: Tensor = subsets + share * (levels - subsets) + decoded[..., : len(LOGITS)]
        return found

    def _state(
        self, inputs: Tensor, told: Tensor, means: list[tuple[Tensor, Tensor]], block: slice
    ) -> Tensor:
        """State of a block after as many layers as there are means."""
        state = self.encode((inputs - self.input_mean) / self.input_sd)
        for layer, (row, column) in zip(self.rounds, means, strict=False):
            state = layer(state, row[block], column, told)
        return state

    def _decoded(self, state: Tensor, told: Tensor) -> Tensor:
        shape = (*state.shape[:2], len(told))
        found: Tensor = self.decode(torch.cat([self.norm(state), told.expand(shape)], -1))
        return found

    def standardise(self, inputs: Tensor, data: Tensor) -> None:
        """Set mean and deviation of inputs from those of pairs (pairs, .) and data sets (., .)."""
        for name, values in (("input", inputs), ("data", data)):
            getattr(self, f"{name}_mean").copy_(values.mean(0))
            getattr(self, f"{name}_sd").copy_(values.std(0) + 1e-2)
