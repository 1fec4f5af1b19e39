"""Runs on parts of the cells: which edges all of them have, and which only some."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from grn_gat.algorithms._registry import load_method
from grn_gat.data.evidence import Evidence
from grn_gat.inference import stability
from grn_gat.inference.attempt import Cells, attempt, ranked_edges
from grn_gat.inference.description import describe
from grn_gat.inference.stability import SHARE, sentence, stability_table

GENES = [f"G{i}" for i in range(6)]


def cells(number: int = 100) -> Cells:
    """G1 follows G0 closely; the other genes are noise."""
    rng = np.random.default_rng(4)
    values = rng.gamma(2, size=(6, number))
    values[1] = values[0] + 0.01 * values[1]
    return Cells(GENES, values, None, np.arange(6))


def table(data: Cells, method: str = "pearson", number: int = 10, runs: int = 20) -> pd.DataFrame:
    ranked = ranked_edges(attempt(method, data, 1, 1, {}), data)
    return stability_table(method, ranked, number, data, "x", 1, 1, {}, runs)


def test_what_all_cells_show_is_in_all_parts_and_noise_is_not():
    found = table(cells())
    assert list(found.columns) == stability.COLUMNS and len(found) == 10
    assert (found["runs"] == 20).all() and found["stability"].between(0, 1).all()
    first = found.iloc[:2]
    assert {*first["regulator"]} == {"G0", "G1"} and (first["stability"] == 1).all()
    assert found["stability"].iloc[2:].min() < 0.9


def test_the_same_seed_gives_the_same_table_and_parts_are_those_of_other_methods():
    pd.testing.assert_frame_equal(table(cells()), table(cells()))
    parts = [stability._some(100, 1, "x", run) for run in range(3)]
    assert all(len(np.unique(part)) == SHARE * 100 for part in parts)
    assert not np.array_equal(parts[0], parts[1])


def test_time_and_evidence_are_those_of_the_part():
    target = np.arange(100)
    data = Cells(GENES, cells().expression, target[:, None] / 100, np.arange(6), Evidence(target))
    part = data.of(np.array([3, 7]))
    assert part.expression.shape == (6, 2) and part.pseudotime[:, 0].tolist() == [0.03, 0.07]
    assert part.evidence.target.tolist() == [3, 7] and len(part.genes) == 6


def test_runs_that_fail_do_not_count(monkeypatch):
    data, count = cells(), iter(range(100))
    ranked = ranked_edges(attempt("pearson", data, 1, 1, {}), data)
    failed = SimpleNamespace(scores=None)
    monkeypatch.setattr(stability, "attempt", lambda *a: failed if next(count) % 2 else attempt(*a))
    found = stability_table("pearson", ranked, 4, data, "x", 1, 1, {}, 6)
    assert (found["runs"] == 3).all() and (found["stability"].iloc[:2] == 1).all()
    monkeypatch.setattr(stability, "attempt", lambda *_: failed)
    found = stability_table("pearson", ranked, 4, data, "x", 1, 1, {}, 6)
    assert (found["runs"] == 0).all() and found["stability"].isna().all()


def test_a_method_that_failed_has_no_row():
    empty = pd.DataFrame(columns=["Gene1", "Gene2", "EdgeWeight"])
    assert stability_table("pearson", empty, 0, cells(), "x", 1, 1, {}, 3).empty


def test_unstable_edges_are_not_drawn():
    data = cells()
    ranked = ranked_edges(attempt("pearson", data, 1, 1, {}), data)
    runs = stability_table("pearson", ranked, 12, data, "x", 1, 1, {}, 20)
    record = load_method("pearson")
    found = describe(record, ranked, GENES, GENES, pd.DataFrame(), None, 2, runs, 0.95)
    assert len(found.edges) == 12 and found.edges["drawn"].tolist() == list(
        runs["stability"] >= 0.95
    )
    assert 2 <= len(found.drawn) < 12 and found.hubs["out_degree"].sum() == len(found.drawn)
    without = describe(record, ranked, GENES, GENES, pd.DataFrame(), None, 2)
    assert without.edges["drawn"].all() and without.edges["stability"].isna().all()


def test_what_is_said():
    edges = pd.DataFrame({"drawn": ["yes", "no", "no"]})
    assert sentence("pearson", edges).startswith(
        "Pearson: 2 of the 3 strongest edges are not drawn"
    )
    assert sentence("pearson", edges[:1]) == ""
