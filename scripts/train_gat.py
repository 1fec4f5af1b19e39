"""Train the GATv2 on all replicates of a network with cross-validation; score test pairs."""

import shutil
from pathlib import Path

from safetensors.torch import save_file

from grn_gat.core.device import deterministic
from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.fold_checkpoints import FoldCheckpoints
from grn_gat.core.job import logged
from grn_gat.core.protocols import PAPER, stream_name
from grn_gat.supervised.graph_reader import load_graph
from grn_gat.supervised.model_controls import with_gene_identity
from grn_gat.supervised.paper_protocol import train_paper
from grn_gat.supervised.training import Settings, train_folds


def main(snakemake) -> None:
    """Load graphs; per protocol train, write weights, curve, predictions and attention."""
    params, out, wildcards = snakemake.params, snakemake.output, snakemake.wildcards
    deterministic()
    graphs = [load_graph(path) for path in snakemake.input.graphs]
    settings = Settings(**params.model, **params.training)
    for number, protocol in enumerate(params.protocols):
        print(f"protocol {protocol} ({number + 1} of {len(params.protocols)})")
        table = read_table(snakemake.input.folds[number])
        # Not an output: it must outlive an interrupted job, which goes on from it.
        folds = Path(out.weights[number]).with_name("folds")
        checkpoints = FoldCheckpoints(folds, snakemake.input.code)
        stream = ("train", wildcards.network, int(wildcards.dropout), protocol, int(wildcards.seed))
        if protocol == PAPER:
            # It reads no expression: the same models at every dropout level.
            stream = ("train", wildcards.network, stream_name(protocol), int(wildcards.seed))
            trained = train_paper(table, graphs[0].genes, params.seed, stream)
        else:
            nodes = with_gene_identity(graphs) if protocol in params.gene_identity else graphs
            trained = train_folds(nodes, table, settings, params.seed, stream, checkpoints)
        with atomic_path(out.weights[number]) as temporary:
            save_file(trained.weights, temporary)
        write_table(trained.curve, out.curve[number], digits=6)
        write_table(trained.predictions, out.predictions[number], digits=9)
        write_table(trained.attention, out.attention[number], digits=5)
        shutil.rmtree(folds, ignore_errors=True)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
