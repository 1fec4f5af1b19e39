"""Who regulates whom in networks of the size and shape of real ones: hubs, leaves, modules.

A minority of the genes regulates (transcription factors). How often one is chosen by a target falls
as a power of its rank, as out-degrees of known regulatory networks do (Babu et al., Current Opinion
in Structural Biology 2004); within a module it is chosen more often, so that regulators of a module
share targets. Some regulators have no regulator (masters: what differs between cell types acts on
them), and some other genes have none either.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

Range = tuple[float, float]


@dataclass(frozen=True)
class TranscriptionalSettings:
    """What networks and cells are drawn from: block `transcriptional` of the pretraining config.

    The schema says what each key means; a pair of numbers is a range, uniform unless it says so.
    """

    genes: tuple[int, int]
    regulators: Range
    hub_exponent: Range
    in_degree_mean: Range
    in_degree_max: int
    masters: Range
    unregulated: Range
    modules: tuple[int, int]
    module_preference: Range
    activation_share: Range
    cyclic_share: float
    linear_share: float
    steepness: Range
    threshold_sd: float
    strength: Range
    largest_gain: float
    noise: Range
    activity_noise: Range
    basal_sd: Range
    types: tuple[int, int]
    type_masters: Range
    type_sd: Range
    branching: Range
    evenness: float
    trajectory_share: float
    moving_share: float
    lifetime: Range
    factors: tuple[int, int]
    factor_kinds: Mapping[str, float]
    factor_genes: Range
    factor_sd: Range
    cells: int
    lag_steps: int
    feedback_rounds: int

    @classmethod
    def from_config(cls, block: Mapping) -> Self:
        """Return the settings of a block of the config; keys that are not of these are ignored."""
        values: dict[str, Any] = {f.name: block[f.name] for f in fields(cls) if f.name in block}
        ranges = {name: tuple(v) for name, v in values.items() if isinstance(v, list)}
        return cls(**values | ranges)


@dataclass(frozen=True)
class Topology:
    """Edges of a network.

    Attributes:
        signs: (genes, genes) int8: +1 where row activates column, -1 where it represses it, else 0.
        regulators: (genes,) bool: transcription factors, candidates of an inference. One that no
            target chose is among them.
        masters: (genes,) bool: the regulators that are not regulated themselves.
        modules: (genes,) int: the module of each gene.
        levels: (genes,) int: length of the longest path that leads to a gene; None with feedback.
    """

    signs: np.ndarray
    regulators: np.ndarray
    masters: np.ndarray
    modules: np.ndarray
    levels: np.ndarray | None


def log_uniform(rng: np.random.Generator, limits: Range, size: int | None = None) -> np.ndarray:
    """Draw numbers whose logarithm is uniform between the logarithms of both limits."""
    return np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]), size))


def draw_topology(
    settings: TranscriptionalSettings, rng: np.random.Generator, genes: int
) -> Topology:
    """Draw the edges of a network of so many genes, at least 3; no gene regulates itself."""
    number = int(np.clip(round(genes * rng.uniform(*settings.regulators)), 2, genes - 1))
    modules = rng.integers(rng.integers(settings.modules[0], settings.modules[1] + 1), size=genes)
    cyclic = rng.random() < settings.cyclic_share
    # Genes are in causal order here, regulators first; which of them are hubs has no part in it.
    masters = np.zeros(genes, bool)
    masters[: max(1, round(number * rng.uniform(*settings.masters)))] = True
    degree = rng.geometric(1 / rng.uniform(*settings.in_degree_mean), genes)
    idle = rng.random(genes) < rng.uniform(*settings.unregulated)
    idle[:number] = masters[:number]
    degree[idle] = 0

    ranks = rng.permutation(number) + 1
    preference = np.log(log_uniform(rng, settings.module_preference))
    wanted = -rng.uniform(*settings.hub_exponent) * np.log(ranks)[:, None]
    wanted = wanted + preference * (modules[:number, None] == modules)
    # The largest of log weight + Gumbel are a draw without replacement (Efraimidis and Spirakis
    # 2006), for all targets at once.
    keys = wanted + rng.gumbel(size=wanted.shape)
    before = np.arange(number)[:, None]
    allowed = before != np.arange(genes) if cyclic else before < np.arange(genes)
    keys[~allowed] = -np.inf
    degree = np.minimum(np.minimum(degree, settings.in_degree_max), allowed.sum(axis=0))
    most = min(settings.in_degree_max, number)
    best = np.argpartition(-keys, most - 1, axis=0)[:most]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(keys, best, 0), axis=0), 0)
    place, target = np.nonzero(np.arange(most)[:, None] < degree)
    signs = np.zeros((genes, genes), np.int8)
    activates = rng.random(len(target)) < rng.uniform(*settings.activation_share)
    signs[best[place, target], target] = np.where(activates, 1, -1)

    order = rng.permutation(genes)  # else the place of a gene would tell what it does
    levels = None if cyclic else _levels(signs, number)[order]
    regulators = np.arange(genes) < number
    return Topology(
        signs[np.ix_(order, order)], regulators[order], masters[order], modules[order], levels
    )


def _levels(signs: np.ndarray, number: int) -> np.ndarray:
    """Longest path to each gene; the first `number` genes regulate, and only later ones."""
    levels = np.zeros(len(signs), int)
    for regulator in range(number):
        targets = np.flatnonzero(signs[regulator])
        levels[targets] = np.maximum(levels[targets], levels[regulator] + 1)
    return levels
