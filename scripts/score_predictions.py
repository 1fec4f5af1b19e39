"""Metrics and curves of one network and protocol, for all dropout levels and seeds."""

from itertools import product

import pandas as pd

from grn_gat.files import read_table, write_table
from grn_gat.job import logged
from grn_gat.scoring import score_methods


def main(snakemake) -> None:
    """Score the GATv2 and the controls on the same pairs; the files come dropout by dropout."""
    params, wildcards = snakemake.params, snakemake.wildcards
    controls = {
        seed: dict(list(read_table(path).groupby("method", sort=False)))
        for seed, path in zip(params.seeds, snakemake.input.controls, strict=True)
    }
    metrics, curves = [], []
    axes = product(params.dropouts, params.seeds)
    for (dropout, seed), path in zip(axes, snakemake.input.predictions, strict=True):
        methods = {"gat": read_table(path), **controls[seed]}
        labels = {
            "network": wildcards.network,
            "dropout": int(dropout),
            "protocol": wildcards.protocol,
        }
        for found, tables in zip(score_methods(methods), (metrics, curves), strict=True):
            found.insert(1, "seed", seed)
            for position, (name, value) in enumerate(labels.items()):
                found.insert(position, name, value)
            tables.append(found)
        print(f"scored dropout {dropout}, seed {seed}: {', '.join(methods)}", flush=True)
    write_table(pd.concat(metrics), snakemake.output.metrics)
    write_table(pd.concat(curves), snakemake.output.curves, digits=5)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
