"""Cells of a replicate of a Boolean model in which each gene is perturbed, one after the other."""

from grn_gat.core.job import logged
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.dataset import parameters_of
from grn_gat.simulate.perturbed_cells import conditions, simulate_perturbations, write_cells


def main(snakemake) -> None:
    """Simulate every condition with the rate constants of the replicate's data set."""
    params, wildcards = snakemake.params, snakemake.wildcards
    stream = (wildcards.network, int(wildcards.replicate))
    model = read_model(snakemake.input.rules)
    planned = conditions(model, params.settings, params.together)
    parameters = parameters_of(model, params.seed, stream, params.simulation)
    found = dict(
        simulate_perturbations(
            model, planned, params.settings, params.seed, stream, parameters, params.simulation
        )
    )
    print(f"{len(found)} conditions of {params.settings['cells']} cells each")
    write_cells(found, snakemake.output.cells)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
