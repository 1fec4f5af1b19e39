"""How often intervals miss, from docs/results/coverage.tsv and coverage_regulators.tsv."""

from collections.abc import Sequence

from grn_gat.core.markdown import markdown_table
from write.sources import result

_VARIES = {
    "seeds": "seeds",
    "replicates": "replicates",
    "both": "seeds and replicates",
    "neither": "neither",
}
_EDGES = {"even": "as many of each regulator", "hubs": "most of a few hubs"}
_EFFECTS = {"normal": "normal effects (%)", "skewed": "skewed effects (%)"}


def coverage_table(rows: Sequence[dict]) -> str:
    """A row per kind of study, a column per kind of effects."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        key = (f"{row['seeds']} x {row['replicates']}", _VARIES[row["varies"]], row["missing"])
        found.setdefault(key, {})[row["effects"]] = f"{float(row['misses_percent']):.1f}"
    cells = [[*key, *(of.get(effects, "–") for effects in _EFFECTS)] for key, of in found.items()]
    head = ["seeds x replicates", "what varies", "replicates without a value", *_EFFECTS.values()]
    return markdown_table(head, cells)


def regulators_table(rows: Sequence[dict]) -> str:
    """A row per kind of reference, a column per metric."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        key = (row["regulators"], row["targets"], _EDGES[row["edges"]])
        found.setdefault(key, {})[row["metric"]] = f"{float(row['misses_percent']):.1f}"
    metrics = list(dict.fromkeys(row["metric"] for row in rows))
    head = ["regulators", "targets", "edges", *(f"`{metric}` (%)" for metric in metrics)]
    return markdown_table(head, [[*key, *of.values()] for key, of in found.items()])


def render_coverage() -> str:
    """The tables and how they were made."""
    rows = result("coverage.tsv")
    (number,) = {int(row["simulations"]) for row in rows}
    of_regulators = result("coverage_regulators.tsv")
    (fewer,) = {int(row["simulations"]) for row in of_regulators}
    return (
        f"Intervals that miss the true mean, of a nominal 5 %; {number} simulated studies of each "
        f"kind ([`bench/coverage.py`](../bench/coverage.py)):\n\n{coverage_table(rows)}\n\n"
        "Intervals over regulators of the difference between two methods that are equally good; "
        f"{fewer} simulated references of each kind "
        f"([`bench/coverage_regulators.py`](../bench/coverage_regulators.py)):\n\n"
        f"{regulators_table(of_regulators)}"
    )
