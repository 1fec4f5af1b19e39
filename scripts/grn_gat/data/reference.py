"""The reference network that the replicates of a data set share."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_names
from grn_gat.data.regulators import read_regulators


def read_reference(
    edges: Sequence[str], regulators: Sequence[str], expression: Sequence[str]
) -> tuple[list[str], pd.DataFrame, list[str]]:
    """Return genes, edges and candidate regulators, the same in all replicates.

    Args:
        edges: one reference network per replicate (`edges.read_edges`).
        regulators: one list of candidate regulators per replicate.
        expression: one matrix per replicate, of which only the names are read.

    Raises:
        InputError: a replicate differs from the first.
    """
    for other in edges[1:]:
        if Path(other).read_bytes() != Path(edges[0]).read_bytes():
            raise InputError(
                f"{other} differs from {edges[0]}: the replicates of a network share one reference "
                "network; list them as different networks"
            )
    for other in regulators[1:]:
        if Path(other).read_bytes() != Path(regulators[0]).read_bytes():
            raise InputError(
                f"{other} differs from {regulators[0]}: the replicates of a network share "
                "their genes and candidate regulators"
            )
    genes, _ = read_names(expression[0])
    for other in expression[1:]:
        if read_names(other)[0] != genes:
            raise InputError(
                f"{other} has other genes than {expression[0]}: the replicates of a network "
                "share their genes; list them as different networks"
            )
    return genes, read_edges(edges[0], genes), read_regulators(regulators[0], genes)


def read_others(
    names: Sequence[str], files: Sequence[str], genes: Sequence[str]
) -> list[tuple[str, pd.DataFrame]]:
    """Return name and edges of other reference networks of cells whose genes are given."""
    found = zip(names, files, strict=True)
    return [(name, read_edges(path, genes)) for name, path in found]


def reference_signs(edges: pd.DataFrame) -> Mapping[tuple[str, str], int]:
    """Sign of each edge: +1 activation, -1 repression, 0 unknown."""
    codes = edges["Type"].map({"+": 1, "-": -1}).fillna(0).astype(int)
    return dict(zip(zip(edges["Gene1"], edges["Gene2"], strict=True), codes, strict=True))


def measured_regulators(edges: pd.DataFrame, candidates: Sequence[str]) -> list[str]:
    """Candidate regulators that have an edge to another gene, in their order.

    Right for a reference of experiments (ChIP, knock-outs) on some regulators: that another one has
    no edge there says nothing of it.
    """
    measured = set(edges["Gene1"][edges["Gene1"] != edges["Gene2"]])
    return [name for name in candidates if name in measured]
