"""Remarks as a table: `remarks.tsv`, with the columns kind, about and text."""

from collections.abc import Iterable

import pandas as pd

from grn_gat.core.files import PathLike, read_table, write_table
from grn_gat.core.remarks import COLUMNS, Remark


def remark_table(remarks: Iterable[Remark]) -> pd.DataFrame:
    """Return remarks as a table, one row each, in their order."""
    rows = [(remark.kind, remark.about, remark.text) for remark in remarks]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def write_remarks(remarks: Iterable[Remark], path: PathLike) -> None:
    """Write remarks as a table, without rows where there is none."""
    write_table(remark_table(remarks), str(path))


def read_remarks(paths: Iterable[PathLike]) -> list[Remark]:
    """Read the remarks of several tables, each remark once."""
    found = [
        Remark(*row)
        for path in paths
        for row in read_table(str(path))[list(COLUMNS)].itertuples(index=False)
    ]
    return list(dict.fromkeys(found))
