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
    path = Path(path)
    pairs = [pair for pair in read_pairs(path) if pair[0] != pair[1]]
    if not pairs:
        raise InputError(f"{path}: the prior network has no edge between two different genes")
    pairs = known_edges(path, pairs, genes, cells, remarks)
    possible = len(genes) * (len(genes) - 1)
    if len(pairs) == possible:
        raise InputError(
            f"{path}: the prior network has all {possible} pairs of the genes of the expression, "
            "which says nothing; leave out the pairs that it has no evidence of"
        )
    return pd.DataFrame(pairs, columns=["Gene1", "Gene2"], dtype=object)
