"""What is known of the cells of a data set beside their expression, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from grn_gat.data.evidence_names import EVIDENCE, PERTURBATIONS, PRIOR

# Targets of cells, as the zero-shot model was trained with (`simulate.evidence`).
NO_TARGET = -1  # nothing was done to the cell
UNSEEN = -2  # something was done to a gene that is not among the genes


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence of one data set, of its genes and cells in their order; None where there is none.

    Attributes:
        target: (cells,) int64: which gene is perturbed in a cell, `NO_TARGET` or `UNSEEN`.
        fold: (cells,) float64: what that gene is about multiplied by, 0 for a knock-out; 1 where
            nothing is done.
        protein: (proteins, cells) float64.
        protein_genes: (proteins,) int64: their genes, ascending.
        activity: (genes, cells) float64: activity of promoters; 0 in all cells where it was not
            measured.
        velocity: (genes, cells) float64, in the same way.
        priors: (genes, genes) bool, row to column, of each prior network.
    """

    target: np.ndarray | None = None
    fold: np.ndarray | None = None
    protein: np.ndarray | None = None
    protein_genes: np.ndarray | None = None
    activity: np.ndarray | None = None
    velocity: np.ndarray | None = None
    priors: tuple[np.ndarray, ...] = ()

    @property
    def kinds(self) -> list[str]:
        """The kinds that there are, of `evidence_names.EVIDENCE`."""
        there = {
            PERTURBATIONS: self.target is not None,
            PRIOR: bool(self.priors),
            "protein": self.protein is not None,
            "activity": self.activity is not None,
            "velocity": self.velocity is not None,
        }
        return [kind for kind in EVIDENCE if there[kind]]

    def only(self, kinds: Sequence[str]) -> Self:
        """Return what there is of these kinds."""
        perturbed, protein = PERTURBATIONS in kinds, "protein" in kinds
        return replace(
            self,
            target=self.target if perturbed else None,
            fold=self.fold if perturbed else None,
            protein=self.protein if protein else None,
            protein_genes=self.protein_genes if protein else None,
            activity=self.activity if "activity" in kinds else None,
            velocity=self.velocity if "velocity" in kinds else None,
            priors=self.priors if PRIOR in kinds else (),
        )

    def of_cells(self, indices: np.ndarray) -> Self:
        """Return the evidence of some of the cells."""

        def chosen(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[..., indices]

        return replace(
            self,
            target=chosen(self.target),
            fold=chosen(self.fold),
            protein=chosen(self.protein),
            activity=chosen(self.activity),
            velocity=chosen(self.velocity),
        )

    def of_genes(self, indices: np.ndarray) -> Self:
        """Return the evidence where only these genes (ascending indices) are in the data.

        Cells whose perturbed gene is not among them become `UNSEEN`.
        """
        target, protein, genes = self.target, self.protein, self.protein_genes
        if target is not None:
            seen = np.where(np.isin(target, indices), np.searchsorted(indices, target), UNSEEN)
            target = np.where(target == NO_TARGET, NO_TARGET, seen)
        if protein is not None and genes is not None:
            kept = np.isin(genes, indices)
            some = bool(kept.any())
            protein = protein[kept] if some else None
            genes = np.searchsorted(indices, genes[kept]) if some else None
        return replace(
            self,
            target=target,
            protein=protein,
            protein_genes=genes,
            activity=None if self.activity is None else self.activity[indices],
            velocity=None if self.velocity is None else self.velocity[indices],
            priors=tuple(prior[np.ix_(indices, indices)] for prior in self.priors),
        )
