"""Judge the conditions of trust on simulated data sets of one kind, with known edges."""

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.inference.attempt import Cells, method_seed
from grn_gat.inference.trust_table import METHODS, pairs_of_signs, trust_row
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.unlike import draw_unlike


def main(snakemake) -> None:
    """Draw the data sets, infer, and write one row each."""
    params, kind = snakemake.params, snakemake.wildcards.kind
    seed = params.pretraining["unlike"]["seed"]
    excluded = Excluded(map(read_model, snakemake.input.excluded))
    rows = []
    for number, drawn in enumerate(draw_unlike(params.pretraining, excluded, seed, kind), start=1):
        name = f"{kind} {number}"
        genes = [f"g{k + 1}" for k in range(len(drawn.signs))]
        pairs = pairs_of_signs(genes, drawn.signs, drawn.regulators)
        if pairs["edge"].nunique() == 1:
            print(f"{name}: no edge, or nothing but edges")
            continue
        cells = Cells(genes, drawn.expression, None, drawn.regulators)
        seeds = {method: method_seed(seed, method, name, "1", "000") for method in METHODS}
        row = trust_row(cells, pairs, seeds, params.settings, params.limits, params.edges_per_gene)
        rows.append({"data_set": name, "kind": kind, "what": drawn.what} | row)
    write_table(pd.DataFrame(rows), snakemake.output.table, digits=4)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
