"""Which gene is knocked out in each cell of a simulated data set, as evidence; nothing is drawn."""

import pandas as pd

from grn_gat.core.job import logged
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence_files import write_evidence
from grn_gat.data.evidence_names import KNOCK_OUT, PERTURBATIONS
from grn_gat.data.expression import read_names
from grn_gat.data.remark_table import write_remarks
from grn_gat.simulate.knock_outs import knocked_out


def main(snakemake) -> None:
    """Read the names of the cells, write the gene of each."""
    _, cells = read_names(snakemake.input.expression)
    genes = [knocked_out(cell) for cell in cells]
    kinds = [KNOCK_OUT if gene else "" for gene in genes]
    table = pd.DataFrame({"gene": genes, "kind": kinds}, index=cells)
    print(f"cells without a gene: {sum(map(bool, genes))} of {len(cells)}")
    write_evidence(PERTURBATIONS, table, snakemake.output.table)
    write_remarks(Remarks(), snakemake.output.remarks)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
