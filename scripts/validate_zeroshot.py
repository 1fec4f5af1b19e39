"""Score the pretrained ensemble on held-out random networks, beside its controls."""

import numpy as np
import pandas as pd

from grn_gat.core.device import deterministic
from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import calibration_bins
from grn_gat.simulate.chunks import load_chunks
from grn_gat.zeroshot.ensemble import load_ensemble
from grn_gat.zeroshot.validation import (
    calibrated,
    conditions,
    network_metrics,
    scored,
)

# Inputs of the rule: Boolean networks like those of the training, others, and linear ones.
KINDS = ("like training", "other", "linear")


def main(snakemake) -> None:
    """Per network and condition the metrics; per kind of networks the calibration curve."""
    pretraining, source = snakemake.params.pretraining, snakemake.input
    deterministic()
    ensemble = load_ensemble(source.weights)
    rows, curves = [], []
    for kind in KINDS:
        samples = load_chunks(source[kind.replace(" ", "_")])
        for condition in conditions(pretraining["validation"]):
            rng = generator(pretraining["seed"], "validation", "controls", kind)
            probability, label = [], []
            for found in scored(ensemble, samples, condition, pretraining["seed"]):
                for row in network_metrics(ensemble, found, rng):
                    rows.append({"kind": kind, **vars(condition), **row})
                probability.append(calibrated(ensemble, found.pairs(found.edge)))
                label.append(found.pairs(found.signs) != 0)
            bins = calibration_bins(np.concatenate(label), np.concatenate(probability))
            curve = pd.DataFrame(bins, columns=["pairs", "predicted", "observed"])
            curve.insert(0, "bin", range(1, len(curve) + 1))
            curves.append(curve.assign(kind=kind, **vars(condition)))
            print(f"{kind}: {condition}")
    write_table(pd.DataFrame(rows), snakemake.output.metrics, digits=6)
    write_table(pd.concat(curves, ignore_index=True), snakemake.output.calibration)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
