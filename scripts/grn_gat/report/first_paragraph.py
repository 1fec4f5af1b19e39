"""The first paragraph on a network: is anything above chance, above degrees, and which one leads?

Computed from the tables, so that nobody has to read a heat map to know whether to read on.
"""

from collections.abc import Sequence

import pandas as pd

from grn_gat.evaluate.relabelling import ABOVE_CHANCE
from grn_gat.report.method_titles import method_title
from grn_gat.report.tables import kind_of

CONSENSUS = "consensus"
_OTHER_REFERENCE = "-of-"  # in the names of controls that count degrees in another reference
_RATIO, _Z = "average_precision_ratio", "relabelling_z"


def listed(names: Sequence[str]) -> str:
    """Names as a phrase: a, b and c."""
    return " and ".join([*filter(None, [", ".join(names[:-1])]), *names[-1:]])


def first_paragraph(summary: pd.DataFrame, leaders: pd.DataFrame) -> list[str]:
    """Sentences on one network at one dropout level.

    Args:
        summary: columns method, metric, mean; all candidate pairs, methods that need no label.
        leaders: rows of `tables.compare_leader` of this network: columns model (the leader),
            method, kind, value, difference, verdict, over.

    Returns:
        One sentence on chance, one on degrees, one or two on the method that leads; without
        methods none.
    """
    wide = summary.pivot_table(index="method", columns="metric", values="mean")
    wide = wide.reindex(columns=[_RATIO, _Z])
    kinds = wide.index.map(kind_of)
    methods = wide[kinds == "method"].dropna(subset=[_RATIO])
    if methods.empty:
        return []
    degrees = wide[wide.index.str.contains(_OTHER_REFERENCE)].dropna(subset=[_RATIO])
    return [_chance(methods), _degrees(methods, degrees), *_leader(methods, leaders)]


def _chance(methods: pd.DataFrame) -> str:
    z = methods[_Z].dropna().sort_values(ascending=False, kind="stable")
    if z.empty:
        return "Whether anything is above chance cannot be said: no relabelling changes a score."
    above = z[z >= ABOVE_CHANCE]
    if above.empty:
        best = f"{method_title(str(z.index[0]))} with z {z.iloc[0]:.1f}"
        return (
            f"Nothing is above chance: of {len(z)} methods none has a relabelling z of "
            f"{ABOVE_CHANCE:g} or more, the nearest is {best}."
        )
    first = [f"{method_title(str(m))} ({value:.1f})" for m, value in above.iloc[:3].items()]
    rest = f" and {len(above) - 3} more" if len(above) > 3 else ""
    shown = f"{', '.join(first)}{rest}" if rest else listed(first)
    return (
        f"Above chance, with a relabelling z of {ABOVE_CHANCE:g} or more, are {len(above)} of "
        f"{len(z)} methods: {shown}."
    )


def _degrees(methods: pd.DataFrame, degrees: pd.DataFrame) -> str:
    best = methods[_RATIO].idxmax()
    if degrees.empty:
        return "There is no other reference of these genes to count degrees in."
    control = degrees[_RATIO].idxmax()
    bar, value = degrees.loc[control, _RATIO], methods.loc[best, _RATIO]
    above = methods[methods[_RATIO] > bar]
    counted = f"{method_title(str(control))} ({bar:.2f}), which looks at no cell"
    if above.empty:
        return (
            f"Nothing is above degrees: the best average precision ratio, {value:.2f} of "
            f"{method_title(str(best))}, is below that of {counted}."
        )
    return (
        f"Above degrees are {len(above)} of {len(methods)} methods: the best average precision "
        f"ratio is {value:.2f}, of {method_title(str(best))}, against {counted}."
    )


def _leader(methods: pd.DataFrame, leaders: pd.DataFrame) -> list[str]:
    rows = leaders[leaders["kind"] == "method"]
    if rows.empty:
        return []
    leader = rows["model"].iloc[0]
    title = method_title(leader)
    start = f"{title} leads by average precision (ratio {methods.loc[leader, _RATIO]:.2f})"
    if (rows["verdict"] == "not determined").all():
        return [f"{start}; over whom for sure cannot be said: too few replicates or regulators."]
    sure = rows[rows["verdict"] == "better"].sort_values("difference", kind="stable")
    unsure = rows[rows["verdict"] != "better"].sort_values("difference", kind="stable")
    over = "regulators" if (rows["over"] == "regulators").all() else "replicates"
    if sure.empty:
        text = f"{start}, over no other method for sure (95 % intervals over {over})."
    else:
        names = [method_title(m) for m in sure["method"]]
        text = f"{start}, for sure over {listed(names)} (95 % intervals over {over})."
    if len(unsure) and len(sure):
        text += f" Not for sure over {listed([method_title(m) for m in unsure['method']])}."
    return [text, *_consensus(leader, rows)]


def _consensus(leader: str, rows: pd.DataFrame) -> list[str]:
    """Whether the leader is above the agreement of simple methods, which costs nothing."""
    if leader == CONSENSUS:
        return ["The leader is the agreement of simple methods itself."]
    own = rows[rows["method"] == CONSENSUS]
    if own.empty:
        return []
    sure = own["verdict"].iloc[0] == "better"
    return [f"The consensus, which costs nothing, is {'' if sure else 'not '}left behind for sure."]
