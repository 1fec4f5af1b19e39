"""The tables of a comparison of groups by one method."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import PathLike, write_table
from grn_gat.evaluate.group_differences import shared_edges
from grn_gat.evaluate.regulon_activity import COLUMNS as ACTIVITY
from grn_gat.evaluate.regulon_activity import regulon_activity
from grn_gat.inference.attempt import Cells
from grn_gat.inference.compare_groups import Comparison

_MOST_ROWS = 100_000  # of a table; edges beyond are those that differ least


def activity_of(
    groups: Sequence[Cells], names: Sequence[str], scores: np.ndarray, number: int
) -> pd.DataFrame:
    """Return `regulon_activity.regulon_activity` of groups of cells.

    Args:
        groups: cells of each.
        names: of the groups.
        scores: array (groups, regulators, genes).
        number: edges of the network.
    """
    rows = groups[0].regulators
    regulators = [groups[0].genes[k] for k in rows]
    values = [one.expression for one in groups]
    return regulon_activity(values, names, scores, regulators, list(rows), number)


def no_activity() -> pd.DataFrame:
    """Return the table of regulons where a method gave no network."""
    return pd.DataFrame(columns=ACTIVITY)


def write_tables(
    method: str,
    names: Sequence[str],
    found: Comparison,
    activity: pd.DataFrame | None,
    files: Mapping[str, PathLike],
) -> dict[str, object]:
    """Write the tables of a method, and return its row of the summary.

    Args:
        method: its name.
        names: of the groups.
        found: what `compare_groups` says.
        activity: of regulons, in the groups; None where nobody has the cells: then no table.
        files: those of `group_paths.TABLES` by their keys.
    """
    shared = shared_edges(found.edges)
    tables = {"edges": found.edges[:_MOST_ROWS], "shared": shared, "hubs": found.hubs}
    tables["overlap"] = found.overlap
    if activity is not None:
        tables["activity"] = activity
    for key, table in tables.items():
        write_table(table, str(files[key]))
    return summary_row(method, len(names), found, len(shared))


def summary_row(method: str, groups: int, found: Comparison, shared: int) -> dict[str, object]:
    """Return what is said of a method in one line; columns `group_paths.SUMMARY`."""
    pairs = ["regulator", "target"]
    asked = (found.edges["specific"] != "").any()
    sure = found.edges[found.edges["specific"] == "yes"]
    specific = len(sure[pairs].drop_duplicates()) if asked else ""
    return {
        "method": method,
        "title": load_method(method).title,
        "groups": groups,
        "genes": found.genes,
        "permutations": found.permutations,
        "edges": len(found.edges[pairs].drop_duplicates()),
        "specific": specific,
        "shared": shared,
        "untold": found.untold,
        "left_out": found.left_out,
    }
