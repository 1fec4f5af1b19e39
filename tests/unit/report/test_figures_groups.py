"""Figures and page of a comparison of groups."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.report.figures_groups import (
    SHOWN,
    plot_activity,
    plot_differences,
    plot_hub_shifts,
    plot_overlap,
)
from grn_gat.report.group_page import Compared, telling, verdict
from grn_gat.report.style import save_figure
from svg_labels import labels, outside, overlapping

GROUPS = ["naive T cell, CD4 positive, of the spleen", "B", "monocyte"]


def edges(number: int = 30, tested: bool = True) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "group": [GROUPS[k % 3] for k in range(number)],
            "regulator": [f"HLA-DRB{k}" for k in range(number)],
            "target": [f"ENSG0000010{k:04d}" for k in range(number)],
            "score": 0.9,
            "others": 0.1,
            "difference": np.linspace(0.9, 0.1, number),
        }
    )
    half = 0.2 if tested else np.nan
    return rows.assign(
        low=rows["difference"] - half,
        high=rows["difference"] + half,
        expected_false=0.0 if tested else np.nan,
        p_value=np.where(np.arange(number) < 5, 0.05, 1.0) if tested else np.nan,
        specific=np.where(np.arange(number) < 5, "yes", "no") if tested else "",
    )


def overlap() -> pd.DataFrame:
    pairs = [(GROUPS[0], GROUPS[1], 0.3), (GROUPS[0], GROUPS[2], 0.1), (GROUPS[1], GROUPS[2], 0.6)]
    return pd.DataFrame(pairs, columns=["first", "second", "jaccard"])


def hubs() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [(group, f"GATA{k}", rng.poisson(5)) for k in range(25) for group in GROUPS]
    table = pd.DataFrame(rows, columns=["group", "gene", "targets"])
    return table.assign(p_value=np.where(table["targets"] > 7, 0.05, 1.0))


def activity() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    rows = [(f"GATA{k}", g, rng.normal(), rng.normal()) for k in range(20) for g in GROUPS]
    return pd.DataFrame(rows, columns=["regulator", "group", "activity", "expression"])


FIGURES = {
    "differences": lambda: plot_differences(edges(), "PIDC", directed=False),
    "untested": lambda: plot_differences(edges(tested=False), "GENIE3"),
    "overlap": lambda: plot_overlap(overlap(), "PIDC"),
    "hubs": lambda: plot_hub_shifts(hubs(), "PIDC", GROUPS),
    "activity": lambda: plot_activity(activity(), "PIDC"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_no_label_leaves_a_figure_or_covers_another(tmp_path, name):
    save_figure(FIGURES[name](), str(tmp_path / "x.png"), [str(tmp_path / "x.svg")])
    drawn = tmp_path / "x.svg"
    assert labels(drawn)[0] and outside(drawn) == [] and overlapping(drawn) == []


def test_edges_are_drawn_with_intervals_and_without_arrows_where_there_are_none():
    axis = FIGURES["differences"]().axes[0]
    names = [text.get_text() for text in axis.get_yticklabels()]
    assert len(names) == SHOWN and names[0].startswith("HLA-DRB0 – ENSG00000100000")
    assert "…" in names[0]  # the group's name is cut
    segments = sum(len(lines.get_segments()) for lines in axis.collections)
    assert segments == SHOWN
    untested = FIGURES["untested"]().axes[0]
    assert not untested.collections and " → " in untested.get_yticklabels()[0].get_text()


def test_nothing_is_one_sentence():
    for figure in (
        plot_differences(edges(0), "PIDC"),
        plot_overlap(overlap()[:0], "PIDC"),
        plot_hub_shifts(hubs()[:0], "PIDC", GROUPS),
        plot_activity(activity()[:0], "PIDC"),
    ):
        assert len(figure.axes[0].texts) == 1


def compared(tested: bool, specific: int | str) -> Compared:
    row = {"title": "PIDC", "shared": 12, "edges": 30, "specific": specific, "groups": 3}
    row |= {"genes": 40, "untold": "" if tested else "no permutation", "left_out": "2 of 42 genes"}
    return Compared(row, {"edges": edges(tested=tested)}, {})


def test_the_page_begins_with_what_differs():
    rows = [compared(False, "").row, compared(True, 5).row]
    assert telling(rows) is rows[1] and telling(rows[:1]) is rows[0]
    said = " ".join(verdict(rows[1], edges(tested=True)))
    assert said.startswith("PIDC compares 40 genes, and finds 12 edges that two or more of the 3 ")
    assert "30 in all. 2 of 42 genes. 5 are" in said
    assert "5 are of one group by more than chance gives (2 in naive" in said
    assert "the clearest is HLA-DRB0 → ENSG00000100000" in said and "[0.7, 1.1]" in said
    assert verdict(rows[0], edges(tested=False))[1:] == [
        "2 of 42 genes.",
        "Which are of one group by more than chance is not told: no permutation.",
    ]
    assert verdict(compared(True, 0).row, edges().assign(specific="no"))[-1] == (
        "No edge differs between the groups by more than chance gives."
    )
