"""Read ranked edges that a program of the user gave; write them as those of a method."""

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.data.expression import read_names
from grn_gat.data.predictions import read_predictions
from grn_gat.data.ranked_edges import COLUMNS, write_ranked_edges
from grn_gat.data.regulators import read_regulators
from grn_gat.data.remark_table import write_remarks


def main(snakemake) -> None:
    """Check them against genes and candidate regulators; write ranked edges, status and remarks.

    Where there is no file, or one without an edge, the status says so, as where a method failed.
    """
    source, out, path = snakemake.input, snakemake.output, snakemake.params.file
    method, network = snakemake.wildcards.method, snakemake.wildcards.network
    remarks, ranked = Remarks(), pd.DataFrame(columns=list(COLUMNS))
    reason = f"there is no file {path}"
    if source.predictions:
        genes, _ = read_names(source.expression)
        regulators = read_regulators(source.regulators, genes)
        ranked = read_predictions(path, network, genes, regulators, remarks)
        reason = f"{path} lists no pair of a candidate regulator with another gene"
    for remark in remarks:
        warn(str(remark))
    failed = ranked.empty
    if failed:
        warn(f"{method} has no score on {network}: {reason}")
    write_ranked_edges(out.ranked, *(ranked[column] for column in COLUMNS))
    status = {"method": method, "status": "failed" if failed else "ok"}
    write_table(pd.DataFrame([status | {"reason": reason if failed else ""}]), out.status)
    write_remarks(remarks, out.remarks)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
