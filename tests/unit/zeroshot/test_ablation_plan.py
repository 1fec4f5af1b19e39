"""Ablation of the zero-shot model: its trainings, tables and figure."""

import copy
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import yaml

from grn_gat.report.figures_ablation import plot_ablation
from grn_gat.zeroshot.ablation_plan import trainings
from grn_gat.zeroshot.ablation_tables import by_size, over_seeds
from grn_gat.zeroshot.gat import Architecture, ZeroShotGAT
from svg_labels import misplaced

PRETRAINING = {
    "seed": 5,
    "model": {"layers": 4, "heads": 4, "width": 64, "triple_layers": [1, 3]},
    "augmentation": {"pseudotime_share": 0.5, "cells": [100, 200]},
    "training": {"epochs": 12, "batch": 32},
    "validation": {"cells": [100]},
    "ablation": {
        "networks": 40,
        "epochs": 6,
        "grid": {"layers": [1, 2], "heads": [1], "width": [8, 16]},
        "variants": {
            "never-pseudotime": {"augmentation": {"pseudotime_share": 0}},
            "networks-10": {"networks": 10, "epochs": 24},
        },
    },
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_trainings_by_hand():
    before = copy.deepcopy(PRETRAINING)
    found = trainings(PRETRAINING)
    assert before == PRETRAINING
    assert {name: (t["kind"], t["networks"]) for name, t in found.items()} == {
        "default": ("reference", 40),
        "layers-1-heads-1-width-8": ("grid", 40),
        "layers-1-heads-1-width-16": ("grid", 40),
        "layers-2-heads-1-width-8": ("grid", 40),
        "layers-2-heads-1-width-16": ("grid", 40),
        "never-pseudotime": ("features", 40),
        "networks-10": ("learning curve", 10),
    }
    default = found["default"]["pretraining"]
    assert default == {
        "seed": 5,
        "model": PRETRAINING["model"],
        "augmentation": PRETRAINING["augmentation"],
        "training": {"epochs": 6, "batch": 32},
    }
    for name, block, change in (
        ("layers-2-heads-1-width-8", "model", {"layers": 2, "heads": 1, "width": 8}),
        ("never-pseudotime", "augmentation", {"pseudotime_share": 0}),
        ("networks-10", "training", {"epochs": 24}),
    ):
        assert found[name]["pretraining"] == default | {block: default[block] | change}


def test_triple_layers_beyond_the_last_layer_are_not_there(repository):
    text = (repository / "config/pretraining.yaml").read_text()
    default = yaml.safe_load(text)["pretraining"]["model"]
    for layers, triples in ((1, []), (2, [1]), (3, [1]), (4, [1, 3])):
        model = ZeroShotGAT(Architecture(**default | {"layers": layers}))
        assert [k for k, layer in enumerate(model.layers) if layer.context] == triples


def metrics(genes, precision, method="gat-zeroshot", dropout=0) -> dict:
    return {
        "cells": 100, "dropout": dropout, "pseudotime": False, "network": 1, "genes": genes,
        "method": method, "prevalence": precision / 2, "average_precision": precision,
    }  # fmt: skip


def test_size_classes_by_hand():
    rows = [metrics(3, 0.9), metrics(8, 0.7), metrics(9, 0.6), metrics(60, 0.2)]
    rows += [metrics(8, 0.1, "pearson"), metrics(17, 0.3, dropout=70)]
    found = by_size(pd.DataFrame(rows)).set_index(["dropout", "genes"])
    values = ["held_out", "share_of_edges", "average_precision"]
    expected = {
        (0, "3-8"): (2, 0.4, 0.8),
        (0, "9-16"): (1, 0.3, 0.6),
        (0, "all"): (4, 0.3, 0.6),
        (70, "17-50"): (1, 0.15, 0.3),
        (70, "all"): (1, 0.15, 0.3),
    }
    assert set(found.index) == set(expected)
    for place, row in expected.items():
        assert found.loc[place, values].tolist() == pytest.approx(row)


def every_training(seeds=(1, 2)) -> pd.DataFrame:
    """Rows of the trainings of `PRETRAINING`; average precision is 0.5 + seed / 10."""
    rows = []
    for name, training in trainings(PRETRAINING).items():
        model = training["pretraining"]["model"]
        for seed in seeds:
            networks = [
                metrics(genes, 0.5 + seed / 10, dropout=dropout) | {"pseudotime": pseudotime}
                for genes, dropout, pseudotime in product((5, 10, 20), (0, 70), (False, True))
            ]
            scores = by_size(pd.DataFrame(networks))
            rows.append(
                scores.assign(
                    kind=training["kind"], variant=name, networks=training["networks"],
                    epochs=training["pretraining"]["training"]["epochs"], parameters=9,
                    seed=seed, train_loss=seed / 2,
                    **{key: model[key] for key in ("layers", "heads", "width")},
                )
            )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def test_mean_and_range_over_seeds():
    table = every_training()
    found = over_seeds(table)
    assert len(found) == len(table) / 2 and found["seeds"].eq(2).all()
    assert found["variant"].iloc[0] == "default"
    values = found[["train_loss", "average_precision", "lowest", "highest"]]
    np.testing.assert_allclose(values, np.tile([0.75, 0.65, 0.6, 0.7], (len(found), 1)))


def test_labels_of_the_figure_lie_inside_and_apart(tmp_path):
    assert misplaced(plot_ablation(every_training((1, 2))), tmp_path) == []


@pytest.mark.parametrize("seeds", [(1,), (1, 2)])
def test_figure_shows_every_part(seeds):
    table = every_training(seeds)
    more = table.assign(cells=50, average_precision=0.99)  # not the largest number of cells
    figure = plot_ablation(pd.concat([table, more]))
    axes = {axis.get_title(): axis for axis in figure.axes}
    assert {"width 8", "width 16", "0 % dropout", "70 % dropout", "Learning curve"} < set(axes)
    mean = 0.5 + np.mean(seeds) / 10
    expected = f"{mean:.3f}" + ("\n±0.050" if len(seeds) > 1 else "")
    assert [text.get_text() for text in axes["width 8"].texts] == [expected] * 2
    names = [label.get_text() for label in axes["0 % dropout"].get_yticklabels()]
    assert names == ["default", "never pseudotime"]
    dots = axes["0 % dropout"].lines[0].get_xdata()
    np.testing.assert_allclose(sorted(dots), sorted([0.5 + s / 10 for s in seeds] * 2))
    curve = axes["Learning curve"]
    assert curve.get_xscale() == "log" and len(curve.lines) == 5  # conditions and the control
    np.testing.assert_allclose(curve.lines[0].get_xydata(), [[10, mean]])
    by_genes = axes["Size of the network against accuracy (default)"]
    assert [t.get_text() for t in by_genes.get_xticklabels()] == ["3-8", "9-16", "17-50"]
    np.testing.assert_allclose(by_genes.lines[-1].get_ydata(), [mean / 2] * 3)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "70 % dropout, without pseudotime" in labels and len(labels) == 5
