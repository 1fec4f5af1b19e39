"""One simulated data set of a Boolean model: expression, pseudotime and reference network."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator, integer_seed, seed_sequence
from grn_gat.data.dataset import Dataset
from grn_gat.data.names import some
from grn_gat.simulate.boolean_model import BooleanModel, reference_edges
from grn_gat.simulate.knock_outs import name_of, simulate_knock_outs
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import settings_of
from grn_gat.simulate.pseudotime import pseudotime_table
from grn_gat.simulate.simulator import (
    KineticParameters,
    cell_names,
    default_parameters,
    sample_parameters,
    simulate,
)


def parameters_of(
    model: BooleanModel, seed: int, stream: tuple[str, int], settings: Mapping[str, Any]
) -> KineticParameters:
    """Return the rate constants of a replicate; arguments as of `simulate_dataset`."""
    if settings["parameters"] == "sampled":
        return sample_parameters(model.genes, generator(seed, "parameters", *stream))
    return default_parameters(model.genes)


def simulate_dataset(
    model: BooleanModel,
    cells: int,
    seed: int,
    stream: tuple[str, int],
    settings: Mapping[str, Any],
    measurement: Mapping[str, Any] | None = None,
    knock_outs: int = 0,
) -> Dataset:
    """Simulate cells of a model, measure them where that is asked, and print what was drawn.

    Cells without a gene follow those that nothing is done to, which are the same with and without
    them. They have no pseudotime, and their names tell the gene (`knock_outs.knocked_out`). Of a
    gene without which every run dies there are none.

    Args:
        model: the Boolean model.
        cells: their number.
        seed: integer of the config.
        stream: name and replicate, from which the draws take their streams.
        settings: `parameters` (sampled or default), `activation` and `max_tries`, as in the block
            `simulation` of a config.
        measurement: how the cells are measured, as `measurement_settings.settings_of` takes it;
            without it expression is the mRNA of the model.
        knock_outs: cells with each gene knocked out.

    Raises InputError where the measurement is none.
    """
    parameters = parameters_of(model, seed, stream, settings)
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
    expression = simulation.expression[:, 0, :].T
    names = cell_names(simulation.time_index)
    pseudotime = pseudotime_table(
        simulation.time_index[:, 0],
        simulation.trajectories,
        model.trajectories,
        names,
        integer_seed(seed, "pseudotime", *stream) % 2**32,
    )
    if knock_outs:
        of_each = simulate_knock_outs(model, knock_outs, seed, stream, parameters, settings)
        expression = np.hstack([expression, *of_each.values()])
        names += [name_of(gene, k) for gene in of_each for k in range(knock_outs)]
        pseudotime = pseudotime.reindex(names)
    if measurement is not None:
        # A stream of its own, and genes in the order of the file: what is measured are the cells of
        # the file that is written without a measurement.
        rng = generator(seed, "measure", *stream)
        order = sorted(range(len(model.genes)), key=model.genes.__getitem__)
        measured = measure(expression[order], settings_of(measurement), rng)
        expression = measured.values[np.argsort(order)]
        print(f"measured ({dict(measurement)}): {measured.record()}")
    edges = reference_edges(model)
    if unknown := [f"{regulator} -> {target}" for regulator, target, sign in edges if not sign]:
        print(f"edges of which the rules tell no sign: {len(unknown)} ({some(unknown)})")
    return Dataset(
        genes=list(model.genes),
        cells=names,
        expression=expression,
        pseudotime=pseudotime,
        edges=pd.DataFrame(edges, columns=["Gene1", "Gene2", "Type"]),
    )
