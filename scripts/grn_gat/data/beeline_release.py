"""Fetch BEELINE's data release and unpack only what a table of SHA-256 sums vouches for."""

import contextlib
import hashlib
import http.client
import os
import shutil
import stat
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from grn_gat.core.errors import InputError

BLOCK = 1 << 20
PROGRESS_SECONDS = 5.0
SCHEMES = ("https", "http", "file")
TABLE_HEADER = ["path", "sha256", "size"]

PathLike = str | os.PathLike[str]


class Entry(NamedTuple):
    """One file of a release: path inside the archive, SHA-256 in lower-case hex, size in bytes."""

    path: str
    sha256: str
    size: int


class _Interrupted(Exception):
    """The transfer broke off; another attempt may continue it."""


# ---------------------------------------------------------------------------------------- download


def download(
    url: str,
    path: PathLike,
    expected_size: int | None = None,
    progress: bool = True,
    attempts: int = 4,
    wait: float = 2.0,
    timeout: float = 60.0,
) -> None:
    """Fetch an https, http or file URL to `path`, which appears complete or not at all.

    What has arrived is kept as `<path>.part`; a further attempt, or a later call, continues it
    where the server can. `expected_size` is in bytes. With `progress`, lines go to stderr every
    few seconds. A broken transfer is tried `attempts` times in all, after `wait` seconds at first
    and twice as long each further time; `timeout` (seconds) bounds each wait for the server.

    Raises InputError where the URL cannot be fetched or its size is not the expected one.
    """
    path = Path(path)
    if urllib.parse.urlsplit(url).scheme not in SCHEMES:
        raise InputError(f"{url}: cannot be fetched; expected a URL with {', '.join(SCHEMES)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    for attempt in range(1, attempts + 1):
        try:
            _fetch(url, part, expected_size, progress, timeout)
            break
        except _Interrupted as error:
            if attempt == attempts:
                raise InputError(
                    f"{url}: the download failed {attempts} times, last: {error}; what arrived is "
                    f"in {part} and will be continued"
                ) from error
            pause = wait * 2 ** (attempt - 1)
            if progress:
                print(f"{url}: {error}, again in {pause:g} s", file=sys.stderr, flush=True)
            time.sleep(pause)
    os.replace(part, path)


def _fetch(url: str, part: Path, expected_size: int | None, progress: bool, timeout: float) -> None:
    """Make one attempt; return when `part` is complete, raise _Interrupted when it is not."""
    have = part.stat().st_size if part.exists() else 0
    if expected_size is not None:
        if have > expected_size:
            part.unlink()
            have = 0
        elif have and have == expected_size:
            return
    request = urllib.request.Request(url, headers={"User-Agent": "grn-gat"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:
            part.unlink(missing_ok=True)  # nothing left to continue: it is not this file's part
            raise _Interrupted("the server could not continue the partial file") from error
        if error.code in (408, 425, 429) or error.code >= 500:
            raise _Interrupted(f"the server answered {error.code} {error.reason}") from error
        raise InputError(
            f"{url}: the server answered {error.code} {error.reason}; check the URL"
        ) from error
    except urllib.error.URLError as error:
        if urllib.parse.urlsplit(url).scheme == "file":
            raise InputError(f"{url}: cannot be read ({error.reason}); check the path") from error
        raise _Interrupted(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _Interrupted(str(error) or type(error).__name__) from error
    with response:
        if not _continues(response, have):
            have = 0
        length = response.headers.get("Content-Length", "")
        total = have + int(length) if length.isdigit() else None
        if expected_size is not None and total not in (None, expected_size):
            part.unlink(missing_ok=True)
            raise InputError(f"{url}: has {total} bytes, expected {expected_size}")
        with open(part, "ab" if have else "wb") as file:
            have = _copy(response, file, have, total, expected_size, url, progress)
    if total is not None and have < total:
        raise _Interrupted(f"the connection ended after {have} of {total} bytes")
    if expected_size is not None and have != expected_size:
        part.unlink()
        raise InputError(f"{url}: has {have} bytes, expected {expected_size}")


def _continues(response: Any, have: int) -> bool:
    """Say whether the response starts at byte `have` rather than at the first."""
    content_range = response.headers.get("Content-Range", "")
    return response.status == 206 and content_range.startswith(f"bytes {have}-")


def _copy(
    response: Any,
    file: IO[bytes],
    have: int,
    total: int | None,
    limit: int | None,
    url: str,
    progress: bool,
) -> int:
    """Copy the response to the file, at most one block beyond `limit`; return the size so far."""
    name = PurePosixPath(urllib.parse.urlsplit(url).path).name
    shown = time.monotonic()
    while limit is None or have <= limit:
        try:
            block = response.read(BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise _Interrupted(str(error) or type(error).__name__) from error
        if not block:
            break
        file.write(block)
        have += len(block)
        if progress and time.monotonic() - shown > PROGRESS_SECONDS:
            shown = time.monotonic()
            _report(name, have, total)
    if progress:
        _report(name, have, total)
    return have


def _report(name: str, have: int, total: int | None) -> None:
    of_total = "" if total is None else f" of {total / 1e6:.1f}"
    print(f"{name}: {have / 1e6:.1f}{of_total} MB", file=sys.stderr, flush=True)


# ---------------------------------------------------------------------------------- checksum table


def read_checksum_table(path: PathLike) -> list[Entry]:
    """Read a table of tab-separated path, sha256 and size (bytes), with these words as header.

    Returns its rows as `Entry` tuples (path, sha256, size), in the order of the file.

    Raises InputError where the file is missing or a row is not of this form, a path occurs twice
    or leads out of the folder.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the checksum table cannot be read ({error})") from error
    if not lines or lines[0].split("\t") != TABLE_HEADER:
        raise InputError(f"{path}: expected a first line with {', '.join(TABLE_HEADER)} and tabs")
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        fields = line.split("\t")
        if len(fields) != 3:
            raise InputError(f"{path}: line {number} has {len(fields)} fields, expected 3 and tabs")
        name, digest, size = fields[0], fields[1].lower(), fields[2]
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise InputError(f"{path}: line {number}: {fields[1]!r} is not a SHA-256 of 64 digits")
        if not (size.isascii() and size.isdigit()):
            raise InputError(f"{path}: line {number}: {size!r} is not a size in bytes")
        if not _is_safe(name):
            raise InputError(f"{path}: line {number}: {name!r} does not stay within the folder")
        if name in entries:
            raise InputError(f"{path}: line {number}: {name} occurs more than once")
        entries[name] = Entry(name, digest, int(size))
    if not entries:
        raise InputError(f"{path}: the checksum table lists no file")
    return list(entries.values())


def _is_safe(name: str) -> bool:
    """Say whether a path stays within the folder that it is relative to, on any system."""
    parts = name.removesuffix("/").split("/")
    return not ("\\" in name or ":" in parts[0] or {"", ".", ".."} & set(parts))


# -------------------------------------------------------------------------------------- extraction


def extract_verified(
    archive: PathLike, table: Sequence[tuple[str, str, int]], folder: PathLike
) -> None:
    """Unpack the members of a zip archive that `table` lists, each checked against its SHA-256.

    `table` has (path, sha256, size in bytes) per file, as from `read_checksum_table` or a part of
    it; members it does not list are skipped. Files are unpacked to a temporary folder and moved to
    `folder` once all are verified, so that it gets all or, where something is wrong, none. It may
    exist: files of the same name are replaced, others stay.

    Raises InputError where the archive is missing or damaged, has a member with an absolute path,
    `..`, or that is a link or special file (listed or not), lacks a listed file or has it twice or
    with another size or checksum, or where what stands in `folder` is in the way of a file.
    """
    archive, folder = Path(archive), Path(folder)
    if not archive.is_file():
        raise InputError(f"{archive}: no such file; expected a zip archive")
    try:
        with zipfile.ZipFile(archive) as package:
            members = _checked_members(archive, package, table)
            _check_target(folder, [entry for _, entry in members])
            folder.parent.mkdir(parents=True, exist_ok=True)
            beside = folder if folder.is_dir() else folder.parent
            temporary = tempfile.mkdtemp(prefix=".unpacking-", dir=beside)
            try:
                content = Path(temporary) / "content"  # unlike `temporary`, it obeys the umask
                content.mkdir()
                for member, entry in members:
                    _extract(archive, package, member, entry, content / entry.path)
                _move(content, folder)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{archive}: is not an intact zip archive ({error}); fetch it anew"
        ) from error


def _check_target(folder: Path, entries: Sequence[Entry]) -> None:
    """Raise InputError where a file stands in the place of a folder, or a folder of a file."""
    for entry in entries:
        target = folder / entry.path
        if target.is_dir():
            raise InputError(f"{target}: is a folder where a file goes; remove it")
        depth = len(PurePosixPath(entry.path).parts)
        for parent in list(target.parents)[:depth]:
            if os.path.lexists(parent) and not parent.is_dir():
                raise InputError(f"{parent}: is no folder; remove it or name another one")


def _move(source: Path, target: Path) -> None:
    """Move a file or folder; into a folder that exists, piece by piece."""
    if source.is_dir() and target.is_dir():
        for child in sorted(source.iterdir()):
            _move(child, target / child.name)
    else:
        os.replace(source, target)


def _checked_members(
    archive: Path, package: zipfile.ZipFile, table: Sequence[tuple[str, str, int]]
) -> list[tuple[zipfile.ZipInfo, Entry]]:
    """Return the listed members with their entries; nothing has been written when this raises."""
    members: dict[str, zipfile.ZipInfo] = {}
    wanted = {entry[0] for entry in table}
    for member in package.infolist():
        name = member.filename
        if not _is_safe(name):
            raise InputError(f"{archive}: member {name!r} does not stay within the folder; refused")
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError(f"{archive}: member {name} is a link or special file; refused")
        if name in members and name in wanted:
            raise InputError(f"{archive}: member {name} occurs more than once; refused")
        members[name] = member
    result = []
    for entry in (Entry(*row) for row in table):
        if not _is_safe(entry.path):
            raise InputError(f"{archive}: path {entry.path!r} of the table leaves the folder")
        if entry.path not in members:
            raise InputError(f"{archive}: lacks {entry.path}, which the checksum table lists")
        member = members[entry.path]
        if member.file_size != entry.size:
            raise InputError(
                f"{archive}: {entry.path} has {member.file_size} bytes, the checksum table says "
                f"{entry.size}"
            )
        result.append((member, entry))
    return result


def _extract(
    archive: Path, package: zipfile.ZipFile, member: zipfile.ZipInfo, entry: Entry, target: Path
) -> None:
    """Unpack one member to `target`; the caller removes the folder when this raises."""
    digest = hashlib.sha256()
    size = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(package.open(member))
        except (NotImplementedError, RuntimeError) as error:
            raise InputError(f"{archive}: {entry.path} cannot be unpacked ({error})") from error
        file = stack.enter_context(open(target, "xb"))
        while True:
            try:
                block = source.read(BLOCK)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise InputError(
                    f"{archive}: {entry.path} is damaged ({error}); fetch the archive anew"
                ) from error
            if not block:
                break
            size += len(block)
            if size > entry.size:
                raise InputError(f"{archive}: {entry.path} has more than {entry.size} bytes")
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != entry.sha256.lower():
        raise InputError(
            f"{archive}: {entry.path} has SHA-256 {digest.hexdigest()}, the checksum table says "
            f"{entry.sha256}"
        )
