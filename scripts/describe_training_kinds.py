"""Describe data sets of one kind as trainings show them, by statistics without any edge."""

import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.core.files import write_table
from grn_gat.core.job import logged
from grn_gat.core.seeds import generator
from grn_gat.simulate.appearance import appearance
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.training_kinds import draw_data_sets


def main(snakemake) -> None:
    """Draw the data sets, write a row of statistics of each; say which have none."""
    params, kind = snakemake.params, snakemake.wildcards.kind
    excluded = Excluded(map(read_model, snakemake.input.excluded))
    rows = []
    drawn = draw_data_sets(params.pretraining, excluded, kind, params.number)
    for k, data_set in enumerate(drawn, start=1):
        name = f"{kind} {k}"
        rng = generator(params.pretraining["seed"], "realism", kind, "appearance", k)
        try:
            statistics = appearance(data_set.expression, rng)
        except InputError as error:
            print(f"{name} is left out: {error}")
            continue
        genes, cells = data_set.expression.shape
        described = {"kind": kind, "cloud": data_set.cloud, "data_set": name}
        rows.append(described | {"genes": genes, "cells": cells} | statistics)
    write_table(pd.DataFrame(rows), snakemake.output.table, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
