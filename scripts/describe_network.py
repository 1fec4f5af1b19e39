"""From the ranked edges of one method to what one looks at: hubs and network."""

import shutil

from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.expression import read_expression, read_names
from grn_gat.data.network_export import choose_edges, edge_signs, write_graphml
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.evaluate.inferred import hub_table, number_of_edges
from grn_gat.methods._registry import load_method
from grn_gat.report.figures_network import plot_inferred
from grn_gat.report.style import save_figure


def main(snakemake) -> None:
    """Read ranked edges, expression, reference; write hubs, GraphML and figure.

    Where the method failed, all files are written without rows, and its reason is in the log.
    Values of the matrix are read only for the signs of a method that gives none.
    """
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    state = read_table(source.status).iloc[0]
    method = load_method(params.method)
    ranked = read_ranked_edges(source.ranked)
    genes, regulators = [], []
    edges = choose_edges(ranked, 0).assign(directed=True, sign="", sign_source="")
    if state["status"] == "ok":
        genes, _ = read_names(source.expression)
        expression = None if method.signed else read_expression(source.expression)[2]
        reference = read_edges(source.edges, genes) if source.edges else no_edges()
        regulators = read_regulators(source.regulators, genes)
        number = number_of_edges(genes, reference, regulators, params.edges_per_gene)
        edges = choose_edges(ranked, number, method.directed).assign(directed=method.directed)
        edges = edges.join(edge_signs(edges, genes, expression))
        print(f"{params.method}: {len(edges)} edges ({number} wanted) among {len(genes)} genes")
    else:
        print(f"{params.method} failed: {state['reason']}")
    hubs = hub_table(genes, edges, regulators)
    with atomic_path(out.ranked) as temporary:
        shutil.copyfile(source.ranked, temporary)
    write_table(hubs, out.hubs)
    write_graphml(out.graphml, genes, edges, hubs)
    title = f"{method.title}: the strongest edges"
    label = "probability of the edge" if method.probabilities else "|score|"
    save_figure(plot_inferred(edges, method.directed, title, label), out.figure)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
