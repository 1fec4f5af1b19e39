"""Statistics of evidence: against their definitions; what is missing is 0 and said so."""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch.utils._python_dispatch import TorchDispatchMode

from grn_gat.core.seeds import generator
from grn_gat.zeroshot import evidence_statistics
from grn_gat.zeroshot.evidence_statistics import (
    GENE_STATISTICS,
    PAIR_STATISTICS,
    EvidenceStatistics,
    KnownTensors,
)

GENES, CELLS = 6, 400


def expression(seed: int = 1) -> np.ndarray:
    return generator(seed).gamma(2, 1, (GENES, CELLS)).astype(np.float32)


def statistics(values: np.ndarray, known: KnownTensors) -> tuple[dict, dict]:
    """Statistics of all pairs and of genes, by name."""
    prepared = EvidenceStatistics(torch.from_numpy(values), known)
    every = torch.arange(len(values))
    pairs = np.moveaxis(prepared.pairs(every, every).numpy(), 2, 0)
    genes = prepared.gene.numpy().T
    return (
        dict(zip(PAIR_STATISTICS, pairs, strict=True)),
        dict(zip(GENE_STATISTICS, genes, strict=True)),
    )


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(spearmanr(one, other).statistic)


def test_nothing_known_is_nothing():
    pairs, genes = statistics(expression(), KnownTensors())
    assert not any(values.any() for values in [*pairs.values(), *genes.values()])


def perturbed(fold: float, sign: float) -> tuple[np.ndarray, KnownTensors]:
    """Gene 0 perturbed in the last 100 cells, where its target 1 follows with this sign."""
    values = expression()
    target = np.full(CELLS, -1)
    target[300:] = 0
    values[0, 300:] *= fold
    less = sign if fold < 1 else -sign
    values[1, 300:] *= 0.2 if less > 0 else 5
    folds = np.where(target == 0, fold, 1).astype(np.float32)
    return values, KnownTensors(target=torch.from_numpy(target), fold=torch.from_numpy(folds))


@pytest.mark.parametrize("fold", [0.0, 0.3, 4.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_perturbation_tells_targets_and_their_sign(fold, sign):
    values, known = perturbed(fold, sign)
    pairs, genes = statistics(values, known)
    assert np.sign(pairs["effect"][0, 1]) == sign and abs(pairs["effect"][0, 1]) > 0.8
    assert abs(pairs["effect_z"][0, 1]) > 8 and np.abs(pairs["effect_z"][0, 2:]).max() < 4
    assert pairs["effect_place"][0, 1] > 1.5 > np.abs(pairs["effect_place"][0, 2:]).max()
    assert not pairs["effect"][1:].any() and not pairs["effect_place"][1:].any()
    assert genes["perturbed"].tolist() == [1, 0, 0, 0, 0, 0]
    assert genes["perturbed_cells"][0] == pytest.approx(np.log10(101))
    assert genes["own_effect"][0] > 0.5  # the perturbation worked, whichever way it went


def test_effect_is_a_difference_of_mean_ranks_over_its_standard_error():
    values, known = perturbed(0.0, 1)
    pairs, _ = statistics(values, known)
    ranks = np.argsort(np.argsort(values[2]))  # no ties
    ranks = (ranks - ranks.mean()) / ranks.std()
    there, rest = ranks[300:], ranks[:300]
    effect = rest.mean() - there.mean()
    error = np.sqrt(there.var(ddof=1) / 100 + rest.var(ddof=1) / 300)
    assert pairs["effect"][0, 2] == pytest.approx(effect, abs=1e-4)
    assert pairs["effect_z"][0, 2] == pytest.approx(effect / error, abs=1e-3)


def test_cells_of_genes_that_are_not_in_the_file_count_as_nothing():
    values, known = perturbed(0.0, 1)
    target = known.target.clone()
    target[:100] = -2
    values[:, :100] = 50  # whatever was done to them
    pairs, _ = statistics(values, KnownTensors(target=target, fold=known.fold))
    only, _ = statistics(values[:, 100:], KnownTensors(target=target[100:], fold=known.fold[100:]))
    np.testing.assert_array_equal(np.sign(pairs["effect"][0]), np.sign(only["effect"][0]))
    assert pairs["effect_z"][0, 1] > 8


def test_protein():
    values = expression()
    protein = generator(2).gamma(2, 1, (2, CELLS)).astype(np.float32)
    protein[0] = 0.3 * protein[0] + values[0]
    values[3] = protein[0] + 0.2 * values[3]
    known = KnownTensors(protein=torch.from_numpy(protein), protein_genes=torch.tensor([0, 4]))
    pairs, genes = statistics(values, known)
    expected = rank_correlation(protein[0], values[3])
    assert pairs["protein_with_target"][0, 3] == pytest.approx(expected, abs=1e-4)
    own = rank_correlation(values[0], values[3])
    both = rank_correlation(values[0], protein[0])
    partial = (expected - own * both) / np.sqrt((1 - own**2) * (1 - both**2))
    assert pairs["protein_beyond_mrna"][0, 3] == pytest.approx(partial, abs=1e-3) and partial > 0.3
    for name in ("protein_with_target", "protein_beyond_mrna"):
        assert not pairs[name][[1, 2, 3, 5]].any()  # no protein was seen of these
    assert genes["has_protein"].tolist() == [1, 0, 0, 0, 1, 0]


def test_promoters_and_velocity():
    values = expression()
    rng = generator(3)
    promoters = rng.poisson(values[[1, 0, 2, 3, 4, 5]]).astype(np.float32)
    # Velocity of gene 2 rises with gene 5 and falls with its own mRNA.
    velocity = rng.normal(size=(GENES, CELLS)).astype(np.float32)
    velocity[2] = values[5] - 2 * values[2] + 0.1 * velocity[2]
    known = KnownTensors(promoters=torch.from_numpy(promoters), velocity=torch.from_numpy(velocity))
    pairs, genes = statistics(values, known)
    expected = rank_correlation(values[1], promoters[0])
    assert pairs["with_promoter"][1, 0] == pytest.approx(expected, abs=1e-4) and expected > 0.5
    plain = rank_correlation(values[5], velocity[2])
    own, both = rank_correlation(values[2], velocity[2]), rank_correlation(values[5], values[2])
    partial = (plain - own * both) / np.sqrt((1 - own**2) * (1 - both**2))
    assert pairs["with_velocity"][5, 2] == pytest.approx(partial, abs=1e-3)
    assert partial > plain + 0.1  # its own mRNA hid some of it
    assert not pairs["with_velocity"].diagonal().any()
    assert genes["has_promoters"].all() and genes["has_velocity"].all()


def test_priors_come_with_how_well_they_agree():
    values = expression()
    values[1] = values[0] + 0.1 * values[1]
    right, wrong = np.zeros((2, GENES, GENES), bool)
    right[0, 1] = wrong[2, 3] = wrong[2, 4] = True
    known = KnownTensors(priors=[torch.from_numpy(right), torch.from_numpy(wrong)])
    pairs, genes = statistics(values, known)
    assert pairs["prior"][0, 1] == pairs["prior"][2, 3] == 0.5 and pairs["prior"].sum() == 1.5
    assert pairs["prior_agreement"][0, 1] > 2 > 0 > pairs["prior_agreement"][2, 3]
    assert genes["prior_targets"].tolist() == pytest.approx([1 / 12, 0, 2 / 12, 0, 0, 0])
    assert genes["prior_regulators"][3] == pytest.approx(1 / 12) and genes["has_prior"].all()


@pytest.mark.parametrize("rows", [4, 512])
def test_agreement_is_how_much_larger_correlations_are(monkeypatch, rows):
    monkeypatch.setattr(evidence_statistics, "_ROWS", rows)
    values = expression()
    values[1] = values[0] + 0.1 * values[1]
    priors = generator(7).random((2, GENES, GENES)) < 0.3  # with themselves, too
    none = np.eye(GENES, dtype=bool)
    known = KnownTensors(priors=[torch.from_numpy(p) for p in (*priors, none)])
    found = EvidenceStatistics(torch.from_numpy(values), known)._agreement
    size = np.abs(spearmanr(values.T).statistic)
    off = ~np.eye(GENES, dtype=bool)
    expected = [
        (size[p & off].mean() - size[off].mean()) / (size[off].std(ddof=1) + 1e-3) for p in priors
    ]
    assert [float(a) for a in found] == pytest.approx([*expected, 0], abs=1e-4)


def test_agreement_holds_no_matrix_of_numbers_of_all_pairs(monkeypatch):
    class Largest(TorchDispatchMode):
        """Sees the largest array of numbers, which bits and bytes are not."""

        largest = 0

        def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
            out = function(*arguments, **(keywords or {}))
            if isinstance(out, torch.Tensor) and out.dtype != torch.bool:
                self.largest = max(self.largest, out.numel())
            return out

    monkeypatch.setattr(evidence_statistics, "_ROWS", 20)
    genes = 400
    values = torch.from_numpy(generator(8).random((genes, 10)).astype(np.float32))
    known = KnownTensors(priors=[torch.rand(genes, genes, generator=torch.manual_seed(1)) < 0.1])
    with Largest() as seen:
        EvidenceStatistics(values, known)
    assert 20 * genes <= seen.largest <= 40 * genes


def test_any_block_is_that_of_the_whole():
    values, known = perturbed(0.3, -1)
    velocity = torch.from_numpy(generator(4).normal(size=(GENES, CELLS)).astype(np.float32))
    known = KnownTensors(
        target=known.target, fold=known.fold, velocity=velocity,
        promoters=velocity.abs(), protein=velocity[:2].abs(), protein_genes=torch.tensor([1, 3]),
        priors=[velocity[:, :GENES] > 0],
    )  # fmt: skip
    prepared = EvidenceStatistics(torch.from_numpy(values), known)
    every = torch.arange(GENES)
    rows, columns = torch.tensor([3, 0]), torch.tensor([1, 5, 2])
    whole = prepared.pairs(every, every)
    np.testing.assert_allclose(
        prepared.pairs(rows, columns), whole[rows][:, columns], atol=1e-5, rtol=1e-5
    )
