"""How well hub measures tell which knock-outs matter, on some random networks."""

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.evaluate.hub_worth import agreements
from grn_gat.inference.random_hub_worth import random_hubs


def main(snakemake) -> None:
    """Draw the networks of the part, write the agreements of each."""
    params = snakemake.params
    parts = []
    for number in params.numbers:
        hubs = random_hubs(params.pretraining, number, params.method_settings)
        parts.append(agreements(hubs).assign(kind="random", network=f"random {number}"))
        print(f"network {number}: {hubs['gene'].nunique()} genes")
    table = pd.concat(parts, ignore_index=True)
    write_table(table[["kind", "network", *table.columns[:-2]]], snakemake.output.table, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
