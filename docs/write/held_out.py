"""What a training has to beat: methods and the weights of levels on held-out networks."""

from collections.abc import Sequence

from grn_gat.core.markdown import markdown_table
from grn_gat.report.figures_held_out import KIND_TITLES
from grn_gat.report.method_titles import method_title

Rows = Sequence[dict[str, str]]
ZERO_SHOT, SPEARMAN = "gat-zeroshot", "spearman"
_CONTROLS = ("random", "degree-product")


def _conditions(rows: Rows) -> list[tuple[str, str]]:
    return list(dict.fromkeys((row["kind"], row["measurement"]) for row in rows))


def _of(rows: Rows, condition: tuple[str, str]) -> dict[str, dict[str, str]]:
    """Rows of a condition by method."""
    return {r["method"]: r for r in rows if (r["kind"], r["measurement"]) == condition}


def peers(rows: Rows) -> list[str]:
    """Methods that are scored on all networks, but for the weights of levels and Spearman."""
    most = max(int(row["networks"]) for row in rows)
    full = {row["method"] for row in rows if int(row["networks"]) == most}
    left_out = {ZERO_SHOT, SPEARMAN, *_CONTROLS}
    return [m for m in dict.fromkeys(r["method"] for r in rows) if m in full - left_out and
            not m.endswith("-shuffled")]  # fmt: skip


def _factor(row: dict[str, str]) -> str:
    low, high = float(row["factor_low"]), float(row["factor_high"])
    return f"{float(row['factor']):.2f} ({low:.2f} to {high:.2f})"


def condition_table(rows: Rows) -> str:
    """One row per kind and measurement: Spearman, the best of its peers, the weights of levels."""
    shown = []
    for kind, measurement in _conditions(rows):
        found = _of(rows, (kind, measurement))
        best = max(
            (found[m] for m in peers(rows) if m in found and found[m]["factor"]),
            key=lambda row: float(row["factor"]),
        )
        ours = found[ZERO_SHOT]
        shown.append(
            [
                KIND_TITLES.get(kind, kind),
                measurement,
                f"{float(found[SPEARMAN]['share_of_edges']):.3f}",
                f"{float(found[SPEARMAN]['ratio']):.2f}",
                f"{method_title(best['method'])} {_factor(best)}",
                _factor(ours),
                f"{float(ours['mean_probability']):.3f}",
                f"{float(ours['calibration_error']):.3f}",
            ]
        )
    columns = [
        "kind", "measured as", "share of edges", "Spearman", "best peer over Spearman",
        "weights of levels over Spearman", "mean probability", "calibration error",
    ]  # fmt: skip
    return markdown_table(columns, shown)


def failed(rows: Rows) -> str:
    """How many networks methods gave no score for."""
    number: dict[str, int] = {}
    for row in rows:
        if row["method"].endswith("-shuffled"):
            continue
        number[row["method"]] = number.get(row["method"], 0) + int(row["failed"])
    named = [f"{method_title(m)} {n}" for m, n in number.items() if n]
    if not named:
        return "Every method gave a score on every network that it was run on."
    return (
        f"Networks without a score of a method, over all conditions: {', '.join(named)}. Their "
        "reasons are in the study's tables of scores (too few genes that vary, for instance)."
    )


def where_above(rows: Rows) -> str:
    """In how many conditions the weights of levels are above, and below, Spearman for sure."""
    found = [_of(rows, condition)[ZERO_SHOT] for condition in _conditions(rows)]
    above = sum(float(row["factor_low"]) > 1 for row in found)
    below = sum(float(row["factor_high"]) < 1 for row in found)
    return (
        f"The weights of levels are above Spearman, with an interval above 1, in {above} of "
        f"{len(found)} conditions, and below it, with an interval below 1, in {below}."
    )
