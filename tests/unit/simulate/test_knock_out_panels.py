"""Unperturbed cells and knock-outs of held-out networks of every kind."""

import networkx as nx
import numpy as np
import pytest
import yaml

from grn_gat.simulate.knock_out_panels import KINDS, Panel, draw_panels
from grn_gat.simulate.perturbation_experiment import NONE
from grn_gat.study.config import check_pretraining
from workflows import REPOSITORY

SETTINGS = {"cells": 150, "knock_outs": 3, "cells_of_each": 60}


@pytest.fixture(scope="module")
def pretraining() -> dict:
    config = yaml.safe_load((REPOSITORY / "config/pretraining.yaml").read_text())["pretraining"]
    schema = REPOSITORY / "workflow/schemas/pretraining.schema.yaml"
    checked = check_pretraining(config, yaml.safe_load(schema.read_text()))
    checked["transcriptional"] |= {"genes": [30, 50], "cells": 200}
    checked["sergio"] |= {"types": [2, 3], "cells": 60}
    sizes = [{"genes": [8, 16], "share": 1}]
    checked["networks"] |= {"runs": 24, "times_per_run": 20, "min_cells": 100, "sizes": sizes}
    checked["networks"] |= {"durations": {"4": 1}}
    checked["networks_linear"] |= {"sizes": sizes}
    return checked


@pytest.fixture(scope="module", params=KINDS)
def panels(request, pretraining) -> tuple[str, list[Panel]]:
    return request.param, draw_panels(pretraining, SETTINGS, request.param, 3)


def test_some_regulators_are_knocked_out_and_have_no_mrna(panels):
    _, drawn = panels
    for panel in drawn:
        genes, cells = panel.rates.shape
        assert panel.signs.shape == (genes, genes) and panel.target.shape == (cells,)
        lacking = panel.knocked_out
        assert 1 <= len(lacking) <= 3 and panel.signs[lacking].any(axis=1).all()
        assert 100 <= (panel.target == NONE).sum() <= 150
        for gene in lacking:
            own = panel.rates[gene]
            assert 20 <= (panel.target == gene).sum() <= 60
            assert own[panel.target == gene].mean() < 0.1 * own[panel.target == NONE].mean()


def test_only_what_a_gene_regulates_changes(panels):
    """Of pairs that no path joins a twentieth differ by a rank-sum test at 5 %."""
    from scipy.stats import mannwhitneyu

    kind, drawn = panels
    joined, apart = [], []
    for panel in drawn:
        graph = nx.from_numpy_array((panel.signs != 0).astype(int), create_using=nx.DiGraph)
        own = panel.rates[:, panel.target == NONE]
        for gene in panel.knocked_out:
            p = mannwhitneyu(panel.rates[:, panel.target == gene], own, axis=1).pvalue
            below = nx.descendants(graph, gene)
            joined += [p[g] for g in below]
            apart += [p[g] for g in range(len(own)) if g != gene and g not in below]
    if kind != "boolean":  # cells of a run are no independent ones
        assert not apart or np.nanmean(np.array(apart) < 0.05) < 0.12
    assert np.nanmean(np.array(joined) < 0.01) > 0.1


def test_each_network_is_the_same_however_many_there_are(panels, pretraining):
    kind, drawn = panels
    (alone,) = draw_panels(pretraining, SETTINGS, kind, 1)
    np.testing.assert_array_equal(alone.rates, drawn[0].rates)
    np.testing.assert_array_equal(alone.target, drawn[0].target)
    (other,) = draw_panels(pretraining, SETTINGS, kind, 1, "selection")
    assert other.rates.shape != alone.rates.shape or (other.rates != alone.rates).any()
