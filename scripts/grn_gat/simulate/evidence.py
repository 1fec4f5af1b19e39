"""What is known of a network's cells beside their expression; a training data set has some of it.

    experiment = draw_experiment(...)              which cells are perturbed, or None
    cells      = ...                               simulated with it, then measured together
    evidence   = draw_evidence(...).of_genes(seen) the rest, of the same cells

Each piece is absent from half of the data sets or more (`share` of its block), each takes a stream
of its own, and none looks at another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from grn_gat.simulate import perturbation_experiment
from grn_gat.simulate.lineages import draw_pseudotime
from grn_gat.simulate.modalities import draw_promoters, draw_protein, draw_velocity
from grn_gat.simulate.perturbation_experiment import NONE, Experiment
from grn_gat.simulate.prior_network import draw_prior
from grn_gat.simulate.transcriptional import CellRates

_DRAWN = ("protein", "promoters", "velocity", "pseudotime", "prior")
UNSEEN = -2  # target of a cell whose perturbed gene is not in the file


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence of one data set; what it does not have is None.

    Cells are those of the rates that were measured, in their order; genes are those of the network
    until `of_genes` selects some.

    Attributes:
        target: (cells,) int32: the gene that is perturbed in a cell, -1 for none, -2 for one that
            is not among the genes.
        fold: (cells,) float32: what it was meant to be multiplied by, 0 for a knock-out, 1 where
            nothing is done. Whether that worked is not known.
        protein: (proteins, cells) float32.
        protein_genes: (proteins,) int32: their genes, ascending.
        promoters: (genes, cells) float32: counts of open promoters.
        velocity: (genes, cells) float32: change of the mRNA per lifetime.
        pseudotime: (lineages, cells) float32, NaN where a cell is not on the lineage.
        prior: (genes, genes) bool: edges of a prior network, row to column.
    """

    target: np.ndarray | None = None
    fold: np.ndarray | None = None
    protein: np.ndarray | None = None
    protein_genes: np.ndarray | None = None
    promoters: np.ndarray | None = None
    velocity: np.ndarray | None = None
    pseudotime: np.ndarray | None = None
    prior: np.ndarray | None = None

    def of_genes(self, indices: np.ndarray) -> Self:
        """The evidence where only these genes (ascending indices) are in the file.

        Of a protein whose gene is left out nothing remains.
        """
        found = replace(self)
        if self.target is not None:
            place = np.searchsorted(indices, self.target)
            place = np.where(np.isin(self.target, indices), place, UNSEEN)
            target = np.where(self.target == NONE, NONE, place).astype(np.int32)
            found = replace(found, target=target)
        if self.protein is not None and self.protein_genes is not None:
            kept = np.isin(self.protein_genes, indices)
            genes = np.searchsorted(indices, self.protein_genes[kept]).astype(np.int32)
            some = kept.any()
            found = replace(
                found,
                protein=self.protein[kept] if some else None,
                protein_genes=genes if some else None,
            )
        return replace(
            found,
            promoters=None if self.promoters is None else self.promoters[indices],
            velocity=None if self.velocity is None else self.velocity[indices],
            prior=None if self.prior is None else self.prior[np.ix_(indices, indices)],
        )


def draw_experiment(
    settings: Mapping, regulators: np.ndarray, unperturbed: int, rng: np.random.Generator
) -> Experiment | None:
    """Draw whether cells are perturbed, and which; None where none is.

    Args:
        settings: block `evidence` of the pretraining config.
        regulators: (genes,) bool.
        unperturbed: cells that nothing is done to, in either case.
        rng: source of every draw.
    """
    own = settings["perturbations"]
    if rng.random() >= own["share"]:
        return None
    return perturbation_experiment.draw_experiment(own, regulators, unperturbed, rng)


def draw_evidence(
    settings: Mapping,
    signs: np.ndarray,
    regulators: np.ndarray,
    rng: np.random.Generator,
    experiment: Experiment | None = None,
    cells: CellRates | None = None,
    parents: np.ndarray | None = None,
) -> Evidence:
    """Draw what a training data set has beside expression.

    Args:
        settings: block `evidence` of the pretraining config.
        signs: (genes, genes), not 0 where row regulates column.
        regulators: (genes,) bool: genes that can regulate.
        rng: source of every draw.
        experiment: what was done to the cells, which were simulated with it.
        cells: all that is known of them; None where the kind has nothing but their rates.
        parents: tree of their types; None where there is none.
    """
    streams = dict(zip(_DRAWN, rng.spawn(len(_DRAWN)), strict=True))

    def has(name: str) -> bool:
        return bool(streams[name].random() < settings[name]["share"])

    found: dict[str, np.ndarray] = {}
    if experiment is not None:
        found |= {"target": experiment.target, "fold": experiment.fold}
    if cells is not None:
        if has("protein") and len(cells.protein):
            rows, values = draw_protein(settings["protein"], cells.protein, streams["protein"])
            genes = np.flatnonzero(regulators)[rows].astype(np.int32)
            found |= {"protein": values, "protein_genes": genes}
        if has("promoters"):
            found["promoters"] = draw_promoters(settings["promoters"], cells, streams["promoters"])
        if has("velocity"):
            found["velocity"] = draw_velocity(settings["velocity"], cells, streams["velocity"])
        if parents is not None and cells.pseudotime is not None and has("pseudotime"):
            found["pseudotime"] = draw_pseudotime(
                settings["pseudotime"],
                parents,
                cells.type,
                cells.pseudotime,
                streams["pseudotime"],
            )
    if has("prior"):
        found["prior"] = draw_prior(settings["prior"], signs, regulators, streams["prior"])
    return Evidence(**found)
