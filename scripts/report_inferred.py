"""Write the report of target infer: one HTML file without links."""

import io
from pathlib import Path

from grn_gat.core.files import atomic_path, read_table
from grn_gat.core.job import logged
from grn_gat.core.version import VERSION
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression, transposed_doubt
from grn_gat.data.network_export import read_graphml_edges
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.methods._registry import load_method
from grn_gat.report.figures import plot_score_histogram
from grn_gat.report.inferred_report import Inferred, probability_facts, render_report
from grn_gat.zeroshot.weights_metadata import read_metadata


def all_probabilities(ranked: str) -> dict | None:
    """Facts and histogram of what a zero-shot method gave; None where it failed."""
    probabilities = read_ranked_edges(ranked)["EdgeWeight"].abs().to_numpy()
    if not len(probabilities):
        return None
    png = io.BytesIO()
    plot_score_histogram(probabilities, "probability of the edge").savefig(png, format="png")
    return {"facts": probability_facts(probabilities), "figure": png.getvalue()}


def main(snakemake) -> None:
    """Read what the methods gave, in the order of methods.tsv; fill the template."""
    source, params = snakemake.input, snakemake.params
    genes, cells, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, cells, genes)
    data = {
        "name": params.name,
        "source": params.source,
        "genes": len(genes),
        "cells": len(cells),
        "zeros": float((expression == 0).mean()),
        "regulators": len(read_regulators(source.regulators, genes)),
        "doubt": transposed_doubt(params.source["expression"], len(genes), len(cells)),
        "trajectories": 0 if pseudotime is None else pseudotime.shape[1],
    }
    table = read_table(source.methods)
    metrics = source.metrics or [None] * len(table)
    files = zip(source.graphml, source.hubs, source.figures, metrics, strict=True)
    zero_shot = [method for method in table["method"] if load_method(method).probabilities]
    ranked = dict(zip(zero_shot, source.probabilities, strict=True))
    methods = [
        Inferred(
            row["method"],
            load_method(row["method"]),
            row,
            read_graphml_edges(graphml),
            read_table(hubs),
            Path(figure).read_bytes(),
            read_table(scores) if scores else None,
            all_probabilities(ranked[row["method"]]) if row["method"] in ranked else None,
        )
        for row, (graphml, hubs, figure, scores) in zip(
            table.to_dict("records"), files, strict=True
        )
    ]
    page = render_report(
        Path(source.template).read_text(encoding="utf-8"),
        data,
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
