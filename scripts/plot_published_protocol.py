"""Draw what the published protocol scores beside what the true labels say of the same models."""

from grn_gat.figures import save_figure
from grn_gat.files import read_table
from grn_gat.job import logged
from grn_gat.story_figures import plot_published_protocol


def main(snakemake) -> None:
    """Read the summary, write one PNG."""
    summary = read_table(snakemake.input.summary)
    network = snakemake.wildcards.network
    summary = summary[(summary["network"] == network) & (summary["protocol"] == "published")]
    # The published model reads no expression: one dropout level is all of them.
    summary = summary[summary["dropout"] == summary["dropout"].iloc[0]]
    save_figure(plot_published_protocol(summary), snakemake.output.figure)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
