"""The table of variants: kinds that are left out, and means over conditions."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.report.broad_table import OVERALL, broad_table

KINDS = {"all": ["linear", "boolean"], "without-linear": ["boolean"]}


@pytest.fixture
def found() -> pd.DataFrame:
    rows = []
    for measurement, factor in (("rates", 2.0), ("counts", 8.0)):
        for method in (*KINDS, "spearman"):
            for network in range(4):
                ratio = (1 + network) * (factor if method == "all" else 1)
                rows.append(
                    {
                        "kind": "linear", "measurement": measurement, "method": method,
                        "network": network, "genes": 5, "cells": 100, "prevalence": 0.1,
                        "average_precision": 0.1 * ratio, "average_precision_ratio": ratio,
                        "auroc": 0.6, "early_precision_ratio": 1.0, "mean_probability": np.nan,
                        "reason": "",
                    }
                )  # fmt: skip
    columns = ["kind", "measurement", "method", "bin", "pairs", "predicted", "observed"]
    rows_of_bins = [
        ["linear", m, "all", 1, 10, 0.5, observed]
        for m, observed in (("rates", 0.4), ("counts", 0.2))
    ]
    return broad_table(pd.DataFrame(rows), pd.DataFrame(rows_of_bins, columns=columns), KINDS)


def test_a_kind_that_a_variant_did_not_see_is_marked(found):
    left_out = found.groupby("method")["left_out"].unique().map(list).to_dict()
    assert left_out == {"all": ["no"], "spearman": ["no"], "without-linear": ["yes"]}


def test_every_condition_weighs_the_same_in_the_mean(found):
    mean = found[(found["measurement"] == OVERALL) & (found["method"] == "all")].iloc[0]
    assert mean["factor"] == pytest.approx(4)  # geometric, of 2 and 8
    assert mean["networks"] == 8
    assert mean["calibration_error"] == pytest.approx(0.3)
