"""Every method on every kind of data: the table of kinds."""

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.report.kinds import kinds_table


def main(snakemake) -> None:
    """Read the summary, write what it says of each network of a kind."""
    table = kinds_table(read_table(snakemake.input.summary), snakemake.params.kinds)
    write_table(table, snakemake.output.kinds)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
