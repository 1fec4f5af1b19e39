"""Perturbed cells of linear networks: an intervention on the structural equations.

What a cell has of a gene's mRNA is exp(s x), s the gene's spread. Multiplied by a fold it is that
of x + log(fold) / s, and that is what the gene's targets see in place of x, up to `LIMIT` standard
deviations from the mean: there a knock-out puts them, of which nothing is left, or nothing but its
mRNA. With feedback the gene itself answers to what its targets make of it; what its targets see of
a knock-out does not.
"""

from collections.abc import Mapping

import numpy as np

from grn_gat.simulate.linear_networks import LinearEquations, draw_equations, solved
from grn_gat.simulate.perturbation_experiment import NONE, Experiment
from grn_gat.simulate.transcriptional import LIMIT, single

_LEAST_ANSWER = 0.5  # of a gene to itself; below, what loops make of a knock-out is not undone


def linear_rates(
    settings: Mapping,
    rng: np.random.Generator,
    signs: np.ndarray,
    spread: np.ndarray,
    cells: int,
    experiment: Experiment | None = None,
) -> np.ndarray:
    """Draw the mRNA of cells, (genes, cells) float32.

    Args:
        settings: block `networks_linear` of the pretraining config.
        rng: source of every draw, those of `linear_networks.draw_states`; none depends on the
            experiment.
        signs: (genes, genes), +1 where row activates column, -1 where it represses it.
        spread: (genes,): standard deviation of the logarithm of a gene's mRNA.
        cells: their number.
        experiment: what is done to each of them.
    """
    equations = draw_equations(settings, rng, signs, cells)
    states, scale = solved(equations)
    mean, sd = states.mean(0), states.std(0)
    if experiment is not None:
        shifts = _shifts((states - mean) / sd, spread, experiment) * sd
        if equations.order is None:
            states = _with_feedback(equations, states, shifts, experiment)
        else:
            states = _in_order(equations, equations.order, scale, shifts)
    rates = single(np.exp((states - mean) / sd * spread).T)
    return rates if experiment is None else rates * experiment.mrna_folds(len(signs))


def _shifts(standard: np.ndarray, spread: np.ndarray, experiment: Experiment) -> np.ndarray:
    """By how much cells have the perturbed gene changed, (cells, genes), in standard deviations."""
    shifts = np.zeros(standard.shape)
    effect = experiment.effect
    cells = np.flatnonzero((experiment.target != NONE) & (effect != 1))
    genes = experiment.target[cells]
    own = standard[cells, genes]
    with np.errstate(divide="ignore"):
        wanted = own + np.log(effect[cells]) / spread[genes]
    # Some cells are beyond the limit by themselves: those stay.
    wanted = np.clip(wanted, np.minimum(own, -LIMIT), np.maximum(own, LIMIT))
    shifts[cells, genes] = wanted - own
    return shifts


def _in_order(
    equations: LinearEquations, order: list[int], scale: np.ndarray, shifts: np.ndarray
) -> np.ndarray:
    """States (cells, genes), of which targets see those that are shifted."""
    states = equations.own.copy()
    seen = states.copy()
    for v in order:
        drive = np.tanh(seen) if equations.saturates else seen
        states[:, v] = (states[:, v] + drive @ equations.weights[:, v]) / scale[v]
        seen[:, v] = states[:, v] + shifts[:, v]
    return states


def _with_feedback(
    equations: LinearEquations, plain: np.ndarray, shifts: np.ndarray, experiment: Experiment
) -> np.ndarray:
    """States (cells, genes) at rest, of which targets see those that are shifted.

    With x = x W + e in rows and T = 1 / (1 - W), a shift d that targets see of gene g changes x by
    d (T - 1) in row g, and what they see of g itself by d T_gg.
    """
    genes = len(equations.weights)
    total = np.linalg.inv(np.eye(genes) - equations.weights)
    # Rounding errors of the inverse must not reach genes that no path leads to.
    change = np.where(descending(equations.weights != 0), total - np.eye(genes), 0)
    states = plain.copy()
    for gene in experiment.genes:
        shift = shifts[:, gene].copy()
        shift[(experiment.target == gene) & (experiment.effect == 0)] /= max(
            total[gene, gene], _LEAST_ANSWER
        )
        cells = np.flatnonzero(shift)
        states[cells] += shift[cells, None] * change[gene]
    return states


def descending(edge: np.ndarray) -> np.ndarray:
    """Whether a path of at least one edge leads from row to column."""
    found = edge.astype(np.float32)
    while True:
        longer = np.minimum(found + found @ found, 1)
        if (longer == found).all():
            return found > 0
        found = longer
