"""Files of a small data set that tests write, and the errors that they expect of them."""

import re
from pathlib import Path

import pandas as pd
import pytest

from grn_gat.core.errors import InputError

EXPRESSION = ",c1,c2,c3,c4\nB,0.5,1,2,0\na,3,3,3,3\nA,1e-05,0.25,7,8\n"
PSEUDOTIME = ",PseudoTime1,PseudoTime2\nc2,0.5,NA\nc1,0,\nc4,1.0,0.75\nc3,,0.1\n"
EDGES = "Gene2,Gene1,Type\nA,B,+\na,A,-\nB,B,+\n"
GENES, CELLS = ["B", "a", "A"], ["c1", "c2", "c3", "c4"]


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def beeline_folder(folder: Path, **replace: str | None) -> Path:
    """Write a dataset folder; `None` leaves a file out."""
    files = {"ExpressionData": EXPRESSION, "PseudoTime": PSEUDOTIME, "refNetwork": EDGES}
    folder.mkdir(exist_ok=True)
    for name, text in {**files, **replace}.items():
        if text is not None:
            put(folder, f"{name}.csv", text)
    return folder


def refuses(*parts: str):
    """Expect one InputError sentence that has all these parts, in this order."""
    return pytest.raises(
        InputError, match="(?s)" + ".*".join(map(re.escape, parts)) + r".*(?<!\.)\Z"
    )


def edge_table(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["Gene1", "Gene2", "Type"], dtype=object)


def paths(folder: Path) -> tuple[Path, Path, Path]:
    """Where a test writes expression, pseudotime and edges."""
    return folder / "ExpressionData.csv", folder / "PseudoTime.csv", folder / "refNetwork.csv"
