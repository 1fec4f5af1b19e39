"""The files of a comparison of groups: tables and figures of a method, and their summary."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import PathLike, write_table
from grn_gat.evaluate.group_differences import shared_edges
from grn_gat.evaluate.regulon_activity import COLUMNS as ACTIVITY
from grn_gat.evaluate.regulon_activity import regulon_activity
from grn_gat.inference.attempt import Cells
from grn_gat.inference.compare_groups import Comparison

# Tables of a method, by what they are, and its figures.
TABLES = {name: f"{name}.tsv" for name in ("edges", "shared", "hubs", "overlap", "activity")}
FIGURES = {name: f"{name}.png" for name in ("edges", "overlap", "hubs", "activity")}
SUMMARY = ["method", "title", "groups", "permutations", "edges", "specific", "shared", "remark"]
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
    """Return the table of regulons where nobody has cells."""
    return pd.DataFrame(columns=ACTIVITY)


def write_comparison(
    method: str,
    names: Sequence[str],
    found: Comparison,
    activity: pd.DataFrame,
    files: Mapping[str, PathLike],
    figures: Mapping[str, PathLike],
    vector: Sequence[str] = (),
) -> dict[str, object]:
    """Write tables and figures of a method, and return its row of the summary.

    Args:
        method: its name.
        names: of the groups.
        found: what `compare_groups` says.
        activity: of regulons, in the groups.
        files: those of `TABLES` by their keys.
        figures: those of `FIGURES`.
        vector: files of their further forms (`style.save_figure`).
    """
    from grn_gat.report import figures_groups as draw
    from grn_gat.report.style import save_figure

    record, shared = load_method(method), shared_edges(found.edges)
    title = record.title
    tables = {"edges": found.edges[:_MOST_ROWS], "shared": shared, "hubs": found.hubs}
    for key, table in (tables | {"overlap": found.overlap, "activity": activity}).items():
        write_table(table, str(files[key]))
    drawn = {
        "edges": draw.plot_differences(found.edges, title, record.directed),
        "overlap": draw.plot_overlap(found.overlap, title),
        "hubs": draw.plot_hub_shifts(found.hubs, title, names),
        "activity": draw.plot_activity(activity, title),
    }
    for key, figure in drawn.items():
        save_figure(figure, str(figures[key]), vector)
    return summary_row(method, len(names), found, len(shared))


def summary_row(method: str, groups: int, found: Comparison, shared: int) -> dict[str, object]:
    """Return what is said of a method in one line; columns `SUMMARY`."""
    asked = (found.edges["specific"] != "").any()
    specific = int((found.edges["specific"] == "yes").sum()) if asked else ""
    return {
        "method": method,
        "title": load_method(method).title,
        "groups": groups,
        "permutations": found.permutations,
        "edges": len(found.edges[["regulator", "target"]].drop_duplicates()),
        "specific": specific,
        "shared": shared,
        "remark": found.remark,
    }


def in_folder(folder: Path, names: Mapping[str, str]) -> dict[str, Path]:
    """Return files of a folder by their keys."""
    return {key: folder / name for key, name in names.items()}
