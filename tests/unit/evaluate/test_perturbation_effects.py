"""A reference network made of a screen."""

import numpy as np
import pytest

from grn_gat.evaluate.perturbation_effects import COLUMNS, effects

GENES = ["A", "B", "C", "D"]


@pytest.fixture
def screen() -> tuple[np.ndarray, list[str]]:
    """B falls without A, C rises without A, nothing changes without D; X is no gene of the file."""
    rng = np.random.default_rng(1)
    lacking = [""] * 100 + ["A"] * 60 + ["D"] * 60 + ["X"] * 60
    values = rng.normal(5, 1, size=(4, 280))
    values[1, 100:160] -= 2
    values[2, 100:160] += 2
    values[:, 220:] += 10
    return values, lacking


def test_edges_are_what_changes(screen):
    found, asked = effects(screen[0], GENES, screen[1])
    assert asked == ["A", "D"] and list(found) == COLUMNS
    assert found.to_numpy().tolist() == [["A", "B", "+"], ["A", "C", "-"]]


def test_of_noise_a_share_as_small_as_asked_for_is_found():
    rng = np.random.default_rng(2)
    lacking = [""] * 200 + ["G0"] * 50 + ["G1"] * 50
    genes = [f"G{k}" for k in range(300)]
    found, _ = effects(rng.normal(size=(300, 300)), genes, lacking)
    assert len(found) <= 3


def test_a_screen_of_no_gene_of_the_file_has_no_edge(screen):
    values, lacking = screen
    found, asked = effects(values, GENES, ["X" if gene else "" for gene in lacking])
    assert asked == [] and found.empty and list(found) == COLUMNS


def test_genes_that_never_vary_are_no_targets(screen):
    values, lacking = screen
    values[1] = 0
    found, _ = effects(values, GENES, lacking)
    assert found["Gene2"].tolist() == ["C"]
