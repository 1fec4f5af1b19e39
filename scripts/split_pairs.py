"""Divide the pairs of a network into training, validation and test pairs, per protocol."""

from pathlib import Path

from grn_gat.errors import InputError
from grn_gat.expression_io import read_edges, read_expression, read_regulators
from grn_gat.files import write_table
from grn_gat.job import logged
from grn_gat.seeds import generator
from grn_gat.splits import split_pairs


def main(snakemake) -> None:
    """Check that the replicates agree, split, write."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    first = source.edges[0]
    for other in source.edges[1:]:
        if Path(other).read_bytes() != Path(first).read_bytes():
            raise InputError(
                f"{other} differs from {first}: the replicates of a network share one reference "
                "network; list them as different networks"
            )
    for other in source.regulators[1:]:
        if Path(other).read_bytes() != Path(source.regulators[0]).read_bytes():
            raise InputError(
                f"{other} differs from {source.regulators[0]}: the replicates of a network share "
                "their genes and candidate regulators"
            )
    genes, _, _ = read_expression(source.expression[0])
    for other in source.expression[1:]:
        if read_expression(other)[0] != genes:
            raise InputError(
                f"{other} has other genes than {source.expression[0]}: the replicates of a network "
                "share their genes; list them as different networks"
            )
    edges = read_edges(first, genes)
    regulators = read_regulators(source.regulators[0], genes)
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
