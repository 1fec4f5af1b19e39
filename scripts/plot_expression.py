"""Draw the expression of the first replicate of a network at every dropout level."""

from grn_gat.core.job import logged
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.report.figures_expression import plot_expression
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read expression and pseudotime, write one figure."""
    source = snakemake.input
    levels = {}
    for dropout, path in zip(snakemake.params.dropouts, source.expression, strict=True):
        genes, cells, levels[f"{int(dropout)}"] = read_expression(path)
    pseudotime = read_pseudotime(source.pseudotime, cells, genes)
    save_figure(
        plot_expression(genes, levels, pseudotime), snakemake.output.figure, snakemake.output.vector
    )


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
