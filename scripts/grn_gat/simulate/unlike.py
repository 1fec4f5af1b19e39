"""Data sets unlike those that the zero-shot model was trained on, with known edges.

The conditions under which its scores should not be trusted are judged on them, and on others like
those of the training; nothing is trained. Networks are Boolean ones of the training's kind, or of
hubs and leaves: a few genes regulate all others. What is measured of a cell are counts, as they are
or divided by the cell's total; of some data sets a part of the genes is left out after that. Every
way to measure has the same number of data sets. Numbers are those of the block `unlike` of the
pretraining config.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.simulate.chunks import Excluded, Sample, as_samples, draw_chunk
from grn_gat.simulate.dropout import apply_dropout
from grn_gat.simulate.linear_networks import draw_linear_chunk, draw_states

NORMALISED, COUNTED, HUBS, LIKE = "normalised", "counted", "hub-and-leaf", "like training"
KINDS = (NORMALISED, COUNTED, HUBS, LIKE)
_TARGET_SUM = 1e4  # of a cell that was divided by its total


@dataclass(frozen=True)
class View:
    """A way to measure cells.

    Attributes:
        counts: whether counts are drawn; else the expression is taken as it is.
        divided: whether each cell is divided by its total.
        cut: whether some of the genes are left out after that.
        logarithms: whether log(1 + x) is taken.
    """

    counts: bool
    divided: bool
    cut: bool
    logarithms: bool

    def __str__(self) -> str:
        words = {
            "counts": self.counts,
            "divided by totals": self.divided,
            "some genes": self.cut,
            "log1p": self.logarithms,
        }
        return ", ".join(word for word, applies in words.items() if applies)


_BOTH = (False, True)
VIEWS: Mapping[str, list[View]] = {
    NORMALISED: [View(c, True, cut, log) for c, cut, log in product(_BOTH, _BOTH, _BOTH)],
    COUNTED: [View(True, False, False, log) for log in _BOTH],
    HUBS: [
        View(True, divided, cut, log)
        for divided, cut, log in product(_BOTH, _BOTH, _BOTH)
        if divided or not cut
    ],
}


@dataclass(frozen=True)
class Drawn:
    """One data set.

    Attributes:
        what: how it was measured, in words.
        expression: array (genes, cells), >= 0.
        signs: array (genes, genes), not 0 where row regulates column.
        regulators: indices of the genes that are named as candidate regulators.
    """

    what: str
    expression: np.ndarray
    signs: np.ndarray
    regulators: np.ndarray


def draw_unlike(pretraining: Mapping, excluded: Excluded, seed: int, kind: str) -> list[Drawn]:
    """Draw the data sets of one kind.

    Args:
        pretraining: the config block, with `unlike`.
        excluded: networks that may not be among them.
        seed: integer that all draws descend from.
        kind: one of `KINDS`.
    """
    if kind == LIKE:
        return _like_training(pretraining, excluded, seed)
    settings, views = pretraining["unlike"], VIEWS[kind]
    number = settings["data_sets"] * len(views)
    samples = _hub_samples if kind == HUBS else _boolean_samples
    found = []
    for k, sample in enumerate(samples(pretraining, excluded, seed, kind, number)):
        rng = generator(seed, "unlike", kind, k)
        values = some_cells(settings, rng, sample.expression.T.astype(float))
        view = views[k % len(views)]
        values, seen = measured(settings, rng, view, values)
        signs = sample.signs[np.ix_(seen, seen)]
        if kind == HUBS and rng.random() < settings["named_share"]:
            regulators = np.flatnonzero(signs.any(axis=1))
            found.append(Drawn(f"{view}, regulators named", values, signs, regulators))
        else:
            found.append(Drawn(str(view), values, signs, np.arange(len(signs))))
    return found


def _boolean_samples(
    pretraining: Mapping, excluded: Excluded, seed: int, kind: str, number: int
) -> list[Sample]:
    settings = pretraining["unlike"]
    networks = pretraining["networks"] | {key: settings[key] for key in ("sizes", "runs")}
    drawn, _ = draw_chunk(networks, excluded, seed, ("unlike", kind), number)
    return as_samples(drawn)


def _hub_samples(
    pretraining: Mapping, excluded: Excluded, seed: int, kind: str, number: int
) -> list[Sample]:
    """Samples of networks of hubs and leaves: cells at rest, with factors that act on all genes."""
    settings, linear = pretraining["unlike"], pretraining["networks_linear"]
    found = []
    for k in range(number):
        rng = generator(seed, "unlike", kind, "network", k)
        signs = hub_signs(settings, rng, round(_log_uniform(rng, settings["hub_genes"])))
        cells = settings["cells"][1]
        states = draw_states(linear, rng, signs, cells)
        factors = rng.poisson(settings["hidden_factors"])
        loads = rng.normal(size=(factors, len(signs))) * rng.uniform(*settings["factor_sd"])
        states = states + rng.normal(size=(cells, factors)) @ loads
        narrowest, widest = linear["spread"]
        values = np.exp(states / states.std(0) * rng.uniform(narrowest, widest, len(signs)))
        found.append(Sample(values, np.zeros(cells), signs, kind))
    return found


def _like_training(pretraining: Mapping, excluded: Excluded, seed: int) -> list[Drawn]:
    """Networks of both kinds of the training, at the dropout levels of its validation."""
    settings, levels = pretraining["unlike"], pretraining["validation"]["dropout"]
    number = settings["data_sets"] * len(levels)
    networks = pretraining["networks"] | {"runs": settings["runs"]}
    boolean, _ = draw_chunk(networks, excluded, seed, ("unlike", LIKE), number)
    linear, _ = draw_linear_chunk(
        pretraining["networks_linear"], excluded, seed, ("unlike", LIKE), number
    )
    found = []
    for k, sample in enumerate([*as_samples(boolean), *linear]):
        rng = generator(seed, "unlike", LIKE, k)
        level = levels[k % len(levels)]
        values = some_cells(settings, rng, sample.expression.T.astype(float))
        values = apply_dropout(values, level / 100, level / 100, rng)
        what = f"{'Boolean' if k < number else 'linear'}, dropout {level} %"
        found.append(Drawn(what, values, sample.signs, np.arange(len(values))))
    return found


def _log_uniform(rng: np.random.Generator, limits: tuple[float, float], size: Any = None) -> Any:
    return np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]), size))


def some_cells(settings: Mapping, rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Return as many of the cells of an array (genes, cells) as are drawn."""
    number = min(values.shape[1], round(_log_uniform(rng, settings["cells"])))
    return values[:, np.sort(rng.choice(values.shape[1], number, replace=False))]


def hub_signs(settings: Mapping, rng: np.random.Generator, genes: int) -> np.ndarray:
    """Draw a network without feedback: the first genes regulate, with Zipf-distributed targets.

    Args:
        settings: block `unlike` of the pretraining config.
        rng: source of every draw.
        genes: number of genes.

    Returns:
        Signs (genes, genes), regulators before their targets.
    """
    number = max(3, round(genes * rng.uniform(*settings["regulators"])))
    exponent = float(rng.uniform(*settings["hub_exponent"]))
    weights = 1 / np.arange(1, number + 1) ** exponent
    mean = rng.uniform(*settings["in_degree_mean"])
    activation = rng.uniform(*settings["activation_share"])
    signs = np.zeros((genes, genes), np.int8)
    for target in range(1, genes):
        allowed = weights[: min(target, number)]
        degree = min(int(rng.geometric(1 / mean)), len(allowed))
        chosen = rng.choice(len(allowed), degree, replace=False, p=allowed / allowed.sum())
        signs[chosen, target] = np.where(rng.random(degree) < activation, 1, -1)
    return signs


def counted(settings: Mapping, rng: np.random.Generator, expression: np.ndarray) -> np.ndarray:
    """Draw counts of cells: Poisson, or negative binomial, of a depth that differs between cells.

    Args:
        settings: block `unlike` of the pretraining config.
        rng: source of every draw.
        expression: array (genes, cells), >= 0.

    Returns:
        Counts (genes, cells), as floating-point numbers.
    """
    genes, cells = expression.shape
    mean = expression.mean(axis=1, keepdims=True)
    rate = expression / np.where(mean > 0, mean, 1)
    rate = rate * _log_uniform(rng, settings["counts_mean"], (genes, 1))
    rate = rate * np.exp(rng.normal(0, settings["depth_sd"], cells))
    dispersion = float(rng.choice(settings["dispersion"]))
    if dispersion:
        rate = rate * rng.gamma(1 / dispersion, dispersion, rate.shape)
    return rng.poisson(rate).astype(float)


def measured(
    settings: Mapping, rng: np.random.Generator, view: View, expression: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is measured of cells (genes, cells), and the indices of the genes that are seen.

    A cell without any count is left out where cells are divided by their totals.
    """
    genes = np.arange(len(expression))
    if view.counts:
        expression = counted(settings, rng, expression)
    if view.divided:
        total = expression.sum(axis=0)
        expression = expression[:, total > 0] / total[total > 0] * _TARGET_SUM
    if view.cut:
        number = max(3, round(len(genes) * rng.uniform(*settings["seen"])))
        genes = np.sort(rng.choice(genes, number, replace=False))
    if view.logarithms:
        expression = np.log1p(expression)
    return expression[genes], genes
