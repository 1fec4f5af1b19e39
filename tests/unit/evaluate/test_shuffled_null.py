import numpy as np
import pandas as pd
import pytest

from grn_gat.algorithms.spearman import infer as spearman
from grn_gat.algorithms.spearman_pc import infer as spearman_pc
from grn_gat.evaluate.shuffled_null import (
    COLUMNS,
    expected_edges,
    few_genes,
    null_row,
    of_methods,
    shuffled,
)


def test_every_gene_keeps_its_values_and_is_shuffled_on_its_own():
    cells = np.tile(np.arange(50.0), (4, 1))
    cells.flags.writeable = False
    found = shuffled(cells, 1, "x")
    assert (np.sort(found, axis=1) == cells).all()
    # Genes that were the same are so no longer: one permutation of the cells would leave them.
    assert np.abs(np.corrcoef(found)[np.triu_indices(4, 1)]).max() < 0.5
    assert (shuffled(cells, 1, "x") == found).all()
    assert (shuffled(cells, 2, "x") != found).any() and (shuffled(cells, 1, "y") != found).any()


def test_counts_by_hand():
    scores = np.array([0.9, 0.8, 0.3, 0.2, 0.1, 0.0])
    null = np.array([0.1, 0.85, 0.2, 0.0, 0.35, 0.3])
    row = null_row(scores, np.array([0.9, 0.8, 0.3]), null)
    assert list(row) == COLUMNS[:-1]
    assert row == {
        "pairs": 6,
        "edges": 3,
        "strength": 0.3,
        "as_strong": 3,
        "expected": 3,  # .85, .35 and .3, which is as strong as the weakest edge
        "expected_share": 1.0,
        "above_one_percent": 1,  # .9; 99 % of the shuffled ones are below .825
        "above_all": 1,
    }
    assert expected_edges(row) == "3 of 3"


def test_of_pairs_as_strong_as_one_another_only_some_are_drawn():
    """Drawing 2 of 8 equal pairs makes them no rarer: chance gives 4 of 8, so 1 of 2."""
    scores, null = np.r_[np.full(8, 0.5), 0, 0], np.r_[np.full(4, 0.5), np.zeros(6)]
    row = null_row(scores, np.full(2, 0.5), null)
    assert (row["as_strong"], row["expected"], row["expected_share"]) == (8, 4, 0.5)
    assert expected_edges(row) == "1 of 2"
    assert row["above_one_percent"] == row["above_all"] == 0


def test_scores_of_a_file_are_equal_to_those_that_were_not_rounded():
    third = 1 / 3
    row = null_row(np.array([0.333333333]), np.array([0.333333333]), np.array([third]))
    assert row["expected"] == 1 and row["above_all"] == 0
    row = null_row(np.array([0.666666667]), np.array([0.666666667]), np.array([2 * third]))
    assert row["expected"] == 1 and row["above_all"] == 0


def test_what_cannot_be_said_is_not_said():
    row = null_row(np.zeros(6), np.zeros(0), np.zeros(6))  # no pair has a score: none is drawn
    assert row["edges"] == row["as_strong"] == row["above_all"] == 0
    assert np.isnan([row["strength"], row["expected"], row["expected_share"]]).all()
    assert expected_edges(row) == ""
    row = null_row(np.ones(6), np.ones(2), np.zeros(0))  # the method failed on shuffled cells
    assert np.isnan([row[c] for c in COLUMNS[4:8]]).all() and row["as_strong"] == 6
    assert expected_edges(row) == ""


def test_more_than_all_are_not_expected():
    row = null_row(np.array([0.3, 0.1]), np.array([0.3]), np.array([0.4, 0.5]))
    assert row["expected_share"] == 2 and expected_edges(row) == "1 of 1"


def test_chance_gives_as_many_edges_as_noise_has():
    genes = 60
    rng = np.random.default_rng(5)
    noise = rng.gamma(2, size=(genes, 300))
    pairs = np.triu_indices(genes, 1)

    def scores(cells: np.ndarray) -> np.ndarray:
        return np.abs(np.corrcoef(cells)[pairs])

    found = scores(noise)
    row = null_row(found, np.sort(found)[-150:], scores(shuffled(noise, 1, "x")))
    assert row["edges"] == 150 and 110 < row["expected"] < 190  # 150 +- 3 standard deviations
    assert row["above_one_percent"] < 40 and row["above_all"] <= 5  # 18 and 1 are expected


def test_nulls_of_several_methods_are_one_table():
    one = pd.DataFrame([null_row(np.ones(2), np.ones(1), np.zeros(2)) | {"remark": ""}])
    table = of_methods({"clr": one[COLUMNS], "scode": pd.DataFrame(columns=COLUMNS), "pidc": one})
    assert list(table) == ["method", *COLUMNS] and list(table["method"]) == ["clr", "pidc"]
    assert list(of_methods({})) == ["method", *COLUMNS] and not len(of_methods({}))


@pytest.mark.parametrize(("genes", "cells"), [(10, 200), (20, 1000), (64, 1000), (65, 1000)])
def test_few_genes_are_those_that_correlate_without_a_component(genes, cells):
    """Of independent genes: the limit lies where the scores become those of Spearman."""
    rng = np.random.default_rng(genes)
    pairs = np.triu_indices(genes, 1)
    larger = []
    for _ in range(5):
        noise = rng.normal(size=(genes, cells))
        left, whole = (np.abs(f(noise)[pairs]) for f in (spearman_pc, spearman))
        larger.append(np.sqrt((left**2).mean() / (whole**2).mean()))
    remark = few_genes(genes, cells)
    assert bool(remark) == (genes < 65)
    if genes <= 20:
        assert np.mean(larger) > 1.3 and f"({genes} in {cells} cells)" in remark
    else:
        assert 1.05 < np.mean(larger) < 1.2  # close to the limit, on both sides


def test_a_single_gene_has_no_component():
    assert few_genes(1, 100) == few_genes(0, 100) == ""
