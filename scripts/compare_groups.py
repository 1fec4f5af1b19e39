"""What differs between the networks that a method infers from groups of cells: tables."""

from pathlib import Path

import pandas as pd

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.inference.attempt import Cells
from grn_gat.inference.compared import compared
from grn_gat.inference.group_paths import SUMMARY, TABLES
from grn_gat.inference.group_tables import write_tables


def main(snakemake) -> None:
    """Read the cells of each group and what the method ranked; write tables."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    groups = []
    files = zip(source.expression, source.pseudotime, source.regulators, strict=True)
    for expression, pseudotime, regulators in files:
        genes, cells, values = read_expression(expression)
        times = read_pseudotime(pseudotime, cells, genes)
        groups.append(Cells.named(genes, values, times, read_regulators(regulators, genes)))
    ok = [read_table(path)["status"].item() == "ok" for path in source.status]
    ranked = [read_ranked_edges(path) for path in source.ranked]
    ranked = [own if fine else own[:0] for own, fine in zip(ranked, ok, strict=True)]
    method, names = snakemake.wildcards.method, list(params.names)
    found, activity = compared(
        method,
        names,
        groups,
        ranked,
        params.edges_per_gene,
        params.permutations,
        params.seed,
        snakemake.threads,
        params.settings,
    )
    tables = {key: Path(getattr(out, key)) for key in TABLES}
    row = write_tables(method, names, found, activity, tables)
    write_table(pd.DataFrame([row], columns=SUMMARY), out.summary)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
