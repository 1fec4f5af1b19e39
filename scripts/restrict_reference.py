"""Cut a reference network to the genes that were chosen of one of BEELINE's scRNA-seq sets."""

from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.remark_table import write_remarks
from grn_gat.data.scrna_preparation import (
    read_gene_names,
    read_tfs,
    restrict_reference,
    write_reference,
)


def main(snakemake) -> None:
    """Keep the edges from one of the TFs to another gene; say what was left out."""
    source, out = snakemake.input, snakemake.output
    remarks = Remarks()
    genes, tfs = read_gene_names(source.expression), read_tfs(source.tfs)
    reference = restrict_reference(source.edges, genes, tfs, remarks)
    for remark in remarks:
        warn(str(remark))
    write_reference(reference, out.edges)
    write_remarks(remarks, out.remarks)
    print(f"{len(reference.edges)} edges among {len(genes)} genes, {len(tfs)} of them TFs")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
