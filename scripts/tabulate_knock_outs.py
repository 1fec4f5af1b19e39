"""Table and figure of how well knock-outs of simulated networks are predicted."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.report.figures_knock_outs import plot_gains
from grn_gat.report.knock_out_table import knock_out_table
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the scores of all jobs; write the table and the figure."""
    out = snakemake.output
    table = knock_out_table(read_tables(snakemake.input.scores))
    write_table(table, out.table, digits=6)
    save_figure(plot_gains(table), out.figure, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
