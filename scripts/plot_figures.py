"""Draw the figures of one network."""

from itertools import product

import pandas as pd

from grn_gat.core.files import read_table, read_tables
from grn_gat.core.job import logged
from grn_gat.core.protocols import PAPER
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_names
from grn_gat.report.figures_hubs import plot_hubs
from grn_gat.report.figures_network import plot_network
from grn_gat.report.figures_study import plot_curves, plot_metrics, plot_training
from grn_gat.report.style import save_figure

# The first of these protocols that the study has is drawn; where it has others only, its first.
DRAWN = ("pair", "regulator", "gene", "pooled", PAPER)


def main(snakemake) -> None:
    """Read scores, hubs, attention and training curves; write each figure.

    Protocols that cannot be carried out have no rows, and no panels.
    """
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    network = snakemake.wildcards.network
    summary = read_table(source.summary)
    summary = summary[(summary["network"] == network) & (summary["protocol"] != "unsupervised")]
    prevalence = summary[summary["metric"] == "prevalence"].groupby("protocol")["mean"].first()
    training = []
    axes = product(params.dropouts, params.protocols, params.seeds)
    for (dropout, protocol, seed), path in zip(axes, source.training, strict=True):
        labels = {"dropout": dropout, "protocol": protocol, "seed": seed}
        curve = read_table(path).assign(**labels)
        training += [curve] if len(curve) else []
    genes, _ = read_names(source.expression)
    attention = read_table(source.attention)
    drawn = next((p for p in DRAWN if (attention["protocol"] == p).any()), params.protocols[0])
    figures = {
        "curves": plot_curves(read_tables(source.curves), prevalence),
        "metrics": plot_metrics(summary),
        "hubs": plot_hubs(read_table(source.hubs)),
        "network": plot_network(
            read_edges(source.edges, genes),
            attention[attention["protocol"] == drawn],
            protocol=drawn,
        ),
        "training": plot_training(pd.concat(training) if training else pd.DataFrame()),
    }
    for name, figure in figures.items():
        save_figure(figure, out[name], out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
