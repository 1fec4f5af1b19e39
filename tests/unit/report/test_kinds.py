"""The table and the figure of kinds of data."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_kinds import DEGREES, plot_kinds
from grn_gat.report.kinds import KIND_COLUMNS, kinds_table
from grn_gat.report.selection import Selection
from grn_gat.report.style import save_figure
from svg_labels import labels, outside, overlapping

KINDS = {"b": "home", "a.ref": "abroad", "c": "abroad"}
VALUES = {  # average precision ratio, relabelling z
    ("b", "pidc"): (4.0, 31.0),
    ("b", "random"): (1.1, 0.2),
    ("a.ref", "pidc"): (2.0, 3.0),
    ("a.ref", "degree-product-of-other"): (5.0, 12.0),
    ("a.ref", "in-degree-of-other"): (4.5, 13.0),
    ("a.ref", "degree-product-of-third"): (1.5, 14.0),
    ("c", "pidc"): (0.5, -4.0),
    ("c", "random"): (1.0, math.nan),
    ("unnamed", "pidc"): (9.0, 9.0),
}


@pytest.fixture
def summary() -> pd.DataFrame:
    """As `tables.summarise` returns it; values of another protocol must not be taken."""
    rows = []
    for (network, method), (ratio, z) in VALUES.items():
        metrics = {
            "prevalence": 0.2,
            "average_precision_ratio": ratio,
            "early_precision_ratio": ratio + 1,
            "relabelling_z": z,
        }
        for protocol, shift in (("pair", 100), ("unsupervised", 0)):
            rows += [
                (network, 0, protocol, method, m, v + shift, v - 0.1, v + 0.1, f"{network}s")
                for m, v in metrics.items()
            ]
    columns = ["network", "dropout", "protocol", "method", "metric", "mean", "low", "high", "over"]
    return pd.DataFrame(rows, columns=columns)


def test_from_home_to_abroad(summary):
    table = kinds_table(summary, KINDS)
    assert list(table) == KIND_COLUMNS
    assert list(zip(table["network"], table["method"], strict=True)) == [
        (n, m) for n in KINDS for n_, m in VALUES if n_ == n
    ]
    first = table.iloc[0]
    assert first["kind"] == "home" and first["method_kind"] == "method"
    assert (first["average_precision_ratio"], first["low"], first["high"]) == (4.0, 3.9, 4.1)
    assert first["over"] == "bs"
    assert first["relabelling_z"] == 31 and first["early_precision_ratio"] == 5
    assert np.isnan(table["relabelling_z"].iloc[-1])
    assert set(table["method_kind"]) == {"method", "control"}


def test_the_figure_shows_every_number(summary):
    figure = plot_kinds(kinds_table(summary, KINDS), "0")
    ratio, z, *_ = figure.axes
    texts = [[t.get_text() for t in axis.texts] for axis in (ratio, z)]
    assert {"4.00", "0.50", "2.00", "home", "abroad"} <= set(texts[0])
    assert {"31.0", "3.00", "−4.00", "–"} <= set(texts[1])
    assert [t.get_text() for t in ratio.get_yticklabels()] == [
        "PIDC",
        DEGREES,
        "random score",
    ]
    assert {"5.00"} == {t for t in texts[0] if t in ("5.00", "4.50", "1.50")}
    assert "12.0" in texts[1] and not {"13.0", "14.0"} & set(texts[1])
    assert [t.get_text() for t in ratio.get_xticklabels()] == list(KINDS)
    with pytest.raises(ValueError, match="no values at dropout 50"):
        plot_kinds(kinds_table(summary, KINDS), "50")


@pytest.mark.parametrize("kinds", [("simulated", "scRNA-seq"), ("a b c", "scRNA-seq beside ChIP")])
def test_texts_of_few_networks_do_not_run_together(kinds):
    values = {"average_precision_ratio": [1.0, 2.0], "relabelling_z": [0.0, 31.0]}
    table = pd.DataFrame(values | {"network": ["x", "y"], "kind": kinds})
    figure = plot_kinds(table.assign(dropout=0, method="pidc", method_kind="method"), "0")
    figure.draw_without_rendering()
    assert len(figure.axes) == 4
    heads = [t for axis in figure.axes[:2] for t in axis.texts if t.get_fontweight() == "bold"]
    assert [text.get_text().replace("\n", " ") for text in heads] == [*kinds, *kinds]
    marks = [[t for t in bar.get_xticklabels() if t.get_text()] for bar in figure.axes[2:]]
    assert [len(texts) for texts in marks] == [3, 4]
    for texts in (heads[:2], heads[2:], *marks):
        boxes = [text.get_window_extent() for text in texts]
        gaps = [right.x0 - left.x1 for left, right in pairwise(boxes)]
        assert min(gaps) > 3, [text.get_text() for text in texts]
    for heading, axis in zip(heads, (*figure.axes[:1] * 2, *figure.axes[1:2] * 2), strict=True):
        assert heading.get_window_extent().y1 <= axis.title.get_window_extent().y0 + 1


def test_labels_of_kinds_lie_inside_and_apart(summary, tmp_path):
    table = kinds_table(summary, KINDS)
    save_figure(plot_kinds(table, "0"), str(tmp_path / "k.png"), [str(tmp_path / "k.svg")])
    texts = {label.text for label in labels(tmp_path / "k.svg")[0]}
    assert {"PIDC", "home", "abroad", "a.ref"} <= texts
    assert outside(tmp_path / "k.svg") == [] and overlapping(tmp_path / "k.svg") == []


def test_kinds_of_chosen_methods(summary):
    more = summary[summary["method"] == "pidc"].assign(method="clr")
    table = kinds_table(pd.concat([summary, more]), KINDS)
    axis = plot_kinds(table, "0", Selection(["clr"], ["clr"])).axes[0]
    weights = {t.get_text(): t.get_fontweight() for t in axis.get_yticklabels()}
    assert weights == {"CLR": "bold", DEGREES: "normal", "random score": "normal"}
