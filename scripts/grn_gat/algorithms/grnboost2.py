"""GRNBoost2: importance of regulators in stochastic gradient boosting, one model per target gene.

Moerman et al., Bioinformatics 35 (2019) 2159, with the settings of arboreto 0.1.6, its
implementation: trees of depth 3 on a random 90 % of the cells, each split the best among a tenth of
the regulators (at least one) drawn at random. A model stops growing when its trees no longer help
on the cells they have not seen: when the mean improvement over the last 25 rounds is negative.

A regulator's importance is its share of the variance reduction in all trees of the target's model,
times the number of trees: targets whose model grew for long have the larger scores.

The improvement of a round is the squared error of its unseen cells before the round less that after
it, as scikit-learn defined `oob_improvement_` when GRNBoost2 was published. Since version 1.3
scikit-learn subtracts the error on this round's unseen cells from that of the round before on
others. The difference is mostly noise, and arboreto, which reads it, stops soon after round 25.
Here the improvement is computed from the model's state. `methods._tree_importance` lists the
other departures from arboreto.
"""

from collections import deque
from collections.abc import Mapping
from functools import partial

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms._tree_importance import fit_trees, regress_targets


class EarlyStop:
    """Monitor for `fit`: stop when the last `window` rounds made it worse on average.

    Worse for the squared error of the cells that the round's tree was not fitted to. Never stops
    before round `window`. A monitor serves one fit.
    """

    def __init__(self, window: int) -> None:
        self._gains: deque[float] = deque(maxlen=window)
        self._errors: np.ndarray | None = None

    def __call__(self, index: int, model: object, state: Mapping[str, np.ndarray]) -> bool:
        """Return whether to stop after round `index`; `state` holds the local variables of `fit`.

        Of them `y` (cells,), `raw_predictions` (cells, 1) and `sample_mask` (cells,), true for the
        cells that the round's tree was fitted to.
        """
        y, unseen = state["y"], ~state["sample_mask"]
        before = (y - y.mean()) ** 2 if self._errors is None else self._errors
        self._errors = (y - state["raw_predictions"][:, 0]) ** 2
        self._gains.append(float((before[unseen] - self._errors[unseen]).mean()))
        return len(self._gains) == self._gains.maxlen and sum(self._gains) < 0


def boosting_importances(
    predictors: np.ndarray,
    response: np.ndarray,
    seed: int,
    estimators: int,
    learning_rate: float,
    subsample: float,
    max_features: float,
    early_stop_window: int,
) -> np.ndarray:
    """Return the importances (regulators,) of predictors (cells, regulators), times the rounds.

    With `subsample` 1 there are no unseen cells, so that all rounds are run.
    """
    from sklearn.ensemble import GradientBoostingRegressor

    model = GradientBoostingRegressor(
        n_estimators=estimators,
        learning_rate=learning_rate,
        subsample=subsample,
        max_features=max_features,
        random_state=seed,
    )
    monitor = EarlyStop(early_stop_window) if subsample < 1 else None
    fit_trees(model, predictors, response, monitor=monitor)
    return model.feature_importances_ * len(model.estimators_)


def infer(
    expression: np.ndarray,
    *,
    regulators: np.ndarray,
    seed: int,
    threads: int,
    estimators: int = 5000,
    learning_rate: float = 0.01,
    subsample: float = 0.9,
    max_features: float = 0.1,
    early_stop_window: int = 25,
) -> np.ndarray:
    """Return the importance [u, v] of regulator u for target v.

    Args:
        estimators: largest number of trees per target.
        learning_rate: factor of each tree's prediction.
        subsample: share of the cells that a tree is fitted to.
        max_features: share of the regulators that a split chooses from.
        early_stop_window: number of last rounds that decide on stopping.

    Other arguments and the result as `_tree_importance.regress_targets`.
    """
    fit = partial(
        boosting_importances,
        estimators=estimators,
        learning_rate=learning_rate,
        subsample=subsample,
        max_features=max_features,
        early_stop_window=early_stop_window,
    )
    return regress_targets(fit, expression, regulators, seed, threads)


METHOD = Method(
    title="GRNBoost2",
    citation="Moerman et al., Bioinformatics 2019",
    infer=infer,
    needs_variation=False,
    costly=True,
)
