"""Write the report of target infer: one HTML file without links."""

from pathlib import Path

from grn_gat.core.files import atomic_path, read_table
from grn_gat.core.job import logged
from grn_gat.core.version import VERSION
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.network_export import read_graphml_edges
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.methods._registry import load_method
from grn_gat.report.inferred_report import (
    Inferred,
    all_probabilities,
    data_facts,
    render_report,
)
from grn_gat.zeroshot.weights_metadata import read_metadata


def main(snakemake) -> None:
    """Read what the methods gave, in the order of methods.tsv; fill the template."""
    source, params = snakemake.input, snakemake.params
    genes, cells, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, cells, genes)
    regulators = read_regulators(source.regulators, genes)
    facts = data_facts(expression, pseudotime, regulators, params.source)
    table = read_table(source.methods)
    metrics = source.metrics or [None] * len(table)
    files = zip(source.graphml, source.hubs, source.figures, metrics, strict=True)
    probable = [method for method in table["method"] if load_method(method).probabilities]
    probabilities = {
        method: all_probabilities(read_ranked_edges(path))
        for method, path in zip(probable, source.probabilities, strict=True)
    }
    methods = [
        Inferred(
            row["method"],
            load_method(row["method"]),
            row,
            read_graphml_edges(graphml),
            read_table(hubs),
            Path(figure).read_bytes(),
            read_table(scores) if scores else None,
            probabilities.get(row["method"]),
        )
        for row, (graphml, hubs, figure, scores) in zip(
            table.to_dict("records"), files, strict=True
        )
    ]
    page = render_report(
        Path(source.template).read_text(encoding="utf-8"),
        {"name": params.name} | facts,
        methods,
        read_edges(source.edges, genes) if source.edges else None,
        read_metadata(source.weights)["provenance"] if source.weights else None,
        VERSION,
    )
    with atomic_path(snakemake.output.page) as temporary:
        temporary.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
