"""Read the known edges that the user gives to target infer; write them in the common layout."""

from grn_gat.core.files import atomic_path
from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.edges import read_edges
from grn_gat.data.expression import read_names
from grn_gat.data.remark_table import write_remarks


def main(snakemake) -> None:
    """Check the edges against the matrix, write them as BEELINE's refNetwork.csv."""
    genes, cells = read_names(snakemake.input.expression)
    remarks = Remarks()
    edges = read_edges(snakemake.input.reference, genes, cells, remarks=remarks)
    for remark in remarks:
        warn(str(remark))
    write_remarks(remarks, snakemake.output.remarks)
    with atomic_path(snakemake.output.edges) as temporary:
        edges[["Gene1", "Gene2", "Type"]].to_csv(temporary, index=False)
    print(f"{len(edges)} edges")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
