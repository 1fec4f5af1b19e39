"""Draw where real files lie in the clouds of training data sets."""

from grn_gat.core.files import read_table, read_tables
from grn_gat.core.job import logged
from grn_gat.report.figures_realism import plot_realism
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read what was described and judged, write one figure."""
    inputs = snakemake.input
    described = read_tables([*inputs.kinds, *inputs.files])
    by_statistic, by_file = read_table(inputs.statistics), read_table(inputs.summary)
    save_figure(
        plot_realism(described, by_statistic, by_file),
        snakemake.output.figure,
        snakemake.output.vector,
    )


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
