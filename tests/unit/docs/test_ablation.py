"""The sentences and tables on the ablation say what its summary says."""

import pytest

from write import ablation as text


def row(kind: str, variant: str, precision: float, **changed) -> dict[str, str]:
    values = {
        "kind": kind, "variant": variant, "layers": 2, "heads": 4, "width": 8, "networks": 100,
        "epochs": 3, "cells": 2000, "dropout": 0, "pseudotime": False, "genes": "all", "seeds": 1,
        "train_loss": 0.5, "held_out": 50, "share_of_edges": 0.3, "average_precision": precision,
        "lowest": precision - 0.01, "highest": precision + 0.03,
    }  # fmt: skip
    return {key: str(value) for key, value in (values | changed).items()}


@pytest.fixture
def rows() -> list[dict[str, str]]:
    grid = [
        row("grid", f"{layers}-{heads}", 0.4 + 0.1 * layers + 0.01 * heads + 0.001 * width,
            layers=layers, heads=heads, width=width)
        for layers in (1, 2) for heads in (1, 4) for width in (8, 16)
    ]  # fmt: skip
    features = [
        row(kind, name, value + 0.05 * timed - 0.1 * (dropout > 0), pseudotime=timed,
            dropout=dropout)
        for kind, name, value in [
            ("reference", "default", 0.5), ("features", "without-triples", 0.45),
        ]
        for timed in (False, True) for dropout in (0, 70)
    ]  # fmt: skip
    curve = [
        row("learning curve", f"networks-{n}", value, networks=n, epochs=3000 // n, genes=genes)
        for n, value in ((1000, 0.6), (250, 0.5), (500, 0.58)) for genes in ("3-8", "all")
    ]  # fmt: skip
    return grid + features + curve


def test_tables(rows):
    assert text.grid_table(rows).splitlines() == [
        "| layers \\ heads | 1 | 4 | mean |",
        "|---|---|---|---|",
        "| 1 | 0.522 | 0.552 | 0.537 |",
        "| 2 | 0.622 | 0.652 | 0.637 |",
        "| mean | 0.572 | 0.602 | 0.587 |",
    ]
    assert text.feature_table(rows).splitlines()[2:] == [
        "| all of it | 0.500 | 0.550 | 0.400 |",
        "| without triples of genes | 0.450 | 0.500 | 0.350 |",
    ]
    assert text.curve_table(rows).splitlines()[2:] == [
        "| 250 | 12 | 0.500 | 0.500 |",
        "| 500 | 6 | 0.500 | 0.580 |",
        "| 1000 | 3 | 0.500 | 0.600 |",
    ]


def test_sentences(rows):
    assert "50 held-out random networks" in text.introduction(rows)
    assert (
        "one training (`seeds: [1]`) of each variant on 100 networks for 3 epochs"
        in text.introduction(rows)
    )
    assert "+0.100 from 1 to 2 for layers, +0.030 from 1 to 4 for heads" in text.grid_sentence(rows)
    assert "seeds differ" not in text.grid_sentence(rows)
    said = text.size_sentence(rows)
    assert "after training on 1000" in said and ": 3-8 genes 0.600 (0.300)." in said
    # Ten times the views of the learning curve add 0.1; before, ten times added 0.1 as well.
    assert text.gain_per_tenfold(rows, 0.7, 30_000) == pytest.approx(0.1)
    said = text.curve_sentence(rows, 0.7, 30_000, 9_000, 7_000)
    for part in (
        "At 3,000 views (networks x epochs) 250 different networks give 0.500, 500 0.580 and 1000 "
        "0.600: the last step adds +0.020",
        "0.500 at 300 views and 0.600 at 3,000, +0.100 for ten times as many",
        "reach 0.700 with 30,000 views of 9,000 networks of this kind in each model, +0.100 for",
        "what 7,000 views of linear networks",
    ):
        assert part in said


def test_seeds_show_as_ranges(rows):
    rows = [r | {"seeds": "2"} for r in rows]
    assert (
        text.feature_table(rows).splitlines()[2].startswith("| all of it | 0.500 (0.490-0.530) |")
    )
    assert "mean (and range) over 2 trainings" in text.introduction(rows)
    assert "seeds differ by 0.040 on average" in text.grid_sentence(rows)


def test_outlook():
    said = text.outlook({"HSC": 0.2, "mCAD": 0.1}, 0.1)
    assert "nobody has shown" in said and ": HSC: 100, mCAD: 10. Read it" in said
    assert ": HSC: 1,000,000,000. " in text.outlook({"HSC": 0.2}, 1e-4)
    for gain in (0.0, -0.1):
        assert "promises nothing" in text.outlook({"HSC": 0.2}, gain)
    assert text.outlook({}, 0.0) == "No aim was missed."
