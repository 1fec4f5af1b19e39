"""Turn one data set into a graph tensor file (contents: grn_gat/supervised/graph_file.py)."""

from grn_gat.core.job import logged
from grn_gat.data.dataset import read_dataset
from grn_gat.supervised.graph_file import save_graph
from grn_gat.supervised.graph_tensors import graph_metadata, graph_tensors


def main(snakemake) -> None:
    """Compute features and labels, write the tensors."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    data = read_dataset(source.expression, source.pseudotime, source.edges, source.regulators)
    tensors = graph_tensors(data, params.bins, params.neighbours)
    metadata = graph_metadata(
        data, wildcards.network, int(wildcards.replicate), int(wildcards.dropout)
    )
    save_graph(snakemake.output.graph, tensors, metadata)
    print({name: tensor.shape for name, tensor in tensors.items()})


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
