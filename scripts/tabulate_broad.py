"""Table of the variants on networks that designs are chosen by, beside simple methods."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.report.broad_table import broad_table


def main(snakemake) -> None:
    """Read the scores of all; write the table."""
    source = snakemake.input
    scores, bins = read_tables(source.scores), read_tables(source.bins)
    scores["reason"] = scores["reason"].fillna("")
    table = broad_table(scores, bins, snakemake.params.kinds)
    write_table(table, snakemake.output.table, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
