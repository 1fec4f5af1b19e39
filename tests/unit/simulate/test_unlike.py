"""Simulated data sets unlike those of the training."""

import numpy as np
import pytest
import yaml

from grn_gat.data.doubts import (
    COUNTS,
    LOG_NORMALISED,
    LOGARITHMS,
    NORMALISED,
    kind_of_values,
    variation_of_totals,
)
from grn_gat.simulate import unlike
from grn_gat.simulate.chunks import Excluded
from grn_gat.simulate.unlike import (
    COUNTED,
    HUBS,
    KINDS,
    LIKE,
    VIEWS,
    View,
    counted,
    draw_unlike,
    hub_signs,
    measured,
    some_cells,
)
from workflows import REPOSITORY

FILES = ("config/pretraining.yaml", "config/trust.yaml")
PRETRAINING = {
    key: value
    for file in FILES
    for key, value in yaml.safe_load((REPOSITORY / file).read_text())["pretraining"].items()
}
SETTINGS = PRETRAINING["unlike"]
SMALL = {
    **PRETRAINING,
    "networks": PRETRAINING["networks"]
    | {
        "sizes": [{"genes": [3, 6], "share": 1}],
        "durations": {4: 1},
        "times_per_run": 10,
        "min_cells": 100,
    },
    "networks_linear": PRETRAINING["networks_linear"]
    | {"sizes": [{"genes": [3, 6], "share": 1}], "cells": 150},
    "unlike": SETTINGS
    | {
        "data_sets": 1,
        "cells": [50, 100],
        "sizes": [{"genes": [6, 8], "share": 1}],
        "runs": 30,
        "hub_genes": [12, 16],
    },
}


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_hubs_regulate_and_leaves_do_not(rng):
    signs = hub_signs(SETTINGS, rng, 100)
    regulators = np.flatnonzero(signs.any(axis=1))
    assert 3 <= len(regulators) <= 30 and regulators.max() < 30
    assert not np.tril(signs).any()  # no feedback, no loop
    assert signs[:, 1:].any(axis=0).all() and set(np.unique(signs)) == {-1, 0, 1}
    steep = hub_signs(SETTINGS | {"hub_exponent": [3, 3]}, rng, 100)
    targets = (steep != 0).sum(axis=1)
    assert targets[0] == targets.max() and targets[0] > 50


def test_counts_are_whole_numbers_of_the_means_that_are_drawn(rng):
    expression = rng.gamma(2, size=(40, 500))
    expression[3] = 0
    for dispersion in (0, 1):
        settings = SETTINGS | {"dispersion": [dispersion], "counts_mean": [2, 2], "depth_sd": 0}
        values = counted(settings, rng, expression)
        assert np.array_equal(values, np.round(values)) and not values[3].any()
        assert np.delete(values, 3, axis=0).mean() == pytest.approx(2, rel=0.05)
        # gamma(2) has variance 1/2 of the squared mean; NB adds its dispersion.
        expected = 2 + 4 * ((1 + 0.5) * (1 + dispersion) - 1)
        assert np.delete(values, 3, axis=0).var(axis=1).mean() == pytest.approx(expected, rel=0.15)
    deep = counted(SETTINGS | {"dispersion": [0], "depth_sd": 2}, rng, expression)
    assert deep.sum(axis=0).std() > deep.sum(axis=0).mean()


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (View(True, False, False, False), COUNTS),
        (View(True, False, False, True), LOGARITHMS),
        (View(True, True, False, False), NORMALISED),
        (View(True, True, True, True), LOG_NORMALISED),
    ],
)
def test_a_view_is_what_its_values_look_like(rng, view, kind):
    expression = rng.gamma(2, size=(40, 300))
    values, seen = measured(SETTINGS | {"counts_mean": [1, 5]}, rng, view, expression)
    assert kind_of_values(values) == kind
    assert (variation_of_totals(values) < 1e-6) == (view.divided and not view.cut)
    assert len(values) == len(seen) and (len(seen) == 40) == (not view.cut)
    assert (np.diff(seen) > 0).all() and len(seen) >= 20


def test_words_of_a_view():
    assert str(View(True, True, True, True)) == "counts, divided by totals, some genes, log1p"
    assert str(View(False, True, False, False)) == "divided by totals"


def test_every_way_to_measure_is_there_once():
    assert {kind: len(set(views)) for kind, views in VIEWS.items()} == {
        "normalised": 8, COUNTED: 2, HUBS: 6,
    }  # fmt: skip
    assert all(view.divided or not view.cut for views in VIEWS.values() for view in views)


def test_cells_are_drawn_once_each_in_their_order(rng):
    values = np.arange(300.0)[None]
    some = some_cells({"cells": [100, 200]}, rng, values)[0]
    assert 100 <= len(some) <= 200 and (np.diff(some) > 0).all()
    assert np.array_equal(some_cells({"cells": [900, 999]}, rng, values), values)


@pytest.mark.parametrize("kind", KINDS)
def test_data_sets_of_a_kind(kind):
    found = draw_unlike(SMALL, Excluded([]), 3, kind)
    again = draw_unlike(SMALL, Excluded([]), 3, kind)
    other = draw_unlike(SMALL, Excluded([]), 4, kind)
    assert len(found) == (6 if kind == LIKE else len(VIEWS[kind]))
    for one, same in zip(found, again, strict=True):
        genes, cells = one.expression.shape
        assert one.what == same.what and np.array_equal(one.expression, same.expression)
        assert one.signs.shape == (genes, genes) and 30 <= cells <= 100
        assert np.isfinite(one.expression).all() and one.expression.min() >= 0
        named = "named" in one.what
        assert named or len(one.regulators) == genes
        assert not named or set(one.regulators) == set(np.flatnonzero(one.signs.any(axis=1)))
    assert not np.array_equal(found[0].expression, other[0].expression)
    if kind == LIKE:
        assert {one.what.split(",")[0] for one in found} == {"Boolean", "linear"}
        assert (found[1].expression == 0).mean() > 0.1  # dropout
    else:
        words = [one.what.removesuffix(", regulators named") for one in found]
        assert words == [str(view) for view in VIEWS[kind]]


def test_regulators_are_named_in_hub_networks_only():
    settings = SMALL | {"unlike": SMALL["unlike"] | {"named_share": 1}}
    assert all("named" in one.what for one in draw_unlike(settings, Excluded([]), 3, HUBS))
    assert not any("named" in one.what for one in draw_unlike(settings, Excluded([]), 3, COUNTED))


def test_a_gene_that_is_cut_takes_its_edges_with_it(monkeypatch):
    monkeypatch.setitem(VIEWS, HUBS, [View(True, True, True, False)])
    settings = SMALL | {"unlike": SMALL["unlike"] | {"named_share": 0, "seen": [0.5, 0.5]}}
    whole = unlike._hub_samples(settings, Excluded([]), 3, HUBS, 1)[0].signs
    (one,) = draw_unlike(settings, Excluded([]), 3, HUBS)
    assert len(one.signs) == round(len(whole) / 2)
    assert (one.signs != 0).sum() < (whole != 0).sum()
