"""Draw the values of our replicates beside those that BEELINE publishes."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_methods import plot_beeline
from grn_gat.report.selection import Selection
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read metrics and published values, write one figure."""
    source, networks = snakemake.input, snakemake.params.networks
    tables = [read_table(path) for path in (source.metrics, source.beeline)]
    tables = [table[table["network"].isin(networks)] for table in tables]
    figure = plot_beeline(*tables, Selection(**snakemake.params.selection))
    save_figure(figure, snakemake.output.figure, snakemake.output.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
