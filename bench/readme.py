"""The numbers of the README, from tables that rules wrote.

python bench/readme.py            check that the README says what docs/results says
python bench/readme.py --update   copy the tables of the last runs to docs/results, rewrite README
"""

import argparse
import csv
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from grn_gat.method_titles import method_title  # noqa: E402
from grn_gat.peers import load_peer, peer_names  # noqa: E402

README = REPOSITORY / "README.md"
TABLES = REPOSITORY / "docs" / "results"
# Of the default study (make reproduce), of make bench, and of make curated.
SOURCES = {
    "summary.tsv": "results/tables/summary.tsv",
    "comparison.tsv": "results/tables/comparison.tsv",
    "hubs.tsv": "results/tables/hubs.tsv",
    "simulation.tsv": "results/bench/simulation.tsv",
    "peers.tsv": "results/bench/peers.tsv",
    "study.tsv": "results/bench/study.tsv",
    "cluster.tsv": "results/bench/cluster.tsv",
    "curated/summary.tsv": "curated-study/results/tables/summary.tsv",
    "curated/comparison.tsv": "curated-study/results/tables/comparison.tsv",
    "curated/published.tsv": "curated-study/results/tables/published.tsv",
    "curated/stability.tsv": "curated-study/results/tables/stability.tsv",
    "curated/usage.tsv": "curated-study/results/tables/usage.tsv",
    "curated/failures.tsv": "curated-study/results/tables/failures.tsv",
    "curated/study.tsv": "curated-study/results/bench/study.tsv",
}
# Of the summaries, which are long, the rows with these metrics are kept.
KEPT = {
    "prevalence", "accuracy", "f1", "auroc", "average_precision", "average_precision_ratio",
    "auprc_beeline", "early_precision_ratio", "label_free_accuracy", "label_free_f1",
    "functional_average_precision",
}  # fmt: skip
BEGIN, END = "<!-- results:begin -->\n", "<!-- results:end -->\n"
METHODS_BEGIN, METHODS_END = "<!-- methods:begin -->\n", "<!-- methods:end -->\n"
FIRST = "make reproduce, make bench, make bench-curated"
METRICS = ("auroc", "average_precision")
NETWORKS = ("mCAD", "VSC", "HSC", "GSD")


def read(name: str) -> list[dict[str, str]]:
    """Rows of a table in docs/results."""
    if not (TABLES / name).is_file():
        sys.exit(f"error: no {TABLES / name}: {FIRST} and make readme first")
    with open(TABLES / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def cell(row: dict[str, str]) -> str:
    """Mean with interval."""
    mean, low, high = (float(row[key]) for key in ("mean", "low", "high"))
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]"


def metric_lines(summary: list[dict], comparison: list[dict]) -> list[str]:
    """One line per protocol and dropout level of the HSC study."""
    index = {
        (r["protocol"], r["dropout"], r["method"], r["metric"]): r
        for r in summary
        if r["network"] == "HSC"
    }
    titles = ["protocol", "dropout (%)", "GATv2 AUROC", "GATv2 average precision"]
    titles += ["best control: AUROC (GATv2 is)", "best method without labels: AUROC (GATv2 is)"]
    lines = ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    for protocol, dropout in dict.fromkeys((p, d) for p, d, _, _ in index if p != "unsupervised"):
        name, level = f"`{protocol}`", dropout
        if protocol == "published":
            if "`published`" in lines[-1]:
                continue  # reads no expression: the same at every dropout level
            level = "any"
        here = ("HSC", protocol, dropout)
        others = [r for r in comparison if (r["network"], r["protocol"], r["dropout"]) == here]
        cells = [cell(index[protocol, dropout, "gat", metric]) for metric in METRICS]
        cells.append(best(others, ("control", "model control")))
        cells.append(best(others, ("peer",)))
        lines.append(f"| {name} | {level} | " + " | ".join(cells) + " |")
    return lines


def best(comparison: list[dict], kinds: tuple[str, ...]) -> str:
    """The best method of these kinds by AUROC, and what the GATv2 is beside it."""
    rows = [
        r
        for r in comparison
        if r["metric"] == "auroc" and r["kind"] in kinds and r["method"] != "random"
    ]
    if not rows:
        return "–"
    row = max(rows, key=lambda r: float(r["value"]))
    return f"{method_title(row['method'])} {float(row['value']):.3f} ({row['verdict']})"


def published_sentence(summary: list[dict]) -> str:
    """What the published scoring gives."""
    means = {
        (r["method"], r["metric"]): float(r["mean"])
        for r in summary
        if r["network"] == "HSC" and r["protocol"] == "published"
    }
    return (
        "By the published scoring the paper's model has accuracy "
        f"{means['gat', 'label_free_accuracy']:.3f} and F1 {means['gat', 'label_free_f1']:.3f}; a "
        f"constant has {means['constant-logit', 'label_free_accuracy']:.3f} and "
        f"{means['constant-logit', 'label_free_f1']:.3f}."
    )


def method_lines(summary: list[dict], usage: list[dict]) -> list[str]:
    """Average precision of each method on the curated networks, with and without dropout."""
    values = {
        (r["network"], r["dropout"], r["method"], r["metric"]): r
        for r in summary
        if r["protocol"] == "unsupervised"
    }
    levels = sorted({d for _, d, _, _ in values}, key=int)
    shown = (levels[0], levels[-1])
    methods = {m for _, _, m, _ in values} - {"random", "constant"}

    def mean(network: str, dropout: str, method: str) -> float:
        row = values.get((network, dropout, method, "average_precision"))
        return float(row["mean"]) if row else float("nan")

    def ratio(method: str) -> float:
        rows = [values.get((n, shown[0], method, "average_precision_ratio")) for n in NETWORKS]
        known = [float(r["mean"]) for r in rows if r]
        return sum(known) / max(len(known), 1)

    seconds = {m: [float(r["cpu_seconds"]) for r in usage if r["method"] == m] for m in methods}
    lines = [
        f"| method | {' | '.join(NETWORKS)} | CPU s per data set |",
        "|---" * (len(NETWORKS) + 2) + "|",
    ]
    for method in [*sorted(methods, key=lambda m: -ratio(m)), "random", "constant"]:
        cells = [" / ".join(f"{mean(n, d, method):.2f}" for d in shown) for n in NETWORKS]
        own = seconds.get(method)
        cells.append(f"{sum(own) / len(own):.2g}" if own else "–")
        lines.append(f"| {method_title(method)} | " + " | ".join(cells) + " |")
    return lines


def agreement_sentence(published: list[dict]) -> str:
    """Which medians lie within the published range, widened by 0.05."""
    rows = [r for r in published if r["metric"] == "auprc_beeline"]
    parts = []
    for method in dict.fromkeys(r["method"] for r in rows):
        own = [r for r in rows if r["method"] == method]
        outside = [
            f"{r['network']} {float(r['median']):.2f}, there {float(r['published_median']):.2f}"
            for r in own
            if r["within_0.05_of_range"] == "no"
        ]
        text = f"{method_title(method)} {len(own) - len(outside)} of {len(own)}"
        parts.append(text + (f" (not {'; '.join(outside)})" if outside else ""))
    return (
        "Medians of AUPRC (BEELINE v1.1's) without dropout that lie within the range of BEELINE's "
        f"ten published runs, widened by 0.05: {', '.join(parts)}."
    )


def study_sentence(study: list[dict]) -> str:
    """Wall time of the curated study and the largest shares."""
    cores = int(study[-1]["cores"])
    minutes = float(study[-1]["cpu_seconds"]) / cores / 60
    total = float(next(r for r in study if r["rule"] == "all rules")["cpu_seconds"])
    rules = [r for r in study if r["jobs"] and r["rule"] != "all rules"][:6]
    names = {"train_gat": "gat"}
    shares = ", ".join(
        f"{method_title(names.get(r['rule'], r['rule']))} {float(r['cpu_seconds']) / total:.0%}"
        for r in rules
    )
    # One training job per network, dropout level and seed.
    jobs = next(int(r["jobs"]) for r in study if r["rule"] == "train_gat")
    return (
        f"The curated study took {minutes:.0f} minutes on {cores} cores with {jobs // 12} training "
        f"seeds (it has five now); shares of its CPU time: {shares}."
    )


def hub_sentence(hubs: list[dict]) -> str:
    """First genes of the reference network, and where attention and predictions put Gata1."""

    def ranked(source: str, measure: str) -> list[dict]:
        wanted = ("HSC", "all", source, measure)
        columns = ("network", "dropout", "source", "measure")
        rows = [r for r in hubs if tuple(r[c] for c in columns) == wanted]
        return sorted(rows, key=lambda r: (int(r["rank"]), r["gene"]))

    first = ranked("reference", "degree")[:4]
    reference = ", ".join(f"{r['gene']} ({float(r['value']):.0f})" for r in first)
    places = []
    for source, measure, words in (
        ("predicted-pair", "degree", "degree in the networks predicted under `pair`"),
        ("attention-pair", "attention_given", "attention given by models trained under `pair`"),
        ("untrained-pair", "attention_given", "attention given by the same models untrained"),
    ):
        row = next(r for r in ranked(source, measure) if r["gene"] == "Gata1")
        spread = f"{float(row['rank_low']):.0f}–{float(row['rank_high']):.0f}"
        places.append(f"{row['rank']} by {words} (middle 95 % of ranks {spread})")
    return f"Hubs of the reference network by degree: {reference}. Gata1's rank: " + (
        "; ".join(places) + "."
    )


def bench_sentences(simulation: list[dict], study: list[dict]) -> list[str]:
    """Speed of the simulator and share of the run that is the rules' own computation."""
    by_name = {r["what"]: r for r in simulation}
    hsc, gsd = by_name["HSC 2000 cells, sampled parameters"], by_name["GSD 500 cells"]
    total = next(r for r in study if r["rule"] == "all rules")
    cores = int(study[-1]["cores"])
    minutes = float(study[-1]["cpu_seconds"]) / cores / 60
    return [
        f"Simulating HSC, 2000 cells (redone runs included), takes {hsc['cpu_s_median']} CPU "
        f"seconds, {hsc['ratio_median']} times what drawing its 35.2 million normals takes with "
        f"numpy in the same run ({hsc['ratio_min']} times by the fastest of the repeats of each); "
        f"GSD, 500 cells, {gsd['cpu_s_median']} CPU seconds. BoolODE needed "
        f"321 and 714, file output included. A full default run takes {minutes:.0f} minutes on "
        f"{cores} cores; {float(total['share_of_wall_x_cores']):.0%} of wall time x cores is the "
        "jobs' own (the rest: Snakemake, and cores without a job).",
    ]


def speed_sentence(peers: list[dict]) -> str:
    """Speed of the tree methods beside arboreto's."""
    parts = [
        f"{r['method']} {float(r['ratio_median']):.2f} times"
        for r in peers
        if r["implementation"] == "grn-gat" and r["max_abs_difference"] == "0"
    ]
    return (
        "CPU time beside `arboreto.core.infer_partial_network` at the same settings, one thread, "
        f"identical importances: {', '.join(parts)}."
    )


def render() -> str:
    """Text between the markers of the README."""
    summary, comparison = read("summary.tsv"), read("comparison.tsv")
    parts = [
        "**HSC**: means over 5 seeds and 10 replicates with 95 % intervals, from "
        "[`docs/results`](docs/results). In parentheses: whether the GATv2 is better or worse by "
        "AUROC, or whether the interval of the paired difference holds 0.",
        "\n".join(metric_lines(summary, comparison)),
        "Verdicts come from differences paired by seed, replicate and pairs "
        "([`comparison.tsv`](docs/results/comparison.tsv), columns `low` and `high`), not from the "
        "means: a larger mean may still be no difference.",
        published_sentence(summary),
        hub_sentence(read("hubs.tsv")),
        "**All four curated networks**, every method on all pairs, no label used: mean average "
        "precision over 10 replicates without dropout / at the highest level.",
        "\n".join(method_lines(read("curated/summary.tsv"), read("curated/usage.tsv"))),
        agreement_sentence(read("curated/published.tsv")),
        study_sentence(read("curated/study.tsv")),
        *bench_sentences(read("simulation.tsv"), read("study.tsv")),
        speed_sentence(read("peers.tsv")),
    ]
    return "\n" + "\n\n".join(parts) + "\n\n"


def keep_metrics(source: Path, target: Path) -> None:
    """Copy the rows of a summary with the metrics in KEPT."""
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    column = lines[0].rstrip("\n").split("\t").index("metric")
    kept = [line for line in lines[1:] if line.split("\t")[column] in KEPT]
    target.write_text("".join([lines[0], *kept]), encoding="utf-8")


def render_methods() -> str:
    """Table of the methods, from their registry."""
    lines = ["| name | method | needs | signed | directed | source |", "|---" * 6 + "|"]
    for name in peer_names():
        peer = load_peer(name)
        needs = "pseudotime" if peer.needs_pseudotime else "expression"
        flags = ["yes" if flag else "no" for flag in (peer.signed, peer.directed)]
        lines.append(
            f"| `{name}` | {peer.title} | {needs} | {' | '.join(flags)} | {peer.citation} |"
        )
    return "\n" + "\n".join(lines) + "\n\n"


def updated(text: str) -> str:
    """The README with its blocks rendered anew."""
    for begin, end, block in (
        (BEGIN, END, render()),
        (METHODS_BEGIN, METHODS_END, render_methods()),
    ):
        head, rest = text.split(begin)
        _, tail = rest.split(end)
        text = head + begin + block + end + tail
    return text


def main() -> int:
    """Check or update; 1 if the README differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true")
    if parser.parse_args().update:
        absent = [s for s in SOURCES.values() if not (REPOSITORY / s).is_file()]
        if absent:
            sys.exit(f"error: no {', '.join(absent)}: {FIRST} first")
        for name, source in SOURCES.items():
            target = TABLES / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.name == "summary.tsv":
                keep_metrics(REPOSITORY / source, target)
            else:
                shutil.copyfile(REPOSITORY / source, target)
        README.write_text(updated(README.read_text()))
    if updated(README.read_text()) != README.read_text():
        print("error: README.md does not say what docs/results says: run make readme")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
