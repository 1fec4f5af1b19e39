"""Train the GATv2 on all replicates of a network with cross-validation; score test pairs."""

from safetensors.torch import save_file

from grn_gat.files import atomic_path, read_table, write_table
from grn_gat.graph_tensors import load_graph
from grn_gat.job import logged
from grn_gat.published import train_published
from grn_gat.training import Settings, deterministic, train_folds, with_gene_identity


def main(snakemake) -> None:
    """Load graphs and roles, train, write weights, curve, predictions and attention."""
    params, out, wildcards = snakemake.params, snakemake.output, snakemake.wildcards
    deterministic()
    graphs = [load_graph(path) for path in snakemake.input.graphs]
    table = read_table(snakemake.input.folds)
    stream = ("train", wildcards.network, int(wildcards.dropout), wildcards.protocol)
    stream = (*stream, int(wildcards.seed))
    if wildcards.protocol == "published":
        trained = train_published(table, graphs[0].genes, params.seed, stream)
    else:
        if wildcards.protocol in params.gene_identity:
            graphs = with_gene_identity(graphs)
        settings = Settings(**params.model, **params.training)
        trained = train_folds(graphs, table, settings, params.seed, stream)
    with atomic_path(out.weights) as temporary:
        save_file(trained.weights, temporary)
    write_table(trained.curve, out.curve, digits=6)
    write_table(trained.predictions, out.predictions, digits=9)
    write_table(trained.attention, out.attention, digits=5)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
