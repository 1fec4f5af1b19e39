"""Writing files so that an interrupted job never leaves half a result under the final name."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


# Columns of the workflow's own tables that stay text, whatever they look like.
TEXT_COLUMNS = (
    "Gene1", "Gene2", "gene", "network", "dropout", "protocol", "method", "source", "reason",
)  # fmt: skip


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary name beside `path`; on success it is renamed to `path`, else removed."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(table: "pd.DataFrame", path: str | Path, digits: int = 8) -> None:
    """Write a tab-separated table, numbers with up to `digits` significant digits."""
    with atomic_path(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False, float_format=f"%.{digits}g", na_rep="nan")


def read_table(path: str | Path) -> "pd.DataFrame":
    """Read a table written by `write_table`; a gene called NA or nan keeps its name."""
    import pandas as pd

    with open(path, encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split("\t")
    return pd.read_csv(
        path,
        sep="\t",
        keep_default_na=False,
        na_values={column: ["nan"] for column in columns if column not in TEXT_COLUMNS},
        dtype={column: str for column in TEXT_COLUMNS},
    )


def read_tables(paths: Iterable[str | Path]) -> "pd.DataFrame":
    """Read tables with the same columns as one."""
    import pandas as pd

    tables = [read_table(path) for path in paths]
    return pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
