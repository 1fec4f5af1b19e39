"""Time and memory of the inference methods; their medians beside published ones."""

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.report.tables import compare_with_beeline
from grn_gat.report.usage import collect_time, collect_usage


def main(snakemake) -> None:
    """Read scores, CPU seconds and benchmark files; write one table each."""
    source, out, params = snakemake.input, snakemake.output, snakemake.params
    write_table(collect_usage(params.jobs, source.usage), out.usage, digits=5)
    write_table(collect_time(params.all_jobs), out.time, digits=5)
    published = compare_with_beeline(
        read_table(source.metrics), read_table(source.beeline), params.networks
    )
    write_table(published, out.beeline)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
