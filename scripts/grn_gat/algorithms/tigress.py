"""TIGRESS: how often least angle regression selects a regulator, over halves of the cells.

Haury, Mordelet, Vera-Licona and Vert, BMC Systems Biology 6 (2012) 145. Departure: the halves and
the weights of the regulators are the same for all targets, which has the same distribution for each
of them, and costs a hundredth.
"""

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.core.errors import InputError
from grn_gat.core.progress import steps as counted
from grn_gat.core.seeds import generator

_ROUNDING = 1e-9


def infer(
    expression: np.ndarray,
    regulators: np.ndarray,
    seed: int,
    *,
    splits: int,
    steps: int,
    least_weight: float,
) -> np.ndarray:
    """Return the area score of all pairs of a candidate regulator and another gene, from 0 to 1.

    `splits` times the cells are split into two halves at random, and every candidate regulator is
    multiplied with a number drawn between `least_weight` (alpha of the paper) and 1. In each half
    least angle regression of a gene on the regulators takes `steps` steps. With F(l) the share of
    the halves in which a regulator is among the first l selected, its score is the mean of F(l)
    over l = 1 ... `steps`.

    Parameters: `expression` (genes, cells); `regulators`, indices of the candidate regulators.
    Returns (genes, genes), 0 in the rows of genes that are no candidate regulator.
    Raises `InputError` if there are fewer than four cells.
    """
    genes, cells = expression.shape
    if cells < 4:
        raise InputError(f"TIGRESS needs four cells at least, and there are {cells}")
    values = expression - expression.mean(axis=1, keepdims=True)
    values = values / values.std(axis=1, keepdims=True)
    regulators = np.unique(np.asarray(regulators, dtype=np.intp))
    own = regulators[:, None] == np.arange(genes)
    total = np.zeros((len(regulators), genes))
    for split in counted(range(splits), splits):
        rng = generator(seed, "tigress", split)
        order = rng.permutation(cells)
        for half in (order[: cells // 2], order[cells // 2 :]):
            weights = rng.uniform(least_weight, 1, size=len(regulators))
            chosen = values[:, half] - values[:, half].mean(axis=1, keepdims=True)
            predictors = chosen[regulators] * weights[:, None]
            entered = entry_steps(predictors, chosen, own, steps)
            total += np.maximum(steps + 1 - entered, 0) / steps
    scores = np.zeros((genes, genes))
    scores[regulators] = total / (2 * splits)
    return scores


def entry_steps(
    predictors: np.ndarray, responses: np.ndarray, own: np.ndarray, steps: int
) -> np.ndarray:
    """Return the step at which least angle regression of each response selects each predictor.

    Efron et al., Annals of Statistics 32 (2004) 407, without a sign restriction (no lasso), for all
    responses at once.

    Args:
        predictors: (predictors, cells), centred; not scaled.
        responses: (responses, cells), centred.
        own: (predictors, responses), true where a predictor must not be taken.
        steps: at most.

    Returns:
        (predictors, responses): 1, 2, ..., or `steps` + 1 where it is not selected.
    """
    number, targets = own.shape
    gram, correlation = predictors @ predictors.T, predictors @ responses.T
    entered, every = np.full((number, targets), steps + 1), np.arange(targets)
    smallest = _ROUNDING * np.abs(correlation).max(initial=0)
    size = np.where(own, -1, np.abs(correlation))
    selected = size.argmax(axis=0) if number else every[:0]
    goes_on, free = size.max(axis=0, initial=-1) > smallest, ~own
    active = np.zeros((targets, 0), dtype=np.intp)
    for step in range(1, min(steps, number) + 1):
        entered[selected[goes_on], every[goes_on]] = step
        free[selected, every] = False
        active = np.column_stack([active, selected])
        direction, pace, largest = _equiangular(gram, correlation, active)
        lengths = _lengths(correlation, direction, pace, largest, free)
        selected = lengths.argmin(axis=0)
        length = lengths[selected, every]
        # A step that takes the correlations of the active ones to 0 leaves nothing to explain.
        goes_on &= length * pace < (1 - _ROUNDING) * largest
        correlation = correlation - np.where(goes_on, length, 0) * direction
    return entered


def _equiangular(
    gram: np.ndarray, correlation: np.ndarray, active: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Step that lowers the correlations of all active predictors alike.

    `active` is (responses, k). Returns by how much a unit of the step lowers each correlation
    (predictors, responses), those of active ones (responses,), and these correlations' magnitude.
    """
    every = np.arange(len(active))[:, None]
    signs = np.where(correlation[active, every] < 0, -1.0, 1.0)
    among = gram[active[:, :, None], active[:, None, :]] * signs[:, :, None] * signs[:, None, :]
    # A predictor that others make up, as a copy of one does, shares their coefficient.
    solved = np.linalg.pinv(among, hermitian=True, rcond=_ROUNDING).sum(axis=2)
    pace = 1 / np.sqrt(np.maximum(solved.sum(axis=1), np.finfo(float).tiny))
    share = signs * solved * pace[:, None]
    direction = np.zeros_like(correlation)
    for column, chosen in zip(share.T, active.T, strict=True):
        direction += gram[:, chosen] * column
    largest = np.abs(correlation[active, every]).max(axis=1)
    return direction, pace, largest


def _lengths(
    correlation: np.ndarray,
    direction: np.ndarray,
    pace: np.ndarray,
    largest: np.ndarray,
    free: np.ndarray,
) -> np.ndarray:
    """Length of step after which each free predictor correlates as the active ones; else inf."""
    found = np.full_like(correlation, np.inf)
    for sign in (-1, 1):
        above, rate = largest + sign * correlation, pace + sign * direction
        meets = free & (rate > _ROUNDING * pace)
        np.divide(np.maximum(above, 0), rate, out=above, where=meets)
        np.minimum(found, above, out=found, where=meets)
    return found


METHOD = Method(
    title="TIGRESS",
    citation="Haury et al., BMC Systems Biology 2012",
    infer=infer,
    relative=True,
    costly=True,
)
