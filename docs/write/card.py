"""The block of the model card: the curated networks, the aims, what was tried for more."""

from write import ablation, aims, real, trust, zeroshot
from write.results import all_aims, medians
from write.sources import CARD_SCORES, PRETRAINING, RELEASED, config, read, result

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
    row = zeroshot.held_out("like training", read(CARD_SCORES))
    shipped = float(row["average_precision"])
    gain = ablation.gain_per_tenfold(rows, shipped, boolean)
    missing = aims.missing(found, RELEASED, zeroshot.released_value("gat-zeroshot"))
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
        zeroshot.released_sentence(),
        aims.beside_random(result("curated/comparison.tsv")),
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
        f"these weights, in the study of `docs/results/curated` ({curated}, 10 replicates x 3 "
        "dropout levels), and whenever that study is made anew",
        f"these weights on {RELEASED}, a file that BEELINE's authors published",
        trust.looks_sentence(result("trust.tsv")),
        real.looks_sentence(result("real/kinds.tsv"), result("hematopoiesis/kinds.tsv")),
    ]
    numbered = "; ".join(f"({number}) {text}" for number, text in enumerate(found, start=1))
    return (
        f"Looks at networks of BEELINE and at real cells: {numbered}. None of them chose anything "
        "in the model."
    )
