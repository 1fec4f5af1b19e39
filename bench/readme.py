"""The numbers of the README, from tables that rules wrote.

python bench/readme.py            check that the README says what docs/results says
python bench/readme.py --update   copy the tables of the last runs to docs/results, rewrite README
"""

import argparse
import csv
import shutil
import statistics
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "scripts"))

import ablation_text  # noqa: E402  (beside this file)
import aims_text  # noqa: E402
import yaml  # noqa: E402

from grn_gat.methods._registry import load_method, method_names  # noqa: E402
from grn_gat.report.method_titles import method_title  # noqa: E402
from grn_gat.zeroshot.model_card import CURATED_BEGIN, CURATED_END, calibration_errors  # noqa: E402

README = REPOSITORY / "README.md"
STUDY = REPOSITORY / "config.yaml"
PRETRAINING = REPOSITORY / "config/pretraining.yaml"
CARD = REPOSITORY / "workflow/resources/zeroshot/model_card.md"
CALIBRATION = CARD.with_name("calibration.tsv")
TABLES = REPOSITORY / "docs" / "results"
# A data set of BEELINE's release, which target infer was given with its reference: all methods.
PUBLISHED_FILE = "mCAD-2000-1"
# Of the default study (make reproduce), of make bench, make ablation and make curated.
SOURCES = {
    "summary.tsv": "results/tables/summary.tsv",
    "comparison.tsv": "results/tables/comparison.tsv",
    "hubs.tsv": "results/tables/hubs.tsv",
    "simulation.tsv": "results/bench/simulation.tsv",
    "methods.tsv": "results/bench/methods.tsv",
    "zeroshot.tsv": "results/bench/zeroshot.tsv",
    "finetuning.tsv": "results/bench/finetuning.tsv",
    "study.tsv": "results/bench/study.tsv",
    "cluster.tsv": "results/bench/cluster.tsv",
    "ablation/summary.tsv": "results/pretraining/ablation/summary.tsv",
    "ablation/training_curve.tsv": "results/pretraining/members/member-1.curve.tsv",
    "ablation/ablation.png": "results/pretraining/ablation/ablation.png",
    **{
        f"{PUBLISHED_FILE}/{method}.tsv": f"results/inferred/{PUBLISHED_FILE}/{method}/metrics.tsv"
        for method in method_names()
    },
    "curated/summary.tsv": "curated-study/results/tables/summary.tsv",
    "curated/comparison.tsv": "curated-study/results/tables/comparison.tsv",
    "curated/beeline.tsv": "curated-study/results/tables/beeline.tsv",
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
SUMMARIES = {"summary.tsv", "curated/summary.tsv"}
BEGIN, END = "<!-- results:begin -->\n", "<!-- results:end -->\n"
ABLATION_BEGIN, ABLATION_END = "<!-- ablation:begin -->\n", "<!-- ablation:end -->\n"
METHODS_BEGIN, METHODS_END = "<!-- methods:begin -->\n", "<!-- methods:end -->\n"
FIRST = (
    "make reproduce, make bench, make bench-curated, make pretrain, make ablation and target infer "
    f"with BEELINE's {PUBLISHED_FILE} (name={PUBLISHED_FILE} reference=refNetwork.csv methods=all)"
)
METRICS = ("auroc", "average_precision")
NETWORKS = ("mCAD", "VSC", "HSC", "GSD")


def read(name: str) -> list[dict[str, str]]:
    """Rows of a table in docs/results."""
    if not (TABLES / name).is_file():
        sys.exit(f"error: no {TABLES / name}: {FIRST} and make readme first")
    with open(TABLES / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def read_published() -> list[dict[str, str]]:
    """BEELINE's published medians, of all its methods."""
    path = REPOSITORY / "workflow/resources/beeline_values.tsv"
    with open(path, newline="", encoding="utf-8") as file:
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
        if protocol == "paper":
            if "`paper`" in lines[-1]:
                continue  # reads no expression: the same at every dropout level
            level = "any"
        here = ("HSC", protocol, dropout)
        others = [r for r in comparison if (r["network"], r["protocol"], r["dropout"]) == here]
        cells = [cell(index[protocol, dropout, "gat", metric]) for metric in METRICS]
        cells.append(best(others, ("control", "model control")))
        cells.append(best(others, ("method",)))
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
        if r["network"] == "HSC" and r["protocol"] == "paper"
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


def zero_shot_medians(summary: list[dict], published: list[dict]) -> list[tuple]:
    """Network, medians of the zero-shot model without and with pseudotime, best published one.

    The last is a row of BEELINE's published values.
    """
    medians = {
        (r["network"], r["method"]): float(r["median"])
        for r in summary
        if (r["protocol"], r["dropout"], r["metric"]) == ("unsupervised", "0", "auprc_beeline")
    }
    found = []
    for network in NETWORKS:
        rows = [r for r in published if (r["network"], r["metric"]) == (network, "auprc_beeline")]
        own, timed = (medians[network, m] for m in ("gat-zeroshot", "gat-zeroshot-pseudotime"))
        found.append((network, own, timed, max(rows, key=lambda r: float(r["median"]))))
    return found


def zero_shot_lines(summary: list[dict], published: list[dict]) -> list[str]:
    """Medians of the zero-shot model beside the best that BEELINE's maintainers publish."""
    lines = [
        "| network | GATv2 zero-shot | with pseudotime | best published median | difference | "
        "random | constant |",
        "|---" * 7 + "|",
    ]
    controls = {
        (r["network"], r["method"]): float(r["median"])
        for r in summary
        if (r["protocol"], r["dropout"], r["metric"]) == ("unsupervised", "0", "auprc_beeline")
    }
    for network, own, timed, row in zero_shot_medians(summary, published):
        best_value = float(row["median"])
        lines.append(
            f"| {network} | {own:.3f} | {timed:.3f} | {method_title(row['method'])} "
            f"{best_value:.3f} | {own - best_value:+.3f}, {timed - best_value:+.3f} | "
            f"{controls[network, 'random']:.3f} | {controls[network, 'constant']:.3f} |"
        )
    return lines


def missed_sentence(summary: list[dict], published: list[dict]) -> str:
    """Networks on which a published median is higher, and by how much."""
    missed = [
        f"{network}, by {float(row['median']) - own:.3f} ({method_title(row['method'])})"
        for network, own, _, row in zero_shot_medians(summary, published)
        if own < float(row["median"])
    ]
    if not missed:
        return "No published median is higher than that of GATv2 zero-shot."
    return f"A published median is higher than that of GATv2 zero-shot on {'; '.join(missed)}."


def published_file_value(method: str, column: str = "value") -> float:
    """Average precision of a method on a file that BEELINE's authors simulated and published."""
    rows = read(f"{PUBLISHED_FILE}/{method}.tsv")
    return next(float(r[column]) for r in rows if r["metric"] == "average_precision")


def published_file_sentence() -> str:
    """The zero-shot model on the published file, beside the best peer."""
    value = published_file_value
    best_peer = max((m for m in method_names() if not m.startswith("gat-")), key=value)
    return (
        f"On BEELINE's published file {PUBLISHED_FILE} (5 genes, other parameters) average "
        f"precision is {value('gat-zeroshot'):.3f}, with pseudotime "
        f"{value('gat-zeroshot-pseudotime'):.3f}; the best peer, {method_title(best_peer)}, gives "
        f"{value(best_peer):.3f}, random scores {value(best_peer, 'random'):.3f} "
        f"(`docs/results/{PUBLISHED_FILE}`)."
    )


def medians_beside_published() -> list[tuple[str, float, float, float, str]]:
    """Network, medians of the model without and with pseudotime, best published one, its method."""
    return [
        (network, own, timed, float(row["median"]), method_title(row["method"]))
        for network, own, timed, row in zero_shot_medians(
            read("curated/summary.tsv"), read_published()
        )
    ]


def aim_lines() -> list[str]:
    """Every aim of the zero-shot model, and what it reaches."""
    import pandas as pd

    errors = calibration_errors(pd.read_csv(CALIBRATION, sep="\t"))
    largest = errors.groupby("kind")["expected calibration error"].max()
    table = card_table()
    kinds = dict.fromkeys(row["kind"] for row in table)
    signs = {
        kind: statistics.mean(float(r["sign right"]) for r in table if r["kind"] == kind)
        for kind in kinds
    }
    speed = next(r for r in read("zeroshot.tsv") if r["of"].startswith("genie3 over"))
    return aims_text.aim_lines(
        medians_beside_published(),
        read("curated/comparison.tsv"),
        PUBLISHED_FILE,
        (published_file_value("gat-zeroshot"), published_file_value("gat-zeroshot-pseudotime")),
        largest.to_dict(),
        signs,
        float(speed["ratio_median"]),
        method_title,
    )


def card_table() -> list[dict[str, str]]:
    """First table of the card: scores on held-out random networks, by kind and condition."""
    lines = [line.strip("| ").split(" | ") for line in CARD.read_text().splitlines()]
    (at,) = (k for k, line in enumerate(lines) if line[:2] == ["kind", "dropout"])
    rows = []
    for line in lines[at + 2 :]:
        if len(line) != len(lines[at]):
            return rows
        rows.append(dict(zip(lines[at], line, strict=True)))
    return rows


def held_out(kind: str) -> dict[str, str]:
    """Scores of the shipped weights on random networks, from the card's first table.

    2000 cells, no dropout, no pseudotime. Those like training are the networks of the ablation.
    """
    for row in card_table():
        if (row["kind"], row["dropout"], row["cells"]) == (kind, "0", "2000"):
            return row
    sys.exit(f"error: {CARD.name} has no networks of kind {kind!r}: make pretrain first")


def held_out_sentence() -> str:
    """The shipped weights on each kind of held-out random networks, beside what knows nothing."""
    kinds = {
        "like training": "Boolean networks like those of the training",
        "linear": "linear ones like those of the training",
        "other": "larger Boolean ones of families never trained on",
    }
    parts = []
    for kind, words in kinds.items():
        row = held_out(kind)
        parts.append(
            f"{row['average precision']} on {words} (random "
            f"{row['share of edges (random score)']}, absolute Pearson correlation "
            f"{row['abs. Pearson']})"
        )
    return (
        "Average precision of GATv2 zero-shot on held-out random networks, 2000 cells without "
        "dropout ([model card](workflow/resources/zeroshot/model_card.md)): "
        + "; ".join(parts)
        + "."
    )


def margin_lines(comparison: list[dict]) -> list[str]:
    """The zero-shot model beside the best peer of each network and dropout level."""
    lines = [
        "| network | dropout (%) | average precision | best peer | difference | early precision "
        "ratio | best peer | difference |",
        "|---" * 8 + "|",
    ]
    cells = {
        metric: aims_text.peer_cells(comparison, metric)
        for metric in ("average_precision", "early_precision_ratio")
    }
    for network, level in cells["average_precision"]:
        texts = []
        for of_metric in cells.values():
            row = max(of_metric[network, level], key=lambda r: float(r["value"]))
            texts.append(f"{float(row['gat']):.3f}")
            texts.append(f"{method_title(row['method'])} {float(row['value']):.3f}")
            low, high = float(row["low"]), float(row["high"])
            texts.append(f"{float(row['difference']):+.3f} [{low:+.3f}, {high:+.3f}]")
        lines.append(f"| {network} | {level} | " + " | ".join(texts) + " |")
    return lines


def start_lines(curated: list[dict], default: list[dict]) -> list[str]:
    """From scratch, zero-shot and fine-tuned, on the same held-out pairs."""
    titles = ["from scratch", "zero-shot, no label", "fine-tuned", "degree sum", "random"]
    models = ("gat", "gat-zeroshot", "gat-finetuned", "degree-sum", "random")
    lines = [f"| network | protocol | dropout (%) | {' | '.join(titles)} |", "|---" * 8 + "|"]
    # The default study has both protocols, of HSC.
    wanted = [(curated, network, "pair") for network in NETWORKS] + [(default, "HSC", "gene")]
    for summary, network, protocol in wanted:
        here = [
            r
            for r in summary
            if (r["network"], r["protocol"], r["metric"])
            == (network, protocol, "average_precision")
        ]
        for level in sorted({r["dropout"] for r in here}, key=int):
            values = {r["method"]: r for r in here if r["dropout"] == level}
            cells = " | ".join(cell(values[model]) for model in models)
            lines.append(f"| {network} | `{protocol}` | {level} | {cells} |")
    return lines


def fine_tuning_sentence(rows: list[dict], curated: list[dict]) -> str:
    """What fine-tuning adds on random networks, and where it takes away on the curated ones."""
    import numpy as np

    from grn_gat.core.seeds import generator
    from grn_gat.evaluate.metrics import two_way_bootstrap

    values: dict[str, list[float]] = {}
    for row in rows:
        values.setdefault(row["method"], []).append(float(row["average_precision"]))
    names = ("gat-zeroshot", "gat-finetuned", "one model", "degree-sum", "random")
    means = {name: statistics.mean(values[name]) for name in names}
    gain = np.subtract(values["gat-finetuned"], values["gat-zeroshot"])
    low, high = two_way_bootstrap(gain[None, :], generator(1, "readme", "fine-tuning"))
    settings = yaml.safe_load(STUDY.read_text())["cross_validation"]
    known = round((1 - 1 / settings["folds"]) * 100)
    precision = {
        (r["network"], r["dropout"], r["method"]): float(r["mean"])
        for r in curated
        if (r["protocol"], r["metric"]) == ("pair", "average_precision")
    }
    worse = [
        f"{network} at {level} %"
        for network, level, method in precision
        if method == "gat-finetuned"
        and precision[network, level, method] < precision[network, level, "gat-zeroshot"]
    ]
    return (
        f"On {len(gain)} random Boolean networks drawn for this (6 to 20 genes, one data set of "
        f"2000 cells each; {known} % of the pairs known, scored on the others, in turn): zero-shot "
        f"{means['gat-zeroshot']:.3f}, fine-tuned {means['gat-finetuned']:.3f} (difference "
        f"{gain.mean():+.3f} [{float(low):+.3f}, {float(high):+.3f}]), one model of the ensemble "
        f"fine-tuned alone {means['one model']:.3f}, degree sum "
        f"{means['degree-sum']:.3f}, random {means['random']:.3f} "
        "([`finetuning.tsv`](docs/results/finetuning.tsv))."
        + (
            f" In the table above fine-tuned has a lower mean than zero-shot on {', '.join(worse)}."
            if worse
            else ""
        )
    )


def zero_shot_cost(bench: list[dict]) -> str:
    """Speed and growth of the zero-shot model, and of the simulation of its training networks."""
    by_name = {r["what"]: r for r in bench}
    ours, genie3 = by_name["infer HSC: gat-zeroshot"], by_name["infer HSC: genie3"]
    network = by_name["simulate one random network"]
    sizes = {
        (int(r["genes"]), int(r["cells"])): r for r in bench if r["what"] == "gat-zeroshot, growth"
    }
    places = ((200, 500), (1000, 500), (2000, 500), (2000, 50_000))
    growth = "; ".join(
        f"{genes} genes and {cells} cells {float(sizes[genes, cells]['cpu_s_median']):.3g} s and "
        f"{float(sizes[genes, cells]['peak_memory_mb']) / 1000:.1f} GB"
        for genes, cells in places
    )
    return (
        f"One core infers HSC (2000 cells) in {float(ours['cpu_s_median']):.2f} s, "
        f"{float(genie3['ratio_median']):.0f} times as fast as GENIE3 with 1000 trees in the same "
        f"run; a job of its own takes {float(sizes[11, 2000]['cpu_s_median']):.1f} s, most of it "
        f"to load PyTorch. Time and memory on one core: {growth}. Simulating a random network "
        f"takes {float(network['cpu_s_median']):.2f} s, {network['ratio_median']} times what "
        "drawing its normals takes."
    )


def agreement_sentence(published: list[dict]) -> str:
    """Which medians lie within the published range, widened by 0.05."""
    rows = [r for r in published if r["metric"] == "auprc_beeline"]
    parts = []
    for method in dict.fromkeys(r["method"] for r in rows):
        own = [r for r in rows if r["method"] == method]
        outside = [
            f"{r['network']} {float(r['median']):.2f}, there {float(r['beeline_median']):.2f}"
            for r in own
            if r["within_0.05_of_range"] == "no"
        ]
        text = f"{method_title(method)} {len(own) - len(outside)} of {len(own)}"
        parts.append(text + (f" (not {'; '.join(outside)})" if outside else ""))
    return (
        "Medians of AUPRC (BEELINE v1.1's) without dropout that lie within the range of BEELINE's "
        f"ten published runs, widened by 0.05: {', '.join(parts)}."
    )


def older(study: list[dict]) -> str:
    """What to say of a timing that was taken before the zero-shot rows."""
    known = any(r["rule"] == "gat-zeroshot" for r in study)
    return "" if known else " (timed without the zero-shot and fine-tuned rows)"


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
        f"seeds{older(study)}; shares of its CPU time: {shares}."
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
        f"{cores} cores{older(study)}; {float(total['share_of_wall_x_cores']):.0%} of wall "
        "time x cores is the "
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
    curated = read("curated/summary.tsv")
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
        "precision over 10 replicates without dropout / at the highest level. CPU time includes "
        "what a method has to load: of GATv2 zero-shot that is PyTorch, most of it.",
        "\n".join(method_lines(curated, read("curated/usage.tsv"))),
        "**GATv2 zero-shot** beside the best of the eleven methods that BEELINE published on each "
        "network: medians of AUPRC (BEELINE v1.1's) over ten replicates without dropout (other "
        "replicates than BEELINE's: same models, sampled parameters).",
        "\n".join(zero_shot_lines(curated, read_published())),
        missed_sentence(curated, read_published()),
        "Where a constant score has a high median, this AUPRC says little: it joins points by "
        "straight lines, from which a constant score, one tie of all pairs, gains most. Average "
        "precision does not.",
        "Beside the best peer of this study (the other methods, not this model given pseudotime), "
        "on the same data sets; means over 10 replicates, differences with 95 % intervals over "
        "replicates ([`comparison.tsv`](docs/results/curated/comparison.tsv) has every peer and "
        "control):",
        "\n".join(margin_lines(read("curated/comparison.tsv"))),
        aims_text.beside_random(read("curated/comparison.tsv")),
        aims_text.missed_sentence(aim_lines()),
        "Where some edges are known: average precision on the held-out pairs. Rows of `pair` are "
        "of the curated study (4 folds), those of `gene` of the HSC study (5 folds), whose "
        "data sets are the same.",
        "\n".join(start_lines(curated, summary)),
        fine_tuning_sentence(read("finetuning.tsv"), curated),
        held_out_sentence(),
        zero_shot_cost(read("zeroshot.tsv")),
        agreement_sentence(read("curated/beeline.tsv")),
        study_sentence(read("curated/study.tsv")),
        *bench_sentences(read("simulation.tsv"), read("study.tsv")),
        speed_sentence(read("methods.tsv")),
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
    for name in method_names():
        peer = load_method(name)
        needs = "pseudotime" if peer.needs_pseudotime else "expression"
        flags = ["yes" if flag else "no" for flag in (peer.signed, peer.directed)]
        lines.append(
            f"| `{name}` | {peer.title} | {needs} | {' | '.join(flags)} | {peer.citation} |"
        )
    return "\n" + "\n".join(lines) + "\n\n"


def render_ablation() -> str:
    """What the parts of the zero-shot model are worth."""
    rows = read("ablation/summary.tsv")
    parts = [
        ablation_text.introduction(rows) + " A cell of the first table is a mean over the widths.",
        "\n".join(ablation_text.grid_lines(rows)),
        ablation_text.grid_sentence(rows),
        "\n".join(ablation_text.feature_lines(rows)),
        ablation_text.feature_sentence(rows),
        "\n".join(ablation_text.curve_lines(rows)),
        ablation_text.size_sentence(rows),
        "![Average precision by layers and heads, inputs, number of networks and size]"
        "(docs/results/ablation/ablation.png)",
    ]
    return "\n" + "\n\n".join(parts) + "\n\n"


def render_card() -> str:
    """Block of the model card: the curated networks, aims that were missed, the learning curve."""
    summary, published = read("curated/summary.tsv"), read_published()
    made = yaml.safe_load(PRETRAINING.read_text())["pretraining"]
    networks, linear = (
        made["chunks"][split] * made["chunks"]["networks_per_chunk"]
        for split in ("training", "linear")
    )
    views, others = (number * made["training"]["epochs"] for number in (networks, linear))
    rows = read("ablation/summary.tsv")
    shipped = float(held_out("like training")["average precision"])
    gain = ablation_text.gain_per_tenfold(rows, shipped, views)
    missing = aims_text.missing(
        medians_beside_published(), PUBLISHED_FILE, published_file_value("gat-zeroshot")
    )
    last = read("ablation/training_curve.tsv")[-1]
    parts = [
        "\n".join(zero_shot_lines(summary, published)),
        missed_sentence(summary, published),
        published_file_sentence(),
        aims_text.beside_random(read("curated/comparison.tsv")),
        "Aims, set before the training (peers: every other method of the study; not this model "
        "given pseudotime):",
        "\n".join(aim_lines()),
        "What was tried for more: more networks, longer training, Muon (Jordan et al. 2024) in "
        "place of AdamW for the weight matrices and linear networks beside the Boolean ones (all "
        "kept), a wider model (not kept), pseudotime (a method of its own, because not every data "
        "set has it). These were trials by hand, judged on held-out random networks, of which no "
        "table is kept; the networks like training and the linear ones of the tables above are "
        "among them, so that their scores are a little favourable. The ablation was run afterwards "
        "and chose nothing. Nothing was tried on the networks of BEELINE. Earlier weights, trained "
        "on Boolean networks only, were scored on them too, and published in this repository; they "
        "were replaced because linear networks were ranked badly by them (by hand, too), "
        "although without pseudotime their average precision without dropout was a little higher "
        "on mCAD, VSC and HSC.",
        ablation_text.curve_sentence(rows, shipped, views, networks, others),
        ablation_text.outlook(missing, gain)
        + " After the last epoch of the shipped weights the loss was "
        f"{float(last['train_loss']):.3f} on the networks of the training, as augmented, and "
        f"{float(last['validation_loss']):.3f} on held-out ones as simulated, as many of one kind "
        "as of the other: two mixtures, which do not tell how far it fits its own networks better.",
    ]
    return "\n" + "\n\n".join(parts) + "\n\n"


def updated(text: str) -> str:
    """The README with its blocks rendered anew."""
    text = with_block(text, BEGIN, END, render())
    text = with_block(text, ABLATION_BEGIN, ABLATION_END, render_ablation())
    return with_block(text, METHODS_BEGIN, METHODS_END, render_methods())


def updated_card(text: str) -> str:
    """The model card with its block rendered anew."""
    return with_block(text, CURATED_BEGIN, CURATED_END, render_card())


def with_block(text: str, begin: str, end: str, block: str) -> str:
    """The text with another block between its markers."""
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    return head + begin + block + end + tail


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
            if name in SUMMARIES:
                keep_metrics(REPOSITORY / source, target)
            else:
                shutil.copyfile(REPOSITORY / source, target)
        README.write_text(updated(README.read_text()))
        CARD.write_text(updated_card(CARD.read_text()))
    wrong = 0
    for path, anew in ((README, updated), (CARD, updated_card)):
        if anew(path.read_text()) != path.read_text():
            print(f"error: {path.name} does not say what docs/results says: run make readme")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
