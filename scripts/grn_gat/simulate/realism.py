"""Whether real cells look like training data sets: each statistic alone, and all together.

A statistic of a file is inside where it lies between the 2.5 and 97.5 % quantiles of the cloud of
training data sets. All together it is inside where the file is neither odder nor lonelier than
members of the cloud are: at least `SELDOM` of them have as few statistics inside, and at least as
many are as far or farther from the nearest other member than the file is from the nearest one. So
up to one member in ten would be outside.
Distances are Euclidean, of statistics divided by their spread.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from grn_gat.core.errors import InputError
from grn_gat.simulate.realism_names import CLOUDS, REAL

# Columns of a described data set that are no statistics.
DESCRIPTION = ("kind", "cloud", "data_set", "genes", "cells")
LOW, HIGH = 0.025, 0.975
SELDOM = 0.05


@dataclass(frozen=True)
class Verdict:
    """What one file is worth beside a cloud.

    Attributes:
        quantile: (statistics,): share of the cloud below the file, ties by half.
        low, high: (statistics,): where the cloud begins and ends.
        inside: (statistics,) bool.
        nearest: index of the nearest member.
        distance: to it.
        lonelier: share of the cloud that is as far or farther from its nearest other member.
        odder: share of the cloud that has as few statistics inside, or fewer.
    """

    quantile: np.ndarray
    low: np.ndarray
    high: np.ndarray
    inside: np.ndarray
    nearest: int
    distance: float
    lonelier: float
    odder: float

    @property
    def joint(self) -> bool:
        """Whether the file is inside with all statistics together."""
        return min(self.lonelier, self.odder) >= SELDOM


def spread(clouds: np.ndarray) -> np.ndarray:
    """Standard deviation of each statistic (data sets, statistics) -> (statistics,), 1 for none."""
    found = clouds.std(axis=0)
    return np.where(found > 0, found, 1.0)


def judge(file: np.ndarray, cloud: np.ndarray, scale: np.ndarray) -> Verdict:
    """Judge the statistics (statistics,) of a file.

    Args:
        file: its statistics.
        cloud: those of training data sets, (data sets, statistics); at least two.
        scale: (statistics,) that distances are divided by, the same for all clouds.
    """
    below = (cloud < file).mean(axis=0) + (cloud == file).mean(axis=0) / 2
    low, high = np.quantile(cloud, [LOW, HIGH], axis=0)
    members = cloud / scale
    own = np.sqrt(((members - file / scale) ** 2).sum(axis=1))
    nearest = int(own.argmin())
    lonelier = (loneliness(members) >= own[nearest]).mean()
    inside = (low <= file) & (file <= high)
    of_members = ((low <= cloud) & (cloud <= high)).sum(axis=1)
    odder = (of_members <= inside.sum()).mean()
    distance = float(own[nearest])
    return Verdict(below, low, high, inside, nearest, distance, float(lonelier), float(odder))


def loneliness(members: np.ndarray) -> np.ndarray:
    """Distance (data sets,) of each member (data sets, statistics) to the nearest other one."""
    squared = (members**2).sum(axis=1)
    between = squared[:, None] + squared - 2 * members @ members.T
    np.fill_diagonal(between, np.inf)
    found: np.ndarray = np.sqrt(np.maximum(between.min(axis=1), 0))
    return found


def tables(described: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge every real file beside both clouds.

    Args:
        described: a row per data set: `kind`, `cloud`, `data_set`, `genes`, `cells` and statistics.

    Returns:
        A row per file, statistic and cloud, and one per file and cloud.

    Raises InputError where a cloud has fewer than two data sets.
    """
    statistics = [name for name in described.columns if name not in DESCRIPTION]
    clouds = {cloud: described[described["cloud"] == cloud] for cloud in CLOUDS}
    for cloud, members in clouds.items():
        if len(members) < 2:
            raise InputError(
                f"realism: {len(members)} data sets {cloud}; raise pretraining.realism.data_sets"
            )
    scale = spread(pd.concat(clouds.values())[statistics].to_numpy(float))
    by_statistic, by_file = [], []
    for _, file in described[described["cloud"] == REAL].iterrows():
        values = file[statistics].to_numpy(float)
        for cloud, members in clouds.items():
            verdict = judge(values, members[statistics].to_numpy(float), scale)
            nearest = members.iloc[verdict.nearest]
            by_statistic.append(
                pd.DataFrame(
                    {
                        "file": file["data_set"],
                        "cloud": cloud,
                        "statistic": statistics,
                        "value": values,
                        "low": verdict.low,
                        "high": verdict.high,
                        "quantile": verdict.quantile,
                        "inside": np.where(verdict.inside, "yes", "no"),
                    }
                )
            )
            by_file.append(
                {
                    "file": file["data_set"],
                    "genes": file["genes"],
                    "cells": file["cells"],
                    "cloud": cloud,
                    "data_sets": len(members),
                    "statistics": len(statistics),
                    "inside": int(verdict.inside.sum()),
                    "distance": verdict.distance,
                    "lonelier": verdict.lonelier,
                    "odder": verdict.odder,
                    "verdict": "inside" if verdict.joint else "outside",
                    "nearest": nearest["data_set"],
                    "nearest_genes": nearest["genes"],
                }
            )
    return pd.concat(by_statistic, ignore_index=True), pd.DataFrame(by_file)
