"""Fine-tune the zero-shot model on the known edges of a network; score test pairs."""

from grn_gat.core.device import deterministic
from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.expression import read_expression
from grn_gat.zeroshot.finetuning import FineTuning, common_genes, fine_tune
from grn_gat.zeroshot.weights import load_weights


def main(snakemake) -> None:
    """Load expression of all replicates; per protocol fine-tune, write predictions and curve."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    deterministic()
    start = load_weights(source.weights)
    read = [read_expression(path) for path in source.expression]
    genes = common_genes([names for names, _, _ in read])
    settings = FineTuning(**params.fine_tuning)
    files = zip(
        params.protocols, source.folds, snakemake.output.predictions, snakemake.output.curves,
        strict=True,
    )  # fmt: skip
    for protocol, folds, predictions_path, curve_path in files:
        print(f"protocol {protocol}")
        stream = ("fine-tune", wildcards.network, int(wildcards.dropout), protocol)
        predictions, curve = fine_tune(
            start,
            [expression for _, _, expression in read],
            genes,
            read_table(folds),
            settings,
            params.seed,
            (*stream, int(wildcards.seed)),
        )
        write_table(predictions, predictions_path, digits=9)
        write_table(curve, curve_path, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
