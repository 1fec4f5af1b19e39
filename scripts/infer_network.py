"""Infer a network from one expression matrix with one of the methods; rank its edges."""

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.evidence_files import read_evidence_files
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.regulators import read_regulators
from grn_gat.inference.attempt import Cells, attempt, method_seed, write_attempt


def main(snakemake) -> None:
    """Read expression (never the reference network), write ranked edges, status and CPU seconds.

    A method that is not defined on the data leaves a list without edges, and the reason in the
    status: the other methods of the study go on.
    """
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    wildcards = snakemake.wildcards
    genes, names, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, names, genes)
    regulators = read_regulators(source.regulators, genes)
    evidence = read_evidence_files(source.evidence, genes, names)
    cells = Cells.named(genes, expression, pseudotime, regulators, evidence, wildcards.network)
    method = wildcards.method
    seed = method_seed(params.seed, method, *params.place)
    found = attempt(method, cells, seed, snakemake.threads, params.settings)
    if found.reason:
        print(f"failed: {found.reason}")
    else:
        print(f"inferred in {found.cpu_seconds:.4f} CPU seconds")
    write_attempt(out.ranked, found, cells)
    row = {"method": method, "status": found.status, "reason": found.reason}
    write_table(pd.DataFrame([row]), out.status)
    usage = {"method": method, "cpu_seconds": found.cpu_seconds}
    write_table(pd.DataFrame([usage]), out.usage)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
