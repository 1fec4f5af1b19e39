"""How well hub measures tell which knock-outs matter: models of the study and random networks."""

import pandas as pd

from grn_gat.core.files import read_table, read_tables, write_table
from grn_gat.core.job import logged
from grn_gat.evaluate.hub_worth import agreements, summary, with_ties
from grn_gat.report.figures_hub_worth import plot_hub_worth
from grn_gat.report.hub_tables import ALL
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Write one row per network and measure, and the means over networks; draw them."""
    source, out = snakemake.input, snakemake.output
    parts = [read_tables(source.random)]
    for path, knocked_out in zip(source.hubs, source.consequences, strict=True):
        hubs = read_table(path)
        over_all = hubs[hubs["dropout"] == ALL]
        found = agreements(with_ties(over_all, read_table(knocked_out)))
        parts.append(found.assign(kind="models", network=hubs["network"].iloc[0]))
    networks = pd.concat(parts, ignore_index=True)
    write_table(networks, out.networks, digits=6)
    table = summary(networks)
    write_table(table, out.table, digits=6)
    save_figure(plot_hub_worth(table), out.figure, out.vector)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
