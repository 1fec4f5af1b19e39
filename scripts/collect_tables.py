"""Collect scores and hubs of all networks into the report tables."""

import pandas as pd

from grn_gat.files import read_table, write_table
from grn_gat.job import logged
from grn_gat.tables import compare_with_controls, mean_over_replicates, summarise


def main(snakemake) -> None:
    """Read declared inputs only; write the long tables and the summary."""
    source, out, params = snakemake.input, snakemake.output, snakemake.params
    by_replicate = pd.concat([read_table(path) for path in source.metrics], ignore_index=True)
    write_table(by_replicate, out.by_replicate)
    write_table(mean_over_replicates(by_replicate), out.metrics)
    write_table(summarise(by_replicate, params.seed, params.bootstrap), out.summary)
    compared = compare_with_controls(by_replicate, params.seed, params.bootstrap)
    write_table(compared, out.comparison)
    write_table(pd.concat([read_table(path) for path in source.hubs], ignore_index=True), out.hubs)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
