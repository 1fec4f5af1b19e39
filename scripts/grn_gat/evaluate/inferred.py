"""Metrics of one network that was inferred from one data set, beside what knows nothing."""

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator
from grn_gat.data.ranked_edges import scores_of_pairs
from grn_gat.evaluate.metrics import prevalence, ranking_metrics
from grn_gat.evaluate.splits import candidate_pairs

METRIC_COLUMNS = ["metric", "value", "random", "constant"]
_RANDOM_RANKINGS = 100


def metric_table(
    ranked: pd.DataFrame, reference: pd.DataFrame, regulators: list[str], seed: int
) -> pd.DataFrame:
    """Score a ranking on all candidate pairs of the reference, beside what knows nothing.

    Columns metric, value, random (mean over 100 random rankings) and constant (the same score for
    all pairs). Rows: numbers of pairs and edges, prevalence, then `metrics.RANKING_METRICS` on
    magnitudes.
    """
    pairs = candidate_pairs(reference, regulators)
    labels = pairs["edge"].to_numpy(dtype=bool)
    rng = generator(seed, "infer", "random")
    random = [ranking_metrics(labels, rng.random(len(labels))) for _ in range(_RANDOM_RANKINGS)]
    facts = {"pairs": len(labels), "edges": labels.sum(), "prevalence": prevalence(labels)}
    table = pd.DataFrame(
        {
            "value": facts | ranking_metrics(labels, np.abs(scores_of_pairs(ranked, pairs))),
            "random": facts | pd.DataFrame(random).mean().to_dict(),
            "constant": facts | ranking_metrics(labels, np.ones(len(labels))),
        }
    )
    return table.rename_axis("metric").reset_index()[METRIC_COLUMNS]
