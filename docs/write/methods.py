"""The inference methods: what they are, what they reach, and whether BEELINE's values come back."""

from grn_gat.core.markdown import markdown_table
from grn_gat.report.method_titles import method_title, methods_table
from grn_gat.report.tables import BEELINE_MARGIN


def registry_table() -> str:
    """Table of the methods, from their registry."""
    table = methods_table()
    table["name"] = [f"`{name}`" for name in table["name"]]
    columns = ["name", "method", *table.columns[2:]]
    return markdown_table(columns, table.to_numpy().tolist())


def precision_table(networks: list[str], summary: list[dict], usage: list[dict]) -> str:
    """Average precision of each method on the networks, with and without dropout."""
    values = {
        (r["network"], r["dropout"], r["method"], r["metric"]): float(r["mean"])
        for r in summary
        if r["protocol"] == "unsupervised"
    }
    levels = sorted({d for _, d, _, _ in values}, key=int)
    shown = (levels[0], levels[-1])
    methods = {m for _, _, m, _ in values} - {"random", "constant"}

    def ratio(method: str) -> float:
        found = [values.get((n, shown[0], method, "average_precision_ratio")) for n in networks]
        known = [value for value in found if value is not None]
        return sum(known) / max(len(known), 1)

    def both(network: str, method: str) -> str:
        keys = [(network, dropout, method, "average_precision") for dropout in shown]
        return " / ".join(f"{values.get(key, float('nan')):.2f}" for key in keys)

    rows = []
    for method in [*sorted(methods, key=lambda m: -ratio(m)), "random", "constant"]:
        seconds = [float(r["cpu_seconds"]) for r in usage if r["method"] == method]
        mean = f"{sum(seconds) / len(seconds):.2g}" if seconds else "–"
        rows.append([method_title(method), *(both(n, method) for n in networks), mean])
    return markdown_table(["method", *networks, "CPU s per data set"], rows)


def agreement_sentence(beeline: list[dict]) -> str:
    """Which medians lie within BEELINE's range, widened by its margin."""
    rows = [r for r in beeline if r["metric"] == "auprc_beeline"]
    parts = []
    for method in dict.fromkeys(r["method"] for r in rows):
        own = [r for r in rows if r["method"] == method]
        outside = [
            f"{r['network']} {float(r['median']):.2f}, there {float(r['beeline_median']):.2f}"
            for r in own
            if r[f"within_{BEELINE_MARGIN}_of_range"] == "no"
        ]
        text = f"{method_title(method)} {len(own) - len(outside)} of {len(own)}"
        parts.append(text + (f" (not {'; '.join(outside)})" if outside else ""))
    return (
        "Medians of AUPRC (BEELINE v1.1's) without dropout that lie within the range of the runs "
        f"that BEELINE published, widened by {BEELINE_MARGIN}: {', '.join(parts)}."
    )
