"""From predictions of test pairs to metrics per replicate and curves per seed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from grn_gat.metrics import (
    call_metrics,
    label_free_metrics,
    pr_curve,
    prevalence,
    ranking_metrics,
    roc_curve,
)

GRID = np.linspace(0, 1, 51)


def consolidate(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row per replicate and pair: scores and thresholds averaged over the folds that test it.

    (Protocol gene tests a pair twice where its genes lie in different folds.) Sorted by replicate,
    Gene1, Gene2; a pair is called where its score reaches its threshold.
    """
    columns = [c for c in ("called", "negated_called") if c in predictions]
    keys = ["replicate", "Gene1", "Gene2"]
    rules = {"edge": "first", "score": "mean", "threshold": "mean"} | dict.fromkeys(columns, "mean")
    return predictions.groupby(keys, sort=True).agg(rules).reset_index()


def _rows(seed_pairs: pd.DataFrame) -> list[tuple[int, str, float]]:
    """(replicate, metric, value) of one method and seed."""
    rows = []
    for replicate, pairs in seed_pairs.groupby("replicate"):
        edge = pairs["edge"].to_numpy() == 1
        score = pairs["score"].to_numpy()
        found = {"prevalence": prevalence(edge)}
        found |= ranking_metrics(edge, score)
        found |= call_metrics(edge, score >= pairs["threshold"].to_numpy())
        if "called" in pairs and pairs["called"].notna().all():
            found |= label_free_metrics(pairs["called"], pairs["negated_called"])
        rows += [(int(replicate), metric, value) for metric, value in found.items()]
    return rows


def _curves(seed_pairs: pd.DataFrame) -> pd.DataFrame:
    """PR and ROC curve on a fixed grid, mean over replicates."""
    parts = {"pr": [], "roc": []}
    for _, pairs in seed_pairs.groupby("replicate"):
        edge, score = pairs["edge"].to_numpy() == 1, pairs["score"].to_numpy()
        parts["pr"].append(pr_curve(edge, score, GRID))
        parts["roc"].append(roc_curve(edge, score, GRID))
    return pd.concat(
        [
            pd.DataFrame({"curve": curve, "x": GRID, "y": np.mean(values, axis=0)})
            for curve, values in parts.items()
        ]
    )


def score_methods(methods: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score the predictions of several methods on the same pairs.

    Args:
        methods: predictions per method (columns replicate, fold, Gene1, Gene2, edge, score,
            threshold, as `training.train_folds` and `controls.predict_controls` return them).

    Returns:
        Metrics with columns method, replicate, metric, value, and curves with columns method,
        curve (pr: x recall, y precision; roc: x false, y true positive rate), x, y.
    """
    metrics, curves = [], []
    for method, predictions in methods.items():
        pairs = consolidate(predictions)
        rows = pd.DataFrame(_rows(pairs), columns=["replicate", "metric", "value"])
        rows.insert(0, "method", method)
        metrics.append(rows)
        found = _curves(pairs)
        found.insert(0, "method", method)
        curves.append(found)
    return pd.concat(metrics, ignore_index=True), pd.concat(curves, ignore_index=True)
