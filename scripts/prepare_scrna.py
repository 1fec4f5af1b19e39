"""Choose the genes of one of BEELINE's scRNA-seq sets: its TFs and those that vary most."""

import shutil
from pathlib import Path

import pandas as pd

from grn_gat.core.files import atomic_path, write_table
from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.remark_table import write_remarks
from grn_gat.data.scrna_preparation import (
    choose_genes,
    counts,
    match_names,
    read_gene_names,
    read_ordering,
    read_tfs,
    write_names,
    write_rows_of_genes,
)


def main(snakemake) -> None:
    """Read the set of the release; write BEELINE's layout, the expression last."""
    release = Path(snakemake.input.release).parent
    source = release / "BEELINE-data/inputs/scRNA-Seq" / snakemake.params.set
    matrix, ordering = source / "ExpressionData.csv", source / "GeneOrdering.csv"
    tf_file, out = snakemake.input.tfs, snakemake.output
    remarks = Remarks()

    genes = read_gene_names(matrix)
    tfs = match_names(read_tfs(tf_file), genes, tf_file, remarks).values()
    number = snakemake.params.varying_genes
    choice = choose_genes(read_ordering(ordering), genes, tfs, number, ordering, remarks)

    for remark in remarks:
        warn(str(remark))
    write_remarks(remarks, out.remarks)
    chosen = pd.DataFrame(counts(choice), columns=["what", "number"])
    print(", ".join(f"{number} {what}" for what, number in counts(choice)))
    write_table(chosen, out.counts)
    write_names(choice.tfs, out.tfs)
    with atomic_path(out.pseudotime) as temporary:
        shutil.copyfile(source / "PseudoTime.csv", temporary)
    write_rows_of_genes(matrix, out.expression, choice.genes)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
