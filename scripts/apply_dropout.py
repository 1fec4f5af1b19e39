"""Apply one dropout level to a data set; pseudotime, reference network and regulators stay."""

from dataclasses import replace

from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.data.dataset import read_dataset, write_dataset
from grn_gat.simulate.measurement import measure
from grn_gat.simulate.measurement_settings import dropout_setting


def main(snakemake) -> None:
    """Read, set values to zero, write."""
    source, out, wildcards = snakemake.input, snakemake.output, snakemake.wildcards
    dataset = read_dataset(source.expression, source.pseudotime, source.edges, source.regulators)
    level = int(wildcards.dropout) / 100
    stream = (wildcards.network, int(wildcards.replicate), int(wildcards.dropout))
    rng = generator(snakemake.params.seed, "dropout", *stream)
    expression = measure(dataset.expression, dropout_setting(level), rng).values
    before, after = ((values == 0).mean() for values in (dataset.expression, expression))
    print(f"share of zeros: {before:.4f} before, {after:.4f} after")
    dropped = replace(dataset, expression=expression)
    write_dataset(dropped, out.expression, out.pseudotime, out.edges, out.regulators)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
