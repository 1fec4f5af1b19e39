"""Measure the cells of the held-out networks of one kind in one way."""

import numpy as np

from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import load_chunk, save_chunk, smallest_type
from grn_gat.simulate.held_out import measured
from grn_gat.simulate.measurement_settings import settings_of


def main(snakemake) -> None:
    """Read a chunk of rates, write one of what is measured of them."""
    params, wildcards = snakemake.params, snakemake.wildcards
    # Of one stream in all measurements: what differs is what is made of the same counts.
    names = ("held out", wildcards.kind, "measurement")
    settings = settings_of(params.measurement)
    samples = [
        measured(sample, settings, generator(params.seed, *names, k))
        for k, sample in enumerate(load_chunk(snakemake.input.networks))
    ]
    zeros = np.mean([(sample.expression == 0).mean() for sample in samples])
    print(f"{settings}\nshare of zeros, mean over networks: {zeros:.3f}")
    metadata = {"split": "held out", "kind": wildcards.kind, "measurement": wildcards.measurement}
    save_chunk(snakemake.output.data, samples, metadata, smallest_type(samples))


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
