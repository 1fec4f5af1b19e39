"""What a knock-out will do, predicted from cells that nothing was done to, and how good that is.

A prediction is a number for each gene: by how much, and in which direction, it changes where a
regulator is lost. It comes from the scores of a network, along its edges (`along_edges`) or along
all of its paths (`along_paths`), maybe weighed by correlations, and is held against what cells do
that lack the gene (`measured_changes`), beside what needs no network: the correlation with the
gene, the mean change of other knock-outs, no change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control, mannwhitneyu, rankdata

from grn_gat.evaluate.metrics import average_precision

FALSE_DISCOVERIES = 0.05  # rate, of the genes that are said to change
COLUMNS = ("spearman", "sign_accuracy", "average_precision", "ratio")


@dataclass(frozen=True, eq=False)
class Changes:
    """What knock-outs did; K of them.

    Attributes:
        genes: (K,) indices of the genes that were knocked out.
        change: (K, genes): mean of the cells that lack the gene minus that of unperturbed cells, in
            standard deviations of the latter; 0 of genes that do not vary there.
        changed: (K, genes) bool: what differs by a rank-sum test (Wilcoxon 1945), with few false
            ones among all (Benjamini and Hochberg 1995). Never the gene itself.
    """

    genes: np.ndarray
    change: np.ndarray
    changed: np.ndarray


def measured_changes(expression: np.ndarray, target: np.ndarray, none: int = -1) -> Changes:
    """Return what knock-outs did to each gene.

    Args:
        expression: (genes, cells).
        target: (cells,) index of the gene that a cell lacks, `none` where nothing was done.
        none: of such cells.
    """
    own = expression[:, target == none]
    genes = np.unique(target[target != none])
    mean, sd = own.mean(axis=1), own.std(axis=1)
    change, p = np.zeros((len(genes), len(own))), np.ones((len(genes), len(own)))
    for k, gene in enumerate(genes):
        lacking = expression[:, target == gene]
        change[k] = np.divide(lacking.mean(axis=1) - mean, sd, out=np.zeros(len(own)), where=sd > 0)
        p[k] = np.nan_to_num(mannwhitneyu(lacking, own, axis=1).pvalue, nan=1.0)
    others = genes[:, None] != np.arange(len(own))
    changed = np.zeros(others.shape, dtype=bool)
    if len(genes):
        changed[others] = false_discovery_control(p[others]) < FALSE_DISCOVERIES
    return Changes(genes, change, changed)


def along_edges(scores: np.ndarray, gene: int) -> np.ndarray:
    """Return the change (genes,) where a gene is lost: targets that it activates fall.

    Args:
        scores: (genes, genes), row to column; negative where the row represses.
        gene: index of the gene that is lost.
    """
    return _but(-scores[gene], gene)


def along_paths(scores: np.ndarray, gene: int, damping: float) -> np.ndarray:
    """Return the change (genes,) where a gene is lost, along all paths that start at it.

    Each gene changes by what its regulators change, times the strengths of their edges, and the
    lost one stays lost: x_j = sum_i x_i a_ij for every other j, and x_g = -1. The strengths a_ij
    are the scores times `damping`, and of a gene whose |scores| come to more than 1 divided by
    their sum, so that a solution exists.

    Args:
        scores, gene: as of `along_edges`.
        damping: between 0 (as `along_edges`) and 1 (not included).
    """
    weights = np.array(scores, dtype=float)
    np.fill_diagonal(weights, 0.0)
    weights *= damping / np.maximum(1.0, np.abs(weights).sum(axis=0))
    rest = np.flatnonzero(np.arange(len(weights)) != gene)
    system = np.eye(len(rest)) - weights[np.ix_(rest, rest)].T
    found = np.zeros(len(weights))
    found[rest] = np.linalg.solve(system, -weights[gene, rest])
    return found


def by_correlation(expression: np.ndarray, gene: int) -> np.ndarray:
    """Return the change (genes,) where genes follow a lost one as they are correlated with it.

    Args:
        expression: (genes, cells) that nothing was done to. The correlation is that of ranks.
        gene: index of the gene that is lost.
    """
    ranks = rankdata(expression, axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    length = np.sqrt((ranks**2).sum(axis=1))
    products = ranks @ ranks[gene]
    scale = length * length[gene]
    return _but(-np.divide(products, scale, out=np.zeros(len(ranks)), where=scale > 0), gene)


def paths_and_correlation(paths: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    """Return the change (genes,) in the direction of the paths, by what both say of its size.

    The size is the geometric mean of both: where no path leads nothing changes, and what two
    sources agree on comes first.

    Args:
        paths: as of `along_paths`.
        correlation: as of `by_correlation`.
    """
    return np.sign(paths) * np.sqrt(np.abs(paths) * np.abs(correlation))


def mean_of_others(changes: Changes, k: int) -> np.ndarray:
    """Return the mean change (genes,) of the other knock-outs: what any of them does.

    This control sees perturbed cells. Of each gene the knock-out of itself is left out.
    """
    others = np.arange(len(changes.genes)) != k
    own = changes.genes[:, None] == np.arange(changes.change.shape[1])
    values = np.where(own, np.nan, changes.change)[others]
    known = ~np.isnan(values)
    total = np.nansum(values, axis=0)
    mean = np.divide(total, known.sum(axis=0), out=np.zeros(len(total)), where=known.any(axis=0))
    return _but(mean, int(changes.genes[k]))


def _but(change: np.ndarray, gene: int) -> np.ndarray:
    found = np.array(change, dtype=float)
    found[gene] = 0.0
    return found


def agreement(predicted: np.ndarray, changes: Changes, k: int) -> Mapping[str, float]:
    """Return how well a prediction agrees with what a knock-out did, over all other genes.

    Args:
        predicted: (genes,).
        changes: what was measured.
        k: which of its knock-outs.

    Returns:
        `spearman`, of predicted and measured change (0 where either is one value); of the genes
        that changed `sign_accuracy`, the share whose direction is right (half of it where no
        change is predicted); `average_precision` of who changes by |predicted| and its `ratio`
        over the share of them. NaN where no gene, or every gene, changed.
    """
    others = np.arange(len(predicted)) != changes.genes[k]
    guess, change, changed = (
        predicted[others],
        changes.change[k][others],
        changes.changed[k][others],
    )
    found = dict.fromkeys(COLUMNS, np.nan)
    found["spearman"] = _spearman(guess, change)
    if changed.any() and not changed.all():
        right = np.sign(guess) == np.sign(change)
        found["sign_accuracy"] = float(np.where(guess == 0, 0.5, right)[changed].mean())
        found["average_precision"] = float(average_precision(changed, np.abs(guess)))
        found["ratio"] = found["average_precision"] / float(changed.mean())
    return found


def _spearman(first: np.ndarray, second: np.ndarray) -> float:
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])
