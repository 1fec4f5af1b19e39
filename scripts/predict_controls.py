"""Score the pairs of one split with the controls: majority, random, degree product, pair lookup."""

from grn_gat.controls import predict_controls
from grn_gat.files import read_table, write_table
from grn_gat.job import logged


def main(snakemake) -> None:
    """Read the split, write the controls' predictions."""
    wildcards = snakemake.wildcards
    predictions = predict_controls(
        read_table(snakemake.input.folds),
        wildcards.protocol,
        snakemake.params.replicates,
        snakemake.params.seed,
        (wildcards.network, wildcards.protocol, int(wildcards.seed)),
    )
    write_table(predictions, snakemake.output.predictions, digits=9)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
