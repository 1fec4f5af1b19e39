"""One regression per target gene on the candidate regulators, as GENIE3 and GRNBoost2 do it.

A regulator's score for a target is its importance in the regression of that target. Settings and
definitions are those of arboreto 0.1.6 (Moerman et al., Bioinformatics 35 (2019) 2159): predictors
in single precision (scikit-learn's trees take no other), targets in double precision and neither
centred nor scaled, a gene is no predictor of itself. With the same integer and number of trees the
importances are the same numbers as arboreto's. Departures from it:

- every target has an integer of its own, derived from the seed and the target's index, where
  arboreto gives all targets the same one: scores do not depend on the number of threads;
- a target with the same value in all cells, or without any predictor, gets zeros and no regression
  (arboreto's regressions of such a target give no positive importance, or fail and are left out).
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from grn_gat.core.progress import steps
from grn_gat.core.seeds import integer_seed

if TYPE_CHECKING:
    from sklearn.ensemble import BaseEnsemble

LONG_RUN = 50  # a run over more targets than this reports its progress
REPORTS = 20

Fit = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def target_seed(seed: int, target: int) -> int:
    """Return the integer below 2^32 that is the `random_state` of a target's regression."""
    return integer_seed(seed, "target", target) % 2**32


def fit_trees(model: "BaseEnsemble", predictors: np.ndarray, response: np.ndarray, **options):
    """Fit a scikit-learn ensemble in place, without checking its parameters once per tree.

    Args:
        model: unfitted ensemble.
        predictors: (cells, regulators), float32.
        response: (cells,), float64.
        options: further arguments of its `fit`.
    """
    from sklearn import config_context

    with config_context(skip_parameter_validation=True, assume_finite=True):
        model.fit(predictors, response, **options)


def _importances(
    fit: Fit, predictors: np.ndarray, own: np.ndarray, response: np.ndarray, seed: int
) -> np.ndarray:
    """Regress one target; `own` (regulators,) marks the target's own column, which gets 0."""
    found = np.zeros(len(own))
    if np.ptp(response) > 0 and not own.all():
        others = predictors[:, ~own] if own.any() else predictors
        found[~own] = fit(others, response, seed)
    return found


def _reported(results: Iterable[np.ndarray], number: int) -> Iterator[np.ndarray]:
    """Pass on the results of `number` targets; report on stderr about every 5 % of a long run."""
    step = -(-number // REPORTS)
    for done, result in enumerate(results, start=1):
        if number > LONG_RUN and (done % step == 0 or done == number):
            print(f"target {done} of {number}", file=sys.stderr, flush=True)
        yield result


def regress_targets(
    fit: Fit, expression: np.ndarray, regulators: np.ndarray, seed: int, threads: int
) -> np.ndarray:
    """Regress every gene on the candidate regulators.

    Args:
        fit: maps predictors (cells, predictors) float32, response (cells,) float64 and an integer
            below 2^32 to importances (predictors,); can be sent to another process.
        expression: (genes, cells), finite.
        regulators: indices of the candidate regulators, in any order.
        seed: the draws of a target depend on it and on the target's index, on nothing else.
        threads: processes that share the targets.

    Returns:
        (genes, genes): [u, v] is the importance of regulator u for target v, 0 where u is no
        candidate regulator or u = v.
    """
    responses = np.ascontiguousarray(expression, dtype=np.float64)
    regulators = np.unique(np.asarray(regulators, dtype=np.intp))
    predictors = np.asfortranarray(responses[regulators].T, dtype=np.float32)
    number = len(responses)
    jobs = (
        (fit, predictors, regulators == target, responses[target], target_seed(seed, target))
        for target in range(number)
    )
    workers = min(threads, number)
    if workers > 1:
        from joblib import Parallel, delayed

        pool = Parallel(n_jobs=workers, backend="loky", return_as="generator")
        results = pool(delayed(_importances)(*job) for job in jobs)
    else:
        results = (_importances(*job) for job in jobs)
    scores = np.zeros((number, number))
    for target, found in enumerate(steps(_reported(results, number), number)):
        scores[regulators, target] = found
    if workers > 1:
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(wait=True)  # ended children count in the CPU time
    return scores
