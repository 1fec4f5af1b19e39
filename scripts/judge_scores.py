"""Whether the scores of a zero-shot method should be trusted on a data set."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.expression import read_expression
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.inference.judge import judged
from grn_gat.inference.trust import trusted


def main(snakemake) -> None:
    """Read ranked edges and expression (never the reference); write the conditions as a table."""
    source, params = snakemake.input, snakemake.params
    genes, _, expression = read_expression(source.expression)
    ranked = read_ranked_edges(source.ranked)
    limits, per_gene = params.limits, params.edges_per_gene
    conditions = judged(ranked, genes, expression, limits, per_gene, source.weights)
    print(f"trusted: {trusted(conditions) or 'no scores'}")
    write_table(conditions, snakemake.output.trust)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
