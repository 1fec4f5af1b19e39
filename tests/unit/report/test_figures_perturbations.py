"""Figures of perturbations: what is drawn, and that a fate has one colour in all bars."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from grn_gat.report.figures_hub_worth import plot_hub_worth
from grn_gat.report.figures_perturbations import plot_fates, plot_shifts

GENES = "abc"


def rows(kind: str, begin: str) -> tuple[list[dict], list[dict]]:
    single, whole = [], []
    for k, perturbed in enumerate(GENES):
        labels = {"begin": begin, "kind": kind, "perturbed": perturbed}
        whole.append(labels | {"replicate": 0, "consequence": float(k)})
        for gene in GENES:
            if gene != perturbed:
                sign = {"a": "+", "b": "-", "c": ""}[gene]
                single.append(labels | {"gene": gene, "shift": 1.5, "sign": sign})
    return single, whole


def test_shifts_have_their_sign_and_rows_their_order():
    parts = [rows(kind, begin) for begin in ("start", "differentiated") for kind in ("x", "y")]
    single, whole = (
        pd.DataFrame([row for table in tables for row in table])
        for tables in zip(*parts, strict=True)
    )
    figure = plot_shifts(single, whole)
    panels = [axis for axis in figure.axes if axis.images]
    assert len(panels) == 4
    values = pd.DataFrame(panels[0].images[0].get_array(), index=[*"cba"], columns=[*"cba"])
    assert [label.get_text() for label in panels[0].get_yticklabels()] == ["c", "b", "a"]
    assert (
        values.loc["c", "a"] == 1.5 and values.loc["c", "b"] == -1.5 and values.loc["a", "c"] == 0
    )


def fate(kind: str, perturbed: str, name: str, share: float, begin: str = "start") -> dict:
    return {"begin": begin, "kind": kind, "perturbed": perturbed, "fate": name, "share": share}


def test_a_fate_without_the_gene_that_is_gone_has_the_colour_of_the_whole_one():
    table = pd.DataFrame(
        [
            fate("wild type", "", "a+b", 0.75), fate("wild type", "", "c", 0.25),
            fate("knock-out", "b", "a", 0.5), fate("knock-out", "b", "c", 0.5),
            fate("knock-out", "c", "a+b", 0.75), fate("knock-out", "c", "none on", 0.25),
        ]
    )  # fmt: skip
    figure = plot_fates(table)
    (axis,) = figure.axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["wild type", "b", "c"]
    bars = {
        handle.get_label(): [(bar.get_width(), to_hex(bar.get_facecolor())) for bar in handle]
        for handle in axis.containers
    }
    assert set(bars) == {"a+b", "c"}
    assert [width for width, _ in bars["a+b"]] == pytest.approx([0.75, 0.5, 0.75])
    assert [width for width, _ in bars["c"]] == pytest.approx([0.25, 0.5, 0.25])
    assert len({colour for own in bars.values() for _, colour in own}) == 2


def test_every_measure_has_a_row_and_each_kind_a_mark():
    base = {"source": "reference", "consequence": "consequence", "low": 0.1, "high": 0.5}
    table = pd.DataFrame(
        [
            base | {"kind": "models", "measure": "degree", "rho": 0.3, "networks": 10},
            base | {"kind": "random", "measure": "degree", "rho": 0.2, "networks": 500},
            base | {"kind": "random", "measure": "out_degree", "rho": 0.4, "networks": 499},
        ]
    )
    figure = plot_hub_worth(table)
    (axis,) = figure.axes
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert labels == ["true network", "degree", "out-degree"]
    drawn = {
        line.get_label(): list(line.get_xdata())
        for line in axis.lines
        if len(line.get_xdata()) == 3
    }
    assert drawn["published models (10)"][1] == 0.3
    assert drawn["random networks (500)"][1:] == [0.2, 0.4]
    bars = [
        [len(bar) for bar in c.get_segments() if np.isfinite(bar).all()] for c in axis.collections
    ]
    assert [kind.count(2) for kind in bars] == [1, 2]
