"""One row per method that was run on a data set: whether it gave a network, and its first hubs."""

import sys

import pandas as pd

from grn_gat.errors import InputError
from grn_gat.files import read_table, write_table
from grn_gat.job import logged
from grn_gat.method_titles import method_title

_HUBS = 5


def first_hubs(hubs: pd.DataFrame) -> str:
    """Return the genes with the most targets, the largest first, ties by name; '' without edges."""
    regulators = hubs[hubs["out_degree"] > 0].sort_values(["out_degree_rank", "gene"])
    return ", ".join(regulators["gene"][:_HUBS])


def main(snakemake) -> None:
    """Read status and hubs of all methods, in the same order; write one table.

    Columns method, title, status (ok or failed), reason (of a failure), genes, edges (of the drawn
    network) and hubs (the 5 genes with the most targets). Warns of each method that failed, on the
    terminal too.

    Raises InputError where every method failed.
    """
    rows = []
    for status, path in zip(snakemake.input.status, snakemake.input.hubs, strict=True):
        state, hubs = read_table(status).iloc[0], read_table(path)
        row = {"method": state["method"], "title": method_title(state["method"])}
        row |= {"status": state["status"], "reason": state["reason"], "genes": len(hubs)}
        rows.append(row | {"edges": int(hubs["out_degree"].sum()), "hubs": first_hubs(hubs)})
    table = pd.DataFrame(rows)
    failed = table[table["status"] != "ok"]
    reasons = [f"{title}: {why}" for title, why in zip(failed.title, failed.reason, strict=True)]
    if len(failed) == len(table):
        raise InputError("no method gave a network; " + "; ".join(reasons))
    for reason in reasons:
        for stream in (sys.stdout, sys.__stderr__):  # the log, the terminal
            print(f"warning: no network of {reason}", file=stream, flush=True)
    write_table(table, snakemake.output.methods)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
