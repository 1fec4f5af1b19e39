"""Which of a method's strongest edges it finds on parts of the cells, too."""

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.evidence_files import read_evidence_files
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.evaluate.inferred import number_of_edges
from grn_gat.inference.attempt import Cells
from grn_gat.inference.stability import stability_table


def main(snakemake) -> None:
    """Read the data and what the method ranked; write a row per edge, or none where it failed.

    Of the known edges only their number is used: that of the strongest edges.
    """
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    genes, names, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, names, genes)
    regulators = read_regulators(source.regulators, genes)
    evidence = read_evidence_files(source.evidence, genes, names)
    cells = Cells.named(genes, expression, pseudotime, regulators, evidence, wildcards.network)
    number = 0
    if read_table(source.status)["status"].item() == "ok":
        reference = read_edges(source.edges, genes) if source.edges else no_edges()
        number = number_of_edges(genes, reference, regulators, params.edges_per_gene)
    table = stability_table(
        wildcards.method,
        read_ranked_edges(source.ranked),
        number,
        cells,
        wildcards.network,
        params.seed,
        snakemake.threads,
        params.settings,
        params.runs,
    )
    write_table(table, snakemake.output.stability)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
