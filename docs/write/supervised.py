"""The GATv2 with labels: protocols, controls, hubs, and where it starts from."""

import statistics

import numpy as np

from grn_gat.core.markdown import markdown_table
from grn_gat.evaluate.intervals import mean_interval
from grn_gat.report.method_titles import method_title

METRICS = ("auroc", "average_precision")
STARTS = {
    "gat": "from scratch",
    "gat-zeroshot": "zero-shot, no label",
    "gat-finetuned": "fine-tuned",
    "degree-sum": "degree sum",
    "random": "random",
}


def cell(row: dict[str, str]) -> str:
    """Mean with interval."""
    mean, low, high = (float(row[key]) for key in ("mean", "low", "high"))
    return f"{mean:.3f} [{low:.3f},\N{NO-BREAK SPACE}{high:.3f}]"


def introduction(network: str, seeds: int, replicates: int) -> str:
    """What the table of protocols is a mean of."""
    return (
        f"**{network}**: means over {seeds} seeds and {replicates} replicates with [95 % "
        "intervals](../honesty.md#intervals), "
        "from [`summary.tsv`](summary.tsv). In parentheses: whether the GATv2 is better or worse "
        "by AUROC, or whether the interval of the paired difference holds 0."
    )


def protocol_table(network: str, summary: list[dict], comparison: list[dict]) -> str:
    """One line per protocol and dropout level of a network."""
    values = {
        (r["protocol"], r["dropout"], r["method"], r["metric"]): r
        for r in summary
        if r["network"] == network
    }
    rows, shown = [], set()
    for protocol, dropout in dict.fromkeys((p, d) for p, d, _, _ in values if p != "unsupervised"):
        # It reads no expression: the same at every dropout level.
        level = "any" if protocol == "paper" else dropout
        if (protocol, level) in shown:
            continue
        shown.add((protocol, level))
        here = (network, protocol, dropout)
        others = [r for r in comparison if (r["network"], r["protocol"], r["dropout"]) == here]
        cells = [cell(values[protocol, dropout, "gat", metric]) for metric in METRICS]
        kinds = (("control", "model control"), ("method",))
        rows.append([f"`{protocol}`", level, *cells, *(best(others, kind) for kind in kinds)])
    titles = ["protocol", "dropout (%)", "GATv2 AUROC", "GATv2 average precision"]
    titles += ["best control: AUROC (GATv2 is)", "best method without labels: AUROC (GATv2 is)"]
    return markdown_table(titles, rows)


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


def paper_sentence(network: str, summary: list[dict]) -> str:
    """What the paper's scoring gives."""
    means = {
        (r["method"], r["metric"]): float(r["mean"])
        for r in summary
        if (r["network"], r["protocol"]) == (network, "paper")
    }
    return (
        "By the paper's scoring its model has accuracy "
        f"{means['gat', 'label_free_accuracy']:.3f} and F1 {means['gat', 'label_free_f1']:.3f}; a "
        f"constant has {means['constant-logit', 'label_free_accuracy']:.3f} and "
        f"{means['constant-logit', 'label_free_f1']:.3f}."
    )


def hub_sentence(network: str, gene: str, hubs: list[dict]) -> str:
    """First genes of the reference network, and where attention and predictions put a gene."""

    def ranked(source: str, measure: str) -> list[dict]:
        wanted = (network, "all", source, measure)
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
        row = next(r for r in ranked(source, measure) if r["gene"] == gene)
        spread = f"{float(row['rank_low']):.0f}–{float(row['rank_high']):.0f}"
        places.append(f"{row['rank']} by {words} (middle 95 % of ranks {spread})")
    return f"Hubs of the reference network by degree: {reference}. {gene}'s rank: " + (
        "; ".join(places) + "."
    )


def start_introduction(curated: dict, default: dict) -> str:
    """Which rows of the table of starts are of which study."""
    folds = [study["cross_validation"]["folds"] for study in (curated, default)]
    return (
        "Where some edges are known: average precision on the held-out pairs. Rows of `pair` are "
        f"of the curated study ({folds[0]} folds), those of `gene` of the HSC study ({folds[1]} "
        "folds), whose data sets are the same."
    )


def start_table(wanted: list[tuple[list[dict], str, str]]) -> str:
    """From scratch, zero-shot and fine-tuned, on the same held-out pairs.

    Args:
        wanted: rows of a summary, network and protocol of each part of the table.
    """
    rows = []
    for summary, network, protocol in wanted:
        here = [
            r
            for r in summary
            if (r["network"], r["protocol"], r["metric"])
            == (network, protocol, "average_precision")
        ]
        for level in sorted({r["dropout"] for r in here}, key=int):
            values = {r["method"]: r for r in here if r["dropout"] == level}
            rows.append([network, f"`{protocol}`", level, *(cell(values[m]) for m in STARTS)])
    return markdown_table(["network", "protocol", "dropout (%)", *STARTS.values()], rows)


def fine_tuning_sentence(rows: list[dict], curated: list[dict], folds: int) -> str:
    """What fine-tuning adds on random networks, and where it takes away on the curated ones.

    Args:
        rows: of docs/results/finetuning.tsv.
        curated: summary of the curated study.
        folds: number of folds that the random networks were divided into.
    """
    values: dict[str, list[float]] = {}
    for row in rows:
        values.setdefault(row["method"], []).append(float(row["average_precision"]))
    means = {name: statistics.mean(of_networks) for name, of_networks in values.items()}
    gain = np.subtract(values["gat-finetuned"], values["gat-zeroshot"])
    low, high = mean_interval(gain[None, :])
    genes = [int(row["genes"]) for row in rows]
    text = (
        f"With the weights of levels, on {len(gain)} random Boolean networks drawn for this "
        f"({min(genes)} to {max(genes)} "
        f"genes, one data set each; {1 - 1 / folds:.0%} of the pairs known, scored on the others, "
        f"in turn): zero-shot {means['gat-zeroshot']:.3f}, fine-tuned {means['gat-finetuned']:.3f} "
        f"(difference {gain.mean():+.3f} [{float(low):+.3f}, {float(high):+.3f}]), one model of "
        f"the ensemble fine-tuned alone {means['one model']:.3f}, degree sum "
        f"{means['degree-sum']:.3f}, random {means['random']:.3f} "
        "([`finetuning.tsv`](finetuning.tsv))."
    )
    worse = ", ".join(_worse_when_fine_tuned(curated))
    if worse:
        text += f" In the table above fine-tuned has a lower mean than zero-shot on {worse}."
    return text


def _worse_when_fine_tuned(curated: list[dict]) -> list[str]:
    """Networks and dropout levels on which fine-tuning lowers the mean average precision."""
    precision = {
        (r["network"], r["dropout"], r["method"]): float(r["mean"])
        for r in curated
        if (r["protocol"], r["metric"]) == ("pair", "average_precision")
    }
    return [
        f"{network} at {level} %"
        for (network, level, method), value in precision.items()
        if method == "gat-finetuned" and value < precision[network, level, "gat-zeroshot"]
    ]
