"""Real cells beside simulated ones: what the study of config/real.yaml gave."""

import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from grn_gat.core.markdown import markdown_table
from grn_gat.evaluate.relabelling import ABOVE_CHANCE
from grn_gat.report.first_paragraph import first_paragraph
from grn_gat.report.method_titles import method_title

Rows = Sequence[Mapping[str, str]]
CELLS = "scRNA-seq"  # kind of BEELINE's real sets in config/real.yaml
_NUMBERS = ("prevalence", "average_precision_ratio", "low", "high", "relabelling_z")
_PROTOCOLS = {"pair": "pairs", "gene": "genes", "regulator": "regulators"}


def _z(row: Mapping[str, str]) -> float:
    return float(row["relabelling_z"] or math.nan)


def mean_ratio(rows: Iterable[Mapping[str, str]]) -> float:
    """Geometric mean of average precision ratios."""
    logs = [math.log(float(row["average_precision_ratio"])) for row in rows]
    return math.exp(sum(logs) / len(logs))


def of_method(kinds: Rows, method: str, kind: str) -> list[Mapping[str, str]]:
    """Rows of a method on the networks of a kind."""
    return [r for r in kinds if (r["method"], r["kind"]) == (method, kind)]


def kind_names(kinds: Rows) -> list[str]:
    """Kinds of data, from home to abroad."""
    return list(dict.fromkeys(row["kind"] for row in kinds))


def kind_table(kinds: Rows) -> str:
    """A row per method and two controls: mean ratio on each kind, and how often above chance."""
    names = kind_names(kinds)
    methods = [r["method"] for r in kinds if r["method_kind"] == "method"]
    shown = list(dict.fromkeys(methods))
    shown.sort(key=lambda m: -sum(math.log(mean_ratio(found)) for found in _found(kinds, m, names)))
    rows = []
    for method in [*shown, "random"]:
        cells = []
        for kind in names:
            own = of_method(kinds, method, kind)
            above = sum(_z(row) >= ABOVE_CHANCE for row in own)
            cells.append(f"{mean_ratio(own):.2f} ({above} of {len(own)})" if own else "–")
        rows.append([method_title(method), *cells])
    return markdown_table(["method", *names], rows)


def _found(kinds: Rows, method: str, names: Sequence[str]) -> list[list[Mapping[str, str]]]:
    return [own for own in (of_method(kinds, method, kind) for kind in names) if own]


def introduction(kinds: Rows) -> str:
    """How many networks of which kind."""
    parts = [
        f"{len({r['network'] for r in kinds if r['kind'] == kind})} of {kind}"
        for kind in kind_names(kinds)
    ]
    return (
        f"Networks: {', '.join(parts)}. A cell is the geometric mean of average precision over the "
        "share of edges (1: an order that means nothing), and on how many networks the "
        f"[relabelling z](../honesty.md#chance) is {ABOVE_CHANCE:g} or more."
    )


def where_above_chance(kinds: Rows) -> str:
    """On which networks any method's order of edges means something."""
    every = list(dict.fromkeys(row["network"] for row in kinds))
    best: dict[str, float] = {}
    for row in kinds:
        if row["method_kind"] == "method" and _z(row) >= ABOVE_CHANCE:
            best[row["network"]] = max(best.get(row["network"], 0), _z(row))
    named = ", ".join(
        f"{network} (up to {best[network]:.1f})" for network in every if network in best
    )
    return (
        f"Some method has a relabelling z of {ABOVE_CHANCE:g} or more on {len(best)} of "
        f"{len(every)} networks{': ' + named if named else ''}."
        + (" On the others no method is told from chance." if len(best) < len(every) else "")
    )


def home_and_abroad(kinds: Rows, method: str) -> str:
    """One sentence: where a method's order means something."""
    parts = []
    for kind in kind_names(kinds):
        own = of_method(kinds, method, kind)
        above = sum(_z(row) >= ABOVE_CHANCE for row in own)
        if own:
            parts.append(f"{above} of {len(own)} networks of {kind}")
    return f"{method_title(method)} is above chance on {', '.join(parts)}."


def paragraphs(kinds: Rows, leaders: Rows, of_kinds: Sequence[str]) -> list[str]:
    """The first paragraph on each network of some kinds, as in the overview of a study."""
    table, against = pd.DataFrame(kinds), pd.DataFrame(leaders)
    for frame, columns in ((table, _NUMBERS), (against, ("difference",))):
        for column in columns:
            frame[column] = [float(value or math.nan) for value in frame[column]]
    found = []
    for network, own in table[table["kind"].isin(of_kinds)].groupby("network", sort=False):
        metrics = own.melt("method", ["average_precision_ratio", "relabelling_z"], "metric", "mean")
        said = first_paragraph(metrics, against[against["network"] == network])
        share = own["prevalence"].iloc[0]
        found.append(f"- **{network}** (share of edges {share:.3f}): {' '.join(said)}")
    return found


def looks_sentence(kinds: Rows, blood: Rows) -> str:
    """The looks at real data that the studies are, for the model card."""
    looks = [
        f"{len({row['network'].split('.')[0] for row in rows})} data sets, "
        f"{len({row['network'] for row in rows})} networks"
        for rows in (kinds, blood)
    ]
    return (
        f"these weights in the studies of `config/real.yaml` ({looks[0]}, real and simulated) and "
        f"of `config/hematopoiesis.yaml` ({looks[1]}), on mDC also while the scoring was written "
        "(thrice) and whenever the slow tests run, on the genes of the Boolean models in the cells "
        "of Paul and Moignard once before, and on hESC (SPARC) and THP-1 (Papalexi) cells while "
        "somebody tried the workflow"
    )


def held_out(comparison: Rows) -> list[str]:
    """What a GATv2 gives that was trained on a part of a reference, if that was run."""
    if not any(row["model"] == "gat" for row in comparison):
        return ["Not run yet: the tables here are of the methods that need no label."]
    return [
        held_out_sentence(comparison),
        "Average precision on held-out pairs, genes and regulators, beside the best of the "
        "[controls](../honesty.md#controls); intervals are over seeds and groups of regulators.",
        held_out_table(comparison),
    ]


def held_out_table(comparison: Rows) -> str:
    """The GATv2 trained on known edges beside its best control, by network and protocol."""
    rows = []
    ours = [r for r in comparison if r["model"] == "gat" and r["metric"] == "average_precision"]
    for network in dict.fromkeys(r["network"] for r in ours):
        for protocol, what in _PROTOCOLS.items():
            own = [r for r in ours if (r["network"], r["protocol"]) == (network, protocol)]
            controls = [r for r in own if r["kind"] in ("control", "model control")]
            if not controls:
                continue
            best = max(controls, key=lambda r: float(r["value"]))
            wins = sum(r["verdict"] == "better" for r in controls)
            rows.append(
                [
                    network,
                    what,
                    f"{float(best['model_value']):.3f}",
                    f"{float(best['value']):.3f} ({method_title(best['method'])})",
                    f"{float(best['difference']):+.3f} ({float(best['low']):+.3f} to "
                    f"{float(best['high']):+.3f})",
                    f"{wins} of {len(controls)}",
                ]
            )
    columns = ["network", "held out", "GATv2", "best control", "difference", "controls beaten"]
    return markdown_table(columns, rows)


def held_out_sentence(comparison: Rows, protocol: str = "regulator") -> str:
    """On how many networks the GATv2 is above every control."""
    ours = [
        r
        for r in comparison
        if (r["model"], r["protocol"], r["metric"]) == ("gat", protocol, "average_precision")
        and r["kind"] in ("control", "model control")
    ]
    networks = list(dict.fromkeys(r["network"] for r in ours))
    of = {n: [r for r in ours if r["network"] == n] for n in networks}
    above = [n for n, rows in of.items() if all(float(r["difference"]) > 0 for r in rows)]
    sure = [n for n, rows in of.items() if all(r["verdict"] == "better" for r in rows)]
    return (
        f"On held-out {_PROTOCOLS[protocol]} the GATv2 is above every control on {len(above)} of "
        f"{len(networks)} networks"
        + (f" ({', '.join(above)})" if above else "")
        + f", for sure on {len(sure)}."
    )


def usage_table(usage: Rows, kinds: Rows) -> str:
    """CPU seconds and memory of the methods on the real sets."""
    sets = {r["network"].split(".")[0] for r in kinds if r["kind"] == CELLS}
    own = [r for r in usage if r["network"] in sets]
    rows = []
    for method in dict.fromkeys(r["method"] for r in own):
        of = [r for r in own if r["method"] == method]
        seconds, wall, memory = (
            [value for r in of if math.isfinite(value := float(r[column] or math.nan))]
            for column in ("cpu_seconds", "wall_seconds", "peak_memory_mb")
        )
        if seconds:
            cells = (f"{max(values):.0f}" if values else "–" for values in (seconds, wall, memory))
            rows.append([method_title(method), *cells])
    rows.sort(key=lambda row: float(row[1]))
    return markdown_table(["method", "CPU seconds", "wall seconds of the job", "MB"], rows)
