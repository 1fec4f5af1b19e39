"""How far a data set lies from those of the training, by what it looks like, without any label.

A data set is a point: its statistics (`robust_statistics.DATA_STATISTICS`) and what the model says
of it as a whole (`SAID`). The distance is that to its nearest neighbours among some data sets of
the training, whitened by these; what is far has seldom been asked of the model, whose
probabilities mean little there.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from grn_gat.zeroshot import robust_statistics

SAID = (
    "log_expected_regulators",  # log10(1e-3 + sum of the probabilities of a target, mean)
    "edge_mean",  # of the logits
    "edge_sd",
    "activating",  # share of the pairs called activating
)
FEATURES = (*robust_statistics.DATA_STATISTICS, *SAID)
_NEAREST = 5
_RIDGE = 0.05  # share of the identity in the covariance of standardised features
_LEAST = 1e-3


def features(data: Tensor, edge: Tensor, activating: Tensor, genes: int) -> np.ndarray:
    """Return the point of a data set, (len(FEATURES),) float64.

    Args:
        data: (len(DATA_STATISTICS),).
        edge: logits of the pairs of a candidate regulator and another gene, (pairs,).
        activating: (pairs,) bool, whether an edge would activate rather than repress.
        genes: their number.
    """
    logits = edge.double()
    said = [
        float(np.log10(1e-3 + float(torch.sigmoid(logits).sum()) / genes)),
        float(logits.mean()),
        float(logits.std()),
        float(activating.double().mean()),
    ]
    return np.concatenate([data.double().numpy(), said])


@dataclass(frozen=True, eq=False)
class Likeness:
    """Data sets of the training as points.

    Attributes:
        centre, scale: (features,) mean and deviation.
        whitening: (features, features): standardised features times this have covariance 1.
        points: (data sets, features), whitened.
        distances: (data sets,) of each to its nearest others, ascending: what is usual.
    """

    centre: np.ndarray
    scale: np.ndarray
    whitening: np.ndarray
    points: np.ndarray
    distances: np.ndarray

    @classmethod
    def of(cls, found: np.ndarray) -> "Likeness":
        """Make it of points (data sets, features)."""
        centre, scale = found.mean(0), found.std(0) + _LEAST
        standard = (found - centre) / scale
        covariance = np.cov(standard.T)
        mixed = (1 - _RIDGE) * covariance + _RIDGE * np.eye(len(covariance))
        whitening = np.linalg.cholesky(np.linalg.inv(mixed))
        points = standard @ whitening
        usual = [
            _nearest(np.delete(points, k, axis=0), points[k : k + 1])[0] for k in range(len(points))
        ]
        return cls(centre, scale, whitening, points, np.sort(usual))

    def distance(self, found: np.ndarray) -> np.ndarray:
        """Distance of points (data sets, features) to their nearest neighbours, (data sets,)."""
        return _nearest(self.points, (found - self.centre) / self.scale @ self.whitening)

    def rarity(self, found: np.ndarray) -> np.ndarray:
        """Share of the data sets of the training that lie as far from the others, (data sets,)."""
        nearer = np.searchsorted(self.distances, self.distance(found), side="left")
        return 1 - nearer / len(self.distances)


def _nearest(points: np.ndarray, asked: np.ndarray) -> np.ndarray:
    squares = ((asked[:, None] - points[None]) ** 2).sum(2)
    number = min(_NEAREST, len(points))
    return np.sqrt(np.sort(squares, axis=1)[:, :number]).mean(axis=1)
