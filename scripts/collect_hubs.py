"""Collect the hubs of all networks."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged


def main(snakemake) -> None:
    """Read declared inputs only; write one table."""
    write_table(read_tables(snakemake.input.hubs), snakemake.output.hubs)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
