"""Time, memory and failures of the inference methods; their medians beside published ones."""

from grn_gat.files import read_table, read_tables, write_table
from grn_gat.job import logged
from grn_gat.tables import compare_with_published
from grn_gat.usage import collect_time, collect_usage


def main(snakemake) -> None:
    """Read scores, benchmark files and logs; write one table each."""
    source, out, params = snakemake.input, snakemake.output, snakemake.params
    write_table(collect_usage(params.jobs), out.usage, digits=5)
    write_table(collect_time(params.all_jobs), out.time, digits=5)
    write_table(read_tables(source.failures), out.failures)
    published = compare_with_published(
        read_table(source.metrics), read_table(source.published), params.networks
    )
    write_table(published, out.published)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
