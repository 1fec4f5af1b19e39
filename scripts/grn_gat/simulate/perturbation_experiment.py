"""Which cells of an experiment have which gene perturbed, and what that does to the gene.

An experiment is planned before its cells are simulated, so that perturbed cells and those beside
them are drawn, and then measured, together. As in pooled screens (Dixit et al., Cell 2016) a cell
has one gene perturbed at most, and of the cells that were meant to be perturbed some escape. A
knock-down leaves a remainder (of CRISPRi a tenth and more: Replogle et al., Cell 2022). A
frameshift (CRISPR-Cas9) may leave the mRNA; then only the protein is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from grn_gat.simulate.transcriptional import Perturbation
from grn_gat.simulate.transcriptional_topology import log_uniform

NONE = -1  # target of a cell that nothing is done to
KNOCK_OUT, KNOCK_DOWN, OVER_EXPRESSION = "knock-out", "knock-down", "over-expression"
MIXED = "mixed"  # each gene its own
KINDS = (KNOCK_OUT, KNOCK_DOWN, OVER_EXPRESSION)


@dataclass(frozen=True, eq=False)
class Experiment:
    """Cells, or runs of a simulation in time, and what is done to each; C is their number.

    Attributes:
        target: (C,) int32: index of the perturbed gene, `NONE` where there is none.
        fold: (C,) float32: what the gene is meant to be multiplied by: 0 is a knock-out, 1 nothing.
        escaped: (C,) bool: nothing happened, though the cell counts as perturbed.
        protein_only: whether knock-outs leave the gene's mRNA.
    """

    target: np.ndarray
    fold: np.ndarray
    escaped: np.ndarray
    protein_only: bool = False

    def __len__(self) -> int:
        return len(self.target)

    @property
    def effect(self) -> np.ndarray:
        """(C,) float32: what the gene is multiplied by indeed, as its targets see it."""
        return np.where(self.escaped, np.float32(1), self.fold)

    @property
    def mrna_effect(self) -> np.ndarray:
        """(C,) float32: what the gene's mRNA is multiplied by."""
        return np.where(self.protein_only & (self.fold == 0), np.float32(1), self.effect)

    @property
    def genes(self) -> np.ndarray:
        """Indices of the perturbed genes, ascending."""
        return np.unique(self.target[self.target != NONE])

    def at(self, indices: np.ndarray | slice) -> Self:
        """The experiment of some of its cells, or of cells of some of its runs, in this order."""
        return replace(
            self,
            target=self.target[indices],
            fold=self.fold[indices],
            escaped=self.escaped[indices],
        )

    def without_effect(self) -> Self:
        """The same cells, to which nothing is done: what a causal effect is the difference to."""
        return replace(self, fold=np.ones_like(self.fold))

    def perturbation(self) -> Perturbation:
        """What is done, as `transcriptional.rates` takes it."""
        genes = self.genes
        of_gene = self.target == genes[:, None]
        acting, mrna = (
            np.where(of_gene, effect, np.float32(1)) for effect in (self.effect, self.mrna_effect)
        )
        return Perturbation(genes, acting, mrna)

    def mrna_folds(self, genes: int) -> np.ndarray:
        """(genes, C) float32: what the mRNA of each gene is multiplied by."""
        return self._of_genes(genes, self.mrna_effect)

    def translation_folds(self, genes: int) -> np.ndarray:
        """(genes, C) float32: what the making of proteins from mRNA is multiplied by, 0 or 1."""
        lost = self.effect != self.mrna_effect
        return self._of_genes(genes, np.where(lost, np.float32(0), np.float32(1)))

    def _of_genes(self, genes: int, effect: np.ndarray) -> np.ndarray:
        found = np.ones((genes, len(self)), np.float32)
        perturbed = np.flatnonzero(self.target != NONE)
        found[self.target[perturbed], perturbed] = effect[perturbed]
        return found


def draw_experiment(
    settings: Mapping, regulators: np.ndarray, unperturbed: int, rng: np.random.Generator
) -> Experiment:
    """Plan an experiment: unperturbed cells, and after them those of one gene after another.

    Args:
        settings: block `evidence.perturbations` of the pretraining config.
        regulators: (genes,) bool; in some experiments only these are perturbed.
        unperturbed: cells beside those that are perturbed.
        rng: source of every draw.
    """
    return _planned(settings, regulators, unperturbed, settings["most_cells"], 1, rng)


def draw_experiment_of_runs(
    settings: Mapping, regulators: np.ndarray, runs: int, times: int, rng: np.random.Generator
) -> Experiment:
    """Plan an experiment of simulated runs, of each of which several cells are seen.

    Args:
        settings, regulators, rng: as of `draw_experiment`.
        runs: all of them; at most half of them are perturbed.
        times: cells of a run. A gene is perturbed in as many runs as the most cells of one take, so
            that the cells of a gene that has fewer are of several runs.
    """
    planned = _planned(settings, regulators, runs, runs // 2, times, rng)
    return planned.at(slice(-runs, None))


def _planned(
    settings: Mapping,
    regulators: np.ndarray,
    unperturbed: int,
    most: int,
    times: int,
    rng: np.random.Generator,
) -> Experiment:
    """An experiment of at most `most` perturbed units, of `times` cells each."""
    candidates = np.arange(len(regulators))
    if regulators.any() and rng.random() < settings["regulators_only_share"]:
        candidates = np.flatnonzero(regulators)
    share = float(log_uniform(rng, settings["genes"]))
    genes = rng.permutation(candidates)[: max(1, round(share * len(candidates)))]
    least, largest = settings["cells"]
    units = np.ceil(log_uniform(rng, (least, largest), len(genes))).astype(int)
    if times > 1:
        units = np.full(len(genes), max(1, largest // times))
    # Of large experiments as many genes as there is room for, and of the first all that fits.
    units[0] = min(units[0], most)
    fits = np.cumsum(units) <= most
    genes, units = genes[fits], units[fits]
    folds = _draw_folds(settings, len(genes), rng)
    escape = rng.uniform(*settings["escape"])
    target = np.repeat(genes, units).astype(np.int32)
    fold = np.repeat(folds, units)
    escaped = rng.random(len(target)) < escape
    # Of a stream of its own, else the next plan would be another.
    protein_only = bool(rng.spawn(1)[0].random() < settings["protein_only_share"])
    return Experiment(
        np.concatenate([np.full(unperturbed, NONE, np.int32), target]),
        np.concatenate([np.ones(unperturbed, np.float32), fold]),
        np.concatenate([np.zeros(unperturbed, bool), escaped]),
        protein_only,
    )


def _draw_folds(settings: Mapping, genes: int, rng: np.random.Generator) -> np.ndarray:
    """What genes are multiplied by (genes,) float32; all by one kind of perturbation, or mixed."""
    kinds = settings["kinds"]
    names = sorted(kinds)  # whatever the order in a config
    shares = np.array([kinds[name] for name in names], float)
    kind = names[rng.choice(len(names), p=shares / shares.sum())]
    own = rng.choice(len(KINDS), genes) if kind == MIXED else np.full(genes, KINDS.index(kind))
    least, largest = settings["remainder"]
    remainder = rng.uniform(least, largest, genes)
    more = log_uniform(rng, settings["over_expression"], genes)
    return np.choose(own, [np.zeros(genes), remainder, more]).astype(np.float32)
