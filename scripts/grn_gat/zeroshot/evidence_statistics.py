"""Statistics of pairs from what is known of cells beside their expression.

Perturbations, protein, promoters, velocity, prior networks (`simulate.evidence.Evidence`); each may
be missing, and what is missing is 0 with a flag that says so. As the statistics of expression
(`robust_statistics`) they are of ranks over the cells where they are of values, so that they mean
the same for counts, logarithms and light; where a gene's effect stands among its effects on all
genes is told beside the effect, and so is how well a prior network agrees with the expression,
because its quality is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from grn_gat.zeroshot.robust_statistics import ranks

_LEAST = 1e-3
_FAR = 30.0  # standard deviations
_ROWS = 512  # genes whose correlations with all are held at a time
NO_TARGET = -1  # of a cell to which nothing was done

PAIR_STATISTICS = (
    "effect",  # of perturbing the regulator on the target's mean rank, in sd; + where it activates
    "effect_z",  # over its standard error
    "effect_place",  # magnitude of effect_z in sd above the mean over all targets
    "protein_with_target",  # rank correlation of the regulator's protein and the target's mRNA
    "protein_beyond_mrna",  # partial, given the regulator's mRNA
    "with_promoter",  # of the regulator's mRNA and the target's promoter
    "with_velocity",  # of the regulator's mRNA and the target's velocity, given the target's mRNA
    "prior",  # share of the prior networks that have the edge
    "prior_agreement",  # mean over those of how well they agree with the expression
)
GENE_STATISTICS = (
    "perturbed",  # 1 where cells have it perturbed
    "perturbed_cells",  # log10(1 + their number)
    "own_effect",  # of the perturbation on the gene itself
    "has_protein",
    "has_promoters",
    "has_velocity",
    "has_prior",
    "prior_targets",  # share of the genes that are its targets in the priors, mean over them
    "prior_regulators",
)


@dataclass(frozen=True, eq=False)
class KnownTensors:
    """Evidence of one data set as tensors; None where there is none.

    Attributes:
        target: (cells,) int: gene that is perturbed in a cell, -1 for none; other negative numbers
            are genes outside of the data set, whose cells count as neither.
        fold: (cells,) what it is multiplied by, 0 for a knock-out.
        protein, protein_genes: (proteins, cells), and which genes they are of.
        promoters, velocity: (genes, cells).
        priors: (genes, genes) bool, row to column, each.
    """

    target: Tensor | None = None
    fold: Tensor | None = None
    protein: Tensor | None = None
    protein_genes: Tensor | None = None
    promoters: Tensor | None = None
    velocity: Tensor | None = None
    priors: Sequence[Tensor] = ()


class EvidenceStatistics:
    """What is known of a data set, prepared; `pairs` gives any block of ordered pairs.

    Attributes:
        gene: (genes, len(GENE_STATISTICS)) float32.
    """

    def __init__(self, expression: Tensor, known: KnownTensors):
        """Prepare.

        Args:
            expression: (genes, cells) float32, finite.
            known: evidence of the same genes and cells.
        """
        self._known = known
        self._standard = ranks(expression)
        genes, cells = expression.shape
        self._none = expression.new_zeros(genes)
        self._effect: Tensor | None = None
        own = [self._none] * 3
        if known.target is not None and known.fold is not None:
            own = self._perturbations(known.target, known.fold, genes, cells)
        flags = [
            self._flagged(known.protein_genes),
            self._none + float(known.promoters is not None),
            self._none + float(known.velocity is not None),
            self._none + float(bool(known.priors)),
        ]
        self._protein = None
        if known.protein is not None and known.protein_genes is not None:
            self._protein = self._none[:, None].repeat(1, cells)
            self._protein[known.protein_genes] = ranks(known.protein)
        self._promoters = None if known.promoters is None else ranks(known.promoters)
        self._velocity = None
        if known.velocity is not None:
            self._velocity = ranks(known.velocity)
        degrees = [self._none, self._none]
        self._agreement: list[Tensor] = []
        if known.priors:
            self._agreement = self._agreements(known.priors)
            degrees = [
                torch.stack([p.sum(axis) for p in known.priors]).to(expression).mean(0) / genes
                for axis in (1, 0)
            ]
        self.gene = torch.stack([*own, *flags, *degrees], 1)

    def _flagged(self, genes: Tensor | None) -> Tensor:
        found = self._none.clone()
        if genes is not None:
            found[genes] = 1
        return found

    def _perturbations(self, target: Tensor, fold: Tensor, genes: int, cells: int) -> list[Tensor]:
        """Effects of each perturbed gene; returns the three statistics of genes."""
        # Ranks are centred, and of length 1 over all cells: times this, their variance is 1.
        scaled = self._standard * cells**0.5
        plain = target == NO_TARGET
        rest, number_of_rest = scaled[:, plain].mean(1), int(plain.sum())
        spread = scaled[:, plain].std(1) if number_of_rest > 1 else self._none
        numbers = torch.bincount(target[target >= 0], minlength=genes)
        perturbed = numbers.nonzero()[:, 0] if number_of_rest > 1 else numbers[:0]
        # One row per perturbed gene, and one of nothing for all others.
        self._row = torch.full((genes,), len(perturbed), device=scaled.device)
        self._row[perturbed] = torch.arange(len(perturbed), device=scaled.device)
        effect = scaled.new_zeros(len(perturbed) + 1, genes)
        z, place = effect.clone(), effect.clone()
        own_effect = self._none.clone()
        for row, gene in enumerate(perturbed.tolist()):
            cells_of = (target == gene).nonzero()[:, 0]
            # Less of the gene and less of the target is activation.
            direction = torch.where(fold[cells_of] < 1, -1.0, 1.0).to(scaled).mean()
            own = scaled[:, cells_of]
            effect[row] = (own.mean(1) - rest) * direction
            own_effect[gene] = effect[row, gene]
            variance = own.var(1).nan_to_num(0.0) if len(cells_of) > 1 else spread**2
            error = (variance / len(cells_of) + spread**2 / number_of_rest).sqrt()
            z[row] = (effect[row] / error.clamp_min(_LEAST)).clamp(-_FAR, _FAR)
            # A gene's effect on itself is not one on others.
            size = z[row].abs()
            others = torch.cat([size[:gene], size[gene + 1 :]])
            deviation = others.std().nan_to_num(0.0) + _LEAST
            place[row] = ((size - others.mean()) / deviation).clamp(-_FAR, _FAR)
        self._effect = torch.stack([effect, z, place], -1)
        known = torch.zeros_like(self._none)
        known[perturbed] = 1
        return [known, torch.log10(1 + numbers * known), own_effect]

    def _agreements(self, priors: Sequence[Tensor]) -> list[Tensor]:
        """How much larger rank correlations are where each prior has edges, in sd of all."""
        genes = len(self._standard)
        everywhere, squares = self._standard.new_zeros(2, dtype=torch.float64)
        there = self._standard.new_zeros(len(priors), dtype=torch.float64)
        for rows in torch.arange(genes, device=self._standard.device).split(_ROWS):
            size = (self._standard[rows] @ self._standard.T).abs().double()
            size[rows - rows[0], rows] = 0  # of a gene with itself
            everywhere, squares = everywhere + size.sum(), squares + size.square().sum()
            there += torch.stack([size[prior[rows]].sum() for prior in priors])
        pairs = genes * (genes - 1)
        mean = everywhere / pairs
        deviation = ((squares - pairs * mean.square()) / (pairs - 1)).clamp_min(0).sqrt()
        edges = [int(prior.sum() - prior.diagonal().sum()) for prior in priors]
        found = [
            (total / number - mean) / (deviation + _LEAST) if number else 0 * mean
            for total, number in zip(there, edges, strict=True)
        ]
        return [agreement.to(self._standard) for agreement in found]

    def pairs(self, regulators: Tensor, targets: Tensor) -> Tensor:
        """Statistics (regulators, targets, len(PAIR_STATISTICS)) of pairs of these genes."""
        standard = self._standard
        nothing = standard.new_zeros(len(regulators), len(targets))
        found = [nothing] * 3
        if self._effect is not None:
            found = list(self._effect[self._row[regulators]][:, targets].unbind(-1))
        protein = [nothing, nothing]
        if self._protein is not None:
            own, mrna = self._protein[regulators], standard[regulators]
            direct = own @ standard[targets].T
            given = (own * mrna).sum(1, keepdim=True)
            protein = [direct, _partial(direct, mrna @ standard[targets].T, given)]
            protein[1] = protein[1] * (own.square().sum(1, keepdim=True) > 0)
        promoter = nothing
        if self._promoters is not None:
            promoter = standard[regulators] @ self._promoters[targets].T
        velocity = nothing
        if self._velocity is not None:
            # A gene's velocity falls with its own mRNA, whoever drives it.
            own, rate = standard[targets], self._velocity[targets]
            mrna = standard[regulators]
            velocity = _partial(mrna @ rate.T, mrna @ own.T, (own * rate).sum(1))
            velocity = velocity * (regulators[:, None] != targets)
        share, agreement = nothing, nothing
        if self._known.priors:
            blocks = torch.stack(
                [p[regulators][:, targets].to(standard) for p in self._known.priors]
            )
            share = blocks.mean(0)
            weights = torch.stack(self._agreement)[:, None, None]
            agreement = (blocks * weights).sum(0) / blocks.sum(0).clamp_min(1)
        return torch.stack([*found, *protein, promoter, velocity, share, agreement], -1)


def _partial(direct: Tensor, with_third: Tensor, third: Tensor) -> Tensor:
    """Partial correlation of two variables given a third, from the correlations of each two."""
    scale = ((1 - with_third.square()) * (1 - third.square())).clamp_min(_LEAST).sqrt()
    return ((direct - with_third * third) / scale).clamp(-1, 1)
