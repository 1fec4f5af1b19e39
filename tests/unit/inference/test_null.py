"""The gene-shuffled null: what it says of which method, on cells of known edges and on noise."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms._registry import load_method, usual_methods
from grn_gat.core.memory import NotEnoughMemoryError
from grn_gat.core.repository import repository
from grn_gat.data.network_export import choose_edges
from grn_gat.evaluate import shuffled_null
from grn_gat.evaluate.shuffled_null import COLUMNS, RELATIVE
from grn_gat.inference import null
from grn_gat.inference.attempt import Attempt, Cells, attempt, method_seed, ranked_edges
from grn_gat.inference.null import null_of, sentences
from grn_gat.simulate.boolean_model import read_model
from grn_gat.simulate.dataset import simulate_dataset
from grn_gat.study.place import schema
from grn_gat.study.schema import fill
from grn_gat.study.study import settings_of

QUICK = {"genie3": {"trees": 20}, "grnboost2": {"estimators": 100}}


@cache
def simulated(name: str) -> Cells:
    """Cells of a Boolean model, with their time."""
    model = read_model(repository() / f"workflow/resources/models/{name}.tsv")
    settings = fill({}, schema("study"))["simulation"]
    data = simulate_dataset(model, 500, 1, (name, 1), settings)
    return Cells.named(data.genes, data.expression, data.pseudotime, data.genes)


def run(cells: Cells, method: str, number: int) -> null.Null:
    settings, seed = settings_of(method, QUICK.get(method, {}))
    found = attempt(method, cells, method_seed(seed, method), 1, settings)
    assert found.scores is not None, found.reason
    ranked = ranked_edges(found, cells)
    return null_of(method, ranked, number, cells, seed, 1, settings)


def of(cells: Cells, method: str, number: int) -> pd.Series:
    return run(cells, method, number).table.iloc[0]


@pytest.mark.parametrize("method", usual_methods())
def test_it_says_little_of_relative_scores_only(method):
    """In these cells genes do go together; relative scores look like chance all the same."""
    cells = simulated("dyn-LI" if method == "scode" else "GSD")
    row = of(cells, method, 2 * len(cells.genes))
    assert row["pairs"] == len(cells.genes) * (len(cells.genes) - 1)
    if load_method(method).relative:
        assert row["expected_share"] > 0.1 and row["remark"] == RELATIVE
    else:
        # 19 genes of 500 cells: few for what takes a component away.
        assert bool(row["remark"]) == load_method(method).component
        assert row["expected_share"] < 0.1
        assert row["above_all"] >= row["edges"] == 38


@pytest.mark.parametrize("method", ["pearson", "spearman-pc", "consensus", "gat-zeroshot"])
def test_of_noise_as_many_edges_are_expected_as_are_drawn(method):
    noise = np.random.default_rng(8).gamma(2, size=(60, 300))
    genes = [f"G{i}" for i in range(60)]
    row = of(Cells(genes, noise, None, np.arange(20)), method, 120)
    assert row["remark"] == (RELATIVE if load_method(method).relative else "")
    assert row["pairs"] == 20 * 59 and 0.6 < row["expected_share"] < 1.5


def test_a_method_that_fails_on_shuffled_cells_says_so(monkeypatch):
    monkeypatch.setattr(null, "attempt", lambda *_: Attempt(None, "it broke"))
    row = of(simulated("GSD"), "pearson", 10)
    assert row["remark"] == "failed on the shuffled cells: it broke" and row["edges"] == 10
    assert np.isnan(row["expected"]) and sentences(pd.DataFrame([row]).assign(method="clr")) == []


def test_a_method_that_failed_has_no_null():
    none = pd.DataFrame({"Gene1": [], "Gene2": [], "EdgeWeight": []})
    table, edges = null_of("scode", none, 0, simulated("GSD"), 1, 1, {})
    assert list(table) == COLUMNS and not len(table)
    assert list(edges) == null.EDGE_COLUMNS and not len(edges)


def test_each_edge_has_the_number_of_shuffled_pairs_that_are_as_strong():
    noise = np.random.default_rng(8).gamma(2, size=(30, 200))
    noise[1] = noise[0] + 0.1 * noise[1]
    cells = Cells([f"G{i}" for i in range(30)], noise, None, np.arange(30))
    table, edges = run(cells, "pearson", 60)
    expected = edges["expected_false"]
    assert len(edges) == 60 and expected.is_monotonic_increasing
    assert expected.iloc[0] == 0 and expected.iloc[-1] == table["expected"].iloc[0] > 20


def test_of_edges_that_are_not_drawn_chance_is_not_counted():
    """The weakest of ten edges is not drawn, and so the count is that of the ninth, or less."""
    noise = np.random.default_rng(8).gamma(2, size=(30, 200))
    cells = Cells([f"G{i}" for i in range(30)], noise, None, np.arange(30))
    table, null_edges = run(cells, "spearman", 60)
    edges = null_edges.assign(score=np.linspace(0.9, 0.1, 60), drawn="yes")
    edges["score"] = [row["weight"] for row in drawn_weights(cells)]
    same = shuffled_null.of_drawn(table, edges, null_edges)
    pd.testing.assert_frame_equal(same, table)
    edges.loc[30:, "drawn"] = "no"
    found = shuffled_null.of_drawn(table, edges, null_edges).iloc[0]
    assert found["edges"] == 30 and found["as_strong"] in (30, 31)
    assert found["strength"] == edges["score"].abs()[29]
    assert found["expected"] == null_edges["expected_false"][29] < table["expected"].iloc[0]
    assert found["expected_share"] == found["expected"] / found["as_strong"]
    none = shuffled_null.of_drawn(table, edges.assign(drawn="no"), null_edges).iloc[0]
    assert none["edges"] == 0 and np.isnan(none["expected"])
    failed = shuffled_null.of_drawn(table[:0], edges, null_edges[:0])
    assert failed.empty


def drawn_weights(cells: Cells) -> list[dict]:
    """The 60 strongest edges by Spearman."""
    ranked = ranked_edges(attempt("spearman", cells, 1, 1, {}), cells)
    return choose_edges(ranked, 60, directed=False).to_dict("records")


def test_lack_of_memory_names_the_way_around(monkeypatch):
    def hungry(*_):
        raise MemoryError

    settings, seed = settings_of("pearson", {})
    ranked = ranked_edges(attempt("pearson", simulated("GSD"), seed, 1, settings), simulated("GSD"))
    monkeypatch.setattr("grn_gat.inference.attempt.run_method", hungry)
    with pytest.raises(NotEnoughMemoryError, match=r"Pearson: not enough.*genes \(--no-null\)$"):
        null_of("pearson", ranked, 10, simulated("GSD"), 1, 1, settings)


def test_sentences_name_methods_of_which_it_says_something():
    row = {column: 1.0 for column in COLUMNS}
    row |= {"edges": 200, "expected_share": 0.015, "remark": ""}
    tables = {"clr": row | {"remark": RELATIVE}, "pearson": row, "ppcor": row | {"edges": 0}}
    tables |= {"spearman-pc": row | {"remark": "rather too many"}}
    nulls = shuffled_null.of_methods({k: pd.DataFrame([v]) for k, v in tables.items()})
    assert sentences(nulls) == [
        "Pearson: 3 of 200 edges are expected where nothing regulates",
        "Spearman-PC: 3 of 200 edges are expected where nothing regulates (rather too many)",
    ]
