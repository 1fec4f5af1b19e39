"""What the zero-shot model was meant to reach, and what it does, from docs/results and the card.

The aims were set before it was trained; none of them chose anything in it.
"""

from collections.abc import Mapping, Sequence

AIMS = {"mCAD": 0.90, "VSC": 0.90, "HSC": 0.70, "GSD": 0.50}  # medians of AUPRC without dropout
FILE_AIM, CALIBRATION_AIM, SIGN_AIM, SPEED_AIM = 0.85, 0.03, 0.90, 50


def peer_cells(comparison: Sequence[Mapping], metric: str) -> dict[tuple[str, str], list[Mapping]]:
    """Rows of the model beside each peer, by network and dropout level."""
    found: dict[tuple[str, str], list[Mapping]] = {}
    for row in comparison:
        peer = row["kind"] == "method" and not row["method"].startswith("gat-")
        if peer and (row["protocol"], row["metric"]) == ("unsupervised", metric):
            found.setdefault((row["network"], row["dropout"]), []).append(row)
    return found


def _beside_peers(comparison: Sequence[Mapping], metric: str, title) -> tuple[str, bool]:
    """In how many cells it is above every peer, which ones it is not above for sure."""
    cells = peer_cells(comparison, metric)
    above = sum(all(float(r["difference"]) > 0 for r in rows) for rows in cells.values())
    unsure = []
    for (network, dropout), rows in cells.items():
        close = [r for r in rows if not float(r["low"]) > 0]
        if close:
            names = ", ".join(
                f"{title(r['method'])} [{float(r['low']):+.3f}, {float(r['high']):+.3f}]"
                for r in close
            )
            unsure.append(f"{network} {dropout} %: {names}")
    text = f"above in {above} of {len(cells)}"
    text += f", for sure (interval above 0) in {len(cells) - len(unsure)}"
    if unsure:
        text += f"; not for sure: {'; '.join(unsure)}"
    return text, not unsure


def _verdict(value: float, aim: float) -> str:
    return "reached" if value >= aim else f"missed by {aim - value:.3f}"


def aim_lines(
    medians: Sequence[tuple[str, float, float, float, str]],
    comparison: Sequence[Mapping],
    file_name: str,
    file_values: tuple[float, float],
    calibration: Mapping[str, float],
    signs: Mapping[str, float],
    speed: float,
    title=str,
) -> list[str]:
    """A table of every aim.

    Args:
        medians: network, median AUPRC of the model without and with pseudotime, best published
            median and its method.
        comparison: rows of the curated comparison.
        file_name: of the published data set.
        file_values: average precision on it, without and with pseudotime.
        calibration: largest expected calibration error of a condition, by kind of networks.
        signs: share of right signs, by kind of networks.
        speed: times as fast as GENIE3.
        title: titles of methods.
    """
    lines = ["| what | aim | GATv2 zero-shot | verdict | with pseudotime |", "|---" * 5 + "|"]

    def add(*cells: str) -> None:
        lines.append("| " + " | ".join([*cells, *["–"] * (5 - len(cells))]) + " |")

    def with_pseudotime(value: float, aim: float) -> str:
        return f"{value:.3f}: {_verdict(value, aim)}"

    for network, own, timed, best, method in medians:
        what = f"{network}: median AUPRC without dropout"
        aim = f"above {best:.3f} ({method}, the best published)"
        add(what, aim, f"{own:.3f}", _verdict(own, best), with_pseudotime(timed, best))
        goal = AIMS[network]
        add(what, f"{goal:.2f}", f"{own:.3f}", _verdict(own, goal), with_pseudotime(timed, goal))
    for metric, name in (
        ("average_precision", "average precision"),
        ("early_precision_ratio", "early precision ratio"),
    ):
        text, sure = _beside_peers(comparison, metric, title)
        what = f"{name} beside every peer, network x dropout, paired intervals over replicates"
        add(what, "above all in all", text, "reached" if sure else "not for sure everywhere")
    add(
        f"average precision on {file_name}", f"{FILE_AIM:.2f}", f"{file_values[0]:.3f}",
        _verdict(file_values[0], FILE_AIM), with_pseudotime(file_values[1], FILE_AIM),
    )  # fmt: skip
    listed = ", ".join(f"{kind} {value:.3f}" for kind, value in calibration.items())
    worst = max(calibration.values())
    add(
        "expected calibration error on held-out random networks, largest of all conditions",
        f"at most {CALIBRATION_AIM:.2f}",
        listed,
        "reached" if worst <= CALIBRATION_AIM else f"missed by {worst - CALIBRATION_AIM:.3f}",
    )
    listed = ", ".join(f"{kind} {value:.3f}" for kind, value in signs.items())
    add(
        "sign right of the true edges among the first k, held-out random networks, mean of all "
        "conditions",
        f"{SIGN_AIM:.2f}", listed, _verdict(min(signs.values()), SIGN_AIM),
    )  # fmt: skip
    add(
        "HSC, 2000 cells: times as fast as GENIE3 with 1000 trees", f"{SPEED_AIM}", f"{speed:.0f}",
        "reached" if speed >= SPEED_AIM else "missed",
    )  # fmt: skip
    return lines


def missed_sentence(lines: Sequence[str]) -> str:
    """The aims of `aim_lines` that the model without pseudotime misses."""
    rows = [line.strip("| ").split(" | ") for line in lines[2:]]
    missed = [
        f"- {what}; aim: {aim}; {verdict}" + (f" (with pseudotime {timed})" if timed != "–" else "")
        for what, aim, _, verdict, timed in rows
        if verdict != "reached"
    ]
    if not missed:
        return "Every aim that was set before the training is reached."
    return (
        f"Of {len(rows)} aims that were set before the training {len(missed)} are missed (the "
        "[model card](workflow/resources/zeroshot/model_card.md) has all of them, with what was "
        "tried):\n\n" + "\n".join(missed)
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


def missing(
    medians: Sequence[tuple[str, float, float, float, str]], file_name: str, file_value: float
) -> dict[str, float]:
    """What the model without pseudotime lacks of the aims that it misses, by aim."""
    found = {}
    for network, own, _, best, _ in medians:
        found[f"{network} {best:.3f} (the best published median)"] = best - own
        found[f"{network} {AIMS[network]:.2f}"] = AIMS[network] - own
    found[f"{file_name} {FILE_AIM:.2f}"] = FILE_AIM - file_value
    return {name: value for name, value in found.items() if value > 0}
