"""GENIE3: importance of regulators in random forests, one forest per target gene.

Huynh-Thu et al., PLoS ONE 5 (2010) e12776, with the settings of arboreto 0.1.6, the implementation
that BEELINE runs. The original weighs a regulator by the variance of the target that splits on it
remove, after scaling all targets to unit variance. Here, as in arboreto, targets are not scaled and
scikit-learn's importances are taken: each tree's variance reductions divided by their sum, averaged
over the trees. So the importances of the regulators of a target sum to 1.

`grn_gat.algorithms._tree_importance` lists the departures from arboreto.
"""

from functools import partial

import numpy as np

from grn_gat.algorithms._registry import Method
from grn_gat.algorithms._tree_importance import fit_trees, regress_targets


def forest_importances(
    predictors: np.ndarray, response: np.ndarray, seed: int, trees: int
) -> np.ndarray:
    """Return the importances (regulators,) of predictors (cells, regulators) in a random forest.

    Every tree is grown to the end on a bootstrap sample of the cells, and each split is the best
    among floor(sqrt(regulators)) of the regulators, drawn at random.
    """
    from sklearn.ensemble import RandomForestRegressor

    forest = RandomForestRegressor(
        n_estimators=trees, max_features="sqrt", n_jobs=1, random_state=seed
    )
    fit_trees(forest, predictors, response)
    return forest.feature_importances_


def infer(
    expression: np.ndarray, *, regulators: np.ndarray, seed: int, threads: int, trees: int
) -> np.ndarray:
    """Return the importance [u, v] of regulator u for target v; `trees` in each target's forest.

    Other arguments and the result as `_tree_importance.regress_targets`.
    """
    fit = partial(forest_importances, trees=trees)
    return regress_targets(fit, expression, regulators, seed, threads)


METHOD = Method(
    title="GENIE3",
    citation="Huynh-Thu et al., PLoS ONE 2010",
    infer=infer,
    needs_variation=False,
    costly=True,
)
