"""Make one ranking of those of several methods; write it as that of a method."""

import pandas as pd

from grn_gat.core.files import read_table, write_table
from grn_gat.core.job import logged
from grn_gat.data.combination import mean_ranks
from grn_gat.data.ranked_edges import COLUMNS, read_ranked_edges, write_ranked_edges

LEAST = 2  # rankings that a mean is of


def main(snakemake) -> None:
    """Read ranked edges and status of each member; write their mean ranks, and a status.

    Members that failed on this data set are left out; with fewer than two others it fails as well.
    """
    source, out = snakemake.input, snakemake.output
    states = [read_table(path).iloc[0] for path in source.status]
    given = zip(snakemake.params.members, source.ranked, states, strict=True)
    there = {member: path for member, path, state in given if state["status"] == "ok"}
    reason = ""
    if len(there) < LEAST:
        of = ", ".join(snakemake.params.members)
        reason = f"of {of} only {', '.join(there) or 'none'} gave ranked edges"
        ranked = pd.DataFrame(columns=list(COLUMNS))
        print(f"failed: {reason}")
    else:
        ranked = mean_ranks([read_ranked_edges(path) for path in there.values()])
        print(f"mean ranks of {', '.join(there)}")
    write_ranked_edges(out.ranked, *(ranked[column] for column in COLUMNS))
    status = "failed" if reason else "ok"
    row = {"method": snakemake.wildcards.method, "status": status, "reason": reason}
    write_table(pd.DataFrame([row]), out.status)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
