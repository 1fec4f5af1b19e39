"""Compare the GATv2 with its controls and the peers; collect the hubs of all networks."""

from grn_gat.files import read_table, read_tables, write_table
from grn_gat.job import logged
from grn_gat.tables import compare_with_others


def main(snakemake) -> None:
    """Read declared inputs only; write one table each."""
    source, out, params = snakemake.input, snakemake.output, snakemake.params
    compared = compare_with_others(read_table(source.metrics), params.seed, params.bootstrap)
    write_table(compared, out.comparison)
    write_table(read_tables(source.hubs), out.hubs)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
