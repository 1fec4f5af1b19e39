"""Which of a method's strongest edges it finds on random parts of the cells, too."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.inference.job_cells import read_cells_of, read_number_of_edges
from grn_gat.inference.stability import number_of_runs, stability_table


def main(snakemake) -> None:
    """Read the data and what the method ranked; write a row per edge, or none where it failed."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    cells = read_cells_of(source, wildcards.network)
    runs = number_of_runs(params.runs, len(cells.regulators), len(cells.genes), params.groups)
    table = stability_table(
        wildcards.method,
        read_ranked_edges(source.ranked),
        read_number_of_edges(source, cells, params.edges_per_gene),
        cells,
        params.seed,
        snakemake.threads,
        params.settings,
        runs,
    )
    write_table(table, snakemake.output.stability)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
