"""Simulate one replicate of a Boolean model: expression, pseudotime and reference network."""

from pathlib import Path

from grn_gat.core.job import logged
from grn_gat.data.dataset import write_dataset
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.dataset import simulate_dataset


def main(snakemake) -> None:
    """Read the model, simulate, measure, write BEELINE's files."""
    params, out = snakemake.params, snakemake.output
    dataset = simulate_dataset(
        read_model(snakemake.input.rules),
        params.cells,
        params.seed,
        (snakemake.wildcards.network, int(snakemake.wildcards.replicate)),
        params.simulation,
        params.measurement,
        params.knock_outs,
    )
    write_dataset(dataset, out.expression, out.pseudotime, out.edges, out.regulators)
    print(f"wrote {Path(out.expression).parent}")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
