"""Which of a method's strongest edges the cells of each donor show on their own."""

import numpy as np
import pandas as pd

from grn_gat.core.files import PathLike, write_table
from grn_gat.core.job import logged
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.inference.job_cells import read_cells_of, read_number_of_edges
from grn_gat.inference.stability import donor_table


def _donors(path: PathLike) -> np.ndarray:
    """Donor of each cell, in the order of the expression."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table["donor"].to_numpy(dtype=object)


def main(snakemake) -> None:
    """Read the data and what the method ranked; write a row per edge, or none where it failed."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    cells = read_cells_of(source, wildcards.network)
    table = donor_table(
        wildcards.method,
        read_ranked_edges(source.ranked),
        read_number_of_edges(source, cells, params.edges_per_gene),
        cells,
        params.seed,
        snakemake.threads,
        params.settings,
        _donors(source.donors),
    )
    write_table(table, snakemake.output.donors)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
