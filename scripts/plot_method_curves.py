"""Draw the PR curves of all methods on one network."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.report.figures_methods import plot_method_curves
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read curves and the share of edges, write one PNG."""
    summary = read_table(snakemake.input.summary)
    own = summary[
        (summary["network"] == snakemake.wildcards.network)
        & (summary["protocol"] == "unsupervised")
        & (summary["metric"] == "prevalence")
    ]
    curves, focus = read_table(snakemake.input.curves), snakemake.params.focus
    figure = plot_method_curves(curves, own["mean"].iloc[0], focus)
    save_figure(figure, snakemake.output.figure)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
