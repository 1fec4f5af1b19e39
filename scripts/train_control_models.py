"""Train the GATv2 without what expression tells (controls of the model); score test pairs."""

from pathlib import Path

from grn_gat.core.device import deterministic
from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.supervised.network_training import NetworkTraining, Training


def main(snakemake) -> None:
    """Per control, dropout level and protocol train, write predictions."""
    params, out = snakemake.params, snakemake.output
    deterministic()
    job = NetworkTraining.of_rule(snakemake.input, params, snakemake.wildcards)
    trainings = [
        Training(level, protocol, Path(path).parent, control)
        for (control, level, protocol), path in zip(params.axes, out.predictions, strict=True)
    ]
    for trained, path in zip(job.run(trainings), out.predictions, strict=True):
        write_table(trained.predictions, path, digits=9)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
