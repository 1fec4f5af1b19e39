"""Parts of the cells of a data set: random ones, and those of each donor."""

from dataclasses import dataclass

import numpy as np

FEWEST = 50  # cells of a donor whose network is asked for


@dataclass(frozen=True)
class Parts:
    """Parts of the cells that a method is run on.

    Attributes:
        runs: number of random parts (`stability.SHARE` of the cells, without replacement).
        donors: label of each cell, '' where none is known; None where nobody named donors.
    """

    runs: int
    donors: np.ndarray | None = None

    def of_donors(self) -> list[np.ndarray]:
        """Return the cells (indices, ascending) of each donor that has at least `FEWEST`."""
        labels = self.donors if self.donors is not None else np.zeros(0, dtype=object)
        found = [np.flatnonzero(labels == name) for name in sorted(set(labels) - {""})]
        return [cells for cells in found if len(cells) >= FEWEST]
