"""Table and figures of what methods are worth on held-out networks."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.report.figures_held_out import plot_held_out, plot_probabilities
from grn_gat.report.held_out_table import held_out_table
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the scores of all jobs; write the table, the bins of all, and the figures."""
    source, out = snakemake.input, snakemake.output
    scores, bins = read_tables(source.scores), read_tables(source.bins)
    scores["reason"] = scores["reason"].fillna("")
    table = held_out_table(scores, bins)
    write_table(table, out.table, digits=6)
    write_table(bins, out.calibration, digits=6)
    save_figure(plot_held_out(table), out.figure, out.vector)
    save_figure(plot_probabilities(table), out.probabilities, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
