"""The zero-shot model beside BEELINE's values, the other methods and random networks."""

from collections.abc import Sequence
from typing import NamedTuple

from grn_gat.core.markdown import markdown_table
from grn_gat.report.method_titles import method_title
from write.aims import rivals
from write.sources import LEVELS, LEVELS_SCORES, RELEASED, released_methods, result

AREA = "auprc_beeline"
# Of the card's scores the condition that is quoted: dropout (%) and cells.
CONDITION = ("0", "2000")


class Medians(NamedTuple):
    """Median AUPRC of a network without dropout: ours, the controls', the best of BEELINE."""

    network: str
    own: float
    timed: float  # given pseudotime
    random: float
    constant: float
    best: float
    best_method: str


def medians(networks: Sequence[str], summary: list[dict], beeline: list[dict]) -> list[Medians]:
    """Medians of each network, from the curated summary and BEELINE's values."""
    ours = {
        (r["network"], r["method"]): float(r["median"])
        for r in summary
        if (r["protocol"], r["dropout"], r["metric"]) == ("unsupervised", "0", AREA)
    }
    rows = ("gat-zeroshot", "gat-zeroshot-pseudotime", "random", "constant")
    found = []
    for network in networks:
        theirs = [r for r in beeline if (r["network"], r["metric"]) == (network, AREA)]
        best = max(theirs, key=lambda r: float(r["median"]))
        own, timed, random, constant = (ours[network, method] for method in rows)
        title = method_title(best["method"])
        known = float(best["median"])
        found.append(Medians(network, own, timed, random, constant, known, title))
    return found


def median_introduction(beeline: list[dict], replicates: int) -> str:
    """What the table of medians compares."""
    methods = {r["method"] for r in beeline if r["metric"] == AREA}
    return (
        f"**GATv2 zero-shot** beside the best of the {len(methods)} methods that BEELINE published "
        f"on each network: medians of AUPRC (BEELINE v1.1's) over {replicates} replicates without "
        "dropout (other replicates than BEELINE's: same models, sampled parameters)."
    )


def median_table(found: list[Medians]) -> str:
    """Medians of the zero-shot model beside the best that BEELINE's maintainers publish."""
    titles = ["network", "GATv2 zero-shot", "with pseudotime", "best published median"]
    rows = [
        [
            m.network,
            f"{m.own:.3f}",
            f"{m.timed:.3f}",
            f"{m.best_method} {m.best:.3f}",
            f"{m.own - m.best:+.3f}, {m.timed - m.best:+.3f}",
            f"{m.random:.3f}",
            f"{m.constant:.3f}",
        ]
        for m in found
    ]
    return markdown_table([*titles, "difference", "random", "constant"], rows)


def lower_sentence(found: list[Medians]) -> str:
    """Networks on which a published median is higher, and by how much."""
    lower = [f"{m.network}, by {m.best - m.own:.3f} ({m.best_method})" for m in found]
    lower = [text for text, m in zip(lower, found, strict=True) if m.own < m.best]
    if not lower:
        return "No published median is higher than that of GATv2 zero-shot."
    return f"A published median is higher than that of GATv2 zero-shot on {'; '.join(lower)}."


def released_value(method: str, column: str = "value", *, levels: bool = False) -> float:
    """Average precision of a method on a file that BEELINE's authors simulated and published.

    `levels`: of the zero-shot model, with the weights of levels.
    """
    rows = result(f"{LEVELS}/{RELEASED}-{method}.tsv" if levels else f"{RELEASED}/{method}.tsv")
    return next(float(r[column]) for r in rows if r["metric"] == "average_precision")


def released_sentence(*, levels: bool = False) -> str:
    """The zero-shot model on the published file, beside the best other method."""
    value = released_value
    ours, timed = (
        value(method, levels=levels) for method in ("gat-zeroshot", "gat-zeroshot-pseudotime")
    )
    best = max((m for m in released_methods() if not m.startswith("gat-")), key=value)
    return (
        f"On BEELINE's published file {RELEASED} (other parameters) average precision is "
        f"{ours:.3f}, with pseudotime {timed:.3f}; the "
        f"best other method, {method_title(best)}, gives {value(best):.3f}, random scores "
        f"{value(best, 'random'):.3f} (`docs/results/{RELEASED}`)."
    )


def held_out(kind: str, scores: list[dict]) -> dict[str, str]:
    """The row of a kind of random networks in the card of levels, without dropout and pseudotime.

    Those like training are the networks of the ablation.
    """
    for row in scores:
        if (row["kind"], row["dropout"], row["cells"]) == (kind, *CONDITION):
            return row
    raise SystemExit(
        f"error: {LEVELS_SCORES} has no networks of kind {kind!r}: make pretrain first"
    )


def margin_introduction(replicates: int) -> str:
    """What the table of margins compares."""
    return (
        "Beside the best other method of this study (but for this model given pseudotime), on the "
        f"same data sets; means over {replicates} replicates, differences with [95 % "
        "intervals](../honesty.md#intervals) over replicates "
        "([`comparison.tsv`](curated/comparison.tsv) has every method and control):"
    )


def margin_table(comparison: list[dict]) -> str:
    """The zero-shot model beside the best other method of each network and dropout level."""
    metrics = {
        "average precision": rivals(comparison, "average_precision"),
        "early precision ratio": rivals(comparison, "early_precision_ratio"),
    }
    titles = [t for name in metrics for t in (name, "best other method", "difference")]
    rows = []
    for network, level in metrics["average precision"]:
        cells = []
        for of_metric in metrics.values():
            row = max(of_metric[network, level], key=lambda r: float(r["value"]))
            low, high = float(row["low"]), float(row["high"])
            cells.append(f"{float(row['model_value']):.3f}")
            cells.append(f"{method_title(row['method'])} {float(row['value']):.3f}")
            cells.append(
                f"{float(row['difference']):+.3f} [{low:+.3f},\N{NO-BREAK SPACE}{high:+.3f}]"
            )
        rows.append([network, level, *cells])
    return markdown_table(["network", "dropout (%)", *titles], rows)
