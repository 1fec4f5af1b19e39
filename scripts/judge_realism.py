"""Judge whether real files lie inside the clouds of training data sets."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.simulate.realism import tables


def main(snakemake) -> None:
    """Write a table by statistic and one by file; say which files are outside."""
    inputs, out = snakemake.input, snakemake.output
    by_statistic, by_file = tables(read_tables([*inputs.kinds, *inputs.files]))
    write_table(by_statistic, out.statistics, digits=4)
    write_table(by_file, out.summary, digits=4)
    for row in by_file.itertuples():
        print(
            f"{row.file}, {row.cloud}: {row.verdict}, {row.inside} of {row.statistics} statistics, "
            f"{row.odder:.0%} of the cloud with as few, {row.lonelier:.0%} as lonely"
        )


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
