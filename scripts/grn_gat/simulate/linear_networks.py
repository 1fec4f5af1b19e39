"""Random networks of another kind than BoolODE's: linear or saturating regulation, cells at rest.

A cell is one draw of x_v = sum_u w_uv f(x_u) + e_v, with f the identity or tanh: it has no time and
no states, and genes differ by degrees where those of a Boolean network are on or off. What is
measured of it is exp of a multiple of x, or counts with a cell's own depth, as log(1 + count).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.boolean_networks import draw_size
from grn_gat.simulate.chunks import LINEAR, Excluded, Sample


def draw_signs(settings: Mapping, rng: np.random.Generator, genes: int) -> np.ndarray:
    """Signs (genes, genes): without feedback, or uniform regulators, with a geometric in-degree."""
    cyclic = rng.random() < settings["cyclic_share"]
    mean = rng.uniform(*settings["in_degree_mean"])
    activation = rng.uniform(*settings["activation_share"])
    signs = np.zeros((genes, genes), np.int8)
    for v in range(genes):
        allowed = np.delete(np.arange(genes), v) if cyclic else np.arange(v)
        number = min(rng.geometric(1 / mean), settings["in_degree_max"], len(allowed))
        regulators = rng.choice(allowed, number, replace=False) if number else []
        signs[regulators, v] = np.where(rng.random(number) < activation, 1, -1)
    order = rng.permutation(genes)
    return signs[np.ix_(order, order)]


def _ordered(signs: np.ndarray) -> list[int] | None:
    """Genes with regulators before targets; None where there is feedback."""
    waiting, found = set(range(len(signs))), []
    while waiting:
        free = [v for v in sorted(waiting) if not any(signs[u, v] for u in waiting)]
        if not free:
            return None
        found += free
        waiting -= set(free)
    return found


@dataclass(frozen=True, eq=False)
class LinearEquations:
    """Strengths of a network, and what is random in its cells.

    Attributes:
        weights: (genes, genes): of f of row in the equation of column; without feedback per
            standard deviation of the row.
        own: (cells, genes): e.
        order: genes with regulators before targets; None where there is feedback.
        saturates: whether f is tanh.
    """

    weights: np.ndarray
    own: np.ndarray
    order: list[int] | None
    saturates: bool


def draw_equations(
    settings: Mapping, rng: np.random.Generator, signs: np.ndarray, cells: int
) -> LinearEquations:
    """Draw the equations of cells; with feedback, weights that let them come to rest."""
    genes = len(signs)
    weakest, strongest = settings["strength"]
    weights = signs * rng.uniform(weakest, strongest, signs.shape)
    low, high = np.log(settings["noise"])
    own = rng.normal(size=(cells, genes)) * np.exp(rng.uniform(low, high, genes))
    order = _ordered(signs)
    if order is None:
        radius = np.abs(np.linalg.eigvals(weights)).max()
        weights = weights * min(1, settings["largest_eigenvalue"] / radius)
        return LinearEquations(weights, own, None, saturates=False)
    return LinearEquations(weights, own, order, rng.random() < settings["saturation_share"])


def solved(equations: LinearEquations) -> tuple[np.ndarray, np.ndarray]:
    """States (cells, genes), and what each was divided by (genes,): 1 where there is feedback."""
    weights, order = equations.weights, equations.order
    scale = np.ones(len(weights))
    if order is None:
        return np.linalg.solve((np.eye(len(weights)) - weights).T, equations.own.T).T, scale
    states = equations.own.copy()
    for v in order:
        drive = np.tanh(states) if equations.saturates else states
        states[:, v] += drive @ weights[:, v]
        # Else variances would tell the order of the genes (Reisach et al., NeurIPS 2021).
        scale[v] = states[:, v].std()
        states[:, v] /= scale[v]
    return states, scale


def draw_states(
    settings: Mapping, rng: np.random.Generator, signs: np.ndarray, cells: int
) -> np.ndarray:
    """Log expression (cells, genes), each gene with mean 0 and standard deviation 1.

    Without feedback, weights are per standard deviation of the regulator; with feedback they are
    scaled down until the cells have a resting state.
    """
    states, _ = solved(draw_equations(settings, rng, signs, cells))
    return (states - states.mean(0)) / states.std(0)


def measured(settings: Mapping, rng: np.random.Generator, states: np.ndarray) -> np.ndarray:
    """Expression (cells, genes) of the states."""
    cells, genes = states.shape
    narrowest, widest = settings["spread"]
    values = np.exp(states * rng.uniform(narrowest, widest, genes))
    if rng.random() >= settings["counts_share"]:
        return values.astype(np.float32)
    low, high = np.log(settings["counts_mean"])
    depth = np.exp(rng.normal(0, settings["depth_sd"], (cells, 1)))
    rate = values / values.mean(0) * np.exp(rng.uniform(low, high, genes)) * depth
    return np.log1p(rng.poisson(rate)).astype(np.float32)


def ranks_of_first_component(expression: np.ndarray) -> np.ndarray:
    """What serves as pseudotime of cells at rest: their ranks along the first component, [0, 1]."""
    centred = expression - expression.mean(0)
    spread = centred.std(0)
    centred = centred / np.where(spread > 0, spread, 1)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    ranks = np.argsort(np.argsort(centred @ vectors[:, -1], kind="stable"), kind="stable")
    return (ranks / max(len(ranks) - 1, 1)).astype(np.float32)


def draw_linear_chunk(
    settings: Mapping, excluded: Excluded, seed: int, names: tuple, number: int
) -> tuple[list[Sample], dict[str, int]]:
    """Draw `number` networks of the stream `names` and their cells.

    Returns the samples, and how many were drawn and left out: keys `drawn`, `isomorphic`. Raises
    InputError if all are copies of networks that are left out.
    """
    rng = generator(seed, *names, "linear")
    kept: list[Sample] = []
    counts = {"drawn": 0, "isomorphic": 0}
    while len(kept) < number:
        counts["drawn"] += 1
        signs = draw_signs(settings, rng, draw_size(settings, rng))
        if excluded.leaves_out(signs, "networks_linear"):
            counts["isomorphic"] += 1
            continue
        states = draw_states(settings, rng, signs, settings["cells"])
        expression = measured(settings, rng, states)
        kept.append(Sample(expression, ranks_of_first_component(expression), signs, LINEAR))
    return kept, counts
