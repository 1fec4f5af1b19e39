"""What a method makes of the same cells after each gene was shuffled over them."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.inference.job_cells import read_cells_of, read_number_of_edges
from grn_gat.inference.null import null_table


def main(snakemake) -> None:
    """Read the data and what the method ranked; write one row, or none where it failed."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    cells = read_cells_of(source, wildcards.network)
    table = null_table(
        wildcards.method,
        read_ranked_edges(source.ranked),
        read_number_of_edges(source, cells, params.edges_per_gene),
        cells,
        wildcards.network,
        params.seed,
        snakemake.threads,
        params.settings,
    )
    write_table(table, snakemake.output.null)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
