"""What differs between groups: exact on made scores, and beside permuted ones."""

import numpy as np
import pandas as pd
import pytest

from grn_gat.evaluate.group_differences import (
    EDGES,
    FEWEST_CELLS,
    HUBS,
    OVERLAP,
    comparable,
    edge_differences,
    hub_shifts,
    matched,
    overlaps,
    shared_edges,
    strongest,
    thinned,
)

GENES = ["A", "B", "C", "D"]
GROUPS = ["x", "y", "z"]


def scores(*edges: tuple[int, int, int, float]) -> np.ndarray:
    """Scores of three groups, 0 but for (group, regulator, gene, score)."""
    found = np.zeros((3, 4, 4))
    for group, regulator, gene, score in edges:
        found[group, regulator, gene] = score
    found[:, range(4), range(4)] = np.nan
    return found


MADE = scores((0, 0, 1, 0.9), (1, 0, 1, 0.9), (2, 0, 1, 0.6), (0, 2, 3, -0.8), (1, 2, 3, 0.4))


def noise(number: int, seed: int = 0) -> list:
    """Strongest pairs of scores of nothing."""
    rng = np.random.default_rng(seed)
    return [strongest(rng.normal(0, 0.05, (3, 4, 4)), 2) for _ in range(number)]


def test_an_edge_is_compared_with_the_mean_of_the_others_in_its_own_direction():
    table = edge_differences(strongest(MADE, 2), [], None, GROUPS, GENES, GENES)
    assert list(table.columns) == EDGES and len(table) == 5
    rows = table.set_index(["group", "regulator", "target"])
    assert rows.loc[("x", "C", "D"), "difference"] == pytest.approx(0.8 + 0.2)
    assert rows.loc[("x", "C", "D"), "others"] == pytest.approx(0.2)
    assert rows.loc[("z", "A", "B"), "difference"] == pytest.approx(0.6 - 0.9)
    assert table["difference"].is_monotonic_decreasing
    assert table["p_value"].isna().all() and (table["specific"] == "").all()
    assert table["low"].isna().all()


def test_what_is_larger_than_in_all_permutations_is_specific():
    found = strongest(MADE, 2)
    parts = 0.01 * np.random.default_rng(1).normal(size=(10, 5)) + np.concatenate(found.differences)
    table = edge_differences(found, noise(19), parts, GROUPS, GENES, GENES)
    first = table.iloc[0]
    assert (first["group"], first["regulator"], first["target"]) == ("x", "C", "D")
    assert first["p_value"] == 1 / 20 and first["specific"] == "yes"
    assert first["expected_false"] == 0 and 0.9 < first["low"] < 1 < first["high"] < 1.1
    below = table[table["difference"] < 0]
    assert (below["specific"] == "no").all() and (below["p_value"] == 1).all()
    few = edge_differences(found, noise(18), parts, GROUPS, GENES, GENES)
    assert (few["specific"] == "").all()  # 1 in 19 is more than 5 %
    wide = edge_differences(found, noise(19), 100 * parts, GROUPS, GENES, GENES)
    assert (wide["specific"] == "no").all()  # its interval holds 0


def test_of_nothing_about_one_comparison_of_twenty_says_something():
    """Exact by its making: the observed scores are one draw of those that are permuted."""
    said = 0
    for seed in range(200):
        first, *rest = noise(20, seed)
        table = edge_differences(first, rest, None, GROUPS, GENES, GENES)
        said += (table["specific"] == "yes").any()
    assert 2 <= said <= 20


def test_hubs_and_overlaps_are_counted():
    found = strongest(MADE, 2)
    hubs = hub_shifts(found, noise(19), GROUPS, GENES)
    assert list(hubs.columns) == HUBS and set(hubs["gene"]) == {"A", "C"}
    row = hubs.set_index(["group", "gene"]).loc[("z", "C")]
    assert (row["targets"], row["others"], row["shift"]) == (0, 1, -1) and 0 < row["p_value"] <= 1
    table = overlaps(found, noise(19), GROUPS)
    assert list(table.columns) == OVERLAP
    first, second, third = table.to_dict("records")
    assert (first["shared"], first["jaccard"]) == (2, 1) and first["p_value"] == 1
    assert (second["first"], second["second"], second["shared"]) == ("x", "z", 1)
    assert second["jaccard"] == 0.5 and third["by_degree"] == pytest.approx(1 / 3)
    alone = overlaps(found, [], GROUPS)
    assert alone[["jaccard_permuted", "p_value"]].isna().all(axis=None)


def test_shared_edges_say_of_which_groups_and_whether_they_agree():
    table = shared_edges(edge_differences(strongest(MADE, 2), [], None, GROUPS, GENES, GENES))
    assert table[["regulator", "target", "groups"]].to_numpy().tolist() == [
        ["A", "B", 3],
        ["C", "D", 2],
    ]
    assert table["names"].tolist() == ["x, y, z", "x, y"]
    assert table["sign"].tolist() == ["activation", "both"]
    assert table["score"].tolist() == pytest.approx([0.8, -0.2])


def test_matched_genes_have_one_mean_and_their_order():
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], [40, 60])
    values = rng.poisson(np.where(labels == 0, 0.4, 6.0), (5, 100)).astype(float)
    found = matched(values, labels)
    for group in (0, 1):
        own = labels == group
        assert found[:, own].mean(axis=1) == pytest.approx(values.mean(axis=1))
        for gene in range(5):
            order = np.argsort(values[gene, own], kind="stable")
            assert (np.diff(found[gene, own][order]) >= -1e-12).all()
            ties = pd.Series(found[gene, own]).groupby(values[gene, own]).nunique()
            assert (ties == 1).all()


def test_thinned_counts_have_the_mean_of_the_lowest_group():
    rng = np.random.default_rng(4)
    labels = np.repeat([0, 1], [4000, 6000])
    values = rng.poisson(np.where(labels == 0, 1.0, 5.0), (3, 10_000)).astype(float)
    values[2, labels == 0] = 0
    found = thinned(values, labels, np.random.default_rng(5))
    assert (found <= values).all() and (found == np.round(found)).all()
    assert (found[:, labels == 0] == values[:, labels == 0]).all()
    assert found[:2, labels == 1].mean(axis=1) == pytest.approx([1.0, 1.0], abs=0.05)
    assert (found[2] == 0).all()


def test_genes_of_a_few_cells_are_not_compared():
    cells = np.ones((3, 50))
    cells[0, :FEWEST_CELLS] = 2
    cells[1, : FEWEST_CELLS - 1] = 2
    other = np.arange(150.0).reshape(3, 50)
    assert comparable([cells, other]).tolist() == [True, False, False]
