"""What perturbations do to the cells of a network: shifts of other genes, fates, consequences."""

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.evaluate.consequence import Consequences
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.perturbed_cells import conditions, read_cells


def main(snakemake) -> None:
    """Read the cells of all replicates, write the three tables."""
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    model = read_model(source.rules)
    found = Consequences(
        snakemake.wildcards.network,
        model,
        conditions(model, params.settings, params.together),
        [read_cells(path) for path in source.cells],
        params.settings["knock_down"],
        params.seed,
    )
    write_table(found.perturbations(), out.perturbations)
    write_table(found.fates(), out.fates)
    write_table(found.consequences(), out.consequences)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
