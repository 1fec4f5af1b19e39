"""What the overview says of the method that a study is about: its place, and how sure it is.

Computed from the tables, as `first_paragraph` is.
"""

from collections.abc import Sequence

import pandas as pd

from grn_gat.report.first_paragraph import listed
from grn_gat.report.method_titles import method_title
from grn_gat.report.tables import kind_of

_RATIO, _Z, _METRIC = "average_precision_ratio", "relabelling_z", "average_precision"
_SURE = {
    "better": "for sure above",
    "no difference": "neither for sure above nor for sure below",
    "worse": "for sure below",
    "not determined": "not to be judged (too few seeds, replicates or regulators) against",
}


def focus_sentences(
    summary: pd.DataFrame, compared: pd.DataFrame, focus: str, failed: Sequence[str] = ()
) -> list[str]:
    """Sentences on the method in focus, on one network at one dropout level.

    Args:
        summary: columns method, metric, mean; all candidate pairs, methods that need no label.
        compared: rows of `tables.compare_with_others` of this network, without labels.
        focus: name of the method.
        failed: why it has no result on data sets.
    """
    title = method_title(focus)
    wide = summary.pivot_table(index="method", columns="metric", values="mean")
    wide = wide.reindex(columns=[_RATIO, _Z])
    methods = wide[wide.index.map(kind_of) == "method"].dropna(subset=[_RATIO])
    if focus not in methods.index:
        why = f" ({'; '.join(failed)})" if failed else ""
        return [f"{title}, which this study is about, has no result here{why}."]
    place = int((methods[_RATIO] > methods.loc[focus, _RATIO]).sum()) + 1
    numbers = f"ratio {methods.loc[focus, _RATIO]:.2f}"
    if pd.notna(methods.loc[focus, _Z]):
        numbers += f", relabelling z {methods.loc[focus, _Z]:.1f}"
    first = f"{title} has place {place} of {len(methods)} methods by average precision ({numbers})."
    rows = compared[compared["metric"] == _METRIC]
    return [first, *(_against(rows, kind, title) for kind in ("method", "control")
                     if (rows["kind"] == kind).any())]  # fmt: skip


def _against(compared: pd.DataFrame, kind: str, title: str) -> str:
    rows = compared[compared["kind"] == kind].sort_values(
        "difference", ascending=False, kind="stable"
    )
    found = {verdict: rows.loc[rows["verdict"] == verdict, "method"] for verdict in _SURE}
    clauses = [
        f"{_SURE[verdict]} {listed([method_title(name) for name in names])}"
        for verdict, names in found.items()
        if len(names)
    ]
    over = "regulators" if (rows["over"] == "regulators").all() else "replicates"
    return (
        f"Of the {kind}s {title} is, by average precision, {'; '.join(clauses)} (95 % intervals "
        f"over {over})."
    )


def focus_table(compared: pd.DataFrame, metric: str) -> dict:
    """Table of the paired differences between the method in focus and every other row.

    Args:
        compared: rows of one network and protocol of `tables.compare_with_others`.
        metric: what the differences are of.

    Returns:
        `dropouts` and `rows` (method, title, kind, cells), those that it is furthest above first.
    """
    rows = compared[compared["metric"] == metric]
    dropouts = sorted(rows["dropout"].unique(), key=int)
    mean = rows.groupby("method")["difference"].mean()
    cells = {(row["method"], row["dropout"]): _cell(row) for _, row in rows.iterrows()}
    return {
        "dropouts": dropouts,
        "rows": [
            {
                "method": method,
                "title": method_title(method),
                "kind": kind_of(method),
                "cells": [cells.get((method, dropout), "–") for dropout in dropouts],
            }
            for method in sorted(mean.index, key=lambda name: (-mean[name], name))
        ],
    }


def _cell(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return f"{row['difference']:+.3f}"
    interval = f"[{row['low']:+.3f}, {row['high']:+.3f}]"
    return f"{row['difference']:+.3f} {interval} {row['verdict']}"
