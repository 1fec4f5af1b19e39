"""Infer a network from one expression matrix with one of the methods; rank its edges."""

import traceback

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import write_table
from grn_gat.core.job import cpu_seconds, logged
from grn_gat.core.seeds import integer_seed
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.ranked_edges import write_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.methods._registry import run_method


def main(snakemake) -> None:
    """Read expression (never the reference network), write ranked edges, status and CPU seconds.

    A method that is not defined on the data leaves a list without edges, and the reason in the
    status: the other methods of the study go on.
    """
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    genes, cells, expression = read_expression(source.expression)
    table = read_pseudotime(source.pseudotime, cells, genes)
    pseudotime = None if table is None else table.to_numpy(dtype=float)
    position = {gene: i for i, gene in enumerate(genes)}
    named = read_regulators(source.regulators, genes)
    regulators = np.sort([position[gene] for gene in named])
    names = (wildcards.method, wildcards.network, wildcards.replicate, wildcards.dropout)
    seed = integer_seed(params.seed, "infer", *names)
    scores, status, reason, seconds = np.zeros((len(genes), 0)), "ok", "", np.nan
    start = cpu_seconds()
    try:
        scores = run_method(
            wildcards.method,
            genes,
            expression,
            pseudotime,
            regulators,
            seed,
            snakemake.threads,
            params.settings,
        )
        seconds = cpu_seconds() - start
        print(f"inferred in {seconds:.4f} CPU seconds")
    except InputError as error:
        status, reason = "failed", str(error)
    except MemoryError:  # may succeed with more memory: the job fails, and is tried again
        raise
    except Exception as error:
        status, reason = "failed", f"{type(error).__name__}: {error}"
        traceback.print_exc()
    if status == "failed":
        print(f"failed: {reason}")
    first, second = (a.ravel() for a in np.meshgrid(regulators, range(len(genes)), indexing="ij"))
    kept = (first != second) & (status == "ok")
    names = np.array(genes, dtype=object)
    write_ranked_edges(
        snakemake.output.ranked,
        names[first[kept]],
        names[second[kept]],
        scores[first[kept], second[kept]] if kept.any() else [],
    )
    row = {"method": wildcards.method, "status": status, "reason": reason}
    write_table(pd.DataFrame([row]), snakemake.output.status)
    usage = {"method": wildcards.method, "cpu_seconds": seconds}
    write_table(pd.DataFrame([usage]), snakemake.output.usage)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
