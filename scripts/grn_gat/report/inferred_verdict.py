"""What came out of one file of cells, in three sentences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grn_gat.evaluate.shuffled_null import RELATIVE, expected_edges

if TYPE_CHECKING:
    import pandas as pd

    from grn_gat.report.inferred_report import Inferred

_STABLE = 0.9  # of the runs: an edge that nearly all of them have
_NAMED = 3  # hubs


def verdict(methods: Sequence["Inferred"], cells: int) -> list[str]:
    """Return three sentences on the first method that gave a network; none where none did.

    What is drawn, whether to trust it, and what speaks for the edges: known ones where there are
    any, else runs on parts of the cells and on shuffled genes.

    Args:
        methods: in the order of the page.
        cells: of the data.
    """
    first = next((one for one in methods if one.row["status"] == "ok"), None)
    if first is None:
        return []
    return [_drawn(first, cells), _trusted(first, methods), _supported(first, methods)]


def _drawn(first: "Inferred", cells: int) -> str:
    row = first.row
    pairs = "edges" if first.record.directed else "edges (a pair in both directions is two)"
    text = (
        f"From {cells:,} cells {first.record.title} draws {row['edges']:,} {pairs} between "
        f"{row['genes_with_edge']:,} of {row['genes']:,} genes"
    )
    hubs = _hubs(first.hubs) if first.record.directed else []
    if len(hubs) == 1:
        text += f"; {hubs[0]} has most targets"
    elif hubs:
        text += f"; {', '.join(hubs[:-1])} and {hubs[-1]} have most targets"
    return f"{text}."


def _hubs(hubs: "pd.DataFrame") -> list[str]:
    """The first genes by their targets; none of those that share the last place with others."""
    if not len(hubs):
        return []
    found = hubs[hubs["out_degree"] > 0].sort_values(["out_degree_rank", "gene"])
    ties = found["out_degree"].value_counts()
    places = found["out_degree_rank"] + found["out_degree"].map(ties) - 1
    return list(found["gene"][places <= _NAMED])


def _trusted(first: "Inferred", methods: Sequence["Inferred"]) -> str:
    doubted = [one for one in methods if one.against]
    if doubted:
        names = " and ".join(one.record.title for one in doubted)
        return f"The scores of {names} should not be trusted on these data: see the box."
    if first.record.probabilities:
        return (
            "Nothing that can be computed speaks against its probabilities; they are calibrated on "
            "simulated networks, and how true they are of measured cells is not known."
        )
    return "Its scores put the edges in an order; they are no probabilities."


def _supported(first: "Inferred", methods: Sequence["Inferred"]) -> str:
    scored = [one for one in methods if one.metrics is not None and len(one.metrics)]
    if scored:
        found = [(one.record.title, _precision(one)) for one in scored]
        title, values = max(found, key=lambda item: item[1]["value"])
        return (
            f"Against the known edges {title} is best, with an average precision of "
            f"{values['value']:.2f} (random scores: {values['random']:.2f})."
        )
    parts = [text for text in (_stable(first), _shown(first), _beyond_chance(methods)) if text]
    if not parts:
        return "Runs on parts of the cells or on shuffled genes were not asked for."
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _precision(one: "Inferred") -> "pd.Series":
    assert one.metrics is not None
    return one.metrics.set_index("metric").loc["average_precision"]


def _stable(first: "Inferred") -> str:
    if "stability" not in first.edges or not len(first.edges):
        return ""
    known = first.edges["stability"].dropna()
    if known.empty:
        return ""
    stable = int((known >= _STABLE).sum())
    are = "is" if stable == 1 else "are"
    return f"{stable:,} of these edges {are} in 90 % or more of the runs on parts of the cells"


def _shown(first: "Inferred") -> str:
    if "donors" not in first.edges or not len(first.edges):
        return ""
    known = first.edges["donors"].dropna()
    if known.empty:
        return ""
    every = int((known == 1).sum())
    are = "is" if every == 1 else "are"
    return f"{every:,} of them {are} in the network of each donor's own cells"


def _beyond_chance(methods: Sequence["Inferred"]) -> str:
    for one in methods:
        says = one.null is not None and not str(one.null["remark"]).startswith(RELATIVE)
        if says and (number := expected_edges(one.null or {})):
            return f"of the edges of {one.record.title} chance would give {number}"
    return ""
