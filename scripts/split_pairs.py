"""Divide the pairs of a network into training, validation and test pairs, per protocol."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.core.protocols import stream_name
from grn_gat.core.seeds import generator
from grn_gat.data.reference import read_reference
from grn_gat.evaluate.splits import split_pairs


def main(snakemake) -> None:
    """Read what the replicates share, split, write."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    genes, edges, regulators = read_reference(source.edges, source.regulators, source.expression)
    for protocol, path in zip(params.protocols, snakemake.output.folds, strict=True):
        stream = ("split", wildcards.network, stream_name(protocol), int(wildcards.seed))
        table = split_pairs(
            protocol,
            genes,
            edges,
            regulators,
            range(1, len(source.edges) + 1),
            params.cross_validation["folds"],
            params.cross_validation["validation_share"],
            generator(params.seed, *stream),
        )
        write_table(table, path)
        print(f"{protocol}: {len(table)} items, {int(table['edge'].sum())} with an edge")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
