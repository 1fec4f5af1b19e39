"""Table, summary over seeds and figure of the zero-shot model's ablation."""

from grn_gat.core.files import read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.report.figures_ablation import plot_ablation
from grn_gat.report.style import save_figure
from grn_gat.zeroshot.ablation_tables import over_seeds


def main(snakemake) -> None:
    """Read the tables of all trainings; write all rows, mean and range, and the figure."""
    out = snakemake.output
    table = read_tables(snakemake.input.tables)
    write_table(table, out.table, digits=6)
    write_table(over_seeds(table), out.summary, digits=6)
    save_figure(plot_ablation(table), out.figure, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
