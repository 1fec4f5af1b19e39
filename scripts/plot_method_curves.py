"""Draw the PR curves of all methods on one network."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_methods import plot_method_curves
from grn_gat.report.selection import Selection
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read curves and the share of edges, write one figure."""
    summary = read_table(snakemake.input.summary)
    own = summary[
        (summary["network"] == snakemake.wildcards.network)
        & (summary["protocol"] == "unsupervised")
        & (summary["metric"] == "prevalence")
    ]
    selection = Selection(**snakemake.params.selection)
    figure = plot_method_curves(read_table(snakemake.input.curves), own["mean"].iloc[0], selection)
    save_figure(figure, snakemake.output.figure, snakemake.output.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
