"""Every method on every kind of data, on one footing: where does its order of edges mean something?

The footing is the average precision ratio (average precision over the share of edges: 1 for an
order that means nothing) beside the relabelling z (`evaluate.relabelling`), which a score does not
raise by ranking classes of genes.
"""

from collections.abc import Mapping

import pandas as pd

from grn_gat.report.tables import kind_of

KIND_COLUMNS = [
    "kind",
    "network",
    "dropout",
    "method",
    "method_kind",
    "prevalence",
    "average_precision_ratio",
    "low",
    "high",
    "over",
    "early_precision_ratio",
    "relabelling_z",
]
_UNSUPERVISED = "unsupervised"
_METRICS = ("prevalence", "average_precision_ratio", "early_precision_ratio", "relabelling_z")


def kinds_table(summary: pd.DataFrame, kinds: Mapping[str, str]) -> pd.DataFrame:
    """One row per network, dropout level and method that needs no label, or control.

    Args:
        summary: columns network, dropout, protocol, method, metric, mean, low, high, over.
        kinds: kind of data of each network, in the order from home to abroad.

    Returns:
        Columns KIND_COLUMNS, in the order of `kinds`: `method_kind` as `tables.kind_of`;
        `low` and `high` bracket the average precision ratio, over seeds and `over`.
    """
    shown = summary[(summary["protocol"] == _UNSUPERVISED) & summary["metric"].isin(_METRICS)]
    order = {network: place for place, network in enumerate(kinds)}
    shown = shown[shown["network"].isin(order)]
    keys = ["network", "dropout", "method"]
    table = shown.pivot_table(
        index=keys, columns="metric", values="mean", sort=False, dropna=False
    ).reindex(columns=list(_METRICS))
    ratio = shown[shown["metric"] == "average_precision_ratio"].set_index(keys)
    table = table.join(ratio[["low", "high", "over"]]).reset_index()
    table = table.dropna(subset=["average_precision_ratio"])
    table["kind"] = table["network"].map(kinds)
    table["method_kind"] = table["method"].map(kind_of)
    place = table["network"].map(order)
    rows = place.sort_values(kind="stable").index
    return table.loc[rows, KIND_COLUMNS].reset_index(drop=True)
