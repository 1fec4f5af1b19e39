"""From the ranked edges of one method to what one looks at: hubs and network."""

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.data.edges import no_edges, read_edges
from grn_gat.data.evidence_files import read_evidence_files
from grn_gat.data.expression import read_expression, read_names
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.inference.description import (
    FILES,
    Beside,
    describe,
    no_description,
    write_description,
)
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
        genes, cells = read_names(source.expression)
        expression = None if method.signed else read_expression(source.expression)[2]
        reference = read_edges(source.edges, genes) if source.edges else no_edges()
        regulators = read_regulators(source.regulators, genes)
        stability, donors, null = (
            read_table(files[0]) if files else None
            for files in (source.stability, source.donors, source.null)
        )
        evidence = read_evidence_files(source.evidence, genes, cells)
        found = describe(
            method, ranked, genes, regulators, reference, expression, params.edges_per_gene,
            Beside(stability, donors, null, evidence, *params.least),
        )  # fmt: skip
        number = f"{len(found.drawn)} edges ({found.wanted} wanted)"
        print(f"{params.method}: {number} among {len(genes)} genes")
    else:
        found = no_description(ranked)
        print(f"{params.method} failed: {state['reason']}")
    doubted = any(trusted(read_table(path)) == "no" for path in source.trust)
    figures = {"light": out.figure, "dark": out.dark, "hubs": out.bars}
    files = {key: getattr(out, key) for key in FILES}
    write_description(found, method, files, figures, out.vector, not doubted)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
