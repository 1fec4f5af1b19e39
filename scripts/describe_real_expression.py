"""Describe the expression of one real file, by statistics without any edge."""

from pathlib import Path

import pandas as pd

from grn_gat.core.files import write_table
from grn_gat.core.job import logged, warn
from grn_gat.core.remarks import Remarks
from grn_gat.core.seeds import generator
from grn_gat.data.user_data import read_user_data, read_user_folder
from grn_gat.simulate.appearance import appearance
from grn_gat.simulate.realism_names import REAL


def main(snakemake) -> None:
    """Read the expression and nothing else, write its statistics as one row."""
    params, name = snakemake.params, snakemake.wildcards.file
    remarks = Remarks()
    if Path(params.path).is_dir():
        data = read_user_folder(params.path, remarks=remarks, scored=False)
    else:
        data = read_user_data(params.path, remarks=remarks)
    for remark in remarks:
        warn(str(remark))
    genes, cells = data.expression.shape
    described = {"kind": REAL, "cloud": REAL, "data_set": name, "genes": genes, "cells": cells}
    statistics = appearance(data.expression, generator(params.seed, "realism", REAL, name))
    write_table(pd.DataFrame([described | statistics]), snakemake.output.table, digits=6)


if __name__ == "__main__":
    with logged(snakemake):
        main(snakemake)
