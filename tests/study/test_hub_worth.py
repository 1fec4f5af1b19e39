"""Target hub_worth, small: two networks of a study and a few random ones."""

import pandas as pd
import yaml

from documented import check_columns
from svg_labels import labels, outside, overlapping
from workflows import REPOSITORY

PRETRAINING = str(REPOSITORY / "config/pretraining.yaml")


def small() -> dict:
    """config/hub_worth.yaml with two networks and three random ones, hardly any training."""
    config = yaml.safe_load((REPOSITORY / "config/hub_worth.yaml").read_text())
    config["networks"] = {
        name: config["networks"][name] | {"replicates": 2, "cells": 60} for name in ("mCAD", "VSC")
    }
    config |= {"seeds": [1], "methods": ["pearson"], "cross_validation": {"folds": 2}}
    config["model"] = {"width": 8, "heads": 1}
    config["training"] = {"epochs": 2, "patience": 2, "device": "cpu"}
    config["fine_tuning"] = {"protocols": []}
    config["perturb"] |= {"cells": 20}
    config["pretraining"]["hub_worth"] |= {
        "networks": 3,
        "networks_per_job": 2,
        "sizes": [{"genes": [4, 6], "share": 1}],
        "cells": 40,
        "knock_out_cells": 10,
        "methods": ["pearson"],
    }
    return config


def test_small_table_and_figure(one_process):
    (option, own) = one_process.configure(small())
    one_process.succeed("hub_worth", option, PRETRAINING, own)
    results = one_process.folder / "results/hub_worth"
    assert (results / "hub_worth.png").stat().st_size > 10_000
    drawn = results / "hub_worth.svg"
    assert labels(drawn)[0] and outside(drawn) == [] and overlapping(drawn) == []
    networks = pd.read_csv(results / "networks.tsv", sep="\t")
    assert set(networks["network"]) == {"mCAD", "VSC", "random 0", "random 1", "random 2"}
    table = pd.read_csv(results / "hub_worth.tsv", sep="\t")
    sources = table.groupby("kind")["source"].agg(set)
    assert sources["random"] == {"reference", "method-pearson"}
    assert sources["models"] == {
        "reference", "method-pearson", "predicted-pair", "attention-pair", "untrained-pair",
    }  # fmt: skip
    assert (
        table["rho"].dropna().between(-1, 1).all() and table["first"].dropna().between(0, 1).all()
    )
    # of protocol `paper`
    check_columns(one_process.folder, without=("called", "negated_called"))
