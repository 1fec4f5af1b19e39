"""The overview page: picks the numbers for its sentences and tables from the report tables."""

from collections.abc import Mapping

import pandas as pd

from grn_gat.hub_tables import ALL

TOP_GENES = 5
_METRICS = ["accuracy", "precision", "recall", "f1", "auroc", "average_precision"]
_LABEL_FREE = [f"label_free_{name}" for name in ("accuracy", "precision", "recall", "f1")]
METHOD_NAMES = {
    "gat": "GATv2",
    "degree-product": "degree product",
    "degree-sum": "degree sum",
    "pair-lookup": "pair lookup",
    "random": "random score",
    "majority": "majority class",
    "constant-logit": "constant logit 4.6",
}


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.3f}"


def _interval(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return _number(row["mean"])
    return f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"


def metric_table(summary: pd.DataFrame, metrics: list[str]) -> list[dict]:
    """Rows of method, dropout and one text per metric, GATv2 first."""
    rows = []
    for method in [m for m in METHOD_NAMES if (summary["method"] == m).any()]:
        part = summary[(summary["method"] == method) & summary["metric"].isin(metrics)]
        levels = {
            dropout: {r["metric"]: _interval(r) for _, r in group.iterrows()}
            for dropout, group in part.groupby("dropout", sort=False)
        }
        # Controls see no expression: the same at every dropout level, shown once.
        if method != "gat" and len(levels) > 1 and len({str(v) for v in levels.values()}) == 1:
            levels = {"any": next(iter(levels.values()))}
        for dropout, values in levels.items():
            cells = [values.get(metric, "–") for metric in metrics]
            rows.append({"method": METHOD_NAMES[method], "dropout": dropout, "cells": cells})
    return rows


def verdicts(comparison: pd.DataFrame) -> list[str]:
    """One sentence per dropout level: does the GATv2 beat its best control by AUROC?"""
    sentences = []
    words = {
        "better": "beats its best control",
        "worse": "is worse than its best control",
        "no difference": "cannot be told from its best control",
        "not determined": "has too few seeds or replicates to be judged against its best control",
    }
    for dropout, group in comparison.groupby("dropout", sort=False):
        by_metric = {metric: rows for metric, rows in group.groupby("metric")}
        if "auroc" not in by_metric:
            continue
        auroc = by_metric["auroc"]
        # Not the random score: the luck of its draw is no achievement to be compared with.
        judged = auroc[auroc["control"] != "random"]
        best = judged.loc[judged["control_value"].idxmax()]
        text = (
            f"At {dropout} % dropout the GATv2 {words[best['verdict']]}, the "
            f"{METHOD_NAMES[best['control']]}: AUROC {best['gat']:.3f} against "
            f"{best['control_value']:.3f} (difference {best['difference']:+.3f}"
        )
        if not pd.isna(best["low"]):
            text += f", 95 % interval {best['low']:.3f} to {best['high']:.3f}"
        text += ")"
        precision = by_metric.get("average_precision", comparison.iloc[:0])
        same = precision[precision["control"] == best["control"]]
        for _, row in same.iterrows():
            text += f"; average precision {row['gat']:.3f} against {row['control_value']:.3f}"
        sentences.append(text + ".")
    return sentences


def hub_table(hubs: pd.DataFrame) -> list[dict]:
    """Top genes per source and measure over all dropout levels, with the spread of their ranks."""
    rows = []
    shown = hubs[(hubs["dropout"] == ALL) & ~hubs["measure"].isin(["attention_received"])]
    wanted = {"degree", "closeness", "betweenness", "eigenvector", "hits", "attention_given"}
    for (source, measure), group in shown.groupby(["source", "measure"], sort=False):
        if measure not in wanted:
            continue
        top = group.nsmallest(TOP_GENES, "rank", keep="first")
        genes = []
        for _, row in top.iterrows():
            spread = f" [{row['rank_low']:.0f}–{row['rank_high']:.0f}]" if row["n"] > 1 else ""
            genes.append(f"{row['gene']} ({row['value']:.3g}){spread}")
        rows.append({"source": source, "measure": measure.replace("_", " "), "genes": genes})
    return sorted(rows, key=lambda r: (r["source"] != "reference", r["source"], r["measure"]))


def render_overview(
    template: str,
    summary: pd.DataFrame,
    comparison: pd.DataFrame,
    hubs: pd.DataFrame,
    networks: pd.DataFrame,
    config: Mapping,
) -> str:
    """Fill the template (workflow/report/overview.html.j2) with the numbers of the tables."""
    from jinja2 import Environment, StrictUndefined

    content = []
    for network, entry in config["networks"].items():
        own = summary[summary["network"] == network]
        compared = comparison[comparison["network"] == network]
        reference = networks[
            (networks["network"] == network) & (networks["source"] == "reference")
        ].iloc[0]
        protocols = {}
        for protocol in config["protocols"]:
            part = own[own["protocol"] == protocol]
            protocols[protocol] = {
                "prevalence": part.loc[part["metric"] == "prevalence", "mean"].iloc[0],
                "metrics": metric_table(part, _METRICS),
                "label_free": metric_table(part[part["metric"].isin(_LABEL_FREE)], _LABEL_FREE),
                "verdicts": verdicts(compared[compared["protocol"] == protocol]),
            }
        content.append(
            {
                "name": network,
                "entry": entry,
                "replicates": entry.get("replicates", len(entry.get("folders", [0]))),
                "reference": reference.to_dict(),
                "protocols": protocols,
                "hubs": hub_table(hubs[hubs["network"] == network]),
            }
        )
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(template).render(networks=content, config=config)
