"""Draw what the paper's protocol scores beside what the true labels say of the same models."""

from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.core.protocols import PAPER
from grn_gat.report.figures_paper_protocol import plot_paper_protocol
from grn_gat.report.style import NO_PROTOCOL, nothing_to_show, save_figure


def main(snakemake) -> None:
    """Read the summary, write one figure."""
    summary = read_table(snakemake.input.summary)
    network = snakemake.wildcards.network
    summary = summary[(summary["network"] == network) & (summary["protocol"] == PAPER)]
    if summary.empty:
        save_figure(nothing_to_show(NO_PROTOCOL), snakemake.output.figure, snakemake.output.vector)
        return
    # The published model reads no expression: one dropout level is all of them.
    summary = summary[summary["dropout"] == summary["dropout"].iloc[0]]
    save_figure(plot_paper_protocol(summary), snakemake.output.figure, snakemake.output.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
