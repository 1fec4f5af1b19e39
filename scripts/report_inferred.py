"""Write the report of target infer, one HTML file, and what it was made from."""

from grn_gat.algorithms._registry import load_method
from grn_gat.core.files import read_table
from grn_gat.core.job import logged
from grn_gat.core.provenance import provenance, write_provenance
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_expression
from grn_gat.data.pseudotime import read_pseudotime
from grn_gat.data.regulators import read_regulators
from grn_gat.data.remark_table import read_remarks, write_remarks
from grn_gat.inference.cell_parts import number_of_donors
from grn_gat.inference.page import MethodFiles, write_page
from grn_gat.report.inferred_report import data_facts


def main(snakemake) -> None:
    """Read what the methods gave, in the order of methods.tsv; fill the template."""
    source, params = snakemake.input, snakemake.params
    genes, cells, expression = read_expression(source.expression)
    pseudotime = read_pseudotime(source.pseudotime, cells, genes)
    regulators = read_regulators(source.regulators, genes)
    remarks = read_remarks(source.remarks)
    write_remarks(remarks, snakemake.output.remarks)
    donors = number_of_donors(map(read_table, source.donors))
    facts = data_facts(expression, pseudotime, regulators, params.source, remarks, donors)
    table = read_table(source.methods)
    weights = source.weights or None
    names = list(table["method"])
    probable = [name for name in names if load_method(name).probabilities]
    ranked = dict(zip(probable, source.probabilities, strict=True))
    metrics = source.metrics or [None] * len(names)
    times = source.times or [None] * len(names)
    parts = (source.graphml, source.hubs, source.figures, source.dark, source.bars)
    files = {
        name: MethodFiles(*own, ranked.get(name), scores, along)
        for name, scores, along, *own in zip(names, metrics, times, *parts, strict=True)
    }
    write_page(
        snakemake.output.page,
        source.template,
        {"name": params.name} | facts,
        table,
        read_table(source.trust),
        read_table(source.null),
        files,
        read_edges(source.edges, genes) if source.edges else None,
        weights,
    )
    record = provenance(params.files, weights, params.seed, params.not_default)
    write_provenance(snakemake.output.record, record)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
