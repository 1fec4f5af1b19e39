"""The page of a comparison of groups, or of networks: what differs first, then the details."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from grn_gat.core.citation import LICENCE, citation
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.report.sortable_tables import sortable_tables

TOP = 200  # rows of a table on the page
_FIGURES = ("edges", "overlap", "hubs", "activity")


@dataclass(frozen=True)
class Compared:
    """What one method says of groups.

    Attributes:
        row: its row of the summary (`group_tables.SUMMARY`).
        tables: edges, shared, hubs, overlap and, where the cells were at hand, activity.
        figures: PNG of edges, hubs, overlap and activity, by the same names.
    """

    row: Mapping
    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, bytes]


def telling(rows: Sequence[Mapping]) -> Mapping:
    """Return the first method that tells differences from chance, else the first one."""
    return next((row for row in rows if row["specific"] != ""), rows[0])


def verdict(row: Mapping, edges: pd.DataFrame) -> list[str]:
    """Return sentences on what a method says.

    Args:
        row: of the summary (`group_paths.SUMMARY`).
        edges: table of `group_differences.edge_differences`.
    """
    if not row["genes"]:
        return [f"{row['title']} compares nothing: {row['untold']}."]
    several = "both" if row["groups"] == 2 else f"two or more of the {row['groups']}"
    found = [
        f"{row['title']} compares {row['genes']:,} genes, and finds {row['shared']:,} edges that "
        f"{several} networks have, of {row['edges']:,} in all."
    ]
    if row["left_out"]:
        found.append(f"{row['left_out']}.")
    if row["specific"] == "":
        return [*found, f"Which are of one group by more than chance is not told: {row['untold']}."]
    specific = edges[edges["specific"] == "yes"]
    if specific.empty:
        return [*found, "No edge differs between the groups by more than chance gives."]
    counts = specific["group"].value_counts()
    named = ", ".join(f"{count} in {group}" for group, count in counts[:3].items())
    verb = "is" if len(specific) == 1 else "are"
    one = specific.iloc[0]
    interval = f" [{one['low']:.2g}, {one['high']:.2g}]" if pd.notna(one["low"]) else ""
    return [
        *found,
        f"{len(specific):,} {verb} of one group by more than chance gives ({named}); the clearest is "
        f"{one['regulator']} → {one['target']} in {one['group']}: a score of {one['score']:.2g}, "
        f"of {one['others']:.2g} elsewhere, difference {one['difference']:.2g}{interval}.",
    ]


def _cells(table: pd.DataFrame) -> dict:
    """Titles and texts of the first rows of a table."""

    def text(value: object) -> str:
        if isinstance(value, float):
            return "" if pd.isna(value) else f"{value:.3g}"
        return str(value)

    rows = [[text(value) for value in row] for row in table[:TOP].itertuples(index=False)]
    titles = [str(column).replace("_", " ") for column in table.columns]
    return {"titles": titles, "rows": rows, "all": len(table)}


def write_group_page(
    path: PathLike,
    template: PathLike,
    name: str,
    methods: Sequence[Compared],
    groups: Mapping[str, str],
    by: str,
    version: str,
) -> None:
    """Write one HTML file without links to others on the network.

    Args:
        path: file to write.
        template: workflow/report/comparison.html.j2; the style of pages is beside it.
        name: of the data set.
        methods: in the order of the page.
        groups: of each group the address of its own page; empty where it has none.
        by: what makes the groups.
        version: of this package.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    text = Path(template).read_text(encoding="utf-8")
    row = telling([one.row for one in methods])
    first = next(one for one in methods if one.row is row)
    shown = [
        {
            "row": one.row,
            "tables": {key: _cells(table) for key, table in one.tables.items()},
            "figures": {
                key: "data:image/png;base64," + base64.b64encode(png).decode("ascii")
                for key, png in one.figures.items()
            },
        }
        for one in methods
    ]
    page = environment.from_string(text).render(
        name=name,
        by=by,
        groups=groups,
        methods=shown,
        verdict=verdict(first.row, first.tables["edges"]),
        first=first.row["method"],
        style=Path(template).with_name("page.css").read_text(encoding="utf-8"),
        tables=sortable_tables(),
        version=version,
        citation=citation(),
        licence=LICENCE,
    )
    with atomic_path(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
