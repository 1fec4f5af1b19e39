"""Metrics against values worked by hand, scikit-learn and brute force."""

import math

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from grn_gat import metrics
from grn_gat.errors import InputError

# BEELINE's curated models: reference edges k without self-loops, candidate pairs n (n - 1)
MODELS = {"HSC": (26, 110), "mCAD": (13, 20), "VSC": (15, 56), "GSD": (76, 342)}

# No ties. k = 2 of 4.
PLAIN = ([True, False, True, False], [0.9, 0.8, 0.7, 0.1])
# One positive alone on top, the other tied with two negatives. k = 2 of 6.
TIED = ([True, True, False, False, False, False], [3.0, 2.0, 2.0, 2.0, 0.0, 0.0])


def model_labels(name: str) -> np.ndarray:
    k, n = MODELS[name]
    return np.arange(n) < k


def random_case(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels with both classes, scores with many ties and zeros."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(40) < rng.integers(1, 40))
    return labels, rng.integers(0, 12, size=40) / 7


def test_values_worked_by_hand_without_ties():
    assert metrics.ranking_metrics(*PLAIN) == pytest.approx(
        {
            "average_precision": 5 / 6,  # 1/2 * 1 + 1/2 * 2/3
            "auroc": 3 / 4,  # of 4 pos/neg pairs only (0.7, 0.8) is in the wrong order
            # points (0,1) (1/2,1) (1/2,1/2) (1,2/3) (1,1/2): 1/2 + 1/2 * (1/2 + 2/3) / 2
            "auprc_beeline": 19 / 24,
            "early_precision": 1 / 2,  # top 2: one right
            "early_precision_ratio": 1.0,  # prevalence 1/2
        }
    )


def test_values_worked_by_hand_with_ties():
    assert metrics.ranking_metrics(*TIED) == pytest.approx(
        {
            "average_precision": 3 / 4,  # 1/2 * 1 + 1/2 * 2/4
            "auroc": 7 / 8,  # (4 + (2 + 2 * 1/2)) of 8
            "auprc_beeline": 7 / 8,  # (0,1) (1/2,1) (1,1/2): 1/2 + 1/2 * 3/4
            "early_precision": 2 / 4,  # rank 2 has score 2: four pairs are selected
            "early_precision_ratio": 3 / 2,  # prevalence 1/3
        }
    )


def test_names_and_order_are_the_declared_ones():
    assert tuple(metrics.ranking_metrics(*PLAIN)) == metrics.RANKING_METRICS
    assert tuple(metrics.call_metrics(PLAIN[0], PLAIN[0])) == metrics.CALL_METRICS


@pytest.mark.parametrize("seed", range(8))
def test_agreement_with_scikit_learn(seed):
    labels, scores = random_case(seed)
    calls = scores >= 1
    got = metrics.ranking_metrics(labels, scores) | metrics.call_metrics(labels, calls)
    assert got["average_precision"] == pytest.approx(
        sklearn_metrics.average_precision_score(labels, scores)
    )
    assert got["auroc"] == pytest.approx(sklearn_metrics.roc_auc_score(labels, scores))
    precisions, recalls, _ = sklearn_metrics.precision_recall_curve(labels, scores)
    assert got["auprc_beeline"] == pytest.approx(sklearn_metrics.auc(recalls, precisions))
    assert got["accuracy"] == pytest.approx(sklearn_metrics.accuracy_score(labels, calls))
    assert got["precision"] == pytest.approx(sklearn_metrics.precision_score(labels, calls))
    assert got["recall"] == pytest.approx(sklearn_metrics.recall_score(labels, calls))
    assert got["f1"] == pytest.approx(sklearn_metrics.f1_score(labels, calls))


@pytest.mark.parametrize("seed", range(4))
def test_pair_order_and_score_scale_do_not_matter(seed):
    labels, scores = random_case(seed)
    order = np.random.default_rng(seed).permutation(len(labels))
    expected = metrics.ranking_metrics(labels, scores)
    assert metrics.ranking_metrics(labels[order], scores[order] ** 3 * 1e6) == pytest.approx(
        expected
    )


@pytest.mark.parametrize(
    ("name", "optimistic"), [("HSC", 0.618), ("mCAD", 0.825), ("VSC", 0.634), ("GSD", 0.611)]
)
@pytest.mark.parametrize("constant", [0.0, 0.7])
def test_constant_scores(name, optimistic, constant):
    labels = model_labels(name)
    pi = MODELS[name][0] / MODELS[name][1]
    got = metrics.ranking_metrics(labels, np.full(labels.shape, constant))
    assert got["auprc_beeline"] == pytest.approx((1 + pi) / 2)
    assert got["auprc_beeline"] == pytest.approx(optimistic, abs=5e-4)
    assert got["average_precision"] == pytest.approx(pi)
    assert got["auroc"] == pytest.approx(0.5)
    assert got["early_precision"] == pytest.approx(pi)  # every pair is selected
    assert got["early_precision_ratio"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "ratio", "optimistic"),
    [("HSC", 4.23, 0.633), ("mCAD", 1.54, 0.838), ("VSC", 3.73, 0.658), ("GSD", 4.50, 0.616)],
)
def test_single_correct_edge(name, ratio, optimistic):
    labels = model_labels(name)
    scores = np.zeros(labels.shape)
    scores[0] = 0.2
    got = metrics.ranking_metrics(labels, scores)
    assert got["early_precision"] == 1  # fewer than k non-zero scores: one pair is selected
    assert got["early_precision_ratio"] == pytest.approx(ratio, abs=5e-3)
    assert got["auprc_beeline"] == pytest.approx(optimistic, abs=6e-4)
    k, n = MODELS[name]
    assert got["average_precision"] == pytest.approx(1 / k + (k - 1) / k * k / n)


def test_single_wrong_edge():
    labels = model_labels("HSC")
    scores = np.zeros(labels.shape)
    scores[-1] = 0.2
    assert metrics.early_precision(labels, scores) == 0
    assert metrics.early_precision_ratio(labels, scores) == 0


def test_no_positives():
    labels, scores = [False] * 3, [0.3, 0.2, 0.1]
    assert all(math.isnan(v) for v in metrics.ranking_metrics(labels, scores).values())
    got = metrics.call_metrics(labels, [True, False, False])
    assert (got["accuracy"], got["precision"]) == (pytest.approx(2 / 3), 0)
    assert math.isnan(got["recall"]) and math.isnan(got["f1"])
    assert metrics.prevalence(labels) == 0


def test_all_positives():
    got = metrics.ranking_metrics([True] * 3, [0.3, 0.2, 0.1])
    assert math.isnan(got.pop("auroc"))
    assert set(got.values()) == {1.0}


def test_no_pairs():
    assert all(math.isnan(v) for v in metrics.ranking_metrics([], []).values())
    assert all(math.isnan(v) for v in metrics.call_metrics([], []).values())
    assert math.isnan(metrics.prevalence([]))


@pytest.mark.parametrize(
    "metric",
    [
        metrics.average_precision,
        metrics.auroc,
        metrics.beeline_auprc,
        metrics.early_precision,
        metrics.early_precision_ratio,
        metrics.ranking_metrics,
        metrics.best_f1_threshold,
        lambda labels, scores: metrics.pr_curve(labels, scores, [0.5]),
        lambda labels, scores: metrics.roc_curve(labels, scores, [0.5]),
    ],
)
def test_malformed_input_is_refused(metric):
    with pytest.raises(InputError, match="1 NaN or infinite"):
        metric([True, False], [0.1, np.nan])
    with pytest.raises(InputError, match="1 NaN or infinite"):
        metric([True, False], [0.1, np.inf])
    with pytest.raises(InputError, match="one score per label"):
        metric([True, False], [0.1])
    with pytest.raises(InputError, match="true and false"):
        metric([2, 0], [0.1, 0.2])
    with pytest.raises(InputError, match="one-dimensional"):
        metric([[True, False]], [[0.1, 0.2]])


def test_signed_weights_are_refused_where_beeline_takes_magnitudes():
    for metric in (metrics.early_precision, metrics.beeline_auprc, metrics.ranking_metrics):
        with pytest.raises(InputError, match="absolute"):
            metric([True, False], [-0.1, 0.2])
    assert metrics.average_precision([True, False], [-0.1, -0.2]) == 1


def test_calls_worked_by_hand():
    labels = [True, True, True, False, False, False]
    calls = [True, False, False, True, True, False]  # TP 1, FP 2, FN 2, TN 1
    assert metrics.call_metrics(labels, calls) == pytest.approx(
        {"accuracy": 2 / 6, "precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3}
    )
    # TP 2, FP 0, FN 1, TN 3
    assert metrics.call_metrics(labels, [1, 1, 0, 0, 0, 0]) == pytest.approx(
        {"accuracy": 5 / 6, "precision": 1, "recall": 2 / 3, "f1": 4 / 5}
    )


def test_nothing_called():
    assert metrics.call_metrics([True, False, False], [False] * 3) == pytest.approx(
        {"accuracy": 2 / 3, "precision": 0, "recall": 0, "f1": 0}
    )


def test_calls_of_another_length_are_refused():
    with pytest.raises(InputError, match="one call per label"):
        metrics.f1([True, False], [True])


def test_best_threshold_worked_by_hand():
    # F1 down the list, k = 3: 2/4, 4/5, 4/6, 6/7, 6/8, 6/9; best with the four highest called
    labels = [True, True, False, True, False, False]
    scores = [0.9, 0.8, 0.6, 0.4, 0.2, 0.1]
    assert metrics.best_f1_threshold(labels, scores) == pytest.approx(0.3)
    assert metrics.best_f1_threshold(labels[::-1], scores[::-1]) == pytest.approx(0.3)


def test_best_threshold_prefers_the_largest():
    # k = 2: 2/3, 2/4, 2/5, 4/6: first and last are equally good
    assert metrics.best_f1_threshold([True, False, False, True], [4, 3, 2, 1]) == 3.5


def test_best_threshold_at_the_ends():
    assert metrics.best_f1_threshold([False, True], [2, 1]) == 1  # calling all is best
    assert metrics.best_f1_threshold([True, False], [0.5, 0.5]) == 0.5
    assert metrics.best_f1_threshold([False, False], [0.5, 0.2]) == math.inf
    assert metrics.best_f1_threshold([], []) == math.inf


def test_best_threshold_separates_neighbouring_floats():
    for high in (1.0, np.nextafter(1.0, 2.0), 1e308 * 1.7, 5e-324):
        low = np.nextafter(high, 0.0)
        threshold = metrics.best_f1_threshold([True, False], [high, low])
        assert low < threshold <= high


@pytest.mark.parametrize("seed", range(8))
def test_best_threshold_against_brute_force(seed):
    labels, scores = random_case(seed)
    threshold = metrics.best_f1_threshold(labels, scores)
    reached = metrics.f1(labels, scores >= threshold)
    others = {t: metrics.f1(labels, scores >= t) for t in np.unique(scores)}
    assert reached == max(others.values())
    assert (scores >= threshold).sum() == min(
        (scores >= t).sum() for t, value in others.items() if value == reached
    )


def test_pr_curve_worked_by_hand():
    grid = [0, 0.25, 0.5, 0.75, 1]
    # needs 0, 1, 1, 2, 2 of the 2 edges; the second comes third
    assert metrics.pr_curve(*PLAIN, grid) == pytest.approx([1, 1, 1, 2 / 3, 2 / 3])
    assert metrics.pr_curve(*TIED, grid) == pytest.approx([1, 1, 1, 1 / 2, 1 / 2])
    assert metrics.pr_curve([True, False, False], [1, 1, 1], grid) == pytest.approx([1 / 3] * 5)
    # a negative on top: precision 0 for the list of length 1, 1/2 from the first edge on
    assert metrics.pr_curve([False, True], [2, 1], [0, 0.01, 1]) == pytest.approx([0, 0.5, 0.5])


@pytest.mark.parametrize("seed", range(8))
def test_area_under_the_pr_steps_is_average_precision(seed):
    labels, scores = random_case(seed)
    k = labels.sum()
    steps = metrics.pr_curve(labels, scores, (np.arange(k) + 0.5) / k)
    assert steps.mean() == pytest.approx(metrics.average_precision(labels, scores))


def test_pr_grid_points_are_not_missed_by_rounding():
    # 0.1 + 0.2 exceeds 0.3 = 3/10 by one bit; it still means three edges, not four
    labels = [True, True, True, False, *[True] * 7]
    assert metrics.pr_curve(labels, np.arange(11, 0, -1), [0.1 + 0.2])[0] == 1


def test_roc_curve_worked_by_hand():
    # corners (0,0) (0,1/2) (1/2,1/2) (1/2,1) (1,1)
    assert metrics.roc_curve(*PLAIN, [0, 0.25, 0.5, 0.75, 1]) == pytest.approx([0.5, 0.5, 1, 1, 1])
    # corners (0,0) (0,1/2) (1/2,1) (1,1), a slope where scores tie
    assert metrics.roc_curve(*TIED, [0, 0.25, 0.5, 1]) == pytest.approx([0.5, 0.75, 1, 1])
    grid = np.linspace(0, 1, 11)
    assert metrics.roc_curve([True, False, False], [0, 0, 0], grid) == pytest.approx(grid)


@pytest.mark.parametrize("seed", range(4))
def test_area_under_the_roc_curve_is_auroc(seed):
    labels, scores = random_case(seed)
    negatives = (~labels).sum()
    # all corners lie on multiples of 1 / negatives, so midpoints integrate exactly
    middles = metrics.roc_curve(labels, scores, (np.arange(negatives) + 0.5) / negatives)
    assert middles.mean() == pytest.approx(metrics.auroc(labels, scores))


def test_curves_undefined_and_bad_grids():
    assert np.isnan(metrics.pr_curve([False], [1], [0, 1])).all()
    assert np.isnan(metrics.roc_curve([False], [1], [0, 1])).all()
    assert np.isnan(metrics.roc_curve([True], [1], [0, 1])).all()
    with pytest.raises(InputError, match="recalls"):
        metrics.pr_curve(*PLAIN, [1.1])
    with pytest.raises(InputError, match="fprs"):
        metrics.roc_curve(*PLAIN, [np.nan])
