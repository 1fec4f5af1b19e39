"""From the ranked edges of one method to what one looks at: hubs and network."""

import shutil

import numpy as np
import pandas as pd

from grn_gat.core.files import atomic_path, read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.network_export import choose_edges, edge_signs, write_graphml
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.evaluate.hubs import HUB_MEASURES, hub_measures, rank
from grn_gat.evaluate.splits import candidate_pairs
from grn_gat.methods._registry import load_method
from grn_gat.report.figures import plot_inferred, save_figure


def number_of_edges(
    genes: list[str], reference: pd.DataFrame, regulators: list[str], edges_per_gene: float
) -> int:
    """Return how many edges the drawn network gets.

    With a reference as many as it has between different genes whose first is a candidate regulator
    (the k of early precision; they are drawn among all genes of the matrix, though), without one
    `edges_per_gene` for each gene of the matrix, and at least one.
    """
    if len(reference):
        return int(candidate_pairs(reference, regulators)["edge"].sum())
    return max(1, round(edges_per_gene * len(genes)))


def hub_table(genes: list[str], edges: pd.DataFrame, regulators: list[str]) -> pd.DataFrame:
    """Return the hub measures of the drawn network, one row per gene, the largest degree first.

    Columns gene, candidate_regulator, then each measure of `hubs.HUB_MEASURES` and its rank
    (`<measure>_rank`: 1 for the highest value, ties share the best of their ranks). Sorted by
    degree_rank, then gene.
    """
    measures = hub_measures(genes, edges[["regulator", "target"]].to_numpy())
    table = pd.DataFrame({"gene": genes, "candidate_regulator": np.isin(genes, regulators)})
    for measure in HUB_MEASURES:
        table[measure] = measures[measure].to_numpy()
        table[f"{measure}_rank"] = rank(measures[measure]).to_numpy()
    return table.sort_values(["degree_rank", "gene"], ignore_index=True)


def main(snakemake) -> None:
    """Read ranked edges, expression, reference; write hubs, GraphML and figure.

    Where the method failed, all files are written without rows, and its reason is in the log.
    """
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    state = read_table(source.status).iloc[0]
    method = load_method(params.method)
    ranked = read_ranked_edges(source.ranked)
    genes, regulators = [], []
    edges = choose_edges(ranked, 0).assign(directed=True, sign="", sign_source="")
    if state["status"] == "ok":
        genes, _, expression = read_expression(source.expression)
        reference = read_edges(source.edges, genes) if source.edges else no_edges()
        regulators = read_regulators(source.regulators, genes)
        number = number_of_edges(genes, reference, regulators, params.edges_per_gene)
        edges = choose_edges(ranked, number, method.directed).assign(directed=method.directed)
        edges = edges.join(edge_signs(edges, expression, genes, method.signed))
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
