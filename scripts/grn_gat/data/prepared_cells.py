"""From the matrix of a file to the genes and cells that a network is inferred from.

The matrix stays sparse until the genes are chosen: of a genome and many cells all values at once
would take more memory than there is.
"""

from collections.abc import Callable, Sequence
from os import PathLike as PathLikeObject
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_choice import are_groups, choose_cells
from grn_gat.data.cell_preparation import (
    ALL,
    AUTO,
    FEW_GENES,
    FLAG,
    REGULATOR_WORDS,
    SPECIES,
    VARIABLE,
    Preparation,
    share_of_budget,
)
from grn_gat.data.expression import MINIMUM_GENES
from grn_gat.data.gene_choice import named_genes, read_gene_list, varying_genes
from grn_gat.data.matrix import Matrix, check_present, dense, well_named
from grn_gat.data.names import are_ensembl, check_names
from grn_gat.data.normalisation import normalised
from grn_gat.data.regulators import check_regulators, read_regulators
from grn_gat.data.tf_lists import factors_among, listed_regulators

Flag = Callable[[str], Sequence[bool]]


class Prepared(NamedTuple):
    """Names, values (genes, cells) float64, and candidate regulators; None where every gene is."""

    genes: list[str]
    cells: list[str]
    values: np.ndarray
    regulators: list[str] | None


def draw_cells(
    cells: Sequence[str],
    groups: Sequence[str] | None,
    most: int,
    where: str,
    column: str,
    remarks: Remarks,
) -> np.ndarray | None:
    """Return which cells are taken (indices, ascending); None: all of them.

    Args:
        cells: names of all.
        groups: of each cell, or None.
        most: that are wanted; 0: all.
        where: what messages call the file.
        column: of the groups, for messages.
        remarks: takes how many were left out.
    """
    if not most or len(cells) <= most:
        return None
    check_names([name.strip() for name in cells], "cell", where)
    shares = f", of each of {len(set(groups or ()))} groups ({column}) its share"
    remarks.left_out(
        where,
        f"{len(cells) - most} of {len(cells)} cells: {most} were drawn{shares if groups else ''} "
        "(option cells)",
    )
    return choose_cells(len(cells), most, groups)


def draw_groups(
    cells: Sequence[str], labels: np.ndarray, most: int, where: str, column: str, remarks: Remarks
) -> np.ndarray:
    """Return which cells are taken (indices, ascending) of those that have a label.

    Args:
        cells: names of all.
        labels: group of each cell, '' where it is of none.
        most: cells that are wanted; 0: all.
        where: what messages call the file.
        column: of the labels, for messages.
        remarks: takes how many were left out.
    """
    known = np.flatnonzero(labels != "")
    named = [cells[int(k)] for k in known]
    some = draw_cells(named, list(labels[known]), most, where, column, remarks)
    return known if some is None else known[some]


def drawn(
    every: Matrix,
    groups: Sequence[str] | None,
    column: str,
    preparation: Preparation,
    where: str,
    remarks: Remarks,
) -> Matrix:
    """Return a matrix of the cells that are taken of one that was read whole: `draw_cells`."""
    if not preparation.groups and groups is not None and not are_groups(groups):
        groups = None
    most = preparation.most_cells(len(every.genes))
    chosen = draw_cells(every.cells, groups, most, where, column, remarks)
    if chosen is None:
        return every
    kept = [every.cells[i] for i in chosen]
    return Matrix(every.genes, kept, every.values[:, chosen], every.place)


def wants_symbols(regulators: Any, preparation: Preparation, genes: int) -> bool:
    """Whether genes have to be named by symbols, as lists of regulators that come along are."""
    named = isinstance(regulators, str) and regulators in (AUTO, *SPECIES)
    return named or (regulators is None and preparation.chooses(genes))


def below_zero(values: Any) -> bool:
    """Whether some value of a matrix, sparse or not, is below 0."""
    data = values.data if sparse.issparse(values) else values
    return bool(data.size and data.min() < 0)


def prepared(
    found: Matrix,
    where: str,
    regulators: PathLike | Sequence[str] | None,
    duplicates: str,
    preparation: Preparation,
    remarks: Remarks,
    flag: Flag | None = None,
    groups: int = 0,
) -> Prepared:
    """Return the genes that are wanted of a matrix, as an array.

    Args:
        found: the matrix, as a reader returns it, of the cells that are taken.
        where: what messages call it.
        regulators: the path of a list, a word (auto, all, human, mouse), or names; None: every
            gene, and auto where genes are chosen or more than `FEW_GENES` have factors among them.
        duplicates: what becomes of genes with one name: error, first or sum.
        preparation: what is wanted.
        remarks: takes what was left out or guessed.
        flag: returns a column of truth values of the genes of `found`.
        groups: of cells that networks are inferred of; 0: all cells have one network.

    Raises:
        InputError: names or values are wrong (`matrix.checked`), or nothing of what is named is
            there.
    """
    wanted = preparation.genes
    flagged: set[str] = set()
    if isinstance(wanted, str) and wanted.startswith(FLAG):
        if flag is None:
            raise InputError(f"genes: {wanted} is a column of var of AnnData; these data have none")
        held = flag(wanted.removeprefix(FLAG))
        flagged = {name.strip() for name, is_one in zip(found.genes, held, strict=True) if is_one}
    named = well_named(found, where, duplicates, remarks)
    names = _candidates(regulators, named, preparation, where, remarks)
    totals = _totals(named.values)
    rows = _wanted_rows(named, names, preparation, flagged, where, remarks, groups)
    if rows is not None:
        check_present(named, where)
        genes = [named.genes[i] for i in rows]
        named = Matrix(genes, named.cells, named.values[rows])
        kept = set(genes)
        names = None if names is None else [name for name in names if name in kept]
    genes, cells, values, _ = dense(named, where)
    values = normalised(values, totals, preparation.normalise, where)
    return Prepared(genes, cells, values, names)


def _candidates(
    regulators: PathLike | Sequence[str] | None,
    named: Matrix,
    preparation: Preparation,
    where: str,
    remarks: Remarks,
) -> list[str] | None:
    """Candidate regulators among all genes of a matrix; None where every gene is one."""
    if regulators is None and (
        preparation.chooses(len(named.genes))
        or (len(named.genes) > FEW_GENES and _can_be_listed(named.genes))
    ):
        regulators = AUTO
    if regulators is None or regulators == ALL:
        return None
    if isinstance(regulators, str) and regulators in REGULATOR_WORDS:
        return listed_regulators(regulators, named.genes, where, remarks)
    if isinstance(regulators, str | PathLikeObject):
        return read_regulators(regulators, named.genes, named.cells, remarks)
    names = list(dict.fromkeys(map(str, regulators)))
    if not names:
        raise InputError("regulators: the list is empty; without one every gene is a candidate")
    return check_regulators(names, named.genes, "regulators", None, remarks)


def _can_be_listed(genes: Sequence[str]) -> bool:
    """Whether there are transcription factors among the genes, or there might be."""
    _, factors = factors_among(genes)
    return bool(factors) or are_ensembl(genes)


def _wanted_rows(
    named: Matrix,
    regulators: Sequence[str] | None,
    preparation: Preparation,
    flagged: set[str],
    where: str,
    remarks: Remarks,
    groups: int,
) -> list[int] | None:
    """Which genes are taken, ascending; None: all of them."""
    wanted, genes = preparation.genes, named.genes
    if wanted == ALL or (wanted == AUTO and not preparation.chooses(len(genes))):
        return None
    if not isinstance(wanted, str):
        return named_genes(wanted, genes, named.cells, "genes", remarks)
    if wanted == AUTO or wanted.startswith(VARIABLE):
        check_present(named, where)
        share = share_of_budget(groups)
        return varying_genes(named.values, genes, regulators, wanted, where, remarks, share)
    if not wanted.startswith(FLAG):
        return named_genes(read_gene_list(wanted), genes, named.cells, wanted, remarks)
    rows = [i for i, gene in enumerate(genes) if gene in flagged]
    if len(rows) < MINIMUM_GENES:
        raise InputError(f"{where}: {wanted} is true of {len(rows)} genes; at least 2 are needed")
    left_out = len(genes) - len(rows)
    remarks.left_out(where, f"{left_out} of {len(genes)} genes, whose {wanted} is false")
    return rows


def _totals(values: Any) -> np.ndarray:
    return np.asarray(values.sum(axis=0)).ravel()
