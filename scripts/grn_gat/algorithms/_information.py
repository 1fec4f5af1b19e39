"""Information between genes on discretised expression: bins, bits, PUC and network context.

What NetworkInference.jl (Chan, Stumpf and Babtie, Cell Systems 5 (2017) 251) computes for MI, CLR,
PUC and PIDC, with probabilities estimated by maximum likelihood (relative frequencies) and all
information in bits.

Rounding decides nothing here: independent bins have exactly 0 bits, and a unique share or a spread
below `NOTHING` counts as none.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from grn_gat.core.progress import steps

NOTHING = 1e-12  # relative: far above rounding errors, far below the effect of a single cell
NO_WIDTH = 1e-300  # instead of 0: a constant gene, values that differ by rounding only
FALSE_ALARM = 0.05  # p0 of Scargle et al. 2013, eq. 21
IN_CACHE = 16_384  # events of genes that are cut into blocks together


def bayesian_blocks(expression: np.ndarray) -> np.ndarray:
    """Return the Bayesian block of each value of a gene: its bin, counted from 0 with the value.

    Scargle et al., Astrophysical Journal 764 (2013) 167: event data, fitness eq. 19, prior eq. 21.
    As in Discretizers.jl, the N of the prior is the number of distinct values up to the end of the
    block, not of all values (astropy takes the latter). Values that are equal are one event.

    Parameters: `expression` (genes, cells) float. Returns (genes, cells) int; all 0 for a constant
    gene.
    """
    events = [np.unique(row, return_inverse=True, return_counts=True) for row in expression]
    number = np.array([len(distinct) for distinct, _, _ in events])
    found = np.empty(expression.shape, dtype=int)
    for genes in _together(number):
        blocks = _blocks_of_events([events[g][0] for g in genes], [events[g][2] for g in genes])
        for g, own in zip(genes, blocks, strict=True):
            found[g] = own[events[g][1]]
    return found


def _together(number: np.ndarray) -> Iterator[np.ndarray]:
    """Yield genes of about as many events (genes,), as many at once as a cache holds."""
    order = np.argsort(number, kind="stable")
    while len(order):
        at_once = np.flatnonzero(number[order] * np.arange(1, len(order) + 1) > IN_CACHE)
        stop = max(1, at_once[0]) if len(at_once) else len(order)
        yield order[:stop]
        order = order[stop:]


def _blocks_of_events(distinct: Sequence[np.ndarray], number: Sequence[np.ndarray]) -> np.ndarray:
    """Return the block of each event of some genes, (genes, most events); 0 beyond a gene's last.

    Parameters: `distinct` values of each gene, ascending, and the `number` of cells with each.
    """
    events = np.array([len(values) for values in distinct])
    genes, n = len(events), events.max()
    edges = np.zeros((genes, n + 1))
    up_to = np.zeros((genes, n + 1))
    for g, (values, cells) in enumerate(zip(distinct, number, strict=True)):
        last = events[g]
        edges[g, 0], edges[g, last:] = values[0], values[-1]
        edges[g, 1:last] = (values[1:] + values[:-1]) / 2
        up_to[g, 1 : last + 1] = np.cumsum(cells)
        up_to[g, last + 1 :] = up_to[g, last]
    prior = 4 - np.log(73.53 * FALSE_ALARM * np.arange(1, n + 1) ** -0.478)
    best = np.zeros((genes, n + 1))  # fitness of the best blocks of the first k events
    start = np.zeros((genes, n + 1), dtype=int)  # where the last of these blocks starts
    every = np.arange(genes)
    for end in range(1, n + 1):
        # Beyond the last event of a gene all this means nothing, and nothing reads it.
        size = np.maximum(up_to[:, end, None] - up_to[:, :end], 1)
        width = np.maximum(edges[:, end, None] - edges[:, :end], NO_WIDTH)
        fitness = size * np.log(size / width) + best[:, :end]
        start[:, end] = np.argmax(fitness, axis=1)
        best[:, end] = fitness[every, start[:, end]] - prior[end - 1]
    starts_here = np.zeros((genes, n), dtype=int)
    begin = start[every, events]
    while begin.any():
        starts_here[every[begin > 0], begin[begin > 0]] = 1
        begin = start[every, begin]
    return np.cumsum(starts_here, axis=1)


def specific_information(
    expression: np.ndarray,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for each gene x as target, what every gene says about each of its bins.

    The specific information of source Y on bin x is the divergence of p(y | x) from p(y), hence
    not negative; its mean over the bins is the mutual information.

    Parameters: `expression` (genes, cells) float.
    Yields: probabilities (bins of x,) and specific information (genes, bins of x) in bits.
    """
    bins = bayesian_blocks(expression)
    cells = bins.shape[1]
    number = bins.max(axis=1) + 1
    first = np.concatenate([[0], np.cumsum(number)])  # row where a gene's bins start in `member`
    member = np.zeros((first[-1], cells), dtype=np.float32)  # exact for counts below 2 ** 24
    member[bins + first[:-1, None], np.arange(cells)] = 1
    size = member.sum(axis=1, dtype=float)
    for start, stop in steps(pairwise(first), len(number)):
        joint = (member @ member[start:stop].T).astype(float)
        ratio = joint * cells / (size[:, None] * size[start:stop])
        bits = joint * np.log2(ratio, out=np.zeros_like(ratio), where=joint > 0)
        yield size[start:stop] / cells, np.add.reduceat(bits, first[:-1]) / size[start:stop]


def mutual_information(expression: np.ndarray) -> np.ndarray:
    """Return the mutual information of all pairs of genes, in bits; 0 on the diagonal.

    Parameters: `expression` (genes, cells) float. Returns (genes, genes), symmetric.
    """
    information = np.array([bits @ p for p, bits in specific_information(expression)])
    return _symmetric(information) / 2


def proportional_unique_contribution(expression: np.ndarray) -> np.ndarray:
    """Return the PUC of all pairs of genes; 0 on the diagonal.

    The PUC of a pair is the share of its mutual information that is unique, i.e. not redundant
    with that of a third gene, summed over all third genes and over both genes as target.

    For target x, source y and third gene z the redundancy (Williams and Beer 2010) is the mean
    over the bins of x of min(I(x; y), I(x; z)), I the specific information, so the unique
    information of y is the mean of max(I(x; y) - I(x; z), 0). Its sum over all z needs no loop over
    triples: sorted by I, gene number k (counted from 0) has k I_k less the sum of all before it.

    Parameters: `expression` (genes, cells) float. Returns (genes, genes), symmetric, from 0 to
    2 (genes - 2).
    """
    genes = len(expression)
    puc = np.zeros((genes, genes))
    before = np.arange(genes - 1)[:, None]
    for target, (p, bits) in enumerate(specific_information(expression)):
        others = np.delete(np.arange(genes), target)
        bits = bits[others]
        order = np.argsort(bits, axis=0, kind="stable")
        ranked = np.take_along_axis(bits, order, axis=0)
        excess = before * ranked - (np.cumsum(ranked, axis=0) - ranked)
        unique = np.empty_like(excess)
        np.put_along_axis(unique, order, excess, axis=0)
        unique, information = unique @ p, bits @ p
        real = unique > genes * NOTHING * information
        puc[target, others[real]] = unique[real] / information[real]
    return _symmetric(puc)


def clr_context(scores: np.ndarray) -> np.ndarray:
    """Return each pair's score relative to all scores of its two genes.

    The root of z_i^2 + z_j^2, with z the score in standard deviations (of the sample) above the
    mean of a gene's scores with all others, and 0 where that is negative or all are equal (Faith
    et al., PLoS Biology 5 (2007) e8).

    Parameters: `scores` (genes, genes), symmetric; at least 3 genes. Returns (genes, genes).
    """
    of_gene = _scores_per_gene(scores)
    mean, deviation = of_gene.mean(axis=1), of_gene.std(axis=1, ddof=1)
    varies = deviation > NOTHING * np.abs(mean)
    z = (scores - mean[:, None]) / np.where(varies, deviation, 1)[:, None]
    z = np.where(varies[:, None], np.maximum(z, 0), 0)
    return _symmetric(z**2) ** 0.5


def gamma_context(scores: np.ndarray) -> np.ndarray:
    """Return each pair's score as the sum of two cumulative probabilities.

    They come from gamma distributions fitted to each gene's scores with all others by maximum
    likelihood. There is no such fit for a gene with a score of 0 or with equal scores; pairs with
    such a gene get the score of `clr_context` instead, as in NetworkInference.jl, although this
    one may exceed 2.

    Parameters: `scores` (genes, genes), symmetric, not negative; at least 3 genes.
    Returns (genes, genes).
    """
    from scipy.special import gammainc

    of_gene = _scores_per_gene(scores)
    fitted = of_gene.min(axis=1) > 0
    spread = np.zeros(len(scores))  # log of the mean less mean of the log: 0 for equal scores
    positive = of_gene[fitted]
    spread[fitted] = np.log(positive.mean(axis=1)) - np.log(positive).mean(axis=1)
    fitted &= spread > NOTHING
    shape = np.ones(len(scores))
    shape[fitted] = _gamma_shape(spread[fitted])
    scale = np.where(fitted, of_gene.mean(axis=1) / shape, 1)
    probability = gammainc(shape[:, None], scores / scale[:, None])
    return np.where(fitted & fitted[:, None], _symmetric(probability), clr_context(scores))


def _gamma_shape(spread: np.ndarray) -> np.ndarray:
    """Return the shape a with log(a) - digamma(a) = spread (Newton's method in 1 / a, Minka 2002).

    Parameters: `spread` (n,) > 0. Returns (n,).
    """
    from scipy.special import digamma, polygamma

    shape = 0.5 / spread
    for _ in range(100):
        slope = shape**2 * (1 / shape - polygamma(1, shape))
        shape = 1 / (1 / shape + (np.log(shape) - digamma(shape) - spread) / slope)
    return shape


def _scores_per_gene(scores: np.ndarray) -> np.ndarray:
    """Return the scores of each gene with all others, (genes, genes - 1)."""
    return scores[~np.eye(len(scores), dtype=bool)].reshape(len(scores), -1)


def _symmetric(one_sided: np.ndarray) -> np.ndarray:
    """Return the sum with the transpose; 0 on the diagonal."""
    total = one_sided + one_sided.T
    np.fill_diagonal(total, 0)
    return total
