"""Evidence that a program has in memory beside its cells: names in AnnData, pandas, or paths."""

from collections.abc import Mapping, Sequence
from functools import partial
from os import PathLike as _PathLike
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence import Evidence
from grn_gat.data.evidence_files import Found, as_evidence
from grn_gat.data.evidence_matrix import aligned
from grn_gat.data.evidence_names import DEFAULT_KIND, FOLDS, KNOCK_OUT, PERTURBATIONS, PRIOR
from grn_gat.data.evidence_names import is_inside as is_name
from grn_gat.data.h5ad import anndata_matrix
from grn_gat.data.hdf5 import offered
from grn_gat.data.matrix import Matrix
from grn_gat.data.perturbations import checked_perturbations
from grn_gat.data.prior import checked_prior, read_prior
from grn_gat.data.same_cells import check_cells
from grn_gat.data.user_evidence import named_as, read_user_evidence

if TYPE_CHECKING:
    from anndata import AnnData

Perturbations: TypeAlias = PathLike | pd.Series | pd.DataFrame
Prior: TypeAlias = PathLike | pd.DataFrame | Sequence[PathLike | pd.DataFrame]
OfCells: TypeAlias = PathLike | pd.DataFrame


def evidence_in_memory(
    given: Mapping[str, Any],
    data: Any,
    genes: Sequence[str],
    cells: Sequence[str],
    options: Mapping[str, Any],
    remarks: Remarks,
) -> Evidence:
    """Return the evidence that comes with data, for its genes and cells.

    Args:
        given: by kind. Perturbations: a series of genes, or a table with columns gene and, where
            known, kind, with the cells as index; priors: a table with columns Gene1 and Gene2, or
            several; of the rest a table (cells, genes). In place of each a path, or the name of its
            place in AnnData. None where there is none.
        data: as `in_memory.as_dataset` takes it.
        genes, cells: of the data as they were read.
        options: `perturbation_kind`, `symbols`, `duplicates`, and `others`, whether there may be
            further cells, each if given.
        remarks: takes what was left out.

    Raises:
        InputError: something is not of these cells and genes, or not as it should be.
    """
    told = {key: value for key, value in options.items() if value is not None}
    if told.get(DEFAULT_KIND, KNOCK_OUT) not in FOLDS:
        raise InputError(f"{DEFAULT_KIND}: {told[DEFAULT_KIND]!r} is none of {', '.join(FOLDS)}")
    found = {
        kind: _found(kind, value, data, genes, cells, told, remarks)
        for kind, value in given.items()
        if value is not None
    }
    return as_evidence(found, genes, cells)


def _found(
    kind: str,
    value: Any,
    data: Any,
    genes: Sequence[str],
    cells: Sequence[str],
    options: Mapping[str, Any],
    remarks: Remarks,
) -> Found:
    usual = options.get(DEFAULT_KIND, KNOCK_OUT)
    duplicates, others = options.get("duplicates", "error"), bool(options.get("others"))
    if kind == PRIOR:
        several = [value] if _is_path(value) or isinstance(value, pd.DataFrame) else list(value)
        return [_prior(one, genes, cells, remarks) for one in several]
    if not _is_path(value):
        if kind == PERTURBATIONS:
            return _perturbations(value, genes, cells, kind, usual, remarks, others)
        return aligned(_matrix(value, kind), genes, cells, kind, remarks, duplicates, others)
    if hasattr(data, "obs_names") and is_name(kind, str(value), "data.h5ad"):
        return _inside(data, kind, str(value), genes, cells, options, remarks)
    entry = {**options, "expression": str(data) if _is_path(data) else "", kind: str(value)}
    return read_user_evidence(kind, entry, genes, cells, remarks)


def _is_path(value: Any) -> bool:
    return isinstance(value, str | _PathLike)


def _perturbations(
    value: Any,
    genes: Sequence[str],
    cells: Sequence[str],
    where: str,
    usual: str,
    remarks: Remarks,
    others: bool,
) -> pd.DataFrame:
    table = value.to_frame("gene") if isinstance(value, pd.Series) else value
    if not isinstance(table, pd.DataFrame) or "gene" not in table.columns:
        raise InputError(
            f"{where}: expected a series of genes, or a table with a column gene, with the cells "
            "as index"
        )
    table = table.rename(index=str)
    twice = table.index[table.index.duplicated()]
    if len(twice):
        raise InputError(f"{where}: cell {twice[0]} occurs more than once")
    check_cells(list(table.index), cells, genes, where, others)
    table = table.loc[list(cells)]
    kinds = table["kind"] if "kind" in table.columns else pd.Series("", table.index)
    labels, kinds = (_texts(column) for column in (table["gene"], kinds))
    return checked_perturbations(labels, kinds, genes, cells, where, remarks, usual)


def _texts(column: pd.Series) -> list[str]:
    pairs = zip(column, column.isna(), strict=True)
    return ["" if missing else str(value) for value, missing in pairs]


def _prior(
    value: Any, genes: Sequence[str], cells: Sequence[str], remarks: Remarks
) -> pd.DataFrame:
    if _is_path(value):
        return read_prior(value, genes, cells, remarks)
    if not isinstance(value, pd.DataFrame) or not {"Gene1", "Gene2"} <= set(value.columns):
        raise InputError("prior: expected a path, or a table with columns Gene1 and Gene2")
    pairs = dict.fromkeys(zip(value["Gene1"].map(str), value["Gene2"].map(str), strict=True))
    return checked_prior(list(pairs), genes, cells, "prior", remarks)


def _matrix(value: Any, where: str) -> Matrix:
    if not isinstance(value, pd.DataFrame):
        raise InputError(
            f"{where}: is a {type(value).__name__}; expected a table (cells, genes), a path, or, "
            "of AnnData, the name of its place"
        )
    try:
        values = value.to_numpy(dtype=np.float64).T
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: holds something that is no number") from error
    return Matrix(list(map(str, value.columns)), list(map(str, value.index)), values)


def _inside(
    data: "AnnData",
    kind: str,
    name: str,
    genes: Sequence[str],
    cells: Sequence[str],
    options: Mapping[str, Any],
    remarks: Remarks,
) -> Found:
    """What AnnData has of a kind: a column of obs, a table of obsm, or a layer."""
    others = bool(options.get("others"))
    if kind == PERTURBATIONS:
        if name not in data.obs.columns:
            raise InputError(f"data: no obs column {name!r}{offered(data.obs.columns)}")
        where, usual = f"data: obs column {name}", options.get(DEFAULT_KIND, KNOCK_OUT)
        return _perturbations(data.obs[name], genes, cells, where, usual, remarks, others)
    if kind == "protein":
        if name not in data.obsm:
            raise InputError(f"data: no obsm {name!r}{offered(data.obsm)}")
        if not isinstance(data.obsm[name], pd.DataFrame):
            raise InputError(
                f"data: obsm {name} has no names of its columns; make it a DataFrame with the "
                "names of genes as columns"
            )
        found, where = _matrix(data.obsm[name], name), f"data: obsm {name}"
    else:
        found = named_as(genes, options.get("symbols"), partial(anndata_matrix, data, name))
        where = f"data: layer {name}"
    return aligned(found, genes, cells, where, remarks, options.get("duplicates", "error"), others)
