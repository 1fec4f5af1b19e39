"""Features of genes and of ordered gene pairs, computed from expression alone.

No reference edge enters here. Every feature is invariant to the order of the cells; all but the
first two node features are invariant to the expression scale of a gene. This module is the one
place that lists what each column means: `NODE_FEATURES` and `PAIR_FEATURES`.
"""

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError

NODE_FEATURES = {
    "log_mean": "log(1 + mean expression)",
    "log_sd": "log(1 + standard deviation)",
    "zero_fraction": "share of cells in which the gene is 0",
    "on_fraction": "share of cells above half of the gene's 95 % quantile",
    "q25": "25 % quantile / 95 % quantile",
    "q50": "50 % quantile / 95 % quantile",
    "q75": "75 % quantile / 95 % quantile",
    "skewness": "third standardised moment, clipped to [-5, 5]",
    "bimodality": "Sarle's coefficient (skewness^2 + 1) / kurtosis",
    "pseudotime_slope": "correlation with pseudotime, mean over trajectories (0 without)",
    "pseudotime_peak": "pseudotime of highest windowed mean, in [0, 1] (0.5 without)",
    "mean_abs_correlation": "mean |Pearson| with the other genes",
}

PAIR_FEATURES = {
    "pearson": "Pearson correlation",
    "spearman": "Spearman rank correlation (average ranks)",
    "partial_correlation": "partial correlation given all other genes (shrunken covariance)",
    "mutual_information": "mutual information of rank bins, nats, / log(bins)",
    "target_explained": "correlation ratio: share of the target's variance between regulator bins",
    "regulator_explained": "the same with regulator and target exchanged",
    "target_shift": "target mean in the regulator's top minus bottom bin, in target sd",
    "regulator_shift": "the same with regulator and target exchanged",
    "target_on_given_on": "share of cells with the target on where the regulator is on",
    "target_on_given_off": "share of cells with the target on where the regulator is off",
    "regulator_on_given_on": "share of cells with the regulator on where the target is on",
    "regulator_on_given_off": "share of cells with the regulator on where the target is off",
    "lag_forward": "correlation of regulator with later target along pseudotime (0 without)",
    "lag_backward": "correlation of target with later regulator along pseudotime (0 without)",
}

WINDOWS = 25
LAGS = (1, 2)
_BLOCK = 256  # genes handled at once where (genes x bins)^2 tables are formed


def _varies(rows: np.ndarray) -> np.ndarray:
    """Whether each row has two different values (its sd may differ from 0 by rounding alone)."""
    return np.ptp(rows, axis=1) > 0


def _standardise(rows: np.ndarray) -> np.ndarray:
    """Centre and scale each row to mean 0 and sd 1; constant rows become 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    sd = rows.std(axis=1, keepdims=True)
    return np.divide(centred, sd, out=np.zeros_like(centred), where=_varies(rows)[:, None])


def _average_ranks(rows: np.ndarray) -> np.ndarray:
    """Rank each row from 0 to cells - 1, ties sharing their average rank."""
    # Not scipy.stats.rankdata: importing it takes longer than all the rest for a small network.
    return pd.DataFrame(rows).rank(axis=1).to_numpy() - 1


def _partial_correlation(z: np.ndarray) -> np.ndarray:
    """Partial correlations from the inverse of a covariance shrunken towards the identity.

    The shrinkage intensity is that of Schaefer and Strimmer (2005), so that the inverse exists
    also with fewer cells than genes.
    """
    genes, cells = z.shape
    correlation = z @ z.T / cells
    squares = (z**2) @ (z**2).T / cells - correlation**2
    off = ~np.eye(genes, dtype=bool)
    total = (correlation[off] ** 2).sum()
    shrinkage = np.clip(squares[off].sum() / (cells - 1) / total, 0, 1) if total > 0 else 1.0
    shrunken = (1 - max(shrinkage, 1e-3)) * correlation
    np.fill_diagonal(shrunken, 1.0)
    precision = np.linalg.inv(shrunken)
    scale = np.sqrt(np.diag(precision))
    return -precision / np.outer(scale, scale)


def _windows(z: np.ndarray, pseudotime: np.ndarray | None) -> list[np.ndarray]:
    """Mean expression in windows of equal cell number along each trajectory: (genes, WINDOWS)."""
    if pseudotime is None:
        return []
    means = []
    for times in pseudotime.T:
        cells = np.flatnonzero(~np.isnan(times))
        if len(cells) < 2 * WINDOWS or np.ptp(times[cells]) == 0:
            continue
        ordered = cells[np.argsort(times[cells], kind="stable")]
        starts = np.linspace(0, len(ordered), WINDOWS, endpoint=False).astype(int)
        sums = np.add.reduceat(z[:, ordered], starts, axis=1)
        means.append(sums / np.diff(np.append(starts, len(ordered))))
    return means


def _lagged(windows: list[np.ndarray], genes: int) -> np.ndarray:
    """`lagged[u, v]`: correlation of u with v one or two windows later, mean over trajectories."""
    lagged = np.zeros((genes, genes))
    for means in windows:
        for lag in LAGS:
            early, late = _standardise(means[:, :-lag]), _standardise(means[:, lag:])
            lagged += early @ late.T / early.shape[1] / (len(windows) * len(LAGS))
    return lagged


def _binned(z: np.ndarray, ranks: np.ndarray, bins: int) -> tuple[np.ndarray, ...]:
    """Mutual information, correlation ratio and top-minus-bottom shift of all ordered pairs.

    Returns three (genes, genes) arrays indexed [u, v]: information between u and v, share of v's
    variance between bins of u, mean of v in u's highest minus lowest occupied bin.
    """
    genes, cells = z.shape
    bin_of = np.minimum((ranks / cells * bins).astype(int), bins - 1)
    one_hot = (bin_of[:, None, :] == np.arange(bins)[None, :, None]).astype(np.float32)
    counts = one_hot.sum(axis=2)
    entropy = -(
        np.where(counts > 0, counts / cells * np.log(np.maximum(counts, 1) / cells), 0)
    ).sum(1)
    values = z.astype(np.float32)
    lowest = np.argmax(counts > 0, axis=1)
    highest = bins - 1 - np.argmax(counts[:, ::-1] > 0, axis=1)
    information = np.empty((genes, genes))
    explained = np.empty((genes, genes))
    shift = np.empty((genes, genes))
    flat = one_hot.reshape(genes * bins, cells)
    for start in range(0, genes, _BLOCK):
        block = slice(start, min(start + _BLOCK, genes))
        rows = one_hot[block].reshape(-1, cells)
        size = len(rows) // bins
        joint = (rows @ flat.T).reshape(size, bins, genes, bins)
        logs = np.log(np.maximum(joint, 1) / cells)
        joint_entropy = -(joint / cells * logs).sum(axis=(1, 3))
        information[block] = entropy[block, None] + entropy[None, :] - joint_entropy
        sums = (rows @ values.T).reshape(size, bins, genes)
        number = counts[block, :, None]
        means = np.divide(sums, number, out=np.zeros_like(sums), where=number > 0)
        explained[block] = (number * means**2).sum(axis=1) / cells
        pick = np.arange(size)
        shift[block] = means[pick, highest[block]] - means[pick, lowest[block]]
    return np.maximum(information, 0) / np.log(bins), np.clip(explained, 0, 1), shift


def _conditional_on(on: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(v on | u on) and P(v on | u off), both indexed [u, v]; 0.5 where undefined."""
    on = on.astype(np.float32)
    both = on @ on.T
    n_on = on.sum(axis=1)[:, None]
    n_off = on.shape[1] - n_on
    given_on = np.divide(both, n_on, out=np.full_like(both, 0.5), where=n_on > 0)
    only_target = n_on.T - both
    given_off = np.divide(only_target, n_off, out=np.full_like(both, 0.5), where=n_off > 0)
    return given_on, given_off


def compute_features(
    expression: np.ndarray, pseudotime: np.ndarray | None, bins: int
) -> tuple[np.ndarray, np.ndarray]:
    """Compute node and pair features of one expression matrix.

    Args:
        expression: (genes, cells), finite, >= 0.
        pseudotime: (cells, trajectories), NaN where a cell is not on a trajectory; or None.
        bins: number of rank bins for mutual information and correlation ratio.

    Returns:
        Node features (genes, len(NODE_FEATURES)) and pair features (genes, genes,
        len(PAIR_FEATURES)), both float32; `pair[u, v]` describes regulator u and target v. The
        diagonal of the pair features is 0.

    Raises:
        InputError: fewer than 3 cells, or fewer than 2 genes.
    """
    genes, cells = expression.shape
    if genes < 2 or cells < 3:
        raise InputError(f"graph features need >= 2 genes and >= 3 cells, got {genes} x {cells}")
    z = _standardise(expression)
    ranks = _average_ranks(expression)
    correlation = z @ z.T / cells
    rank_z = _standardise(ranks)
    information, explained, shift = _binned(z, ranks, bins)
    top = np.quantile(expression, 0.95, axis=1)
    scale = np.where(top > 0, top, np.maximum(expression.max(axis=1), 1e-12))[:, None]
    on = expression > scale / 2
    given_on, given_off = _conditional_on(on)
    windows = _windows(z, pseudotime)
    lagged = _lagged(windows, genes)

    pair = np.stack(
        [
            correlation,
            rank_z @ rank_z.T / cells,
            _partial_correlation(z),
            information,
            explained,
            explained.T,
            shift,
            shift.T,
            given_on,
            given_off,
            given_on.T,
            given_off.T,
            lagged,
            lagged.T,
        ],
        axis=2,
    ).astype(np.float32)
    pair[np.arange(genes), np.arange(genes)] = 0

    skewness = (z**3).mean(axis=1)
    kurtosis = np.maximum((z**4).mean(axis=1), 1e-12)
    off_diagonal = np.abs(correlation).sum(axis=1) - np.abs(np.diag(correlation))
    if windows:
        axis = np.linspace(-1, 1, WINDOWS)[None, :]
        slopes = [(_standardise(w) @ _standardise(axis).T)[:, 0] / WINDOWS for w in windows]
        slope = np.mean(slopes, axis=0)
        peak = np.mean([w.argmax(axis=1) / (WINDOWS - 1) for w in windows], axis=0)
    else:
        slope, peak = np.zeros(genes), np.full(genes, 0.5)
    node = np.stack(
        [
            np.log1p(expression.mean(axis=1)),
            np.log1p(expression.std(axis=1)),
            (expression == 0).mean(axis=1),
            on.mean(axis=1),
            *(np.quantile(expression, q, axis=1) / scale[:, 0] for q in (0.25, 0.5, 0.75)),
            np.clip(skewness, -5, 5),
            np.where(_varies(expression), (skewness**2 + 1) / kurtosis, 0),
            slope,
            peak,
            off_diagonal / (genes - 1),
        ],
        axis=1,
    ).astype(np.float32)
    return node, pair


def expression_neighbours(pair: np.ndarray, neighbours: int) -> np.ndarray:
    """Return message edges derived from expression: each gene's most correlated other genes.

    Args:
        pair: pair features as returned by `compute_features`.
        neighbours: edges per target gene; 0 for none.

    Returns:
        (2, edges) int64: row 0 the sending gene, row 1 the receiving gene; no self-loops.
    """
    genes = len(pair)
    k = min(neighbours, genes - 1)
    strength = np.abs(pair[:, :, list(PAIR_FEATURES).index("spearman")]).astype(np.float64)
    np.fill_diagonal(strength, -1)
    source = np.argsort(-strength, axis=0, kind="stable")[:k]
    target = np.broadcast_to(np.arange(genes), source.shape)
    return np.stack([source.T.ravel(), target.T.ravel()]).astype(np.int64)
