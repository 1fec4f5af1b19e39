"""Where the files of a data set in BEELINE's layout are (standard library only).

Used when the workflow is read, to declare them as inputs, and when the data set is read.
"""

from pathlib import Path
from typing import NamedTuple

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike

EXPRESSION_NAMES = ("ExpressionData.csv", "ExpressionData.csv.gz")
NETWORK_NAMES = ("refNetwork.csv", "GroundTruthNetwork.csv")
PSEUDOTIME_NAME = "PseudoTime.csv"
CELLS_NAME = "CellMeta.csv"


class DatasetFiles(NamedTuple):
    """Files of one data set; None where there is none."""

    expression: Path
    edges: Path | None
    pseudotime: Path | None
    regulators: Path | None


def find_files(
    folder: PathLike,
    edges: PathLike | None = None,
    regulators: PathLike | None = None,
    scored: bool = True,
) -> DatasetFiles:
    """Find the files of a data set folder.

    The folder has ExpressionData.csv (or .csv.gz) and may have PseudoTime.csv. The network is the
    file `edges` (absolute or relative to the folder); by default refNetwork.csv or
    GroundTruthNetwork.csv in the folder, else GroundTruthNetwork.csv in its parent. `regulators`
    names a list of candidate regulators in the same way. Without `scored` no network is looked for.

    Raises InputError where the folder or one of the files is missing.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected one with {EXPRESSION_NAMES[0]}")
    expression = next((folder / n for n in EXPRESSION_NAMES if (folder / n).is_file()), None)
    if expression is None:
        raise InputError(f"{folder}: the folder has neither {' nor '.join(EXPRESSION_NAMES)}")
    for name in (edges, regulators):
        if name is not None and not (folder / name).is_file():
            raise InputError(f"{folder / name}: no such file")
    pseudotime = folder / PSEUDOTIME_NAME
    return DatasetFiles(
        expression,
        _network(folder, edges) if scored else None,
        pseudotime if pseudotime.exists() else None,
        None if regulators is None else folder / regulators,
    )


def _network(folder: Path, edges: PathLike | None) -> Path:
    return _default_network(folder) if edges is None else folder / edges


def _default_network(folder: Path) -> Path:
    for path in (*(folder / name for name in NETWORK_NAMES), folder.parent / NETWORK_NAMES[1]):
        if path.is_file():
            return path
    others = sorted(p.name for p in folder.glob("*etwork*.csv*"))
    hint = f"; name one of {', '.join(others)}" if others else "; name the file with the network"
    raise InputError(
        f"{folder}: the folder has no {NETWORK_NAMES[0]} and neither it nor its parent has "
        f"{NETWORK_NAMES[1]}{hint}"
    )
