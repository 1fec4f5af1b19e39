"""Subsets of genes: together they hold what is asked for."""

import pytest
import torch

from grn_gat.zeroshot.gene_subsets import covering, some_genes


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def regulators(number: int, genes: int) -> torch.Tensor:
    found = torch.zeros(genes, dtype=torch.bool)
    found[torch.randperm(genes, generator=source(3))[:number]] = True
    return found


@pytest.mark.parametrize(("number", "genes", "size"), [(1, 60, 10), (7, 61, 10), (60, 60, 9)])
def test_every_pair_of_a_regulator_is_in_a_subset(number, genes, size):
    named = regulators(number, genes)
    held = torch.zeros(genes, genes, dtype=torch.bool)
    for some in covering(named, size, source()):
        assert len(some) <= size and (some.diff() > 0).all()
        held[some[:, None], some] = True
    assert held[named].all()


def test_number_of_subsets_grows_with_regulators_times_genes():
    few, many = (len(list(covering(regulators(n, 800), 40, source()))) for n in (20, 200))
    assert few == 39 and many == 10 * few


def test_small_data_sets_are_one_subset():
    (only,) = covering(regulators(2, 12), 12, source())
    assert only.tolist() == list(range(12))


def test_drawn_subsets_are_half_regulators_as_far_as_there_are():
    for number, expected in ((50, 10), (4, 4), (95, 15)):
        named = regulators(number, 100)
        some = some_genes(named, 20, source())
        assert len(set(some.tolist())) == 20 and int(named[some].sum()) == expected
    assert len(some_genes(regulators(3, 9), 20, source())) == 9
