"""Cells and all networks of a data set of target infer as one AnnData file."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.data.expression import read_expression
from grn_gat.data.network_h5ad import write_network_h5ad
from grn_gat.data.ranked_edges import read_ranked_edges


def main(snakemake) -> None:
    """Read the cells, and scores and hubs of each method; write AnnData."""
    source, methods = snakemake.input, snakemake.params.methods
    genes, cells, values = read_expression(source.expression)
    scores = dict(zip(methods, map(read_ranked_edges, source.ranked), strict=True))
    hubs = dict(zip(methods, map(read_table, source.hubs), strict=True))
    file = snakemake.params.source["expression"]
    write_network_h5ad(snakemake.output.network, genes, cells, values, scores, hubs, file)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
