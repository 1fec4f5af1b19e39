"""One row per method that was run on a data set: whether it gave a network, and its first hubs."""

from pathlib import Path

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged, warn
from grn_gat.methods._registry import method_names
from grn_gat.report.method_titles import method_title

_HUBS = 5
# Of one method.
_FILES = ("rankedEdges.csv", "network.graphml", "network.png", "hubs.tsv", "metrics.tsv")


def first_hubs(hubs: pd.DataFrame) -> str:
    """Return the genes with the most targets, the largest first, ties by name; '' without edges."""
    regulators = hubs[hubs["out_degree"] > 0].sort_values(["out_degree_rank", "gene"])
    return ", ".join(regulators["gene"][:_HUBS])


def remove_others(folder: Path, methods: list[str], reference: bool) -> None:
    """Remove what earlier runs left in the folder and this one did not ask for.

    It may be of other data or of another reference. Files that the workflow does not write stay;
    the ranked edges below results/predictions, which are the costly part, stay as well.
    """
    for method in sorted(set(method_names()) - set(methods)):
        for name in _FILES:
            (folder / method / name).unlink(missing_ok=True)
        if (folder / method).is_dir() and not any((folder / method).iterdir()):
            (folder / method).rmdir()
    if not reference:  # what an earlier run had is of another network
        for file in (folder / "refNetwork.csv", *folder.glob("*/metrics.tsv")):
            file.unlink(missing_ok=True)


def main(snakemake) -> None:
    """Read status and hubs of all methods, in the same order; write one table.

    Columns method, title, status (ok or failed), reason (of a failure), genes (of the data),
    genes_with_edge and edges (of the drawn network) and hubs (the 5 genes with the most targets).
    Warns of each method that failed, on the terminal too. Removes from the folder what is of no
    method of the table.

    Raises InputError where every method failed.
    """
    rows = []
    for status, path in zip(snakemake.input.status, snakemake.input.hubs, strict=True):
        state, hubs = read_table(status).iloc[0], read_table(path)
        row = {"method": state["method"], "title": method_title(state["method"])}
        row |= {"status": state["status"], "reason": state["reason"], "genes": len(hubs)}
        row |= {"genes_with_edge": int((hubs["degree"] > 0).sum())}
        rows.append(row | {"edges": int(hubs["out_degree"].sum()), "hubs": first_hubs(hubs)})
    table = pd.DataFrame(rows)
    folder = Path(snakemake.output.methods).parent
    (folder / "report.html").unlink(missing_ok=True)  # written anew from this table
    failed = table[table["status"] != "ok"]
    reasons = [f"{title}: {why}" for title, why in zip(failed.title, failed.reason, strict=True)]
    if len(failed) == len(table):
        raise InputError("no method gave a network; " + "; ".join(reasons))
    for reason in reasons:
        warn(f"no network of {reason}")
    remove_others(folder, list(table["method"]), reference=bool(snakemake.input.edges))
    write_table(table, snakemake.output.methods)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
