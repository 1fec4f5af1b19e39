"""The null of relabelled genes: what average precision is left when genes swap their names.

Genes are permuted among the candidate regulators and among the other genes, and the score is
evaluated again. So a score that only knows that some genes have more edges than others as *classes*
(regulators among the targets), or whose ties are many, is compared with its like:

    z = (average precision - mean over relabellings) / their standard deviation

A random score is the wrong null there: a method that merely ranks regulators above other targets
beats it on most real references (`tests/unit/evaluate/test_relabelling.py`).

The candidate pairs of a network are all ordered pairs of a candidate regulator and another gene; a
relabelling maps them onto themselves. Scores are ranked once, and per relabelling only the edges
are looked up.
"""

import itertools
import math

import numpy as np

from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import tie_blocks

ABOVE_CHANCE = 3.0  # z from which a method is said to be above chance: many are asked at once
METRICS = ("relabelling_mean", "relabelling_sd", "relabelling_z")
_LOOKED_UP = 2_000_000  # edges times relabellings at once: tens of MB
_EQUAL = 1e-12  # a smaller spread of average precisions is rounding


def draw_permutations(
    regulator: np.ndarray, number: int, rng: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Permute genes within the candidate regulators and within the others.

    Args:
        regulator: (genes,) bool.
        number: how many to draw; where there are no more, each is taken once.
        rng: draws them.

    Returns:
        (permutations, genes) int32, the gene that stands in place of each; whether these are all.
    """
    classes = [np.flatnonzero(regulator), np.flatnonzero(~regulator)]
    every = math.prod(math.factorial(len(members)) for members in classes) <= number
    if every:
        orders = itertools.product(*map(itertools.permutations, classes))
        found = np.array([[*first, *second] for first, second in orders], dtype=np.int32)
    else:
        drawn = [rng.permuted(np.tile(members, (number, 1)), axis=1) for members in classes]
        found = np.concatenate(drawn, axis=1).astype(np.int32)
    table = np.empty_like(found)
    table[:, np.concatenate(classes)] = found
    return table, every


def relabelled_precisions(
    permutations: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    edge: np.ndarray,
    score: np.ndarray,
) -> np.ndarray:
    """Average precision under each relabelling, as `metrics.average_precision` of its labels.

    Args:
        permutations: (permutations, genes) as `draw_permutations` returns them.
        first, second: (pairs,) gene of each pair, a full product as `is_product` asks for.
        edge: (pairs,) bool, with at least one edge.
        score: (pairs,) float.

    Returns:
        (permutations,) float.
    """
    genes = permutations.shape[1]
    order, _, called = tie_blocks(score)
    sizes = np.diff(called, prepend=0)
    block = np.empty(genes * genes, dtype=np.int32)
    block[(first * genes + second)[order]] = np.repeat(np.arange(len(called)), sizes)
    sources, targets = first[edge], second[edge]
    edges = len(sources)
    step = max(1, _LOOKED_UP // edges)
    found = []
    for start in range(0, len(permutations), step):
        part = permutations[start : start + step]
        blocks = block[part[:, sources] * genes + part[:, targets]]
        blocks.sort(axis=1)
        if len(called) == len(score):  # no ties: the k-th edge brings precision k / its rank
            found.append((np.arange(1, edges + 1) / (blocks + 1)).mean(axis=1))
        else:
            found.append(_tied_precisions(blocks, called))
    return np.concatenate(found)


def _tied_precisions(blocks: np.ndarray, called: np.ndarray) -> np.ndarray:
    """Average precision of each row of `blocks`, the sorted tie blocks that its edges lie in."""
    edges = blocks.shape[1]
    ends = np.ones(blocks.shape, dtype=bool)
    np.not_equal(blocks[:, 1:], blocks[:, :-1], out=ends[:, :-1])
    place = np.flatnonzero(ends)
    hits = place % edges + 1
    before = np.concatenate([[0], hits[:-1]])
    before[before == edges] = 0  # the block before is the last one of another relabelling
    terms = (hits - before) * (hits / called[blocks.ravel()[place]])
    return np.bincount(place // edges, weights=terms, minlength=len(blocks)) / edges


def is_product(first: np.ndarray, second: np.ndarray, genes: int) -> bool:
    """Whether pairs are all ordered pairs of their regulators and other genes, each once.

    Args:
        first, second: (pairs,) gene of each pair, in 0 ... genes - 1.
        genes: number of genes that occur.
    """
    if len(first) != len(np.unique(first)) * (genes - 1) or (first == second).any():
        return False
    return bool(np.bincount(first * genes + second).max(initial=0) == 1)


class Relabelling:
    """Relabellings of one network, the same for everything that is scored on it.

    Args:
        number: relabellings to draw; all that there are where there are no more.
        seed: seed of the workflow.
        network: name of the network.
    """

    def __init__(self, number: int, seed: int, network: str) -> None:
        self._number, self._stream = number, (seed, "relabelling", network)
        self._drawn: dict[bytes, tuple[np.ndarray, bool]] = {}

    def _permutations(self, regulator: np.ndarray) -> tuple[np.ndarray, bool]:
        key = regulator.tobytes()
        if key not in self._drawn:
            rng = generator(*self._stream)
            self._drawn[key] = draw_permutations(regulator, self._number, rng)
        return self._drawn[key]

    def metrics(
        self,
        first: np.ndarray,
        second: np.ndarray,
        edge: np.ndarray,
        score: np.ndarray,
        precision: float,
    ) -> dict[str, float]:
        """Return METRICS of the pairs of one replicate.

        All are NaN without an edge, and where the pairs are not all those of the regulators (of a
        fold that failed); z is NaN where no relabelling changes anything.

        Args:
            first, second: (pairs,) gene of each pair, in 0 ... n - 1, all of which occur.
            edge: (pairs,) bool.
            score: (pairs,) float, the larger the likelier.
            precision: average precision of the score.
        """
        genes = int(max(first.max(initial=0), second.max(initial=0))) + 1
        if not edge.any() or not is_product(first, second, genes):
            return dict.fromkeys(METRICS, math.nan)
        regulator = np.zeros(genes, dtype=bool)
        regulator[first] = True
        permutations, every = self._permutations(regulator)
        values = relabelled_precisions(permutations, first, second, edge, score)
        mean = float(values.mean())
        flat = np.ptp(values) <= _EQUAL
        sd = 0.0 if flat else float(values.std(ddof=0 if every else 1))
        z = math.nan if flat else (precision - mean) / sd
        return dict(zip(METRICS, (mean, sd, z), strict=True))
