"""Which of a method's strongest edges it finds on parts of the cells, too."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.data.ranked_edges import read_ranked_edges
from grn_gat.inference.cell_parts import Parts
from grn_gat.inference.job_cells import read_cells_of, read_number_of_edges
from grn_gat.inference.stability import number_of_runs, stability_table


def _donors(files: Sequence[str]) -> np.ndarray | None:
    """Donor of each cell, in the order of the expression; None where nobody named any."""
    if not files:
        return None
    table = pd.read_csv(files[0], dtype=str, keep_default_na=False)
    return table["donor"].to_numpy(dtype=object)


def main(snakemake) -> None:
    """Read the data and what the method ranked; write a row per edge, or none where it failed."""
    source, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
    cells = read_cells_of(source, wildcards.network)
    runs = number_of_runs(params.runs, len(cells.regulators), len(cells.genes))
    table = stability_table(
        wildcards.method,
        read_ranked_edges(source.ranked),
        read_number_of_edges(source, cells, params.edges_per_gene),
        cells,
        wildcards.network,
        params.seed,
        snakemake.threads,
        params.settings,
        Parts(runs, _donors(source.donors)),
    )
    write_table(table, snakemake.output.stability)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
