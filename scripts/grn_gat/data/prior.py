"""Prior networks of a user: edges that may be right, of unknown quality."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.edges import known_edges, read_pairs


def read_prior(
    path: PathLike, genes: Sequence[str], cells: Sequence[str], remarks: Remarks
) -> pd.DataFrame:
    """Read a prior network, in the layout of a reference network (`edges.read_edges`).

    Types are ignored, and so are edges of a gene with itself; those of genes that the expression
    lacks are left out, with a remark.

    Returns:
        Table with text columns Gene1, Gene2, one row per ordered pair, in the order of the file.

    Raises:
        InputError: the file is missing, damaged or no such table, or has no edge between two genes
            of the expression, or every one.
    """
    return checked_prior(list(read_pairs(Path(path))), genes, cells, str(path), remarks)


def checked_prior(
    pairs: Sequence[tuple[str, str]],
    genes: Sequence[str],
    cells: Sequence[str],
    where: str,
    remarks: Remarks,
) -> pd.DataFrame:
    """Return the edges of a prior network as `read_prior` does, with its errors.

    Args:
        pairs: of names of genes, each once.
        genes, cells: of the expression.
        where: what messages call it.
        remarks: takes how many edges are left out.
    """
    others = [pair for pair in pairs if pair[0] != pair[1]]
    if not others:
        raise InputError(f"{where}: the prior network has no edge between two different genes")
    known = known_edges(where, others, genes, cells, remarks)
    possible = len(genes) * (len(genes) - 1)
    if len(known) == possible:
        raise InputError(
            f"{where}: the prior network has all {possible} pairs of the genes of the expression, "
            "which says nothing; leave out the pairs that it has no evidence of"
        )
    return pd.DataFrame(known, columns=["Gene1", "Gene2"], dtype=object)
