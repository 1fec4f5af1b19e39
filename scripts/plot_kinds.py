"""Draw every method on every kind of data at one dropout level."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_kinds import plot_kinds
from grn_gat.report.selection import Selection
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the table of kinds, write one figure."""
    table = read_table(snakemake.input.kinds)
    dropout = str(int(snakemake.wildcards.dropout))
    figure = plot_kinds(table, dropout, Selection(**snakemake.params.selection))
    save_figure(figure, snakemake.output.figure, snakemake.output.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
