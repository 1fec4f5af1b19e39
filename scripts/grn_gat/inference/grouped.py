"""Networks of groups of cells, or of several folders, compared by each method, and the page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.core.checksums import sha256
from grn_gat.core.errors import InputError
from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.repository import repository
from grn_gat.data.edges import no_edges
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.score_file import read_scores
from grn_gat.evaluate.group_differences import (
    edge_differences,
    hub_shifts,
    once,
    overlaps,
    strongest,
)
from grn_gat.evaluate.inferred import number_of_edges
from grn_gat.inference.compare_groups import Comparison, scores_of
from grn_gat.inference.folder import SCORES, STATE, digest
from grn_gat.inference.group_files import draw_figures, write_page_of_files
from grn_gat.inference.group_paths import (
    ACTIVITY,
    FIGURES,
    FOLDER,
    PAGE,
    SUMMARY,
    TABLES,
    in_folder,
)
from grn_gat.inference.group_tables import write_tables

_OF_FOLDERS = "folders"  # key of the state of a comparison of such


@dataclass(frozen=True)
class Folder:
    """Networks that were inferred before: of the command, or of target infer."""

    path: Path

    def scores(self, method: str) -> Path | None:
        """File of the scores of all pairs of a method; None where there is none."""
        files = (
            self.path / SCORES / f"{method}.safetensors",
            self.path / method / "rankedEdges.csv",
            self.path.resolve().parent.parent
            / f"predictions/{method}/{self.path.resolve().name}/rep-1/drop-000/rankedEdges.csv",
        )
        return next((file for file in files if file.is_file()), None)

    @property
    def methods(self) -> list[str]:
        """Methods that gave a network.

        Raises:
            InputError: the folder holds no networks.
        """
        table = self.path / "methods.tsv"
        found = read_table(table) if table.is_file() else pd.DataFrame()
        if "status" not in found and (self.path / FOLDER / "methods.tsv").is_file():
            groups = sorted(path.parent.name for path in self.path.glob(f"*/{STATE}"))
            named = " ".join(str(self.path / name) for name in groups if name != FOLDER)
            raise InputError(
                f"{self.path}: holds the networks of groups, and their comparison: name those of "
                f"one group{f' (there are {named})' if named else ''}"
            )
        if "status" not in found:
            raise InputError(
                f"{self.path}: is no folder of networks: it has no methods.tsv of such; expected "
                "one that grn-gat infer wrote"
            )
        return list(found["method"][found["status"] == "ok"])

    def read(self, method: str) -> pd.DataFrame:
        """Ranked edges of a method."""
        file = self.scores(method)
        if file is None:
            raise InputError(f"{self.path}: has no scores of all pairs of {method}; infer it anew")
        read = read_scores if file.suffix == ".safetensors" else read_ranked_edges
        return read(file)


def compare_networks(
    names: Sequence[str],
    ranked: Sequence[pd.DataFrame],
    edges_per_gene: float,
    directed: bool = True,
) -> Comparison:
    """Compare networks of other cells or files, of the genes and regulators that all have.

    Raises:
        InputError: they have fewer than two genes in common, or no regulator.
    """
    regulators = sorted(set.intersection(*(set(one["Gene1"]) for one in ranked)))
    genes = sorted(set.intersection(*(set(one["Gene1"]) | set(one["Gene2"]) for one in ranked)))
    if len(genes) < 2 or not regulators:
        raise InputError(
            f"{', '.join(names)}: have {len(genes)} genes and {len(regulators)} candidate "
            "regulators in common; expected networks of the same genes"
        )
    scores = np.array([scores_of(one, regulators, genes) for one in ranked])
    found = strongest(scores, number_of_edges(genes, no_edges(), regulators, edges_per_gene))
    every = {gene for one in ranked for gene in (*one["Gene1"], *one["Gene2"])}
    more = len(every) - len(genes)
    left_out = f"{more} genes that not all have are not compared" if more else ""
    listed = found if directed else found.only(once(regulators, genes))
    return Comparison(
        edge_differences(listed, [], None, names, regulators, genes),
        hub_shifts(found, [], names, regulators),
        overlaps(found, [], names),
        len(genes),
        0,
        "the cells are not at hand, so that none is permuted",
        left_out,
    )


def compare_folders(
    folders: Mapping[str, Path],
    output: Path,
    edges_per_gene: float,
    forms: Sequence[str],
    overwrite: bool = False,
) -> Path:
    """Compare finished networks by every method that all have; return the page.

    Args:
        folders: of each network, by its name.
        output: folder for the comparison.
        edges_per_gene: of each network.
        forms: of the figures, beside PNG.
        overwrite: whether a comparison of other folders may be replaced.

    Raises:
        InputError: a folder holds no networks, they have no method in common, or the output is
            a folder of something else.
    """
    if output.exists() and not output.is_dir():
        raise InputError(f"{output}: is no folder; name another one with --output")
    wanted = {name: str(path.resolve()) for name, path in folders.items()}
    held = _held(output / FOLDER / STATE)
    if output.exists() and _OF_FOLDERS not in held and any(output.iterdir()):
        raise InputError(
            f"{output}: is there, and no earlier comparison of folders: name another with --output"
        )
    if held.get(_OF_FOLDERS, wanted) != wanted and not overwrite:
        raise InputError(
            f"{output}: holds a comparison of {' and '.join(held[_OF_FOLDERS].values())}: name "
            "another folder with --output, or add --overwrite"
        )
    found = {name: Folder(path) for name, path in folders.items()}
    listed = [one.methods for one in found.values()]
    methods = [m for m in listed[0] if all(m in own for own in listed[1:])]
    if not methods:
        raise InputError(
            f"{', '.join(folders)}: no method gave a network of all; methods of the first: "
            f"{', '.join(listed[0]) or 'none'}"
        )
    names, rows = list(folders), []
    for method in methods:
        ranked = [one.read(method) for one in found.values()]
        directed = load_method(method).directed
        comparison = compare_networks(names, ranked, edges_per_gene, directed)
        folder = output / FOLDER / method
        files = in_folder(folder, TABLES)
        figures = in_folder(folder, {key: file for key, file in FIGURES.items() if key != ACTIVITY})
        vector = [str(file.with_suffix(f".{form}")) for file in figures.values() for form in forms]
        rows.append(write_tables(method, names, comparison, None, files))
        draw_figures(method, names, files, figures, vector)
    pages = {name: _page_of(path, output) for name, path in folders.items()}
    with atomic_path(output / FOLDER / STATE) as temporary:
        temporary.write_text(json.dumps({_OF_FOLDERS: wanted}, indent=1) + "\n", encoding="utf-8")
    return write_summary(output, " and ".join(names), rows, pages, "networks")


def _held(state: Path) -> dict[str, Any]:
    """What a state says; nothing where there is none, or none that can be read."""
    try:
        held = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _page_of(folder: Path, seen_from: Path) -> str:
    """Address of the page of a folder of networks, from another folder."""
    page = folder / "report.html"
    return str(page.resolve().as_uri()) if page.is_file() else ""


def write_summary(
    output: Path,
    name: str,
    rows: Sequence[Mapping[str, object]],
    groups: Mapping[str, str],
    by: str,
) -> Path:
    """Write the summary of the methods and the page, from the files of each; return the page."""
    write_table(pd.DataFrame(rows, columns=SUMMARY), output / FOLDER / "methods.tsv")
    page = output / PAGE
    write_page_of_files(
        page,
        repository() / "workflow/report/comparison.html.j2",
        name,
        output / FOLDER / "methods.tsv",
        {str(row["method"]): output / FOLDER / str(row["method"]) for row in rows},
        groups,
        by,
    )
    return page


class Kept:
    """Which comparisons of a folder are of the same networks and settings, and are kept.

    Attributes:
        permutations: that were asked for; None: nobody said.
    """

    def __init__(self, folder: Path, by: str, permutations: int | None, overwrite: bool) -> None:
        """Read what is known of a folder.

        Args:
            folder: of the groups.
            by: what makes them.
            permutations: that are asked for now; None: as before.
            overwrite: whether a comparison of other groups may be replaced.

        Raises:
            InputError: the folder has a comparison of other groups, which shall stay.
        """
        self.file = folder / FOLDER / STATE
        held = _held(self.file)
        if _OF_FOLDERS in held:
            held = {"by": "folders"}
        self.known, before = held.get("methods", {}), held.get("by", by)
        asked = held.get("permutations")
        if before != by and not overwrite:
            raise InputError(
                f"{folder}: holds a comparison by {before}: name another folder with --output, or "
                "add --overwrite"
            )
        self.by = by
        self.permutations = asked if permutations is None and before == by else permutations

    def made(self, method: str) -> int | None:
        """Return how many permutations the comparison of a method has; None where there is none."""
        held = self.known.get(method)
        return int(held["row"]["permutations"]) if isinstance(held, dict) else None

    def row(
        self, method: str, of: Sequence[Any], files: Sequence[Path]
    ) -> dict[str, object] | None:
        """Return the row of the summary of a method; None where it has to be compared anew."""
        held = self.known.get(method)
        if not isinstance(held, dict) or held.get("of") != digest(list(of)):
            return None
        there = [file for file in files if file.is_file()]
        same = len(there) == len(files) and held.get("sums") == [sha256(file) for file in there]
        # An earlier version may have noted other columns.
        return dict(held["row"]) if same and list(held["row"]) == SUMMARY else None

    def keep(
        self, method: str, of: Sequence[Any], files: Sequence[Path], row: Mapping[str, object]
    ) -> None:
        """Note what was compared."""
        sums = [sha256(file) for file in files]
        self.known[method] = {"of": digest(list(of)), "sums": sums, "row": dict(row)}
        with atomic_path(self.file) as temporary:
            held = {"by": self.by, "permutations": self.permutations, "methods": self.known}
            temporary.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
