"""One network that was inferred from one data set: its size, its hubs and its metrics."""

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator
from grn_gat.data.ranked_edges import scores_of_pairs
from grn_gat.evaluate.hubs import HUB_MEASURES, hub_measures, rank
from grn_gat.evaluate.metrics import prevalence, ranking_metrics
from grn_gat.evaluate.splits import candidate_pairs

METRIC_COLUMNS = ["metric", "value", "random", "constant"]
_RANDOM_RANKINGS = 100


def number_of_edges(
    genes: list[str], reference: pd.DataFrame, regulators: list[str], edges_per_gene: float
) -> int:
    """Return how many edges the drawn network gets.

    With a reference as many as it has between different genes whose first is a candidate regulator
    (the k of early precision; they are drawn among all genes of the matrix, though), without one
    `edges_per_gene` for each gene of the matrix, and at least one.
    """
    if len(reference):
        return int(candidate_pairs(reference, regulators)["edge"].sum())
    return max(1, round(edges_per_gene * len(genes)))


def hub_table(genes: list[str], edges: pd.DataFrame, regulators: list[str]) -> pd.DataFrame:
    """Return the hub measures of the drawn network, one row per gene, the largest degree first.

    Columns gene, candidate_regulator, then each measure of `hubs.HUB_MEASURES` and its rank
    (`<measure>_rank`: 1 for the highest value, ties share the best of their ranks). Sorted by
    degree_rank, then gene.
    """
    measures = hub_measures(genes, edges[["regulator", "target"]].to_numpy())
    table = pd.DataFrame({"gene": genes, "candidate_regulator": np.isin(genes, regulators)})
    for measure in HUB_MEASURES:
        table[measure] = measures[measure].to_numpy()
        table[f"{measure}_rank"] = rank(measures[measure]).to_numpy()
    return table.sort_values(["degree_rank", "gene"], ignore_index=True)


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
