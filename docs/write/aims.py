"""What the zero-shot model was meant to reach, and what it does.

The aims were set before it was trained; none of them chose anything in it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from grn_gat.core.markdown import markdown_table

if TYPE_CHECKING:
    from write.zeroshot import Medians

AIMS = {"mCAD": 0.90, "VSC": 0.90, "HSC": 0.70, "GSD": 0.50}  # medians of AUPRC without dropout
FILE_AIM, CALIBRATION_AIM, SIGN_AIM, SPEED_AIM = 0.85, 0.03, 0.90, 50


class Aim(NamedTuple):
    """One aim in words.

    Attributes:
        name: the aim in few words.
        what: what is measured.
        aim: how much it should be.
        reached: how much it is.
        verdict: whether that is enough.
        with_pseudotime: the last two, of the model given pseudotime.
    """

    name: str
    what: str
    aim: str
    reached: str
    verdict: str
    with_pseudotime: str = "–"


def rivals(comparison: Sequence[Mapping], metric: str) -> dict[tuple[str, str], list[Mapping]]:
    """Rows of the model beside each other method, by network and dropout level."""
    found: dict[tuple[str, str], list[Mapping]] = {}
    for row in comparison:
        other = row["kind"] == "method" and not row["method"].startswith("gat-")
        if other and (row["protocol"], row["metric"]) == ("unsupervised", metric):
            found.setdefault((row["network"], row["dropout"]), []).append(row)
    return found


def verdict(value: float, aim: float) -> str:
    """Whether a value is at least what was aimed at, and how much it lacks."""
    return "reached" if value >= aim else f"missed by {aim - value:.3f}"


def _with_pseudotime(value: float, aim: float) -> str:
    return f"{value:.3f}: {verdict(value, aim)}"


def median_aims(medians: Sequence["Medians"]) -> list[Aim]:
    """Median AUPRC of each network: above the best published one, and a number."""
    found = []
    for m in medians:
        best = f"above {m.best:.3f} ({m.best_method}, the best published)"
        for aim, value in ((best, m.best), (f"{AIMS[m.network]:.2f}", AIMS[m.network])):
            short = "the best published" if aim is best else aim
            found.append(
                Aim(
                    f"{m.network} median AUPRC ({short})",
                    f"{m.network}: median AUPRC without dropout",
                    aim,
                    f"{m.own:.3f}",
                    verdict(m.own, value),
                    _with_pseudotime(m.timed, value),
                )
            )
    return found


def rival_aim(comparison: Sequence[Mapping], metric: str, title: Callable[[str], str] = str) -> Aim:
    """Above every other method on every network and level, for sure.

    Args:
        comparison: rows of the curated comparison.
        metric: the compared one.
        title: gives titles of methods.
    """
    cells = rivals(comparison, metric)
    above = sum(all(float(r["difference"]) > 0 for r in rows) for rows in cells.values())
    unsure = []
    for (network, dropout), rows in cells.items():
        close = [
            f"{title(r['method'])} [{float(r['low']):+.3f}, {float(r['high']):+.3f}]"
            for r in rows
            if not float(r["low"]) > 0
        ]
        if close:
            unsure.append(f"{network} {dropout} %: {', '.join(close)}")
    text = f"above in {above} of {len(cells)}"
    text += f", for sure (interval above 0) in {len(cells) - len(unsure)}"
    if unsure:
        text += f"; not for sure: {'; '.join(unsure)}"
    name = metric.replace("_", " ")
    what = f"{name} beside every other method, network x dropout, paired intervals over replicates"
    verdict = "not for sure everywhere" if unsure else "reached"
    return Aim(f"{name} for sure above all", what, "above all in all", text, verdict)


def file_aim(name: str, own: float, timed: float) -> Aim:
    """Average precision on a published data set, without and with pseudotime."""
    return Aim(
        f"average precision on {name} ({FILE_AIM:.2f})",
        f"average precision on {name}",
        f"{FILE_AIM:.2f}",
        f"{own:.3f}",
        verdict(own, FILE_AIM),
        _with_pseudotime(timed, FILE_AIM),
    )


def calibration_aim(largest: Mapping[str, float]) -> Aim:
    """Largest expected calibration error of a condition, by kind of networks."""
    worst = max(largest.values())
    return Aim(
        "calibration",
        "expected calibration error on held-out random networks, largest of all conditions",
        f"at most {CALIBRATION_AIM:.2f}",
        ", ".join(f"{kind} {value:.3f}" for kind, value in largest.items()),
        "reached" if worst <= CALIBRATION_AIM else f"missed by {worst - CALIBRATION_AIM:.3f}",
    )


def sign_aim(right: Mapping[str, float]) -> Aim:
    """Share of right signs, by kind of networks."""
    return Aim(
        f"signs right ({SIGN_AIM:.2f})",
        "sign right of the true edges among the first k, held-out random networks, mean of all "
        "conditions",
        f"{SIGN_AIM:.2f}",
        ", ".join(f"{kind} {value:.3f}" for kind, value in right.items()),
        verdict(min(right.values()), SIGN_AIM),
    )


def speed_aim(times: float) -> Aim:
    """Times as fast as GENIE3."""
    return Aim(
        "speed",
        "HSC, 2000 cells: times as fast as GENIE3 with 1000 trees",
        f"{SPEED_AIM}",
        f"{times:.0f}",
        "reached" if times >= SPEED_AIM else "missed",
    )


def aim_table(aims: Sequence[Aim]) -> str:
    """All aims."""
    titles = ["what", "aim", "GATv2 zero-shot", "verdict", "with pseudotime"]
    return markdown_table(titles, (aim[1:] for aim in aims))


def missed_sentence(aims: Sequence[Aim]) -> str:
    """The aims that the model without pseudotime misses."""
    missed = [
        f"- {a.what}; aim: {a.aim}; {a.verdict}"
        + (f" (with pseudotime {a.with_pseudotime})" if a.with_pseudotime != "–" else "")
        for a in aims
        if a.verdict != "reached"
    ]
    if not missed:
        return "Every aim that was set before the training is reached."
    return (
        f"Of {len(aims)} aims that were set before the training {len(missed)} are missed (the "
        "[model card](../../workflow/resources/zeroshot/any_data.md) has all of them):\n\n"
        + "\n".join(missed)
    )


def beside_random(comparison: Sequence[Mapping]) -> str:
    """Where average precision is not above that of random scores for sure."""
    rows = [
        r
        for r in comparison
        if (r["protocol"], r["metric"], r["method"])
        == ("unsupervised", "average_precision", "random")
    ]
    unsure = [
        f"{r['network']} at {r['dropout']} % ({float(r['difference']):+.3f} "
        f"[{float(r['low']):+.3f}, {float(r['high']):+.3f}])"
        for r in rows
        if not float(r["low"]) > 0
    ]
    where = f", but for {', '.join(unsure)}" if unsure else ""
    return (
        "Average precision of GATv2 zero-shot is above that of random scores, interval of the "
        f"difference included, in {len(rows) - len(unsure)} of {len(rows)} networks x dropout "
        f"levels{where}."
    )


def missing(medians: Sequence["Medians"], file_name: str, file_value: float) -> dict[str, float]:
    """What the model without pseudotime lacks of the aims that it misses, by aim."""
    found = {}
    for m in medians:
        found[f"{m.network} {m.best:.3f} (the best published median)"] = m.best - m.own
        found[f"{m.network} {AIMS[m.network]:.2f}"] = AIMS[m.network] - m.own
    found[f"{file_name} {FILE_AIM:.2f}"] = FILE_AIM - file_value
    return {name: value for name, value in found.items() if value > 0}
