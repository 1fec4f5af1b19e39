"""Simulate one replicate of a Boolean model: expression, pseudotime and reference network."""

from pathlib import Path

import numpy as np
import pandas as pd

from grn_gat.core.job import logged
from grn_gat.core.seeds import generator, integer_seed, seed_sequence
from grn_gat.data.dataset import Dataset, write_dataset
from grn_gat.simulate.boolean_model import read_model, reference_edges
from grn_gat.simulate.pseudotime import pseudotime_table
from grn_gat.simulate.simulator import cell_names, default_parameters, sample_parameters, simulate


def main(snakemake) -> None:
    """Read the model, simulate, write BEELINE's files."""
    params, out = snakemake.params, snakemake.output
    stream = (snakemake.wildcards.network, int(snakemake.wildcards.replicate))
    model = read_model(snakemake.input.rules)
    settings = params.simulation
    if settings["parameters"] == "sampled":
        parameters = sample_parameters(model.genes, generator(params.seed, "parameters", *stream))
    else:
        parameters = default_parameters(model.genes)
    print(f"{model.name}: {len(model.genes)} genes, T = {model.duration}, {params.cells} cells")
    shared = {k: round(float(v[0]), 4) for k, v in vars(parameters).items() if np.ptp(v) == 0}
    print(f"parameters ({settings['parameters']}): {shared}")
    simulation = simulate(
        model,
        params.cells,
        seed_sequence(params.seed, "simulate", *stream),
        parameters=parameters,
        activation=settings["activation"],
        max_tries=settings["max_tries"],
    )
    print(f"runs that died and were done again: {int((simulation.tries - 1).sum())}")
    names = cell_names(simulation.time_index)
    dataset = Dataset(
        genes=list(model.genes),
        cells=names,
        expression=simulation.expression[:, 0, :].T,
        pseudotime=pseudotime_table(
            simulation.time_index[:, 0],
            simulation.trajectories,
            model.trajectories,
            names,
            integer_seed(params.seed, "pseudotime", *stream) % 2**32,
        ),
        edges=pd.DataFrame(reference_edges(model), columns=["Gene1", "Gene2", "Type"]),
    )
    write_dataset(dataset, out.expression, out.pseudotime, out.edges, out.regulators)
    print(f"wrote {Path(out.expression).parent}")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
