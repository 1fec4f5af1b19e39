"""Read one of several reference networks of a data set; write it in the common layout."""

from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.dataset import write_edges, write_regulators
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_names
from grn_gat.data.reference import measured_regulators
from grn_gat.data.regulators import read_regulators
from grn_gat.data.remark_table import write_remarks


def main(snakemake) -> None:
    """Check edges and regulators against the matrix; write BEELINE's files and the remarks."""
    source, out = snakemake.input, snakemake.output
    remarks = Remarks()
    genes, cells = read_names(source.expression)
    regulators = read_regulators(source.candidates, genes)
    if snakemake.params.measured:
        edges = read_edges(source.edges, genes, cells, regulators, remarks=remarks)
        regulators = measured_regulators(edges, regulators)
    else:
        if source.regulators:
            regulators = read_regulators(source.regulators[0], genes, cells, remarks)
        edges = read_edges(source.edges, genes, cells, regulators, remarks=remarks)
    for remark in remarks:
        warn(str(remark))
    write_edges(edges, out.edges)
    write_regulators(regulators, out.regulators)
    write_remarks(remarks, out.remarks)
    print(f"{len(edges)} edges, {len(regulators)} candidate regulators")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
