"""Cells of a Boolean model in which one gene is knocked out, and how they are told from others."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grn_gat.core.seeds import seed_sequence
from grn_gat.simulate.boolean_model import BooleanModel
from grn_gat.simulate.simulator import AllRunsDied, KineticParameters, simulate

_MARK = "_knock-out_"


def name_of(gene: str, number: int) -> str:
    """Return the name of a cell without a gene."""
    return f"{gene}{_MARK}{number}"


def knocked_out(cell: str) -> str:
    """Return the gene that a cell lacks by its name; empty where it lacks none."""
    return cell.rpartition(_MARK)[0]


def simulate_knock_outs(
    model: BooleanModel,
    cells: int,
    seed: int,
    stream: tuple[str, int],
    parameters: KineticParameters,
    settings: Mapping[str, Any],
) -> dict[str, np.ndarray]:
    """Simulate cells in which a gene has no mRNA and no protein from the start, gene by gene.

    Args:
        model: the Boolean model.
        cells: of each gene.
        seed, stream: from which the draws take their streams, one for each gene.
        parameters: rate constants, those of the other cells of the data set.
        settings: `activation` and `max_tries`, as in the block `simulation` of a config.

    Returns:
        mRNA (genes, cells) by the gene that was knocked out, without those of which every run died;
        they are printed.
    """
    found = {}
    for gene in model.genes:
        try:
            simulation = simulate(
                model,
                cells,
                seed_sequence(seed, "knock-out", *stream, gene),
                parameters=parameters,
                activation=settings["activation"],
                clamped={gene: 0.0},
                max_tries=settings["max_tries"],
            )
        except AllRunsDied:
            print(f"without {gene} every run died: no cell without it")
            continue
        found[gene] = simulation.expression[:, 0, :].T
    print(f"knocked out, {cells} cells each: {', '.join(found) or 'none'}")
    return found
