"""Figures and page of a comparison of groups."""

from dataclasses import replace

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
    table = pd.DataFrame(pairs, columns=["first", "second", "jaccard"])
    sizes = {"edges_first": 100, "edges_second": 100, "by_degree": 8.0}
    return table.assign(jaccard_permuted=0.5, p_value=[0.05, 0.05, 0.8], **sizes)


def many_overlaps() -> pd.DataFrame:
    names = [f"a cluster of a long name {k}" for k in range(8)]
    pairs = [(one, other) for one in names for other in names if one < other]
    table = pd.DataFrame(pairs, columns=["first", "second"])
    return table.assign(jaccard=np.linspace(0, 1, len(table)))


def hubs() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [(group, f"GATA{k}", rng.poisson(5)) for k in range(25) for group in GROUPS]
    table = pd.DataFrame(rows, columns=["group", "gene", "targets"])
    table = table.assign(p_value=np.where(table["targets"] > 7, 0.05, 1.0), others=2.5)
    table["shift"] = table["targets"] - table["others"]
    return table.sort_values("shift", ascending=False, ignore_index=True)


def activity() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    rows = [(f"GATA{k}", g, rng.normal(), rng.normal()) for k in range(20) for g in GROUPS]
    return pd.DataFrame(rows, columns=["regulator", "group", "activity", "expression"])


FIGURES = {
    "differences": lambda: plot_differences(edges(), "PIDC", directed=False),
    "untested": lambda: plot_differences(edges(tested=False), "GENIE3"),
    "overlap": lambda: plot_overlap(overlap(), "PIDC"),
    "many overlaps": lambda: plot_overlap(many_overlaps(), "PIDC"),
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


def compared(tested: bool, specific: int | str, title: str = "PIDC") -> Compared:
    row = {"title": title, "shared": 12, "edges": 30, "specific": specific, "groups": 3}
    row |= {"genes": 40, "untold": "" if tested else "no permutation", "left_out": "2 of 42 genes"}
    said = edges(tested=tested)
    if specific == 0:
        said["specific"] = "no"
    common = overlap() if tested else overlap().assign(p_value=np.nan)
    hub = hubs() if tested else hubs().assign(p_value=np.nan)
    return Compared(row, {"edges": said, "hubs": hub, "overlap": common}, True)


def test_the_page_begins_with_what_differs():
    untold, none, some = compared(False, ""), compared(True, 0), compared(True, 5)
    rows = [untold.row, none.row, some.row]
    assert [telling(rows), telling(rows[:2]), telling(rows[:1])] == [2, 1, 0]
    said = " ".join(verdict([some]))
    assert said.startswith("PIDC compares 40 genes, and finds 12 edges that two or more of the 3 ")
    assert (
        "30 in all. 2 of 42 genes. 5 are of one group by more than chance gives (2 in naive" in said
    )
    assert "the clearest is HLA-DRB0 → ENSG00000100000" in said and "[0.7, 1.1]" in said
    assert "more targets in one group than chance gives: GATA" in said and "2.5 elsewhere" in said
    assert said.endswith(
        "2 of 3 pairs of groups have fewer edges in common than groups that are drawn at random."
    )
    assert verdict([untold])[1:] == [
        "2 of 42 genes.",
        "Which are of one group by more than chance is not told: no permutation.",
    ]
    assert verdict([none])[2] == "It finds no edge of one group by more than chance gives."


def test_no_method_is_silent_about_what_others_find():
    methods = [compared(True, 0, "CLR"), compared(False, "", "GENIE3"), compared(True, 5)]
    methods += [compared(True, 61, "Spearman"), compared(True, 0, "Pearson")]
    said = verdict(methods)
    assert said[0].startswith("PIDC compares")
    assert (
        "Edges of one group by other methods: Spearman 61; CLR and Pearson none." in said
        and "It is not told of GENIE3: no permutation." in said
    )
    assert verdict(methods[:2])[3] == "It is not told of GENIE3: no permutation."
    assert verdict([compared(False, ""), methods[1]])[3] == "The same holds for GENIE3."
    twice = verdict([replace(methods[2], row={**methods[2].row, "specific": 4})])[2]
    assert "4 are of one group" in twice and "; 1 of them in more than one, where the" in twice


def test_of_two_groups_what_they_share_is_set_beside_chance():
    one = compared(True, 5)
    two = replace(
        one,
        row={**one.row, "groups": 2, "specific": 1},
        tables={**one.tables, "overlap": overlap()[2:]},
        directed=False,
    )
    said = verdict([two])
    assert "12 pairs that both networks have" in said[0] and "1 is of one group" in said[2]
    assert " – ENSG" in said[2]
    assert said[-1] == (
        "That the two have fewer edges in common than groups that are drawn at random is not for "
        "sure: 0.600 of all edges (a pair in both directions is two), 0.500 there (p 0.8)."
    )
    nothing = replace(one, row={**one.row, "genes": 0, "untold": "no network of a"})
    assert verdict([nothing]) == ["PIDC compares nothing: no network of a."]
