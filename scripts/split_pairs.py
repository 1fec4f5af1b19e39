"""Divide the pairs of a network into training, validation and test pairs, per protocol."""

from grn_gat.files import write_table
from grn_gat.job import logged
from grn_gat.reference import read_reference
from grn_gat.seeds import generator
from grn_gat.splits import split_pairs


def main(snakemake) -> None:
    """Read what the replicates share, split, write."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    genes, edges, regulators = read_reference(source.edges, source.regulators, source.expression)
    for protocol, path in zip(params.protocols, snakemake.output.folds, strict=True):
        table = split_pairs(
            protocol,
            genes,
            edges,
            regulators,
            range(1, len(source.edges) + 1),
            params.cross_validation["folds"],
            params.cross_validation["validation_share"],
            generator(params.seed, "split", wildcards.network, protocol, int(wildcards.seed)),
        )
        write_table(table, path)
        print(f"{protocol}: {len(table)} items, {int(table['edge'].sum())} with an edge")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
