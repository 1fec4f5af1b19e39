"""The tables of the zero-shot model's ablation."""

import pandas as pd

ALL_SIZES = "all"
SIZES = {  # classes of network size, in genes
    "3-8": (3, 8),
    "9-16": (9, 16),
    "17-50": (17, 50),
    ALL_SIZES: (0, float("inf")),
}
CONDITION = ["cells", "dropout", "pseudotime"]
TRAINING = [
    "kind", "variant", "layers", "heads", "width", "parameters", "networks", "epochs",
]  # fmt: skip


def by_size(metrics: pd.DataFrame) -> pd.DataFrame:
    """Mean accuracy of the model by condition and size class, classes without a network left out.

    Args:
        metrics: rows of `validation.network_metrics` with the columns of the condition.

    Returns:
        Columns cells, dropout, pseudotime, genes (the class), held_out (networks),
        share_of_edges (what a random score gives), average_precision.
    """
    own = metrics[metrics["method"] == "gat-zeroshot"]
    parts = []
    for name, (low, high) in SIZES.items():
        part = own[own["genes"].between(low, high)].groupby(CONDITION, as_index=False)
        parts.append(
            part.agg(
                held_out=("network", "size"),
                share_of_edges=("prevalence", "mean"),
                average_precision=("average_precision", "mean"),
            ).assign(genes=name)
        )
    values = ["held_out", "share_of_edges", "average_precision"]
    return pd.concat(parts, ignore_index=True)[[*CONDITION, "genes", *values]]


def over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and range over the seeds of each variant, condition and size class.

    Args:
        table: the rows of all trainings: columns `TRAINING`, seed, train_loss and those of
            `by_size`.
    """
    groups = table.groupby([*TRAINING, *CONDITION, "genes"], as_index=False, sort=False)
    return groups.agg(
        seeds=("seed", "size"),
        train_loss=("train_loss", "mean"),
        held_out=("held_out", "first"),
        share_of_edges=("share_of_edges", "first"),
        average_precision=("average_precision", "mean"),
        lowest=("average_precision", "min"),
        highest=("average_precision", "max"),
    )
