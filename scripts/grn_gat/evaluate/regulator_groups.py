"""What a score would be without some of its regulators: intervals where there are no replicates.

Real cells are one data set, so an interval over replicates has nothing to go by. The regulators of
a reference are many: they are dealt at random to groups, and every metric is evaluated once more
without each group (delete-a-group jackknife; Shao and Tu, The Jackknife and Bootstrap, 1995). The
pseudo-values

    groups * whole - (groups - 1) * without the group

then stand in place of replicates in `intervals.mean_interval`. They are moved so that their mean is
the value of the whole. Such an interval says what other regulators of the same kind would give on
these cells, not what other cells would.
"""

import math

import numpy as np
import pandas as pd

from grn_gat.core.seeds import generator
from grn_gat.evaluate.metrics import ranked_metrics

MOST_GROUPS = 20
MIN_GROUPS = 10  # of fewer, whose edges may be of one hub, intervals reach from end to end
METRICS = ("average_precision", "average_precision_ratio", "auroc", "early_precision_ratio")


def pseudo_values(
    group: np.ndarray, groups: int, edge: np.ndarray, score: np.ndarray
) -> np.ndarray:
    """Return the pseudo-values of METRICS.

    Args:
        group: (pairs,) group of each pair's regulator, in 0 ... groups - 1.
        groups: number of groups.
        edge: (pairs,) bool.
        score: (pairs,) float, >= 0.

    Returns:
        (groups, metrics), NaN where a metric is not defined without the group. The mean of those
        that are known is the metric of all pairs.
    """
    order = np.argsort(-score)
    group, edge, score = group[order], edge[order], score[order]  # kept in order by each mask
    whole = _values(edge, score)
    without = [_values(edge[group != g], score[group != g]) for g in range(groups)]
    values = groups * whole - (groups - 1) * np.stack(without)
    known = ~np.isnan(values)
    number = known.sum(axis=0)
    mean = np.where(known, values, 0).sum(axis=0) / np.where(number > 0, number, math.nan)
    return values - mean + whole


def _values(edge: np.ndarray, ranked: np.ndarray) -> np.ndarray:
    """METRICS of pairs in descending order of their score."""
    found = ranked_metrics(edge, ranked)
    return np.array([found[metric] for metric in METRICS])


class RegulatorGroups:
    """The groups of one network's regulators, the same for everything that is scored on it.

    Args:
        seed: seed of the workflow.
        network: name of the network.
    """

    def __init__(self, seed: int, network: str) -> None:
        self._stream = (seed, "regulator groups", network)

    def table(self, first: np.ndarray, edge: np.ndarray, score: np.ndarray) -> pd.DataFrame:
        """Return the pseudo-values of the pairs of one replicate.

        Args:
            first: (pairs,) regulator of each pair, as a number in the order of names.
            edge, score: (pairs,), as `pseudo_values` takes them.

        Returns:
            Columns group (from 1), metric, value; no row with fewer than MIN_GROUPS regulators.
        """
        _, regulator = np.unique(first, return_inverse=True)
        number = int(regulator.max(initial=-1)) + 1
        groups = min(MOST_GROUPS, number)
        if groups < MIN_GROUPS:
            return pd.DataFrame({"group": [], "metric": [], "value": []})
        dealt = generator(*self._stream).permutation(np.arange(number) % groups)
        values = pseudo_values(dealt[regulator], groups, edge, score)
        return pd.DataFrame(
            {
                "group": np.repeat(np.arange(1, groups + 1), len(METRICS)),
                "metric": np.tile(METRICS, groups),
                "value": values.ravel(),
            }
        )
