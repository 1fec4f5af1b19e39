"""From the ranked edges of one method to what one looks at: hubs and network."""

import shutil

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import atomic_path, read_table
from grn_gat.core.job import logged
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.expression import read_expression, read_names
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.inference.description import FILES, describe, no_description, write_description
from grn_gat.inference.trust import trusted


def main(snakemake) -> None:
    """Read ranked edges, expression, reference; write hubs, edges, GraphML and figure.

    Where the method failed, all files are written without rows, and its reason is in the log.
    Values of the matrix are read only for the signs of a method that gives none.
    """
    source, params, out = snakemake.input, snakemake.params, snakemake.output
    state = read_table(source.status).iloc[0]
    method = load_method(params.method)
    ranked = read_ranked_edges(source.ranked)
    if state["status"] == "ok":
        genes, _ = read_names(source.expression)
        expression = None if method.signed else read_expression(source.expression)[2]
        reference = read_edges(source.edges, genes) if source.edges else no_edges()
        regulators = read_regulators(source.regulators, genes)
        stability = read_table(source.stability[0]) if source.stability else None
        found = describe(
            method, ranked, genes, regulators, reference, expression, params.edges_per_gene,
            stability, params.least_stability,
        )  # fmt: skip
        number = f"{len(found.drawn)} edges ({found.wanted} wanted)"
        print(f"{params.method}: {number} among {len(genes)} genes")
    else:
        found = no_description(ranked)
        print(f"{params.method} failed: {state['reason']}")
    with atomic_path(out.ranked) as temporary:
        shutil.copyfile(source.ranked, temporary)
    doubted = any(trusted(read_table(path)) == "no" for path in source.trust)
    figures = {"light": out.figure, "dark": out.dark}
    files = {key: getattr(out, key) for key in FILES}
    write_description(found, method, files, figures, out.vector, not doubted)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
