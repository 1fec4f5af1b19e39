"""The numbers of the README, from tables that rules wrote.

python bench/readme.py            check that the README says what docs/results says
python bench/readme.py --update   copy the tables of the last run to docs/results, rewrite README
"""

import argparse
import csv
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
README = REPOSITORY / "README.md"
TABLES = REPOSITORY / "docs" / "results"
SOURCES = {
    "summary.tsv": "tables/summary.tsv",
    "comparison.tsv": "tables/comparison.tsv",
    "hubs.tsv": "tables/hubs.tsv",
    "simulation.tsv": "bench/simulation.tsv",
    "study.tsv": "bench/study.tsv",
}
BEGIN, END = "<!-- results:begin -->\n", "<!-- results:end -->\n"
METRICS = ("accuracy", "f1", "auroc", "average_precision")
CONTROL_NAMES = {
    "degree-product": "degree product",
    "degree-sum": "degree sum",
    "pair-lookup": "pair lookup",
    "random": "random score",
    "majority": "majority class",
    "constant-logit": "constant logit",
}


def read(name: str) -> list[dict[str, str]]:
    """Rows of a table in docs/results."""
    if not (TABLES / name).is_file():
        sys.exit(f"error: no {TABLES / name}: run make reproduce, make bench and make readme")
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
    titles = ["protocol", "dropout (%)", "accuracy", "F1", "AUROC", "average precision"]
    titles.append("best control: AUROC (GATv2 is)")
    lines = ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    for protocol, dropout in dict.fromkeys((p, d) for p, d, _, _ in index):
        name, level = f"`{protocol}`", dropout
        if protocol == "published":
            if f"| {name}, against labels" in lines[-1]:
                continue  # reads no expression: the same at every dropout level
            level = "any"
            means = {
                (method, metric): float(index[key]["mean"])
                for method in ("gat", "constant-logit")
                for metric in ("accuracy", "f1")
                if (key := (protocol, dropout, method, f"label_free_{metric}")) in index
            }
            lines.append(
                f"| {name}, its own scoring | {level} | {means['gat', 'accuracy']:.3f} | "
                f"{means['gat', 'f1']:.3f} | – | – | a constant: accuracy "
                f"{means['constant-logit', 'accuracy']:.3f} |"
            )
            name += ", against labels"
        here = ("HSC", protocol, dropout)
        controls = [r for r in comparison if (r["network"], r["protocol"], r["dropout"]) == here]
        by_auroc = [r for r in controls if r["metric"] == "auroc" and r["control"] != "random"]
        best = max(by_auroc, key=lambda r: float(r["control_value"]))
        values = " | ".join(cell(index[protocol, dropout, "gat", metric]) for metric in METRICS)
        lines.append(
            f"| {name} | {level} | {values} | {CONTROL_NAMES[best['control']]} "
            f"{float(best['control_value']):.3f} ({best['verdict']}) |"
        )
    return lines


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
        f"rules' own computation ({float(total['share_by_benchmark_files']):.0%} by Snakemake's "
        "benchmark files, which sample a job every 30 seconds and miss its end).",
    ]


def render() -> str:
    """Text between the markers of the README."""
    summary, comparison = read("summary.tsv"), read("comparison.tsv")
    parts = [
        "HSC: means over 5 seeds and 10 replicates with 95 % intervals, from "
        "[`docs/results`](docs/results). The last column says whether the GATv2 is better or worse "
        "than its best control by AUROC, or whether the interval of the paired difference holds 0.",
        "\n".join(metric_lines(summary, comparison)),
        hub_sentence(read("hubs.tsv")),
        *bench_sentences(read("simulation.tsv"), read("study.tsv")),
    ]
    return "\n" + "\n\n".join(parts) + "\n\n"


def updated(text: str) -> str:
    """The README with its number block rendered anew."""
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    return head + BEGIN + render() + END + tail


def main() -> int:
    """Check or update; 1 if the README differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true")
    if parser.parse_args().update:
        TABLES.mkdir(parents=True, exist_ok=True)
        absent = [s for s in SOURCES.values() if not (REPOSITORY / "results" / s).is_file()]
        if absent:
            sys.exit(f"error: results/ has no {', '.join(absent)}: make reproduce, then make bench")
        for name, source in SOURCES.items():
            shutil.copyfile(REPOSITORY / "results" / source, TABLES / name)
        README.write_text(updated(README.read_text()))
    if updated(README.read_text()) != README.read_text():
        print("error: README.md does not say what docs/results says: run make readme")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
