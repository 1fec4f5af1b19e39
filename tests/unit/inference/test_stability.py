"""Runs on parts of the cells: which edges all of them have, and which only some."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import load_method
from grn_gat.core.errors import InputError
from grn_gat.core.remarks import Remarks
from grn_gat.data.evidence import Evidence
from grn_gat.inference import attempt as inference_attempt
from grn_gat.inference import stability
from grn_gat.inference.attempt import Cells, attempt, ranked_edges
from grn_gat.inference.cell_parts import number_of_donors, of_donors
from grn_gat.inference.description import Beside, describe
from grn_gat.inference.donors import read_donors
from grn_gat.inference.stability import (
    SHARE,
    donor_table,
    number_of_runs,
    sentence,
    stability_table,
)
from grn_gat.study.study import settings_of

GENES = [f"G{i}" for i in range(6)]


def cells(number: int = 100) -> Cells:
    """G1 follows G0 closely; the other genes are noise."""
    rng = np.random.default_rng(4)
    values = rng.gamma(2, size=(6, number))
    values[1] = values[0] + 0.01 * values[1]
    return Cells(GENES, values, None, np.arange(6))


def table(data: Cells, method: str = "pearson", number: int = 10, runs: int = 20) -> pd.DataFrame:
    ranked = ranked_edges(attempt(method, data, 1, 1, {}), data)
    return stability_table(method, ranked, number, data, 1, 1, {}, runs)


def test_what_all_cells_show_is_in_all_parts_and_noise_is_not():
    found = table(cells())
    assert list(found.columns) == stability.RANDOM and len(found) == 10
    assert (found["runs"] == 20).all() and found["stability"].between(0, 1).all()
    first = found.iloc[:2]
    assert {*first["regulator"]} == {"G0", "G1"} and (first["stability"] == 1).all()
    assert found["stability"].iloc[2:].min() < 0.9


def test_the_same_seed_gives_the_same_table_and_parts_are_those_of_other_methods():
    pd.testing.assert_frame_equal(table(cells()), table(cells()))
    parts = [stability._some(100, 1, run) for run in range(3)]
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
    found = stability_table("pearson", ranked, 4, data, 1, 1, {}, 6)
    assert (found["runs"] == 3).all() and (found["stability"].iloc[:2] == 1).all()
    monkeypatch.setattr(stability, "attempt", lambda *_: failed)
    found = stability_table("pearson", ranked, 4, data, 1, 1, {}, 6)
    assert (found["runs"] == 0).all() and found["stability"].isna().all()


def test_a_method_that_failed_has_no_row():
    empty = pd.DataFrame(columns=["Gene1", "Gene2", "EdgeWeight"])
    assert stability_table("pearson", empty, 0, cells(), 1, 1, {}, 3).empty


def test_unstable_edges_are_not_drawn():
    data = cells()
    ranked = ranked_edges(attempt("pearson", data, 1, 1, {}), data)
    runs = stability_table("pearson", ranked, 12, data, 1, 1, {}, 20)
    record = load_method("pearson")
    found = describe(
        record, ranked, GENES, GENES, pd.DataFrame(), None, 2, Beside(runs, least_stability=0.95)
    )
    assert len(found.edges) == 12 and found.edges["drawn"].tolist() == list(
        runs["stability"] >= 0.95
    )
    assert 2 <= len(found.drawn) < 12 and found.hubs["out_degree"].sum() == len(found.drawn)
    without = describe(record, ranked, GENES, GENES, pd.DataFrame(), None, 2)
    assert without.edges["drawn"].all() and without.edges["stability"].isna().all()


@pytest.mark.parametrize("method", ["pearson", "genie3"])
def test_parts_side_by_side_give_the_same_table(method, monkeypatch):
    """Of a method of one process; of another one its own processes are used."""
    data = cells()
    settings, _ = settings_of(method, {"trees": 3} if method == "genie3" else {})
    ranked = ranked_edges(attempt(method, data, 1, 1, settings), data)
    fits = []
    monkeypatch.setattr(stability, "_WORTH", 0)
    monkeypatch.setattr(stability, "copies_that_fit", lambda *_: fits.append(9) or 9)
    one, two = (
        stability_table(method, ranked, 8, data, 1, threads, settings, 4) for threads in (1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    assert bool(fits) == (method == "pearson")


def test_fewer_parts_of_many_pairs_unless_somebody_says_how_many():
    assert number_of_runs(None, 100, 3000, 8) == 5  # groups
    assert number_of_runs(None, 100, 3000) == 10 and number_of_runs(None, 500, 3000) == 5
    assert number_of_runs(0, 100, 3000) == 0 and number_of_runs(7, 500, 3000) == 7


def test_copies_are_as_many_as_there_is_memory_for(monkeypatch):
    data = Cells([f"G{i}" for i in range(2000)], np.zeros((2000, 10)), None, np.arange(200))
    found = []
    for gigabytes in (1, 8, 64):
        monkeypatch.setattr(inference_attempt, "memory_limit", lambda g=gigabytes: g * 10**9)
        found.append(inference_attempt.copies_that_fit("pearson", data, {}))
    assert found[0] >= 1 and found[0] < found[1] < found[2]
    assert inference_attempt.copies_that_fit("regdiffusion", data, {}) >= 1


def test_donors_are_asked_one_by_one():
    """G1 follows G0 in the cells of two donors of three, a fourth has too few."""
    data, donors = cells(400), np.repeat(["b", "a", "c", ""], 100).astype(object)
    donors[:10] = "few"
    data.expression[1, donors == "c"] = np.random.default_rng(1).gamma(2, size=100)
    ranked = ranked_edges(attempt("pearson", data, 1, 1, {}), data)
    found = donor_table("pearson", ranked, 2, data, 1, 1, {}, donors)
    assert [set(donors[part]) for part in of_donors(donors)] == [{"a"}, {"b"}, {"c"}]
    assert list(found.columns) == stability.DONORS and number_of_donors([found, found[:0]]) == 3
    assert (found["networks"] == 3).all() and found["donors"].tolist() == [2 / 3] * 2
    record = load_method("pearson")
    for least, drawn in ((0.6, 2), (0.7, 0)):
        beside = Beside(donors=found, least_donors=least)
        number = describe(record, ranked, GENES, GENES, pd.DataFrame(), None, 1 / 3, beside)
        assert len(number.edges) == 2 and len(number.drawn) == drawn


def test_donors_that_are_not_there_are_one_sentence(tmp_path):
    names, file = [f"c{i}" for i in range(200)], tmp_path / "donors.csv"

    def read(labels):
        rows = [f"{name},{label}" for name, label in zip(names, labels, strict=False)]
        file.write_text("\n".join(["cell,donor", *rows]))
        remarks = Remarks()
        return read_donors(str(file), "cells.csv", names, remarks), [str(r) for r in remarks]

    donors, said = read(["a"] * 90 + ["b"] * 90 + ["few"] * 10)
    assert Counter(donors) == {"a": 90, "b": 90, "few": 10, "": 10}
    assert any("10 of 200 cells have no label (donors)" in text for text in said)
    assert any("1 donor with fewer than 50 cells (few)" in text for text in said)
    for labels, why in (
        (["a"] * 200, "all have 'a'"),
        ([], "no cell of the data has one"),
        (names, "200 labels|0 of 200 labels"),
        (["a"] * 190 + ["b"] * 10, "1 of 2 labels have 50 cells of the data; expected two"),
    ):
        with pytest.raises(InputError, match=why):
            read(labels)
    file.write_text("cell,donor,batch\nc1,a,b\n")
    with pytest.raises(InputError, match="has the columns cell, donor, batch; expected"):
        read_donors(str(file), "cells.csv", names, Remarks())
    file.write_text("cell,donor\nc1,a\nc1,b\n")
    with pytest.raises(InputError, match="cell c1 occurs more than once"):
        read_donors(str(file), "cells.csv", names, Remarks())


def test_what_is_said():
    edges = pd.DataFrame({"drawn": ["yes", "no", "no"], "stability": 0.1, "donors": np.nan})
    said = "Pearson: 2 of the 3 strongest edges are not drawn, as too few "
    runs, donors = "runs on parts of the cells", "donors"
    assert sentence("pearson", edges) == f"{said}{runs} have them"
    assert (
        sentence("pearson", edges.assign(donors=0.1))
        == f"{said}{runs} or too few {donors} have them"
    )
    edges = edges.assign(stability=np.nan, donors=0.1)
    assert sentence("pearson", edges) == f"{said}{donors} have them"
    assert sentence("pearson", edges[:1]) == ""
