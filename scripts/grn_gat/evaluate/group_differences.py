"""What differs between networks of groups of cells, beside what differs where groups are chance.

A method scores the pairs of genes in the cells of each group. The difference of a pair in a group
is its score there minus the mean of its scores in the other groups, in the direction of its own
sign. The null permutes the labels of the cells, so that groups keep their sizes and lose their
meaning, and the method runs again. Before that the genes of each group are given the same mean:
else a permuted group is a mixture, in which genes that mark a group go together more closely, and
vary less from draw to draw, than in any group. Counts are `thinned` for it, of the data as of the
null, so that a gene is measured as well in all groups; other values are `matched`, of the null.
What only the level of genes tells apart is so no difference of networks.

Differences of a small group are larger by chance than those of a large one. Each group's are
divided by what 99 % of its differences stay below, permuted or not, before they are compared
(studentised max-T, Westfall and Young, Resampling-Based Multiple Testing, 1993): `p_value` is for
all edges of all groups at once. How many are as large by chance, edge by edge, is `expected_false`,
as of Tusher, Tibshirani and Chu (PNAS 98 (2001) 5116).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import rankdata, t

# Of the family: an edge is specific where its p_value is no larger, and its interval is above 0.
LEVEL = 0.05
FEWEST_CELLS = 10  # of each group, with more than the least value of a gene
_MOST = 0.99  # of the differences of a group
EDGES = [
    *("group", "regulator", "target", "score", "others", "difference", "low", "high"),
    *("expected_false", "p_value", "specific"),
]
HUBS = ["group", "gene", "targets", "others", "shift", "p_value"]
OVERLAP = ["first", "second", "edges_first", "edges_second", "shared", "by_degree", "jaccard"]
OVERLAP += ["jaccard_permuted", "p_value"]


@dataclass(frozen=True)
class Strongest:
    """The strongest pairs of each group, and how they differ from those of the others.

    Attributes:
        pairs: of each group the flat places of its strongest pairs in (regulators, genes).
        scores: scores of these.
        others: mean score of these pairs in the other groups.
        targets: array (groups, regulators): how many of the pairs each regulator has.
        genes: number of the genes.
    """

    pairs: list[np.ndarray]
    scores: list[np.ndarray]
    others: list[np.ndarray]
    targets: np.ndarray
    genes: int

    def only(self, kept: np.ndarray) -> "Strongest":
        """Return those of some pairs, by their flat places; targets stay those of all."""
        chosen = [kept[where] for where in self.pairs]

        def of(values: list[np.ndarray]) -> list[np.ndarray]:
            return [own[some] for own, some in zip(values, chosen, strict=True)]

        return Strongest(of(self.pairs), of(self.scores), of(self.others), self.targets, self.genes)

    @property
    def differences(self) -> list[np.ndarray]:
        """Of each of the pairs, in the direction of the sign of its score."""
        found = zip(self.scores, self.others, strict=True)
        return [np.sign(score) * (score - others) for score, others in found]

    @property
    def shifts(self) -> np.ndarray:
        """Array (groups, regulators): targets minus the mean of those in the other groups."""
        return self.targets - mean_of_others(self.targets)

    @property
    def jaccards(self) -> np.ndarray:
        """Shared pairs over all pairs of two groups, for each two of them in their order."""
        return np.array([_jaccard(*two) for two in combinations(self.pairs, 2)])


def strongest(scores: np.ndarray, number: int) -> Strongest:
    """Return the strongest pairs of each group; ties with the last one are among them.

    Args:
        scores: array (groups, regulators, genes); NaN of a gene with itself.
        number: pairs of each group, at least; fewer where fewer scores differ from 0.
    """
    groups, regulators, genes = scores.shape
    flat = np.nan_to_num(scores).reshape(groups, -1)
    size, number = np.abs(flat), min(number, flat.shape[1])
    limits = np.partition(size, -number, axis=1)[:, -number]
    pairs = [
        np.flatnonzero((own >= limit) & (own > 0)) for own, limit in zip(size, limits, strict=True)
    ]
    others = mean_of_others(flat)
    return Strongest(
        pairs,
        [own[where] for own, where in zip(flat, pairs, strict=True)],
        [own[where] for own, where in zip(others, pairs, strict=True)],
        np.array([np.bincount(where // genes, minlength=regulators) for where in pairs]),
        genes,
    )


def mean_of_others(values: np.ndarray) -> np.ndarray:
    """Return, for each row of two or more, the mean of all other rows; array of the same shape."""
    return (values.sum(axis=0) - values) / (len(values) - 1)


def matched(expression: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return cells in which each gene has the same mean in each group, and the same order in it.

    A value is replaced by what the values of all groups are, on average, at its place: cells that
    are tied at the ranks from a to b of their group get the mean of the pooled quantiles between.

    Args:
        expression: array (genes, cells), >= 0.
        labels: group of each cell, an integer.
    """
    genes, cells = expression.shape
    pooled = np.sort(expression, axis=1)
    integral = np.concatenate([np.zeros((genes, 1)), np.cumsum(pooled, axis=1)], axis=1)

    def until(share: np.ndarray) -> np.ndarray:
        place = np.floor(share * cells).astype(int)
        inside = np.minimum(place, cells - 1)
        rest = share * cells - place
        below = np.take_along_axis(integral, place, axis=1)
        return below + rest * np.take_along_axis(pooled, inside, axis=1)

    found = np.empty(expression.shape)
    for group in np.unique(labels):
        own = np.flatnonzero(labels == group)
        first = (rankdata(expression[:, own], method="min", axis=1) - 1) / len(own)
        last = rankdata(expression[:, own], method="max", axis=1) / len(own)
        found[:, own] = (until(last) - until(first)) / (cells * (last - first))
    return found


def comparable(groups: Sequence[np.ndarray]) -> np.ndarray:
    """Return which genes can be compared, array (genes,): in `FEWEST_CELLS` cells of every group.

    A gene of which two cells hold all values goes together with others of the same cells, or with
    none: what differs there is which cells were caught.

    Args:
        groups: of each array (genes, cells), >= 0.
    """
    above = [(own > own.min(axis=1, keepdims=True)).sum(axis=1) for own in groups]
    return np.min(above, axis=0) >= FEWEST_CELLS


def thinned(counts: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return counts in which each gene has the same mean in each group: that of the lowest one.

    Each count keeps a binomial share. A gene of which few molecules are caught goes together with
    others less closely, by that alone; after this it is measured as well in all groups.

    Args:
        counts: array (genes, cells) of whole numbers.
        labels: group of each cell, an integer.
        rng: draws what is kept.
    """
    groups = [np.flatnonzero(labels == group) for group in np.unique(labels)]
    means = np.stack([counts[:, own].mean(axis=1) for own in groups])
    kept = means.min(axis=0) / np.where(means > 0, means, 1)
    found = np.empty(counts.shape)
    for own, share in zip(groups, kept, strict=True):
        found[:, own] = rng.binomial(counts[:, own].astype(np.int64), share[:, None])
    return found


def _jaccard(first: np.ndarray, second: np.ndarray) -> float:
    shared = len(np.intersect1d(first, second, assume_unique=True))
    every = len(first) + len(second) - shared
    return shared / every if every else 1.0


def edge_differences(
    found: Strongest,
    permuted: Sequence[Strongest],
    parts: np.ndarray | None,
    groups: Sequence[str],
    regulators: Sequence[str],
    genes: Sequence[str],
) -> pd.DataFrame:
    """Return the strongest edges of each group with what differs, the largest difference first.

    Args:
        found: of the groups.
        permuted: of groups of permuted labels; none where nobody asked.
        parts: array (parts, pairs of all groups one after the other): the differences of the same
            pairs in parts of the cells of each group, times the factor that makes their spread that
            of the difference; None where nobody asked.
        groups: names.
        regulators: names of the rows.
        genes: names of the columns.

    Returns:
        Columns `EDGES`; low and high (the 95 % interval of the difference by t), expected_false and
        p_value NaN without parts or permutations; specific (p_value within `LEVEL` and low above 0)
        is yes, no, or empty where no permutation could tell.
    """
    sizes = [len(pairs) for pairs in found.pairs]
    where, differences = np.concatenate(found.pairs), np.concatenate(found.differences)
    table = pd.DataFrame(
        {
            "group": np.repeat(np.array(groups, dtype=object), sizes),
            "regulator": np.array(regulators, dtype=object)[where // len(genes)],
            "target": np.array(genes, dtype=object)[where % len(genes)],
            "score": np.concatenate(found.scores),
            "others": np.concatenate(found.others),
            "difference": differences,
        }
    )
    half = np.full(len(table), np.nan)
    if parts is not None and len(parts) > 1:
        half = t.ppf(0.975, len(parts) - 1) * parts.std(axis=0, ddof=1)
    table = table.assign(low=differences - half, high=differences + half)
    chance, p_values = _chance(found, permuted)
    table = table.assign(expected_false=chance, p_value=p_values)
    least = 1 / (len(permuted) + 1)
    sure = (table["p_value"] <= LEVEL + 1e-9) & ~(table["low"] <= 0)
    said = np.where(sure, "yes", "no")
    table["specific"] = said if permuted and least <= LEVEL + 1e-9 else ""
    by = ["p_value", "expected_false", "difference"] if permuted else ["difference"]
    ascending = [True, True, False] if permuted else [False]
    order = [*by, "group", "regulator", "target"]
    table = table.sort_values(order, ascending=[*ascending, True, True, True], ignore_index=True)
    return table[EDGES]


def once(regulators: Sequence[str], genes: Sequence[str]) -> np.ndarray:
    """Return which pairs stand for both directions, array (regulators * genes,) of truth values.

    Of a pair whose genes may both regulate that which has the first name first; every other pair.
    """
    rows = np.array(regulators, dtype=object)
    may, names = np.isin(np.array(genes, dtype=object), rows), np.array(genes, dtype=object)
    return ~(may[None, :] & (rows[:, None] > names[None, :])).ravel()


def _chance(found: Strongest, permuted: Sequence[Strongest]) -> tuple[np.ndarray, np.ndarray]:
    """Of each pair of each group: permuted ones as large, in the mean, and the p of the family."""
    number = sum(len(pairs) for pairs in found.pairs)
    if not permuted:
        return np.full(number, np.nan), np.full(number, np.nan)
    every = [one.differences for one in (found, *permuted)]
    scales = []
    for group in range(len(found.pairs)):
        own = np.concatenate([differences[group] for differences in every])
        scale = np.quantile(own, _MOST) if len(own) else 0.0
        scales.append(scale if scale > 0 else 1.0)
    observed, *null = (
        np.concatenate([own / scale for own, scale in zip(differences, scales, strict=True)])
        for differences in every
    )
    pooled = np.sort(np.concatenate(null))
    expected = (len(pooled) - np.searchsorted(pooled, observed, side="left")) / len(null)
    return expected, _p_of_family(observed, [own.max(initial=-np.inf) for own in null])


def _p_of_family(observed: np.ndarray, maxima: Sequence[float]) -> np.ndarray:
    """Share of the permutations, the data among them, whose largest value reaches each value."""
    ordered = np.sort(maxima)
    reach = len(ordered) - np.searchsorted(ordered, observed, side="left")
    return (1 + reach) / (1 + len(ordered))


def hub_shifts(
    found: Strongest,
    permuted: Sequence[Strongest],
    groups: Sequence[str],
    regulators: Sequence[str],
) -> pd.DataFrame:
    """Return how many targets each regulator has in each group, and in the others.

    Returns:
        Columns `HUBS`, a row for each group and regulator that has a target in some group; others
        is the mean of the other groups, shift what there are more than that, p_value that of the
        family of all shifts (NaN without permutations). The largest shift first.
    """
    shifts, others = found.shifts, mean_of_others(found.targets)
    p_values = np.full(shifts.shape, np.nan)
    if permuted:
        maxima = [float(np.abs(one.shifts).max()) for one in permuted]
        p_values = _p_of_family(np.abs(shifts).ravel(), maxima).reshape(shifts.shape)
    rows = [
        (group, gene, int(found.targets[g, r]), others[g, r], shifts[g, r], p_values[g, r])
        for g, group in enumerate(groups)
        for r, gene in enumerate(regulators)
        if found.targets[:, r].any()
    ]
    table = pd.DataFrame(rows, columns=HUBS)
    order = table["shift"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def overlaps(
    found: Strongest, permuted: Sequence[Strongest], groups: Sequence[str]
) -> pd.DataFrame:
    """Return how many of the strongest edges each two groups share.

    Returns:
        Columns `OVERLAP`: by_degree is how many would be shared where each regulator had as many
        targets, drawn at random; jaccard is shared / all of both, jaccard_permuted its mean where
        labels are permuted, and p_value how often it is no larger there: small where the networks
        of two groups differ by more than those of any cells do. NaN without permutations.
    """
    null = np.array([one.jaccards for one in permuted])
    rows = []
    for place, (a, b) in enumerate(combinations(range(len(groups)), 2)):
        sizes, jaccard = (len(found.pairs[a]), len(found.pairs[b])), found.jaccards[place]
        shared = len(np.intersect1d(found.pairs[a], found.pairs[b], assume_unique=True))
        mean = p = np.nan
        if len(null):
            mean = null[:, place].mean()
            p = (1 + (null[:, place] <= jaccard).sum()) / (1 + len(null))
        by_degree = (found.targets[a] * found.targets[b]).sum() / max(1, found.genes - 1)
        rows.append((groups[a], groups[b], *sizes, shared, by_degree, jaccard, mean, p))
    return pd.DataFrame(rows, columns=OVERLAP)


def shared_edges(edges: pd.DataFrame) -> pd.DataFrame:
    """Return the edges that are among the strongest of two groups or more, of most groups first.

    Args:
        edges: as of `edge_differences`.

    Returns:
        Columns regulator, target, groups (number), names (of the groups), score (mean over them)
        and sign: activation, repression, `both` where groups differ; of an unsigned method empty.
    """
    named = edges.sort_values("group", kind="stable").groupby(["regulator", "target"], sort=False)
    table = named.agg(
        groups=("group", "size"),
        names=("group", ", ".join),
        score=("score", "mean"),
        least=("score", "min"),
        most=("score", "max"),
    ).reset_index()
    table = table[table["groups"] > 1]
    signed = bool((edges["score"] < 0).any())
    sign = np.where(table["least"] > 0, "activation", "repression")
    sign = np.where((table["least"] < 0) & (table["most"] > 0), "both", sign)
    table = table.assign(sign=sign if signed else "", strength=table["score"].abs())
    table = table.sort_values(
        ["groups", "strength", "regulator", "target"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    return table[["regulator", "target", "groups", "names", "sign", "score"]]
