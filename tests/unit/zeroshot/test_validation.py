"""Validation of the zero-shot model: scores, calibration, metrics, model card and figure."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import torch

from grn_gat.core.errors import InputError
from grn_gat.core.seeds import derangement
from grn_gat.evaluate.metrics import (
    average_precision,
    calibration_bins,
    early_precision_ratio,
    expected_calibration_error,
)
from grn_gat.report.figures_zeroshot import plot_validation
from grn_gat.simulate.chunks import Sample
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.model_card import (
    calibration_errors,
    pooled_bins,
    score_table,
    summary,
    with_pseudotime,
    write_card,
)
from grn_gat.zeroshot.validation import (
    Condition,
    Scored,
    calibrated,
    conditions,
    fit_calibration,
    network_metrics,
    scored,
)
from svg_labels import misplaced

EYE = np.eye(5, dtype=bool)
PLAIN = Ensemble([])


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


# ---------------------------------------------------------------------------- reliability


def test_calibration_bins_by_hand():
    labels = [True, False, True, True, False]
    found = calibration_bins(labels, [0.0, 0.1, 0.19, 1.0, 0.95], 10)
    assert found.shape == (10, 3)
    assert found[:, 0].tolist() == [1, 2, 0, 0, 0, 0, 0, 0, 0, 2]
    np.testing.assert_allclose(found[[0, 1, 9], 1], [0, 0.145, 0.975])
    np.testing.assert_allclose(found[[0, 1, 9], 2], [1, 0.5, 0.5])
    assert np.isnan(found[2:9, 1:]).all()


def test_bins_are_closed_below():
    found = calibration_bins([True] * 4, [0.25, 0.5, 0.75, np.nextafter(0.25, 0)], 4)
    assert found[:, 0].tolist() == [1, 1, 1, 1]
    assert calibration_bins([True], [1.0], 4)[:, 0].tolist() == [0, 0, 0, 1]
    assert calibration_bins([], [])[:, 0].tolist() == [0] * 10


def test_probabilities_outside_of_0_to_1_are_refused():
    for value in (-0.01, 1.01):
        with pytest.raises(InputError, match="outside 0 to 1"):
            calibration_bins([True], [value])
    with pytest.raises(InputError):
        calibration_bins([True, False], [0.5])


def test_expected_calibration_error_by_hand():
    bins = [[3, 0.1, 0.0], [0, np.nan, np.nan], [1, 0.9, 0.5]]
    assert expected_calibration_error(bins) == pytest.approx((3 * 0.1 + 0.4) / 4)
    assert np.isnan(expected_calibration_error([[0, np.nan, np.nan]]))
    perfect = calibration_bins([True, False], [0.5, 0.5])
    assert expected_calibration_error(perfect) == 0


# ---------------------------------------------------------------------------- calibration


def drawn(temperature, shift, sign_temperature, networks=60, genes=12):
    """Networks whose edges and signs follow the calibrated probabilities of random logits."""
    rng = np.random.default_rng(0)
    found = []
    for number in range(networks):
        edge, sign = rng.normal(0, 2, (2, genes, genes))
        is_edge = rng.random((genes, genes)) < 1 / (1 + np.exp(-(edge / temperature + shift)))
        activates = rng.random((genes, genes)) < 1 / (1 + np.exp(-sign / sign_temperature))
        signs = np.where(is_edge, np.where(activates, 1, -1), 0)
        np.fill_diagonal(signs, 1)  # the diagonal must not count
        np.fill_diagonal(edge, -30)
        found.append(Scored(number, "random", signs, edge, sign, edge))
    return found


@pytest.mark.parametrize(("temperature", "shift", "sign"), [(2, -0.7, 0.5), (0.5, 0.4, 3)])
def test_calibration_recovers_known_parameters(temperature, shift, sign):
    networks = drawn(temperature, shift, sign)
    fitted = fit_calibration(networks)
    assert fitted["temperature"] == pytest.approx(temperature, rel=0.1)
    assert fitted["shift"] == pytest.approx(shift, abs=0.1)
    assert fitted["sign_temperature"] == pytest.approx(sign, rel=0.15)
    ensemble = Ensemble([], **fitted)
    labels = np.concatenate([n.pairs(n.signs) != 0 for n in networks])
    logits = np.concatenate([n.pairs(n.edge) for n in networks])
    bins = calibration_bins(labels, calibrated(ensemble, logits))
    assert expected_calibration_error(bins) < 0.02
    plain = calibration_bins(labels, calibrated(PLAIN, logits))
    assert expected_calibration_error(plain) > 0.05


def test_calibrated_by_hand():
    ensemble = Ensemble([], temperature=2.0, shift=-1.0)
    found = calibrated(ensemble, np.array([2.0, 2 * np.log(3) + 2]))
    np.testing.assert_allclose(found, [0.5, 0.75])


def test_logits_that_say_nothing_give_finite_parameters():
    networks = drawn(2, 0, 2, networks=5)
    rng = np.random.default_rng(1)
    blind = [
        Scored(n.number, n.family, n.signs, rng.normal(size=(12, 12)), n.sign * 0, n.edge)
        for n in networks
    ]
    fitted = fit_calibration(blind)
    assert fitted["temperature"] <= np.exp(2) * 1.001 and np.isfinite(list(fitted.values())).all()


# ---------------------------------------------------------------------------- metrics


def one_network(edge=None, sign=None, signs=None) -> Scored:
    rng = np.random.default_rng(2)
    if signs is None:
        signs = rng.choice([-1, 0, 0, 1], (5, 5)).astype(np.int8)
        np.fill_diagonal(signs, 1)
    edge = np.where(signs != 0, 3.0, -3.0) + rng.normal(0, 0.1, (5, 5)) if edge is None else edge
    sign = signs * 2.0 if sign is None else sign
    return Scored(4, "chain", signs, edge, sign, rng.uniform(-1, 1, signs.shape))


def rows_of(found, ensemble=PLAIN, seed=0) -> dict[str, dict]:
    rows = network_metrics(ensemble, found, np.random.default_rng(seed))
    return {row["method"]: row for row in rows}


def test_perfect_logits():
    found = one_network()
    rows = rows_of(found)
    assert list(rows) == ["gat-zeroshot", "gat-zeroshot, genes shuffled", "pearson"]
    labels = found.signs[~EYE] != 0
    own = rows["gat-zeroshot"]
    assert own["average_precision"] == 1 and own["sign_accuracy"] == 1
    assert own["prevalence"] == labels.mean()
    assert own["early_precision_ratio"] == pytest.approx(1 / labels.mean())
    assert (own["network"], own["family"], own["genes"]) == (4, "chain", 5)
    assert rows_of(one_network(edge=-found.edge))["gat-zeroshot"]["average_precision"] < 0.6


def test_controls_by_hand():
    found = one_network(edge=np.random.default_rng(5).normal(size=(5, 5)))
    ensemble = Ensemble([], temperature=3.0, shift=-1.0)
    rows = rows_of(found, ensemble, seed=8)
    labels = found.signs[~EYE] != 0
    order = derangement(5, np.random.default_rng(8))
    assert (order != np.arange(5)).all()
    shuffled = np.empty((5, 5))
    for u in range(5):
        for v in range(5):
            shuffled[u, v] = found.edge[order[u], order[v]]
    for method, scores in (
        ("gat-zeroshot", 1 / (1 + np.exp(1 - found.edge / 3))),
        ("gat-zeroshot, genes shuffled", 1 / (1 + np.exp(1 - shuffled / 3))),
        ("pearson", np.abs(found.correlation)),
    ):
        row = rows[method]
        assert row["average_precision"] == pytest.approx(average_precision(labels, scores[~EYE]))
        expected = early_precision_ratio(labels, scores[~EYE])
        assert row["early_precision_ratio"] == pytest.approx(expected)
    assert np.isnan(rows["pearson"]["sign_accuracy"])


def test_shuffled_genes_are_near_random_on_average():
    found = one_network()
    own = [
        rows_of(found, seed=s)["gat-zeroshot, genes shuffled"]["average_precision"]
        for s in range(40)
    ]
    assert np.std(own) > 0.05 and np.mean(own) < 0.75


def test_sign_accuracy_counts_true_edges_among_the_first():
    signs = np.zeros((3, 3), np.int8)
    signs[0, 1], signs[1, 2], signs[2, 0] = 1, -1, 1
    edge = np.array([[0, 5, -5], [4, 0, 3], [-2, -3, 0]], float)  # first three: 0>1, 1>0, 1>2
    sign = np.array([[0, 1, 1], [1, 0, 2], [-1, 1, 0]], float)
    row = rows_of(one_network(edge, sign, signs))["gat-zeroshot"]
    assert row["sign_accuracy"] == 0.5  # 0>1 right, 1>2 wrong, 2>0 not among the first
    nothing = rows_of(one_network(-np.abs(edge) * (signs != 0), sign, signs))["gat-zeroshot"]
    assert np.isnan(nothing["sign_accuracy"])


def test_networks_of_one_class_have_no_metrics():
    for signs in (np.zeros((5, 5), np.int8), np.ones((5, 5), np.int8), EYE.astype(np.int8)):
        assert network_metrics(PLAIN, one_network(signs=signs), np.random.default_rng(0)) == []


def test_conditions_are_all_combinations():
    found = conditions({"cells": [100, 500], "dropout": [0, 70], "pseudotime": [False, True]})
    assert len(found) == len(set(found)) == 8
    assert Condition(500, 70, True) in found


# ---------------------------------------------------------------------------- scoring


class Echo(Ensemble):
    """Notes what it is shown; its logits tell the batch, the genes and the pair."""

    seen: list = []  # noqa: RUF012

    def logits(self, expression, genes, pseudotime):
        self.seen.append((expression, genes, pseudotime))
        number = expression.shape[2]
        first = expression[:, 0]
        edge = first[:, :, None] * 100 + first[:, None]
        return edge, -edge + torch.zeros(number, number)


@pytest.fixture
def echo():
    Echo.seen = []
    return Echo([])


@pytest.fixture(scope="module")
def samples():
    found = []
    for seed, (genes, cells) in enumerate([(4, 120), (3, 130), (6, 150), (4, 60)]):
        rng = np.random.default_rng(seed)
        signs = rng.choice([-1, 0, 1], (genes, genes)).astype(np.int8)
        values = rng.uniform(0.5, 2, (cells, genes)).astype(np.float16)
        time = values[:, 0] / 2  # tells the cell
        found.append(Sample(values, time, signs, f"family {seed}"))
    return found


def test_every_network_is_scored_with_its_own_labels(echo, samples):
    found = {s.number: s for s in scored(echo, samples, Condition(50, 0, True), 1)}
    assert sorted(found) == [0, 1, 2, 3]
    for number, one in found.items():
        sample = samples[number]
        assert one.family == sample.family
        np.testing.assert_array_equal(one.signs, sample.signs)
        assert one.edge.shape == one.sign.shape == one.correlation.shape == sample.signs.shape
        first = one.edge[0] - one.edge[0, 0] + one.edge[0, 0] / 101  # of the first cell
        rows = {tuple(np.round(row, 2)) for row in sample.expression.astype(float)}
        assert tuple(np.round(first, 2)) in rows
        np.testing.assert_array_equal(one.sign, -one.edge)
    for expression, genes, times in echo.seen:
        assert expression.shape[1] == 50 and len(torch.unique(expression[0, :, 0])) > 40
        torch.testing.assert_close(times, expression[..., 0] / 2)
        assert (expression.abs().sum(1) > 0).equal(genes)


def test_conditions_are_applied(echo, samples):
    def shown(*condition, seed=1):
        echo.seen.clear()
        found = list(scored(echo, samples[:3], Condition(*condition), seed))
        cells = torch.cat([x[genes[:, None].expand(x.shape)] for x, genes, _ in echo.seen])
        return cells, echo.seen[0][2], found

    plain, none, found = shown(100, 0, False)
    assert none is None and len(plain) == 100 * (4 + 3 + 6) and (plain > 0).all()
    values = echo.seen[0][0][0, :, : len(found[0].signs)]
    np.testing.assert_allclose(found[0].correlation, np.corrcoef(values.T), atol=1e-5)
    assert (shown(100, 50, False)[0] == 0).float().mean() == pytest.approx(0.25, abs=0.05)
    assert (shown(100, 70, True)[0] == 0).float().mean() == pytest.approx(0.49, abs=0.05)
    assert torch.equal(plain, shown(100, 0, True)[0])  # pseudotime changes no cell
    assert torch.equal(plain, shown(100, 0, False)[0])
    assert not torch.equal(plain, shown(100, 0, False, seed=2)[0])


def test_more_cells_than_there_are(echo, samples):
    list(scored(echo, samples[3:], Condition(500, 0, False), 1))
    assert [x.shape for x, _, _ in echo.seen] == [(1, 60, 4)]


# ---------------------------------------------------------------------------- card and figure


def tables():
    rng = np.random.default_rng(0)
    metrics, calibration = [], []
    for kind, families, sizes in (
        ("like training", ("chain", "toggle"), (3, 8, 9, 20, 40)),
        ("linear", ("linear",), (5, 30)),
        ("other", ("modular",), (40, 80)),
    ):
        for cells in (100, 500):
            for dropout in ("0", "50"):
                for number, genes in enumerate(sizes):
                    for method in ("gat-zeroshot", "gat-zeroshot, genes shuffled", "pearson"):
                        own = method == "gat-zeroshot"
                        metrics.append(
                            {
                                "kind": kind, "cells": cells, "dropout": dropout,
                                "pseudotime": False, "network": number,
                                "family": families[number % len(families)], "genes": genes,
                                "method": method, "prevalence": rng.random(),
                                "average_precision": rng.random(),
                                "early_precision_ratio": 3 * rng.random(),
                                "sign_accuracy": rng.random() if own else np.nan,
                            }
                        )  # fmt: skip
                for bin_ in range(1, 5):
                    calibration.append(
                        {
                            "bin": bin_, "pairs": 100 * bin_ if bin_ < 4 else 0,
                            "predicted": bin_ / 4 - 0.1 if bin_ < 4 else np.nan,
                            "observed": rng.random() if bin_ < 4 else np.nan, "kind": kind,
                            "cells": cells, "dropout": dropout, "pseudotime": False,
                        }
                    )  # fmt: skip
    curves = pd.DataFrame(
        [
            (m, e, 0.7 - 0.1 * e + 0.01 * m, 0.6 - 0.1 * e + 0.01 * m, 0.1 * e + 0.01 * m)
            for m in (1, 2)
            for e in (1, 2, 3)
        ],
        columns=["member", "epoch", "train_loss", "validation_loss", "validation_ap"],
    )
    return curves, pd.DataFrame(metrics), pd.DataFrame(calibration)


def test_summary_by_hand():
    _, metrics, _ = tables()
    found = summary(metrics, ["kind", "dropout"])
    assert len(found) == 6
    for _, row in found.iterrows():
        part = metrics[(metrics["kind"] == row["kind"]) & (metrics["dropout"] == row["dropout"])]
        by_method = {m: p for m, p in part.groupby("method")}
        own = by_method["gat-zeroshot"]
        assert row["networks"] == own["network"].nunique()
        for column, values in {
            "average precision": own["average_precision"],
            "genes shuffled": by_method["gat-zeroshot, genes shuffled"]["average_precision"],
            "abs. Pearson": by_method["pearson"]["average_precision"],
            "share of edges (random score)": own["prevalence"],
            "early precision ratio": own["early_precision_ratio"],
            "sign right": own["sign_accuracy"],
        }.items():
            assert row[column] == pytest.approx(values.mean())


def test_bins_of_all_conditions_are_pooled_by_their_pairs():
    table = pd.DataFrame(
        {
            "bin": [1, 2, 3, 1, 2, 3],
            "pairs": [10, 5, 0, 30, 0, 0],
            "predicted": [0.1, 0.5, np.nan, 0.3, np.nan, np.nan],
            "observed": [0.2, 0.6, np.nan, 0.0, np.nan, np.nan],
        }
    )
    found = pooled_bins(table)
    assert found["pairs"].tolist() == [40, 5, 0]
    assert found["predicted"].tolist()[:2] == pytest.approx([0.25, 0.5])
    assert found["observed"].tolist()[:2] == pytest.approx([0.05, 0.6])
    assert expected_calibration_error(found) == pytest.approx((40 * 0.2 + 5 * 0.1) / 45)


def test_calibration_errors_of_each_condition():
    _, _, calibration = tables()
    found = calibration_errors(calibration)
    assert len(found) == 12 and (found["pairs"] == 600).all()
    row = found.iloc[0]
    part = calibration[
        (calibration["kind"] == row["kind"])
        & (calibration["cells"] == row["cells"])
        & (calibration["dropout"] == row["dropout"])
    ].dropna()
    expected = np.average((part["predicted"] - part["observed"]).abs(), weights=part["pairs"])
    assert row["expected calibration error"] == pytest.approx(expected)


@pytest.fixture(scope="module")
def card():
    curves, metrics, calibration = tables()
    pretraining = {
        "seed": 11,
        "chunks": {
            "training": 7,
            "linear": 2,
            "validation": 2,
            "linear_validation": 2,
            "other": 3,
            "networks_per_chunk": 200,
        },
        "training": {"members": 2},
    }
    fitted = {"temperature": 1.2345, "shift": -0.4321, "sign_temperature": 0.9}
    provenance = {"seed": 11, "commit": "abc123"}
    return write_card(pretraining, provenance, fitted, curves, metrics, calibration)


def test_pseudotime_stands_beside_expression_alone():
    table = pd.DataFrame(
        {
            "kind": ["a", "a", "b", "b"], "cells": 100, "networks": [7, 7, 8, 8],
            "pseudotime": [False, True, False, True], "score": [0.1, 0.2, 0.3, 0.4],
        }
    )  # fmt: skip
    found = with_pseudotime(table, ["kind", "cells"], ["score"])
    assert list(found) == ["kind", "cells", "networks", "score", "score, with pseudotime"]
    assert found["score"].tolist() == [0.1, 0.3]
    assert found["score, with pseudotime"].tolist() == [0.2, 0.4]
    for timed in (True, False):  # only one of them: as it is
        one = table[table["pseudotime"] == timed]
        pd.testing.assert_frame_equal(with_pseudotime(one, ["kind", "cells"], ["score"]), one)


def test_card_says_what_the_tables_say(card):
    curves, metrics, calibration = tables()
    assert "Trained on 1,400 simulated random Boolean networks and 400 networks with" in card
    assert "regulation (seed 11), 2 models" in card
    assert "at commit abc123." in card
    assert "600 mostly larger Boolean networks" in card
    assert "sigmoid(logit / 1.234 -0.432)" in card or "sigmoid(logit / 1.235 -0.432)" in card
    own = metrics[metrics["method"] == "gat-zeroshot"]
    worst = []
    for kind, of_kind in own.groupby("kind"):
        for family, part in of_kind.groupby("family"):
            row = next(x for x in card.splitlines() if x.startswith(f"| {kind} | {family} |"))
            assert f"| {part['average_precision'].mean():.3f} |" in row
        means = of_kind.groupby("family")[["average_precision", "prevalence"]].mean()
        least = (means["average_precision"] / means["prevalence"]).idxmin()
        precision, share = means.loc[least]
        worst.append(f"{kind} {least} ({precision:.3f}, share of edges {share:.3f})")
        listed = [x for x in card.splitlines() if x.startswith(f"| {kind} | {least} |")]
        assert card.index(listed[0]) == min(
            card.index(f"| {kind} | {family} |") for family in means.index
        )
    assert (
        f"- The family of each kind that is least above a random score: {', '.join(worst)}." in card
    )
    errors = [
        f"{kind} {expected_calibration_error(pooled_bins(part)):.4f}"
        for kind, part in calibration.groupby("kind")
    ]
    assert f"over all conditions: {', '.join(errors)}." in card
    for timed, words in ((False, "expression alone: "), (True, "with pseudotime: ")):
        part = own[own["pseudotime"] == timed]
        signs = part.groupby("kind")["sign_accuracy"].mean()
        said = words + ", ".join(f"{kind} {value:.3f}" for kind, value in signs.items())
        assert part.empty or said in card
        for kind, of_kind in part.groupby("kind"):
            row = next(x for x in card.splitlines() if x.startswith(f"| {kind} | 0 | 100 |"))
            shown = of_kind[(of_kind["dropout"] == "0") & (of_kind["cells"] == 100)]
            assert f"| {shown['average_precision'].mean():.3f} |" in row
    assert {"like training", "linear", "other"} == set(own["kind"])
    assert "| 2 | 3 | 0.420 | 0.320 | 0.320 |" in card and "| 1 | 2 |" not in card
    assert "training: 7" in card.split("```yaml")[1]
    assert curves["epoch"].max() == 3


def test_card_orders_sizes_by_number(card):
    table = next(b for b in card.split("\n\n") if b.startswith("| kind | genes |"))
    rows = [[x.strip() for x in line.split("|")[1:4]] for line in table.splitlines()[2:]]
    like = [row[1:] for row in rows if row[0] == "like training"]
    assert like == [["3-8", "2"], ["9-16", "1"], ["17-30", "1"], ["31-50", "1"]]
    assert {row[0] for row in rows} == {"like training", "linear", "other"}


def test_tables_of_the_card_are_rectangular(card):
    blocks = [b.splitlines() for b in card.split("\n\n") if b.startswith("|")]
    assert len(blocks) == 5
    for lines in blocks:
        assert len({line.count("|") for line in lines}) == 1
        assert set(lines[1]) == {"|", "-"} and len(lines) > 2
        assert "nan" not in "".join(lines)


def test_scores_are_also_a_table(card):
    _, metrics, _ = tables()
    scores = score_table(metrics)
    assert list(scores.columns[:5]) == ["kind", "dropout", "cells", "pseudotime", "networks"]
    assert not [column for column in scores.columns if " " in column or "," in column]
    for row in scores.itertuples():
        start = f"| {row.kind} | {row.dropout} | {row.cells} | False | {row.networks} |"
        (line,) = (line for line in card.splitlines() if line.startswith(start))
        assert f"| {row.share_of_edges:.3f} | {row.average_precision:.3f} |" in line


def test_labels_of_the_figure_lie_inside_and_apart(tmp_path):
    assert misplaced(plot_validation(*tables()), tmp_path) == []


def test_figure_shows_the_tables():
    curves, metrics, calibration = tables()
    training, reliability, sizes = plot_validation(curves, metrics, calibration).axes
    drawn = {line.get_label(): line for line in training.lines}
    assert drawn["model 2"].get_ydata().tolist() == pytest.approx([0.52, 0.42, 0.32])
    dashed = [x for x in training.lines if x.get_linestyle() == "--"]
    assert dashed[0].get_ydata().tolist() == pytest.approx([0.61, 0.51, 0.41])

    drawn = {line.get_label(): line for line in reliability.lines}
    assert set(drawn) == {"like training", "linear", "other", "perfect"}
    for kind in ("like training", "linear", "other"):
        bins = pooled_bins(calibration[calibration["kind"] == kind])
        bins = bins[bins["pairs"] > 0]
        assert drawn[kind].get_xdata().tolist() == pytest.approx(bins["predicted"].tolist())
        assert drawn[kind].get_ydata().tolist() == pytest.approx(bins["observed"].tolist())

    drawn = {line.get_label(): line for line in sizes.lines}
    assert set(drawn) == {"GATv2 zero-shot", "abs. Pearson", "share of edges (random)"}
    like = metrics[(metrics["kind"] == "like training") & (metrics["genes"].isin((3, 40)))]
    for label, method, column in (
        ("GATv2 zero-shot", "gat-zeroshot", "average_precision"),
        ("abs. Pearson", "pearson", "average_precision"),
        ("share of edges (random)", "gat-zeroshot", "prevalence"),
    ):
        line = drawn[label]
        means = like[like["method"] == method].groupby("genes")[column].mean()
        assert [line.get_xdata()[0], line.get_xdata()[-1]] == [3, 40]
        ends = [line.get_ydata()[0], line.get_ydata()[-1]]
        assert ends == pytest.approx(means.tolist())


def test_sparse_bins_are_not_drawn():
    curves, metrics, calibration = tables()
    calibration.loc[calibration["bin"] == 2, "pairs"] = 12  # 4 conditions: 48 of a kind
    _, reliability, _ = plot_validation(curves, metrics, calibration).axes
    assert len(reliability.lines[0].get_xdata()) == 2
