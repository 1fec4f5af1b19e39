"""Statistics of pairs that survive how cells were measured, computed over all genes of a data set.

Dividing cells by their totals, logarithms, depth and counting change the values of a file, and with
them the correlation of any two genes, but much less how a pair stands among all pairs. So every
statistic here is of ranks over the cells, and beside its value there is where it stands: how far
its magnitude is above that of the regulator with other genes, and of the target with others (the
context of CLR: Faith et al., PLoS Biology 2007).

Correlations are as they are; after the leading principal components were removed (hidden factors:
Parsana et al., Genome Biology 2019); and partial, given all other genes, of a correlation matrix
that was shrunk to the identity (Schaefer and Strimmer 2005). All are products of two matrices with
one row per gene, so that a data set is prepared once, in memory that grows with genes x cells, and
any block of pairs is then computed alone: 20,000 genes never meet in one matrix. Where there are
more than `BACKGROUND` genes, the context of a gene is that with so many of them.

Up to `BACKGROUND` genes and `MOST_CELLS` cells neither the order of the genes nor that of the cells
matters, nor anything that keeps the order of a gene's values. Of larger data sets a part is taken,
evenly by size, in which equal sizes are told apart by their place.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

COMPONENTS = (1, 5)  # principal components that are removed
SHRUNK = (0.8, 0.1)  # share of the identity in a correlation matrix before its inversion
BACKGROUND = 1000  # genes that a context is of at most
MOST_CELLS = 5000  # that statistics are of at most, evenly spread over the file
_ITERATIONS, _SPARE = (
    30,
    10,
)  # of the search for components: rounds, and vectors beyond those wanted
_NOTHING = 1e-6  # of a gene's variance: less is what rounding leaves of it
_LEAST = 1e-3  # standard deviation of a context: less is no difference between genes
_FAR = 30.0  # standard deviations
_ROWS = 1024  # genes whose context is computed at once

KINDS = (
    "rank",
    *(f"rank_without_{number}" for number in COMPONENTS),
    *(f"partial_{round(100 * share)}" for share in SHRUNK),
)
# Of each kind: the value, where its magnitude stands among those of the regulator, and of the
# target; then whether both are 0 (or at their lowest) in the same cells.
PAIR_STATISTICS = (
    *(f"{kind}_{what}" for kind in KINDS for what in ("value", "of_regulator", "of_target")),
    "lowest_together",
)
NODE_STATISTICS = (
    "lowest_share",
    "mean_place",
    "variance_place",
    *(f"in_{number}_components" for number in COMPONENTS),
    *(f"{kind}_{what}" for kind in KINDS for what in ("mean", "sd")),
)
DATA_STATISTICS = (
    "log_genes",
    "log_cells",
    "zeros",
    "integers",
    "total_cv",
    "total_cv_of_exponentials",
    *(f"in_{number}_components" for number in COMPONENTS),
    *(f"{kind}_{what}" for kind in KINDS for what in ("mean", "sd")),
)


def ranks(values: Tensor) -> Tensor:
    """Mean ranks over the cells of values (genes, cells), centred, of length 1; 0 where constant.

    Equal values share their mean rank, so that the product of two rows is Spearman's correlation.
    """
    ordered, order = values.sort(dim=1, stable=True)
    cells = values.shape[1]
    place = torch.arange(cells, device=values.device).expand_as(ordered)
    starts = torch.ones_like(ordered, dtype=torch.bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = torch.where(starts, place, 0).cummax(1).values
    ends = torch.ones_like(starts)
    ends[:, :-1] = starts[:, 1:]
    last = torch.where(ends, place, cells - 1).flip(1).cummin(1).values.flip(1)
    shared = (first + last).to(values.dtype) / 2
    found = torch.empty_like(values).scatter_(1, order, shared)
    return _unit(found - (cells - 1) / 2)


def _unit(rows: Tensor) -> Tensor:
    """Rows of length 1; of length 0 where there is nothing."""
    length = rows.norm(dim=1, keepdim=True)
    return torch.where(length > 0, rows / length.clamp_min(torch.finfo(rows.dtype).tiny), 0.0)


def leading_components(rows: Tensor, number: int) -> Tensor:
    """The leading right singular vectors (cells, number) of rows (genes, cells).

    Subspace iteration from a fixed start (Halko et al., SIAM Review 2011): the same data give the
    same vectors, and no matrix of genes x genes is made.
    """
    genes, cells = rows.shape
    wanted = min(number + _SPARE, genes, cells)
    source = torch.Generator().manual_seed(0)
    start = torch.randn(cells, wanted, generator=source, dtype=torch.float64)
    basis = start.to(rows)
    for _ in range(_ITERATIONS):
        basis = torch.linalg.qr(rows.T @ (rows @ basis)).Q
    seen = rows @ basis
    _, vectors = torch.linalg.eigh((seen.T @ seen).double())
    return basis @ vectors.flip(1)[:, :number].to(rows)


@dataclass(frozen=True, eq=False)
class _Products:
    """Matrices (genes, .) of which rows' products are a statistic of the pair, times `scale`.

    value(u, v) = (left_u . left_v - right_u . right_v) scale_u scale_v.
    """

    left: Tensor
    right: Tensor
    scale: Tensor

    def of(self, rows: Tensor, columns: Tensor, left: Tensor | None = None) -> Tensor:
        """The statistic of a block of pairs (rows, columns); `left` is `of_left` if it is known."""
        found = self.of_left(rows, columns) if left is None else left
        found = found - self.right[rows] @ self.right[columns].T
        found = found * self.scale[rows, None] * self.scale[columns]
        return found.clamp(-1, 1)

    def of_left(self, rows: Tensor, columns: Tensor) -> Tensor:
        """The first product of a block of pairs."""
        return self.left[rows] @ self.left[columns].T


def _without(standard: Tensor, vectors: Tensor) -> _Products:
    """Correlations of what components (cells, number) do not explain of standardised genes."""
    loads = standard @ vectors
    left = (standard.square().sum(1) - loads.square().sum(1)).clamp_min(0)
    scale = torch.where(left > _NOTHING, left.clamp_min(_NOTHING).rsqrt(), 0.0)
    return _Products(standard, loads, scale)


def _partial(standard: Tensor, share: float) -> _Products:
    """Partial correlations given all other genes, of the shrunken correlation matrix.

    The matrix is S = share I + (1 - share) Z Z', Z of shape (genes, cells). Its inverse is
    (I - Z (cI + Z'Z)^-1 Z') / share with c = share / (1 - share) (Woodbury), so that an inversion
    of the smaller of the two sizes is enough; by L of L L' = (cI + Z'Z)^-1, or of the inverse of S
    itself, it is a product of rows.
    """
    genes, cells = standard.shape
    wide = standard.double()
    nothing = torch.zeros(genes, 1, dtype=standard.dtype, device=standard.device)
    if genes <= cells:
        eye = torch.eye(genes, dtype=torch.float64, device=standard.device)
        inverse = torch.linalg.inv(share * eye + (1 - share) * (wide @ wide.T))
        root = torch.linalg.cholesky(share * inverse)
        scale = (share * inverse.diagonal()).clamp_min(_NOTHING).rsqrt()
        return _Products(nothing, root.to(standard), scale.to(standard))
    weight = share / (1 - share)
    eye = torch.eye(cells, dtype=torch.float64, device=standard.device)
    root = torch.linalg.cholesky(torch.linalg.inv(weight * eye + wide.T @ wide))
    taken = wide @ root
    own = 1 - taken.square().sum(1)  # of the diagonal of the inverse, times share
    return _Products(taken.to(standard), nothing, own.clamp_min(_NOTHING).rsqrt().to(standard))


class RobustStatistics:
    """A data set, prepared; `pairs` gives the statistics of any block of ordered pairs.

    Attributes:
        node: (genes, len(NODE_STATISTICS)) float32.
        data: (len(DATA_STATISTICS),) float32.
    """

    def __init__(self, expression: Tensor):
        """Prepare a data set.

        Args:
            expression: (genes, cells) float32, finite, at least 3 genes and 3 cells.
        """
        genes, cells = expression.shape
        if cells > MOST_CELLS:
            expression = expression[:, _spread(expression.sum(0), MOST_CELLS)]
        standard = ranks(expression)
        vectors = leading_components(standard, max(COMPONENTS))
        nothing = torch.zeros(genes, 1, dtype=standard.dtype, device=standard.device)
        alone = _Products(standard, nothing, torch.ones_like(nothing[:, 0]))
        self._kinds = [
            alone,
            *(_without(standard, vectors[:, :number]) for number in COMPONENTS),
            *(_partial(standard, share) for share in SHRUNK),
        ]
        lowest = (expression == expression.amin(1, keepdim=True)).to(standard)
        share = lowest.mean(1)
        self._lowest = _unit(lowest - share[:, None])
        background = torch.arange(genes, device=expression.device)
        if genes > BACKGROUND:
            background = _spread(expression.mean(1), BACKGROUND)
        self._context = [_contexts(kind, background) for kind in self._kinds]
        explained = [
            (standard @ vectors[:, :number]).square().sum(1, keepdim=True) for number in COMPONENTS
        ]
        contexts = torch.stack([part for context in self._context for part in context], 1)
        self.node = torch.cat(
            [
                share[:, None],
                _places(expression.mean(1))[:, None],
                _places(expression.var(1))[:, None],
                *explained,
                contexts,
            ],
            1,
        )
        self.data = torch.cat(
            [
                _of_values(expression),
                torch.cat(explained, 1).mean(0),
                contexts.mean(0),
            ]
        )

    def pairs(self, regulators: Tensor, targets: Tensor) -> Tensor:
        """Statistics (regulators, targets, len(PAIR_STATISTICS)) of pairs of these genes."""
        found = []
        known: dict[int, Tensor] = {}  # by the matrix of a product, which several kinds share
        for kind, (mean, deviation) in zip(self._kinds, self._context, strict=True):
            if id(kind.left) not in known:
                known[id(kind.left)] = kind.of_left(regulators, targets)
            value = kind.of(regulators, targets, known[id(kind.left)])
            size = value.abs()
            of_regulator = (size - mean[regulators, None]) / (deviation[regulators, None] + _LEAST)
            of_target = (size - mean[targets]) / (deviation[targets] + _LEAST)
            found += [value, of_regulator.clamp(-_FAR, _FAR), of_target.clamp(-_FAR, _FAR)]
        found.append(self._lowest[regulators] @ self._lowest[targets].T)
        return torch.stack(found, -1)


def _contexts(kind: _Products, background: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (genes,) of a gene's magnitudes with other genes."""
    means, deviations = [], []
    for rows in torch.arange(len(kind.left), device=background.device).split(_ROWS):
        found = kind.of(rows, background).abs().double()
        other = (rows[:, None] != background).double()
        number = other.sum(1)
        mean = (found * other).sum(1) / number
        squares = ((found - mean[:, None]).square() * other).sum(1)
        means.append(mean)
        deviations.append((squares / (number - 1).clamp_min(1)).sqrt())
    return torch.cat(means).to(kind.left), torch.cat(deviations).to(kind.left)


def _spread(values: Tensor, number: int) -> Tensor:
    """Indices of so many of the values, evenly spread by their size, whatever their order."""
    places = torch.linspace(0, len(values) - 1, number, device=values.device).long()
    return values.argsort(stable=True)[places]


def _places(values: Tensor) -> Tensor:
    """Where each of the values (genes,) stands among them, from 0 to 1; equal ones share it."""
    ordered = values.sort().values
    below, up_to = (torch.searchsorted(ordered, values, right=right) for right in (False, True))
    return ((below + up_to - 1) / 2 / max(1, len(values) - 1)).to(values)


def _of_values(expression: Tensor) -> Tensor:
    """What kind of file it is: the statistics of values (genes, cells), before any rank."""
    genes, cells = expression.shape
    some = expression[expression > 0]
    whole = (some == some.floor()).to(expression).mean() if len(some) else some.sum()
    return torch.stack(
        [
            expression.new_tensor(float(genes)).log10(),
            expression.new_tensor(float(cells)).log10(),
            (expression == 0).to(expression).mean(),
            whole,
            _variation(expression.double().sum(0)).to(expression),
            _variation(expression.double().clamp_max(30).expm1().sum(0)).to(expression),
        ]
    )


def _variation(totals: Tensor) -> Tensor:
    """Standard deviation over mean of cell totals; 0 where cells are divided by them."""
    mean = totals.mean()
    return torch.where(mean > 0, totals.std() / mean.clamp_min(1e-12), 0.0).clamp_max(10)
