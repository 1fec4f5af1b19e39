"""Train the GATv2 on all replicates of a network with cross-validation; score test pairs."""

from pathlib import Path

from safetensors.torch import save_file

from grn_gat.core.device import deterministic
from grn_gat.core.files import atomic_path, write_table
from grn_gat.core.job import logged
from grn_gat.supervised.network_training import NetworkTraining, Training


def main(snakemake) -> None:
    """Per dropout level and protocol train, write weights, curve, predictions and attention."""
    params, out = snakemake.params, snakemake.output
    deterministic()
    job = NetworkTraining.of_rule(snakemake.input, params, snakemake.wildcards)
    trainings = [
        Training(level, protocol, Path(path).parent)
        for (level, protocol), path in zip(params.axes, out.weights, strict=True)
    ]
    files = zip(out.weights, out.curve, out.predictions, out.attention, strict=True)
    for trained, paths in zip(job.run(trainings), files, strict=True):
        weights, curve, predictions, attention = paths
        with atomic_path(weights) as temporary:
            save_file(trained.weights, temporary)
        write_table(trained.curve, curve, digits=6)
        write_table(trained.predictions, predictions, digits=9)
        write_table(trained.attention, attention, digits=5)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
