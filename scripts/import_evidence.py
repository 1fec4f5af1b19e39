"""Read what the cells of a data set come with beside their expression, one kind; write a file."""

from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence_files import write_evidence
from grn_gat.data.expression import read_names
from grn_gat.data.remark_table import write_remarks
from grn_gat.data.user_evidence import read_user_evidence


def main(snakemake) -> None:
    """Check it against the genes and cells of the matrix; write it and the remarks."""
    kind, remarks = snakemake.wildcards.evidence, Remarks()
    genes, cells = read_names(snakemake.input.expression)
    found = read_user_evidence(kind, snakemake.params.entry, genes, cells, remarks)
    for remark in remarks:
        warn(str(remark))
    write_evidence(kind, found, snakemake.output.table)
    write_remarks(remarks, snakemake.output.remarks)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
