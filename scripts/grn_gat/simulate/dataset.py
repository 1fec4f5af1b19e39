"""One simulated data set of a Boolean model: expression, pseudotime and reference network."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator, integer_seed, seed_sequence
from grn_gat.data.dataset import Dataset
from grn_gat.data.names import some
from grn_gat.simulate.boolean_model import BooleanModel, reference_edges
from grn_gat.simulate.pseudotime import pseudotime_table
from grn_gat.simulate.simulator import cell_names, default_parameters, sample_parameters, simulate


def simulate_dataset(
    model: BooleanModel,
    cells: int,
    seed: int,
    stream: tuple[str, int],
    settings: Mapping[str, Any],
) -> Dataset:
    """Simulate cells of a model, and print what was drawn.

    Args:
        model: the Boolean model.
        cells: their number.
        seed: integer of the config.
        stream: name and replicate, from which the draws take their streams.
        settings: `parameters` (sampled or default), `activation` and `max_tries`, as in the block
            `simulation` of a config.
    """
    if settings["parameters"] == "sampled":
        parameters = sample_parameters(model.genes, generator(seed, "parameters", *stream))
    else:
        parameters = default_parameters(model.genes)
    print(f"{model.name}: {len(model.genes)} genes, T = {model.duration}, {cells} cells")
    shared = {k: round(float(v[0]), 4) for k, v in vars(parameters).items() if np.ptp(v) == 0}
    print(f"parameters ({settings['parameters']}): {shared}")
    simulation = simulate(
        model,
        cells,
        seed_sequence(seed, "simulate", *stream),
        parameters=parameters,
        activation=settings["activation"],
        max_tries=settings["max_tries"],
    )
    print(f"runs that died and were done again: {int((simulation.tries - 1).sum())}")
    edges = reference_edges(model)
    if unknown := [f"{regulator} -> {target}" for regulator, target, sign in edges if not sign]:
        print(f"edges of which the rules tell no sign: {len(unknown)} ({some(unknown)})")
    names = cell_names(simulation.time_index)
    return Dataset(
        genes=list(model.genes),
        cells=names,
        expression=simulation.expression[:, 0, :].T,
        pseudotime=pseudotime_table(
            simulation.time_index[:, 0],
            simulation.trajectories,
            model.trajectories,
            names,
            integer_seed(seed, "pseudotime", *stream) % 2**32,
        ),
        edges=pd.DataFrame(edges, columns=["Gene1", "Gene2", "Type"]),
    )
