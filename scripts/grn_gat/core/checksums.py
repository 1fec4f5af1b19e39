"""Checksums of the files that a job has written, so that no later job takes one that was changed.

Files appear whole (`files.atomic_path`), but a disk, a copy or an editor can cut them afterwards; a
table that is cut at the end of a line looks like a shorter one. A job with the log

    results/logs/train_gat/HSC/seed-1.log

leaves one file, `train_gat-HSC-seed-1.sha256`, below results/checksums: in the folder there that
its outputs have in common in results/. Paths are relative to results/, where
`sha256sum -c` takes the file.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike, atomic_path

_LOGS, _CHECKSUMS = "results/logs/", "checksums"


def sha256(path: PathLike) -> str:
    """Checksum of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Ledger:
    """The checksums of the results that a job, by its log, belongs to."""

    def __init__(self, log: PathLike) -> None:
        """`log`: path of the log, below results/logs; of another one there are no checksums."""
        before, found, job = Path(log).as_posix().partition(_LOGS)
        self.results = Path(f"{before}results") if found else None
        self._job = job.removesuffix(".log").replace("/", "-")
        self._known = cache(self._read)

    def check(self, inputs: Iterable[PathLike]) -> None:
        """Raise InputError for a file that is not as a job has left it.

        Files that no job has left a checksum of are those of the user, of the repository, and
        results of versions before there were checksums: nothing is said of them.
        """
        for path in inputs:
            left = self._left(path)
            if left and Path(path).is_file() and sha256(path) not in left:
                raise InputError(
                    f"{path}: is not as the job that made it left it: cut off, damaged or edited; "
                    f"to make it again, give the same command with --forcerun {path}"
                )

    def leave(self, outputs: Iterable[PathLike]) -> None:
        """Write the checksums of these files."""
        names = [name for path in outputs if (name := self._name(path)) and Path(path).is_file()]
        if self.results is None or not names:
            return
        folder = os.path.commonpath([name.parent for name in names])
        target = self.results / _CHECKSUMS / folder / f"{self._job}.sha256"
        lines = [f"{sha256(self.results / name)}  {name.as_posix()}\n" for name in names]
        with atomic_path(target) as temporary:
            temporary.write_text("".join(lines), encoding="utf-8")

    def _name(self, path: PathLike) -> Path | None:
        """A file's path in the results; None where it is outside."""
        if self.results is None or not Path(path).is_relative_to(self.results):
            return None
        return Path(path).relative_to(self.results)

    def _left(self, path: PathLike) -> set[str]:
        """Checksums that jobs have left of a file: more than one where the job's name changed."""
        name = self._name(path)
        if name is None:
            return set()
        return {
            digest for folder in name.parents for digest in self._known(folder).get(str(name), ())
        }

    def _read(self, folder: Path) -> dict[str, set[str]]:
        """Checksums by file, of the jobs whose outputs have this folder in common."""
        assert self.results is not None
        found: dict[str, set[str]] = {}
        for digest, name in _lines((self.results / _CHECKSUMS / folder).glob("*.sha256")):
            found.setdefault(name, set()).add(digest)
        return found


def _lines(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Checksum and name of each line."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            digest, _, name = line.partition("  ")
            yield digest, name
