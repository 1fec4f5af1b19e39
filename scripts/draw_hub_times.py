"""Draw the first hubs of an inferred network along pseudotime."""

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.report.figures_hub_times import plot_hub_times
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read hubs, expression and pseudotime; write the figure."""
    source, out = snakemake.input, snakemake.output
    genes, cells, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, cells, genes)
    title = load_method(snakemake.params.method).title
    figure = plot_hub_times(read_table(source.hubs), genes, expression, pseudotime, title)
    save_figure(figure, out.figure, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
