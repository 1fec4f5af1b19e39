"""Which genes of a large data set a network is inferred of: named ones, or those that vary most."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_preparation import (
    MOST_GENES,
    MOST_GENES_OF_ALL,
    MOST_REGULATORS,
    VARIABLE,
    number_of_variable,
)
from grn_gat.data.expression import MINIMUM_GENES
from grn_gat.data.names import mismatch_hint, some
from grn_gat.data.text_rows import read_rows
from grn_gat.data.variable_genes import gene_statistics

_EXPRESSED = 0.01  # share of the cells that have a gene, at least
_FEWEST_CELLS = 3


def read_gene_list(path: str) -> list[str]:
    """Return the names in a list of genes, one per line; InputError where it has none."""
    names = [fields[0] for _, fields in read_rows(Path(path)) if fields[0]]
    if not names:
        raise InputError(f"{path}: no gene; expected one name per line")
    return names


def named_genes(
    names: Sequence[str], genes: Sequence[str], cells: Sequence[str], where: str, remarks: Remarks
) -> list[int]:
    """Return which genes are named (indices, ascending); names that the data lack are left out.

    Raises:
        InputError: fewer than two are there.
    """
    place = {gene: i for i, gene in enumerate(genes)}
    unknown = [name for name in dict.fromkeys(names) if name not in place]
    known = {place[name] for name in names if name in place}
    if len(known) < MINIMUM_GENES:
        hint = mismatch_hint(unknown, genes, cells, "expected genes in rows, cells in columns")
        raise InputError(
            f"{where}: {len(known)} of its genes are in the expression matrix, which lacks "
            f"{some(unknown) or 'none'}{hint or f'; expected names such as {some(genes)}'}"
        )
    if unknown:
        remarks.left_out(
            where, f"{len(unknown)} genes, which the expression matrix lacks: {some(unknown)}"
        )
    return sorted(known)


def varying_genes(
    values: Any,
    genes: Sequence[str],
    regulators: Sequence[str] | None,
    wanted: str,
    where: str,
    remarks: Remarks,
    share: float = 1,
) -> list[int]:
    """Return which genes are taken: expressed regulators, and those that vary most.

    Args:
        values: array or sparse array (genes, cells), >= 0.
        genes: their names.
        regulators: names of the candidate regulators; None: every gene is one.
        wanted: auto (up to the budget), or hvg:N: the N that vary most, and the regulators.
        where: what messages call the file.
        remarks: takes what was left out.
        share: of the budget, as there are several networks.

    Returns:
        Indices, ascending.

    Raises:
        InputError: no regulator is expressed, or fewer than two genes vary.
    """
    found = gene_statistics(values)
    least = max(_FEWEST_CELLS, int(np.ceil(_EXPRESSED * values.shape[1])))
    possible = (found.detected >= least) & np.isfinite(found.dispersion)
    # The most variable first; of the same dispersion in the order of the genes.
    order = np.argsort(-found.dispersion, kind="stable")
    order = order[possible[order]]
    if len(order) < MINIMUM_GENES:
        raise InputError(
            f"{where}: {len(order)} genes vary and are there in {least} cells or more, which is "
            "not enough to choose from; genes: all takes every gene"
        )
    exact = number_of_variable(wanted) if wanted.startswith(VARIABLE) else None
    if regulators is None:
        chosen, what = order[: exact or round(share * MOST_GENES_OF_ALL)], "those that vary most"
    else:
        named = np.isin(np.array(genes, dtype=object), list(regulators))
        kept = _expressed(order, named, genes, least, where, remarks)
        if exact is None:
            kept = _most_varying(kept, round(share * MOST_REGULATORS), where, remarks)
            chosen = np.union1d(kept, order[~named[order]][: round(share * MOST_GENES) - len(kept)])
        else:
            chosen = np.union1d(kept, order[:exact])
        what = f"{len(kept)} candidate regulators and those that vary most"
    if len(chosen) < len(genes):
        remarks.left_out(
            where,
            f"{len(genes) - len(chosen)} of {len(genes)} genes: {what} are taken, {len(chosen)} "
            "in all (option genes)",
        )
    return [int(i) for i in np.sort(chosen)]


def _expressed(
    order: np.ndarray,
    named: np.ndarray,
    genes: Sequence[str],
    least: int,
    where: str,
    remarks: Remarks,
) -> np.ndarray:
    """Candidate regulators that can be taken, the most variable first; the others are said."""
    found, number = order[named[order]], int(named.sum())
    if not len(found):
        raise InputError(
            f"{where}: none of its {number} candidate regulators varies and is there in {least} "
            "cells or more; name others (option regulators), or take genes: all"
        )
    silent = np.setdiff1d(np.flatnonzero(named), found)
    if len(silent):
        remarks.left_out(
            where,
            f"{len(silent)} of {number} candidate regulators, which fewer than {least} cells have "
            f"or which do not vary: {some([genes[i] for i in silent])}",
        )
    return found


def _most_varying(candidates: np.ndarray, most: int, where: str, remarks: Remarks) -> np.ndarray:
    """Candidate regulators within the budget."""
    kept = candidates[:most]
    if len(kept) < len(candidates):
        remarks.left_out(
            where,
            f"{len(candidates) - len(kept)} of {len(candidates)} expressed candidate regulators: "
            f"the {len(kept)} that vary most are taken (option genes with a number or a list takes "
            "all of them)",
        )
    return kept
