"""What a method says of groups of cells, from what it inferred of each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.data.edges import no_edges
from grn_gat.evaluate.inferred import number_of_edges
from grn_gat.inference.attempt import Cells
from grn_gat.inference.compare_groups import (
    Comparison,
    compare_groups,
    nothing_compared,
    scores_of,
)
from grn_gat.inference.group_tables import activity_of, no_activity


def compared(
    method: str,
    names: Sequence[str],
    groups: Sequence[Cells],
    ranked: Sequence[pd.DataFrame],
    edges_per_gene: float,
    asked: int | None,
    seed: int,
    threads: int,
    settings: Mapping[str, Any],
) -> tuple[Comparison, pd.DataFrame]:
    """Compare what a method infers from groups of cells; also how active regulons are in each.

    Args:
        method: its name.
        names: of the groups.
        groups: cells of each, of the same genes and regulators.
        ranked: ranked edges of each; no row where the method failed.
        edges_per_gene: of the network of each.
        asked: permutations; None: as many as are usual.
        seed: integer of the config.
        threads: processes.
        settings: of the method.
    """
    failed = [name for name, own in zip(names, ranked, strict=True) if not len(own)]
    if failed:
        return nothing_compared(f"no network of {', '.join(failed)}"), no_activity()
    genes = list(groups[0].genes)
    regulators = [genes[k] for k in groups[0].regulators]
    number = number_of_edges(genes, no_edges(), regulators, edges_per_gene)
    scores = np.array([scores_of(own, regulators, genes) for own in ranked])
    found = compare_groups(method, names, groups, scores, number, asked, seed, threads, settings)
    return found, activity_of(groups, names, scores, number)
