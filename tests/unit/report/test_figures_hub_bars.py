"""Hubs of an inferred network as bars: what is counted, and that nothing is covered."""

import pandas as pd
import pytest

from grn_gat.report.figures_hub_bars import SHOWN, plot_hub_bars, targets_by_sign
from svg_labels import misplaced

EDGES = pd.DataFrame(
    [("B", "A", "+"), ("B", "C", "-"), ("A", "C", "-"), ("A", "B", "unknown"), ("C", "A", "+")],
    columns=["regulator", "target", "sign"],
)


def test_targets_are_counted_by_sign_and_ties_are_by_name():
    table = targets_by_sign(EDGES, directed=True)
    assert list(table.index) == ["A", "B", "C"]
    assert table.loc["A"].to_dict() == {"+": 0, "-": 1, "unknown": 1}


def test_of_pairs_without_direction_each_counts_once_for_both_genes():
    turned = EDGES[:2].rename(columns={"regulator": "target", "target": "regulator"})
    both = pd.concat([EDGES[:2], turned])
    table = targets_by_sign(both, directed=False)
    assert table.sum(axis=1).to_dict() == {"B": 2, "A": 1, "C": 1}
    assert table.loc["B"].to_dict() == {"+": 1, "-": 1, "unknown": 0}


@pytest.mark.parametrize("genes", [3, SHOWN + 5])
def test_bars_are_as_long_as_there_are_targets(genes, tmp_path):
    rows = [(f"g{k:02d}", f"t{i}", "+-"[i % 2]) for k in range(genes) for i in range(genes - k)]
    figure = plot_hub_bars(pd.DataFrame(rows, columns=EDGES.columns), True, "M")
    (axis,) = figure.axes
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names[0] == "g00" and len(names) == min(genes, SHOWN)
    length = {name: 0.0 for name in names}
    for bars in axis.containers:
        for name, bar in zip(names, bars, strict=True):
            length[name] += bar.get_width()
    assert list(length.values()) == [genes - k for k in range(len(names))]
    assert misplaced(figure, tmp_path) == []
    assert ("the first 15 of 20" in axis.get_title(loc="left")) == (genes > SHOWN)


def test_no_edge_is_said():
    figure = plot_hub_bars(EDGES[:0], True, "M")
    assert "no edge" in "".join(text.get_text() for ax in figure.axes for text in ax.texts)
