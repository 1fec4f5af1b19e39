"""The block of the card of levels: the curated networks, the aims, what was tried for more."""

from grn_gat.report.method_titles import method_title
from grn_gat.zeroshot.model_card import calibration_errors
from write import ablation, aims, real, trust, zeroshot
from write.sources import (
    BEELINE_VALUES,
    CALIBRATION,
    CURATED,
    LEVELS,
    LEVELS_SCORES,
    PRETRAINING,
    RELEASED,
    config,
    path,
    read,
    result,
)

TRIED = (
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
    "on mCAD, VSC and HSC."
)


def medians() -> list[zeroshot.Medians]:
    """Of the curated networks, by these weights."""
    networks = list(config(CURATED)["networks"])
    return zeroshot.medians(networks, result(f"{LEVELS}/summary.tsv"), read(BEELINE_VALUES))


def all_aims() -> list[aims.Aim]:
    """Every aim of these weights, and what they reach."""
    import pandas as pd

    errors = calibration_errors(pd.read_csv(path(CALIBRATION), sep="\t"))
    largest = errors.groupby("kind")["expected calibration error"].max()
    scores = pd.DataFrame(read(LEVELS_SCORES))
    signs = scores["sign_right"].astype(float).groupby(scores["kind"], sort=False).mean()
    bench = result(f"{LEVELS}/zeroshot.tsv")
    speed = next(r for r in bench if r["of"].startswith("genie3 over"))
    comparison = result(f"{LEVELS}/comparison.tsv")
    value, timed = (
        zeroshot.released_value(method, levels=True)
        for method in ("gat-zeroshot", "gat-zeroshot-pseudotime")
    )
    return [
        *aims.median_aims(medians()),
        aims.rival_aim(comparison, "average_precision", method_title),
        aims.rival_aim(comparison, "early_precision_ratio", method_title),
        aims.file_aim(RELEASED, value, timed),
        aims.calibration_aim(largest.to_dict()),
        aims.sign_aim(signs.to_dict()),
        aims.speed_aim(float(speed["ratio_median"])),
    ]


def views() -> tuple[int, int, int]:
    """Different Boolean networks of the training; Boolean and linear networks x epochs."""
    made = config(PRETRAINING)["pretraining"]
    chunks, epochs = made["chunks"], made["training"]["epochs"]
    boolean, linear = (chunks[k] * chunks["networks_per_chunk"] for k in ("training", "linear"))
    return boolean, boolean * epochs, linear * epochs


def loss_sentence(curve: list[dict]) -> str:
    """Losses of the shipped weights after their last epoch."""
    last = curve[-1]
    return (
        "After the last epoch of the shipped weights the loss was "
        f"{float(last['train_loss']):.3f} on the networks of the training, as augmented, and "
        f"{float(last['validation_loss']):.3f} on held-out ones as simulated, as many of one kind "
        "as of the other: two mixtures, which do not tell how far it fits its own networks better."
    )


def outlook_parts(found: list[zeroshot.Medians]) -> list[str]:
    """The learning curve, and what it promises for aims that were missed."""
    rows, (networks, boolean, linear) = result("ablation/summary.tsv"), views()
    row = zeroshot.held_out("like training", read(LEVELS_SCORES))
    shipped = float(row["average_precision"])
    gain = ablation.gain_per_tenfold(rows, shipped, boolean)
    missing = aims.missing(found, RELEASED, zeroshot.released_value("gat-zeroshot", levels=True))
    loss = loss_sentence(result("ablation/training_curve.tsv"))
    return [
        ablation.curve_sentence(rows, shipped, boolean, networks, linear),
        f"{ablation.outlook(missing, gain)} {loss}",
    ]


def render_card() -> str:
    """Curated networks, aims and outlook."""
    found = medians()
    parts = [
        zeroshot.median_table(found),
        zeroshot.lower_sentence(found),
        zeroshot.released_sentence(levels=True),
        aims.beside_random(result(f"{LEVELS}/comparison.tsv")),
        "Aims, set before the training (other methods: all of the study but this model given "
        "pseudotime):",
        aims.aim_table(all_aims()),
        TRIED,
        looks(),
        *outlook_parts(found),
    ]
    return "\n\n".join(parts)


def looks() -> str:
    """Every look at networks of BEELINE, in the order in which they were taken."""
    curated = "HSC, mCAD, VSC and GSD"
    found = [
        f"earlier weights, trained on Boolean networks only ({curated}; see above)",
        f"these weights, in the study of config/curated.yaml ({curated}, 10 replicates x 3 "
        "dropout levels; `docs/results/levels` has what the last one gave), and whenever that "
        "study was made anew",
        f"these weights on {RELEASED}, a file that BEELINE's authors published",
        trust.looks_sentence(result("trust.tsv")),
        real.looks_sentence(result("real/kinds.tsv"), result("hematopoiesis/kinds.tsv")),
    ]
    numbered = "; ".join(f"({number}) {text}" for number, text in enumerate(found, start=1))
    return (
        f"Looks at networks of BEELINE and at real cells: {numbered}. None of them chose anything "
        "in the model."
    )
