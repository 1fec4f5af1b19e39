"""Divide the pairs of a network into training, validation and test pairs, per protocol."""

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged, warn
from grn_gat.core.protocols import stream_name
from grn_gat.core.seeds import generator
from grn_gat.data.reference import read_reference
from grn_gat.evaluate.splits import NotFeasibleError, fewer_folds, no_roles, split_pairs


def main(snakemake) -> None:
    """Read what the replicates share, split, write; a protocol that cannot be has no row."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    genes, edges, regulators = read_reference(source.edges, source.regulators, source.expression)
    folds = params.cross_validation["folds"]
    files = zip(params.protocols, snakemake.output.folds, snakemake.output.status, strict=True)
    for protocol, path, status_path in files:
        stream = ("split", wildcards.network, stream_name(protocol), int(wildcards.seed))
        try:
            table = split_pairs(
                protocol,
                genes,
                edges,
                regulators,
                range(1, len(source.edges) + 1),
                folds,
                params.cross_validation["validation_share"],
                generator(params.seed, *stream),
            )
            status, reason = "ok", fewer_folds(table, folds)
        except NotFeasibleError as error:
            table, status, reason = no_roles(), "failed", str(error)
        if reason:
            warn(f"{wildcards.network}, protocol {protocol}: {reason}")
        write_table(table, path)
        labels = {"network": wildcards.network, "protocol": protocol, "seed": wildcards.seed}
        described = labels | {"status": status, "reason": reason}
        write_table(pd.DataFrame([described]), status_path)
        print(f"{protocol}: {len(table)} items, {int(table['edge'].sum())} with an edge")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
