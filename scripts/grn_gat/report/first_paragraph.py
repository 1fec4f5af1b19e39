"""The first paragraph on a network: is anything above chance, above degrees, and which one leads?

Computed from the tables, so that nobody has to read a heat map to know whether to read on.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from grn_gat.evaluate.relabelling import ABOVE_CHANCE
from grn_gat.report.method_titles import method_title
from grn_gat.report.tables import kind_of

CONSENSUS = "consensus"
_OTHER_REFERENCE = "-of-"  # in the names of controls that count degrees in another reference
_MUCH = 0.1  # share of edges that two references have in common, from which it is said
_RATIO, _Z = "average_precision_ratio", "relabelling_z"


def listed(names: Sequence[str]) -> str:
    """Names as a phrase: a, b and c."""
    return " and ".join([*filter(None, [", ".join(names[:-1])]), *names[-1:]])


def first_paragraph(
    summary: pd.DataFrame, leaders: pd.DataFrame, overlaps: Mapping[str, float] | None = None
) -> list[str]:
    """Sentences on one network at one dropout level.

    Args:
        summary: columns method, metric, mean; all candidate pairs, methods that need no label.
        leaders: rows of `tables.compare_leader` of this network: columns leader, method, kind,
            difference, verdict, over.
        overlaps: share of the edges of the network that another reference of the same cells has
            too, by name of that reference.

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
    something = bool((methods[_Z] >= ABOVE_CHANCE).any())
    return [
        _chance(methods),
        _degrees(methods, degrees, leaders, overlaps or {}),
        *_leader(methods, leaders, something),
    ]


def _many(number: int, what: str = "method") -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _chance(methods: pd.DataFrame) -> str:
    z = methods[_Z].dropna().sort_values(ascending=False, kind="stable")
    if z.empty:
        return "Whether anything is above chance cannot be said: no relabelling changes a score."
    above = z[z >= ABOVE_CHANCE]
    if above.empty:
        best = f"{method_title(str(z.index[0]))} with z {z.iloc[0]:.1f}"
        return (
            f"Nothing is above chance: of {_many(len(z))} none has a relabelling z of "
            f"{ABOVE_CHANCE:g} or more, the nearest is {best}."
        )
    shown = listed([f"{method_title(str(m))} ({value:.1f})" for m, value in above.items()])
    return (
        f"Above chance, with a relabelling z of {ABOVE_CHANCE:g} or more: {len(above)} of "
        f"{_many(len(z))}, {shown}."
    )


def _degrees(
    methods: pd.DataFrame,
    degrees: pd.DataFrame,
    leaders: pd.DataFrame,
    overlaps: Mapping[str, float],
) -> str:
    best = str(methods[_RATIO].idxmax())
    if degrees.empty:
        return "There is no other reference of these genes to count degrees in."
    control = str(degrees[_RATIO].idxmax())
    bar, value = degrees.loc[control, _RATIO], methods.loc[best, _RATIO]
    counted = f"{method_title(control)} ({bar:.2f}), which looks at no cell"
    share = overlaps.get(control.split(_OTHER_REFERENCE)[1], 0.0)
    if share >= _MUCH:
        counted += f" but knows {100 * share:.0f} % of the edges from there"
    if value <= bar:
        return (
            f"Nothing is above degrees: the best average precision ratio, {value:.2f} of "
            f"{method_title(best)}, is below that of {counted}."
        )
    above = int((methods[_RATIO] > bar).sum())
    compared = leaders[(leaders["leader"] == best) & (leaders["method"] == control)]
    sure = (compared["verdict"] == "better").any()
    return (
        f"Above degrees, {'for sure' if sure else 'but not for sure'}: the average precision ratio "
        f"of {method_title(best)} is {value:.2f}, that of {counted}; {_many(above)} of "
        f"{len(methods)} {'is' if above == 1 else 'are'} above it."
    )


def _leader(methods: pd.DataFrame, leaders: pd.DataFrame, something: bool) -> list[str]:
    rows = leaders[leaders["kind"] == "method"]
    if rows.empty:
        return []
    leader = str(rows["leader"].iloc[0])
    title = method_title(leader)
    start = f"{title} leads by average precision (ratio {methods.loc[leader, _RATIO]:.2f})"
    if not something:
        start = f"Where nothing is above chance a lead means little: {start}"
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
        return ["So what simple methods agree on, the consensus, is not surpassed here."]
    own = rows[rows["method"] == CONSENSUS]
    if own.empty:
        return []
    sure = own["verdict"].iloc[0] == "better"
    return [
        f"It is {'for sure' if sure else 'not for sure'} above the consensus, the agreement of "
        "simple methods that costs next to nothing."
    ]
