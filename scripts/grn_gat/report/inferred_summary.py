"""The table of target infer: one row per method that was run on a data set."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pandas as pd

from grn_gat.algorithms._registry import method_names
from grn_gat.report.method_titles import method_title

_HUBS = 5
# Of one method.
_FILES = (
    "rankedEdges.csv",
    "network.graphml",
    *(
        f"{name}.{form}"
        for name in ("network", "network-dark", "hubs", "hub_times")
        for form in ("png", "pdf", "svg")
    ),
    "hubs.tsv",
    "edges.tsv",
    "edges.xlsx",
    "metrics.tsv",
    "null.tsv",
    "null_edges.tsv",
    "stability.tsv",
    "donors.tsv",
    "cytoscape-style.xml",
)


def first_hubs(hubs: pd.DataFrame) -> str:
    """Return the genes with the most targets, the largest first, ties by name; '' without edges."""
    regulators = hubs[hubs["out_degree"] > 0].sort_values(["out_degree_rank", "gene"])
    return ", ".join(regulators["gene"][:_HUBS])


def summarise_methods(
    found: Iterable[tuple[pd.Series, pd.DataFrame]], trusted: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row per method.

    Args:
        found: of each method the row of status.tsv (method, status, reason) and hubs.tsv.
        trusted: whether the scores of a method should be trusted, yes or no, where that was judged.

    Returns:
        Columns method, title, status (ok or failed), reason (of a failure), trusted (yes, no or
        empty), genes (of the data), genes_with_edge and edges (of the drawn network) and hubs (the
        5 genes with the most targets).
    """
    rows = [
        {
            "method": state["method"],
            "title": method_title(state["method"]),
            "status": state["status"],
            "reason": state["reason"],
            "trusted": trusted.get(state["method"], ""),
            "genes": len(hubs),
            "genes_with_edge": int((hubs["degree"] > 0).sum()),
            "edges": int(hubs["out_degree"].sum()),
            "hubs": first_hubs(hubs),
        }
        for state, hubs in found
    ]
    return pd.DataFrame(rows)


def failures(table: pd.DataFrame) -> list[str]:
    """Title and reason of each method that failed."""
    failed = table[table["status"] != "ok"]
    return [f"{title}: {why}" for title, why in zip(failed.title, failed.reason, strict=True)]


def remove_others(
    folder: Path,
    methods: Collection[str],
    nulls: Collection[str],
    stable: Mapping[str, Collection[str]],
    reference: bool,
    pairs: str,
    pseudotime: bool,
) -> None:
    """Remove what earlier runs left in the folder and this one did not ask for.

    It may be of other data or of another reference. Files that the workflow does not write stay;
    the ranked edges below results/predictions, which are the costly part, stay as well.

    Args:
        folder: of a data set.
        methods: those whose networks are there.
        nulls: methods that were run on shuffled genes too.
        stable: methods that were run on parts of the cells too: random ones (`stability`), and
            those of `donors`.
        reference: whether there are known edges.
        pairs: form in which all pairs are written.
        pseudotime: whether the cells have one.
    """
    for method in sorted(set(method_names()) - set(methods)):
        for name in _FILES:
            (folder / method / name).unlink(missing_ok=True)
        if (folder / method).is_dir() and not any((folder / method).iterdir()):
            (folder / method).rmdir()
    for name, asked in (("null", nulls), ("null_edges", nulls), *stable.items()):
        for file in folder.glob(f"*/{name}.tsv"):
            if file.parent.name not in asked:
                file.unlink()
    for form, name in (("csv", "*/rankedEdges.csv"), ("h5ad", "network.h5ad")):
        for file in folder.glob(name):
            if form != pairs:
                file.unlink()
    if not pseudotime:
        for file in folder.glob("*/hub_times.*"):
            file.unlink()
    if not reference:  # what an earlier run had is of another network
        for file in (folder / "refNetwork.csv", *folder.glob("*/metrics.tsv")):
            file.unlink(missing_ok=True)
