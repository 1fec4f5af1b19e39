"""Draw how far the method that the study is about is above every other one."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_focus import plot_focus
from grn_gat.report.selection import Selection
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the comparison, write one figure."""
    table = read_table(snakemake.input.comparison)
    dropout = str(int(snakemake.wildcards.dropout))
    selection = Selection(**snakemake.params.selection)
    figure = plot_focus(table, snakemake.params.focus, dropout, selection)
    save_figure(figure, snakemake.output.figure, snakemake.output.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
