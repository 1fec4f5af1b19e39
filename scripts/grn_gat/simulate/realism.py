"""Whether real cells look like training data sets: each statistic alone, and all together.

A statistic of a file is inside where it lies between the 2.5 and 97.5 % quantiles of the cloud of
training data sets. All together it is inside where the file is no lonelier than members of the
cloud are: at least `LONELY` of them are as far or farther from the nearest other member than the
file is from the nearest one. Distances are Euclidean, of statistics divided by their spread.
"""

from dataclasses import dataclass

import numpy as np

LOW, HIGH = 0.025, 0.975
LONELY = 0.05


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
    """

    quantile: np.ndarray
    low: np.ndarray
    high: np.ndarray
    inside: np.ndarray
    nearest: int
    distance: float
    lonelier: float

    @property
    def joint(self) -> bool:
        """Whether the file is inside with all statistics together."""
        return self.lonelier >= LONELY


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
    return Verdict(below, low, high, inside, nearest, float(own[nearest]), float(lonelier))


def loneliness(members: np.ndarray) -> np.ndarray:
    """Distance (data sets,) of each member (data sets, statistics) to the nearest other one."""
    squared = (members**2).sum(axis=1)
    between = squared[:, None] + squared - 2 * members @ members.T
    np.fill_diagonal(between, np.inf)
    found: np.ndarray = np.sqrt(np.maximum(between.min(axis=1), 0))
    return found
