"""The donor, sample or batch of each cell of a data set of target infer."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_labels import read_cell_labels
from grn_gat.data.names import some
from grn_gat.inference.cell_parts import FEWEST


def read_donors(
    value: str, expression: PathLike, cells: Sequence[str], remarks: Remarks
) -> np.ndarray:
    """Read the donor of each cell: `cell_labels.read_cell_labels`.

    Raises:
        InputError: as there, or fewer than two donors have `FEWEST` cells.
    """
    labels = read_cell_labels("donors", value, expression, cells, remarks)
    sizes = Counter(name for name in labels if name)
    few = sorted(name for name, number in sizes.items() if number < FEWEST)
    if len(sizes) - len(few) < 2:
        raise InputError(
            f"donors: {value}: {len(sizes) - len(few)} of {len(sizes)} labels have {FEWEST} cells "
            f"of the data; expected two with so many, or do without donors"
        )
    if few:
        counted = "1 donor" if len(few) == 1 else f"{len(few)} donors"
        remarks.left_out(
            value,
            f"{counted} with fewer than {FEWEST} cells ({some(few)}), of whom no network of their "
            "own is inferred; their cells are in that of all cells",
        )
    return labels
