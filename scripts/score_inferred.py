"""Score the network that a method inferred with the known edges that the user gave."""

import pandas as pd

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_names
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.evaluate.inferred import METRIC_COLUMNS, metric_table


def main(snakemake) -> None:
    """Read ranked and known edges; write metrics, without rows where the method failed."""
    source = snakemake.input
    metrics = pd.DataFrame(columns=METRIC_COLUMNS)
    if read_table(source.status)["status"].item() == "ok":
        genes, _ = read_names(source.expression)
        reference = read_edges(source.edges, genes)
        regulators = read_regulators(source.regulators, genes)
        ranked = read_ranked_edges(source.ranked)
        metrics = metric_table(ranked, reference, regulators, snakemake.params.seed)
    write_table(metrics, snakemake.output.metrics)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
