"""One row per method that was run on a data set: whether it gave a network, and its first hubs."""

from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged, warn
from grn_gat.report.inferred_summary import failures, remove_others, summarise_methods


def main(snakemake) -> None:
    """Read status and hubs of all methods, in the same order; write one table.

    Warns of each method that failed, on the terminal too. Removes from the folder what is of no
    method of the table.

    Raises InputError where every method failed.
    """
    source, out = snakemake.input, snakemake.output
    files = zip(source.status, source.hubs, strict=True)
    table = summarise_methods((read_table(one).iloc[0], read_table(other)) for one, other in files)
    folder = Path(out.methods).parent
    (folder / "report.html").unlink(missing_ok=True)  # written anew from this table
    failed = failures(table)
    if len(failed) == len(table):
        raise InputError("no method gave a network; " + "; ".join(failed))
    for reason in failed:
        warn(f"no network of {reason}")
    remove_others(folder, list(table["method"]), reference=bool(source.edges))
    write_table(table, out.methods)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
