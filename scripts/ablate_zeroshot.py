"""Train one variant of the zero-shot model and score it on held-out random networks."""

from pathlib import Path

import pandas as pd

from grn_gat.core.device import deterministic
from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import load_chunks
from grn_gat.zeroshot.ablation_tables import TRAINING, by_size
from grn_gat.zeroshot.ensemble import Ensemble
from grn_gat.zeroshot.pretraining import train_member
from grn_gat.zeroshot.validation import conditions, network_metrics, scored


def main(snakemake) -> None:
    """Train (or resume) with the streams of the seed, score under every condition, write."""
    params, source = snakemake.params, snakemake.input
    variant, seed = snakemake.wildcards.variant, int(snakemake.wildcards.seed)
    altered = params.training["pretraining"]
    deterministic()
    samples = load_chunks(source.training)[: params.training["networks"]]
    held_out = load_chunks(source.validation)
    checkpoint = Path(params.checkpoint)
    model, curve = train_member(samples, held_out, altered, seed, checkpoint, source.code)
    rng = generator(altered["seed"], "ablation", "controls")
    metrics = [
        vars(condition) | row
        for condition in conditions(params.validation)
        # Not calibrated: that changes no ranking.
        for found in scored(Ensemble([model]), held_out, condition, altered["seed"])
        for row in network_metrics(Ensemble([model]), found, rng)
    ]
    described = {
        "kind": params.training["kind"],
        "variant": variant,
        **{key: altered["model"][key] for key in ("layers", "heads", "width")},
        "parameters": sum(p.numel() for p in model.parameters()),
        "networks": len(samples),
        "epochs": len(curve),
        "seed": seed,
        "train_loss": curve["train_loss"].iloc[-1],
    }
    scores = by_size(pd.DataFrame(metrics))
    table = scores.assign(**described)[[*TRAINING, "seed", "train_loss", *scores.columns]]
    write_table(table, snakemake.output.table, digits=6)
    checkpoint.unlink(missing_ok=True)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
