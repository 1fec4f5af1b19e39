import numpy as np
import pytest

from grn_gat.data.doubts import (
    CONTINUOUS,
    COUNTS,
    LOG_NORMALISED,
    LOGARITHMS,
    NORMALISED,
    doubts,
    kind_of_values,
    variation_of_totals,
)

RNG = np.random.default_rng(1)
RAW = RNG.negative_binomial(1, 0.3, size=(200, 300)).astype(float)
FEW = RNG.poisson(RNG.gamma(1, 5, size=(5, 300))).astype(float)
DIVIDED = RAW / RAW.sum(axis=0) * 1e4
NAMES = [f"G{i}" for i in range(200)]
CELLS = [f"plate 1 well {i}" for i in range(300)]  # nothing says that they are cells


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (RAW, COUNTS),
        (FEW, COUNTS),  # a cell's values say little: many have a common divisor, or none
        (np.log1p(FEW).astype(np.float32), LOGARITHMS),
        (np.log1p(RAW), LOGARITHMS),
        (np.log2(1 + RAW), LOGARITHMS),
        (DIVIDED, NORMALISED),
        (np.log1p(DIVIDED), LOG_NORMALISED),
        (np.log1p(DIVIDED).astype(np.float32), LOG_NORMALISED),
        (np.log2(1 + DIVIDED), LOG_NORMALISED),
        (np.log10(1 + DIVIDED), LOG_NORMALISED),
        (np.log1p(DIVIDED)[:40], LOG_NORMALISED),  # of some of the genes: totals say nothing
        (RNG.random((200, 300)), CONTINUOUS),
        (RNG.gamma(2, size=(200, 300)) * (RNG.random((200, 300)) < 0.5), CONTINUOUS),
        (np.zeros((3, 10)), CONTINUOUS),
    ],
)
def test_kind_of_values(values, kind):
    assert kind_of_values(values) == kind


def test_nothing_is_doubtful_about_counts_and_normalised_ones():
    for values in (RAW, DIVIDED, np.log1p(DIVIDED)):
        assert doubts(NAMES, CELLS, values) == []


def test_each_doubt_names_what_it_is_about():
    values = np.log1p(DIVIDED)
    values[:2] = 0
    values[:, 5] = 0
    few, empty = doubts(NAMES, CELLS, values)
    assert few.startswith("2 of 200 genes have the same value in all cells (G0, G1)")
    assert empty == "1 of 300 cells have no value other than 0"


def test_more_genes_than_cells_are_doubtful_in_text_only():
    few = RAW[:, :50]
    assert "more genes (200) than cells (50)" in doubts(NAMES, CELLS[:50], few, "rows are genes")[0]
    assert doubts(NAMES, CELLS[:50], few) == []


def test_more_genes_than_cells_are_not_doubtful_where_names_say_which_are_which():
    """As in data of Smart-seq."""
    few, told = RAW[:, :50], "rows are genes"
    for cells in ([f"cell_{i}" for i in range(50)], [f"SRR80{i}" for i in range(50)]):
        assert doubts(NAMES, cells, few, told) == []
    for genes in (["Rpl3", "RPS27A", "Actb", "mt-Co1", "Rplp0"], [f"Gene{i}" for i in range(5)]):
        assert doubts([*genes, *NAMES[5:]], CELLS[:50], few, told) == []
    assert len(doubts(["Rpl3", "Actb", *NAMES[2:]], CELLS[:50], few, told)) == 1


def test_totals_of_cells():
    assert variation_of_totals(RAW) > 0.03
    for values in (DIVIDED, np.log1p(DIVIDED), np.log2(1 + DIVIDED), np.log10(1 + DIVIDED)):
        assert variation_of_totals(values) < 1e-6
    assert variation_of_totals(np.log1p(DIVIDED)[:40]) > 0.02
    empty = np.hstack([DIVIDED, np.zeros((200, 3))])  # cells without any value have no total
    assert variation_of_totals(empty) < 1e-6
    assert variation_of_totals(np.zeros((3, 4))) == 0
    two = np.array([[1.0, 3.0], [0.0, 0.0]])  # totals 1 and 3; as logarithms of base 2: 1 and 7
    assert variation_of_totals(two) == pytest.approx(0.5)
