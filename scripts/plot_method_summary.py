"""Draw the heat map of methods and networks at one dropout level."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_methods import plot_method_summary
from grn_gat.report.selection import Selection
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the tables, write one figure."""
    source = snakemake.input
    names = ("summary", "stability", "usage", "failures")
    tables = {name: read_table(source[name]) for name in names}
    dropout, data_sets = str(int(snakemake.wildcards.dropout)), snakemake.params.data_sets
    selection = Selection(**snakemake.params.selection)
    figure = plot_method_summary(
        **tables, dropout=dropout, data_sets=data_sets, selection=selection
    )
    save_figure(figure, snakemake.output.figure, snakemake.output.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
