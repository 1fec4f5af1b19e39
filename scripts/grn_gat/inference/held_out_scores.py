"""What methods and controls are worth on held-out networks, network by network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.seeds import generator
from grn_gat.evaluate.held_out_plan import DEGREE_PRODUCT, RANDOM, method_of, on_shuffled
from grn_gat.evaluate.metrics import calibration_bins, prevalence, ranking_metrics
from grn_gat.evaluate.shuffled_null import shuffled
from grn_gat.inference.attempt import Attempt, Cells, attempt, method_seed
from grn_gat.simulate.chunks import Sample

METRICS = ("average_precision", "average_precision_ratio", "auroc", "early_precision_ratio")
_BINS = ("pairs", "predicted", "observed")


@dataclass(frozen=True)
class Scorer:
    """Something that scores the pairs of genes of a data set.

    Attributes:
        name: one of `held_out_plan.scored`.
        seed: integer that all draws descend from.
        settings: of the method.
        named: whether the regulators of the network are named as candidates, which then are those
            that have a target; else every gene may regulate.
    """

    name: str
    seed: int
    settings: Mapping[str, Any]
    named: bool = False

    def regulators(self, sample: Sample) -> np.ndarray:
        """(genes,) bool: candidates, whose pairs are scored."""
        if not self.named:
            return np.ones(len(sample.signs), bool)
        found: np.ndarray = (sample.signs != 0).any(axis=1)
        return found

    def scores(self, sample: Sample, data_set: str) -> Attempt:
        """Return scores (genes, genes) of a data set, or why there are none.

        Controls see the true network and no cell; methods see the cells, the candidate regulators
        and nothing else.
        """
        if self.name == RANDOM:
            rng = generator(self.seed, "held out", RANDOM, data_set)
            return Attempt(rng.random(sample.signs.shape))
        if self.name == DEGREE_PRODUCT:
            edge = sample.signs != 0
            np.fill_diagonal(edge, False)
            return Attempt(np.outer(edge.sum(axis=1), edge.sum(axis=0)).astype(float))
        expression = sample.expression.T.astype(float)
        if on_shuffled(self.name):
            expression = shuffled(expression, self.seed, data_set)
        genes = [f"g{k + 1}" for k in range(len(expression))]
        cells = Cells(genes, expression, None, np.flatnonzero(self.regulators(sample)))
        method = method_of(self.name)
        assert method is not None
        seed = method_seed(self.seed, method, data_set, "1", "000")
        return attempt(method, cells, seed, 1, self.settings)

    @property
    def probabilities(self) -> bool:
        """Whether its scores are probabilities."""
        method = method_of(self.name)
        return method is not None and load_method(method).probabilities


def first_few(samples: Sequence[Sample], name: str, few: Mapping[str, Any]) -> list[int]:
    """Return which data sets are scored: all, or some where it takes long.

    Args:
        samples: the data sets.
        name: one of `held_out_plan.scored`.
        few: block `held_out.few` of the pretraining config.
    """
    if name not in few["methods"]:
        return list(range(len(samples)))
    small = [k for k, sample in enumerate(samples) if len(sample.signs) <= few["genes"]]
    return small[: few["networks"]]


def score_networks(
    scorer: Scorer, samples: Mapping[int, Sample], condition: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score data sets with known edges.

    Args:
        scorer: what scores them.
        samples: data sets by their numbers.
        condition: a name of what they have in common, for the seeds.

    Returns:
        One row per data set: network (its number), genes, cells, prevalence, METRICS,
        mean_probability (NaN of scores that are none), reason (why there is no score); and bins of
        the probabilities of the pairs of all networks: bin, pairs, predicted, observed. All ordered
        pairs of a candidate regulator and another gene count. Metrics are NaN where nothing scored,
        or there is no edge.
    """
    rows, labels, probabilities = [], [], []
    for number, sample in samples.items():
        off = ~np.eye(len(sample.signs), dtype=bool) & scorer.regulators(sample)[:, None]
        label = (sample.signs != 0)[off]
        found = scorer.scores(sample, f"{condition} {number}")
        row: dict[str, Any] = {
            "network": number,
            "genes": len(sample.signs),
            "cells": len(sample.time),
            "prevalence": prevalence(label),
            **dict.fromkeys((*METRICS, "mean_probability"), np.nan),
            "reason": found.reason,
        }
        if found.scores is not None:
            score = np.abs(found.scores[off])
            metrics = ranking_metrics(label, score)
            row |= {name: metrics[name] for name in METRICS}
            if scorer.probabilities:
                row["mean_probability"] = float(score.mean())
                labels.append(label)
                probabilities.append(score)
        rows.append(row)
    bins = pd.DataFrame(columns=["bin", *_BINS])
    if labels:
        found_bins = calibration_bins(np.concatenate(labels), np.concatenate(probabilities))
        bins = pd.DataFrame(found_bins, columns=list(_BINS))
        bins.insert(0, "bin", range(1, len(bins) + 1))
    return pd.DataFrame(rows), bins
