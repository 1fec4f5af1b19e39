"""The model card of the model of any data, from made tables."""

import pandas as pd
import pytest

from grn_gat.report.broad_card import broad_card
from grn_gat.report.broad_table import OVERALL

KINDS = {
    "all": ["boolean", "linear"],
    "without-boolean": ["linear"],
    "without-linear": ["boolean"],
    "without-agreement": ["boolean", "linear"],
}
FACTORS = {"all": 3.0, "without-boolean": 2.0, "without-linear": 1.5, "without-agreement": 2.5}
FACTORS |= {"spearman": 1.0, "clr": 1.2}
BLOCK = {
    "share": 1,
    "agreement": 0.5,
    "variants": {"all": {}, "without-agreement": {"of": "all", "agreement": 0}},
    "validation": {"networks": 40, "cells": [100, 1000], "methods": ["spearman", "clr"]},
}
TOLD = {
    "provenance": {"seed": 7, "commit": "0123456789ab"},
    "calibration": {"temperature": 1.25, "shift": -0.5, "sign_temperature": 1.0},
}


@pytest.fixture(scope="module")
def card() -> str:
    rows = [
        {
            "kind": kind, "measurement": measurement, "method": method, "share_of_edges": 0.1,
            "ratio": 2 * factor, "factor": factor, "factor_low": factor - 0.25,
            "factor_high": factor + 0.25, "mean_probability": 0.2, "calibration_error": 0.0123,
        }
        for kind in ("boolean", "linear", "bursty")
        for measurement in ("rates", OVERALL)
        for method, factor in FACTORS.items()
    ]  # fmt: skip
    curve = pd.DataFrame({"epoch": [1, 2], "train_loss": [0.5, 0.25]})
    views = {"boolean": 22000, "linear": 8000}
    return broad_card(BLOCK, KINDS, views, TOLD, pd.DataFrame(rows), curve)


def rows_of(card: str, heading: str) -> list[list[str]]:
    section = card.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_kinds_that_were_left_out_come_first(card):
    assert card.index("## Kinds that were left out") < card.index("## On networks that designs")
    assert rows_of(card, "Kinds that were left out") == [
        ["boolean", "without-boolean", "2.00", "3.00", "CLR 1.20", "0.012"],
        ["linear", "without-linear", "1.50", "3.00", "CLR 1.20", "0.012"],
        ["bursty", "never trained on", "3.00", "3.00", "CLR 1.20", "0.012"],
    ]


def test_each_condition_with_its_interval_beside_simple_methods(card):
    rows = rows_of(card, "On networks that designs are chosen by")
    assert len(rows) == 3  # what is over all conditions is above
    assert rows[0] == [
        *(
            "boolean",
            "rates",
            "0.100",
            "6.00",
            "3.00 (2.75 to 3.25)",
            "2.50",
            "1.20",
            "0.200",
            "0.012",
        ),
    ]


def test_what_it_was_trained_on_and_where_it_comes_from(card):
    assert "30,000 simulated data sets (22,000 boolean, 8,000 linear)" in card
    assert "Seed 7" in card and "0123456789ab" in card
    assert "sigmoid(logit / 1.250 -0.500)" in card and "0.5000, 0.2500" in card
    assert "<!-- measured:begin -->\n<!-- measured:end -->" in card
    assert card.endswith("```\n") and "networks: 40" in card
