"""Parts of the cells of a data set: those of each donor."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

FEWEST = 50  # cells of a donor whose network is asked for


def of_donors(donors: np.ndarray) -> list[np.ndarray]:
    """Return the cells (indices, ascending) of each donor that has at least `FEWEST`.

    Args:
        donors: label of each cell, '' where none is known.
    """
    found = [np.flatnonzero(donors == name) for name in sorted(set(donors) - {""})]
    return [cells for cells in found if len(cells) >= FEWEST]


def number_of_donors(tables: Iterable[pd.DataFrame]) -> int:
    """Return how many donors gave a network, of several methods' `stability.donor_table`."""
    return max((int(table["networks"].max()) for table in tables if len(table)), default=0)
