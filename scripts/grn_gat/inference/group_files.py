"""Figures and page of a comparison of groups, from its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import PathLike, read_table
from grn_gat.core.version import VERSION
from grn_gat.inference.group_paths import FIGURES, FOLDER, TABLES
from grn_gat.report import figures_groups as draw
from grn_gat.report.group_page import Compared, verdict, write_group_page
from grn_gat.report.style import save_figure


def draw_figures(
    method: str,
    names: Sequence[str],
    files: Mapping[str, PathLike],
    figures: Mapping[str, PathLike],
    vector: Sequence[str] = (),
) -> None:
    """Draw the figures of a method.

    Args:
        method: its name.
        names: of the groups.
        files: those of `group_paths.TABLES` by their keys.
        figures: those of `group_paths.FIGURES`; activity only where it was measured.
        vector: files of their further forms (`style.save_figure`).
    """
    record = load_method(method)
    edges, hubs, overlap = (read_table(str(files[key])) for key in ("edges", "hubs", "overlap"))
    drawn = {
        "edges": draw.plot_differences(edges, record.title, record.directed),
        "overlap": draw.plot_overlap(overlap, record.title),
        "hubs": draw.plot_hub_shifts(hubs, record.title, names),
    }
    if "activity" in figures:
        drawn["activity"] = draw.plot_activity(read_table(str(files["activity"])), record.title)
    for key, figure in drawn.items():
        save_figure(figure, str(figures[key]), vector)


def sentences(folder: Path) -> list[str]:
    """Return what the comparison in a folder says, in the words of its page."""
    summary = folder / FOLDER / "methods.tsv"
    rows = read_table(summary).to_dict("records")
    return verdict(_read(rows, {row["method"]: folder / FOLDER / row["method"] for row in rows}))


def _read(rows: Sequence[Mapping[Any, Any]], folders: Mapping[str, Path]) -> list[Compared]:
    """What was written of each method; without activity where nobody had the cells."""
    found = []
    for row in rows:
        folder, directed = folders[row["method"]], load_method(row["method"]).directed
        files = {key: folder / file for key, file in TABLES.items()}
        tables = {key: read_table(file) for key, file in files.items() if file.is_file()}
        # Beside an empty cell, of a method that cannot tell, numbers are read as text.
        specific = row["specific"] if row["specific"] == "" else int(row["specific"])
        found.append(Compared({**row, "specific": specific}, tables, directed))
    return found


def write_page_of_files(
    page: PathLike,
    template: PathLike,
    name: str,
    summary: str | Path,
    folders: Mapping[str, Path],
    groups: Mapping[str, str],
    by: str,
) -> None:
    """Write the page of what `write_comparison` wrote.

    Args:
        page: file to write.
        template: workflow/report/comparison.html.j2.
        name: of the data set.
        summary: table with the columns `SUMMARY`.
        folders: of the files of each method.
        groups: of each group the address of its page, or an empty text.
        by: what makes the groups.
    """
    methods = []
    for one in _read(read_table(summary).to_dict("records"), folders):
        files = {key: folders[one.row["method"]] / file for key, file in FIGURES.items()}
        figures = {key: file.read_bytes() for key, file in files.items() if file.is_file()}
        methods.append(replace(one, figures=figures))
    write_group_page(page, template, name, methods, groups, by, VERSION)
