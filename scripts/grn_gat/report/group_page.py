"""The page of a comparison of groups, or of networks: what differs first, then the details."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from grn_gat.core.citation import LICENCE, citation
from grn_gat.core.files import PathLike, atomic_path
from grn_gat.evaluate.group_differences import LEVEL
from grn_gat.report.sortable_tables import sortable_tables

TOP = 200  # rows of a table on the page
_FIGURES = ("edges", "overlap", "hubs", "activity")


@dataclass(frozen=True)
class Compared:
    """What one method says of groups.

    Attributes:
        row: its row of the summary (`group_tables.SUMMARY`).
        tables: edges, shared, hubs, overlap and, where the cells were at hand, activity.
        directed: whether it tells regulator from target.
        figures: PNG of edges, hubs, overlap and activity, by the same names.
    """

    row: Mapping
    tables: Mapping[str, pd.DataFrame]
    directed: bool
    figures: Mapping[str, bytes] = field(default_factory=dict)


def telling(rows: Sequence[Mapping]) -> int:
    """Return which method the page begins with.

    That is the first that finds an edge of one group, else the first that can tell, else the first.
    """
    for finds in (lambda row: row["specific"] not in ("", 0), lambda row: row["specific"] != ""):
        for place, row in enumerate(rows):
            if finds(row):
                return place
    return 0


def verdict(methods: Sequence[Compared]) -> list[str]:
    """Return sentences on what methods say of groups, and on hubs and edges in common of one."""
    first = telling([one.row for one in methods])
    said, others = methods[first], [*methods[:first], *methods[first + 1 :]]
    row = said.row
    if not row["genes"]:
        return [f"{row['title']} compares nothing: {row['untold']}.", *_of_others(row, others)]
    several = "both" if row["groups"] == 2 else f"two or more of the {row['groups']}"
    edges = "edges" if said.directed else "pairs"
    found = [
        f"{row['title']} compares {row['genes']:,} genes, and finds {row['shared']:,} {edges} that "
        f"{several} networks have, of {row['edges']:,} in all."
    ]
    if row["left_out"]:
        found.append(f"{row['left_out']}.")
    return [*found, _specific(said), *_of_others(row, others), *_hubs(said), *_in_common(said)]


def _specific(said: Compared) -> str:
    """Which edges are of one group."""
    row, edges = said.row, said.tables["edges"]
    if row["specific"] == "":
        return f"Which are of one group by more than chance is not told: {row['untold']}."
    specific = edges[edges["specific"] == "yes"]
    if specific.empty:
        return "It finds no edge of one group by more than chance gives."
    counts = specific["group"].value_counts()
    named = ", ".join(f"{count} in {group}" for group, count in counts[:3].items())
    if twice := len(specific) - row["specific"]:
        named += f"; {twice} of them in more than one, where the sign changes"
    verb = "is" if row["specific"] == 1 else "are"
    one = specific.iloc[0]
    interval = f" [{one['low']:.3g}, {one['high']:.3g}]" if pd.notna(one["low"]) else ""
    return (
        f"{row['specific']:,} {verb} of one group by more than chance gives ({named}); the "
        f"clearest is {one['regulator']} {'→' if said.directed else '–'} {one['target']} in "
        f"{one['group']}: a score of {one['score']:.3g}, of {one['others']:.3g} elsewhere, "
        f"difference {one['difference']:.3g}{interval}."
    )


def _of_others(first: Mapping, others: Sequence[Compared]) -> list[str]:
    """What the other methods find, and why some cannot tell."""
    some = [f"{o.row['title']} {o.row['specific']:,}" for o in others if o.row["specific"]]
    none = [o.row["title"] for o in others if o.row["specific"] == 0]
    silent: dict[str, list[str]] = {}
    for other in others:
        if other.row["specific"] == "":
            silent.setdefault(other.row["untold"], []).append(other.row["title"])
    parts = [*some, f"{_listed(none)} none"] if none else some
    found = [f"Edges of one group by other methods: {'; '.join(parts)}."] if parts else []
    for why, titles in silent.items():
        same = first["specific"] == "" and why == first["untold"]
        also = "The same holds for" if same else "It is not told of"
        found.append(f"{also} {_listed(titles)}{'' if same else f': {why}'}.")
    return found


def _hubs(said: Compared) -> list[str]:
    """Regulators whose number of targets differs by more than chance."""
    hubs = said.tables["hubs"]
    sure = hubs[(hubs["p_value"] <= LEVEL) & (hubs["shift"] > 0)]
    if sure.empty:
        return []
    named = [
        f"{one['gene']} ({one['targets']} in {one['group']}, {one['others']:.3g} elsewhere)"
        for one in sure[:3].to_dict("records")
    ]
    more = f", and {len(sure) - 3} more" if len(sure) > 3 else ""
    words = "targets" if said.directed else "edges"
    return [f"Hubs with more {words} in one group than chance gives: {', '.join(named)}{more}."]


def _in_common(said: Compared) -> list[str]:
    """Whether networks have fewer edges in common than those of groups drawn at random."""
    overlap = said.tables["overlap"]
    if overlap.empty or overlap["p_value"].isna().all():
        return []
    fewer = int((overlap["p_value"] <= LEVEL).sum())
    if len(overlap) > 1:
        return [
            f"{fewer} of {len(overlap)} pairs of groups have fewer edges in common than groups "
            "that are drawn at random."
        ]
    one = overlap.iloc[0]
    counted = "edges" if said.directed else "edges (a pair in both directions is two)"
    return [
        f"That the two have fewer edges in common than groups that are drawn at random is "
        f"{'' if fewer else 'not '}for sure: {one['jaccard']:.3f} of all {counted}, "
        f"{one['jaccard_permuted']:.3f} there (p {one['p_value']:.2g})."
    ]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _cells(table: pd.DataFrame) -> dict:
    """Titles and texts of the first rows of a table."""

    def text(value: object) -> str:
        if isinstance(value, float):
            return "" if pd.isna(value) else f"{value:.3g}"
        return str(value)

    if len(table):  # what nobody could tell has no column
        table = table.loc[:, [not _is_empty(table[column]) for column in table.columns]]
    rows = [[text(value) for value in row] for row in table[:TOP].itertuples(index=False)]
    titles = [str(column).replace("_", " ") for column in table.columns]
    return {"titles": titles, "rows": rows, "all": len(table)}


def _is_empty(values: pd.Series) -> bool:
    return bool((values.isna() | (values == "")).all())


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
    first = methods[telling([one.row for one in methods])].row["method"]
    shown = [
        {
            "row": one.row,
            "directed": one.directed,
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
        verdict=verdict(methods),
        first=first,
        style=Path(template).with_name("page.css").read_text(encoding="utf-8"),
        tables=sortable_tables(),
        version=version,
        citation=citation(),
        licence=LICENCE,
    )
    with atomic_path(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
