"""How active a regulator is in groups of cells, by the genes that it regulates.

The activity of a regulator in a cell is the mean of its targets' expression, each in units of its
standard deviation over all cells and turned around where it is repressed: a weighted mean, as of
decoupler (Badia-i-Mompel et al., Bioinformatics Advances 2 (2022) vbac016). Targets are those of
one network for all groups, so that groups differ by their expression alone.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from grn_gat.data.doubts import COUNTS, kind_of_values

COLUMNS = ["regulator", "targets", "group", "activity", "low", "high", "expression"]
SHOWN = 30  # regulators, those with most targets
FEWEST_TARGETS = 3
_TOTAL = 10_000  # counts of a cell, before their logarithm


def regulon_activity(
    groups: Sequence[np.ndarray],
    names: Sequence[str],
    scores: np.ndarray,
    regulators: Sequence[str],
    rows: Sequence[int],
    number: int,
) -> pd.DataFrame:
    """Return the mean activity of regulators in groups of cells.

    Args:
        groups: of each array (genes, cells), >= 0.
        names: of the groups.
        scores: array (groups, regulators, genes), NaN of a gene with itself: the strongest pairs by
            the mean of the groups' ranks are the network. Signs are those of the mean score, or, of
            a method without signs, of the correlation of the two genes over all cells.
        regulators: names.
        rows: places of the regulators among the genes.
        number: edges of the network.

    Returns:
        Columns `COLUMNS`, of the `SHOWN` regulators with most targets that have `FEWEST_TARGETS`:
        mean over the cells of a group with its 95 % interval by t, cells taken as independent; and
        expression, the mean of the regulator's own, in standard deviations over all cells.
    """
    values = np.concatenate(groups, axis=1)
    if kind_of_values(values) == COUNTS:
        totals = values.sum(axis=0)
        values = np.log1p(values * (_TOTAL / np.where(totals > 0, totals, 1)))
    spread = values.std(axis=1, keepdims=True)
    values = (values - values.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    chosen, signs = _network(scores, values, rows, number)
    targets = chosen.sum(axis=1)
    order = np.lexsort((np.array(regulators), -targets))
    ends = np.cumsum([0, *(own.shape[1] for own in groups)])
    found = []
    for k in order[:SHOWN]:
        if targets[k] < FEWEST_TARGETS:
            continue
        activity = signs[k, chosen[k]] @ values[chosen[k]] / targets[k]
        for name, start, end in zip(names, ends[:-1], ends[1:], strict=True):
            own = activity[start:end]
            half = t.ppf(0.975, len(own) - 1) * own.std(ddof=1) / np.sqrt(len(own))
            mean = own.mean()
            shown = values[rows[k], start:end].mean()
            row = (regulators[k], int(targets[k]), name, mean, mean - half, mean + half, shown)
            found.append(row)
    return pd.DataFrame(found, columns=COLUMNS)


def _network(
    scores: np.ndarray, values: np.ndarray, rows: Sequence[int], number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which pairs are edges of the network of all groups, (regulators, genes), and their signs."""
    filled = np.nan_to_num(scores)
    size = np.abs(filled).reshape(len(scores), -1)
    ranks = size.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    strength = np.where((size > 0).any(axis=0), ranks.mean(axis=0), -1.0)
    order = np.argsort(-strength, kind="stable")[: min(number, strength.size)]
    chosen = np.zeros(strength.size, dtype=bool)
    chosen[order[strength[order] >= 0]] = True
    signs = np.sign(filled.mean(axis=0))
    if not (filled < 0).any():
        signs = np.sign(values[list(rows)] @ values.T)
    return chosen.reshape(signs.shape), signs
