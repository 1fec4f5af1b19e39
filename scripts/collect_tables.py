"""Collect the scores of all networks and protocols, and what failed, into the report tables."""

import pandas as pd

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.evaluate.score_tables import FAILURE_COLUMNS, protocol_failures
from grn_gat.report.tables import (
    compare_leader,
    compare_with_others,
    mean_over_replicates,
    mean_stability,
    summarise,
)


def main(snakemake) -> None:
    """Read declared inputs only; write the long tables and the summary."""
    source, out = snakemake.input, snakemake.output
    by_replicate = read_tables(source.metrics)
    by_regulators = read_tables(source.regulators)
    write_table(by_replicate, out.by_replicate)
    write_table(by_regulators, out.by_regulators)
    write_table(mean_over_replicates(by_replicate), out.metrics)
    write_table(summarise(by_replicate, by_regulators), out.summary)
    focus = snakemake.params.focus
    write_table(compare_with_others(by_replicate, by_regulators, focus), out.comparison)
    write_table(compare_leader(by_replicate, by_regulators), out.leaders)
    write_table(mean_stability(read_tables(source.stability)), out.stability)
    failures = [read_tables(source.failures)] if source.failures else []
    failures += [protocol_failures(read_tables(source.splits))] if source.splits else []
    failures = [table for table in failures if len(table)]
    nothing = pd.DataFrame(columns=FAILURE_COLUMNS)
    write_table(pd.concat(failures) if failures else nothing, out.failures)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
