"""The conditions under which scores of the zero-shot model should not be trusted."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import spearmanr

from grn_gat.data.doubts import LOG_NORMALISED
from grn_gat.inference import judge, trust
from grn_gat.study.place import schema
from grn_gat.zeroshot.likeness import Likeness, features
from grn_gat.zeroshot.robust_statistics import RobustStatistics
from grn_gat.zeroshot.zeroshot_model import save_model
from untrained import untrained_model
from workflows import REPOSITORY

KEYS = schema("study")["properties"]["trust"]["properties"]
LIMITS = {key: value["default"] for key, value in KEYS.items()}
RNG = np.random.default_rng(2)
SHIPPED = REPOSITORY / "workflow/resources/zeroshot/levels.safetensors"
GENES = [f"G{i}" for i in range(60)]
CELLS = RNG.gamma(2, size=(60, 100))  # continuous, of totals that differ


def ranked(scores: np.ndarray, regulators=range(60)) -> pd.DataFrame:
    pairs = [(u, v) for u in regulators for v in range(len(scores)) if u != v]
    first, second = np.array(pairs).T
    names = np.array([f"G{i}" for i in range(len(scores))], dtype=object)
    table = {"Gene1": names[first], "Gene2": names[second], "EdgeWeight": scores[first, second]}
    return pd.DataFrame(table)


def scores(genes: int = 60, high: float = 0.08) -> np.ndarray:
    """Small probabilities of both signs, that say nothing of the correlation."""
    rng = np.random.default_rng(3)
    return rng.uniform(0, high, (genes, genes)) * rng.choice([-1, 1], (genes, genes))


def judged(values: np.ndarray, expression: np.ndarray = CELLS, **limits) -> pd.DataFrame:
    names = GENES[: len(values)]
    pairs = ranked(values, range(len(values)))
    table = judge.judged(pairs, names, expression, LIMITS | limits, 2, SHIPPED)
    assert list(table) == trust.COLUMNS and len(table) == 5
    return table.set_index("condition", drop=False)


def held(table: pd.DataFrame) -> list[str]:
    return list(table.loc[table["holds"] == "yes", "condition"])


def test_nothing_speaks_against_usual_scores():
    table = judged(scores())
    assert held(table) == [] and trust.trusted(table) == "yes" and trust.reasons(table) == []
    assert table.loc["values", ["value", "limit"]].tolist() == ["continuous", ""]


def test_expected_in_degree():
    table = ranked(np.full((60, 60), -0.1))
    assert judge.expected_in_degree(table, 60) == pytest.approx(5.9)
    # As if all genes were candidates: of those that are, so many targets are expected.
    assert judge.expected_in_degree(ranked(np.full((60, 60), 0.1), [3, 4]), 60) == pytest.approx(
        5.9
    )
    table = judged(scores(high=0.5))
    assert held(table) == ["expected_in_degree"] and trust.trusted(table) == "no"
    value = table.loc["expected_in_degree", "value"]
    assert trust.reasons(table) == [f"it expects {value} regulators of each gene (more than 3.5)"]
    assert held(judged(scores(high=0.5), expected_in_degree=20)) == []


def test_one_sign():
    values = scores()
    strongest = np.abs(values) > np.quantile(np.abs(values), 0.5)
    values[strongest] = -np.abs(values[strongest])
    assert judge.share_of_one_sign(ranked(values), 120) == 1
    assert judge.share_of_one_sign(ranked(scores()), 120) == pytest.approx(0.5, abs=0.2)
    values[[0, 1, 2], [1, 2, 0]] = 0.09  # three of 120 activate
    table = judged(values)
    assert held(table) == ["one_sign"]
    assert trust.reasons(table) == [
        "97.5 % of its strongest edges have the same sign (more than 90 %)"
    ]
    # Small networks of one sign are among those of the training.
    assert held(judged(-np.abs(scores(50)), CELLS[:50])) == []
    assert held(judged(-np.abs(scores(50)), CELLS[:50], genes=49)) == ["one_sign"]


def test_rank_correlation_with_spearman():
    expression = RNG.normal(size=(60, 100)) + 3 * RNG.normal(size=(60, 3)) @ RNG.normal(
        size=(3, 100)
    )
    expression -= expression.min()
    strength = np.abs(spearmanr(expression, axis=1).statistic)
    against = (1 - strength) * 0.08 * np.sign(scores())
    assert judge.correlation_with_spearman(ranked(against), GENES, expression) == pytest.approx(-1)
    table = judged(against, expression)
    assert "rank_correlation" in held(table)
    assert any("its scores fall where two genes go together: rank correlation -1 " in text
               for text in trust.reasons(table))  # fmt: skip
    along = ranked(strength * 0.05, [7, 9])
    assert judge.correlation_with_spearman(along, GENES, expression) == pytest.approx(1)
    flat = ranked(np.full((60, 60), 0.1))
    assert np.isnan(judge.correlation_with_spearman(flat, GENES, expression))
    constant = np.where(np.arange(60)[:, None] < 59, 1.0, expression)
    assert np.isnan(judge.correlation_with_spearman(along, GENES, constant))


def test_cells_that_were_divided_by_their_totals():
    divided = CELLS / CELLS.sum(axis=0) * 1e4
    for values in (divided, np.log1p(divided), np.log2(1 + divided)):
        table = judged(scores(), values)
        assert held(table) == ["cell_totals"]
        assert trust.reasons(table)[0].startswith(
            "all cells have the same total, in the values or "
        )
        assert held(judged(scores(40), values[:40])) == []  # nothing is left to see it by
    counts = RNG.negative_binomial(2, 0.3, (90, 100)).astype(float)
    some = np.log1p(counts / counts.sum(axis=0) * 1e4)[:60]
    table = judged(scores(), some)
    assert held(table) == ["values"]
    assert trust.reasons(table) == [f"the values look like {LOG_NORMALISED}"]


@pytest.fixture(scope="module")
def of_any_data(tmp_path_factory) -> Path:
    """Weights whose training had data sets like the first 20 genes, and scores like theirs."""
    model, rng = untrained_model(), np.random.default_rng(5)
    points = []
    for _ in range(200):
        values = rng.uniform(0, 0.3, 380) * rng.choice([-1, 1], 380)
        edge = torch.logit(torch.from_numpy(np.abs(values))) + 1  # without the shift of the model
        data = RobustStatistics(torch.from_numpy(rng.gamma(2, size=(20, 100))).float()).data
        points.append(features(data, edge, torch.from_numpy(values > 0), 20))
    path = tmp_path_factory.mktemp("weights") / "any_data.safetensors"
    likeness = Likeness.of(np.stack(points))
    save_model(path, dataclasses.replace(model, likeness=likeness), {"seed": 1, "commit": "0"})
    return path


def of_training(weights: Path, values: np.ndarray, expression: np.ndarray = CELLS) -> pd.DataFrame:
    names = GENES[: len(values)]
    regulators = range(len(values))
    pairs, cells = ranked(values, regulators), expression[: len(values)]
    return judge.judged(pairs, names, cells, LIMITS, 2, weights)


def test_weights_that_know_their_training_are_asked_how_rare_the_data_are(of_any_data):
    table = of_training(of_any_data, scores(20, 0.3))
    assert list(table["condition"]) == ["regulators_of_a_gene", "rarity"]
    assert held(table) == [] and list(table["limit"]) == ["0.5 to 10", "0.02"]
    degree = np.abs(scores(20, 0.3))[~np.eye(20, dtype=bool)].sum() / 20
    assert float(table["value"][0]) == pytest.approx(degree, rel=0.01)
    unlike = of_training(of_any_data, scores(20, 0.3), RNG.poisson(0.05, (60, 100)).astype(float))
    assert held(unlike) == ["rarity"]
    assert trust.reasons(unlike) == [
        "they are unlike the simulated data that it was trained on, of which 0 % are as far from "
        "the others (less than 2 %)"
    ]


@pytest.mark.parametrize("high", [0.03, 0.99])
def test_too_few_and_too_many_regulators(of_any_data, high):
    table = of_training(of_any_data, scores(30 if high > 0.5 else 20, high))
    assert "regulators_of_a_gene" in held(table)
    sentence = trust.reasons(table)[0]
    assert sentence.startswith("it expects ") and sentence.endswith("(not 0.5 to 10)")
    assert float(sentence.split()[2]) < 0.5 if high < 0.5 else float(sentence.split()[2]) > 10


def test_a_method_that_failed_is_not_judged():
    table = judge.judged(ranked(scores())[:0], GENES, CELLS, LIMITS, 2, "")
    assert list(table) == trust.COLUMNS and trust.trusted(table) == "" and not trust.reasons(table)


def test_conditions_of_several_methods():
    tables = {"gat-zeroshot": judged(scores()), "pidc": judged(scores())[:0]}
    tables["gat-zeroshot-pseudotime"] = judged(scores(high=0.5))
    found = trust.of_methods(tables)
    assert list(found) == ["method", *trust.COLUMNS] and len(found) == 10
    (line,) = trust.warnings(found)
    assert line.startswith(
        "the scores of GATv2 zero-shot, with pseudotime should not be trusted on these data: it exp"
    )
    nothing = trust.of_methods({"pidc": judged(scores())[:0]})
    assert list(nothing) == list(found) and not trust.warnings(nothing)
