"""Train the GATv2 without what expression tells (controls of the model); score test pairs."""

import shutil
from pathlib import Path

from grn_gat.core.device import deterministic
from grn_gat.core.files import read_table, write_table
from grn_gat.core.fold_checkpoints import FoldCheckpoints
from grn_gat.core.job import logged
from grn_gat.supervised.graph_reader import load_graph
from grn_gat.supervised.model_controls import control_graphs, with_gene_identity
from grn_gat.supervised.training import Settings, train_folds


def main(snakemake) -> None:
    """Load graphs, replace what the model is shown; per protocol train, write predictions."""
    params, wildcards = snakemake.params, snakemake.wildcards
    deterministic()
    graphs = [load_graph(path) for path in snakemake.input.graphs]
    stream = (wildcards.network, int(wildcards.seed))
    shown = control_graphs(wildcards.control, graphs, params.bins, params.seed, stream)
    settings = Settings(**params.model, **params.training)
    files = zip(params.protocols, snakemake.input.folds, snakemake.output, strict=True)
    for protocol, source, target in files:
        print(f"protocol {protocol}")
        identity = protocol in params.gene_identity and wildcards.control != "gat-one-hot"
        nodes = with_gene_identity(shown) if identity else shown
        # The stream of the GATv2 at this dropout level: the same negatives, and initial weights
        # where the inputs have the same size.
        stream = ("train", wildcards.network, int(wildcards.dropout), protocol, int(wildcards.seed))
        # Not an output: it must outlive an interrupted job, which goes on from it.
        folds = Path(target).with_name("folds")
        checkpoints = FoldCheckpoints(folds, snakemake.input.code)
        table = read_table(source)
        trained = train_folds(nodes, table, settings, params.seed, stream, checkpoints)
        write_table(trained.predictions, target, digits=9)
        shutil.rmtree(folds, ignore_errors=True)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
