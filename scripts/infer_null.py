"""What a method makes of the same cells after each gene was shuffled over them."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.inference.job_cells import read_cells_of, read_number_of_edges
from grn_gat.inference.null import null_of


def main(snakemake) -> None:
    """Read the data and what the method ranked; write a row, and the edges; none if it failed."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    cells = read_cells_of(source, wildcards.network)
    found = null_of(
        wildcards.method,
        read_ranked_edges(source.ranked),
        read_number_of_edges(source, cells, params.edges_per_gene),
        cells,
        params.seed,
        snakemake.threads,
        params.settings,
    )
    write_table(found.table, snakemake.output.null)
    write_table(found.edges, snakemake.output.edges)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
