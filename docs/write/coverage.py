"""How often intervals miss, from docs/results/coverage.tsv."""

from collections.abc import Sequence

from grn_gat.core.markdown import markdown_table
from write.sources import result

_VARIES = {
    "seeds": "seeds",
    "replicates": "replicates",
    "both": "seeds and replicates",
    "neither": "neither",
}
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


def render_coverage() -> str:
    """The table and how it was made."""
    rows = result("coverage.tsv")
    (number,) = {int(row["simulations"]) for row in rows}
    return (
        f"Intervals that miss the true mean, of a nominal 5 %; {number} simulated studies of each "
        f"kind ([`bench/coverage.py`](../bench/coverage.py)):\n\n{coverage_table(rows)}"
    )
