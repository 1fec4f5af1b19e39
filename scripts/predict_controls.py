"""Score the pairs of one seed's splits with the controls, such as the degree product."""

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.core.protocols import stream_name
from grn_gat.evaluate.label_controls import predict_controls


def main(snakemake) -> None:
    """Read each protocol's split, write the controls' predictions."""
    params, wildcards = snakemake.params, snakemake.wildcards
    files = zip(params.protocols, snakemake.input.folds, snakemake.output.predictions, strict=True)
    for protocol, source, target in files:
        stream = (wildcards.network, stream_name(protocol), int(wildcards.seed))
        predictions = predict_controls(
            read_table(source), protocol, params.replicates, params.seed, stream
        )
        write_table(predictions, target, digits=9)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
