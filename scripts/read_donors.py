"""Read the donor of each cell that the user names for target infer."""

import pandas as pd

from grn_gat.core.files import atomic_path
from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.expression import read_names
from grn_gat.data.remark_table import write_remarks
from grn_gat.inference.donors import read_donors


def main(snakemake) -> None:
    """Check the labels against the cells, write a row per cell."""
    params, remarks = snakemake.params, Remarks()
    _, cells = read_names(snakemake.input.expression)
    donors = read_donors(params.donors, params.source, cells, remarks)
    for remark in remarks:
        warn(str(remark))
    write_remarks(remarks, snakemake.output.remarks)
    with atomic_path(snakemake.output.donors) as temporary:
        pd.DataFrame({"cell": cells, "donor": donors}).to_csv(temporary, index=False)
    print(f"{len(set(donors) - {''})} donors")


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
