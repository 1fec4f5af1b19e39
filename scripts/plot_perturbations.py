"""Draw what perturbations do to a network: shifts of all genes, fates of cells without a gene."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_perturbations import plot_fates, plot_shifts
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read the tables, write both figures."""
    source, out = snakemake.input, snakemake.output
    consequences = read_table(source.consequences)
    shifts = plot_shifts(read_table(source.perturbations), consequences)
    save_figure(shifts, out.perturbations, out.vector)
    save_figure(plot_fates(read_table(source.fates)), out.fates, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
