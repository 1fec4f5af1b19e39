"""Rankings of several methods made one: the mean of the ranks that they give a pair.

Marbach et al., Nature Methods 9 (2012) 796: over the networks of DREAM5 the mean rank of all
methods did better than most of them, and needs no scale that they share.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.data.ranked_edges import scores_of_pairs


def mean_ranks(rankings: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the pairs of rankings, each with the mean of what its ranks are worth.

    Of n pairs, the one with rank r (1 is the best; pairs with the same |score| share the mean of
    their ranks) is worth (n + 1 - r) / n, so that the mean is above 0 and at most 1. The sign is
    that of the sum over the rankings of what it is worth times the sign of its score there.

    Args:
        rankings: ranked edges as `ranked_edges.read_ranked_edges` returns them. A pair that one of
            them does not list has the score 0 there.

    Returns:
        Columns Gene1, Gene2, EdgeWeight: each pair that any of them lists, once.

    Raises:
        InputError: there is no ranking.
    """
    from scipy.stats import rankdata

    if not rankings:
        raise InputError("no ranking to take the mean rank of")
    listed = pd.concat([ranking[["Gene1", "Gene2"]] for ranking in rankings])
    pairs = listed.drop_duplicates(ignore_index=True)
    scores = np.array([scores_of_pairs(ranking, pairs) for ranking in rankings])
    worth = rankdata(np.abs(scores), axis=1) / len(pairs)
    sign = np.where((worth * np.sign(scores)).sum(axis=0) < 0, -1, 1)
    return pairs.assign(EdgeWeight=worth.mean(axis=0) * sign)
