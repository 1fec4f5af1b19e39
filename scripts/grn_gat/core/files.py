"""Writing files so that an interrupted job never leaves half a result under the final name."""

import errno
import os
import re
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grn_gat.core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

PathLike = str | os.PathLike[str]

# Columns of the workflow's own tables that stay text, whatever they look like.
TEXT_COLUMNS = (
    "Gene1", "Gene2", "gene", "network", "dropout", "protocol", "method", "source", "reason",
    "kind", "about", "text", "remark", "regulator", "target",
)  # fmt: skip


FULL_DISK = "no space left on the disk: make room, then give the same command again"


def is_full_disk(error: BaseException) -> bool:
    """Did the disk or a quota leave no room? Also where a library hides the system's number."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return type(error).__name__ == "SafetensorError" and bool(
        re.search(rf"os error ({errno.ENOSPC}|{errno.EDQUOT})\b", str(error))
    )


def _running(process: int) -> bool:
    """Is there a process of this number on this machine?"""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _remove_leftovers(path: Path, mine: str) -> None:
    """Remove temporary files of `path` whose process on this machine (`mine`) was killed."""
    for left in path.parent.iterdir():
        found = re.fullmatch(re.escape(mine) + r"(\d+)\.[0-9a-f]{8}\.tmp", left.name)
        if found and not _running(int(found[1])):
            left.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)  # it can only be read by setting it
    os.umask(mask)
    return mask


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary name beside `path`; on success it is renamed to `path`, else removed.

    Before the rename the content is on the disk, so that after a power cut there is the old file or
    the new one. Temporary names are never the same, so that a job of a node that was given up can
    go on writing beside the one that took its place. Those that a killed process of this machine
    left behind are removed.

    Raises:
        InputError: the disk is full.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = f".{path.name}.{socket.gethostname()}."
    _remove_leftovers(path, mine)
    temporary = path.with_name(f"{mine}{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        # safetensors writes files that others of a group that shares a study could not read.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except Exception as error:
        if is_full_disk(error):
            raise InputError(f"{path}: {FULL_DISK}") from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def write_table(table: "pd.DataFrame", path: str | Path, digits: int = 8) -> None:
    """Write a tab-separated table, numbers with up to `digits` significant digits."""
    written = table.copy(deep=False)
    for column in table.columns[[kind.kind == "f" for kind in table.dtypes]]:
        written[column] = _texts(table[column].to_numpy(), digits)
    with atomic_path(path) as temporary:
        written.to_csv(temporary, sep="\t", index=False, na_rep="nan")


def _texts(numbers: "np.ndarray", digits: int) -> "np.ndarray":
    """Return floats as texts, each different one formatted once: millions of rows repeat few.

    pandas would take ten times as long for the same texts.
    """
    import numpy as np
    import pandas as pd

    # By their bits, because 0 and -0 are equal numbers and different texts.
    values = np.ascontiguousarray(numbers, dtype=np.float64)
    place, bits = pd.factorize(values.view(np.int64))
    texts = [f"%.{digits}g" % value for value in bits.view(np.float64).tolist()]
    return np.array(texts, dtype=object)[place]


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
