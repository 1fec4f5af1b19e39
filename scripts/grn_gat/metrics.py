"""Every score of the project: ranking, calling, curves and their intervals.

All functions take the same two things: `labels` (n,), true where the pair is an edge of the
reference, and `scores` (n,), one finite number per pair, larger meaning "rather an edge". Both run
over *all* candidate pairs of a network; a pair that a method did not list has score 0. Nothing here
knows about genes, duplicated rows or self-loops: who builds the two arrays decides on those.

A metric that is not defined on the given pairs is NaN, never 0 and never an exception:

- without a positive pair: average precision, both BEELINE metrics, recall and F1;
- with one class only: AUROC;
- without any pair: everything.

Malformed input (NaN or infinite scores, arrays of different length, labels that are not boolean)
raises `InputError`.

BEELINE is Pratapa et al., Nature Methods 17 (2020) 147; its metrics are those of version 1.1.0.
"""

import numpy as np
from numpy.typing import ArrayLike

from grn_gat.errors import InputError

RANKING_METRICS = (
    "average_precision",
    "auroc",
    "auprc_beeline",
    "early_precision",
    "early_precision_ratio",
)
CALL_METRICS = ("accuracy", "precision", "recall", "f1")

_SNAP = 1e-9  # in pairs: a grid point this close to a whole number of pairs means that number


def _boolean(values: ArrayLike, name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != 1:
        raise InputError(f"{name} has shape {array.shape}, but should be one-dimensional.")
    if array.dtype != bool:
        if not np.isin(array, (0, 1)).all():
            raise InputError(f"{name} holds values other than true and false (or 1 and 0).")
        array = array.astype(bool)
    return array


def _labels_and_scores(labels: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    truth = _boolean(labels, "labels")
    numbers = np.asarray(scores, dtype=np.float64)
    if numbers.shape != truth.shape:
        raise InputError(
            f"scores has shape {numbers.shape} and labels {truth.shape}, but there should be "
            "one score per label."
        )
    if not np.isfinite(numbers).all():
        raise InputError(
            f"scores holds {int((~np.isfinite(numbers)).sum())} NaN or infinite values, but "
            "every pair needs a finite score (0 for pairs a method does not list)."
        )
    return truth, numbers


def _magnitudes(labels: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    truth, numbers = _labels_and_scores(labels, scores)
    if (numbers < 0).any():
        raise InputError(
            "scores holds negative values, but BEELINE's metrics are defined on absolute weights: "
            "take absolute values of signed weights, or map log-odds to probabilities."
        )
    return truth, numbers


def _tie_blocks(truth: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return (thresholds, true positives, calls), one entry per distinct score, descending.

    Entry b describes the call `score >= thresholds[b]`. Pairs with equal scores enter together.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)[: len(ranked)])
    return ranked[last], np.cumsum(truth[order])[last], last + 1


def prevalence(labels: ArrayLike) -> float:
    """Return the fraction of positive pairs, i.e. the average precision of a constant score.

    Parameters: `labels` (n,) bool. NaN for n = 0.
    Raises `InputError` if `labels` is not a one-dimensional boolean array.
    """
    truth = _boolean(labels, "labels")
    return float(truth.mean()) if truth.size else float("nan")


def average_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the average precision, the project's primary metric.

    The step-wise area sum((R_b - R_(b-1)) * P_b) over the distinct scores in descending order, as
    scikit-learn's `average_precision_score`. Ties are honest: a constant score gives exactly the
    prevalence.

    Parameters: `labels` (n,) bool, `scores` (n,) float. NaN without a positive pair.
    Raises `InputError` on malformed arrays.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    if not truth.any():
        return float("nan")
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(truth, numbers))


def auroc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the area under the ROC curve; ties count one half.

    Parameters: `labels` (n,) bool, `scores` (n,) float. NaN if only one class is present.
    Raises `InputError` on malformed arrays. Source: scikit-learn's `roc_auc_score`.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    if truth.all() or not truth.any():
        return float("nan")
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, numbers))


def beeline_auprc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the AUPRC as BEELINE 1.1 computes it; for comparison with published values only.

    The trapezoid area under scikit-learn's precision-recall curve, including its artificial end
    point (recall 0, precision 1). Linear interpolation across ties is optimistic: a constant score
    gives (1 + prevalence) / 2, which beats most methods on small networks.

    Parameters: `labels` (n,) bool, `scores` (n,) float, non-negative (absolute weights). NaN
    without a positive pair.
    Raises `InputError` on malformed arrays and negative scores.
    """
    truth, numbers = _magnitudes(labels, scores)
    if not truth.any():
        return float("nan")
    from sklearn.metrics import auc, precision_recall_curve

    precisions, recalls, _ = precision_recall_curve(truth, numbers)
    return float(auc(recalls, precisions))


def early_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the precision among the top k pairs, k the number of positive pairs.

    BEELINE's rule for ties: all pairs at or above max(score at rank min(n, k), smallest non-zero
    score) are selected. So the selection exceeds k when pairs tie at rank k, and falls short of it
    when fewer than k scores are non-zero; if all scores are zero every pair is selected.

    Parameters: `labels` (n,) bool, `scores` (n,) float, non-negative (absolute weights). NaN
    without a positive pair.
    Raises `InputError` on malformed arrays and negative scores.
    """
    truth, numbers = _magnitudes(labels, scores)
    k = int(truth.sum())
    if k == 0:
        return float("nan")
    at_rank_k = np.partition(numbers, numbers.size - k)[numbers.size - k]
    smallest = numbers[numbers > 0].min(initial=np.inf)
    threshold = at_rank_k if np.isinf(smallest) else max(at_rank_k, smallest)
    return float(truth[numbers >= threshold].mean())


def early_precision_ratio(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return early precision over prevalence: 1 for a constant score, 1 / prevalence at best.

    Parameters, NaN and errors as for `early_precision`.
    """
    precision_at_k = early_precision(labels, scores)
    return precision_at_k if np.isnan(precision_at_k) else precision_at_k / prevalence(labels)


def ranking_metrics(labels: ArrayLike, scores: ArrayLike) -> dict[str, float]:
    """Return all threshold-free metrics by name, in the order of `RANKING_METRICS`.

    Parameters: `labels` (n,) bool, `scores` (n,) float, non-negative.
    Raises `InputError` on malformed arrays and negative scores.
    """
    return {
        "average_precision": average_precision(labels, scores),
        "auroc": auroc(labels, scores),
        "auprc_beeline": beeline_auprc(labels, scores),
        "early_precision": early_precision(labels, scores),
        "early_precision_ratio": early_precision_ratio(labels, scores),
    }


def _confusion(labels: ArrayLike, calls: ArrayLike) -> tuple[int, int, int, int]:
    """Return the numbers of true positives, false positives, false and true negatives."""
    truth, called = _boolean(labels, "labels"), _boolean(calls, "calls")
    if truth.shape != called.shape:
        raise InputError(
            f"calls has {called.size} values and labels {truth.size}, but there should be one "
            "call per label."
        )
    hits, n_called, n_true = int((truth & called).sum()), int(called.sum()), int(truth.sum())
    return hits, n_called - hits, n_true - hits, truth.size - n_called - n_true + hits


def accuracy(labels: ArrayLike, calls: ArrayLike) -> float:
    """Return the fraction of pairs called rightly; to be read beside max(pi, 1 - pi).

    Parameters: `labels` (n,) bool, `calls` (n,) bool. NaN for n = 0.
    Raises `InputError` on malformed arrays.
    """
    hits, false_hits, missed, rejected = _confusion(labels, calls)
    n = hits + false_hits + missed + rejected
    return (hits + rejected) / n if n else float("nan")


def precision(labels: ArrayLike, calls: ArrayLike) -> float:
    """Return the fraction of called pairs that are edges; 0 when nothing is called.

    Parameters: `labels` (n,) bool, `calls` (n,) bool. NaN for n = 0.
    Raises `InputError` on malformed arrays.
    """
    hits, false_hits, missed, rejected = _confusion(labels, calls)
    if hits + false_hits + missed + rejected == 0:
        return float("nan")
    return hits / (hits + false_hits) if hits + false_hits else 0.0


def recall(labels: ArrayLike, calls: ArrayLike) -> float:
    """Return the fraction of edges that are called.

    Parameters: `labels` (n,) bool, `calls` (n,) bool. NaN without a positive pair.
    Raises `InputError` on malformed arrays.
    """
    hits, _, missed, _ = _confusion(labels, calls)
    return hits / (hits + missed) if hits + missed else float("nan")


def f1(labels: ArrayLike, calls: ArrayLike) -> float:
    """Return the harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).

    Parameters: `labels` (n,) bool, `calls` (n,) bool. 0 when nothing is called, NaN without a
    positive pair.
    Raises `InputError` on malformed arrays.
    """
    hits, false_hits, missed, _ = _confusion(labels, calls)
    if hits + missed == 0:
        return float("nan")
    return 2 * hits / (2 * hits + false_hits + missed)


def call_metrics(labels: ArrayLike, calls: ArrayLike) -> dict[str, float]:
    """Return the metrics of yes/no calls by name, in the order of `CALL_METRICS`.

    Parameters: `labels` (n,) bool, `calls` (n,) bool.
    Raises `InputError` on malformed arrays.
    """
    return {
        "accuracy": accuracy(labels, calls),
        "precision": precision(labels, calls),
        "recall": recall(labels, calls),
        "f1": f1(labels, calls),
    }


def best_f1_threshold(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the threshold t for which calling `score >= t` has the largest F1 on these pairs.

    To be chosen on validation pairs and applied to others: t lies midway between the lowest called
    and the highest uncalled score, and is the lowest score itself where calling all pairs is best.
    Among thresholds with the same F1 the largest is taken. Without a positive pair t is +inf, i.e.
    nothing is called. Compare in double precision: a midpoint may not exist in single precision.

    Parameters: `labels` (n,) bool, `scores` (n,) float.
    Raises `InputError` on malformed arrays.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    if not truth.any():
        return float("inf")
    thresholds, hits, called = _tie_blocks(truth, numbers)
    best = int(np.argmax(2 * hits / (called + truth.sum())))  # the first, i.e. largest threshold
    if best + 1 == len(thresholds):
        return float(thresholds[best])
    above, below = thresholds[best], thresholds[best + 1]
    middle = above / 2 + below / 2
    return float(middle if below < middle <= above else above)


# arXiv 2409.13664's notebook calls a node at sigmoid(o) >= 0.99. A constant logit of 4.6 (sigmoid
# 0.99005) passes: a "model" that knows nothing scores 100 %.
LABEL_FREE_CALL = 0.99
CONSTANT_LOGIT = 4.6


def label_free_metrics(called: ArrayLike, negated_called: ArrayLike) -> dict[str, float]:
    """Return accuracy, precision, recall and F1 as the notebook of arXiv 2409.13664 counts them.

    It labels every sigmoid(o) as true and every sigmoid(-o) as false and calls both at 0.99, so no
    false positive is possible and the labels of the pairs do not matter.

    Parameters: `called` (n,) share of each test graph's nodes with sigmoid(o) >= 0.99, counted as
    true positives; `negated_called` (n,) share with sigmoid(-o) >= 0.99, the false positives.
    """
    hits, false_hits = float(np.mean(called)), float(np.mean(negated_called))
    total = hits + false_hits
    return {
        "label_free_accuracy": (hits + 1 - false_hits) / 2,
        "label_free_precision": hits / total if total else 0.0,
        "label_free_recall": hits,
        "label_free_f1": 2 * hits / (total + 1),
    }


def _grid(values: ArrayLike, name: str) -> np.ndarray:
    grid = np.asarray(values, dtype=np.float64)
    if grid.ndim != 1 or not ((grid >= 0) & (grid <= 1)).all():
        raise InputError(f"{name} should be a one-dimensional array of values from 0 to 1.")
    return grid


def pr_curve(labels: ArrayLike, scores: ArrayLike, recalls: ArrayLike) -> np.ndarray:
    """Return the precision at each recall of a fixed grid, for averaging over networks.

    Step-wise, not interpolated: the precision of the shortest list whose recall is at least the
    one asked for, where pairs with equal scores enter the list together. The area under this step
    function is exactly `average_precision`. At recall 0 it is the precision of the top score.

    Parameters: `labels` (n,) bool, `scores` (n,) float, `recalls` (m,) float in [0, 1].
    Returns (m,) float, all NaN without a positive pair.
    Raises `InputError` on malformed arrays.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    grid = _grid(recalls, "recalls")
    if not truth.any():
        return np.full(grid.shape, np.nan)
    _, hits, called = _tie_blocks(truth, numbers)
    needed = np.ceil(grid * truth.sum() - _SNAP)
    first = np.searchsorted(hits, needed, side="left")
    return hits[first] / called[first]


def roc_curve(labels: ArrayLike, scores: ArrayLike, fprs: ArrayLike) -> np.ndarray:
    """Return the true positive rate at each false positive rate of a fixed grid.

    Linear between neighbouring distinct scores (what breaking ties at random gives on average),
    the upper end where the curve is vertical. The area under the exact curve is `auroc`.

    Parameters: `labels` (n,) bool, `scores` (n,) float, `fprs` (m,) float in [0, 1].
    Returns (m,) float, all NaN if only one class is present.
    Raises `InputError` on malformed arrays.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    grid = _grid(fprs, "fprs")
    if truth.all() or not truth.any():
        return np.full(grid.shape, np.nan)
    _, hits, called = _tie_blocks(truth, numbers)
    hits = np.concatenate([[0], hits])
    false_hits = np.concatenate([[0], called]) - hits
    at = grid * false_hits[-1]
    at = np.where(np.abs(at - np.rint(at)) < _SNAP, np.rint(at), at)
    left = np.searchsorted(false_hits, at, side="right") - 1
    right = np.minimum(left + 1, len(hits) - 1)
    width = np.maximum(false_hits[right] - false_hits[left], 1)
    rise = (hits[right] - hits[left]) * (at - false_hits[left]) / width
    return (hits[left] + rise) / hits[-1]


def two_way_bootstrap(
    values: np.ndarray, rng: np.random.Generator, level: float = 0.95, n_resamples: int = 2000
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean over two crossed factors.

    Rows (training seeds) and columns (replicates) are resampled independently, because all values
    of a seed share a split and all values of a replicate share a data set: resampling the single
    values would take them for independent and give intervals that are too short. With few rows or
    columns a plain percentile interval is still too short: the percentiles are moved outwards as
    for a t interval with the smaller of the two numbers (Hesterberg 2015, expanded percentile).
    NaN entries are left out. (nan, nan) if there is one value only.

    Parameters: `values` (seeds, replicates) float.
    """
    rows, columns = values.shape
    known = ~np.isnan(values)
    if known.sum() < 2:
        return float("nan"), float("nan")
    from scipy.stats import norm, t

    filled = np.where(known, values, 0)
    row = rng.multinomial(rows, np.full(rows, 1 / rows), size=n_resamples)
    column = rng.multinomial(columns, np.full(columns, 1 / columns), size=n_resamples)
    total = np.einsum("bs,sr,br->b", row, filled, column, optimize=True)
    number = np.einsum("bs,sr,br->b", row, known.astype(float), column, optimize=True)
    means = total[number > 0] / number[number > 0]
    n = min(k for k in (rows, columns) if k > 1)
    tail = norm.cdf(np.sqrt(n / (n - 1)) * t.ppf((1 - level) / 2, n - 1))
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)
