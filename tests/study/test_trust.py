"""Target trust: the table that the conditions of trust are judged by, small."""

import pandas as pd
import yaml

from documented import check_columns, tables
from grn_gat.simulate.unlike import KINDS, VIEWS
from workflows import REPOSITORY

PRETRAINING = str(REPOSITORY / "config/pretraining.yaml")
SIZES = [{"genes": [4, 6], "share": 1}]


def small() -> dict:
    """config/trust.yaml with one network, and a few small data sets."""
    config = yaml.safe_load((REPOSITORY / "config/trust.yaml").read_text())
    config["networks"] = {"mCAD": config["networks"]["mCAD"] | {"replicates": 1, "cells": 60}}
    config["dropout"] = [0, 50]
    config["pretraining"]["networks"] = {
        "sizes": SIZES,
        "durations": {4: 1, 5: 0, 6: 0, 8: 0, 10: 0, 15: 0},
        "times_per_run": 10,
        "min_cells": 100,
    }
    config["pretraining"]["networks_linear"] = {"sizes": SIZES, "cells": 150}
    config["pretraining"]["unlike"] |= {
        "data_sets": 1,
        "cells": [60, 90],
        "sizes": [{"genes": [8, 10], "share": 1}],
        "runs": 20,
        "hub_genes": [12, 15],
    }
    return config


def test_small_table(one_process):
    (option, own) = one_process.configure(small())
    one_process.succeed("trust", option, PRETRAINING, own)
    table = pd.read_csv(one_process.folder / "results/tables/trust.tsv", sep="\t")
    counts = table["kind"].value_counts()
    assert set(counts.index) == {"curated", *KINDS} and counts["curated"] == 2
    assert all(counts[kind] <= len(views) for kind, views in VIEWS.items())
    assert set(table["box"]) == {"yes", "no"}
    assert table[["gat-zeroshot", "consensus", "random"]].apply(lambda c: c.between(0, 1)).all(None)
    divided = table["what"].str.contains("divided by totals")
    whole = divided & ~table["what"].str.contains("some genes")
    assert whole.sum() == 6 and (table.loc[whole, "box"] == "yes").all()
    made = check_columns(one_process.folder)
    assert {name for name in tables() if name.endswith("trust.tsv")} & made
