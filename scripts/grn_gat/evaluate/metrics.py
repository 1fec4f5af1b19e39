"""Every score of the project: ranking, calling, curves, stability and motifs.

Nearly all functions take the same two things: `labels` (n,), true where the pair is an edge of the
reference, and `scores` (n,), one finite number per pair, larger meaning "rather an edge". Both run
over *all* candidate pairs of a network; a pair that a method did not list has score 0. Nothing here
knows about genes, duplicated rows or self-loops: who builds the two arrays decides on those.

A metric that is not defined on the given pairs is NaN, never 0 and never an exception:

- without a positive pair: average precision, all BEELINE metrics, recall and F1;
- with one class only: AUROC;
- without an edge of the sign: signed early precision;
- with fewer than two runs: stability;
- where the reference network has no such motif: its ratio;
- without any pair: everything.

Malformed input (NaN or infinite scores, arrays of different length, labels that are not boolean)
raises `InputError`.

BEELINE is Pratapa et al., Nature Methods 17 (2020) 147; its metrics are those of version 1.1.0.
"""

import math
import operator

import numpy as np
from numpy.typing import ArrayLike

from grn_gat.core.errors import InputError

RANKING_METRICS = (
    "average_precision",
    "average_precision_ratio",
    "auroc",
    "auprc_beeline",
    "auprc_ratio",
    "early_precision",
    "early_precision_ratio",
)
CALL_METRICS = ("accuracy", "precision", "recall", "f1")
MOTIFS = ("feedback_loops", "feed_forward_loops", "mutual_pairs")

_SNAP = 1e-9  # in pairs: a grid point this close to a whole number of pairs means that number


def limits(metric: str) -> tuple[float, float]:
    """Return the smallest and the largest value that a metric of this name can have."""
    if metric == "relabelling_z":
        return -math.inf, math.inf
    unbounded = metric in MOTIFS or "_ratio" in metric
    return 0.0, math.inf if unbounded else 1.0


def _boolean(values: ArrayLike, name: str, dimensions: int = 1) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != dimensions:
        wanted = ("one", "two")[dimensions - 1]
        raise InputError(f"{name} has shape {array.shape}, but should be {wanted}-dimensional.")
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


def tie_blocks(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (order, thresholds, calls): pairs by descending score, those that tie as one block.

    Thresholds and calls have one entry per distinct score: `scores >= thresholds[b]` calls
    `calls[b]` pairs, the first of `order`. Within a block the order is any.

    Parameters: `scores` (n,) float, finite.
    """
    order = np.argsort(-scores)
    return (order, *ranked_blocks(scores[order]))


def ranked_blocks(ranked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the (thresholds, calls) of `tie_blocks` for scores in descending order."""
    ends = np.ones(len(ranked), dtype=bool)
    np.not_equal(ranked[1:], ranked[:-1], out=ends[:-1])
    last = np.flatnonzero(ends)
    return ranked[last], last + 1


def _tie_blocks(truth: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return (thresholds, true positives, calls), one entry per distinct score, descending.

    Entry b describes the call `score >= thresholds[b]`. Pairs with equal scores enter together.
    """
    order, thresholds, called = tie_blocks(scores)
    return thresholds, np.cumsum(truth[order])[called - 1], called


def prevalence(labels: ArrayLike) -> float:
    """Return the fraction of positive pairs, i.e. the average precision of a constant score.

    Parameters: `labels` (n,) bool. NaN for n = 0.
    Raises `InputError` if `labels` is not a one-dimensional boolean array.
    """
    truth = _boolean(labels, "labels")
    return float(truth.mean()) if truth.size else float("nan")


def _steps(counts: np.ndarray) -> np.ndarray:
    """Return the increase of cumulative counts in every tie block, the first from 0."""
    steps = counts.copy()
    steps[1:] -= counts[:-1]
    return steps


def _average_precision(hits: np.ndarray, called: np.ndarray) -> float:
    return float((_steps(hits) * (hits / called)).sum() / hits[-1])


def _auroc(hits: np.ndarray, called: np.ndarray) -> float:
    edges, others = int(hits[-1]), int(called[-1] - hits[-1])
    if edges == 0 or others == 0:
        return float("nan")
    gains = _steps(hits)
    twice = ((_steps(called) - gains) * (2 * hits - gains)).sum()  # a tied pair of pairs counts 1
    return int(twice) / (2 * edges * others)


def _beeline_auprc(hits: np.ndarray, called: np.ndarray) -> float:
    precisions = hits / called
    before = np.ones_like(precisions)
    before[1:] = precisions[:-1]
    return float((_steps(hits) * (precisions + before)).sum() / (2 * hits[-1]))


def _ratio(value: float, labels: ArrayLike) -> float:
    """Return a metric over the prevalence, NaN where the metric is NaN."""
    return value if math.isnan(value) else value / prevalence(labels)


def average_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the average precision, the project's primary metric.

    The step-wise area sum((R_b - R_(b-1)) * P_b) over the distinct scores in descending order, as
    scikit-learn's `average_precision_score`. Ties are honest: a constant score gives the
    prevalence.

    Parameters: `labels` (n,) bool, `scores` (n,) float. NaN without a positive pair.
    Raises `InputError` on malformed arrays.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    if not truth.any():
        return float("nan")
    return _average_precision(*_tie_blocks(truth, numbers)[1:])


def average_precision_ratio(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return average precision over prevalence: 1 for a constant score, 1 / prevalence at best.

    Parameters, NaN and errors as for `average_precision`.
    """
    return _ratio(average_precision(labels, scores), labels)


def auroc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the area under the ROC curve; ties count one half.

    The share of (edge, other) pairs of pairs with the edge on top, as scikit-learn's
    `roc_auc_score`.

    Parameters: `labels` (n,) bool, `scores` (n,) float. NaN if only one class is present.
    Raises `InputError` on malformed arrays.
    """
    truth, numbers = _labels_and_scores(labels, scores)
    if not truth.any():
        return float("nan")
    return _auroc(*_tie_blocks(truth, numbers)[1:])


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
    return _beeline_auprc(*_tie_blocks(truth, numbers)[1:])


def auprc_ratio(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return `beeline_auprc` over prevalence: 1 / prevalence at best, but above 1 for a constant.

    Here the prevalence is that of `labels`, i.e. of distinct pairs of different genes. BEELINE's
    plotting code, the only place where it computes this ratio, counts duplicated rows of the
    reference network and leaves out genes that occur in self-loops only. For its GSD network (83
    rows, 76 distinct pairs) its ratios are therefore 8 % smaller.

    Parameters, NaN and errors as for `beeline_auprc`.
    """
    return _ratio(beeline_auprc(labels, scores), labels)


def _selected(k: int, magnitudes: np.ndarray) -> np.ndarray:
    n = magnitudes.size
    if k == 0 or n == 0:
        return np.zeros(n, dtype=bool)
    rank = n - min(n, k)
    threshold = np.partition(magnitudes, rank)[rank]
    if threshold == 0 and magnitudes.any():
        return magnitudes > 0
    return magnitudes >= threshold


def selected_edges(k: int, scores: ArrayLike) -> np.ndarray:
    """Return which pairs BEELINE's early precision takes for the top k.

    All pairs at or above max(score at rank min(n, k), smallest non-zero score). So the selection
    exceeds k when pairs tie at rank k, and falls short of it when fewer than k scores are non-zero;
    if all scores are zero every pair is selected.

    Parameters: `k` number of edges to select, >= 0 (0 selects nothing); `scores` (n,) float,
    non-negative (absolute weights).
    Returns (n,) bool.
    Raises `InputError` on a malformed array, negative scores and a `k` that is no number of edges.
    """
    try:
        number = operator.index(k)
    except TypeError as error:
        raise InputError(f"k is {k!r}, but should be a whole number of edges.") from error
    if number < 0:
        raise InputError(f"k is {number}, but should not be negative.")
    numbers = np.asarray(scores, dtype=np.float64)
    if numbers.ndim != 1:
        raise InputError(f"scores has shape {numbers.shape}, but should be one-dimensional.")
    return _selected(number, _magnitudes(np.zeros(numbers.shape, dtype=bool), numbers)[1])


def early_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the precision among the top k pairs, k the number of positive pairs.

    BEELINE's rule for ties, see `selected_edges`: the number of selected pairs may differ from k.

    Parameters: `labels` (n,) bool, `scores` (n,) float, non-negative (absolute weights). NaN
    without a positive pair.
    Raises `InputError` on malformed arrays and negative scores.
    """
    truth, numbers = _magnitudes(labels, scores)
    if not truth.any():
        return float("nan")
    return float(truth[_selected(int(truth.sum()), numbers)].mean())


def early_precision_ratio(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return early precision over prevalence: 1 for a constant score, 1 / prevalence at best.

    Parameters, NaN and errors as for `early_precision`.
    """
    return _ratio(early_precision(labels, scores), labels)


def ranking_metrics(labels: ArrayLike, scores: ArrayLike) -> dict[str, float]:
    """Return all threshold-free metrics by name, in the order of `RANKING_METRICS`.

    Each is the function of that name (`auprc_beeline`: `beeline_auprc`); the pairs are sorted once.

    Parameters: `labels` (n,) bool, `scores` (n,) float, non-negative.
    Raises `InputError` on malformed arrays and negative scores.
    """
    truth, numbers = _magnitudes(labels, scores)
    order = np.argsort(-numbers)
    return ranked_metrics(truth[order], numbers[order])


def ranked_metrics(truth: np.ndarray, ranked: np.ndarray) -> dict[str, float]:
    """Return `ranking_metrics` of pairs that are sorted already.

    Parameters: `truth` (n,) bool, `ranked` (n,) float, non-negative and descending; neither is
    checked.
    """
    if not truth.any():
        return dict.fromkeys(RANKING_METRICS, float("nan"))
    share = prevalence(truth)
    thresholds, called = ranked_blocks(ranked)
    hits = np.cumsum(truth)[called - 1]
    area = _average_precision(hits, called)
    trapezoid_area = _beeline_auprc(hits, called)
    top = int(np.searchsorted(called, hits[-1]))  # the block of rank k
    if thresholds[top] == 0 and top > 0:  # as `_selected`: no pair of score 0 where others are not
        top -= 1
    early = float(hits[top] / called[top])
    return {
        "average_precision": area,
        "average_precision_ratio": area / share,
        "auroc": _auroc(hits, called),
        "auprc_beeline": trapezoid_area,
        "auprc_ratio": trapezoid_area / share,
        "early_precision": early,
        "early_precision_ratio": early / share,
    }


def _candidates_of_sign(
    labels: ArrayLike, signs: ArrayLike, scores: ArrayLike, sign: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and magnitudes without the edges of another or unknown sign."""
    truth, numbers = _labels_and_scores(labels, scores)
    kinds = np.asarray(signs)
    if sign not in (1, -1):
        raise InputError(f"sign is {sign!r}, but should be +1 or -1.")
    if kinds.shape != truth.shape:
        raise InputError(
            f"signs has shape {kinds.shape} and labels {truth.shape}, but there should be one "
            "sign per label."
        )
    if not np.isin(kinds, (-1, 0, 1)).all():
        raise InputError("signs holds values other than +1, -1 and 0.")
    if (kinds[~truth] != 0).any():
        raise InputError(
            f"signs holds a sign for {int((kinds[~truth] != 0).sum())} pairs that labels calls no "
            "edge; they should have sign 0."
        )
    candidates = ~truth | (kinds == sign)
    return truth[candidates], np.abs(numbers[candidates])


def signed_early_precision_ratio(
    labels: ArrayLike, signs: ArrayLike, scores: ArrayLike, sign: int
) -> float:
    """Return the early precision ratio for the edges of one sign.

    Pairs that are edges of the other or of unknown sign are left out, before the ranking and
    *before the baseline*: with k_q edges of the sign and k_o edges left out, early precision is
    divided by k_q / (n - k_o). So a constant score gives 1 and a random one 1 on average. BEELINE
    1.1 divides by k_q / n, see `beeline_signed_early_precision_ratio`.

    Only |score| counts. The sign that a method predicts is not used: a method that predicts every
    sign wrongly has the same value.

    Parameters: `labels` (n,) bool; `signs` (n,) int, +1 or -1 for an edge, 0 for an edge of unknown
    sign and for every other pair; `scores` (n,) float; `sign` +1 or -1. NaN without an edge of the
    sign.
    Raises `InputError` on malformed arrays and a sign on a pair that is no edge.
    """
    return early_precision_ratio(*_candidates_of_sign(labels, signs, scores, sign))


def beeline_signed_early_precision_ratio(
    labels: ArrayLike, signs: ArrayLike, scores: ArrayLike, sign: int
) -> float:
    """Return the signed early precision ratio of BEELINE 1.1; for comparison only.

    As `signed_early_precision_ratio`, but divided by k_q / n, although the edges of the other sign
    cannot be chosen: a constant or random score has n / (n - k_o) > 1 (1.82 for the activations of
    mCAD). BEELINE itself differs where a method lists a pair twice (both rows count), lists genes
    outside of the reference network (they count as wrong) or lists zeros only (unlisted pairs are
    not selected), and where an edge has no sign (it counts as wrong) or both (it counts for k_q).

    Parameters, NaN and errors as for `signed_early_precision_ratio`.
    """
    truth, magnitudes = _candidates_of_sign(labels, signs, scores, sign)
    early = early_precision(truth, magnitudes)
    return early if math.isnan(early) else early * np.size(labels) / int(truth.sum())


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
    hits, false_hits = float(np.asarray(called).mean()), float(np.asarray(negated_called).mean())
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
    needed = np.ceil(grid * hits[-1] - _SNAP)
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


def _median_and_deviation(values: np.ndarray) -> tuple[float, float]:
    """Return the median and the mean absolute deviation around the mean, without NaN entries."""
    known = values[~np.isnan(values)]
    if known.size == 0:
        return float("nan"), float("nan")
    return float(np.median(known)), float(np.abs(known - known.mean()).mean())


def jaccard_stability(selections: ArrayLike) -> tuple[float, float]:
    """Return how much the selected edges of different runs overlap, as BEELINE 1.1.

    The Jaccard index |A & B| / |A | B| of every pair of runs; a pair without any selected edge is
    left out. Says nothing about correctness: a constant selection has 1.

    Parameters: `selections` (runs, n) bool, e.g. `selected_edges` of each run (BEELINE takes the
    number of rows of the reference network without self-loops for k, duplicates included).
    Returns median and mean absolute deviation around the mean, over pairs of runs; NaN with fewer
    than two runs.
    Raises `InputError` on a malformed array.
    """
    chosen = _boolean(selections, "selections", dimensions=2).astype(np.float64)
    both = chosen @ chosen.T
    sizes = np.diagonal(both)
    first, second = np.triu_indices(len(chosen), k=1)
    common = both[first, second]
    either = sizes[first] + sizes[second] - common
    return _median_and_deviation(common[either > 0] / either[either > 0])


def spearman_stability(weights: ArrayLike) -> tuple[float, float]:
    """Return how much the rankings of different runs agree, as BEELINE 1.1.

    Spearman's rank correlation of every pair of runs, ties at their average rank. Runs with a
    constant weight are left out. Where most pairs are not listed their common 0 dominates.

    Parameters: `weights` (runs, n) float, *signed* where a method predicts signs, 0 for pairs it
    does not list.
    Returns median and mean absolute deviation around the mean, over pairs of runs; NaN with fewer
    than two usable runs.
    Raises `InputError` on a malformed array and on NaN or infinite weights.
    """
    numbers = np.asarray(weights, dtype=np.float64)
    if numbers.ndim != 2:
        raise InputError(f"weights has shape {numbers.shape}, but should be two-dimensional.")
    if not np.isfinite(numbers).all():
        raise InputError(
            f"weights holds {int((~np.isfinite(numbers)).sum())} NaN or infinite values, but every "
            "pair needs a finite weight (0 for pairs a method does not list)."
        )
    usable = numbers[(numbers != numbers[:, :1]).any(axis=1)]
    if len(usable) < 2:
        return float("nan"), float("nan")
    from scipy.stats import rankdata

    correlations = np.corrcoef(rankdata(usable, axis=1))
    return _median_and_deviation(correlations[np.triu_indices(len(usable), k=1)])


def motif_counts(adjacency: ArrayLike) -> dict[str, int]:
    """Return how often the three motifs of BEELINE occur in a directed network.

    `feedback_loops`: directed cycles a -> b -> c -> a of three genes, each counted once;
    `feed_forward_loops`: a -> b -> c with a -> c; `mutual_pairs`: a -> b with b -> a. Motifs need
    not be induced: among three genes with all six edges are 2 feedback and 6 feed-forward loops.

    Parameters: `adjacency` (genes, genes) bool, true where the gene of the row regulates the gene
    of the column.
    Raises `InputError` on a malformed or non-square matrix and on self-loops.
    """
    edges = _boolean(adjacency, "adjacency", dimensions=2)
    if edges.shape[0] != edges.shape[1]:
        raise InputError(f"adjacency has shape {edges.shape}, but should be square.")
    if np.diagonal(edges).any():
        raise InputError(
            f"adjacency holds {int(np.diagonal(edges).sum())} self-loops; remove them first."
        )
    links = edges.astype(np.float64)  # exact, the counts stay far below 2 ** 53
    paths = links @ links
    return {
        "feedback_loops": round((paths * links.T).sum() / 3),
        "feed_forward_loops": round((paths * links).sum()),
        "mutual_pairs": int((edges & edges.T).sum()) // 2,
    }


def motif_ratios(predicted: ArrayLike, reference: ArrayLike) -> dict[str, float]:
    """Return the counts of `motif_counts` relative to the reference network; NaN where it has none.

    Parameters: `predicted` (genes, genes) bool, the top k edges of a method, k the number of edges
    of the reference network (BEELINE: the first k rows, without its rule for ties); `reference`
    (genes, genes) bool, over the same genes.
    Raises `InputError` on matrices that `motif_counts` refuses and on different shapes.
    """
    found, wanted = motif_counts(predicted), motif_counts(reference)
    if np.shape(predicted) != np.shape(reference):
        raise InputError(
            f"predicted has shape {np.shape(predicted)} and reference {np.shape(reference)}, but "
            "both should have one row and one column per gene."
        )
    return {name: found[name] / n if n else float("nan") for name, n in wanted.items()}


def calibration_bins(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> np.ndarray:
    """Return the reliability of probabilities in bins of equal width.

    Parameters: `labels` (n,) bool, `probabilities` (n,) float in [0, 1].
    Returns (bins, 3): number of pairs, mean probability, share of positive pairs; the means of an
    empty bin are NaN.
    Raises `InputError` on malformed arrays and values outside [0, 1].
    """
    truth, values = _labels_and_scores(labels, probabilities)
    if ((values < 0) | (values > 1)).any():
        raise InputError("probabilities holds values outside 0 to 1.")
    place = np.minimum((values * bins).astype(int), bins - 1)
    number = np.bincount(place, minlength=bins)
    sums = [np.bincount(place, weights=v, minlength=bins) for v in (values, truth)]
    with np.errstate(invalid="ignore"):
        return np.stack([number, *(s / number for s in sums)], axis=1)


def expected_calibration_error(bins: ArrayLike) -> float:
    """Return the mean |mean probability - share of positive pairs| over pairs (Naeini et al. 2015).

    Parameters: `bins` (bins, 3) as `calibration_bins` returns. NaN without a pair.
    """
    table = np.asarray(bins, dtype=np.float64)
    table = table[table[:, 0] > 0]
    number = table[:, 0].sum()
    return (
        float((np.abs(table[:, 1] - table[:, 2]) * table[:, 0]).sum() / number)
        if number
        else float("nan")
    )
