"""Hub measures of the reference and the predicted networks, of attention and of knock-outs."""

from itertools import product

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_names
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.evaluate.consequence import knock_out_consequences
from grn_gat.report.hub_tables import HubTables


def main(snakemake) -> None:
    """Go through knock-outs, methods and the trained models one by one, then rank."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    genes, _ = read_names(source.expression)
    tables = HubTables(
        snakemake.wildcards.network, genes, read_edges(source.edges, genes), params.top_edges
    )
    for path in source.consequences:
        tables.add_consequences(knock_out_consequences(read_table(path)))
    for (method, replicate, dropout), path in zip(params.methods, source.ranked, strict=True):
        tables.add_method(int(dropout), method, replicate, read_ranked_edges(path))
    axes = list(product(params.dropouts, params.protocols, params.seeds))
    for number, (dropout, protocol, seed) in enumerate(axes):
        predictions = read_table(source.predictions[number])
        attention = read_table(source.attention[number])
        tables.add(int(dropout), protocol, seed, predictions, attention)
        print(f"{number + 1} of {len(axes)}: dropout {dropout}, {protocol}, seed {seed}")
    write_table(tables.hubs(), out.hubs)
    write_table(tables.networks(), out.networks)
    write_table(tables.attention(), out.attention, digits=5)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
