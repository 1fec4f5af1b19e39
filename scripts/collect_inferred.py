"""One row per method that was run on a data set: whether it gave a network, and its first hubs."""

from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged, warn
from grn_gat.evaluate import shuffled_null
from grn_gat.inference.null import sentences
from grn_gat.inference.trust import of_methods, trusted, warnings
from grn_gat.report.inferred_summary import failures, remove_others, summarise_methods


def main(snakemake) -> None:
    """Read status and hubs of all methods, in the same order; write a table of
    them, one of what was judged, and one of gene-shuffled nulls.

    Warns of each method that failed or should not be trusted, on the terminal too. Removes from the
    folder what is of no method of the table.

    Raises InputError where every method failed.
    """
    source, out = snakemake.input, snakemake.output
    files = zip(source.status, source.hubs, strict=True)
    found = [(read_table(one).iloc[0], read_table(other)) for one, other in files]
    judged = zip(snakemake.params.probabilistic, source.trust, strict=True)
    conditions = {method: read_table(path) for method, path in judged}
    table = summarise_methods(found, {m: trusted(held) for m, held in conditions.items()})
    folder = Path(out.methods).parent
    (folder / "report.html").unlink(missing_ok=True)  # written anew from this table
    failed = failures(table)
    if len(failed) == len(table):
        raise InputError("no method gave a network; " + "; ".join(failed))
    for reason in failed:
        warn(f"no network of {reason}")
    of_all = of_methods(conditions)
    for text in warnings(of_all):
        warn(text)
    files = zip(source.nulls, source.drawn, source.null_edges, strict=True)
    of_drawn = [shuffled_null.of_drawn(*map(read_table, three)) for three in files]
    nulls = dict(zip(snakemake.params.null_methods, of_drawn, strict=True))
    of_nulls = shuffled_null.of_methods(nulls)
    for line in sentences(of_nulls):
        print(line)
    methods, params = list(table["method"]), snakemake.params
    stable, reference = {"stability": params.stable, "donors": params.of_donors}, bool(source.edges)
    remove_others(folder, methods, nulls, stable, reference, params.pairs, params.pseudotime)
    write_table(of_nulls, out.null)
    write_table(of_all, out.trust)
    write_table(table, out.methods)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
