"""Score networks of one kind, which designs are chosen by, with a variant or a simple method."""

import pandas as pd

from grn_gat.algorithms._registry import ZERO_SHOT
from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.inference.held_out_scores import Scorer, score_networks
from grn_gat.simulate.chunks import load_chunk
from grn_gat.simulate.held_out import measured
from grn_gat.simulate.measurement_settings import settings_of


def main(snakemake) -> None:
    """Measure the networks in every way, score them, write scores and bins of probabilities."""
    params, wildcards, out = snakemake.params, snakemake.wildcards, snakemake.output
    networks = load_chunk(snakemake.input.networks)
    settings = dict(params.settings)
    method = wildcards.scorer
    if snakemake.input.weights:
        method = ZERO_SHOT
        settings |= {"weights": str(snakemake.input.weights)}
    scorer = Scorer(method, params.seed, settings)
    tables, bins = [], []
    for name, block in params.validation["measurements"].items():
        data = {}
        for k, network in enumerate(networks):
            stream = (params.seed, "selection", wildcards.kind, name, k)
            data[k] = measured(network, settings_of(block), generator(*stream, "measurement"))
        found = score_networks(scorer, data, f"selection {wildcards.kind} {name}")
        named = {"kind": wildcards.kind, "measurement": name, "method": wildcards.scorer}
        for parts, table in zip((tables, bins), found, strict=True):
            parts.append(table.assign(**named)[[*named, *table.columns]])
    write_table(pd.concat(tables, ignore_index=True), out.scores, digits=6)
    filled = [part for part in bins if len(part)] or bins[:1]
    write_table(pd.concat(filled, ignore_index=True), out.bins, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
