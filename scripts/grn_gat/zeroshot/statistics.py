"""What the zero-shot model sees: statistics of genes, ordered pairs and triples, in torch.

Computed from expression alone, for a batch of data sets at once. Nothing here depends on the order
of the genes (rows move along), on the order of the cells, or on a factor common to all expression
values; every statistic is a mean over cells, so none grows with their number.

Each gene is scaled by the mean of its largest 2 % of values. Its cells fall into four levels:
exactly zero, low, middle and high (`LEVEL_EDGES`).
"""

import torch
from torch import Tensor

LEVEL_EDGES = (0.25, 0.6)  # of the gene's scale
LEVELS = ("zero", "low", "middle", "high")
WINDOWS = 12  # windows of pseudotime with equal numbers of cells
MIN_TRAJECTORY_CELLS = 2 * WINDOWS  # a trajectory with fewer is left out
_TOP = 0.02
_SHRINK = 0.97  # of correlations, before inversion
_AT_ONCE = 2**18  # values of the products behind triple statistics; they stay in a core's cache

NODE_STATISTICS = (
    *(f"share_{level}" for level in LEVELS),
    *(f"root_share_{level}" for level in LEVELS),
    "mean",
    "sd",
    "log_relative_scale",
    "third_moment",
    *(f"high_in_window_{k + 1}" for k in range(WINDOWS)),
    "has_pseudotime",
)
PAIR_STATISTICS = (
    *(f"root_joint_{a}_{b}" for a in LEVELS for b in LEVELS),
    *(f"target_high_given_{a}" for a in LEVELS),
    "correlation",
    "correlation_of_roots",
    "correlation_of_high",
    "correlation_of_low",
    "partial_correlation",
    "partial_correlation_of_high",
    "correlation_where_both_high",
    "correlation_within_windows",
    "level_then_change",
    "level_then_level",
    "level_with_level",
    "later_minus_same",
    "has_pseudotime",
)
TRIPLE_STATISTICS = tuple(
    f"{what}_{state}"
    for what in ("target_high_given", "root_share")
    for state in ("both", "regulator_only", "context_only", "neither")
)


def _correlation(values: Tensor) -> Tensor:
    """(batch, cells, genes) -> (batch, genes, genes); rows without variance give about 0."""
    centred = values - values.mean(1, keepdim=True)
    centred = centred / (centred.norm(dim=1, keepdim=True) / values.shape[1] ** 0.5 + 1e-4)
    return centred.transpose(1, 2) @ centred / values.shape[1]


def _partial(correlation: Tensor, genes: Tensor) -> Tensor:
    """Partial correlations of shrunken correlations; absent genes are uncorrelated."""
    eye = torch.eye(correlation.shape[1], device=correlation.device)
    present = genes[:, :, None] & genes[:, None, :]
    shrunken = torch.where(present, correlation, 0.0) * _SHRINK * (1 - eye) + eye
    precision = torch.linalg.inv(shrunken)
    root = torch.diagonal(precision, dim1=1, dim2=2).clamp_min(1e-6).sqrt()
    return -precision / (root[:, :, None] * root[:, None, :])


def _where_both_high(scaled: Tensor, high: Tensor) -> Tensor:
    """Correlation over the cells in which both genes are high, shrunken where these are few."""
    deviation = high * (scaled - 0.8)
    cells = high.shape[1]
    both = high.transpose(1, 2) @ high / cells
    first = deviation.transpose(1, 2) @ high / cells
    square = (deviation * deviation).transpose(1, 2) @ high / cells
    product = deviation.transpose(1, 2) @ deviation / cells
    share = both + 1e-3
    covariance = product / share - first * first.transpose(1, 2) / share**2
    variance = (square / share - (first / share) ** 2).clamp_min(1e-5)
    return covariance / (variance * variance.transpose(1, 2)).sqrt() * both / (both + 0.02)


def _along_pseudotime(high: Tensor, pseudotime: Tensor) -> tuple[Tensor, Tensor]:
    """Window means (batch, genes, WINDOWS) and five pair statistics (batch, genes, genes, 5)."""
    batch, cells, genes = high.shape
    size = cells // WINDOWS
    order = pseudotime.argsort(dim=1, stable=True)[:, : WINDOWS * size]
    ordered = torch.stack([h[o] for h, o in zip(high, order, strict=True)])
    ordered = ordered.view(batch, WINDOWS, size, genes)
    means = ordered.mean(2)
    within = (ordered - means[:, :, None]).reshape(batch, WINDOWS * size, genes)
    within = within / (within.norm(dim=1, keepdim=True) / within.shape[1] ** 0.5 + 1e-4)
    centred = means - means.mean(1, keepdim=True)
    change = means[:, 1:] - means[:, :-1]

    def product(first: Tensor, second: Tensor) -> Tensor:
        one, two = (x / (x.norm(dim=1, keepdim=True) + 0.03) for x in (first, second))
        return one.transpose(1, 2) @ two

    later = product(centred[:, :-1], centred[:, 1:])
    same = product(centred, centred)
    pairs = [
        within.transpose(1, 2) @ within / within.shape[1],
        product(centred[:, :-1], change),
        later,
        same,
        later - same,
    ]
    return means.transpose(1, 2), torch.stack(pairs, -1)


def _trajectories(high: Tensor, pseudotime: Tensor | None) -> list[tuple[Tensor, Tensor]]:
    """Statistics along each trajectory that has at least two cells to a window."""
    if pseudotime is None:
        return []
    if pseudotime.dim() == 2:
        pseudotime = pseudotime[..., None]
    found = []
    for times in pseudotime.unbind(2):
        on = ~times.isnan()
        if not on.all():
            cells = on[0].nonzero()[:, 0]
            found.append((high[:, cells], times[:, cells]))
        else:
            found.append((high, times))
    return [_along_pseudotime(h, t) for h, t in found if t.shape[1] >= MIN_TRAJECTORY_CELLS]


def levels(expression: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return scale (batch, genes), scaled expression and the four levels (..., 4) as 0 or 1."""
    number = max(1, round(_TOP * expression.shape[1]))
    scale = expression.topk(number, dim=1).values.mean(1)
    scaled = expression / scale.clamp_min(1e-12)[:, None]
    zero, low, high = expression == 0, scaled < LEVEL_EDGES[0], scaled >= LEVEL_EDGES[1]
    found = torch.stack([zero, low & ~zero, ~(low | high), high & ~zero], -1).float()
    return scale, scaled, found


def node_and_pair_statistics(
    expression: Tensor, genes: Tensor, pseudotime: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Compute `NODE_STATISTICS` and `PAIR_STATISTICS`.

    Args:
        expression: (batch, cells, genes), finite, >= 0; at least `WINDOWS` cells.
        genes: (batch, genes), False for padding.
        pseudotime: (batch, cells), or None; for a single data set also (1, cells, trajectories),
            NaN where a cell is not on a trajectory: statistics are means over trajectories.

    Returns:
        Node statistics (batch, genes, .), pair statistics (batch, regulators, targets, .), and
        whether each gene is high in each cell (batch, cells, genes).
    """
    batch, cells, number = expression.shape
    scale, scaled, level = levels(expression)
    high = level[..., 3]
    share = level.mean(1)
    flat = level.reshape(batch, cells, number * 4)
    joint = (flat.transpose(1, 2) @ flat / cells).view(batch, number, 4, number, 4)
    joint = joint.permute(0, 1, 3, 2, 4)
    given = joint[..., 3] / (share[:, :, None, :] + 1e-3)
    clipped = scaled.clamp(0, 1.5)
    correlations = [_correlation(v) for v in (clipped, clipped.sqrt(), high)]
    correlations.append(_correlation(level[..., 0] + level[..., 1]))
    partial = [_partial(correlations[k], genes) for k in (0, 2)]
    both = _where_both_high(scaled, high)
    found = _trajectories(high, pseudotime)
    known = expression.new_full((batch, number, 1), float(bool(found)))
    if found:
        windows, along = (torch.stack(part).mean(0) for part in zip(*found, strict=True))
    else:
        windows = expression.new_zeros(batch, number, WINDOWS)
        along = expression.new_zeros(batch, number, number, 5)
    largest = scale.amax(1, keepdim=True).clamp_min(1e-12)
    node = [
        share,
        share.sqrt(),
        scaled.mean(1)[..., None],
        scaled.std(1)[..., None],
        torch.log(scale / largest + 1e-3)[..., None],
        (scaled**3).mean(1)[..., None],
        windows,
        known,
    ]
    shape = (batch, number, number)
    pair = [
        joint.flatten(3).sqrt(),
        given,
        torch.stack([*correlations, *partial, both], -1),
        along,
        known[:, :, None].expand(*shape, 1),
    ]
    return torch.cat(node, -1), torch.cat(pair, -1), high


def triple_statistics(high: Tensor, targets: slice, context: Tensor) -> Tensor:
    """How often a target is high in each state of a regulator and a context gene.

    Args:
        high: (batch, cells, genes), 0 or 1.
        targets: the genes that are targets.
        context: (batch, targets, k), the context genes of each target.

    Returns:
        (batch, targets, k, regulators, 8): `TRIPLE_STATISTICS`.
    """
    batch, cells, genes = high.shape
    _, number, k = context.shape
    rows = high.transpose(1, 2).contiguous()
    place = context.reshape(batch, -1, 1)
    # Shares of cells in which the named genes are high: u regulator, v target, w context.
    uvw = high.new_empty(batch, number, k, genes)
    size = max(1, _AT_ONCE // (k * cells))
    for one, values, own, chosen in zip(uvw, rows, rows[:, targets], context, strict=True):
        for some in (slice(v, v + size) for v in range(0, number, size)):
            both = values[chosen[some]] * own[some, None]
            torch.matmul(both, values.T, out=one[some])
    uvw /= cells
    pairs = rows @ high / cells
    share = high.mean(1)
    uw = torch.gather(pairs, 1, place.expand(-1, -1, genes)).view(batch, number, k, genes)
    vw = torch.gather(pairs[:, targets], 2, context)[..., None]
    uv = pairs[:, targets, None]
    u, v = share[:, None, None, :], share[:, targets, None, None]
    w = torch.gather(share, 1, place[..., 0]).view(batch, number, k, 1)
    on = [uvw, uv - uvw, vw - uvw, v - uv - vw + uvw]
    states = [uw, u - uw, w - uw, 1 - u - w + uw]
    prior = 1e-3
    given = [(a + prior / 2) / (b + prior) for a, b in zip(on, states, strict=True)]
    return torch.stack([*given, *(b.clamp_min(0).sqrt() for b in states)], -1)
