"""Judge the conditions of trust on the data sets of one network of a study."""

from pathlib import Path

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.regulators import read_regulators
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.inference.attempt import Cells, method_seed
from grn_gat.inference.trust_table import METHODS, trust_row


def main(snakemake) -> None:
    """Read each replicate at each dropout level, infer, and write one row each."""
    source, params = snakemake.input, snakemake.params
    network = snakemake.wildcards.network
    rows = []
    for files in zip(source.expression, source.edges, source.regulators, strict=True):
        genes, _, expression = read_expression(files[0])
        regulators = read_regulators(files[2], genes)
        pairs = candidate_pairs(read_edges(files[1], genes), regulators)
        cells = Cells.named(genes, expression, None, regulators)
        replicate, dropout = (part.rpartition("-")[2] for part in Path(files[0]).parts[-3:-1])
        # As in a study of these networks, whose scores these then are.
        place = (network, replicate, dropout)
        seeds = {method: method_seed(params.seed, method, *place) for method in METHODS}
        row = trust_row(cells, pairs, seeds, params.settings, params.limits, params.edges_per_gene)
        name = f"{network} {replicate}, dropout {int(dropout)} %"
        rows.append({"data_set": name, "kind": "curated", "what": network} | row)
    write_table(pd.DataFrame(rows), snakemake.output.table, digits=4)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
