"""How an edge of a drawn network bends, so that it passes behind no other gene."""

from collections.abc import Sequence

import numpy as np

BENDS = (0.12, 0.24, 0.36, 0.48, 0.6)  # curvatures of an edge, as of matplotlib's `arc3`


def bend(
    start: np.ndarray,
    end: np.ndarray,
    others: np.ndarray,
    clearance: np.ndarray | float,
    bends: Sequence[float],
) -> float:
    """Return the first of the bends with which an edge passes behind the fewest other nodes.

    Args:
        start, end: (2,), centres of its two genes on the page, in points.
        others: (nodes, 2), those of all other genes.
        clearance: points between the centre of a node and an edge that passes it, of each or all.
        bends: what there is to choose from.
    """

    def crossed(bend: float) -> int:
        distances = np.linalg.norm(curve(start, end, bend)[:, None] - others, axis=2)
        return int((distances.min(axis=0, initial=np.inf) < clearance).sum())

    return min(bends, key=crossed)


def curve(start: np.ndarray, end: np.ndarray, bend: float) -> np.ndarray:
    """Points (51, 2) of an edge: a quadratic Bezier curve, as `arc3` draws it."""
    t = np.linspace(0, 1, 51)[:, None]
    middle = (start + end) / 2 + bend * (end - start)[::-1] * (1, -1)
    found: np.ndarray = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
    return found


def both_sides(reverse: bool) -> list[float]:
    """Bends of an edge; to the other side only where the reverse edge is not there already."""
    return [b * side for b in BENDS for side in ((1,) if reverse else (1, -1))]
