"""The blocks of the README: what the studies found, the methods, the ablation."""

from grn_gat.report.method_titles import method_title
from grn_gat.zeroshot.model_card import calibration_errors
from write import ablation, aims, costs, methods, supervised, zeroshot
from write.sources import (
    BEELINE_VALUES,
    CALIBRATION,
    CARD_SCORES,
    CURATED,
    DEFAULT,
    RELEASED,
    config,
    path,
    read,
    replicates,
    result,
)


def medians() -> list[zeroshot.Medians]:
    """Of the curated networks."""
    networks = list(config(CURATED)["networks"])
    return zeroshot.medians(networks, result("curated/summary.tsv"), read(BEELINE_VALUES))


def all_aims() -> list[aims.Aim]:
    """Every aim of the zero-shot model, and what it reaches."""
    import pandas as pd

    errors = calibration_errors(pd.read_csv(path(CALIBRATION), sep="\t"))
    largest = errors.groupby("kind")["expected calibration error"].max()
    scores = pd.DataFrame(read(CARD_SCORES))
    signs = scores["sign_right"].astype(float).groupby(scores["kind"], sort=False).mean()
    speed = next(r for r in result("zeroshot.tsv") if r["of"].startswith("genie3 over"))
    comparison = result("curated/comparison.tsv")
    timed = zeroshot.released_value("gat-zeroshot-pseudotime")
    return [
        *aims.median_aims(medians()),
        aims.rival_aim(comparison, "average_precision", method_title),
        aims.rival_aim(comparison, "early_precision_ratio", method_title),
        aims.file_aim(RELEASED, zeroshot.released_value("gat-zeroshot"), timed),
        aims.calibration_aim(largest.to_dict()),
        aims.sign_aim(signs.to_dict()),
        aims.speed_aim(float(speed["ratio_median"])),
    ]


def supervised_parts() -> list[str]:
    """The default study: protocols, controls and hubs of HSC."""
    study, summary = config(DEFAULT), result("summary.tsv")
    return [
        supervised.introduction("HSC", len(study["seeds"]), replicates(summary)),
        supervised.protocol_table("HSC", summary, result("comparison.tsv")),
        "Verdicts come from differences paired by seed, replicate and pairs "
        "([`comparison.tsv`](docs/results/comparison.tsv), columns `low` and `high`), not from the "
        "means: a larger mean may still be no difference.",
        supervised.paper_sentence("HSC", summary),
        supervised.hub_sentence("HSC", "Gata1", result("hubs.tsv")),
    ]


def method_parts() -> list[str]:
    """The curated study: every method, the zero-shot model beside them and its aims."""
    summary, comparison = result("curated/summary.tsv"), result("curated/comparison.tsv")
    networks, runs = list(config(CURATED)["networks"]), replicates(summary)
    beeline, found = read(BEELINE_VALUES), medians()
    return [
        f"**All {len(networks)} curated networks**, every method on all pairs, no label used: mean "
        f"average precision over {runs} replicates without dropout / at the highest level. CPU "
        "time includes what a method has to load: of GATv2 zero-shot that is PyTorch, most of it.",
        methods.precision_table(networks, summary, result("curated/usage.tsv")),
        zeroshot.median_introduction(beeline, runs),
        zeroshot.median_table(found),
        zeroshot.lower_sentence(found),
        "Where a constant score has a high median, this AUPRC says little: it joins points by "
        "straight lines, from which a constant score, one tie of all pairs, gains most. Average "
        "precision does not.",
        zeroshot.margin_introduction(runs),
        zeroshot.margin_table(comparison),
        aims.beside_random(comparison),
        aims.missed_sentence(all_aims()),
    ]


def start_parts() -> list[str]:
    """Where some edges are known: from scratch, zero-shot, fine-tuned."""
    default, curated = config(DEFAULT), config(CURATED)
    summary = result("curated/summary.tsv")
    # The default study has both protocols, of HSC.
    wanted = [(summary, network, "pair") for network in curated["networks"]]
    wanted.append((result("summary.tsv"), "HSC", "gene"))
    folds = default["cross_validation"]["folds"]
    return [
        supervised.start_introduction(curated, default),
        supervised.start_table(wanted),
        supervised.fine_tuning_sentence(result("finetuning.tsv"), summary, folds),
    ]


def render_results() -> str:
    """What the studies found."""
    parts = [
        *supervised_parts(),
        *method_parts(),
        *start_parts(),
        zeroshot.held_out_sentence(read(CARD_SCORES)),
        costs.zero_shot_sentence(result("zeroshot.tsv")),
        methods.agreement_sentence(result("curated/beeline.tsv")),
        costs.curated_sentence(result("curated/study.tsv")),
        costs.simulation_sentence(result("simulation.tsv"), result("study.tsv")),
        costs.trees_sentence(result("methods.tsv")),
    ]
    return "\n\n".join(parts)


def render_ablation() -> str:
    """What the parts of the zero-shot model are worth."""
    rows = result("ablation/summary.tsv")
    parts = [
        ablation.introduction(rows) + " A cell of the first table is a mean over the widths.",
        ablation.grid_table(rows),
        ablation.grid_sentence(rows),
        ablation.feature_table(rows),
        ablation.feature_sentence(rows),
        ablation.curve_table(rows),
        ablation.size_sentence(rows),
        "![Average precision by layers and heads, inputs, number of networks and size]"
        "(docs/results/ablation/ablation.png)",
    ]
    return "\n\n".join(parts)
