"""Draw the values of our replicates beside those that BEELINE publishes."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_methods import plot_beeline
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read metrics and published values, write one PNG."""
    source, networks = snakemake.input, snakemake.params.networks
    tables = [read_table(path) for path in (source.metrics, source.beeline)]
    figure = plot_beeline(*(table[table["network"].isin(networks)] for table in tables))
    save_figure(figure, snakemake.output.figure)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
