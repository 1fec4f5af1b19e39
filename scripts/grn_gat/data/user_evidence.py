"""The door that evidence of users comes in by, beside the expression (`user_data`)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_preparation import AUTO
from grn_gat.data.evidence_files import Found
from grn_gat.data.evidence_matrix import aligned
from grn_gat.data.evidence_names import (
    DEFAULT_KIND,
    KNOCK_OUT,
    PERTURBATIONS,
    PRIOR,
    is_inside,
    listed,
)
from grn_gat.data.h5ad import read_h5ad_cells, read_h5ad_column, read_h5ad_table
from grn_gat.data.matrix import Matrix
from grn_gat.data.names import are_ensembl
from grn_gat.data.perturbations import checked_perturbations, read_perturbations
from grn_gat.data.prior import read_prior
from grn_gat.data.same_cells import check_cells
from grn_gat.data.user_data import read_matrix


def read_user_evidence(
    kind: str,
    entry: Mapping[str, Any],
    genes: Sequence[str],
    cells: Sequence[str],
    remarks: Remarks,
) -> Found:
    """Read one kind of evidence on the cells of a data set of a user.

    Args:
        kind: one of `evidence_names.EVIDENCE`.
        entry: `expression` (its file or folder), the kind with its file (prior: one or several), or
            with its place in the AnnData of the expression: a column of obs, a table of obsm
            (protein), or a layer; optionally `perturbation_kind`, `symbols` and `duplicates`, and
            `others`, whether there may be further cells, those of other replicates.
        genes, cells: of the expression as it was read.
        remarks: takes what was left out.

    Returns:
        A table of perturbations, a list of prior networks, or a matrix, of these genes and cells.

    Raises:
        InputError: a file is missing or damaged, or is not of these cells and genes.
    """
    others = bool(entry.get("others"))
    values = listed(entry, kind)
    if kind == PRIOR:
        return [read_prior(path, genes, cells, remarks) for path in dict.fromkeys(values)]
    (value,) = values
    inside = is_inside(kind, value, entry["expression"])
    if kind == PERTURBATIONS:
        usual = entry.get(DEFAULT_KIND, KNOCK_OUT)
        if not inside:
            return read_perturbations(value, genes, cells, remarks, usual, others)
        source = entry["expression"]
        found = dict(zip(read_h5ad_cells(source), read_h5ad_column(source, value), strict=True))
        where = f"{source}: obs column {value}"
        check_cells(list(found), cells, genes, where, others)
        labels = [found[cell] for cell in cells]
        kinds = [""] * len(labels)
        return checked_perturbations(labels, kinds, genes, cells, where, remarks, usual)
    source = Path(entry["expression"] if inside else value)
    if inside and kind == "protein":
        matrix = read_h5ad_table(source, value)
    else:
        layer = value if inside else None

        def of_genes(symbols: str | None) -> Matrix:
            return read_matrix(source, layer, symbols, remarks, signed=True)

        matrix = named_as(genes, entry.get("symbols"), of_genes) if inside else of_genes(None)
    where = f"{source}: {matrix.place}" if matrix.place else str(source)
    duplicates = entry.get("duplicates", "error")
    return aligned(matrix, genes, cells, where, remarks, duplicates, others)


def named_as(
    genes: Sequence[str], symbols: str | None, read: Callable[[str | None], Matrix]
) -> Matrix:
    """Return a layer of the AnnData of the expression, named as the expression is.

    That may be by a column of symbols that no option names (`h5ad.read_h5ad_matrix`).

    Args:
        genes: of the expression.
        symbols: option of that name.
        read: returns the matrix, given the column of symbols.
    """
    found = read(symbols)
    if symbols is None and are_ensembl(found.genes) and not are_ensembl(genes):
        return read(AUTO)
    return found
