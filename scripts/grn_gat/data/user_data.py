"""The door that data of users come in by: whatever kind of file they are, read rightly or refused.

What was left out, guessed or is doubtful are remarks, which the caller shows.
"""

from collections.abc import Sequence
from functools import partial
from os import PathLike as PathLikeObject
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_choice import are_groups, groups_column
from grn_gat.data.cell_groups import group_names, read_groups
from grn_gat.data.cell_preparation import AUTO, DIFFUSION, Preparation, split_entry
from grn_gat.data.dataset import Dataset
from grn_gat.data.dataset_files import find_files
from grn_gat.data.diffusion import diffusion_pseudotime, root_of
from grn_gat.data.doubts import doubts
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.file_kinds import FOLDER, LAYERED, TEXT_SUFFIXES, kind_of_file
from grn_gat.data.h5ad import (
    RAW,
    h5ad_overview,
    read_h5ad_cells,
    read_h5ad_column,
    read_h5ad_flag,
    read_h5ad_matrix,
    read_h5ad_pseudotime,
    unscaled_place,
)
from grn_gat.data.loom import read_loom
from grn_gat.data.matrix import Matrix, checked
from grn_gat.data.prepared_cells import (
    Prepared,
    below_zero,
    draw_cells,
    draw_groups,
    drawn,
    prepared,
    wants_symbols,
)
from grn_gat.data.pseudotime import of_cells, read_pseudotime
from grn_gat.data.regulators import read_regulators
from grn_gat.data.tenx import read_tenx_folder, read_tenx_h5
from grn_gat.data.text_matrix import read_text_matrix


def read_user_data(
    expression: PathLike,
    pseudotime: str | Sequence[str] | None = None,
    regulators: PathLike | Sequence[str] | None = None,
    reference: PathLike | None = None,
    layer: str | None = None,
    duplicates: str = "error",
    symbols: str | None = None,
    remarks: Remarks | None = None,
    preparation: Preparation | None = None,
) -> Dataset:
    """Read one data set of a user, of which only the expression has to be there.

    Args:
        expression: text with genes in rows (.csv, .tsv or .txt, also with .gz; commas or tabs are
            told apart by the first line), AnnData (.h5ad), loom, an .h5 file or a folder of 10x
            Genomics.
        pseudotime: the path of a table as for `read_pseudotime`; for .h5ad the names of obs
            columns, as a list or separated by commas; or `diffusion`, from the root of
            `preparation`.
        regulators: list of candidate regulators; without it every gene is one. Those that the data
            lack are left out. With `preparation` also names, human, mouse, all or auto.
        reference: known edges as for `read_edges`; without it the data set has none. Those of genes
            that the data lack are left out.
        layer: for .h5ad and loom the layer to use in place of the main matrix; `raw` takes that of
            scanpy.
        duplicates: what becomes of genes with one name: error, first or sum.
        symbols: for .h5ad the column of var that names the genes, in place of its index.
        remarks: takes what was left out, guessed, or is doubtful.
        preparation: which genes and cells are taken, and how they are normalised; without it all
            are, as they are.

    Returns:
        The data set, genes in the order of their names.

    Raises:
        InputError: a file is of another kind, or one of the readers refuses it.
    """
    told = Remarks() if remarks is None else remarks
    where = str(expression)
    names: list[str] | None
    if preparation is None:
        found = read_matrix(Path(expression), layer, symbols, told)
        data = Prepared(*_checked(found, where, layer, duplicates, told)[:3], None)
        every = data.cells
    else:
        data, every = _read_prepared(
            Path(expression), regulators, layer, duplicates, symbols, preparation, told
        )
    genes, cells, values, names = data
    table = None
    kind = kind_of_file(expression)
    if pseudotime == DIFFUSION:  # of all groups, so that theirs are one
        assert preparation is not None
        table = _by_diffusion(cells, values, preparation, Path(expression), told)
    elif pseudotime is not None and kind == ".h5ad":
        listed = pseudotime.split(",") if isinstance(pseudotime, str) else pseudotime
        columns = [column.strip() for column in listed]
        table = read_h5ad_pseudotime(expression, every, columns, told)
    elif pseudotime is not None:
        table = read_pseudotime(str(pseudotime), every, genes, told)
    if preparation is not None and preparation.group:
        cells, values = _of_group(cells, values, preparation, expression)
    if table is not None and len(cells) < len(table):
        table = of_cells(table, cells)
    if preparation is None and isinstance(regulators, str | PathLikeObject):
        names = read_regulators(regulators, genes, cells, told)
    edges = no_edges()
    if reference is not None:
        edges = read_edges(reference, genes, cells, names, remarks=told)
    axes = "rows are read as genes, columns as cells" if kind in TEXT_SUFFIXES else ""
    told.doubtful(where, doubts(genes, cells, values, axes))
    return Dataset(genes, cells, values, table, edges, names)


def read_cells(remarks: Remarks | None = None, **entry: Any) -> Dataset:
    """Read a data set of target infer, prepared as its keys say: `read_user_data`.

    Args:
        remarks: takes what was left out, guessed, or is doubtful.
        entry: arguments of `read_user_data`, and the keys of `preparation.Preparation`.
    """
    rest, preparation = split_entry(entry)
    return read_user_data(**rest, remarks=remarks, preparation=preparation)


def _read_prepared(
    path: Path,
    regulators: PathLike | Sequence[str] | None,
    layer: str | None,
    duplicates: str,
    symbols: str | None,
    preparation: Preparation,
    remarks: Remarks,
) -> tuple[Prepared, list[str]]:
    """Return the prepared data, and the names of all cells; of .h5ad only those drawn are read."""
    groups = len(group_names(preparation.groupby, path)) if preparation.groupby else 0
    if kind_of_file(path) != ".h5ad":
        whole = read_matrix(path, layer, symbols, remarks)
        every, flag = [name.strip() for name in whole.cells], None
        if preparation.groupby:
            chosen = _drawn_of_groups(every, len(whole.genes), path, preparation, remarks)
            kept = [every[k] for k in chosen]
            found = Matrix(whole.genes, kept, whole.values[:, chosen], whole.place)
        else:
            found = drawn(whole, None, "", preparation, str(path), remarks)
    else:
        found, every = _drawn_h5ad(path, regulators, layer, symbols, preparation, remarks)
        raw = found.place.startswith(RAW)
        flag = partial(read_h5ad_flag, path, raw=raw)
    where = f"{path}: {found.place}" if found.place else str(path)
    try:
        found_all = prepared(
            found, where, regulators, duplicates, preparation, remarks, flag, groups
        )
        return found_all, every
    except InputError as error:
        raise _with_way_out(error, str(path), layer) from None


def _drawn_h5ad(
    path: Path,
    regulators: PathLike | Sequence[str] | None,
    layer: str | None,
    symbols: str | None,
    preparation: Preparation,
    remarks: Remarks,
) -> tuple[Matrix, list[str]]:
    """Return the matrix of the cells that are drawn, and the names of all cells."""
    genes, columns = h5ad_overview(path, layer)
    every = read_h5ad_cells(path)
    chosen: np.ndarray | None
    if preparation.groupby:
        chosen = _drawn_of_groups(every, genes, path, preparation, remarks)
    else:
        column = preparation.groups or groups_column(columns)
        labels = None if column is None else read_h5ad_column(path, column)
        if not preparation.groups and labels is not None and not are_groups(labels):
            labels = column = None
        most = preparation.most_cells(genes)
        chosen = draw_cells(every, labels, most, str(path), column or "", remarks)
        if chosen is None and preparation.groups:
            remarks.left_out(
                path,
                f"groups {preparation.groups}: all cells are taken, so that none is drawn by it (a "
                "network of each group is option groupby)",
            )
    named = symbols or (AUTO if wants_symbols(regulators, preparation, genes) else None)
    found = read_h5ad_matrix(path, layer, named, remarks, chosen)
    if layer is None and below_zero(found.values) and (other := unscaled_place(path)):
        remarks.guessed(
            path, f"X has values below 0, so that {other} was taken in its place (option layer)"
        )
        return _drawn_h5ad(path, regulators, other, symbols, preparation, remarks)
    return found, every


def _drawn_of_groups(
    cells: Sequence[str], genes: int, path: Path, preparation: Preparation, remarks: Remarks
) -> np.ndarray:
    """Return which cells are taken of all groups; the same for each of them."""
    labels = read_groups(preparation.groupby, path, cells, remarks)
    most = preparation.most_cells(genes)
    return draw_groups(cells, labels, most, str(path), preparation.groupby, remarks)


def _by_diffusion(
    cells: list[str], values: np.ndarray, preparation: Preparation, path: Path, remarks: Remarks
) -> pd.DataFrame:
    """Return the pseudotime of the cells that are taken, from the root that is named."""
    labels, column = None, preparation.root.partition("=")[0]
    if "=" in preparation.root:
        known = dict(zip(read_h5ad_cells(path), read_h5ad_column(path, column), strict=True))
        labels = np.array([known[cell] for cell in cells], dtype=object)
    root = root_of(preparation.root, cells, labels, values, str(path), remarks)
    return diffusion_pseudotime(values, cells, root, str(path), remarks)


def _of_group(
    cells: list[str], values: np.ndarray, preparation: Preparation, path: PathLike
) -> tuple[list[str], np.ndarray]:
    """Return the cells of one group, whose genes were chosen among those of all."""
    labels = read_groups(preparation.groupby, path, cells, Remarks())
    own = np.flatnonzero(labels == preparation.group)
    if len(own) < 2:
        raise InputError(
            f"groupby: {preparation.groupby}: {len(own)} cells of the data are of "
            f"{preparation.group}; expected more, or leave it out of the labels"
        )
    return [cells[k] for k in own], values[:, own]


def read_user_folder(
    folder: PathLike,
    edges: PathLike | None = None,
    regulators: PathLike | None = None,
    remarks: Remarks | None = None,
    scored: bool = True,
) -> Dataset:
    """Read a folder in BEELINE's layout (`dataset_files.find_files`) as `read_user_data` does.

    Without `scored` no reference network is looked for.
    """
    files = find_files(folder, edges, regulators, scored)
    pseudotime = None if files.pseudotime is None else str(files.pseudotime)
    return read_user_data(
        files.expression, pseudotime, files.regulators, files.edges, remarks=remarks
    )


def read_matrix(
    path: Path, layer: str | None, symbols: str | None, remarks: Remarks, signed: bool = False
) -> Matrix:
    """Read a matrix of any kind of file as the file has it; nothing of it is checked.

    Args:
        path: the file, or a folder of 10x Genomics.
        layer: of .h5ad and loom, in place of the main matrix.
        symbols: of .h5ad, the column of var that names the genes.
        remarks: takes what was left out or guessed.
        signed: whether text may hold any number, also below 0, and nan.

    Raises:
        InputError: the file is of another kind, damaged, or lacks what is named.
    """
    kind = kind_of_file(path)
    if symbols is not None and kind != ".h5ad":
        raise InputError(f"{path}: has no column {symbols!r}; symbols is for .h5ad files")
    if layer is not None and kind not in LAYERED:
        raise InputError(f"{path}: has no layer {layer!r}; only .h5ad and .loom files have layers")
    if kind == FOLDER:
        return read_tenx_folder(path, remarks)
    if kind == ".h5ad":
        return read_h5ad_matrix(path, layer, symbols, remarks)
    if kind == ".loom":
        return read_loom(path, layer, remarks)
    if kind == ".h5":
        return read_tenx_h5(path, remarks)
    return read_text_matrix(path, remarks, signed)


def _checked(
    found: Matrix, where: str, layer: str | None, duplicates: str, remarks: Remarks
) -> Matrix:
    """Return the checked matrix; a refused value of .h5ad or loom names the way out."""
    where_exactly = f"{where}: {found.place}" if found.place else where
    try:
        return checked(found, where_exactly, duplicates, remarks)
    except InputError as error:
        raise _with_way_out(error, where, layer) from None


def _with_way_out(error: InputError, where: str, layer: str | None) -> InputError:
    """Add to an error on scaled values of .h5ad or loom what would be right."""
    if "is negative" not in str(error) or kind_of_file(where) not in LAYERED:
        return error
    return InputError(
        f"{error}; it looks scaled: the option layer takes counts or logarithms in its place, if "
        "the file has them"
    )
