"""Draw the heat map of methods and networks at one dropout level."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_methods import plot_method_summary
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the tables, write one PNG."""
    source = snakemake.input
    names = ("summary", "stability", "usage", "failures")
    tables = {name: read_table(source[name]) for name in names}
    dropout, params = str(int(snakemake.wildcards.dropout)), snakemake.params
    figure = plot_method_summary(
        **tables, dropout=dropout, data_sets=params.data_sets, focus=params.focus
    )
    save_figure(figure, snakemake.output.figure)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
