"""Ranked edges that a program of the user gave for cells of the study: what of them is scored.

A file of another data set is an error. What can be scored all the same is, and a remark says how:
pairs that are not listed have the score 0, as in every ranking.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.names import mismatch_hint, some
from grn_gat.data.ranked_edges import best_rows, ranked_rows, scores_of_pairs

_OURS = 0.5  # share of the genes of a file from which on it is one of the data set

Row = tuple[str, str, float]


def candidate_pairs(genes: Sequence[str], regulators: Sequence[str]) -> pd.DataFrame:
    """Return all pairs of a candidate regulator and another gene: columns Gene1, Gene2."""
    first = np.repeat(np.array(regulators, dtype=object), len(genes))
    second = np.tile(np.array(genes, dtype=object), len(regulators))
    other = first != second
    return pd.DataFrame({"Gene1": first[other], "Gene2": second[other]})


def read_predictions(
    path: PathLike,
    data_set: str,
    genes: Sequence[str],
    regulators: Sequence[str],
    remarks: Remarks,
) -> pd.DataFrame:
    """Read ranked edges of a user for all candidate pairs of a data set.

    Args:
        path: the file, in the format of `ranked_edges`.
        data_set: its name, for messages.
        genes: those of its expression.
        regulators: its candidate regulators, some of the genes.
        remarks: what is left out or doubtful is added here.

    Returns:
        Columns Gene1, Gene2, EdgeWeight: each candidate pair once, 0 where the file does not list
        it. No row where the file lists no edge of one gene with another.

    Raises:
        InputError: the file is none (`ranked_rows`), or most of its genes are none of the data set.
    """
    rows = list(ranked_rows(path))
    _check_data_set(path, data_set, rows, genes)
    rows = _without_unknown(path, rows, set(genes), remarks)
    rows = _without_others(path, rows, set(regulators), remarks)
    ranked = best_rows(rows)
    if len(ranked) < len(rows):
        remarks.left_out(
            path,
            f"{len(rows) - len(ranked)} rows of pairs that stand there more than once: of each "
            "pair the row with the largest |EdgeWeight| is taken",
        )
    if ranked.empty:
        return ranked
    pairs = candidate_pairs(genes, regulators)
    if len(ranked) < len(pairs):
        missing = f"{len(pairs) - len(ranked)} of the {len(pairs)} pairs of a candidate regulator"
        text = f"{missing} with another gene are not listed: their score is 0"
        remarks.doubtful(path, [text])
    if ranked["EdgeWeight"].abs().nunique() == 1 and len(ranked) == len(pairs):
        remarks.doubtful(path, ["all pairs have the same |EdgeWeight|: this is no ranking"])
    return pairs.assign(EdgeWeight=scores_of_pairs(ranked, pairs))


def _names(rows: Iterable[Row]) -> list[str]:
    """Genes of rows, each once, in their order."""
    return list(dict.fromkeys(gene for row in rows for gene in row[:2]))


def _check_data_set(
    path: PathLike, data_set: str, rows: Sequence[Row], genes: Sequence[str]
) -> None:
    """Raise InputError where most genes of a file are none of the data set."""
    listed, known = _names(rows), set(genes)
    unknown = [name for name in listed if name not in known]
    if len(listed) - len(unknown) < _OURS * len(listed):
        hint = mismatch_hint(unknown, genes, None, "") or "; is it of another data set?"
        raise InputError(
            f"{path}: {len(unknown)} of its {len(listed)} genes ({some(unknown)}) are none of "
            f"{data_set} ({some(genes)}){hint}"
        )


def _without_unknown(
    path: PathLike, rows: Sequence[Row], genes: set[str], remarks: Remarks
) -> list[Row]:
    """Rows without genes that the data set lacks, nor those of a gene with itself."""
    known = [row for row in rows if row[0] in genes and row[1] in genes]
    if len(known) < len(rows):
        unknown = [name for name in _names(rows) if name not in genes]
        remarks.left_out(
            path,
            f"{len(rows) - len(known)} of {len(rows)} rows, with genes that the expression matrix "
            f"lacks: {some(unknown)}",
        )
    kept = [row for row in known if row[0] != row[1]]
    if len(kept) < len(known):
        remarks.left_out(path, f"{len(known) - len(kept)} rows of a gene with itself")
    return kept


def _without_others(
    path: PathLike, rows: Sequence[Row], regulators: set[str], remarks: Remarks
) -> list[Row]:
    """Rows whose Gene1 is a candidate regulator."""
    kept = [row for row in rows if row[0] in regulators]
    if len(kept) < len(rows):
        others = list(dict.fromkeys(row[0] for row in rows if row[0] not in regulators))
        remarks.left_out(
            path,
            f"{len(rows) - len(kept)} of {len(rows)} rows, whose Gene1 is no candidate regulator: "
            f"{some(others)}",
        )
    return kept
