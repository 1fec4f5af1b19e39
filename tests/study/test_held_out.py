"""Target held_out, small: tables and figures of methods on networks that no training sees."""

import pandas as pd
import yaml

from documented import check_columns, tables
from grn_gat.evaluate.held_out_plan import conditions, scored
from workflows import REPOSITORY

CONFIGS = [
    str(REPOSITORY / path)
    for path in (
        "config/pretraining.yaml",
        "config/held_out.yaml",
        "tests/config/pretraining.yaml",
    )
]
# Each kind, and two measurements; the methods that cost next to nothing, and ours.
SMALL = {
    "transcriptional": {"genes": [10, 12], "types": [1, 3], "cells": 100},
    "sergio": {"types": [2, 3], "cells": 40, "warmup": 1},
    "held_out": {
        "networks": 2,
        "cells": [20, 40],
        "methods": ["spearman", "gat-zeroshot"],
        "shuffled": ["gat-zeroshot"],
        "few": {"methods": ["gat-zeroshot-shuffled"], "networks": 1, "genes": 200},
    },
}
KEPT = ("rates", "dropout", "closed")


def small() -> dict:
    """What a small table changes; measurements that are not of it are of no kind.

    All genes are seen: of so few networks none may lose its edges.
    """
    config = yaml.safe_load((REPOSITORY / "config/held_out.yaml").read_text())
    measurements = config["pretraining"]["held_out"]["measurements"]
    none = {name: {"kinds": []} for name in measurements if name not in KEPT}
    return {
        "pretraining": SMALL
        | {"held_out": SMALL["held_out"] | {"measurements": none | {"closed": {"seen": 1}}}}
    }


def test_small_table(one_process):
    (option, own) = one_process.configure(small())
    arguments = ("held_out", option, *CONFIGS, own)
    one_process.succeed(*arguments)
    folder = one_process.folder / "results/held_out"
    table = pd.read_csv(folder / "held_out.tsv", sep="\t")
    config = yaml.safe_load((REPOSITORY / "config/held_out.yaml").read_text())
    block = config["pretraining"]["held_out"]
    kinds = [(kind, name) for kind, name in conditions(block) if name in KEPT]
    names = scored(SMALL["held_out"])
    assert list(table[["kind", "measurement", "method"]].itertuples(index=False, name=None)) == [
        (kind, measurement, name) for kind, measurement in kinds for name in names
    ]
    assert (table["failed"] == 0).all() and table["average_precision"].between(0, 1).all()
    few = table["method"] == "gat-zeroshot-shuffled"
    assert (
        table.loc[few, "networks"].le(1).all() and table.loc[~few, "networks"].between(1, 2).all()
    )
    ours = table["method"].str.startswith("gat-zeroshot")
    assert table["calibration_error"].notna().equals(ours)
    assert (folder / "held_out.png").stat().st_size > 10_000
    made = check_columns(one_process.folder)
    assert {name for name in tables() if name.startswith("results/held_out/")} == made
