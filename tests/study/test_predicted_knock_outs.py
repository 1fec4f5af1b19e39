"""Target knock_outs, small: a table and a figure of predicted knock-outs, beside what is known."""

import pandas as pd

from documented import check_columns, tables
from grn_gat.evaluate.knock_out_plan import BASELINES, ORACLES, WAYS
from workflows import REPOSITORY

CONFIGS = [
    str(REPOSITORY / path)
    for path in (
        "config/pretraining.yaml",
        "config/knock_outs.yaml",
        "tests/config/pretraining.yaml",
    )
]
SMALL = {
    "networks_linear": {"sizes": [{"genes": [12, 20], "share": 1}]},
    "transcriptional": {"genes": [20, 30], "types": [1, 3], "cells": 100},
    "sergio": {"types": [2, 3], "cells": 60, "warmup": 1},
    "knock_outs": {
        "networks": 4,
        "cells": 200,
        "cells_of_each": 60,
        "knock_outs": 3,
        "kinds": ["linear", "transcriptional", "sergio"],
        "methods": ["spearman", "pidc", "gat-zeroshot"],
        "measurements": {"counts": {"kinds": []}, "smart-seq": {"kinds": ["linear"]}},
    },
}


def test_small_table(one_process):
    (option, own) = one_process.configure({"pretraining": SMALL})
    one_process.succeed("knock_outs", option, *CONFIGS, own)
    folder = one_process.folder / "results/knock_outs"
    table = pd.read_csv(folder / "knock_outs.tsv", sep="\t")
    methods = SMALL["knock_outs"]["methods"]
    names = {*BASELINES, *ORACLES, *(f"{m}-{way}" for m in methods for way in WAYS)}
    assert set(table["prediction"]) == names
    conditions = set(table[["kind", "measurement"]].itertuples(index=False, name=None))
    kinds = ("linear", "transcriptional", "sergio", "all")
    expected = {(kind, how) for kind in kinds for how in ("rates", "log1p_cp10k")}
    assert conditions == expected | {("linear", "smart-seq"), ("all", "smart-seq")}

    every = table[(table["kind"] == "all") & (table["measurement"] == "rates")]
    every = every.set_index("prediction")
    assert (every["networks"] == 12).all() and every["knock_outs"].between(24, 36).all()
    nothing = every.loc["nothing"]
    assert nothing["spearman"] == 0 and nothing["sign_accuracy"] == 0.5 and nothing["ratio"] == 1
    # Whoever knows the network is above whoever sees cells only.
    assert every.loc["true-paths", "spearman_gain_low"] > 0
    assert every.loc["true-paths", "sign_accuracy"] > 0.9
    assert every.loc["correlation", "spearman"] > 0.1
    same = table["prediction"] == table["spearman_best"]
    assert (table.loc[same, "spearman_gain"] == 0).all() and same.sum() == len(conditions)
    # The scores of Spearman's correlation are that of the baseline, divided by one number.
    together = every.loc["spearman-edges", "spearman"]
    assert abs(together - every.loc["correlation", "spearman"]) < 1e-5
    assert (folder / "knock_outs.png").stat().st_size > 10_000
    made = check_columns(one_process.folder)
    assert {name for name in tables() if name.startswith("results/knock_outs/")} == made
