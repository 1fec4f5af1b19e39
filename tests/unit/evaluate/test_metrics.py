"""Metrics against values worked by hand, scikit-learn and brute force."""

import itertools
import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn import metrics as sklearn_metrics

from grn_gat.core.errors import InputError
from grn_gat.evaluate import metrics
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.simulate.boolean_model import read_model, reference_edges

# BEELINE's curated models: reference edges k without self-loops, candidate pairs n (n - 1)
MODELS = {"HSC": (26, 110), "mCAD": (13, 20), "VSC": (15, 56), "GSD": (76, 342)}

# No ties. k = 2 of 4.
PLAIN = ([True, False, True, False], [0.9, 0.8, 0.7, 0.1])
# One positive alone on top, the other tied with two negatives. k = 2 of 6.
TIED = ([True, True, False, False, False, False], [3.0, 2.0, 2.0, 2.0, 0.0, 0.0])


signed = metrics.signed_early_precision_ratio
beeline_signed = metrics.beeline_signed_early_precision_ratio


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
            "average_precision_ratio": 5 / 3,
            "auroc": 3 / 4,  # of 4 pos/neg pairs only (0.7, 0.8) is in the wrong order
            # points (0,1) (1/2,1) (1/2,1/2) (1,2/3) (1,1/2): 1/2 + 1/2 * (1/2 + 2/3) / 2
            "auprc_beeline": 19 / 24,
            "auprc_ratio": 19 / 12,
            "early_precision": 1 / 2,  # top 2: one right
            "early_precision_ratio": 1.0,  # prevalence 1/2
        }
    )


def test_values_worked_by_hand_with_ties():
    assert metrics.ranking_metrics(*TIED) == pytest.approx(
        {
            "average_precision": 3 / 4,  # 1/2 * 1 + 1/2 * 2/4
            "average_precision_ratio": 9 / 4,
            "auroc": 7 / 8,  # (4 + (2 + 2 * 1/2)) of 8
            "auprc_beeline": 7 / 8,  # (0,1) (1/2,1) (1,1/2): 1/2 + 1/2 * 3/4
            "auprc_ratio": 21 / 8,
            "early_precision": 2 / 4,  # rank 2 has score 2: four pairs are selected
            "early_precision_ratio": 3 / 2,  # prevalence 1/3
        }
    )


def test_names_and_order_are_the_declared_ones():
    assert tuple(metrics.ranking_metrics(*PLAIN)) == metrics.RANKING_METRICS
    assert tuple(metrics.call_metrics(PLAIN[0], PLAIN[0])) == metrics.CALL_METRICS


@pytest.mark.parametrize("seed", range(8))
def test_agreement_of_calls_with_scikit_learn(seed):
    labels, scores = random_case(seed)
    calls = scores >= 1
    got = metrics.call_metrics(labels, calls)
    assert got["accuracy"] == pytest.approx(sklearn_metrics.accuracy_score(labels, calls))
    assert got["precision"] == pytest.approx(sklearn_metrics.precision_score(labels, calls))
    assert got["recall"] == pytest.approx(sklearn_metrics.recall_score(labels, calls))
    assert got["f1"] == pytest.approx(sklearn_metrics.f1_score(labels, calls))


@pytest.mark.parametrize("levels", [2, 5, 30, 10**9])
@pytest.mark.parametrize(("n", "k"), [(20, 13), (110, 26), (342, 76), (342, 1), (342, 341)])
def test_areas_are_those_of_scikit_learn(n, k, levels):
    rng = np.random.default_rng(n + k + levels)
    labels = rng.permutation(np.arange(n) < k)
    scores = (rng.integers(0, levels, size=n) + labels) / 7
    precisions, recalls, _ = sklearn_metrics.precision_recall_curve(labels, scores)
    expected = {
        "average_precision": sklearn_metrics.average_precision_score(labels, scores),
        "auroc": sklearn_metrics.roc_auc_score(labels, scores),
        "auprc_beeline": sklearn_metrics.auc(recalls, precisions),
    }
    got = metrics.ranking_metrics(labels, scores)
    assert {name: got[name] for name in expected} == pytest.approx(expected, rel=0, abs=1e-12)
    assert metrics.average_precision(labels, -1 / (1 + scores)) == pytest.approx(
        expected["average_precision"], rel=0, abs=1e-12
    )  # negative scores


@pytest.mark.parametrize("seed", range(4))
def test_all_ranking_metrics_are_the_single_ones(seed):
    labels, scores = random_case(seed)
    for name, value in metrics.ranking_metrics(labels, scores).items():
        assert value == getattr(metrics, name, metrics.beeline_auprc)(labels, scores)


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
    assert got["auprc_ratio"] == pytest.approx((1 / pi + 1) / 2)
    assert got["average_precision"] == pytest.approx(pi)
    assert got["average_precision_ratio"] == pytest.approx(1)
    assert got["auroc"] == 0.5
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
    # not a rounding error above 1
    perfect = metrics.ranking_metrics(model_labels("GSD"), -np.arange(342) + 342.0)
    assert perfect["average_precision"] == perfect["auroc"] == perfect["auprc_beeline"] == 1


def test_no_pairs():
    assert all(math.isnan(v) for v in metrics.ranking_metrics([], []).values())
    assert all(math.isnan(v) for v in metrics.call_metrics([], []).values())
    assert math.isnan(metrics.prevalence([]))


@pytest.mark.parametrize(
    "metric",
    [
        metrics.average_precision,
        metrics.average_precision_ratio,
        metrics.auroc,
        metrics.beeline_auprc,
        metrics.auprc_ratio,
        metrics.early_precision,
        metrics.early_precision_ratio,
        metrics.ranking_metrics,
        metrics.best_f1_threshold,
        lambda labels, scores: signed(labels, np.zeros(np.shape(labels)), scores, 1),
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


def reference(repository, name: str) -> pd.DataFrame:
    """Candidate pairs of a bundled model."""
    model = read_model(repository / f"workflow/resources/models/{name}.tsv")
    edges = pd.DataFrame(reference_edges(model), columns=["Gene1", "Gene2", "Type"])
    return candidate_pairs(edges, model.genes)


@pytest.mark.parametrize("name", MODELS)
def test_bundled_models_have_the_published_numbers_of_edges(name, repository):
    pairs = reference(repository, name)
    assert (pairs["edge"].sum(), len(pairs)) == MODELS[name]


@pytest.mark.parametrize(
    ("k", "scores", "expected"),
    [
        (2, [3, 1, 2, 0], "1010"),
        (2, [3, 2, 2, 0], "1110"),  # a tie at rank 2
        (1, [3, 2, 3, 0], "1010"),
        (3, [3, 2, 0, 0], "1100"),  # two scores are not 0
        (9, [3, 2, 1, 0], "1110"),  # more than there are
        (4, [3, 2, 1, 1], "1111"),
        (1, [0, 0, 0, 0], "1111"),
        (0, [3, 2, 1, 0], "0000"),
        (2, [], ""),
    ],
)
def test_selected_edges(k, scores, expected):
    got = metrics.selected_edges(k, scores)
    assert got.dtype == bool
    assert got.tolist() == [c == "1" for c in expected]
    assert metrics.selected_edges(np.int64(k), scores).tolist() == got.tolist()


def test_selected_edges_refuses_malformed_input():
    for k in (-1, 1.5, "2", None):
        with pytest.raises(InputError, match=r"^k is"):
            metrics.selected_edges(k, [1, 2])
    with pytest.raises(InputError, match="absolute"):
        metrics.selected_edges(1, [1, -2])
    with pytest.raises(InputError, match="1 NaN or infinite"):
        metrics.selected_edges(1, [1, np.nan])
    with pytest.raises(InputError, match="one-dimensional"):
        metrics.selected_edges(1, [[1, 2]])


# Edges: two +, two -, one of unknown sign; three other pairs. |scores| descend.
LABELS = [True, False, True, True, False, True, True, False]
SIGNS = [-1, 0, 0, 1, 0, 1, -1, 0]
SCORES = [8, -7, 6, -5, 4, 3, -2, 1]


def test_signed_early_precision_worked_by_hand():
    # +: candidates 7 (no), 5 (yes), 4 (no), 3 (yes), 1 (no); the top 2 hold one of two
    assert signed(LABELS, SIGNS, SCORES, 1) == pytest.approx(1 / 2 / (2 / 5))
    assert beeline_signed(LABELS, SIGNS, SCORES, 1) == pytest.approx(1 / 2 / (2 / 8))
    # -: candidates 8 (yes), 7 (no), 4 (no), 2 (yes), 1 (no)
    assert signed(LABELS, SIGNS, SCORES, -1) == pytest.approx(1 / 2 / (2 / 5))
    # with a tie of 7 and 4 the selection is 8, 7, 4
    tied = [8, 4, 6, -5, 4, 3, -2, 1]
    assert signed(LABELS, SIGNS, tied, -1) == pytest.approx(1 / 3 / (2 / 5))
    assert beeline_signed(LABELS, SIGNS, tied, -1) == pytest.approx(1 / 3 / (2 / 8))


def test_signed_early_precision_ignores_predicted_signs():
    for function, sign in itertools.product((signed, beeline_signed), (1, -1)):
        expected = function(LABELS, SIGNS, SCORES, sign)
        assert function(LABELS, SIGNS, np.abs(SCORES), sign) == expected
        assert function(LABELS, SIGNS, np.negative(SCORES), sign) == expected


@pytest.mark.parametrize("function", [signed, beeline_signed])
def test_signed_early_precision_undefined_and_malformed(function):
    assert math.isnan(function([True, False], [1, 0], [2, 1], -1))
    assert math.isnan(function([True, False], [0, 0], [2, 1], 1))
    assert math.isnan(function([], [], [], 1))
    with pytest.raises(InputError, match="sign is 0"):
        function([True, False], [1, 0], [2, 1], 0)
    with pytest.raises(InputError, match="one sign per label"):
        function([True, False], [1], [2, 1], 1)
    for wrong in (2, np.nan):
        with pytest.raises(InputError, match="other than"):
            function([True, False], [wrong, 0], [2, 1], 1)
    with pytest.raises(InputError, match="1 pairs that labels calls no edge"):
        function([True, False], [1, -1], [2, 1], 1)


@pytest.mark.parametrize(
    ("name", "activation", "repression"),
    [("HSC", 1.16, 1.11), ("mCAD", 1.82, 1.25), ("GSD", 1.09, 1.17), ("VSC", math.nan, 1.00)],
)
@pytest.mark.parametrize("constant", [0.0, -0.7])
def test_signed_early_precision_of_a_constant(repository, name, activation, repression, constant):
    pairs = reference(repository, name)
    case = pairs["edge"], pairs["sign"], np.full(len(pairs), constant)
    for sign, uncorrected in ((1, activation), (-1, repression)):
        expected = pytest.approx(uncorrected, abs=5e-3, nan_ok=True)
        assert beeline_signed(*case, sign) == expected
        assert signed(*case, sign) == pytest.approx(
            math.nan if math.isnan(uncorrected) else 1, rel=0, abs=0, nan_ok=True
        )


@pytest.mark.parametrize("name", ["HSC", "mCAD", "GSD"])
@pytest.mark.parametrize("sign", [1, -1])
def test_signed_early_precision_of_random_scores_is_1_on_average(repository, name, sign):
    pairs = reference(repository, name)
    edge, kind = pairs["edge"].to_numpy(), pairs["sign"].to_numpy()
    rng = np.random.default_rng(sign + 1)
    scores = rng.normal(size=(2000, len(pairs)))
    values = np.array([signed(edge, kind, row, sign) for row in scores])
    error = values.std() / np.sqrt(len(values))
    assert abs(values.mean() - 1) < 4 * error < 0.08
    baseline = np.array([beeline_signed(edge, kind, row, sign) for row in scores])
    assert baseline.mean() - 1 > 4 * error  # this is what the correction is for


def test_jaccard_worked_by_hand():
    a, b, c, none = [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]
    assert metrics.jaccard_stability([a, b]) == (pytest.approx(1 / 3), 0)
    # 1/3, 2/3, 2/3: median 2/3, mean 5/9
    assert metrics.jaccard_stability([a, b, c]) == pytest.approx((2 / 3, (2 + 1 + 1) / 9 / 3))
    # 0, 1/3, 0 around the mean 1/9
    assert metrics.jaccard_stability([a, none, b]) == pytest.approx((0, 4 / 27))
    # the pair of empty selections is left out, 0 and 0 stay
    assert metrics.jaccard_stability([a, none, none]) == (0, 0)
    assert metrics.jaccard_stability([a, a, a]) == (1, 0)


@pytest.mark.parametrize(
    "selections", [[[0, 0], [0, 0]], [[1, 0]], np.zeros((0, 4)), np.zeros((3, 0))]
)
def test_jaccard_undefined(selections):
    assert all(math.isnan(v) for v in metrics.jaccard_stability(selections))


@pytest.mark.parametrize("seed", range(3))
def test_jaccard_against_sets(seed):
    chosen = np.random.default_rng(seed).random((6, 30)) < 0.3
    sets = [set(np.flatnonzero(row)) for row in chosen]
    values = [len(a & b) / len(a | b) for a, b in itertools.combinations(sets, 2)]
    deviation = np.abs(np.subtract(values, np.mean(values))).mean()
    assert metrics.jaccard_stability(chosen) == pytest.approx((np.median(values), deviation))


@pytest.mark.filterwarnings("error")
def test_spearman_worked_by_hand():
    a, b = [3, 2, 1, 0], [5, 1, 2, 0]  # ranks differ by 0, 1, 1, 0
    assert metrics.spearman_stability([a, b]) == (pytest.approx(1 - 6 * 2 / (4 * 15)), 0)
    # 0.8, -1, -0.8 around the mean -1/3
    got = metrics.spearman_stability([a, b, np.negative(a)])
    assert got == pytest.approx((-0.8, (17 + 10 + 7) / 15 / 3))
    # average ranks 4, 3, 1.5, 1.5: deviations 1.5, 0.5, -1, -1; those of a 1.5, 0.5, -0.5, -1.5
    tied = [9, 4, 0, 0]
    rho = (1.5 * 1.5 + 0.5 * 0.5 + 0.5 + 1.5) / math.sqrt(5 * 4.5)
    assert metrics.spearman_stability([a, tied])[0] == pytest.approx(rho)
    # constant runs are left out
    assert metrics.spearman_stability([a, [1] * 4, tied, [0] * 4])[0] == pytest.approx(rho)


@pytest.mark.parametrize(
    "weights", [[[1, 2]], [[1, 2], [3, 3]], np.zeros((0, 4)), np.zeros((3, 0)), [[1], [2]]]
)
def test_spearman_undefined(weights):
    assert all(math.isnan(v) for v in metrics.spearman_stability(weights))


@pytest.mark.parametrize("seed", range(3))
def test_spearman_against_scipy(seed):
    weights = np.random.default_rng(seed).integers(-4, 5, size=(6, 30)) / 7
    values = [spearmanr(a, b).statistic for a, b in itertools.combinations(weights, 2)]
    deviation = np.abs(np.subtract(values, np.mean(values))).mean()
    assert metrics.spearman_stability(weights) == pytest.approx((np.median(values), deviation))


def test_stability_refuses_malformed_input():
    with pytest.raises(InputError, match="two-dimensional"):
        metrics.jaccard_stability([True, False])
    with pytest.raises(InputError, match="true and false"):
        metrics.jaccard_stability([[0.5, 0], [1, 0]])
    with pytest.raises(InputError, match="two-dimensional"):
        metrics.spearman_stability([1, 2])
    with pytest.raises(InputError, match="1 NaN or infinite"):
        metrics.spearman_stability([[1, 2], [np.inf, 1]])


def adjacency(edges: str, genes: str = "abcd") -> np.ndarray:
    """Matrix of edges written as "ab bc"."""
    matrix = np.zeros((len(genes), len(genes)), dtype=bool)
    for first, second in edges.split():
        matrix[genes.index(first), genes.index(second)] = True
    return matrix


@pytest.mark.parametrize(
    ("edges", "feedback", "feed_forward", "mutual"),
    [
        ("", 0, 0, 0),
        ("ab bc ca", 1, 0, 0),
        ("ab bc ac", 0, 1, 0),
        ("ab ba", 0, 0, 1),
        ("ab ba bc cb", 0, 0, 2),
        ("ab bc ca ac", 1, 1, 1),
        ("ab ba ac ca bc cb", 2, 6, 3),
        ("ab bc cd da", 0, 0, 0),  # a cycle of four
        ("ab ac ad bc bd cd", 0, 4, 0),
    ],
)
def test_motifs_worked_by_hand(edges, feedback, feed_forward, mutual):
    assert metrics.motif_counts(adjacency(edges)) == {
        "feedback_loops": feedback,
        "feed_forward_loops": feed_forward,
        "mutual_pairs": mutual,
    }


# Feedback and feed-forward loops in each class of three nodes (Holland & Leinhardt names)
TRIADS = {"030C": (1, 0), "030T": (0, 1), "120D": (0, 2), "120U": (0, 2), "120C": (1, 1)}
TRIADS |= {"210": (1, 3), "300": (2, 6)}


@pytest.mark.parametrize("density", [0.1, 0.3, 0.6, 1.0])
def test_motifs_against_networkx(density):
    rng = np.random.default_rng(int(10 * density))
    matrix = (rng.random((11, 11)) < density) & ~np.eye(11, dtype=bool)
    graph = nx.from_numpy_array(matrix, create_using=nx.DiGraph)
    census = nx.triadic_census(graph)
    got = metrics.motif_counts(matrix)
    assert got["feedback_loops"] == sum(census[t] * TRIADS[t][0] for t in TRIADS)
    assert got["feed_forward_loops"] == sum(census[t] * TRIADS[t][1] for t in TRIADS)
    cycles = [len(cycle) for cycle in nx.simple_cycles(graph, length_bound=3)]
    assert (got["mutual_pairs"], got["feedback_loops"]) == (cycles.count(2), cycles.count(3))
    assert got["feed_forward_loops"] == sum(
        graph.has_edge(a, b) and graph.has_edge(b, c) and graph.has_edge(a, c)
        for a, b, c in itertools.permutations(graph, 3)
    )


def test_motif_ratios():
    reference = adjacency("ab bc ca ac ad cd")  # loop abc; forward abc, acd, cad; mutual ac
    predicted = adjacency("ab bc ca ba cb ac")
    assert metrics.motif_ratios(predicted, reference) == pytest.approx(
        {"feedback_loops": 2, "feed_forward_loops": 6 / 3, "mutual_pairs": 3}
    )
    got = metrics.motif_ratios(predicted, adjacency("ab bc ac"))
    assert got["feed_forward_loops"] == 6
    assert math.isnan(got["feedback_loops"]) and math.isnan(got["mutual_pairs"])
    assert set(metrics.motif_ratios(adjacency(""), reference).values()) == {0}


def test_motifs_refuse_malformed_input():
    with pytest.raises(InputError, match="1 self-loops"):
        metrics.motif_counts(np.diag([1, 0, 0]))
    with pytest.raises(InputError, match="square"):
        metrics.motif_counts(np.zeros((2, 3)))
    with pytest.raises(InputError, match="two-dimensional"):
        metrics.motif_counts([True])
    with pytest.raises(InputError, match="true and false"):
        metrics.motif_counts([[0, 0.5], [0, 0]])
    with pytest.raises(InputError, match="one row and one column per gene"):
        metrics.motif_ratios(adjacency("ab"), adjacency("ab", "abc"))
